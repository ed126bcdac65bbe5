// Joins and normalizes paths as Python does, because the paths of a view are compared as text.

/** `os.path.join`: an absolute second path replaces the first. */
export function joinPath(directory: string, path: string): string {
  if (path.startsWith("/") || directory === "") return path;
  return directory.endsWith("/") ? directory + path : `${directory}/${path}`;
}

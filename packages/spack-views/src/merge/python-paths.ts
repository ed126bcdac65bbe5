// Joins and normalizes paths as Python does, because the paths of a view are compared as text.

/** `os.path.join`: an absolute second path replaces the first. */
export function joinPath(directory: string, path: string): string {
  if (path.startsWith("/") || directory === "") return path;
  return directory.endsWith("/") ? directory + path : `${directory}/${path}`;
}

/** `os.path.dirname` of a path without a slash at its start or end. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

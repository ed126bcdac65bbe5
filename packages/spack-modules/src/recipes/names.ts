// How Spack names the class and the directory of a package (Spack: util/naming.py).

const RESERVED =
  /^(?:and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)$/;

/** `JsonCLite` for `json-c-lite` (`pkg_name_to_class_name`). */
export function recipeClassName(name: string): string {
  const words = name.split(/[-_]+/);
  const joined = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase()).join("");
  return /^[0-9]/.test(joined) || /^(?:False|None|True)$/.test(joined) ? `_${joined}` : joined;
}

/** `json_c_lite` for `json-c-lite` (`pkg_name_to_pkg_dir`, package API 2.0 and later). */
export function recipeDirectoryName(name: string): string {
  const directory = name.replaceAll("-", "_");
  return /^[0-9]/.test(directory) || RESERVED.test(directory) ? `_${directory}` : directory;
}

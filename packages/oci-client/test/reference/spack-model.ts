// Spack's own parser for references, transcribed pattern by pattern: slow, and correct by definition.

const component = "[a-zA-Z0-9]+(?:(?:[._]|__|[-]+)[a-zA-Z0-9]+)*";
const domainComponent = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const domain = `(?:${domainComponent}(?:\\.${domainComponent})*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]+)?`;
const remoteName = `${component}(?:/${component})*`;
const tag = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
const digest = "sha256:[0-9a-f]{64}";
const reference = new RegExp(`^((?:${domain}/)?${remoteName})(?::(${tag}))?(?:@(${digest}))?$`);
const name = new RegExp(`^(?:(${domain})/)?(${remoteName})$`);

/** The result of `ImageReference.from_string` in `lib/spack/spack/oci/image.py`; undefined if it raises. */
export function spackReference(text: string) {
  const match = reference.exec(text);
  if (match === null) return undefined;
  let [, host, path = ""] = name.exec(match[1] ?? "") ?? [];
  if (host === undefined) {
    path = `library/${path}`;
    host = "index.docker.io";
  } else if (!/[.:]/.test(host) && host !== "localhost" && host === host.toLowerCase()) {
    path = `${host}/${path}`;
    host = "index.docker.io";
  }
  return { host, repository: path.toLowerCase(), tag: match[2], digest: match[3] };
}

// Spack's own reading of references, transcribed pattern by pattern: slow, and right by definition.

const component = "[a-zA-Z0-9]+(?:(?:[._]|__|[-]+)[a-zA-Z0-9]+)*";
const domainComponent = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const domain = `(?:${domainComponent}(?:\\.${domainComponent})*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]+)?`;
const remoteName = `${component}(?:/${component})*`;
const tag = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
const digest = "sha256:[0-9a-f]{64}";
const reference = new RegExp(`^((?:${domain}/)?${remoteName})(?::(${tag}))?(?:@(${digest}))?$`);
const name = new RegExp(`^(?:(${domain})/)?(${remoteName})$`);

/** What `ImageReference.from_string` of `lib/spack/spack/oci/image.py` makes of a text; undefined when it raises. */
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

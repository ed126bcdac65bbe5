// The format strings that Spack uses itself.

/** All that a constraint needs to say to mean the same when read again (`spack/spec.py: DEFAULT_FORMAT`). */
export const defaultFormat =
  "{name}{@versions}{compiler_flags}{variants}{ namespace=namespace_if_anonymous}" +
  "{ platform=architecture.platform}{ os=architecture.os}{ target=architecture.target}{/abstract_hash}";

/** The same for people: no `=` before versions, and with the compilers (`DISPLAY_FORMAT`). */
export const displayFormat =
  "{name}{@version}{compiler_flags}{variants}{ namespace=namespace_if_anonymous}" +
  "{ platform=architecture.platform}{ os=architecture.os}{ target=architecture.target}{/abstract_hash}{compilers}";

/** One line that tells most specs apart (`Spec._short_spec`). */
export const shortFormat =
  "{name}{@version}{variants}" +
  "{ platform=architecture.platform}{ os=architecture.os}{ target=architecture.target}{/hash:7}";

/** Name, version and the whole hash: a concrete spec as text (`Spec._str`). */
export const identityFormat = "{name}{@version}{/hash}";

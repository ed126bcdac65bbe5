// The format strings that Spack uses itself.

/** Everything that a constraint needs to mean the same when it is parsed again (`spack/spec.py: DEFAULT_FORMAT`). */
export const DEFAULT_FORMAT =
  "{name}{@versions}{compiler_flags}{variants}{ namespace=namespace_if_anonymous}" +
  "{ platform=architecture.platform}{ os=architecture.os}{ target=architecture.target}{/abstract_hash}";

/** The same for people: without `=` before versions, and with the compilers (`DISPLAY_FORMAT`). */
export const DISPLAY_FORMAT =
  "{name}{@version}{compiler_flags}{variants}{ namespace=namespace_if_anonymous}" +
  "{ platform=architecture.platform}{ os=architecture.os}{ target=architecture.target}{/abstract_hash}{compilers}";

/** One line that tells most specs apart (`Spec._short_spec`). */
export const SHORT_FORMAT =
  "{name}{@version}{variants}" +
  "{ platform=architecture.platform}{ os=architecture.os}{ target=architecture.target}{/hash:7}";

/** Name, version and the whole hash: a concrete spec as text (`Spec._str`). */
export const IDENTITY_FORMAT = "{name}{@version}{/hash}";

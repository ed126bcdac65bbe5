// Users put passwords into URLs, and URLs into every place that an error may quote.

/** `scheme://USER:PASSWORD@`; the password may hold any character but spaces and quotes. A digest follows an @ too. */
const USERINFO =
  /([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/"]*|[^\s/@:"]+:(?!\d+(?:\/|$))[^\s"]*)@(?!sha(?:256|512):)/gi;

/** `USER:PASSWORD@` without a scheme, as a word by itself. In a spec, `:=` begins the value of a variant. */
const BARE_USERINFO = /(^|[\s"'(])[^\s/:@"'(]+:(?!=|\/\/|\d+\/)[^\s"']+@(?!sha(?:256|512):)(?=[\w[])/gi;

/**
 * A text with `***` for the user name and password of each URL in it.
 *
 * @example
 * ```ts
 * import { hideUserinfo } from "@spack-oci/errors";
 *
 * console.log(hideUserinfo("https://me:secret@example.org/v2/").includes("secret")); // false
 * ```
 */
export function hideUserinfo(text: string): string {
  return text.includes("@") ? text.replace(USERINFO, "$1***@").replace(BARE_USERINFO, "$1***@") : text;
}

/** The prefixes of the tokens of GitHub, GitLab, Docker Hub and JSON web tokens. */
const TOKEN_PREFIX = /^(?:gh[a-z]_|github_pat_|gl[a-z]+-|dckr_[a-z]+_|eyJ)/;
/** The user name for tokens of Azure's registry. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Whether a user name is a token: some registries take one there, with any password.
 *
 * @example
 * ```ts
 * import { looksLikeToken } from "@spack-oci/errors";
 *
 * console.log(looksLikeToken("me")); // false
 * ```
 */
export function looksLikeToken(username: string): boolean {
  if (TOKEN_PREFIX.test(username)) return true;
  return /^[A-Za-z0-9+/=_.-]{32,}$/.test(username) && /\d/.test(username) && !UUID.test(username);
}

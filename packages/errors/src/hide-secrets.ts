// Users put passwords into URLs, and URLs into every place that an error may quote.

/** `scheme://USER:PASSWORD@`; the password may hold any character but spaces and quotes. A digest follows an @ too. */
const USERINFO =
  /([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/"]*|[^\s/@:"]+:(?!\d+(?:\/|$))[^\s"]*)@(?!sha(?:256|512):)/gi;

/** `USER:PASSWORD@` without a scheme, as a word by itself. In a spec, `:=` begins the value of a variant. */
const BARE_USERINFO = /(^|[\s"'(])[^\s/:@"'(]+:(?!=|\/\/|\d+\/)[^\s"']+@(?!sha(?:256|512):)(?=[\w[])/gi;

/** A text with `***` for the user name and password of each URL in it. */
export function hideUserinfo(text: string): string {
  return text.includes("@") ? text.replace(USERINFO, "$1***@").replace(BARE_USERINFO, "$1***@") : text;
}

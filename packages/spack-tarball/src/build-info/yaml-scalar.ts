// Writes a string in flow-style YAML as Spack's ruamel.yaml does.

/** What YAML 1.2 takes for something other than a string (`ruamel/yaml/resolver.py`, `implicit_resolvers`). */
const OTHER_TYPES: readonly RegExp[] = [
  /^(true|True|TRUE|false|False|FALSE)$/,
  /^[-+]?[0-9][0-9_]*\.[0-9_]*([eE][-+]?[0-9]+)?$/,
  /^[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+$/,
  /^[-+]?\.[0-9_]+([eE][-+][0-9]+)?$/,
  /^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/,
  /^[-+]?(0b[01_]+|0o?[0-7_]+|[0-9_]+|0x[0-9a-fA-F_]+)$/,
  /^(<<|~|null|Null|NULL|=)$/,
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/,
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?([ \t]*(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?$/,
];

/** Strings that Spack writes as they are, but that it, YAML 1.1 or other readers take for something else. */
const MISREAD: readonly RegExp[] = [
  /^\?|^: /,
  /[\u0085\u2028\u2029]/,
  /^(y|n|yes|no|on|off|true|false|null)$/i,
  /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/,
  /^[-+]?\.(inf|nan)$/i,
  // Numbers to some readers, whose rules for exponents and prefixes differ.
  /^[-+]?(0[bBoOxX])[0-9a-fA-F_]*$/,
  /^[-+]?[0-9_]*\.?[0-9_]*[eE][-+]?[0-9_]*$/,
  /^\.+$/,
];

/** Characters that only double quotes can express (`Emitter.analyze_scalar`, `special_characters`). */
const SPECIAL = /[^\n\x20-\x7e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** The form that `Emitter.choose_scalar_style` chooses. The string must not be empty. */
export function yamlScalar(value: string): string {
  if (MISREAD.some((form) => form.test(value))) return doubleQuoted(value);
  if (canBePlain(value) && !OTHER_TYPES.some((type) => type.test(value))) return value;
  return /['\n]/.test(value) || SPECIAL.test(value) ? doubleQuoted(value) : `'${value}'`;
}

/** `Emitter.analyze_scalar`, `allow_flow_plain`. */
function canBePlain(value: string): boolean {
  if (value.includes("\n") || SPECIAL.test(value)) return false;
  if (/^ | $|^---|^\.\.\.|^[#,[\]{}&*!|>'"%@`]|^[?:]$|^-( |$)/.test(value)) return false;
  return !/[,[\]{}]|: |:$| #/.test(value);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "0",
  "\x07": "a",
  "\b": "b",
  "\t": "t",
  "\n": "n",
  "\v": "v",
  "\f": "f",
  "\r": "r",
  "\x1b": "e",
  '"': '"',
  "\\": "\\",
  "\u0085": "N",
  "\u2028": "L",
  "\u2029": "P",
};

/** `Emitter.write_double_quoted`. */
function doubleQuoted(value: string): string {
  const escaped = Array.from(value, (character) => {
    const short = ESCAPES[character];
    if (short !== undefined) return `\\${short}`;
    if (/^[\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/.test(character)) return character;
    const code = character.codePointAt(0) ?? 0;
    const digits = code.toString(16).toUpperCase();
    if (code <= 0xff) return `\\x${digits.padStart(2, "0")}`;
    return code <= 0xffff ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
  });
  return `"${escaped.join("")}"`;
}

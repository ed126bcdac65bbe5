// Escapes names and messages, which come from packages and registries, for the places where GitHub interprets text.

/** Characters that hide text or change its direction, and line ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+/g;

/**
 * Text as Markdown shows it literally: on one line, without markup, links, mentions or cells of a table.
 *
 * @param {string} text
 */
export function markdownText(text) {
  return text
    .replace(INVISIBLE, " ")
    .replace(/[^\p{L}\p{N} ,./+=-]/gu, (character) => `&#${character.codePointAt(0)};`)
    .replace(/(?<=www)\./gi, "&#46;");
}

/**
 * Literal text in a fixed-width font.
 *
 * @param {string} text
 */
export function markdownCode(text) {
  return `<code>${markdownText(text)}</code>`;
}

/**
 * An annotation for a line of its own ("Workflow commands for GitHub Actions").
 *
 * @param {"error" | "warning"} level
 * @param {{ title: string, message: string }} annotation
 */
export function workflowCommand(level, { title, message }) {
  return `::${level} title=${commandProperty(title)}::${commandData(message)}`;
}

/** As in actions/toolkit, packages/core/src/command.ts. */
function commandData(text) {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function commandProperty(text) {
  return commandData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

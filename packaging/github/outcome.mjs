// Reads what a command did from its JSON document (docs/schema), whichever command it was.

/**
 * @typedef {{ code: string, message: string, hint?: string }} Problem an error as the document has it
 * @typedef {{ name: string, error: Problem }} Failure
 * @typedef {{ name: string, bytes?: number }} Item
 * @typedef {object} Outcome
 * @property {string | undefined} deed what happened to `done`: "pushed", "pulled", "copied", ...
 * @property {Item[]} done packages or tags
 * @property {string[]} planned
 * @property {string[]} present
 * @property {string[]} skipped
 * @property {Failure[]} failures
 * @property {Failure[]} warnings
 * @property {{ outcome: string, specs?: number, added?: unknown[], removed?: unknown[] }[]} indexes
 */

const DEEDS = ["pushed", "signed", "pulled", "installed", "copied", "repaired", "deleted", "removed"];

/** What it means that a package is absent; in other commands it is not a failure. */
const ABSENCE = {
  push: "The package is not installed and was not pushed.",
  copy: "No source has the package.",
};

/**
 * @param {string} command
 * @param {unknown} document undefined if the command printed none
 * @param {number} status
 * @returns {Outcome}
 */
export function readOutcome(command, document, status) {
  const parts = partsOf(command, document);
  const list = (name) => parts.flatMap((part) => (Array.isArray(part[name]) ? part[name] : []));
  const deed = DEEDS.find((name) => parts.some((part) => Array.isArray(part[name])));
  const indexes = parts.flatMap((part) => (isObject(part.index) ? [part.index] : []));
  const failures = [
    ...parts.flatMap((part) => (isObject(part.error) ? [failure("", part.error)] : [])),
    ...parts.flatMap((part) => (isObject(part.report) ? [failure("", part.report)] : [])),
    ...list("failed").map((item) => failure(nameOf(item), item.error)),
    ...(command in ABSENCE ? list("absent") : []).map((item) => absence(item, ABSENCE[command])),
    ...parts.flatMap((part) => (isObject(part.tagged?.error) ? [failure("image", part.tagged.error)] : [])),
    ...indexes.flatMap((index) => (isObject(index.error) ? [failure("index", index.error)] : [])),
    ...findings(list("findings"), true),
  ];
  const warnings = [
    ...indexes.flatMap((index) => index.skipped ?? []).map((item) => failure(nameOf(item), item.error)),
    ...findings(list("findings"), false),
  ];
  if (status !== 0 && failures.length === 0 && warnings.length === 0)
    failures.push(failure("", { code: "", message: `spack-oci ended with status ${status}. See the log.` }));
  return {
    deed,
    done: deed === undefined ? [] : list(deed).map((item) => ({ name: nameOf(item), ...bytesOf(item) })),
    planned: list("planned").map(nameOf),
    present: list("present").map(nameOf),
    skipped: list("skipped").map(nameOf),
    failures,
    warnings,
    indexes,
  };
}

/** Objects that each have their own lists: the document, or one for each destination. */
function partsOf(command, document) {
  if (Array.isArray(document)) return [{ present: document }];
  if (!isObject(document)) return [];
  if (Array.isArray(document.destinations)) return document.destinations;
  // The document of update-index is what it says about the index.
  if (command === "update-index" && "outcome" in document) return [{ index: document }];
  return [document];
}

function findings(all, isError) {
  return all
    .filter(({ severity }) => (severity === "error") === isError)
    .map(({ tag, what, kind, hint }) => failure(tag, { code: kind, message: what, hint }));
}

function absence(item, message) {
  return failure(nameOf(item), { code: "", message });
}

function failure(name, error) {
  return { name, error };
}

/** @returns `zlib@1.3/abcdefg`, or the tag */
function nameOf(item) {
  if (typeof item === "string") return item;
  if (item.name === undefined) return item.tag ?? "";
  return `${item.name}@${item.version}/${(item.hash ?? "").slice(0, 7)}`;
}

function bytesOf({ bytes }) {
  return bytes === undefined ? {} : { bytes };
}

function isObject(value) {
  return typeof value === "object" && value !== null;
}

// Translates the inputs of the action, which have the names of options, into a command line.

/** Options without a value; their inputs are "true" or "false". */
export const FLAGS = [
  "all",
  "deep",
  "dry-run",
  "fail-fast",
  "force",
  "keep-build",
  "keyless",
  "no-verify",
  "provenance",
  "rebuild",
  "sbom",
  "sign-keyless",
  "strict",
  "unsigned",
  "unsigned-index",
  "update-index",
  "without-build-dependencies",
  "yes",
];

/** Options with one value. */
export const VALUES = [
  "base-image",
  "compression",
  "digests-file",
  "env",
  "jobs",
  "key",
  "older-than",
  "only",
  "padded-length",
  "relocate-to",
  "root",
  "run-environment",
  "sign-key",
  "signature-format",
  "spack-root",
  "store",
  "tag",
  "trusted-root",
  "verify-identity",
  "verify-identity-regexp",
  "verify-issuer",
];

/** Options that can be repeated; their inputs have one value per line. */
export const LISTS = ["config-scope", "exclude", "keep-env", "keep-list", "projection", "verify-key"];

/** Commands that write the digests of what they pushed. */
const WRITERS_OF_DIGESTS = ["push", "image"];

/**
 * The arguments of spack-oci. Values are joined to their options, so that none is taken for another option.
 *
 * @param {Readonly<Record<string, string>>} inputs
 * @param {string} digestsFile where digests go unless the inputs say otherwise
 * @returns {string[]}
 * @throws Error naming the input that is wrong
 */
export function commandLineOf(inputs, digestsFile) {
  const command = inputs.command.trim().split(/\s+/);
  const values = { ...inputs };
  if (WRITERS_OF_DIGESTS.includes(command[0]) && !values["digests-file"])
    values["digests-file"] = digestsFile;
  const options = [
    ...FLAGS.filter((name) => isSet(name, values[name])).map((name) => `--${name}`),
    ...VALUES.filter((name) => values[name]).map((name) => `--${name}=${values[name]}`),
    ...LISTS.flatMap((name) => linesOf(values[name]).map((value) => `--${name}=${value}`)),
    ...linesOf(values.args),
  ];
  const operands = [...linesOf(values.mirror), ...linesOf(values.to), ...linesOf(values.specs)];
  return [...command, "--json", ...options, ...(operands.length > 0 ? ["--", ...operands] : [])];
}

function isSet(name, value = "") {
  if (!["", "true", "false"].includes(value))
    throw new Error(`The input ${name} is "${value}". Write true or false.`);
  return value === "true";
}

function linesOf(text = "") {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

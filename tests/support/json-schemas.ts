// Compares what commands print as JSON with the schemas in docs/schema.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

const directory = fileURLToPath(new URL("../../docs/schema", import.meta.url));

const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
/** The names of all schemas. */
export const schemaNames: readonly string[] = readdirSync(directory)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length));
for (const name of schemaNames) ajv.addSchema(JSON.parse(readFileSync(`${directory}/${name}.json`, "utf8")));

/** What is wrong with a document; empty if it fits. */
export function problemsWith(name: string, document: unknown): string {
  const validate = ajv.getSchema(`${name}.json`) as ValidateFunction;
  return validate(document) ? "" : ajv.errorsText(validate.errors, { separator: "\n" });
}

/** The schema of the command that the arguments name; undefined for `--help` and the like. */
function schemaFor(args: readonly string[]): string | undefined {
  const start = args.findIndex((word, index) =>
    [word, `${word}-${args[index + 1]}`].some((name) => schemaNames.includes(name)),
  );
  const [word, member] = args.slice(start);
  const names = start < 0 ? [] : [`${word}-${member}`, `${word}`];
  return names.find((name) => schemaNames.includes(name));
}

/** @throws Error if a command with `--json` prints something that its schema does not describe */
export function requireSchema(args: readonly string[], stdout: string): void {
  if (!args.includes("--json") || stdout === "") return;
  const document = JSON.parse(stdout) as object;
  const name = Object.keys(document).join() === "error" ? "error" : schemaFor(args);
  if (name === undefined) return;
  const problems = problemsWith(name, document);
  if (problems !== "")
    throw new Error(`${args.join(" ")} does not print what ${name}.json says:\n${problems}`);
}

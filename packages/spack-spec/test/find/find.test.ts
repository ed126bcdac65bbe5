// `spack find` prints what Spack prints (oracles/formats).

import { existsSync, readFileSync } from "node:fs";
import { isSpackOciError } from "@spack-oci/errors";
import { describe, expect, it } from "vitest";
import { fixturePath, readFixture } from "../../../../tests/support/spack-fixtures.js";
import { type FindOptions, renderFind } from "../../src/find/find.js";
import { catalogOf } from "../../src/query/catalog.js";
import { findArguments } from "../support/find-arguments.js";
import { producer } from "../support/producer.js";
import { producerEnvironment } from "../support/producer-environment.js";

const catalog = catalogOf(producer);

const commands = readFixture("oracles/formats/commands.tsv")
  .trimEnd()
  .split("\n")
  .map((line) => line.split("\t") as [string, string])
  .filter(([, command]) => !/ (dependencies|dependents|location) /.test(command));

function run(command: string): string {
  const [, name = "", ...args] = command
    .replace(/^spack (--color \S+ |-e \S+ )*/, "spack ")
    .trim()
    .split(" ");
  if (name !== "find") throw new Error(`not a find: ${command}`);
  return renderFind(catalog, { ...findArguments(args), ...surroundings(command) });
}

function surroundings(command: string): FindOptions {
  const columns = /terminal of (\d+) columns/.exec(command)?.[1];
  return {
    style: {
      color: command.includes("--color always"),
      ...(columns === undefined ? {} : { columns: Number(columns) }),
    },
    ...(command.includes("-e ENV") ? { environment: producerEnvironment(catalog) } : {}),
  };
}

/** As the command line prints errors. */
function errorText(error: unknown): string {
  if (!isSpackOciError(error)) throw error;
  const [first, ...others] = error.message.split("\n");
  const indent = error.code === "ERR_SPEC_TOKENS" ? "" : "  ";
  return [`==> Error: ${first}`, ...others.map((line) => indent + line)].join("\n");
}

describe.each(commands)("%s: %s", (name, command) => {
  const file = (extension: string) => fixturePath(`oracles/formats/${name}.${extension}`);
  const expected = readFileSync(file("out"), "utf8").replaceAll("\r\n", "\n");
  const failure = existsSync(file("err")) ? readFileSync(file("err"), "utf8").trimEnd() : undefined;

  it("prints what Spack prints", () => {
    if (failure === undefined) {
      expect(run(command)).toBe(expected);
      return;
    }
    let printed: string | undefined;
    try {
      run(command);
    } catch (error) {
      printed = errorText(error);
    }
    expect(printed).toBe(failure);
  });
});

// README.md lists what the program has, and its example works.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { loadCommands } from "../src/load-commands.js";
import { main } from "../src/main.js";

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const README = readFileSync(pathOf("../README.md"), "utf8");

/** The rows of the table below a heading, cell by cell. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const [, section = ""] = README.split(`## ${heading}\n`);
  const rows = section.split("\n## ")[0]?.match(/^\|.*\|$/gm) ?? [];
  return rows.slice(2).map((row) => row.slice(2, -2).split(" | "));
}

it("lists every command with its arguments and its summary", async () => {
  const commands = (await loadCommands([])).map(({ name, summary, arguments: parameters }) => {
    const words = Object.values(parameters).map((argument) =>
      argument.required ? `<${argument.name()}>` : `[${argument.name()}...]`,
    );
    const described = summary.replace(/^[A-Z]/, (letter) => letter.toLowerCase()).replace(/\.$/, "");
    return [`\`${[name, ...words].join(" ")}\``, described];
  });
  expect(tableBelow("Commands")).toEqual(commands);
});

it("lists every exit status", async () => {
  const help: string[] = [];
  const stdout = { write: (text: string) => help.push(text) };
  const signal = new AbortController().signal;
  await main(["--help"], { stdout, stderr: stdout, environment: {}, signal });
  const [, statuses = ""] = /Exit status: ([\s\S]*)\./.exec(help.join("")) ?? [];
  const listed = [...statuses.replaceAll("\n", " ").matchAll(/(\d+) ([^,]+)/g)].map(([, status]) => status);
  expect(tableBelow("Exit status").map(([status]) => status)).toEqual(listed);
  expect(listed).toHaveLength(10);
});

it("has an example that lists a buildcache", async () => {
  const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(README) ?? [];
  const layout = pathOf("../../../tests/fixtures/spack-1.2/oci-layout-main");
  const runnable = example
    .replace(/oci:\/\/[^"]+/, `oci-layout:${layout}`)
    .replace('"spack-oci"', JSON.stringify(pathOf("../src/index.ts")));
  const directory = mkdtempSync(join(tmpdir(), "spack-oci-readme-"));
  const log = vi.spyOn(console, "log").mockReturnValue();
  vi.stubEnv("SPACK_ENV", undefined);
  try {
    writeFileSync(join(directory, "example.ts"), runnable);
    await import(join(directory, "example.ts"));
    const [[status, packages] = []] = log.mock.calls;
    expect(status).toBe(0);
    expect(packages).toHaveLength(20);
  } finally {
    log.mockRestore();
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  }
});

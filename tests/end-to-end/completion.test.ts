// Completion in real shells, on a terminal: what is typed with Tab runs.

import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { startMirror, type TestMirror } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { startOf } from "../support/tested-command.js";

const PROMPT = "READY>";

/** How to start each shell with nothing but the prompt and the completion script, which is in a file. */
const SHELLS = {
  bash: {
    rc: (script: string) => `PS1='${PROMPT} '; source ${script}\n`,
    command: (rc: string) => `bash --noprofile --rcfile ${rc} -i`,
  },
  zsh: {
    rc: (script: string) => `PS1='${PROMPT} '; autoload -U compinit; compinit -u -D; source ${script}\n`,
    command: (rc: string) => `env ZDOTDIR=${dirname(rc)} zsh -d -i`,
  },
  fish: {
    rc: (script: string) => `function fish_prompt; echo '${PROMPT} '; end; source ${script}\n`,
    command: (rc: string) => `fish --no-config -i -C 'source ${rc}'`,
  },
} as const;

const hasTerminal = spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;
const isPresent = (shell: string) => hasTerminal && spawnSync(shell, ["-c", "true"]).status === 0;
for (const shell of Object.keys(SHELLS).filter((each) => !isPresent(each)))
  console.log(
    `skipped: completion in ${shell}, because ${hasTerminal ? shell : "util-linux's script"} is missing`,
  );

let mirror: TestMirror;
let home: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  mirror = await startMirror();
  home = scratchDirectory("completion");
  environment = { HOME: home, PATH: `${join(home, "bin")}:${process.env["PATH"]}`, TERM: "xterm" };
  mkdirSync(join(home, "bin"));
  const command = join(home, "bin", "spack-oci");
  writeFileSync(command, `#!/bin/sh\nexec ${startOf().join(" ")} "$@"\n`);
  chmodSync(command, 0o755);
  // The mirror has a name, and its packages have been read once.
  expect(await spackOci(["mirror", "add", "mochi", mirror.mirror], { environment })).toMatchObject({
    status: 0,
  });
  expect(await spackOci(["list", "mochi"], { environment })).toMatchObject({ status: 0 });
});
afterAll(() => mirror.registry.close());

/** Types lines into a shell, each once the prompt is there, and returns what it showed after them. */
async function type(shell: keyof typeof SHELLS, lines: readonly string[]): Promise<string> {
  const file = join(home, `completion.${shell}`);
  writeFileSync(file, (await spackOci(["completion", shell], { environment })).stdout);
  const { rc, command } = SHELLS[shell];
  const rcFile = join(home, shell, ".zshrc");
  mkdirSync(dirname(rcFile), { recursive: true });
  writeFileSync(rcFile, rc(file));
  const child = spawn("script", ["-qec", `stty cols 200; exec ${command(rcFile)}`, "/dev/null"], {
    env: environment,
  });
  const pending = [...lines, "exit"];
  let shown = "";
  let since = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    if (!shown.slice(since).includes(PROMPT)) return;
    const line = pending.shift();
    if (line === undefined) return;
    since = shown.length;
    child.stdin.write(`${line}\r`);
  });
  await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  return shown;
}

describe.each(Object.keys(SHELLS) as (keyof typeof SHELLS)[])("%s", (shell) => {
  it.skipIf(!isPresent(shell))("completes commands, options, mirrors, packages and hashes", async () => {
    const shown = await type(shell, [
      "spack-oci aud\t--he\t",
      "spack-oci show moc\tjson\t--json | grep -c '\"json-c-lite\"'",
      "spack-oci list moc\t/exoq\t --format 'found {name}'",
      "spack-oci buildcache upd\tmoc\t--dry\t",
      `spack-oci list ${mirror.mirror} json\t --format 'under {name}'`,
    ]);
    expect(shown).toContain("Usage: spack-oci audit");
    expect(shown).toContain("found json-c-lite");
    expect(shown).toContain("under json-c-lite");
    expect(shown).toMatch(/Would write|Kept/);
  });
});

// The pages that people read: README, docs and CONTRIBUTING, as text.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** A Markdown file. */
export interface Page {
  /** Its path below the repository. */
  readonly path: string;
  readonly text: string;
}

/** What is written by hand; the reference is generated. */
export function pages(): readonly Page[] {
  const docs = readdirSync(join(repository, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !/(^|\/)(node_modules|reference)\//.test(name))
    .map((name) => join("docs", name));
  const readmes = readdirSync(join(repository, "packages")).map((name) =>
    join("packages", name, "README.md"),
  );
  const paths = ["README.md", "CONTRIBUTING.md", ...docs, ...readmes];
  return paths.map((path) => ({ path, text: readFileSync(join(repository, path), "utf8") }));
}

/** A link as it stands in a page, and where it leads. */
export interface Link {
  readonly page: string;
  readonly target: string;
  /** A path below the repository. */
  readonly path: string;
  readonly anchor: string | undefined;
}

/** Links to other places in the repository. */
export function linksOf({ path, text }: Page): readonly Link[] {
  const prose = text.replaceAll(/^(```|~~~).*?^\1/gms, "").replaceAll(/`[^`\n]*`/g, "``");
  const targets = [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = ""]) => target);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = "", anchor] = target.split("#");
      const to = file === "" ? path : relative(repository, join(repository, dirname(path), file));
      return { page: path, target, path: to, anchor };
    });
}

/** The anchors of the headings in a page. */
export function anchorsOf(text: string): readonly string[] {
  const headings = text.replaceAll(/^(```|~~~).*?^\1/gms, "").matchAll(/^#{1,6} (.+)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .trim()
      .replaceAll(/ +/g, "-"),
  );
}

/** Command lines of the program in code, each from what follows `spack-oci` to the end of the command. */
export function commandLines({ text }: Page): readonly string[] {
  const whole = text.replaceAll(/\\\n\s*/g, "");
  const blocks = [...whole.matchAll(/^(```|~~~)\w*\n(.*?)^\1/gms)].map(([, , block = ""]) => block);
  const indented = [...whole.matchAll(/^(?: {4}|\t)(.*)$/gm)].map(([, line = ""]) => line);
  const spans = [...whole.matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
  const code = [...blocks.flatMap((block) => block.split("\n")), ...indented, ...spans];
  return code.flatMap((line) => {
    const [command = ""] = line.split(/(?:^|\s)#/);
    const found = command.matchAll(/(?:^|[\s("])spack-oci((?: [^()|>&]*)?)(?=$|[()|>&])/g);
    return [...found].map(([, words = ""]) => words.trim());
  });
}

/** Blocks of shell commands, without those that say why they are not run. */
export function commandBlocks(text: string): readonly string[] {
  const blocks = text.matchAll(/(<!-- not run: [^\n]*-->\n\n)?^```sh\n(.*?)^```$/gms);
  return [...blocks].flatMap(([, skipped, block = ""]) => (skipped === undefined ? [block] : []));
}

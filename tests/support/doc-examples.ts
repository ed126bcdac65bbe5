// The examples in docstrings of the packages' sources, as modules that can be compiled and run.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { repository } from "./documentation.js";

/** An example below `@example`. */
export interface DocExample {
  /** The file and the line that it starts in, below the repository. */
  readonly place: string;
  readonly package: string;
  /** The name of what it is about; empty for what is not exported. */
  readonly about: string;
  readonly code: string;
}

const BLOCK = /^([ \t]*)\/\*\*(?:(?!\*\/)[\s\S])*?\*\/\n\1([^\n]*)/gm;
const EXAMPLE = /@example\n((?:(?!\n@)[\s\S])*?)```ts\n([\s\S]*?)```/g;

export function docExamples(): readonly DocExample[] {
  return readdirSync(join(repository, "packages")).flatMap((name) => {
    const source = join(repository, "packages", name, "src");
    return readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file))
      .sort()
      .flatMap((file) => examplesIn(join(source, file)).map((example) => ({ ...example, package: name })));
  });
}

function examplesIn(path: string): readonly Omit<DocExample, "package">[] {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(BLOCK)].flatMap((block) => {
    const [comment, , declaration = ""] = block;
    const [, about = ""] = /^export (?:async )?(?:function\*?|class|const) (\w+)/.exec(declaration) ?? [];
    const line = text.slice(0, block.index).split("\n").length;
    const place = `${relative(repository, path)}:${line}`;
    const plain = comment.replaceAll(/^[ \t]*\* ?/gm, "");
    return [...plain.matchAll(EXAMPLE)].map(([, , code = ""]) => ({ place, about, code }));
  });
}

/** What an example says that it prints: the comments after `console.log(...)`, without a reason after two dashes. */
export function expectedOutput(code: string): readonly string[] {
  return [...code.matchAll(/console\.log\(.*\);(?: \/\/ (.*))?$/gm)].map(([, comment = ""]) => comment);
}

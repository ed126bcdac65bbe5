// Reads parts of an image's configuration: variables, labels and commands.

import { InvalidArgumentError } from "commander";

export function readAssignment(text: string): readonly [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("Expected NAME=VALUE.");
  return [name, value];
}

/** Text with spaces must be a JSON array: it is never split as a shell would. */
export function readCommand(text: string): readonly string[] {
  if (!/^\s*\[/.test(text)) {
    if (text !== "" && !/\s/.test(text)) return [text];
    throw new InvalidArgumentError('Expected one word or a JSON array such as ["program", "--option"].');
  }
  const words = readArray(text);
  if (Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === "string"))
    return words;
  throw new InvalidArgumentError('Expected a JSON array of strings such as ["program", "--option"].');
}

function readArray(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError("Expected a valid JSON array.");
  }
}

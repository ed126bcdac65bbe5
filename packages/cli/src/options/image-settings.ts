// Reads what the configuration of an image is made of: variables, labels and commands.

import { InvalidArgumentError } from "commander";

export function readAssignment(text: string): readonly [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError("It must be like NAME=VALUE.");
  return [name, value];
}

/** A word is no shell command: what has spaces must be told apart as a JSON array. */
export function readCommand(text: string): readonly string[] {
  if (!/^\s*\[/.test(text)) {
    if (text !== "" && !/\s/.test(text)) return [text];
    throw new InvalidArgumentError('It must be one word, or a JSON array such as ["program", "--option"].');
  }
  const words = readArray(text);
  if (Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === "string"))
    return words;
  throw new InvalidArgumentError('It must be a JSON array of strings such as ["program", "--option"].');
}

function readArray(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError("It begins like a JSON array, and is none.");
  }
}

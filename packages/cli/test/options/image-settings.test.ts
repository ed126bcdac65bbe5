// Commands of images as users type them.

import { expect, it } from "vitest";
import { readCommand } from "../../src/options/image-settings.js";

it.each([
  ["sh", ["sh"]],
  ['["sh", "-c", "a b"]', ["sh", "-c", "a b"]],
  [' ["sh"]', ["sh"]],
])("reads %j", (text, words) => expect(readCommand(text)).toEqual(words));

it.each([
  ["", "Expected one word or a JSON array"],
  ["a b", "Expected one word or a JSON array"],
  ["[sh]", "Expected a valid JSON array."],
  ["[]", "Expected a JSON array of strings"],
  ["[1]", "Expected a JSON array of strings"],
])("rejects %j", (text, message) => expect(() => readCommand(text)).toThrow(message));

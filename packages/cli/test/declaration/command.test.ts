// A declared command: the types its run receives, and the values that commander parses for it.

import { InvalidArgumentError } from "commander";
import { describe, expect, expectTypeOf, it } from "vitest";
import { defineCommand } from "../../src/declaration/command.js";
import {
  assignments,
  choice,
  flag,
  parsed,
  remainingArguments,
  repeated,
  requiredArgument,
  requiredText,
  text,
  withDefault,
} from "../../src/declaration/parameter.js";
import { parse } from "../support/parse.js";

const DONE = { json: {}, lines: [], status: 0 };

const command = defineCommand({
  name: "try",
  summary: "Try everything.",
  examples: [
    { purpose: "Try it", line: "try" },
    { purpose: "Try it louder", line: "try --on" },
  ],
  arguments: { first: requiredArgument("first", ""), rest: remainingArguments("rest", "") },
  options: {
    isOn: flag("--on", ""),
    name: text("-n, --name <name>", ""),
    needed: requiredText("--needed <x>", ""),
    size: parsed("--size <n>", "", (value) => {
      if (value === "x") throw new InvalidArgumentError("Expected a size.");
      return Number(value);
    }),
    many: repeated("--many <x>", ""),
    pairs: assignments("--pair <k=v>", "", (value) => [value.slice(0, 1), value.slice(2)]),
    color: choice("--color <color>", "", ["red", "blue"]),
    shade: withDefault(choice("--shade <shade>", "", ["dark", "light"]), "dark"),
  },
  async run(args) {
    expectTypeOf(args.first).toEqualTypeOf<string>();
    expectTypeOf(args.rest).toEqualTypeOf<readonly string[]>();
    expectTypeOf(args.isOn).toEqualTypeOf<boolean>();
    expectTypeOf(args.name).toEqualTypeOf<string | undefined>();
    expectTypeOf(args.needed).toEqualTypeOf<string>();
    expectTypeOf(args.size).toEqualTypeOf<number | undefined>();
    expectTypeOf(args.many).toEqualTypeOf<readonly string[] | undefined>();
    expectTypeOf(args.pairs).toEqualTypeOf<ReadonlyMap<string, string> | undefined>();
    expectTypeOf(args.color).toEqualTypeOf<"red" | "blue" | undefined>();
    expectTypeOf(args.shade).toEqualTypeOf<"dark" | "light">();
    return DONE;
  },
});

describe("a command", () => {
  it("receives what is absent as undefined, false, an empty list or its default", async () => {
    expect(await parse(command, "a", "--needed", "n")).toEqual({
      first: "a",
      rest: [],
      isOn: false,
      name: undefined,
      needed: "n",
      size: undefined,
      many: undefined,
      pairs: undefined,
      color: undefined,
      shade: "dark",
    });
  });

  it("receives values under the names they are declared with", async () => {
    const args = ["--on", "-n", "me", "--size", "7", "--many", "x", "--many", "y", "--shade", "light"];
    const pairs = ["--pair", "a=1", "--pair", "b=2", "--pair", "a=3", "--color", "red"];
    expect(await parse(command, "a", "b", "c", "--needed", "n", ...args, ...pairs)).toEqual({
      first: "a",
      rest: ["b", "c"],
      isOn: true,
      name: "me",
      needed: "n",
      size: 7,
      many: ["x", "y"],
      pairs: new Map([
        ["a", "3"],
        ["b", "2"],
      ]),
      color: "red",
      shade: "light",
    });
  });

  it("starts from scratch each time", async () => {
    await parse(command, "a", "--needed", "n", "--many", "x");
    expect(await parse(command, "a", "--needed", "n", "--many", "y")).toMatchObject({ many: ["y"] });
  });

  it.each([
    [["--needed", "n"], "missing required argument 'first'"],
    [["a"], "required option '--needed <x>' not specified"],
    [["a", "--needed", "n", "--size", "x"], "Expected a size."],
    [["a", "--needed", "n", "--color", "green"], "Allowed choices are red, blue."],
    [["a", "--needed", ""], "option '--needed <x>' is empty"],
    [["a", "b", " ", "--needed", "n"], "argument 'rest' is empty"],
    [["a", "--needed", "n", "--many", "x", "--many", ""], "option '--many <x>' is empty"],
  ])("rejects %j", async (args, message) => {
    await expect(parse(command, ...args)).rejects.toThrow(message);
  });
});

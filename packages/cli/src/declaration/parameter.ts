// Declares each argument and option once: what users type, what help shows, and the type that a command receives.

import { Argument, Option } from "commander";

declare const VALUE: unique symbol;

/** Carries a value's type; nothing at run time. */
interface Typed<Value> {
  readonly [VALUE]?: Value;
}

/** An option that a command receives as `Value`. */
export type TypedOption<Value> = Option & Typed<Value>;

/** A positional argument that a command receives as `Value`. */
export type TypedArgument<Value> = Argument & Typed<Value>;

/** The values of declared arguments or options, under the names they are declared with. */
export type ValuesOf<Parameters> = {
  readonly [Name in keyof Parameters]: Parameters[Name] extends Typed<infer Value> ? Value : never;
};

/** Exactly one value. */
export function requiredArgument(name: string, summary: string): TypedArgument<string> {
  return new Argument(`<${name}>`, summary);
}

/** Zero or more values after all other arguments. */
export function remainingArguments(name: string, summary: string): TypedArgument<readonly string[]> {
  return new Argument(`[${name}...]`, summary);
}

/** What an argument names, for completion. */
export type ArgumentKind = "mirror" | "package";

const KINDS = new WeakMap<Argument, ArgumentKind>();

/** Notes what an argument names. */
export function naming<Value>(kind: ArgumentKind, argument: TypedArgument<Value>): TypedArgument<Value> {
  KINDS.set(argument, kind);
  return argument;
}

/** What an argument names; undefined if that is unknown. */
export function kindOf(argument: Argument): ArgumentKind | undefined {
  return KINDS.get(argument);
}

/** One of a fixed set of words. */
export function chosenArgument<const Choice extends string>(
  name: string,
  summary: string,
  choices: readonly Choice[],
): TypedArgument<Choice> {
  return new Argument(`<${name}>`, summary).choices(choices);
}

/** An option without a value: true if present, otherwise false. */
export function flag(flags: string, summary: string): TypedOption<boolean> {
  return new Option(flags, summary);
}

/** An option whose value is any text. */
export function text(flags: string, summary: string): TypedOption<string | undefined> {
  return new Option(flags, summary);
}

/** A mandatory {@link text} option. */
export function requiredText(flags: string, summary: string): TypedOption<string> {
  return new Option(flags, summary).makeOptionMandatory();
}

/** @param read must throw commander's `InvalidArgumentError` */
export function parsed<Value>(
  flags: string,
  summary: string,
  read: (text: string) => Value,
): TypedOption<Value | undefined> {
  return new Option(flags, summary).argParser(read);
}

/** An option that may be repeated; undefined if absent. */
export function repeated(flags: string, summary: string): TypedOption<readonly string[] | undefined> {
  return new Option(flags, summary).argParser((value: string, previous: readonly string[] | undefined) => [
    ...(previous ?? []),
    value,
  ]);
}

/**
 * A KEY=VALUE option that may be repeated; undefined if absent.
 *
 * @param read must throw commander's `InvalidArgumentError`
 */
export function assignments(
  flags: string,
  summary: string,
  read: (text: string) => readonly [string, string],
): TypedOption<ReadonlyMap<string, string> | undefined> {
  return new Option(flags, summary).argParser(
    (value: string, previous: ReadonlyMap<string, string> | undefined) =>
      new Map([...(previous ?? []), read(value)]),
  );
}

/** An option with a fixed set of values. */
export function choice<const Choice extends string>(
  flags: string,
  summary: string,
  choices: readonly Choice[],
): TypedOption<Choice | undefined> {
  return new Option(flags, summary).choices(choices);
}

/** A {@link choice} that may be repeated; undefined if absent. */
export function repeatedChoice<const Choice extends string>(
  flags: string,
  summary: string,
  choices: readonly Choice[],
): TypedOption<readonly Choice[] | undefined> {
  const option = new Option(flags, summary).choices(choices);
  const read = option.parseArg as (value: string, previous: unknown) => Choice;
  return option.argParser((value: string, previous: readonly Choice[] | undefined) => [
    ...(previous ?? []),
    read(value, undefined),
  ]);
}

/** Gives an option a default value. */
export function withDefault<Value>(
  option: TypedOption<Value>,
  value: NonNullable<Value>,
): TypedOption<NonNullable<Value>> {
  return option.default(value) as TypedOption<NonNullable<Value>>;
}

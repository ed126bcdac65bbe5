// Reads a whole number within a range.

import { InvalidArgumentError } from "commander";

/** The valid numbers; `of` names what they count. */
interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly of?: string;
}

export function wholeNumber({ min, max, of }: NumberRange): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= min && number <= max) return number;
    const counted = of === undefined ? "" : `of ${of} `;
    throw new InvalidArgumentError(`Expected a whole number ${counted}from ${min} to ${max}.`);
  };
}

// Reads numbers that options take.

import { InvalidArgumentError } from "commander";

/** The numbers that an option takes; `of` is what is counted. */
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
    throw new InvalidArgumentError(`It must be a whole number ${counted}from ${min} to ${max}.`);
  };
}

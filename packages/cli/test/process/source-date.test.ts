// The creation time that SOURCE_DATE_EPOCH fixes.

import { expect, it } from "vitest";
import { sourceDate } from "../../src/process/source-date.js";

it.each([
  [undefined, undefined],
  ["", undefined],
  ["0", new Date(0)],
  ["1700000000", new Date("2023-11-14T22:13:20Z")],
])("reads %j", (text, date) => {
  expect(sourceDate(text === undefined ? {} : { SOURCE_DATE_EPOCH: text })).toEqual(date);
});

it.each(["yesterday", "-1", "1.5", "123456789012"])("rejects %j", (text) => {
  expect(() => sourceDate({ SOURCE_DATE_EPOCH: text })).toThrow(
    expect.objectContaining({
      code: "ERR_SOURCE_DATE_EPOCH",
      kind: "usage",
      place: "SOURCE_DATE_EPOCH",
      message: `SOURCE_DATE_EPOCH is "${text}", which is not a number of seconds.`,
    }),
  );
});

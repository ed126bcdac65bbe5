// Text is wrapped as by Python; the expected lines are those of Python 3.11's textwrap.

import { expect, it } from "vitest";
import { wrapText } from "../../src/contents/wrap-text.js";

const options = { breakOnHyphens: true, replaceSpace: true };

it("breaks after hyphens between letters, and keeps space at the beginning", () => {
  expect(wrapText(" a well-known set of tools", 10, options)).toEqual([" a well-", "known set", "of tools"]);
});

it("breaks words that fit on no line", () => {
  expect(wrapText("see http://example.org/a-very-long-path now", 12, options)).toEqual([
    "see http://e",
    "xample.org/a",
    "-very-long-",
    "path now",
  ]);
});

it("leaves hyphens alone if asked to, and counts characters", () => {
  expect(wrapText("--with-x=1 --with-𝒚=2", 10, { breakOnHyphens: false, replaceSpace: false })).toEqual([
    "--with-x=1",
    "--with-𝒚=2",
  ]);
});

// Messages on narrow terminals.

import { expect, it } from "vitest";
import { wrapMessage } from "../../src/render/wrap-message.js";

const MESSAGE = `spack-oci: No store given and none found.
  Name it with "spack-oci find --root DIR", or set SPACK_ROOT.
  docs: https://example.org/a/page/with/a/long/address#err_no_store`;

it("breaks lines between words, but neither addresses nor commands in quotes", () => {
  expect(wrapMessage(MESSAGE, { isTTY: true, columns: 30 })).toBe(`spack-oci: No store given and
  none found.
  Name it with
  "spack-oci find --root DIR",
  or set SPACK_ROOT.
  docs:
  https://example.org/a/page/with/a/long/address#err_no_store`);
});

it.each([
  ["a wide terminal", { isTTY: true, columns: 80 }],
  ["a terminal that is too narrow", { isTTY: true, columns: 19 }],
  ["a terminal of unknown width", { isTTY: true }],
  ["a pipe", { columns: 30 }],
])("leaves lines as they are on %s", (_, stream) => {
  expect(wrapMessage(MESSAGE, stream)).toBe(MESSAGE);
});

it("keeps quotes that are not closed, and indents", () => {
  expect(wrapMessage('    say "a b c', { isTTY: true, columns: 20 })).toBe('    say "a b c');
  expect(wrapMessage('    say "a b c d e f g', { isTTY: true, columns: 20 })).toBe(
    '    say "a b c d e f\n    g',
  );
});

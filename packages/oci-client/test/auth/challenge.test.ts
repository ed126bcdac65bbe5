// Challenges as registries write them, and as they should not.

import fc from "fast-check";
import { expect, test } from "vitest";
import { parseChallenges } from "../../src/auth/challenge.js";

test.each([
  [
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
    [
      [
        "bearer",
        {
          realm: "https://auth.docker.io/token",
          service: "registry.docker.io",
          scope: "repository:a/b:pull,push",
        },
      ],
    ],
  ],
  ["Basic realm=x", [["basic", { realm: "x" }]]],
  ['BASIC Realm = "a b" , charset="UTF-8"', [["basic", { realm: "a b", charset: "UTF-8" }]]],
  [
    'Negotiate, Basic realm="x"',
    [
      ["negotiate", {}],
      ["basic", { realm: "x" }],
    ],
  ],
  [
    'NTLM TlRMTVNT==, Bearer realm="r"',
    [
      ["ntlm", {}],
      ["bearer", { realm: "r" }],
    ],
  ],
  [
    'Bearer realm="r", Basic realm="b"',
    [
      ["bearer", { realm: "r" }],
      ["basic", { realm: "b" }],
    ],
  ],
  ['Bearer realm="quoted \\"word\\", and comma"', [["bearer", { realm: 'quoted "word", and comma' }]]],
  ['Bearer realm="first",realm="second"', [["bearer", { realm: "first" }]]],
  ["", []],
  ["=", []],
  ['Bearer realm="never closed', [["bearer", {}]]],
])("%s", (header, expected) => {
  const actual = parseChallenges(header).map(({ scheme, parameters }) => [scheme, { ...parameters }]);
  expect(actual).toEqual(expected);
});

test("parses everything that the grammar can produce", () => {
  const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const value = fc.string({ maxLength: 12 }).filter((text) => !/[\r\n\0]/.test(text));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(token, fc.dictionary(token, value, { minKeys: 1 })), { minLength: 1 }),
      (challenges) => {
        const header = challenges
          .map(([scheme, parameters]) => {
            const pairs = Object.entries(parameters).map(
              ([k, v]) => `${k}="${v.replace(/(["\\])/g, "\\$1")}"`,
            );
            return `${scheme} ${pairs.join(", ")}`;
          })
          .join(", ");
        expect(parseChallenges(header).map(({ scheme, parameters }) => [scheme, { ...parameters }])).toEqual(
          challenges.map(([scheme, parameters]) => [scheme, { ...parameters }]),
        );
      },
    ),
  );
});

test("ends on any text, and on headers longer than Node accepts", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => Array.isArray(parseChallenges(text))));
  parseChallenges(`Bearer ${'a="'.repeat(500_000)}`);
  parseChallenges(`Bearer ${"a ".repeat(500_000)}`);
});

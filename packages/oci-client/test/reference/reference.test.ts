// References mean the same repository as in Spack, or are clear errors.

import { isSpackOciError } from "@spack-oci/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ensureTag, formatReference, isTag, parseReference } from "../../src/reference/reference.js";
import { spackReference } from "./spack-model.js";

const hex = "0123456789abcdef".repeat(4);

describe("parseReference", () => {
  test.each([
    ["ubuntu", "index.docker.io", "library/ubuntu", undefined, undefined],
    ["ubuntu:22.04", "index.docker.io", "library/ubuntu", "22.04", undefined],
    ["org/name", "index.docker.io", "org/name", undefined, undefined],
    ["ghcr.io/Mochi-HPC/Cache:Tag", "ghcr.io", "mochi-hpc/cache", "Tag", undefined],
    ["localhost/a", "localhost", "a", undefined, undefined],
    ["localhost:5000/a/b", "localhost:5000", "a/b", undefined, undefined],
    ["Org/name", "Org", "name", undefined, undefined],
    ["[::1]:5000/a:t", "[::1]:5000", "a", "t", undefined],
    [`ghcr.io/a/b:t@sha256:${hex}`, "ghcr.io", "a/b", "t", `sha256:${hex}`],
    [`ghcr.io/a/b@sha256:${hex}`, "ghcr.io", "a/b", undefined, `sha256:${hex}`],
    ["ghcr.io/a__b/c---d.e", "ghcr.io", "a__b/c---d.e", undefined, undefined],
  ])("%s", (text, host, repository, tag, digest) => {
    const expected = { host, repository, ...(tag && { tag }), ...(digest && { digest }) };
    expect(parseReference(text)).toEqual(expected);
    expect(parseReference(formatReference(parseReference(text)))).toEqual(expected);
  });

  test.each([
    ["", "cannot be part"],
    ["ghcr.io/", "cannot be part"],
    ["ghcr.io/a//b", "cannot be part"],
    ["ghcr.io/a/_b", "cannot be part"],
    ["localhost:65536/a", "65536 is not a port"],
    ["localhost:0/a", "0 is not a port"],
    ["999.1.1.1/a", '"999.1.1.1" is not a host'],
    ["[::::]/a", '"[::::]" is not a host'],
    ["xn--0.example/a", '"xn--0.example" is not a host'],
    ["ghcr.io/a:", "is not a tag"],
    ["ghcr.io/a:-x", "is not a tag"],
    [`ghcr.io/a:${"x".repeat(129)}`, "is not a tag"],
    ["ghcr.io/a@sha256:abc", "is not a digest"],
    ["ghcr.io/a@md5:0123", "is not a digest"],
    ["ghcr.io/a b", "cannot be part"],
    ["ghcr.io/ä", "cannot be part"],
  ])("refuses %j", (text, why) => {
    expect(() => parseReference(text)).toThrow(expect.objectContaining({ kind: "usage", place: text }));
    expect(() => parseReference(text)).toThrow(why);
  });

  test.each(["123456789.dkr.ecr.us-east-1.amazonaws.com", "ghcr.io", "localhost", "localhost:5000"])(
    "rejects the bare host %s instead of asking Docker Hub for it (spack#51352)",
    (host) => {
      expect(() => parseReference(host)).toThrow("the repository is missing");
      expect(() => parseReference(host)).toThrow(
        expect.objectContaining({ hint: expect.stringContaining("Add the repository's path") }),
      );
    },
  );
});

const word = fc.stringMatching(/^[a-zA-Z0-9]{1,6}$/);
const almostName = fc.array(
  fc.oneof(word, fc.constantFrom(".", "_", "__", "-", "/", ":", "[::1]", "localhost")),
  {
    minLength: 1,
    maxLength: 8,
  },
);

test("parses any combination of the pieces of references as Spack does", () => {
  let understood = 0;
  fc.assert(
    fc.property(
      almostName,
      fc.constantFrom("", ":tag", ":T.a-g_", `@sha256:${hex}`, `:t@sha256:${hex}`),
      (parts, end) => {
        const text = parts.join("") + end;
        const expected = spackReference(text);
        const actual = attempt(() => parseReference(text));
        if (isSpackOciError(actual)) {
          const isBareHost = actual.message.includes("the repository is missing");
          expect(isBareHost ? undefined : expected).toBeUndefined();
        } else {
          understood += 1;
          expect({ tag: undefined, digest: undefined, ...(actual as object) }).toEqual(expected);
        }
      },
    ),
    { numRuns: 5000, seed: 4 },
  );
  expect(understood).toBeGreaterThan(500);
});

test("any text is a reference or an error of kind usage", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      const actual = attempt(() => parseReference(text));
      if (actual instanceof Error) expect(actual).toMatchObject({ kind: "usage", code: "ERR_OCI_REFERENCE" });
    }),
  );
});

test("rejects a malformed name of any length", () => {
  expect(() => parseReference(`ghcr.io/${"a-".repeat(500_000)}`)).toThrow("cannot be part");
  expect(() => parseReference(`${"a-".repeat(500_000)}!/x`)).toThrow("cannot be part");
});

test("tags have at most 128 characters of a few kinds", () => {
  expect(isTag("a".repeat(128))).toBe(true);
  expect(isTag("a".repeat(129))).toBe(false);
  expect(ensureTag("index.spack")).toBe("index.spack");
  expect(() => ensureTag("../x")).toThrow(expect.objectContaining({ code: "ERR_OCI_TAG" }));
});

function attempt<T>(task: () => T): T | Error {
  try {
    return task();
  } catch (error) {
    return error as Error;
  }
}

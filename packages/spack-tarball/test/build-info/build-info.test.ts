// Build infos in every style are read, and every available YAML parser reads ours.

import { decodeFileName } from "@spack-oci/files";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BuildInfo } from "../../src/build-info/build-info.js";
import { formatBuildInfo } from "../../src/build-info/format-build-info.js";
import { parseBuildInfo } from "../../src/build-info/parse-build-info.js";
import { available, run } from "../support/tools.js";

const EMPTY: BuildInfo = {
  sbangInstallPath: undefined,
  buildPath: "/s",
  spackPrefix: undefined,
  relativePrefix: undefined,
  hashToPrefix: new Map(),
  hardlinksDeduped: true,
  relocateBinaries: [],
  relocateLinks: [],
  relocateTextFiles: [],
};

/** Names that some YAML parser takes for another string, or for something other than a string. */
const TREACHEROUS = [
  ..."true false True TRUE yes no Yes NO on off On OFF y n Y N null Null NULL ~ . .. ... - -- --- = << >".split(
    " ",
  ),
  ..."0 1 -1 +1 017 0o17 0O17 0x1f 0X1F 0b11 1_000 1.5 -1.5 1e3 1e+3 1E-3 .5 .5e3 .5e+3 ._e+5 5. 1. -.5 +.5".split(
    " ",
  ),
  ..."12:30:45 1:2 190:20:30.15 2001-12-14 2001-12-14t21:59:43.10-05:00 .inf -.inf +.inf .Inf .INF .nan .NaN inf nan".split(
    " ",
  ),
  ..."?q ?q/x :x x: a:b a: # #x x# a#b &a *a !t !!str |x >x @x `x %x %YAML {a} [a] a,b a{b }a ,a ]a 'a' \"a\" a' a\" \\ a\\ \\n".split(
    " ",
  ),
  ..."e5 0e5 0e12345678901234567890123456 22222222222222222222222222222222 2222222222222222222222222222222e abcdefgh 2abcdefg".split(
    " ",
  ),
  ...[
    "? q",
    "- x",
    "-x",
    "a b",
    " a",
    "a ",
    "a  b",
    " ",
    "a: b",
    "a #b",
    "a\tb",
    "\ta",
    "a\nb",
    "\na",
    "a\n",
    "a\r\nb",
    "a\n\n b",
    "\r",
  ],
  ...[
    "a\u0000b",
    "\u0001",
    "\u001b[0m",
    "\u007f",
    "\u0080",
    "\u0085",
    "a\u0085b",
    "\u009f",
    "\u00a0",
    "\u2028",
    "a\u2029b",
    "\ufeff",
    "\ufeffa",
  ],
  ...[
    "\ufffd",
    "\ufffe",
    "\uffff",
    "é",
    "日本",
    "😀",
    "a\u{10ffff}",
    "\udcff",
    "a\udc80\udcffb",
    "x".repeat(5000),
    "x ".repeat(2000),
  ],
];

const lists = (text: string) =>
  parseBuildInfo(`buildpath: /s\nhash_to_prefix: {}\nrelocate_textfiles:${text}`).relocateTextFiles;

describe("parseBuildInfo", () => {
  it("reads what Spack 1.x writes: one line in flow style", () => {
    const text =
      "{sbang_install_path: /s/bin/sbang, buildpath: /s, spackprefix: /spack, relative_prefix: linux/p-1-h, " +
      "hardlinks_deduped: true, hash_to_prefix: {h: /s/linux/p-1-h, i: /s/linux/q}, relocate_binaries: [bin/x], " +
      "relocate_links: [], relocate_textfiles: [share/a, 'b c', yes, 12:30:45]}\n";
    expect(parseBuildInfo(text)).toEqual({
      sbangInstallPath: "/s/bin/sbang",
      buildPath: "/s",
      spackPrefix: "/spack",
      relativePrefix: "linux/p-1-h",
      hardlinksDeduped: true,
      hashToPrefix: new Map([
        ["h", "/s/linux/p-1-h"],
        ["i", "/s/linux/q"],
      ]),
      relocateBinaries: ["bin/x"],
      relocateLinks: [],
      relocateTextFiles: ["share/a", "b c", "yes", "12:30:45"],
    });
  });

  it("reads what Spack 0.23 writes: block style in another order", () => {
    const text = `sbang_install_path: /s/bin/sbang
buildpath: /s
spackprefix: /spack
relative_prefix: linux/p-1-h
relocate_textfiles:
- share/a
- 'b c'
- "tab\\there"
relocate_binaries:
- bin/x
relocate_links: []
hardlinks_deduped: true
hash_to_prefix:
  h: /s/linux/p-1-h
  1234567890: /s/linux/q
`;
    expect(parseBuildInfo(text)).toMatchObject({
      relocateTextFiles: ["share/a", "b c", "tab\there"],
      relocateBinaries: ["bin/x"],
      relocateLinks: [],
      hardlinksDeduped: true,
      hashToPrefix: new Map([
        ["h", "/s/linux/p-1-h"],
        ["1234567890", "/s/linux/q"],
      ]),
    });
  });

  it("reads JSON, which some tools write", () => {
    const json = JSON.stringify({
      buildpath: "/s",
      hash_to_prefix: { h: "/s/p" },
      relocate_textfiles: ["a: b", "é", "\n"],
    });
    expect(parseBuildInfo(json)).toMatchObject({
      hashToPrefix: new Map([["h", "/s/p"]]),
      relocateTextFiles: ["a: b", "é", "\n"],
    });
  });

  it("reads the inverse mapping of Spack 0.19 and older", () => {
    const info = parseBuildInfo(
      "buildpath: /s\nrelative_rpaths: false\nprefix_to_hash: {/s/p: h, /s/q: i}\n",
    );
    expect([...info.hashToPrefix]).toEqual([
      ["h", "/s/p"],
      ["i", "/s/q"],
    ]);
    expect(info.hardlinksDeduped).toBe(false);
  });

  it.each([
    ["absent", "", false],
    ["true", "hardlinks_deduped: true", true],
    ["True", "hardlinks_deduped: True", true],
    ["false", "hardlinks_deduped: false", false],
  ])("knows whether hard links were listed once: %s", (_, line, expected) => {
    expect(parseBuildInfo(`buildpath: /s\nhash_to_prefix: {}\n${line}\n`).hardlinksDeduped).toBe(expected);
  });

  it("reads every name as a string", () => {
    expect(lists(" [yes, on, no, 12:30:45, 017, 0x1f, 1.5, ~, null, '', .inf, 2001-12-14, =]")).toEqual([
      "yes",
      "on",
      "no",
      "12:30:45",
      "017",
      "0x1f",
      "1.5",
      "~",
      "null",
      "",
      ".inf",
      "2001-12-14",
      "=",
    ]);
  });

  it.each([
    ["[?q, a]", ["?q", "a"]],
    ["[? q, a]", ["? q", "a"]],
    ["[a, ? q]", ["a", "? q"]],
    ["[?q]", ["?q"]],
    ["\n- ? q\n- a", ["? q", "a"]],
    ["\n- ?q\n- ?", ["?q", "?"]],
  ])("reads names back that Spack's dumper fails to quote: %s", (text, expected) => {
    expect(lists(` ${text}`)).toEqual(expected);
  });

  it("reads empty and missing lists", () => {
    expect(lists("")).toEqual([]);
    expect(lists(" []")).toEqual([]);
    expect(parseBuildInfo("buildpath: /s\nhash_to_prefix: {}").relocateBinaries).toEqual([]);
  });

  it.each([
    ["no YAML", "a: {"],
    ["no mapping", "[a, b]"],
    ["empty", ""],
    ["a string", "text"],
    ["no buildpath", "hash_to_prefix: {}"],
    ["a buildpath that is a list", "buildpath: [a]\nhash_to_prefix: {}"],
    ["a list that is a string", "buildpath: /s\nhash_to_prefix: {}\nrelocate_binaries: x"],
    ["a list of lists", "buildpath: /s\nhash_to_prefix: {}\nrelocate_binaries: [[a]]"],
    ["prefixes that are a list", "buildpath: /s\nhash_to_prefix: [a]"],
    ["an alias to itself", "buildpath: /s\nhash_to_prefix: &a {x: *a}"],
  ])("refuses %s", (_, text) => {
    expect(() => parseBuildInfo(text)).toThrow(
      expect.objectContaining({ code: "ERR_BUILD_INFO_MALFORMED", kind: "corrupt" }),
    );
  });

  it("rejects a build info without either mapping", () => {
    expect(() => parseBuildInfo("buildpath: /s")).toThrow(
      expect.objectContaining({ code: "ERR_BUILD_INFO_TOO_OLD", kind: "unsupported" }),
    );
  });

  it("reads lists of 30 000 names quickly", () => {
    const names = Array.from(
      { length: 30_000 },
      (_, index) => `share/some/where/deep/below/file-${index}.txt`,
    );
    expect(
      parseBuildInfo(formatBuildInfo({ ...EMPTY, relocateTextFiles: names }).toString()).relocateTextFiles,
    ).toEqual(names);
    const odd = Array.from({ length: 10_000 }, (_, index) => `? ${index}`);
    expect(lists(` [${odd.join(", ")}]`)).toEqual(odd);
  });
});

describe("formatBuildInfo", () => {
  it("writes plain names as Spack does", () => {
    const info: BuildInfo = {
      sbangInstallPath: "/s/bin/sbang",
      buildPath: "/s",
      spackPrefix: "/spack",
      relativePrefix: "linux-x86_64_v3/p-1.0+a_b",
      hardlinksDeduped: true,
      hashToPrefix: new Map([["2jgoj6ppsq6lzizkaswlttajqsu7olru", "/s/p"]]),
      relocateBinaries: ["bin/x", "lib/libx.so.1"],
      relocateLinks: [],
      relocateTextFiles: [".bashrc", "README.md", "share/a-b"],
    };
    expect(formatBuildInfo(info).toString()).toBe(
      "{sbang_install_path: /s/bin/sbang, buildpath: /s, spackprefix: /spack, " +
        "relative_prefix: linux-x86_64_v3/p-1.0+a_b, hardlinks_deduped: true, " +
        "hash_to_prefix: {2jgoj6ppsq6lzizkaswlttajqsu7olru: /s/p}, relocate_binaries: [bin/x, lib/libx.so.1], " +
        "relocate_links: [], relocate_textfiles: [.bashrc, README.md, share/a-b]}\n",
    );
  });

  it("can be read back for names of any kind", () => {
    const name = fc.oneof(
      fc.constantFrom(...TREACHEROUS),
      fc.string({ unit: "binary", minLength: 1 }),
      fc.string({ unit: fc.constantFrom(..."aey019._-+:/?#,[]{}'\"\\ \n\t~"), minLength: 1, maxLength: 8 }),
      fc.uint8Array({ minLength: 1, maxLength: 12 }).map(decodeFileName),
    );
    const names = fc.array(name, { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.record({
          sbangInstallPath: fc.option(name, { nil: undefined }),
          buildPath: name,
          spackPrefix: fc.option(name, { nil: undefined }),
          relativePrefix: fc.option(name, { nil: undefined }),
          hashToPrefix: fc
            .uniqueArray(fc.tuple(name, name), { selector: ([key]) => key, maxLength: 4 })
            .map((pairs) => new Map(pairs)),
          hardlinksDeduped: fc.boolean(),
          relocateBinaries: names,
          relocateLinks: names,
          relocateTextFiles: names,
        }),
        (info) => {
          expect(parseBuildInfo(formatBuildInfo(info).toString())).toEqual(info);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is one line", () => {
    const text = formatBuildInfo({ ...EMPTY, relocateTextFiles: TREACHEROUS }).toString();
    expect(text).toMatch(/^[^\n\r\u0085\u2028\u2029]*\n$/);
  });

  it.each([
    ["a b", "a b"],
    ["é 日本 😀", "é 日本 😀"],
    ["it's", "it's"],
    ["a: b", "'a: b'"],
    ["a,b", "'a,b'"],
    ["a, it's", '"a, it\'s"'],
    ["a\tb", '"a\\tb"'],
    [" a", "' a'"],
    ["1.5", "'1.5'"],
    ["1.txt", "1.txt"],
    ["caf\udce9", '"caf\\uDCE9"'],
    ["? x", '"? x"'],
    ["yes", '"yes"'],
  ])("writes %j as %s", (name, expected) => {
    expect(formatBuildInfo({ ...EMPTY, relocateTextFiles: [name] }).toString()).toContain(
      `relocate_textfiles: [${expected}]`,
    );
  });

  // Spack uses ruamel.yaml; PYTHONPATH=.../spack/lib/spack makes its vendored copy available.
  const readers = [
    [
      "the ruamel.yaml that Spack vendors",
      "from spack.vendor.ruamel.yaml import YAML; load = YAML(typ='rt', pure=True).load",
      "import spack.vendor.ruamel.yaml",
      /^$/,
    ],
    // It rejects colons that YAML 1.2 allows, and that Spack writes.
    ["PyYAML, which is YAML 1.1", "import yaml; load = yaml.safe_load", "import yaml", /^:|:[^ ]/],
  ] as const;
  for (const [name, load, check, rejected] of readers) {
    it.runIf(available("python3", "-c", check))(`can be read back by ${name}`, () => {
      const letters = Array.from("aeny019._-+:x");
      const short = letters.flatMap((a) => letters.flatMap((b) => [a + b, ...letters.map((c) => a + b + c)]));
      const names = [...TREACHEROUS, ...letters, ...short].filter((each) => !rejected.test(each));
      const info = formatBuildInfo({
        ...EMPTY,
        relocateTextFiles: names,
        hashToPrefix: new Map([["h", "/s/p"]]),
      });
      const script = `
import io, json, sys
${load}
info = load(io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8"))
assert info["hardlinks_deduped"] is True
json.dump([type(name).__name__ + ":" + str(name) for name in info["relocate_textfiles"]], sys.stdout)
`;
      const answer: string[] = JSON.parse(run("python3", ["-c", script], info).toString());
      expect(answer.map((one) => one.slice(one.indexOf(":") + 1))).toEqual(names);
      expect(answer.filter((one) => !/^(str|PlainScalarString|DoubleQuotedScalarString):/.test(one))).toEqual(
        [],
      );
    });
  }
});

// rcodesign reads the signatures of Mach-O files, computes the same digests, and signs with the same directory.

import { describe, expect, it } from "vitest";
import { parseMachO } from "../../packages/spack-tarball/src/macho/macho-file.js";
import { scratchDirectory } from "../support/scratch.js";
import { allRelocated, PREFIXES, written } from "./support/mach-o-relocated.js";
import { machOSamples, SIGNED_BY_DEVELOPER } from "./support/mach-o-samples.js";
import { describeWithTools, output, tool } from "./support/tool.js";

const MINUTES = 600_000;

const files = machOSamples();
const scratch = scratchDirectory("mach-o-signatures");

describe.skipIf(files.length === 0)("signatures of Mach-O files", () => {
  describeWithTools("rcodesign")("that rcodesign reads", () => {
    it(
      "have its digests of all pages in order, and no other fault than Apple's own",
      async () => {
        let signed = 0;
        for (const [file, content] of allRelocated(files, PREFIXES.longer)) {
          const path = written(scratch, content);
          for (const [index, { reader, commands, format }] of (parseMachO(content) ?? []).entries()) {
            const command = commands.find(({ type }) => type === 0x1d)?.bytes;
            if (command === undefined) continue;
            const signature = reader.read(format.word(command, 8), format.word(command, 12));
            const place = ["--universal-index", String(index)];
            const listed = await output("rcodesign", "compute-code-hashes", ...place, path);
            const digests = Buffer.from(listed.replaceAll("\n", ""), "hex");
            expect(digests.length, file).toBe(32 * Math.ceil(format.word(command, 8) / 4096));
            expect(signature.includes(digests), file).toBe(true);
            signed += 1;
          }
          // It expects a certificate, which no ad-hoc signature has.
          const { stdout } = await tool("rcodesign", "verify", path);
          const faults = stdout
            .split("\n")
            .filter((line) => !/missing further values|signature data not found|^$/.test(line));
          expect(faults, file).toEqual([]);
        }
        expect(signed).toBeGreaterThan(80);
      },
      MINUTES,
    );

    it(
      "describe a file as those that it makes",
      async () => {
        let compared = 0;
        const different: string[] = [];
        for (const [file, content] of allRelocated(files, PREFIXES.longer)) {
          const path = written(scratch, content);
          const ours = await described(path);
          // It also signs architectures that need no signature.
          if (ours.includes("signature: null")) continue;
          const identifier = /identifier: (.*)/.exec(ours)?.[1] ?? "";
          await output("rcodesign", "sign", "--binary-identifier", identifier, path);
          const theirs = await described(path);
          // With SHA-1 as well, for systems before macOS 10.11.4.
          if (theirs.includes("CodeDirectory Alternate")) continue;
          if (theirs !== ours) different.push(file);
          compared += 1;
        }
        // It formats entitlements, of which every byte is kept here.
        expect(different).toEqual([expect.stringContaining(SIGNED_BY_DEVELOPER)]);
        expect(compared).toBeGreaterThan(70);
      },
      MINUTES,
    );
  });
});

/**
 * Everything that rcodesign shows of signatures. The space that is reserved after them differs, and with it their place
 * and the digest of the load commands.
 */
async function described(path: string): Promise<string> {
  const text = await output("rcodesign", "print-signature-info", path);
  return text
    .slice(text.indexOf("entity:"))
    .replace(/^ +(?:\w*_(?:offset|after_signature)|file_\w+): .*\n/gm, "")
    .replace(/(magic: fade0c02\n +length: \d+\n)( +sha\d+: .*\n)+/g, "$1");
}

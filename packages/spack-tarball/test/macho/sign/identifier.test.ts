// Signatures have the identifiers that codesign chooses.

import { MemoryFile } from "@spack-oci/files";
import { expect, it } from "vitest";
import { LC_UUID } from "../../../src/macho/load-command.js";
import { parseMachO } from "../../../src/macho/macho-file.js";
import { canonicalIdentifier, signingIdentifier } from "../../../src/macho/sign/identifier.js";
import { fatImage, type MachOShape, machOImage } from "../../support/macho-images.js";

// The first three are the examples in Apple's source, diskrep.cpp.
it.each([
  ["libfrotz7.3.5.dylib", "libfrotz7"],
  ["mumble.77.plugin", "mumble.77"],
  ["rumble.rb", "rumble"],
  ["foo.2.3.4", "foo.2"],
  ["foo.9", "foo.9"],
  ["h5.cpython-311-darwin.so", "h5.cpython-311-darwin"],
  ["libz.1.3.1.dylib", "libz.1"],
  ["program", "program"],
  ["7z.2.so", "7z.2"],
  ["name.", "name."],
])("the identifier of %s is %s", (name, identifier) => {
  expect(canonicalIdentifier(name)).toBe(identifier);
});

function identifierOf(bytes: Buffer, name: string): string {
  return signingIdentifier(parseMachO(new MemoryFile(bytes)) ?? [], name).toString();
}

const uuidCommand = (byte: number): MachOShape => {
  const command = Buffer.alloc(24, byte);
  command.writeUInt32LE(LC_UUID, 0);
  command.writeUInt32LE(24, 4);
  return { others: [command] };
};

it("adds the UUID to a name without a dot, that of the ARM architecture for all", () => {
  const hex = (byte: string) => `-55554944${byte.repeat(16)}`;
  const arm = machOImage(uuidCommand(0xab));
  const intel = machOImage({ cpuType: 0x01000007, ...uuidCommand(0xcd) });
  expect(identifierOf(arm, "bin/tool")).toBe(`tool${hex("ab")}`);
  expect(identifierOf(intel, "bin/tool")).toBe(`tool${hex("cd")}`);
  expect(identifierOf(fatImage([intel, arm]), "bin/tool")).toBe(`tool${hex("ab")}`);
  expect(identifierOf(arm, "lib/libz.1.dylib")).toBe("libz.1");
});

it("adds a digest of the load commands if there is no UUID", () => {
  expect(identifierOf(machOImage({}), "tool")).toMatch(/^tool-[0-9a-f]{40}$/);
  expect(identifierOf(machOImage({}), "tool")).not.toBe(identifierOf(machOImage({ padding: 512 }), "tool"));
});

it("takes the identifier of the embedded Info.plist", () => {
  const infoPlist = `<plist><dict>
    <key>CFBundleIdentifier</key>
    <string>org.example.tool</string></dict></plist>`;
  expect(identifierOf(machOImage({ infoPlist }), "bin/other")).toBe("org.example.tool");
});

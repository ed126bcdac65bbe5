// Chooses the identifier of a signature by the rules of codesign (Apple: Security, signer.cpp, `prepare`; machorep.cpp;
// diskrep.cpp, `canonicalIdentifier`).

import { hash } from "node:crypto";
import { encodeFileName } from "@spack-oci/files";
import { LC_UUID } from "../load-command.js";
import { CPU_TYPE_ARM64, type MachOSlice } from "../macho-file.js";
import { infoPlistOf } from "./info-plist.js";

const UUID_COMMAND_SIZE = 24;

/** What precedes the UUID. */
const UUID_IN_HEX = Buffer.from("UUID").toString("hex");

/** Bytes of the header that count for a file without a UUID: those of 32-bit files. */
const HASHED_HEADER_SIZE = 28;

/**
 * The identifier in the embedded Info.plist; otherwise the name of the file without its extension, which the UUID
 * follows if there is no dot in it.
 *
 * @param name path of the file
 */
export function signingIdentifier(slices: readonly MachOSlice[], name: string): Buffer {
  // All architectures have one identifier, which is that of the machine where codesign runs.
  const own = slices.find(({ cpuType }) => cpuType === CPU_TYPE_ARM64) ?? slices[0];
  const declared = own && bundleIdentifier(infoPlistOf(own));
  if (declared !== undefined) return Buffer.from(declared);
  const canonical = canonicalIdentifier(name.slice(name.lastIndexOf("/") + 1));
  const unique = canonical.includes(".") || own === undefined ? "" : `-${uniqueName(own)}`;
  return encodeFileName(`${canonical}${unique}`);
}

/** Without the last extension, unless it is a number, and with the first number at most. */
export function canonicalIdentifier(fileName: string): string {
  const name = fileName.replace(/\.(?:[^0-9.][^.]*)$/s, "");
  if (/^[0-9.]/.test(name)) return name;
  const numbers = /[0-9.]*$/.exec(name)?.[0] ?? "";
  const first = /^\.?[0-9]*/.exec(numbers)?.[0] ?? "";
  return `${name.slice(0, name.length - numbers.length)}${first}`;
}

function uniqueName({ commands, reader, format, commandsSize }: MachOSlice): string {
  const uuid = commands.find(({ type, bytes }) => type === LC_UUID && bytes.length === UUID_COMMAND_SIZE);
  if (uuid !== undefined) return `${UUID_IN_HEX}${uuid.bytes.toString("hex", 8)}`;
  const header = reader.read(0, HASHED_HEADER_SIZE);
  return hash("sha1", Buffer.concat([header, reader.read(format.headerSize, commandsSize)]), "hex");
}

/** In a property list as text, as compilers embed them. */
function bundleIdentifier(infoPlist: Buffer | undefined): string | undefined {
  const found = /<key>CFBundleIdentifier<\/key>\s*<string>([^<]+)<\/string>/.exec(
    infoPlist?.toString("utf8") ?? "",
  );
  return found?.[1];
}

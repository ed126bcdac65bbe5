// The same package several times: its binaries as ELF files, and as signed Mach-O files of the same sizes and contents.

import {
  LC_ID_DYLIB,
  LC_LOAD_DYLIB,
  LC_RPATH,
} from "../../../packages/spack-tarball/src/macho/load-command.js";
import {
  linkerSignedImage,
  type MachOShape,
  machOImage,
} from "../../../packages/spack-tarball/test/support/macho-images.js";
import { oldDirectory, superBlob } from "../../../packages/spack-tarball/test/support/macho-signatures.js";
import { seededRandom } from "../../support/seeded-random.js";
import { type SyntheticPackage, specOf } from "../../support/synthetic-buildcache.js";
import { pathAtEnd, realFiles } from "./real-files.js";

/** Formats of binaries; `mach-o-old` has a signature without digests that can be kept. */
export type BinaryFormat = "elf" | "mach-o" | "mach-o-old";

/** A package all of whose files are binary. */
interface FilledPackage extends SyntheticPackage {
  /** Of its install tree. */
  readonly root: string;
  readonly prefix: string;
  readonly platform: string;
  readonly files: Readonly<Record<string, Buffer>>;
}

/** Longer than any root that the packages are pulled into, since strings can only shrink. */
const ROOT = "/opt/the/root/of/a/store";

/** Specs whose prefixes are equally long. */
const LINUX = { name: "binaries", root: ROOT, platform: "linux", target: "zen" };
const MACOS = { name: "binaries", root: ROOT, platform: "darwin", target: "m1" };

/**
 * Programs and libraries of this machine, up to `megabytes`. Each contains the package's path as a string. As Mach-O
 * files, they are the code of signed libraries, whose id, dependency and run path are in the package too. As ELF files,
 * they end with as many zeros as makes them equally long.
 *
 * @param seed the same seed selects the same files, as long as the machine has them
 */
export function sameBinaries(format: BinaryFormat, megabytes: number, seed: number): FilledPackage {
  const spec = format === "elf" ? LINUX : MACOS;
  const prefix = `${ROOT}/${spec.platform}-${spec.target}/${spec.name}-1-${specOf(spec, new Map()).hash}`;
  const files: Record<string, Buffer> = {};
  for (const { name, kind, bytes } of realFiles(megabytes, seededRandom(seed), ["binary"])) {
    const code = Buffer.concat([bytes, pathAtEnd(kind, prefix)]);
    files[`lib/${name}`] = as(format, code, {
      text: code,
      paths: [
        [LC_ID_DYLIB, `${prefix}/lib/${name}`],
        [LC_LOAD_DYLIB, `${prefix}/lib/liby.dylib`],
        [LC_RPATH, `${prefix}/lib`],
      ],
    });
  }
  return { ...spec, prefix, files, compressedBy: "spack-oci" };
}

function as(format: BinaryFormat, code: Buffer, shape: MachOShape): Buffer {
  const library = linkerSignedImage(shape);
  if (format === "mach-o") return library;
  if (format === "elf") return Buffer.concat([code, Buffer.alloc(library.length - code.length)]);
  const signed = (spare: number) =>
    machOImage({ ...shape, signature: superBlob([[0, oldDirectory()]], spare) });
  return signed(library.length - signed(0).length);
}

// Headers equal those of Python's tarfile around every limit of their fields.

import { describe, expect, it } from "vitest";
import { readTar } from "../../src/tar/tar-reader.js";
import { formatTarHeader, type WritableTarHeader } from "../../src/tar/write-header.js";
import { chunked } from "../support/bytes.js";
import { available, run } from "../support/tools.js";

const FILE: WritableTarHeader = { name: "n", type: "file", mode: 0o644, size: 0, linkName: "" };

describe("formatTarHeader", () => {
  it.runIf(available("python3"))("writes sizes and names of any length as Python's tarfile does", () => {
    const sizes = [0, 1, 8 ** 11 - 1, 8 ** 11, 2 ** 40];
    const lengths = [1, 99, 100, 101, 980, 981, 982, 983, 984, 985, 986, 987, 988, 989, 990, 3000];
    const script = `
import json, sys, tarfile
for size in json.loads(sys.argv[1]):
    for length in json.loads(sys.argv[2]):
        info = tarfile.TarInfo("n" * length)
        info.size = size
        sys.stdout.buffer.write(info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape"))
`;
    const theirs = run("python3", ["-c", script, JSON.stringify(sizes), JSON.stringify(lengths)]);
    const ours = sizes.flatMap((size) =>
      lengths.map((length) => formatTarHeader({ ...FILE, name: "n".repeat(length), size })),
    );
    expect(Buffer.concat(ours).equals(theirs)).toBe(true);
  });

  it("includes the digits of a record's length in the length, around every carry", async () => {
    for (const length of [
      82, 83, 84, 85, 101, 980, 985, 986, 987, 988, 989, 990, 9980, 9985, 9986, 9987, 9988,
    ]) {
      const name = "é".repeat(Math.floor(length / 2)) + "x".repeat(length % 2);
      for await (const { header } of readTar(
        chunked(Buffer.concat([formatTarHeader({ ...FILE, name }), Buffer.alloc(1024)])),
      )) {
        expect(header.name).toBe(name);
      }
    }
  });
});

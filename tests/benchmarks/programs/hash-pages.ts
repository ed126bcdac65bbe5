// The floor of signatures without digests to keep: computes the SHA-256 of every page of all files, and does nothing
// else. It uses nothing of the packages.
//
//   node hash-pages.mjs PACKAGE PAGE_SIZE COST

import { hash } from "node:crypto";
import { batchesOf, readBinaryPackage } from "./binary-package.js";
import { Counter } from "./counter.js";

const [, , directory = "", pageSize = "", costFile = ""] = process.argv;
const size = Number(pageSize);
const counter = new Counter();
for (const batch of batchesOf(readBinaryPackage(directory))) {
  await counter.count(() => {
    for (const { bytes } of batch) {
      for (let at = 0; at < bytes.length; at += size) hash("sha256", bytes.subarray(at, at + size), "binary");
    }
  });
}
counter.write(costFile);

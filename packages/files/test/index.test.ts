// Pins the exports of the package.

import { expect, it } from "vitest";
import * as api from "../src/index.js";

it("exports nothing else by accident", () => {
  expect(Object.keys(api).sort()).toEqual([
    "MemoryFile",
    "PacedFile",
    "Turns",
    "chmod",
    "compareFileNames",
    "copyFile",
    "decodeFileName",
    "encodeFileName",
    "fileSystemPath",
    "freeMemory",
    "inOneGo",
    "isFileSystemSlow",
    "lchown",
    "link",
    "listDirectory",
    "lstat",
    "makeDirectories",
    "mkdir",
    "noteOperations",
    "openFile",
    "readChunks",
    "readFile",
    "readThrough",
    "readlink",
    "realpath",
    "rename",
    "sideBySide",
    "stat",
    "symlink",
    "tolerating",
    "unlink",
    "utimes",
  ]);
});

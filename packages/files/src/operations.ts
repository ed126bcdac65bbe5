// The operations of node:fs/promises that run once for each of many files, in the way that suits the file system.

import * as fs from "node:fs";
import * as promises from "node:fs/promises";
import { pace } from "./pace.js";

/** These behave as in node:fs/promises, including their errors. */
export const chmod = paced<typeof promises.chmod>(fs.chmodSync, promises.chmod);
export const copyFile = paced<typeof promises.copyFile>(fs.copyFileSync, promises.copyFile);
export const lchown = paced<typeof promises.lchown>(fs.lchownSync, promises.lchown);
export const link = paced<typeof promises.link>(fs.linkSync, promises.link);
export const lstat = paced<typeof promises.lstat>(fs.lstatSync, promises.lstat);
export const mkdir = paced<typeof promises.mkdir>(fs.mkdirSync, promises.mkdir);
export const readFile = paced<typeof promises.readFile>(fs.readFileSync, promises.readFile);
export const readlink = paced<typeof promises.readlink>(fs.readlinkSync, promises.readlink);
export const realpath = paced<typeof promises.realpath>(fs.realpathSync.native, promises.realpath);
export const rename = paced<typeof promises.rename>(fs.renameSync, promises.rename);
export const stat = paced<typeof promises.stat>(fs.statSync, promises.stat);
export const symlink = paced<typeof promises.symlink>(fs.symlinkSync, promises.symlink);
export const unlink = paced<typeof promises.unlink>(fs.unlinkSync, promises.unlink);
export const utimes = paced<typeof promises.utimes>(fs.utimesSync, promises.utimes);

/** Combines both variants of an operation, with the overloads of the asynchronous one. */
function paced<F>(synchronous: unknown, onThreadPool: F): F {
  const one = synchronous as (...args: unknown[]) => unknown;
  const other = onThreadPool as (...args: unknown[]) => Promise<unknown>;
  return ((...args: unknown[]) =>
    pace.run(
      () => one(...args),
      () => other(...args),
    )) as F;
}

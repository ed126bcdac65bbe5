// Makes configured paths absolute; they are relative to the file that contains them.

import { dirname, isAbsolute } from "node:path";
import { asString, type ConfigScalar } from "../yaml/value.js";
import { type PathContext, substituteVariables } from "./variables.js";

/**
 * A configured path as an absolute path. URLs other than `file:` are kept, with variables replaced.
 *
 * @param path a string, relative to the working directory, or a configured value, relative to its file
 *
 * Source: `lib/spack/spack/util/path.py`, `canonicalize_path`.
 */
export function canonicalizePath(
  path: string | ConfigScalar,
  context: PathContext,
  directory = context.cwd,
): string {
  const text = typeof path === "string" ? path : (asString(path) ?? "");
  const file = typeof path === "string" ? undefined : path.mark?.file;
  const substituted = substituteVariables(text, context);
  if (hasWindowsDrive(substituted)) return windowsPath(substituted);
  const url = splitUrl(substituted);
  if (url !== undefined && url.scheme !== "file") return substituted;
  const local = url === undefined ? substituted : decodePercent(url.path);
  const base = (file === undefined ? "" : parentOf(file)) || directory;
  return normalizePath(isAbsolute(local) ? local : base.endsWith("/") ? base + local : `${base}/${local}`);
}

/** The scheme and path of a URL; undefined without a scheme. Source: Python's `urllib.parse.urlparse`. */
export function splitUrl(text: string): { scheme: string; path: string } | undefined {
  const [, scheme, rest = ""] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(text) ?? [];
  if (scheme === undefined) return undefined;
  const path = rest.replace(/^\/\/[^/?#]*/, "").replace(/[?#].*$/s, "");
  return { scheme: scheme.toLowerCase(), path };
}

/** Removes `.`, `..`, double and trailing slashes, as Python's `os.path.normpath`. */
export function normalizePath(path: string): string {
  const root = /^\/\/(?!\/)/.test(path) ? "//" : path.startsWith("/") ? "/" : "";
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (root === "") parts.push(part);
  }
  return root + parts.join("/") || ".";
}

function parentOf(file: string): string {
  return file.includes("/") ? dirname(file) : "";
}

function hasWindowsDrive(path: string): boolean {
  return /^[A-Za-z]:/.test(path) || /^[\\/]{2}[^\\/]+[\\/][^\\/]+/.test(path);
}

function windowsPath(path: string): string {
  const [, drive = "", rest = ""] = /^([A-Za-z]:|[\\/]{2}[^\\/]+[\\/][^\\/]+)(.*)$/s.exec(path) ?? [];
  const isUnc = drive.length > 2;
  const root = isUnc || /^[\\/]/.test(rest) ? "\\" : "";
  const parts = rest.split(/[\\/]+/).filter((part) => part !== "" && part !== ".");
  return drive.replaceAll("/", "\\") + root + parts.join("\\");
}

function decodePercent(path: string): string {
  return path.replace(/(?:%[0-9A-Fa-f]{2})+/g, (found) =>
    Buffer.from(found.replaceAll("%", ""), "hex").toString("utf8"),
  );
}

// Reads the file in which a Spack keeps archspec's table, which may be damaged like any other file.

import { SpackOciError } from "@spack-oci/errors";
import type { ArchspecTable } from "./archspec-table.js";

/** @throws SpackOciError `ERR_ARCHSPEC` (corrupt) if it is not JSON, or not archspec's */
export function readTableFile(text: string, file: string): ArchspecTable {
  let table: unknown;
  try {
    table = JSON.parse(text);
  } catch (cause) {
    throw damaged(file, "is not JSON", cause);
  }
  if (!isTable(table)) throw damaged(file, "is not archspec's table of processors");
  return table;
}

function isTable(table: unknown): table is ArchspecTable {
  if (!isObject(table) || !isObject(table["microarchitectures"])) return false;
  const known = table["microarchitectures"];
  return Object.values(known).every(isProcessor) && !hasCycle(known as ArchspecTable["microarchitectures"]);
}

function isProcessor(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value["vendor"] === "string" &&
    isTexts(value["from"]) &&
    isTexts(value["features"])
  );
}

/** Whether a processor is among its own ancestors. */
function hasCycle(known: ArchspecTable["microarchitectures"]): boolean {
  const finished = new Set<string>();
  const visit = (name: string, below: ReadonlySet<string>): boolean => {
    if (below.has(name)) return true;
    if (finished.has(name)) return false;
    const path = new Set([...below, name]);
    const found = (known[name]?.from ?? []).some((parent) => visit(parent, path));
    finished.add(name);
    return found;
  };
  return Object.keys(known).some((name) => visit(name, new Set()));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function damaged(file: string, why: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_ARCHSPEC", `${file} ${why}.`, {
    kind: "corrupt",
    place: file,
    cause,
    hint: "Restore it from Spack's repository (git checkout), or install Spack again.",
  });
}

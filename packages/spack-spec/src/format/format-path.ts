// Formats a spec as a relative path with only safe characters in each component.

import type { Spec } from "../model/spec.js";
import { pathFormatError } from "./format-errors.js";
import type { FormatOptions } from "./format-options.js";
import { formatAny } from "./format-spec.js";

/**
 * The path of `spec` by `format`. Only slashes in the format itself separate components; in a component, everything
 * except letters, digits, `_`, `+`, `.` and `-` becomes `_` (`spack/spec.py: Spec.format_path`).
 *
 * @throws SpackOciError `ERR_SPEC_FORMAT_PATH` if braces contain a slash, and the errors of format strings
 */
export function formatPathOf(spec: Spec, format: string, options: FormatOptions = {}): string {
  if (/\{[^}]*[/\\][^}]*\}/.test(format)) throw pathFormatError(format);
  const components = format.split("/").filter((component) => component !== "" && component !== ".");
  const path = components.map((component) =>
    safeName(formatAny(spec, component, { ...options, color: false })),
  );
  const root =
    format.startsWith("//") && !format.startsWith("///") ? "//" : format.startsWith("/") ? "/" : "";
  return root + path.filter((component) => component !== "" && component !== ".").join("/") || ".";
}

function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9_+.-]/gu, "_");
}

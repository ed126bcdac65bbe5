// The merged configuration as lines of YAML, each with the file and line it came from, as `spack config blame` prints.

import { keyText, scalarText } from "./scalar-text.js";
import type { ConfigEntry, ConfigKey, ConfigScalar, ConfigValue, Mark } from "./value.js";

/** One line of YAML, and where the last item on it comes from; undefined if it does not come from a file. */
export interface BlamedLine {
  readonly where: Mark | undefined;
  readonly line: string;
}

/**
 * The lines of `section` with its merged value.
 *
 * Booleans, numbers and null have the place of the preceding key or string, as in Spack.
 *
 * Source: `lib/spack/spack/util/spack_yaml.py`, `LineAnnotationEmitter` and `_dump_annotated`.
 */
export function blameLines(section: string, value: ConfigValue): BlamedLine[] {
  const writer = new BlameWriter();
  const sectionKey: ConfigKey = { text: section, isString: true, override: false, mark: undefined };
  writer.blockEntry({ key: sectionKey, value }, 0);
  return writer.lines;
}

const NOWHERE: Mark = { file: "", line: undefined };

/** A place as Spack prints it: `file:line`, the name of a built-in scope, or `---`. */
export function formatPlace(where: Mark | undefined): string {
  if (where === undefined) return "---";
  return where.line === undefined ? where.file : `${where.file}:${where.line}`;
}

class BlameWriter {
  readonly lines: BlamedLine[] = [];
  #saved: Mark | undefined;
  #line = "";

  blockEntry({ key, value }: ConfigEntry, indent: number): void {
    this.#line += `${keyText(key, false)}:`;
    this.#seeKey(key);
    if (isInline(value)) {
      this.#line += ` ${this.#inline(value, false)}`;
      this.#break();
    } else {
      this.#break();
      this.#block(value, value.kind === "map" ? indent + 2 : indent);
    }
  }

  #block(value: ConfigValue, indent: number): void {
    if (value.kind === "map") {
      for (const entry of value.entries.values()) {
        if (this.#line === "") this.#line = " ".repeat(indent);
        this.blockEntry(entry, indent);
      }
    } else if (value.kind === "list") {
      for (const item of value.items) this.#blockItem(item, indent);
    }
  }

  #blockItem(item: ConfigValue, indent: number): void {
    if (this.#line === "") this.#line = " ".repeat(indent);
    this.#line += "- ";
    if (isInline(item)) {
      this.#line += this.#inline(item, false);
      this.#break();
    } else {
      this.#block(item, indent + 2);
    }
  }

  #inline(value: ConfigValue, inFlow: boolean): string {
    if (value.kind === "scalar") {
      this.#seeScalar(value);
      return scalarText(value, { inFlow, isKey: false });
    }
    if (value.kind === "list") return `[${value.items.map((item) => this.#flowItem(item)).join(", ")}]`;
    const entries = [...value.entries.values()].map((entry) => {
      this.#seeKey(entry.key);
      return `${keyText(entry.key, true)}: ${this.#inline(entry.value, true)}`;
    });
    return `{${entries.join(", ")}}`;
  }

  /** In brackets, a mapping with a single key does not need braces. */
  #flowItem(item: ConfigValue): string {
    const text = this.#inline(item, true);
    return item.kind === "map" && item.entries.size === 1 ? text.slice(1, -1) : text;
  }

  #seeKey({ isString, mark }: ConfigKey): void {
    if (isString && mark !== undefined) this.#saved = mark;
  }

  #seeScalar({ type, value, mark }: ConfigScalar): void {
    const isMarked = type === "string" || (type === "integer" && mark?.line === undefined);
    // Spack does not print a place after an empty string.
    if (value === "") this.#saved = NOWHERE;
    else if (isMarked && mark !== undefined) this.#saved = mark;
  }

  #break(): void {
    this.lines.push({ where: this.#saved, line: this.#line });
    this.#line = "";
  }
}

function isInline(value: ConfigValue): boolean {
  if (value.kind === "scalar" || value.flow) return true;
  return value.kind === "map" ? value.entries.size === 0 : value.items.length === 0;
}

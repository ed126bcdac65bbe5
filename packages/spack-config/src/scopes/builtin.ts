// Spack's built-in settings.

import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type ConfigEntry, type ConfigScalar, type ConfigValue, key, map, text } from "../yaml/value.js";
import { InternalScope } from "./scope.js";

/** The weakest scope, `_builtin`. Source: `lib/spack/spack/config.py`, `CONFIG_DEFAULTS`. */
export function builtinScope(spackRoot: string): InternalScope {
  const config = map([
    entry("debug", boolean(false)),
    entry("connect_timeout", integer(10)),
    entry("verify_ssl", boolean(true)),
    entry("checksum", boolean(true)),
    entry("dirty", boolean(false)),
    entry("build_jobs", integer(Math.min(16, availableParallelism()))),
    entry("build_stage", text("$tempdir/spack-stage")),
    entry("license_dir", text(join(spackRoot, "etc/spack/licenses"))),
  ]);
  const concretizer = map([entry("externals", map([entry("completion", text("default_variants"))]))]);
  return new InternalScope("_builtin", [entry("config", config), entry("concretizer", concretizer)]);
}

function entry(name: string, value: ConfigValue): ConfigEntry {
  return { key: key(name), value };
}

function boolean(value: boolean): ConfigScalar {
  return { kind: "scalar", type: "boolean", value, mark: undefined };
}

function integer(value: number): ConfigScalar {
  return { kind: "scalar", type: "integer", value, mark: undefined };
}

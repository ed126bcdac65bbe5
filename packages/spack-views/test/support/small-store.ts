// A store of a few packages with chosen files, and an environment over it.

import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseJson, readNode, type SpecNode } from "@spack-oci/spack-spec";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import type { ViewDescriptor } from "../../src/descriptor/view-descriptor.js";
import type { ViewPackages } from "../../src/descriptor/view-packages.js";

/**
 * Contents by path, in which PREFIX and STORE are paths; `-> target` is a link. A path that ends with `*` is
 * executable, with `-` read-only.
 */
type Files = Readonly<Record<string, string>>;

interface SmallPackage {
  readonly name: string;
  readonly hash?: string;
  readonly files?: Files;
  /** Names of packages to link and run with. */
  readonly needs?: readonly string[];
  readonly recipe?: string;
  readonly external?: string;
}

/** The roots are all packages, in this order; their prefixes are `opt/NAME`, or `opt/HASH`. */
export function smallStore(packages: readonly SmallPackage[]): ViewPackages & { readonly home: string } {
  const home = scratchDirectory("view");
  const storeRoot = join(home, "opt");
  const hashOf = ({ name, hash }: SmallPackage) => (hash ?? name).padEnd(32, "a").replace(/[^a-z2-7]/g, "b");
  const prefixes = new Map<string, string>();
  const nodes = packages.map((item): readonly [string, SpecNode] => {
    const prefix = item.external ?? join(storeRoot, item.hash ?? item.name);
    prefixes.set(hashOf(item), prefix);
    if (item.external === undefined) writePackage(prefix, item);
    return [hashOf(item), nodeOf(item)];
  });
  function nodeOf(item: SmallPackage): SpecNode {
    const dependencies = (item.needs ?? []).map((name) => ({
      name,
      hash: hashOf(packages.find((each) => each.name === name) ?? { name }),
      parameters: { deptypes: ["link", "run"], virtuals: [] },
    }));
    const json = JSON.stringify({
      name: item.name,
      version: "1.0",
      namespace: "builtin",
      arch: { platform: "linux", platform_os: "debian12", target: "x86_64" },
      parameters: {},
      ...(item.external === undefined
        ? {}
        : { external: { path: item.external, module: null, extra_attributes: {} } }),
      package_hash: "x",
      dependencies,
      hash: hashOf(item),
    });
    return readNode(parseJson(json, { place: "test" }), 5);
  }
  return {
    home,
    graph: new Map(nodes),
    roots: nodes.map(([hash]) => hash),
    storeRoot,
    isInstalled: () => true,
    prefixOf: ({ hash }) => prefixes.get(hash) ?? "",
  };
}

export function descriptor(root: string, settings: Partial<ViewDescriptor> = {}): ViewDescriptor {
  const projections = settings.projections ?? new Map<string, string>();
  return {
    root,
    link: "all",
    linkType: "symlink",
    select: [],
    exclude: [],
    projections,
    written: { root, projections },
    ...settings,
  };
}

function writePackage(prefix: string, { name, files = {}, recipe }: SmallPackage): void {
  const kept =
    recipe === undefined ? {} : { [`.spack/repos/spack_repo/builtin/packages/${name}/package.py`]: recipe };
  for (const [path, content] of Object.entries({ ".spack/spec.json": "{}", ...kept, ...files })) {
    const place = join(prefix, path.replace(/[*-]$/, ""));
    mkdirSync(dirname(place), { recursive: true });
    if (content.startsWith("-> ")) symlinkSync(content.slice(3).replace("PREFIX", prefix), place);
    else writeFileSync(place, content.replaceAll("PREFIX", prefix).replaceAll("STORE", dirname(prefix)));
    if (path.endsWith("*")) chmodSync(place, 0o755);
    if (path.endsWith("-")) chmodSync(place, 0o444);
  }
}

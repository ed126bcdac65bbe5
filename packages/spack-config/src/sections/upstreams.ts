// What `upstreams:` may hold.
import { closed, mapping, open, type Properties, string } from "./schema.js";

/** Source: `lib/spack/spack/schema/upstreams.py`. */
export const upstreams: Properties = {
  upstreams: mapping(closed({ install_tree: string, modules: open({ tcl: string, lmod: string }) })),
};

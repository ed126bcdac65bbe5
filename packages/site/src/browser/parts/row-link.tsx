// Links to packages and to their builds.

import { addressOf } from "../model/route.js";
import { useSite } from "../model/site-model.js";
import { Text } from "./text.js";

/** `name@version`, and the start of the hash. What the buildcache has no binary of is marked. */
export function RowLink({ row }: { readonly row: number }) {
  const { labels, table } = useSite();
  const isPackage = row < table.packages;
  const note = table.external[row] ? "external" : "not in this buildcache";
  return (
    <span class="row-link">
      <a href={addressOf({ view: "build", hash: labels.hash(row) })}>
        <Text limit={120}>{labels.name(row)}</Text>
        <span class="quiet">
          @<Text limit={60}>{labels.version(row)}</Text>
        </span>
      </a>
      <code class="hash">
        <Text limit={7}>{labels.hash(row).slice(0, 7)}</Text>
      </code>
      {!isPackage && <span class="tag">{note}</span>}
    </span>
  );
}

export function PackageLink({ name }: { readonly name: string }) {
  return (
    <a href={addressOf({ view: "package", name })}>
      <Text limit={120}>{name}</Text>
    </a>
  );
}

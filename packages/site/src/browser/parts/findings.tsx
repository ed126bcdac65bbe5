// Problems, each with its fix.

import type { SiteFinding } from "../../catalog/site-catalog.js";
import { addressOf } from "../model/route.js";
import { useSite } from "../model/site-model.js";
import { Code, Text } from "./text.js";

/** Further ones are in the catalog. */
const MAX_FINDINGS = 500;

export function Findings({ findings }: { readonly findings: readonly SiteFinding[] }) {
  const rest = findings.length - MAX_FINDINGS;
  return (
    <ul class="findings">
      {findings.slice(0, MAX_FINDINGS).map(({ severity, kind, what, hint, tag }, at) => (
        <li key={at} class={severity}>
          <span class="tag">{severity}</span>{" "}
          <span class="quiet">
            <Text limit={60}>{kind}</Text>
          </span>{" "}
          {tag !== null && <TagLink tag={tag} />}
          <p>
            <Text>{what}</Text>
          </p>
          <p class="quiet">
            <Text>{hint}</Text>
          </p>
        </li>
      ))}
      {rest > 0 && <li>{rest} more are in catalog.json.</li>}
    </ul>
  );
}

/** A link if the hash in the tag is one of the catalog. */
function TagLink({ tag }: { readonly tag: string }) {
  const { table } = useSite();
  const [, hash = ""] = /-([a-z2-7]{32})\.spack$/.exec(tag) ?? [];
  if (!table.rowOfHash.has(hash)) return <Code limit={140}>{tag}</Code>;
  return (
    <a href={addressOf({ view: "build", hash })}>
      <Code limit={140}>{tag}</Code>
    </a>
  );
}

// Everything about one build of a package.

import { useEffect, useState } from "preact/hooks";
import type { PackageDetails } from "../../data/details.js";
import { dependentsOf, isRuntime, runtimeClosure } from "../model/graph-walks.js";
import { countText, sizeText } from "../model/labels.js";
import { loadDetails } from "../model/receiver.js";
import { addressOf } from "../model/route.js";
import { useSite } from "../model/site-model.js";
import { Panel } from "../parts/bars.js";
import { Findings } from "../parts/findings.js";
import { ImagePanels } from "../parts/image-panels.js";
import { MissingBuild } from "../parts/missing-build.js";
import { PackageLink, RowLink } from "../parts/row-link.js";
import { SpecTree } from "../parts/spec-tree.js";
import { Code, Text } from "../parts/text.js";
import { UseLines } from "../parts/use-lines.js";

export function BuildView({ hash }: { readonly hash: string }) {
  const { table, labels } = useSite();
  const row = table.rowOfHash.get(hash);
  const { details, problem } = useDetails(row !== undefined && row < table.packages ? row : undefined);
  if (row === undefined) return <MissingBuild hash={hash} />;
  const findings = table.findings.filter(({ tag }) => tag?.endsWith(`-${hash}.spack`));
  const closure = runtimeClosure(table, row);
  const needed = closure.reduce((sum, each) => sum + Math.max(0, table.size[each] ?? 0), 0);
  return (
    <>
      <h1>
        <PackageLink name={labels.name(row)} />
        <span class="quiet">
          @<Text limit={100}>{labels.version(row)}</Text>
        </span>{" "}
        <code class="hash">
          <Text>{labels.hash(row).slice(0, 7)}</Text>
        </code>
      </h1>
      <p class="spec">
        <Code>{specText(labels, row)}</Code>
      </p>
      <p class="quiet">
        {sizeText(table.size[row] ?? -1)} for itself, {sizeText(needed)} with the{" "}
        {countText(closure.length - 1)} specs that it runs with ·{" "}
        <a href={addressOf({ view: "graph", hash })}>graph</a> ·{" "}
        <a href={addressOf({ view: "package", name: labels.name(row) })}>other builds</a>
      </p>
      {findings.length > 0 && <Findings findings={findings} />}
      {problem !== undefined && <p role="alert">{problem}</p>}
      <div class="panels">
        {row < table.packages && <UseLines row={row} tag={details?.tag} />}
        <Panel title="Spec tree" note="what it depends on" span="broad">
          <SpecTree row={row} key={row} />
        </Panel>
        <Dependents row={row} />
        {details?.image && <ImagePanels image={details.image} tag={details.tag} hash={hash} />}
      </div>
    </>
  );
}

const MAX_DEPENDENTS = 60;

function Dependents({ row }: { readonly row: number }) {
  const { table, labels } = useSite();
  const dependents = dependentsOf(table, row).sort(
    (one, other) => Number(isRuntime(other)) - Number(isRuntime(one)),
  );
  const rest = dependents.length - MAX_DEPENDENTS;
  return (
    <Panel title="Dependents" note={countText(dependents.length)}>
      <ul class="plain">
        {dependents.slice(0, MAX_DEPENDENTS).map(({ row: each, types }, at) => (
          <li key={at}>
            <RowLink row={each} />{" "}
            <span class="quiet">
              <Text limit={60}>{types.join(", ")}</Text>
            </span>
          </li>
        ))}
      </ul>
      {dependents.length === 0 && <p class="quiet">Nothing here depends on it.</p>}
      {rest > 0 && (
        <a
          href={addressOf({ view: "packages", filter: `^${labels.name(row)}/${labels.hash(row)}`, sort: "" })}
        >
          {countText(rest)} more
        </a>
      )}
    </Panel>
  );
}

/** The spec without its dependencies. */
function specText(labels: ReturnType<typeof useSite>["labels"], row: number): string {
  const compiler = labels.compiler(row);
  const rest = compiler === "" ? "" : ` %${compiler.replaceAll(" ", " %")}`;
  return `${labels.name(row)}@${labels.version(row)} ${labels.parameters(row)} target=${labels.target(row)} os=${labels.os(row)}${rest}`;
}

interface LoadedDetails {
  readonly details: PackageDetails | undefined;
  readonly problem: string | undefined;
}

function useDetails(row: number | undefined): LoadedDetails {
  const { table } = useSite();
  const [state, setState] = useState<LoadedDetails & { readonly row?: number }>({ ...NOTHING });
  useEffect(() => {
    let isCurrent = true;
    if (row === undefined) return;
    loadDetails(row, table.read).then(
      (details) => isCurrent && setState({ details, problem: undefined, row }),
      (error: Error) => isCurrent && setState({ details: undefined, problem: error.message, row }),
    );
    return () => {
      isCurrent = false;
    };
  }, [table, row]);
  return state.row === row ? state : NOTHING;
}

const NOTHING: LoadedDetails = { details: undefined, problem: undefined };

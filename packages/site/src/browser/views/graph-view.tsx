// The neighborhood of a spec as a drawing: what it depends on to the right, what depends on it to the left.

import { useMemo, useState } from "preact/hooks";
import { countText } from "../model/labels.js";
import { drawNeighborhood } from "../model/neighborhood.js";
import { addressOf } from "../model/route.js";
import { useSite } from "../model/site-model.js";
import { GraphDrawing } from "../parts/graph-drawing.js";
import { MissingBuild } from "../parts/missing-build.js";
import { Text } from "../parts/text.js";

const DEPTHS = [1, 2, 3];

export function GraphView({ hash }: { readonly hash: string }) {
  const { table, labels } = useSite();
  const [depth, setDepth] = useState(2);
  const [withBuild, setWithBuild] = useState(false);
  const row = table.rowOfHash.get(hash);
  const drawing = useMemo(
    () => (row === undefined ? undefined : drawNeighborhood({ table, labels }, row, { depth, withBuild })),
    [table, labels, row, depth, withBuild],
  );
  if (row === undefined || drawing === undefined) return <MissingBuild hash={hash} />;
  return (
    <>
      <h1>
        Graph of{" "}
        <a href={addressOf({ view: "build", hash })}>
          <Text limit={120}>{labels.title(row)}</Text>
        </a>
      </h1>
      <fieldset class="controls">
        <legend class="hidden">What to draw</legend>
        <label>
          Depth{" "}
          <select value={depth} onChange={(event) => setDepth(Number(event.currentTarget.value))}>
            {DEPTHS.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
        <label>
          <input
            type="checkbox"
            checked={withBuild}
            onChange={(event) => setWithBuild(event.currentTarget.checked)}
          />{" "}
          build dependencies
        </label>
        <span class="quiet">
          {countText(drawing.nodes.length)} specs
          {drawing.left > 0 && `; ${countText(drawing.left)} more are left out`}. Follow a spec to move there.
        </span>
      </fieldset>
      <GraphDrawing drawing={drawing} center={row} />
    </>
  );
}

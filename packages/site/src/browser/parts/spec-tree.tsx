// The dependencies of a build as a tree that opens on request.

import { useState } from "preact/hooks";
import { dependenciesOf, isRuntime, type Neighbor } from "../model/graph-walks.js";
import { sizeText } from "../model/labels.js";
import { useSite } from "../model/site-model.js";
import { RowLink } from "./row-link.js";
import { Text } from "./text.js";

interface SpecTreeProps {
  readonly row: number;
  /** The rows above, which a spec that is not Spack's could lead back to. */
  readonly above?: readonly number[];
}

export function SpecTree({ row, above = [] }: SpecTreeProps) {
  const { table } = useSite();
  const dependencies = dependenciesOf(table, row).sort(
    (one, other) => Number(isRuntime(other)) - Number(isRuntime(one)),
  );
  if (dependencies.length === 0) return <p class="quiet">It depends on nothing.</p>;
  return (
    <ul class="tree">
      {dependencies.map((each, at) => (
        <Branch key={at} neighbor={each} above={[...above, row]} />
      ))}
    </ul>
  );
}

function Branch({ neighbor, above }: { readonly neighbor: Neighbor; readonly above: readonly number[] }) {
  const { table, labels } = useSite();
  const [isOpen, setOpen] = useState(false);
  const { row, types, virtuals } = neighbor;
  const canOpen = table.firstEdge[row] !== table.firstEdge[row + 1] && !above.includes(row);
  return (
    <li>
      <div class="branch">
        {canOpen ? (
          <button
            type="button"
            class="fold"
            aria-expanded={isOpen}
            aria-label={`Dependencies of ${labels.title(row)}`}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? "−" : "+"}
          </button>
        ) : (
          <span class="fold" />
        )}
        <RowLink row={row} />
        <span class="quiet">
          <Text limit={60}>{types.join(", ")}</Text>
          {virtuals.length > 0 && (
            <>
              {" as "}
              <Text limit={80}>{virtuals.join(", ")}</Text>
            </>
          )}
        </span>
        <span class="number">{row < table.packages ? sizeText(table.size[row] ?? -1) : ""}</span>
      </div>
      {isOpen && <SpecTree row={row} above={above} />}
    </li>
  );
}

// How many builds were pushed in each month.

import { countText } from "../model/labels.js";
import { useSite } from "../model/site-model.js";

const [FEWEST_MONTHS, MOST_MONTHS] = [6, 24];
const HEIGHT = 96;
const STEP = 12;

export function PushHistory({ rows }: { readonly rows: readonly number[] }) {
  const { table } = useSite();
  const counts = new Map<number, number>();
  for (const row of rows) {
    const month = monthOf(table.packed[row] ?? 0);
    counts.set(month, (counts.get(month) ?? 0) + 1);
  }
  const [first, last] = [Math.min(...counts.keys()), Math.max(...counts.keys())];
  if (counts.size === 0)
    return <p class="quiet">The buildcache does not record when packages were pushed.</p>;
  const length = Math.min(MOST_MONTHS, Math.max(FEWEST_MONTHS, last - first + 1));
  const months = Array.from({ length }, (_, at) => last - length + 1 + at);
  const most = Math.max(...months.map((month) => counts.get(month) ?? 0));
  const summary = months
    .filter((month) => counts.has(month))
    .map((month) => `${monthText(month)}: ${counts.get(month)}`);
  return (
    <figure class="history">
      <svg
        viewBox={`0 0 ${length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={summary.join(", ")}
      >
        {months.map((month, at) => {
          const height = ((HEIGHT - 2) * (counts.get(month) ?? 0)) / most;
          return (
            <rect key={month} x={at * STEP + 1} y={HEIGHT - height} width={STEP - 2} height={height}>
              <title>{`${monthText(month)}: ${countText(counts.get(month) ?? 0)}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption>
        <span>{monthText(months[0] ?? last)}</span>
        <span>{monthText(last)}</span>
      </figcaption>
    </figure>
  );
}

/** Months since year 0. */
function monthOf(minutes: number): number {
  const date = new Date(minutes * 60_000);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function monthText(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
}

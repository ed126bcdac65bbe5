// Counts as bars: what there is, and how much of it.

import type { ComponentChildren } from "preact";
import { countText } from "../model/labels.js";
import { Text } from "./text.js";

export interface Bar {
  readonly label: string;
  readonly count: number;
  /** What the number says, if it is not a count. */
  readonly value?: string;
  readonly href?: string | undefined;
}

/** The largest first; those beyond `limit` are one bar. */
export function Bars({ bars, limit = 8 }: { readonly bars: readonly Bar[]; readonly limit?: number }) {
  const sorted = [...bars].sort((one, other) => other.count - one.count);
  const shown = sorted.slice(0, sorted.length > limit ? limit - 1 : limit);
  const rest = sorted.slice(shown.length);
  const most = Math.max(1, ...shown.map(({ count }) => count));
  return (
    <ul class="bars">
      {shown.map(({ label, count, value, href }) => (
        <li key={label}>
          <span class="bar" style={{ width: `${(100 * count) / most}%` }} />
          <span class="label">
            {href === undefined ? <Text>{label}</Text> : <Linked href={href}>{label}</Linked>}
          </span>
          <span class="number">{value ?? countText(count)}</span>
        </li>
      ))}
      {rest.length > 0 && (
        <li class="rest">
          <span class="label">{countText(rest.length)} more</span>
          <span class="number">{countText(rest.reduce((sum, { count }) => sum + count, 0))}</span>
        </li>
      )}
    </ul>
  );
}

function Linked({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <a href={href}>
      <Text limit={120}>{children}</Text>
    </a>
  );
}

interface PanelProps {
  readonly title: string;
  readonly note?: string;
  /** How much of the width it takes. */
  readonly span?: "broad" | "wide";
  readonly children: ComponentChildren;
}

/** A part of a view, with a heading. */
export function Panel({ title, note, span, children }: PanelProps) {
  return (
    <section class={span === undefined ? "panel" : `panel ${span}`}>
      <h2>
        {title} {note !== undefined && <span class="quiet">{note}</span>}
      </h2>
      {children}
    </section>
  );
}

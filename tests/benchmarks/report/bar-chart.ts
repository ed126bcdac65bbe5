// Draws a horizontal bar chart as SVG, readable on light and dark pages.

/** One bar. */
export interface Bar {
  readonly label: string;
  /** At least 0. */
  readonly value: number;
  /** The label after it. */
  readonly text: string;
}

/** A reference value across all bars. */
export interface Mark {
  readonly value: number;
  readonly text: string;
}

const [WIDTH, LABELS, TEXTS] = [840, 400, 70];
const [ROW, TOP] = [24, 56];

/** The chart as an SVG document. */
export function barChart(title: string, bars: readonly Bar[], mark: Mark): string {
  const largest = Math.max(mark.value, ...bars.map(({ value }) => value));
  const scale = (value: number) => (value / largest) * (WIDTH - LABELS - TEXTS);
  const height = TOP + bars.length * ROW + 10;
  const at = (LABELS + scale(mark.value)).toFixed(1);
  const rows = bars.map(({ label, value, text }, index) => {
    const top = TOP + index * ROW;
    const end = LABELS + scale(value);
    return `  <text x="${LABELS - 8}" y="${top + 15}" text-anchor="end">${escapeXml(label)}</text>
  <rect x="${LABELS}" y="${top + 3}" width="${scale(value).toFixed(1)}" height="${ROW - 7}"/>
  <text x="${(end + 6).toFixed(1)}" y="${top + 15}">${escapeXml(text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
  <title>${escapeXml(title)}</title>
  <style>
    text { font: 12px sans-serif; fill: #24292f } .title { font-weight: bold }
    rect { fill: #4078c0 } line { stroke: #888888; stroke-dasharray: 4 3 }
    @media (prefers-color-scheme: dark) { text { fill: #d0d7de } rect { fill: #6ca0e0 } }
  </style>
  <text class="title" x="8" y="18">${escapeXml(title)}</text>
  <text x="${at}" y="42" text-anchor="middle">${escapeXml(mark.text)}</text>
${rows.join("\n")}
  <line x1="${at}" y1="48" x2="${at}" y2="${height - 6}"/>
</svg>
`;
}

function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

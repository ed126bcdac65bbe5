// A command line to copy.

import { useState } from "preact/hooks";
import { visibleText } from "../../text/visible-text.js";

interface CopyLineProps {
  /** What the line is for. */
  readonly label: string;
  readonly line: string;
}

export function CopyLine({ label, line }: CopyLineProps) {
  const [outcome, setOutcome] = useState("");
  const copy = async () => {
    // From a directory or over plain HTTP, some browsers have no clipboard.
    const done = await navigator.clipboard?.writeText(line).then(
      () => true,
      () => false,
    );
    setOutcome(done ? "Copied" : "Select the line to copy it");
  };
  return (
    <div class="copy-line">
      <span class="quiet">{label}</span>
      <pre>{visibleText(line)}</pre>
      <button type="button" onClick={copy} aria-label={`Copy: ${label}`}>
        {outcome === "" ? "Copy" : outcome}
      </button>
    </div>
  );
}

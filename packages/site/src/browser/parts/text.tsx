// Text from packages, which is never markup.

import { visibleText } from "../../text/visible-text.js";

interface TextProps {
  readonly children: string;
  readonly limit?: number;
}

/** Isolated from the direction of the text around it. */
export function Text({ children, limit }: TextProps) {
  return <bdi>{visibleText(children, limit)}</bdi>;
}

/** The same in the font of code. */
export function Code({ children, limit }: TextProps) {
  return (
    <code>
      <bdi>{visibleText(children, limit)}</bdi>
    </code>
  );
}

// Where the space goes: a treemap of packages, or of the builds of one package, and the same as a list.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { countText, sizeText } from "../model/labels.js";
import { addressOf } from "../model/route.js";
import { useSite } from "../model/site-model.js";
import { spaceOf } from "../model/space.js";
import { Bars } from "../parts/bars.js";
import { Text } from "../parts/text.js";
import { Treemap } from "../parts/treemap.js";

/** The list has the largest. */
const LISTED = 20;

export function SpaceView({ name }: { readonly name: string }) {
  const site = useSite();
  const items = useMemo(() => spaceOf(site, name), [site, name]);
  const total = items.reduce((sum, { size }) => sum + size, 0);
  const { place, width } = useWidth();
  return (
    <>
      <h1>
        {name === "" ? "Space" : "Space of "}
        {name !== "" && (
          <a href={addressOf({ view: "package", name })}>
            <Text limit={120}>{name}</Text>
          </a>
        )}
      </h1>
      <p class="quiet">
        {sizeText(total)} of compressed layers in {countText(items.length)}{" "}
        {name === "" ? "packages" : "builds"}
        {name !== "" && (
          <>
            {" "}
            · <a href={addressOf({ view: "space", name: "" })}>all packages</a>
          </>
        )}
      </p>
      <div ref={place}>{width > 0 && <Treemap items={items} width={width} />}</div>
      <h2>Largest</h2>
      <Bars
        bars={items
          .slice(0, LISTED)
          .map(({ label, size, href }) => ({ label, count: size, value: sizeText(size), href }))}
        limit={LISTED}
      />
    </>
  );
}

/** The width that there is for a drawing. */
function useWidth() {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { place, width };
}

// The frame around all views: the name of the buildcache, navigation, and the filter.

import { useEffect, useState } from "preact/hooks";
import { visibleText } from "../text/visible-text.js";
import { countText } from "./model/labels.js";
import { addressOf, parseRoute, type Route } from "./model/route.js";
import { useSite } from "./model/site-model.js";
import { FilterBox } from "./parts/filter-box.js";
import { BuildView } from "./views/build-view.js";
import { GraphView } from "./views/graph-view.js";
import { Overview } from "./views/overview.js";
import { PackageView } from "./views/package-view.js";
import { PackagesView } from "./views/packages-view.js";
import { SpaceView } from "./views/space-view.js";
import { WarningsView } from "./views/warnings-view.js";

export function App() {
  const { table } = useSite();
  const route = useRoute();
  const warnings = table.findings.length;
  const links: readonly (readonly [string, Route])[] = [
    ["Overview", { view: "overview" }],
    ["Packages", { view: "packages", filter: "", sort: "" }],
    ["Space", { view: "space", name: "" }],
    [warnings > 0 ? `Warnings (${countText(warnings)})` : "Warnings", { view: "warnings" }],
  ];
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById("content")?.focus()}>
        Skip to content
      </button>
      <header class="top">
        <a class="mirror" href={addressOf({ view: "overview" })}>
          <bdi>{visibleText(table.mirror, 200)}</bdi>
        </a>
        <nav aria-label="Views">
          {links.map(([label, to]) => (
            <a key={label} href={addressOf(to)} aria-current={to.view === route.view ? "page" : undefined}>
              {label}
            </a>
          ))}
        </nav>
        <FilterBox route={route} />
      </header>
      <main id="content" tabIndex={-1}>
        <View route={route} />
      </main>
      <footer>
        Read {table.read.slice(0, 16).replace("T", " ")} UTC · <a href="feed.xml">Feed</a> ·{" "}
        <a href="catalog.json">Data</a> · <a href="LICENSES.txt">Licenses</a>
      </footer>
    </>
  );
}

function View({ route }: { readonly route: Route }) {
  switch (route.view) {
    case "overview":
      return <Overview />;
    case "packages":
      return <PackagesView filter={route.filter} sort={route.sort} />;
    case "package":
      return <PackageView name={route.name} />;
    case "build":
      return <BuildView hash={route.hash} />;
    case "graph":
      return <GraphView hash={route.hash} />;
    case "space":
      return <SpaceView name={route.name} />;
    case "warnings":
      return <WarningsView />;
  }
}

/** The route of the address. A new view starts at its top, and a screen reader reads it from its heading. */
function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const onChange = () => {
      const next = parseRoute(location.hash);
      setRoute((previous) => {
        if (placeOf(previous) !== placeOf(next)) scrollTo(0, 0);
        return next;
      });
    };
    addEventListener("hashchange", onChange);
    return () => removeEventListener("hashchange", onChange);
  }, []);
  useEffect(() => {
    const heading = document.querySelector("h1")?.textContent;
    document.title = [heading, document.querySelector(".mirror")?.textContent].filter(Boolean).join(" · ");
  }, [route]);
  return route;
}

/** Which view of what, without a filter. */
function placeOf(route: Route): string {
  return route.view === "packages" ? route.view : addressOf(route);
}

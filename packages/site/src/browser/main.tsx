// The script of a site: waits for the data, and shows it.

import { render } from "preact";
import { decodeCatalog } from "../data/decode-catalog.js";
import { App } from "./app.js";
import { receiveColumns } from "./model/receiver.js";
import { SiteContext, siteModel } from "./model/site-model.js";

receiveColumns((columns) => {
  const place = document.getElementById("site");
  if (place === null) throw new Error("The page has no place for the site.");
  const site = siteModel(decodeCatalog(columns));
  place.replaceChildren();
  render(
    <SiteContext.Provider value={site}>
      <App />
    </SiteContext.Provider>,
    place,
  );
  whileIdle(site.filter.warmUp());
});

/** Runs steps one by one while there is nothing else to do. */
function whileIdle(steps: Iterator<void>): void {
  const wait = globalThis.requestIdleCallback ?? setTimeout;
  wait(() => {
    if (!steps.next().done) whileIdle(steps);
  });
}

// The view that an address asks for. It follows the `#`, because a site from a directory has no server to ask.

import { addressPart } from "../../text/address-part.js";

export type Route =
  | { readonly view: "overview" }
  | { readonly view: "packages"; readonly filter: string; readonly sort: string }
  | { readonly view: "package"; readonly name: string }
  | { readonly view: "build"; readonly hash: string }
  | { readonly view: "graph"; readonly hash: string }
  | { readonly view: "space"; readonly name: string }
  | { readonly view: "warnings" };

/** Anything unknown leads to the overview. */
export function parseRoute(fragment: string): Route {
  const [path = "", query = ""] = fragment.replace(/^#\/?/, "").split("?", 2);
  const [view = "", ...rest] = path.split("/");
  const argument = decoded(rest.join("/"));
  const parameters = new URLSearchParams(query);
  switch (view) {
    case "packages":
      return { view, filter: parameters.get("filter") ?? "", sort: parameters.get("sort") ?? "" };
    case "package":
      return { view, name: argument };
    case "build":
    case "graph":
      return { view, hash: argument };
    case "space":
      return { view, name: argument };
    case "warnings":
      return { view };
    default:
      return { view: "overview" };
  }
}

export function addressOf(route: Route): string {
  switch (route.view) {
    case "overview":
      return "#/";
    case "packages":
      return packagesAddress(route.filter, route.sort);
    case "package":
      return `#/package/${addressPart(route.name)}`;
    case "build":
    case "graph":
      return `#/${route.view}/${addressPart(route.hash)}`;
    case "space":
      return route.name === "" ? "#/space" : `#/space/${addressPart(route.name)}`;
    case "warnings":
      return "#/warnings";
  }
}

function packagesAddress(filter: string, sort: string): string {
  const parameters = new URLSearchParams();
  if (filter !== "") parameters.set("filter", filter);
  if (sort !== "") parameters.set("sort", sort);
  return `#/packages${parameters.size > 0 ? `?${parameters}` : ""}`;
}

/** A malformed address is not decoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

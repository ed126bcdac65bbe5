// The box that filters packages from every view.

import { useEffect, useRef } from "preact/hooks";
import { addressOf, parseRoute, type Route } from "../model/route.js";

/** What a text in the box can be. */
const EXAMPLE = "zlib@1.3: +shared %gcc@12 target=x86_64_v3 ^cmake";

export function FilterBox({ route }: { readonly route: Route }) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // The address, not the route: someone who types fast is ahead of what has been drawn.
    const current = parseRoute(location.hash);
    const filter = current.view === "packages" ? current.filter : "";
    if (box.current !== null && box.current.value !== filter) box.current.value = filter;
  }, [route]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      box.current?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const onInput = (event: Event) => {
    const text = (event.currentTarget as HTMLInputElement).value;
    const sort = route.view === "packages" ? route.sort : "";
    const address = addressOf({ view: "packages", filter: text, sort });
    if (route.view !== "packages") location.assign(address);
    else {
      // Typing must not fill the history.
      history.replaceState(null, "", address);
      dispatchEvent(new HashChangeEvent("hashchange"));
    }
  };
  return (
    <search class="filter">
      <input
        ref={box}
        type="search"
        aria-label="Filter packages by specs in Spack's syntax, or by words"
        aria-keyshortcuts="/"
        placeholder={EXAMPLE}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        onInput={onInput}
      />
    </search>
  );
}

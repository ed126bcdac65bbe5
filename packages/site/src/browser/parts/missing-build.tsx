// What a page of a build says if the buildcache does not have it.

import { Code } from "./text.js";

export function MissingBuild({ hash }: { readonly hash: string }) {
  return (
    <>
      <h1>No such build</h1>
      <p>
        The buildcache has no spec with the hash <Code limit={80}>{hash}</Code>.
      </p>
    </>
  );
}

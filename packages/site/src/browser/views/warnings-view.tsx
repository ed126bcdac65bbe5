// What check, audit and the reading of the buildcache found.

import { useSite } from "../model/site-model.js";
import { Findings } from "../parts/findings.js";

export function WarningsView() {
  const { table } = useSite();
  return (
    <>
      <h1>Warnings</h1>
      {table.findings.length === 0 ? (
        <p>
          No problems are known. The site shows what <code>spack-oci check</code> and{" "}
          <code>spack-oci audit</code> report if it is written with <code>--findings</code>.
        </p>
      ) : (
        <Findings findings={table.findings} />
      )}
    </>
  );
}

// The lines that bring a package onto a machine or into a container.

import { useSite } from "../model/site-model.js";
import { Panel } from "./bars.js";
import { CopyLine } from "./copy-line.js";

const REGISTRY = /^oci(?:\+http)?:\/\//;

interface UseLinesProps {
  readonly row: number;
  /** Undefined until the details have arrived. */
  readonly tag: string | undefined;
}

export function UseLines({ row, tag }: UseLinesProps) {
  const { table, labels } = useSite();
  const spec = quoted(`${labels.name(row)}/${labels.hash(row)}`);
  const mirror = quoted(table.mirror);
  const isRegistry = REGISTRY.test(table.mirror);
  const image = tag === undefined ? undefined : `${table.mirror.replace(REGISTRY, "")}:${tag}`;
  return (
    <Panel title="Use it" span="wide">
      <CopyLine label="With spack-oci" line={`spack-oci pull ${mirror} ${spec}`} />
      {isRegistry && (
        <>
          <CopyLine label="With Spack, once" line={`spack mirror add --unsigned site ${mirror}`} />
          <CopyLine label="With Spack" line={`spack install --cache-only ${spec}`} />
          {image !== undefined && (
            <>
              <CopyLine label="As a container" line={`docker run -it ${quoted(image)}`} />
              <CopyLine label="In a Dockerfile" line={`FROM ${oneLine(image)}`} />
            </>
          )}
        </>
      )}
    </Panel>
  );
}

/** One word for a shell, whatever it holds. */
function quoted(text: string): string {
  const word = oneLine(text);
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A terminal runs a pasted line at its end, and acts on control characters. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "?");
}

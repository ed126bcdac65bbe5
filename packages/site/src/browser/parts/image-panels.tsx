// What the image of a package says: digests, prefix, environment, files.

import type { ComponentChildren } from "preact";
import type { SiteImage } from "../../catalog/site-catalog.js";
import { countText, sizeText } from "../model/labels.js";
import { Bars, Panel } from "./bars.js";
import { Code, Text } from "./text.js";

interface ImagePanelsProps {
  readonly image: SiteImage;
  readonly tag: string;
  readonly hash: string;
}

const REFERRERS: Readonly<Record<string, string>> = {
  sig: "signature (cosign)",
  att: "attestation (cosign)",
  sbom: "bill of materials (cosign)",
};

export function ImagePanels({ image, tag, hash }: ImagePanelsProps) {
  const { layer, layers, place, environment, largestFiles, referrers } = image;
  return (
    <>
      <Panel title="Image" span="broad">
        <dl class="facts">
          <Fact name="DAG hash" code={hash} />
          <Fact name="Tag" code={tag} />
          <Fact name="Manifest" code={image.manifest} />
          <Fact name="Layer" code={layer.digest}>
            {sizeText(layer.size)} ({countText(layer.size)} bytes), <Text limit={80}>{layer.mediaType}</Text>
          </Fact>
          <Fact name="All layers">
            {countText(layers.count)}, {sizeText(layers.size)}
          </Fact>
          <Fact name="Pushed">
            <Text limit={40}>{image.packed ?? "unknown"}</Text>
          </Fact>
          {image.authors !== null && (
            <Fact name="By">
              <Text limit={200}>{image.authors}</Text>
            </Fact>
          )}
          <Fact name="Built by">
            {image.spackVersion === null ? (
              "unknown"
            ) : (
              <Text limit={200}>{`Spack ${image.spackVersion}`}</Text>
            )}
          </Fact>
          <Fact name="Signatures">
            {referrers.length === 0 ? (
              "none known"
            ) : (
              <Text limit={200}>{referrers.map((each) => REFERRERS[each] ?? each).join(", ")}</Text>
            )}
          </Fact>
        </dl>
      </Panel>
      <Panel title="Prefix">
        {place === null ? (
          <p class="quiet">The layer does not say where it was installed.</p>
        ) : (
          <dl class="facts">
            <Fact name="Prefix" code={place.prefix} />
            <Fact name="Root" code={place.unpaddedRoot} />
            <Fact name="Padding">
              {place.paddedLength === null ? "none" : `to ${place.paddedLength} characters`}
            </Fact>
          </dl>
        )}
      </Panel>
      <Panel title="Environment" note="of a container" span="wide">
        <ul class="plain lines">
          {environment.map((variable, at) => (
            <li key={at}>
              <Code limit={1000}>{variable}</Code>
            </li>
          ))}
        </ul>
      </Panel>
      {largestFiles !== undefined && (
        <Panel title="Largest files" span="wide">
          <Bars
            bars={largestFiles.map(({ path, size }) => ({ label: path, count: size, value: sizeText(size) }))}
            limit={largestFiles.length}
          />
        </Panel>
      )}
    </>
  );
}

interface FactProps {
  readonly name: string;
  readonly code?: string;
  readonly children?: ComponentChildren;
}

function Fact({ name, code, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {code !== undefined && <Code limit={600}>{code}</Code>} {children}
      </dd>
    </div>
  );
}

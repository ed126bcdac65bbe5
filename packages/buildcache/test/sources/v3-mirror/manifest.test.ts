// Manifests of Spack v3 mirrors: as Spack writes them, signed, and malformed.

import { expect, it } from "vitest";
import {
  ARCHIVE_TYPE,
  blobOfKind,
  formatMirrorManifest,
  parseMirrorManifest,
  SPEC_TYPE,
} from "../../../src/sources/v3-mirror/manifest.js";

/** As written by Spack 1.2. */
const written = `{
"version":3,
"data":[
{
"contentLength":15087,
"mediaType":"application/vnd.spack.install.v2.tar+gzip",
"compression":"gzip",
"checksumAlgorithm":"sha256",
"checksum":"6a5b76193dfbb0fb333c9681c0385718944d320d7de0364730ba92633afbbca1"
},
{
"contentLength":1426,
"mediaType":"application/vnd.spack.spec.v5+json",
"compression":"gzip",
"checksumAlgorithm":"sha256",
"checksum":"3dbf6225c20abad9a5345505dc3452545d44f65ac3f2f36df8a214a3c0dec05d"
}
]
}`;

it("reads what Spack writes, and writes the same", () => {
  const { blobs } = parseMirrorManifest(written, "here");
  expect(blobs.map(({ mediaType, size }) => [mediaType, size])).toEqual([
    [ARCHIVE_TYPE, 15087],
    [SPEC_TYPE, 1426],
  ]);
  expect(formatMirrorManifest(blobs)).toBe(written);
});

it("reads manifests signed by GnuPG, with headers and escaped lines", () => {
  const signed = `-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA512

${written.replace('"version"', '- "version"')}
-----BEGIN PGP SIGNATURE-----

iQIzBAEBCgAdFiEE
-----END PGP SIGNATURE-----
`;
  const expected = parseMirrorManifest(written, "here");
  expect(parseMirrorManifest(signed, "here")).toEqual(expected);
  expect(parseMirrorManifest(signed.replaceAll("\n", "\r\n"), "here")).toEqual(expected);
  const cut = signed.slice(0, 200);
  expect(() => parseMirrorManifest(cut, "here")).toThrow("its signature is truncated");
});

it.each([
  ["not an object", "[]", "it is not a manifest"],
  ["no blobs", '{"version":3}', "it is not a manifest"],
  ["another version", '{"version":4,"data":[]}', "its version is not 3"],
  ["an unknown algorithm", written.replace('"sha256"', '"md5"'), "is not a supported digest"],
  ["no length", written.replace("15087", "-1"), "a blob has no length"],
  ["no media type", written.replace('"mediaType":"application/vnd.spack.i', '"x":"'), "no media type"],
])("rejects %s", (_what, text, message) => {
  expect(() => parseMirrorManifest(text, "here")).toThrow(message);
});

it("names the kind of blob that is missing", () => {
  const manifest = parseMirrorManifest('{"version":3,"data":[]}', "here");
  expect(() => blobOfKind(manifest, /\.spack\.spec\.v\d+/, "here")).toThrow("it has no blob of type");
});

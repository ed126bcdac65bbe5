// Manifests of Spack v3 mirrors: as Spack writes them, signed ones, and what is none.

import { expect, it } from "vitest";
import {
  ARCHIVE_TYPE,
  blobOfKind,
  formatMirrorManifest,
  parseMirrorManifest,
  SPEC_TYPE,
} from "../../../src/sources/v3-mirror/manifest.js";

/** As a Spack 1.2 wrote it. */
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

it("reads what Spack writes, and writes it again", () => {
  const { blobs, signed } = parseMirrorManifest(written, "here");
  expect(signed).toBe(false);
  expect(blobs.map(({ mediaType, size }) => [mediaType, size])).toEqual([
    [ARCHIVE_TYPE, 15087],
    [SPEC_TYPE, 1426],
  ]);
  expect(formatMirrorManifest(blobs)).toBe(written);
});

it("reads what GnuPG has signed, with its headers and its escaped lines", () => {
  const signed = `-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA512

${written.replace('"version"', '- "version"')}
-----BEGIN PGP SIGNATURE-----

iQIzBAEBCgAdFiEE
-----END PGP SIGNATURE-----
`;
  const expected = { ...parseMirrorManifest(written, "here"), signed: true };
  expect(parseMirrorManifest(signed, "here")).toEqual(expected);
  expect(parseMirrorManifest(signed.replaceAll("\n", "\r\n"), "here")).toEqual(expected);
  const cut = signed.slice(0, 200);
  expect(() => parseMirrorManifest(cut, "here")).toThrow("its signature is cut off");
});

it.each([
  ["no object", "[]", "it is no manifest"],
  ["no blobs", '{"version":3}', "it is no manifest"],
  ["another version", '{"version":4,"data":[]}', "its version is not 3"],
  ["an unknown algorithm", written.replace('"sha256"', '"md5"'), "is no digest that this program knows"],
  ["no length", written.replace("15087", "-1"), "a blob has no length"],
  ["no media type", written.replace('"mediaType":"application/vnd.spack.i', '"x":"'), "no media type"],
])("refuses %s", (_what, text, message) => {
  expect(() => parseMirrorManifest(text, "here")).toThrow(message);
});

it("says which kind of blob is missing", () => {
  const manifest = parseMirrorManifest('{"version":3,"data":[]}', "here");
  expect(() => blobOfKind(manifest, /\.spack\.spec\.v\d+/, "here")).toThrow("it has no blob of type");
});

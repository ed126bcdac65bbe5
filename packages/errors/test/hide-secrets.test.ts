// User names and passwords of URLs never reach a message.

import { expect, test } from "vitest";
import { hideUserinfo, SpackOciError } from "../src/index.js";

test.each([
  ["oci://me:MARK@host/x", "oci://***@host/x"],
  ["oci://MARK@host/x", "oci://***@host/x"],
  [
    'Not a location: "oci+http://me:MA@RK@host:5000/x:tag".',
    'Not a location: "oci+http://***@host:5000/x:tag".',
  ],
  ["oci://me:MA/RK@host/x", "oci://***@host/x"],
  ["oci://me:MA#R?K@host/x", "oci://***@host/x"],
  ["https://me:MARK@h/a and http://MARK:MARK@h/b", "https://***@h/a and http://***@h/b"],
  ["me:MARK@host/x", "***@host/x"],
  ['There is no mirror named "me:MARK@host".', 'There is no mirror named "***@host".'],
])("%s", (text, expected) => {
  expect(hideUserinfo(text)).toBe(expected);
});

test.each([
  "oci://host/x:tag@sha256:0",
  "oci://host:5000/x@sha256:0",
  "oci://host:5000/x:tag@sha256:0",
  "host:5000/x:tag@sha256:0",
  "file:///opt/spack@1.2/x",
  "https://host:8080/spack@1.2/x",
  "hdf5@1.14 %gcc@12",
  "a@b:c",
  "hdf5 fabrics:=rxm,tcp@1.2",
])("%s has none", (text) => {
  expect(hideUserinfo(text)).toBe(text);
});

test("an error hides them in its message, place and hint", () => {
  const url = "oci://me:MARK@host/x";
  const { message, place, hint } = new SpackOciError("ERR_X", url, { kind: "usage", place: url, hint: url });
  expect([message, place, hint]).toEqual(Array(3).fill("oci://***@host/x"));
});

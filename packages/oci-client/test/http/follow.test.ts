// Where a registry may send this client, and where it may not.

import { expect, test } from "vitest";
import { followPolicy, isPrivate, resolveUrl } from "../../src/http/follow.js";

const may = async (from: string, to: string) =>
  followPolicy(from, to, "here").then(
    () => true,
    (error) => {
      expect(error).toMatchObject({ kind: "denied", code: "ERR_OCI_REDIRECT", place: "here" });
      return false;
    },
  );

test.each([
  ["https://8.8.8.8/", "https://8.8.4.4/", true],
  ["https://8.8.8.8/", "http://8.8.4.4/", false],
  ["https://8.8.8.8/", "http://8.8.8.8/", false],
  ["http://8.8.8.8/", "https://8.8.8.8/", true],
  ["http://8.8.8.8/", "http://8.8.4.4/", true],
  ["https://8.8.8.8/", "file:///etc/passwd", false],
  ["https://8.8.8.8/", "https://127.0.0.1/", false],
  ["https://8.8.8.8/", "https://localhost/", false],
  ["https://8.8.8.8/", "https://10.1.2.3/", false],
  ["https://8.8.8.8/", "https://172.31.0.1/", false],
  ["https://8.8.8.8/", "https://172.32.0.1/", true],
  ["https://8.8.8.8/", "https://192.168.1.1/", false],
  ["https://8.8.8.8/", "https://169.254.169.254/latest/meta-data", false],
  ["https://8.8.8.8/", "https://[::1]/", false],
  ["https://8.8.8.8/", "https://[fd00::1]/", false],
  ["https://8.8.8.8/", "https://[fe80::1]/", false],
  ["https://8.8.8.8/", "https://[::ffff:127.0.0.1]/", false],
  ["https://8.8.8.8/", "https://[2606:4700::1]/", true],
  ["https://8.8.8.8/", "https://0x7f000001/", false],
  ["https://8.8.8.8/", "https://2130706433/", false],
  ["https://10.0.0.1/", "https://10.0.0.2/", true],
  ["http://127.0.0.1:5000/", "http://127.0.0.1:6000/", true],
  ["https://8.8.8.8:443/a", "https://8.8.8.8/b", true],
])("%s -> %s: %s", async (from, to, expected) => {
  expect(await may(from, to)).toBe(expected);
});

test("resolves host names", async () => {
  expect(await isPrivate("localhost")).toBe(true);
  expect(await isPrivate("anything.localhost")).toBe(true);
  expect(await isPrivate("no-such-host.invalid")).toBe(false);
});

test.each([
  ["/a?b=%2F", "https://h:5000/x", "https://h:5000/a?b=%2F"],
  ["http://h/a", "https://h/x", "https://h/a"],
  ["http://h:5000/a", "https://h:5000/x", "https://h:5000/a"],
  ["http://h/a", "https://h:5000/x", "https://h:5000/a"],
  ["http://h:5001/a", "https://h:5000/x", "http://h:5001/a"],
  ["http://other/a", "https://h/x", "http://other/a"],
  ["//other/a", "https://h/x", "https://other/a"],
  ["https://h:443/a", "https://h/x", "https://h/a"],
])("lesson 35: %s from %s is %s", (target, base, expected) => {
  expect(resolveUrl(target, base)).toBe(expected);
});

test("rejects what is not a URL", () => {
  expect(() => resolveUrl("http://[bad", "https://h/")).toThrow(TypeError);
});

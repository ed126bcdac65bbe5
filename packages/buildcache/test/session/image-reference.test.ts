// How an image is named, and what a name means.

import { describe, expect, it } from "vitest";
import { parseImage } from "../../src/session/image-reference.js";

const digest = `sha256:${"a".repeat(64)}`;
const hub = { kind: "registry", scheme: "https", host: "index.docker.io" };

describe("parseImage", () => {
  it.each([
    ["ubuntu:22.04", { ...hub, repository: "library/ubuntu" }, "22.04"],
    ["ubuntu", { ...hub, repository: "library/ubuntu" }, "latest"],
    ["nvidia/cuda", { ...hub, repository: "nvidia/cuda" }, "latest"],
    ["ghcr.io/x/y:tag", { ...hub, host: "ghcr.io", repository: "x/y" }, "tag"],
    ["localhost:5000/x", { ...hub, host: "localhost:5000", repository: "x" }, "latest"],
    [`ghcr.io/x/y:tag@${digest}`, { ...hub, host: "ghcr.io", repository: "x/y" }, digest],
    ["oci://ghcr.io/x/y:tag", { ...hub, host: "ghcr.io", repository: "x/y" }, "tag"],
    ["oci+http://h:5000/x:1", { ...hub, scheme: "http", host: "h:5000", repository: "x" }, "1"],
    ["oci-layout:/a/b:tag", { kind: "layout", directory: "/a/b" }, "tag"],
    ["oci-layout:/a/b", { kind: "layout", directory: "/a/b" }, "latest"],
    ["oci-layout:b", { kind: "layout", directory: "b" }, "latest"],
    ["oci-layout:/a:b/c", { kind: "layout", directory: "/a:b/c" }, "latest"],
  ])("reads %s", (text, location, reference) => {
    expect(parseImage(text)).toMatchObject({ location, reference });
  });

  it.each([
    ["ubuntu", "index.docker.io/library/ubuntu:latest"],
    ["oci+http://h:5000/x:1", "h:5000/x:1"],
    [`ghcr.io/x/y@${digest}`, `ghcr.io/x/y@${digest}`],
    ["oci-layout:/a/b:tag", undefined],
  ])("names %s for other tools", (text, fullName) => {
    expect(parseImage(text).fullName).toBe(fullName);
  });

  it.each(["", "ubuntu:", "docker://ubuntu", "https://ghcr.io/x", "oci-layout:", "a b", "ghcr.io"])(
    "rejects %j",
    (text) => {
      expect(() => parseImage(text)).toThrow(expect.objectContaining({ kind: "usage" }));
    },
  );
});

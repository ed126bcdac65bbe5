// The proxy variables, as curl reads them.

import { expect, test } from "vitest";
import { proxyFor } from "../../src/transport/proxy.js";

const proxy = "http://proxy:3128";

test.each([
  ["https://ghcr.io", { https_proxy: proxy }, proxy],
  ["https://ghcr.io", { HTTPS_PROXY: proxy }, proxy],
  ["https://ghcr.io", { https_proxy: "http://lower", HTTPS_PROXY: proxy }, "http://lower"],
  ["https://ghcr.io", { https_proxy: "", HTTPS_PROXY: proxy }, undefined],
  ["https://ghcr.io", { http_proxy: proxy }, undefined],
  ["https://ghcr.io", { all_proxy: proxy }, proxy],
  ["http://ghcr.io", { HTTP_PROXY: proxy }, proxy],
  ["http://ghcr.io", { HTTP_PROXY: proxy, REQUEST_METHOD: "GET" }, undefined],
  ["https://ghcr.io", { https_proxy: "proxy:3128" }, proxy],
  ["https://ghcr.io", { https_proxy: proxy, no_proxy: "*" }, undefined],
  ["https://ghcr.io", { https_proxy: proxy, NO_PROXY: "example.org, ghcr.io" }, undefined],
  ["https://pkg.ghcr.io", { https_proxy: proxy, no_proxy: ".ghcr.io" }, undefined],
  ["https://pkg.ghcr.io", { https_proxy: proxy, no_proxy: "ghcr.io" }, undefined],
  ["https://notghcr.io", { https_proxy: proxy, no_proxy: "ghcr.io" }, proxy],
  ["https://ghcr.io:5000", { https_proxy: proxy, no_proxy: "ghcr.io:5000" }, undefined],
  ["https://ghcr.io", { https_proxy: proxy, no_proxy: "ghcr.io:5000" }, proxy],
  ["https://ghcr.io", { https_proxy: proxy, no_proxy: "ghcr.io:443" }, undefined],
  ["http://10.1.2.3", { http_proxy: proxy, no_proxy: "10.0.0.0/8" }, undefined],
  ["http://11.1.2.3", { http_proxy: proxy, no_proxy: "10.0.0.0/8,10.0.0.0/99,x/8,fd00::/8" }, proxy],
  ["http://[fd00::1]", { http_proxy: proxy, no_proxy: "fd00::/8" }, undefined],
  ["http://[::1]:5000", { http_proxy: proxy, no_proxy: "::1" }, undefined],
  ["http://127.0.0.1:5000", { http_proxy: proxy, no_proxy: "localhost,127.0.0.1" }, undefined],
])("%s with %j", (origin, environment, expected) => {
  expect(proxyFor(origin, environment)).toBe(expected);
});

test.each(["socks5://proxy", "http://[bad", "::", "http://me:100%@proxy"])("%s is not a proxy", (text) => {
  expect(() => proxyFor("https://ghcr.io", { https_proxy: text })).toThrow(
    expect.objectContaining({ code: "ERR_OCI_PROXY", kind: "usage" }),
  );
});

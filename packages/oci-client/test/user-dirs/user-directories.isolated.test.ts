// The user's directories, also for users without a home.

import { homedir } from "node:os";
import { expect, test, vi } from "vitest";
import { cacheDirectory, configDirectory, homeDirectory } from "../../src/user-dirs/user-directories.js";

vi.mock("node:os", () => ({ homedir: vi.fn(() => "/home/reported") }));

test("variables come before what the system reports", () => {
  expect(homeDirectory({ HOME: "/home/me" })).toBe("/home/me");
  expect(homeDirectory({})).toBe("/home/reported");
  expect(configDirectory({ HOME: "/home/me" })).toBe("/home/me/.config");
  expect(cacheDirectory({ HOME: "/home/me", XDG_CACHE_HOME: "/scratch" })).toBe("/scratch");
});

test("a user whom the system does not know has the home that containers give them", () => {
  vi.mocked(homedir).mockImplementation(() => {
    throw Object.assign(new Error("uv_os_homedir returned ENOENT"), { code: "ERR_SYSTEM_ERROR" });
  });
  expect(homeDirectory({})).toBe("/");
});

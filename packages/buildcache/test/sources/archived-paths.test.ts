// Which paths of an archive are directories, also through links.

import { expect, it } from "vitest";
import { ArchivedPaths } from "../../src/sources/archived-paths.js";

const paths = new ArchivedPaths();
for (const name of ["opt", "opt/x", "opt/x/lib", "opt/x/lib/pkgconfig/", "opt/x/share"])
  paths.addDirectory(name);
paths.addLink("opt/x/lib64", "lib");
paths.addLink("opt/x/man", "/opt/x/share");
paths.addLink("opt/x/up", "../x/lib64");
paths.addLink("opt/x/loop", "loop");
paths.addLink("opt/x/broken", "nowhere");

it.each([
  ["/opt/x/lib", true],
  ["/opt/x/./lib/", true],
  ["/opt/x/lib64/pkgconfig", true],
  ["/opt/x/man", true],
  ["/opt/x/up/pkgconfig", true],
  ["/", true],
  ["/opt/x/bin", false],
  ["/opt/x/loop", false],
  ["/opt/x/broken", false],
  ["/usr/share/man", false],
])("%s: %s", (path, expected) => {
  expect(paths.isDirectory(path)).toBe(expected);
});

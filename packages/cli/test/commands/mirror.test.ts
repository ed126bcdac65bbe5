// Arguments and results of spack-oci mirror add, list, set and remove.

import { expect, it } from "vitest";
import { mirrorAddCommand, rejectUnlikelyUrl } from "../../src/commands/mirror-add.js";
import { renderMirrors } from "../../src/commands/mirror-list.js";
import { mirrorRemoveCommand } from "../../src/commands/mirror-remove.js";
import { mirrorSetCommand } from "../../src/commands/mirror-set.js";
import { mirrorChanges } from "../../src/options/mirror-settings.js";
import { flagsOf, parse } from "../support/parse.js";

const SETTINGS = [
  "--type <kind>",
  "--autopush",
  "--unsigned",
  "--signed",
  "--oci-username <name>",
  "--oci-username-variable <variable>",
  "--oci-password-variable <variable>",
];

it("has the options of Spack's commands", () => {
  expect(flagsOf(mirrorAddCommand)).toEqual(["--scope <name>", ...SETTINGS]);
  expect(flagsOf(mirrorSetCommand)).toEqual([
    "--scope <name>",
    "--url <url>",
    "--push",
    "--fetch",
    ...SETTINGS,
    "--no-autopush",
  ]);
  expect(flagsOf(mirrorRemoveCommand)).toEqual(["--scope <name>", "--all-scopes"]);
});

it("translates only options that were given", async () => {
  const none = await parse(mirrorAddCommand, "m", "oci://h/c");
  expect(Object.values(mirrorChanges(none as never)).filter((value) => value !== undefined)).toEqual([{}]);
  const some = await parse(mirrorAddCommand, "m", "u", "--type", "binary", "--unsigned", "--autopush");
  expect(mirrorChanges(some as never)).toMatchObject({
    binary: true,
    source: false,
    signed: false,
    autopush: true,
  });
  const both = await parse(mirrorAddCommand, "m", "u", "--type", "binary", "--type", "source", "--signed");
  expect(mirrorChanges(both as never)).toMatchObject({ binary: true, source: true, signed: true });
  await expect(parse(mirrorAddCommand, "m", "u", "--type", "x")).rejects.toThrow("binary, source");
});

it("tells --no-autopush from neither flag", async () => {
  expect(await parse(mirrorSetCommand, "m")).toMatchObject({ autopush: false, noAutopush: false });
  expect(await parse(mirrorSetCommand, "m", "--no-autopush")).toMatchObject({ noAutopush: true });
  expect(await parse(mirrorSetCommand, "m", "--autopush")).toMatchObject({
    autopush: true,
    noAutopush: false,
  });
});

it.each(["oci://h:5000/c", "https://h/c", "/srv/x", "./x.y/z", "mirrors/x", "$spack/x", "~/x", "s3://b/c"])(
  "takes %s as a URL or directory",
  (url) => {
    expect(() => rejectUnlikelyUrl(url)).not.toThrow();
  },
);

it.each(["ghcr.io/x/y", "localhost:5000/x", "localhost/x", "registry.example.org:443/x"])(
  "suggests a URL for %s",
  (url) => {
    expect(() => rejectUnlikelyUrl(url)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(`oci://${url}`) }),
    );
  },
);

it("does not show a password in a URL", () => {
  const error = (() => {
    try {
      rejectUnlikelyUrl("oci://me:hunter2@ghcr.io/x");
    } catch (thrown) {
      return thrown as Error & { hint: string; place?: string };
    }
    return undefined;
  })();
  expect(error?.message).toContain("password");
  expect(`${error?.message}${error?.hint}${error?.place}`).not.toContain("hunter2");
});

it("lists mirrors as Spack does", () => {
  const entry = (name: string, fetch: string, push = fetch) => ({
    name,
    source: false,
    binary: true,
    signed: false,
    autopush: false,
    connection: (direction: "fetch" | "push") => ({ url: direction === "fetch" ? fetch : push }) as never,
  });
  const { lines, json } = renderMirrors([entry("mochi", "oci://h/c"), entry("x", "/a", "/b")]);
  expect(lines).toEqual(["mochi [ b] oci://h/c", "x     [ b] fetch: /a push: /b"]);
  expect(json).toMatchObject([{ name: "mochi", fetch: "oci://h/c", push: "oci://h/c" }, { name: "x" }]);
  expect(renderMirrors([]).lines).toEqual([
    expect.stringMatching(/^No mirrors configured; `spack-oci mirror add/),
  ]);
});

it("rejects an image layout, which Spack does not know", () => {
  expect(() => rejectUnlikelyUrl("oci-layout:/x")).toThrow(
    expect.objectContaining({
      code: "ERR_MIRROR_URL",
      hint: "Name the layout itself: spack-oci list oci-layout:/x",
    }),
  );
});

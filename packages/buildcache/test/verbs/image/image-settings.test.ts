// How a user's settings for an image change its config.

import { formatJson, type JsonObject, parseJson } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import {
  checkSettings,
  withHistory,
  withSettings,
  withVariables,
} from "../../../src/verbs/image/image-settings.js";

const config = (json: object) => parseJson(JSON.stringify(json), { place: "config" }) as JsonObject;
const plain = (json: JsonObject) => JSON.parse(formatJson(json)) as Record<string, unknown>;
const base = config({
  os: "linux",
  config: { Cmd: ["sh"], Entrypoint: ["old"], Labels: { a: "1", b: "2" }, User: "x" },
});

describe("settings", () => {
  it("that are not given change nothing", () => {
    expect(formatJson(withSettings(base, {}))).toBe(formatJson(base));
  });

  it("replace the base's, and labels one by one", () => {
    const settings = { labels: new Map([["b", "3"]]), command: ["go"], user: "me", workingDirectory: "/w" };
    expect(plain(withSettings(base, settings))["config"]).toEqual({
      Cmd: ["go"],
      Entrypoint: ["old"],
      Labels: { a: "1", b: "3" },
      User: "me",
      WorkingDir: "/w",
    });
  });

  it("with an entrypoint remove the base's command", () => {
    expect(plain(withSettings(base, { entrypoint: ["new"] }))["config"]).not.toHaveProperty("Cmd");
    const both = plain(withSettings(base, { entrypoint: ["new"], command: ["arg"] }))["config"];
    expect(both).toMatchObject({ Entrypoint: ["new"], Cmd: ["arg"] });
  });

  it.each([
    [{ variables: new Map([["", "x"]]) }],
    [{ labels: new Map([["a\nb", "x"]]) }],
    [{ workingDirectory: "here" }],
  ])("%# that are invalid are rejected", (settings) => {
    expect(() => checkSettings(settings)).toThrow(expect.objectContaining({ code: "ERR_IMAGE_SETTINGS" }));
  });
});

it("replaces variables in place, and appends new ones", () => {
  const set = new Map([
    ["C", "new"],
    ["A", "x=y"],
  ]);
  expect(withVariables(["A=1", "B=2"], set)).toEqual(["A=x=y", "B=2", "C=new"]);
});

describe("a history", () => {
  const at = new Date(0);
  const created = "1970-01-01T00:00:00.000Z";

  it("lists the base's layers and then the others", () => {
    const history = [{ created_by: "ADD" }, { created_by: "CMD", empty_layer: true }];
    const made = withHistory(config({ history, rootfs: { diff_ids: ["a", "b"] } }), at, ["mine"]);
    expect(plain(made)).toMatchObject({ created, history: [...history, { created, created_by: "mine" }] });
  });

  it("is unchanged if the base's does not cover each of its layers", () => {
    const made = withHistory(config({ rootfs: { diff_ids: ["a", "b"] } }), at, ["mine"]);
    expect(plain(made)).not.toHaveProperty("history");
  });
});

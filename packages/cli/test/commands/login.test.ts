// Options and results of spack-oci login and logout.

import { describe, expect, it } from "vitest";
import { loginCommand, renderLogin } from "../../src/commands/login.js";
import { logoutCommand, renderLogout } from "../../src/commands/logout.js";
import type { CommandContext } from "../../src/declaration/command-context.js";
import { flagsOf, parse } from "../support/parse.js";

describe("login", () => {
  it("has these options, in this order", () => {
    expect(flagsOf(loginCommand)).toEqual(["-u, --username <name>", "--password-stdin"]);
  });

  it("takes a username, and never a password", async () => {
    expect(await parse(loginCommand, "ghcr.io", "-u", "me")).toEqual({
      registry: "ghcr.io",
      username: "me",
      passwordStdin: false,
    });
    expect(await parse(loginCommand, "ghcr.io")).toMatchObject({ username: undefined });
    await expect(parse(loginCommand, "ghcr.io", "-u", "me", "--password", "x")).rejects.toThrow(
      "unknown option '--password'",
    );
  });

  /** Runs the command with what a user types; without a user name to type, there is no terminal. */
  async function attempt(values: object, typed: { username?: string; password: string }) {
    const prompts: string[] = [];
    const answer = (text: string) => async (prompt: string) => {
      prompts.push(prompt);
      return text;
    };
    const context = {
      session: { spack: { configuration: { mirrors: () => [] } } },
      readSecret: answer(typed.password),
      prompt: typed.username === undefined ? undefined : answer(typed.username),
    } as unknown as CommandContext;
    const args = { registry: "ghcr.io", username: undefined, passwordStdin: false, ...values };
    const error = await loginCommand.run(args, context).catch((thrown: unknown) => thrown);
    return { error, prompts };
  }

  it("asks for the password, and rejects an empty one", async () => {
    const { error, prompts } = await attempt({ username: "me", passwordStdin: true }, { password: "" });
    expect(error).toMatchObject({
      code: "ERR_NO_PASSWORD",
      kind: "usage",
      message: "No password given.",
    });
    expect(prompts).toEqual(["Password for me at ghcr.io: "]);
  });

  it("asks for the username first if it is left out", async () => {
    const { error, prompts } = await attempt({}, { username: "me", password: "" });
    expect(error).toMatchObject({ code: "ERR_NO_PASSWORD" });
    expect(prompts).toEqual(["Username at ghcr.io: ", "Password for me at ghcr.io: "]);
  });

  it("rejects an empty username, and asks for no password then", async () => {
    const { error, prompts } = await attempt({}, { username: "", password: "x" });
    expect(error).toMatchObject({ code: "ERR_NO_USERNAME", kind: "usage", message: "No username given." });
    expect(prompts).toEqual(["Username at ghcr.io: "]);
  });

  it.each([
    ["without a terminal", {}, { password: "x" }],
    ["if standard input is for the password", { passwordStdin: true }, { username: "me", password: "x" }],
  ])("requires -u %s", async (_, values, typed) => {
    const { error, prompts } = await attempt(values, typed);
    expect(error).toMatchObject({
      code: "ERR_NO_USERNAME",
      kind: "usage",
      hint: expect.stringMatching(/^Add -u NAME/),
    });
    expect(prompts).toEqual([]);
  });

  it("rejects what is not a host before it asks for anything", async () => {
    const { error, prompts } = await attempt({ registry: "ghcr.io/org" }, { username: "me", password: "x" });
    expect(error).toMatchObject({ code: "ERR_REGISTRY_HOST" });
    expect(prompts).toEqual([]);
  });

  it("reports where the password is stored", () => {
    const stored = {
      registry: "ghcr.io",
      username: "me",
      place: "/home/me/auth.json",
      plaintext: true,
      mirrors: ["mochi"],
    };
    expect(renderLogin(stored)).toEqual({
      json: stored,
      lines: [
        "Logged in to ghcr.io as me; the password is stored in /home/me/auth.json, readable only by you.",
      ],
      status: 0,
    });
    expect(renderLogin({ ...stored, place: "pass", plaintext: false }).lines).toEqual([
      "Logged in to ghcr.io as me; the password is stored in pass.",
    ]);
  });

  it.each([
    ["ghcr.io", "oci://ghcr.io/PATH"],
    ["https://ghcr.io/", "oci://ghcr.io/PATH"],
    ["oci+http://localhost:5000", "oci+http://localhost:5000/PATH"],
    ["http://[::1]:5000", "oci+http://[::1]:5000/PATH"],
  ])("suggests to name a buildcache at %s if none is configured", (registry, url) => {
    const stored = { registry, username: "me", place: "auth.json", plaintext: false, mirrors: [] };
    expect(renderLogin(stored).lines).toEqual([
      `Logged in to ${registry} as me; the password is stored in auth.json.`,
      `Name a buildcache there: spack-oci mirror add NAME ${url}`,
    ]);
  });
});

describe("logout", () => {
  it("takes a registry", async () => {
    expect(flagsOf(logoutCommand)).toEqual([]);
    expect(await parse(logoutCommand, "ghcr.io")).toEqual({ registry: "ghcr.io" });
  });

  it("reports what it removed", () => {
    expect(renderLogout("ghcr.io", "auth.json")).toEqual({
      json: { registry: "ghcr.io", place: "auth.json" },
      lines: ["Removed the password for ghcr.io from auth.json."],
      status: 0,
    });
    expect(renderLogout("ghcr.io", undefined)).toEqual({
      json: { registry: "ghcr.io", place: null },
      lines: ["No password is stored for ghcr.io."],
      status: 0,
    });
  });
});

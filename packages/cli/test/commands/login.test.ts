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

  it("requires a username, and never takes a password", async () => {
    expect(await parse(loginCommand, "ghcr.io", "-u", "me")).toEqual({
      registry: "ghcr.io",
      username: "me",
      passwordStdin: false,
    });
    await expect(parse(loginCommand, "ghcr.io")).rejects.toThrow("required option '-u, --username <name>'");
    await expect(parse(loginCommand, "ghcr.io", "-u", "me", "--password", "x")).rejects.toThrow(
      "unknown option '--password'",
    );
  });

  it("asks for the password, and rejects an empty one", async () => {
    const prompts: string[] = [];
    const readSecret = async (prompt: string) => {
      prompts.push(prompt);
      return "";
    };
    const args = { registry: "ghcr.io", username: "me", passwordStdin: true };
    await expect(loginCommand.run(args, { readSecret } as unknown as CommandContext)).rejects.toMatchObject({
      code: "ERR_NO_PASSWORD",
      kind: "usage",
      message: "No password given.",
    });
    expect(prompts).toEqual(["Password for me at ghcr.io: "]);
  });

  it("reports where the password is stored", () => {
    const stored = { registry: "ghcr.io", username: "me", place: "/home/me/auth.json", plaintext: true };
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

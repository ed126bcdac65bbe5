// Credential helpers: programs named docker-credential-NAME that keep secrets in the system's own store.
import { spawn } from "node:child_process";
import { SpackOciError } from "@spack-oci/errors";
import { isRecord, parseJsonOrUndefined } from "../content/json.js";
import type { Credential } from "./credential.js";

/** How long a helper may take, in milliseconds; it may be asking its user. */
const helperTimeout = 60_000;

/** What to do with a helper, as its first argument. */
type Verb = "get" | "store" | "erase";

/**
 * Asks a helper for the credential of a server; undefined when it has none, or is not installed.
 *
 * @throws SpackOciError of kind `denied`, code `ERR_OCI_CREDENTIAL_HELPER`, when it fails.
 */
export async function getFromHelper(name: string, server: string): Promise<Credential | undefined> {
  const program = helperProgram(name);
  const { status, output } = await runHelper(program, "get", server);
  if (status === "missing" || (status !== 0 && /not found/i.test(output))) return undefined;
  if (status !== 0) throw helperError(program, output);
  const answer = parseJsonOrUndefined(output);
  const { Username: username, Secret: secret } = isRecord(answer) ? answer : {};
  if (typeof username !== "string" || typeof secret !== "string")
    throw helperError(program, "unusable answer");
  if (secret === "") return undefined;
  // A user name of <token> marks an identity token (lesson 37).
  if (username === "<token>") return { kind: "identity-token", token: secret, source: program };
  return { kind: "basic", username, password: secret, source: program };
}

/** Has a helper store a credential, given on its standard input. */
export async function storeInHelper(
  name: string,
  server: string,
  credential: { readonly username: string; readonly password: string },
): Promise<void> {
  const { username: Username, password: Secret } = credential;
  await insist(helperProgram(name), "store", JSON.stringify({ ServerURL: server, Username, Secret }));
}

/** Has a helper forget the credential of a server. */
export async function eraseFromHelper(name: string, server: string): Promise<void> {
  await insist(helperProgram(name), "erase", server);
}

async function insist(program: string, verb: Verb, input: string): Promise<void> {
  const { status, output } = await runHelper(program, verb, input);
  if (status !== 0) throw helperError(program, status === "missing" ? "it is not on PATH" : output);
}

function helperProgram(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return `docker-credential-${name}`;
  throw new SpackOciError(
    "ERR_OCI_CREDENTIAL_HELPER",
    `Not the name of a credential helper: ${JSON.stringify(name)}`,
    {
      kind: "usage",
      hint: "Check credsStore and credHelpers in docker's config.json.",
    },
  );
}

function runHelper(
  program: string,
  verb: Verb,
  input: string,
): Promise<{ status: number | null | "missing"; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [verb], { stdio: ["pipe", "pipe", "ignore"], timeout: helperTimeout });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (output.length < 1_000_000) output += text;
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") resolve({ status: "missing", output });
      else reject(helperError(program, error.message, error));
    });
    child.on("close", (status) => resolve({ status, output }));
    child.stdin.on("error", () => {}); // a helper that ended early says why by its status
    child.stdin.end(input);
  });
}

function helperError(program: string, why: string, cause?: unknown): SpackOciError {
  // What a helper prints when it fails is a message, not the secret.
  const line = why.trim().split("\n", 1)[0]?.slice(0, 200) ?? "";
  return new SpackOciError("ERR_OCI_CREDENTIAL_HELPER", `${program} failed: ${line || "it said nothing"}`, {
    kind: "denied",
    place: program,
    cause,
    hint: "Run it by hand, or remove it from docker's config.json.",
  });
}

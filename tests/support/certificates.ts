// Certificates for tests, made with openssl: an authority, a server for 127.0.0.1, and a client.

import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onPath } from "./on-path.js";

/** A certificate and its key, as files and as text. */
export interface KeyPair {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly certificate: string;
  readonly key: string;
}

/** An authority and the certificates it signed; `remove` deletes the files. */
export interface Certificates {
  readonly directory: string;
  readonly authority: KeyPair;
  readonly server: KeyPair;
  readonly client: KeyPair;
  remove(): Promise<void>;
}

const program = onPath("openssl") ?? "";

/** Whether openssl is available. */
export const canMakeCertificates = program !== "";

/** Makes an authority, and a server and a client certificate signed by it. */
export async function makeCertificates(): Promise<Certificates> {
  const directory = await mkdtemp(join(tmpdir(), "certificates-"));
  const openssl = (...args: string[]) => execFileSync(program, args, { cwd: directory, stdio: "pipe" });
  const newKey = ["-newkey", "rsa:2048", "-nodes"];
  openssl(
    "req",
    "-x509",
    ...newKey,
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-days",
    "2",
    "-subj",
    "/CN=Test authority",
  );
  await writeFile(join(directory, "san"), "subjectAltName=IP:127.0.0.1,DNS:localhost");
  for (const name of ["server", "client"]) {
    openssl("req", ...newKey, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
    const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "san"];
    openssl("x509", "-req", "-in", `${name}.csr`, "-out", `${name}.pem`, ...signing);
  }
  const pair = async (name: string): Promise<KeyPair> => {
    const [certificateFile, keyFile] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)];
    const [certificate, key] = [await readFile(certificateFile, "utf8"), await readFile(keyFile, "utf8")];
    return { certificateFile, keyFile, certificate, key };
  };
  return {
    directory,
    authority: await pair("ca"),
    server: await pair("server"),
    client: await pair("client"),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

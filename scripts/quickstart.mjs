// npm run quickstart: from a fresh clone to a running, relocated program, in one command.

import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { extractSampleStore } from "./sample-store.mjs";
import { install, root } from "./workspace.mjs";

const began = Date.now();
const place = join(root, "quickstart");
const mirror = `oci-layout:${join(place, "buildcache")}`;
const newRoot = join(place, "opt");
const command = join("bundle", "spack-oci.cjs");

say("Install dependencies");
install(["@spack-oci/docs"]);

say("Bundle the command");
// Imported late, because it needs the dependencies.
const { bundleCommand } = await import("./bundle-command.mjs");
await bundleCommand();

say(
  "Unpack the sample store: 20 packages built by a real Spack, in an install tree padded to 128 characters",
);
const store = extractSampleStore();
console.log(store);

say("Push it to a buildcache, in this case an OCI image layout in a directory");
rmSync(place, { recursive: true, force: true });
spackOci("push", mirror, "--store", store, "--update-index");

say("List the buildcache");
spackOci("list", mirror, "--long");

say("Pull one package and its dependencies into a new, much shorter prefix");
const { pulled } = JSON.parse(
  spackOciOutput("pull", "--allarch", mirror, "thallium-lite", "--root", newRoot, "--json"),
);
for (const { prefix } of pulled) console.log(prefix);

say("Run the relocated program, which prints paths compiled into it and into its libraries");
const prefix = pulled.find(({ name }) => name === "thallium-lite").prefix;
const program = join(prefix, "bin", "thallium-info");
const { status, stdout, stderr } = spawnSync(program, { encoding: "utf8" });
console.log(`$ ${program}\n${stdout}${stderr}`);
if (status !== 0 || !stdout.includes(newRoot) || stdout.includes("__spack_path_placeholder__")) {
  console.error("The program did not run, or still has paths of its old prefix.");
  process.exit(1);
}

say(`Done in ${Math.round((Date.now() - began) / 1000)} seconds. Now try: node ${command} --help`);
console.log(`The buildcache is in ${join(place, "buildcache")}, and the packages are below ${newRoot}.`);

function say(what) {
  console.log(`\n==> ${what}`);
}

function spackOci(...args) {
  const { status: result } = runSpackOci(args, "inherit");
  if (result !== 0) process.exit(result ?? 1);
}

function spackOciOutput(...args) {
  const { status: result, stdout: output } = runSpackOci(args, ["ignore", "pipe", "inherit"]);
  if (result !== 0) process.exit(result ?? 1);
  return output;
}

/** As one would type it. */
function quoted(arg) {
  return /\s/.test(arg) ? `"${arg}"` : arg;
}

function runSpackOci(args, stdio) {
  console.log(`$ node ${command} ${args.map(quoted).join(" ")}`);
  return spawnSync(process.execPath, [command, ...args], {
    cwd: root,
    stdio,
    encoding: "utf8",
  });
}

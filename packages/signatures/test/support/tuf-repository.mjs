// Serves a trusted root as Sigstore does, in a process of its own, because the library that makes such repositories
// replaces Node's HTTP client. Prints the URL and the root metadata as one line of JSON.

import { createServer } from "node:http";
import { initializeTUFRepo, tufHandlers } from "@tufjs/repo-mock";

const repository = initializeTUFRepo([{ name: "trusted_root.json", content: process.argv[2] ?? "" }]);
const handlers = tufHandlers(repository, { metadataPathPrefix: "", targetPathPrefix: "/targets" });
const server = createServer((request, response) => {
  const result = handlers.find(({ path }) => request.url === path)?.fn();
  response.writeHead(result?.statusCode ?? 404).end(result?.response);
});
server.listen(0, "127.0.0.1", () => {
  const mirrorURL = `http://127.0.0.1:${server.address().port}`;
  console.log(JSON.stringify({ mirrorURL, root: repository.rootMeta.toJSON() }));
});

// Completes the manifest of each package when it is packed. The address of the repository is in the command's alone.
const { repository } = require("./packages/cli/package.json");
const { relative } = require("node:path");

function beforePacking(manifest, directory) {
  const page = repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
  // The development dependencies of the command are in its bundle.
  const { devDependencies, scripts, ...published } = manifest;
  return {
    ...published,
    repository: { ...repository, directory: relative(__dirname, directory) },
    homepage: `${page}#readme`,
    bugs: `${page}/issues`,
  };
}

module.exports = { hooks: { beforePacking } };

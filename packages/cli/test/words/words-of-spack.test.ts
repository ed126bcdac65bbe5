// Spack's words in the words of this program.

import { expect, it } from "vitest";
import { loadCommands } from "../../src/load-commands.js";
import { adviceOnWord, BUILDCACHE_WORDS, translateWords } from "../../src/words/words-of-spack.js";

it.each([
  ["buildcache push --unsigned m zlib", "push --unsigned m zlib"],
  ["-e tests -C /x buildcache create m", "-e tests -C /x push m"],
  ["buildcache rebuild-index --yes-to-all m", "update-index m"],
  ["buildcache prune --keeplist=/x m -k /y", "prune --keep-list=/x m --keep-list /y"],
  ["mirror rm m", "mirror remove m"],
  ["unload -a", "env --unload"],
  ["load --list", "find --loaded"],
  ["load --sh zlib", "env --sh zlib"],
  ["buildcache push --rebuild-index m", "push --update-index m"],
  ["-q view symlink -i DIR zlib", "-q view --link soft -i DIR zlib"],
  ["view hard DIR zlib", "view --link hard DIR zlib"],
  [
    "view -v -d no -e a|b copy DIR zlib",
    "view --verbose --no-dependencies --exclude a|b --link copy DIR zlib",
  ],
  ["view --dependencies=true --exclude=a=b add DIR zlib", "view --exclude a=b --link soft DIR zlib"],
  ["view DIR symlink", "view DIR symlink"],
  ["view -e tests DIR zlib", "view -e tests DIR zlib"],
  ["view -i symlink DIR", "view -i symlink DIR"],
  ["view -e", "view -e"],
  ["unload --sh zlib", "env --unload --sh zlib"],
  ["help", "--help"],
  ["help buildcache sync", "copy --help"],
  ["help mirror rm", "mirror remove --help"],
  ["buildcache list", "buildcache list"],
  ["buildcache keys", "buildcache keys"],
  ["buildcache", "buildcache"],
  ["buildcache toString", "buildcache toString"],
  ["push buildcache push", "push buildcache push"],
  ["--nonsense buildcache push", "--nonsense buildcache push"],
  ["--version", "--version"],
])("%s is %s", (words, translated) => {
  expect(translateWords(words.split(" ")).join(" ")).toBe(translated);
});

it("stand for commands that exist", async () => {
  const names = (await loadCommands([])).map(({ name }) => name);
  for (const [, command] of BUILDCACHE_WORDS) expect(names).toContain(command);
});

it("of other things Spack does get advice", () => {
  expect(adviceOnWord("concretize")).toContain("run `spack concretize`");
  expect(adviceOnWord("--key")).toContain("not signed");
  expect(adviceOnWord("-m")).toContain("by its hash");
  expect(adviceOnWord("-t", "find")).toContain("run `spack find`");
  expect(adviceOnWord("-t", "image")).toBeUndefined();
  expect(adviceOnWord("--name", "mirror add")).toContain("views of indexes");
  expect(adviceOnWord("--name", "update-index")).toContain("one index");
  expect(adviceOnWord("nonsense")).toBeUndefined();
  expect(adviceOnWord("toString")).toBeUndefined();
});

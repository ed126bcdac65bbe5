// The documentation site. `npm run docs` writes the reference first, then builds all of it into dist/docs.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type DefaultTheme, defineConfig, type MarkdownOptions } from "vitepress";

const docs = fileURLToPath(new URL("..", import.meta.url));
const command = JSON.parse(readFileSync(`${docs}/../packages/cli/package.json`, "utf8")) as {
  readonly description: string;
  readonly repository: { readonly url: string };
};
const repository = command.repository.url.replace(/^git\+/, "").replace(/\.git$/, "");

const SIDEBAR: DefaultTheme.SidebarItem[] = [
  group("Tutorials", {
    "Your first pull": "/tutorials/first-pull",
    "A buildcache on GitHub": "/tutorials/github-buildcache",
    "A machine without a network": "/tutorials/offline-machine",
    "One image of an environment": "/tutorials/environment-image",
  }),
  group("Guides", {
    "Pushing packages": "/pushing",
    "Pulling packages": "/pulling",
    "Using pulled packages": "/using",
    "Copying buildcaches": "/copying",
    "Images of packages": "/images",
    "Buildcaches in CI": "/ci",
    "Keeping buildcaches sound": "/maintenance",
    "A site of a mirror": "/site",
    "Bills of materials": "/sbom",
    "Signing packages": "/signing",
    "One install tree": "/install-tree",
    "Removing packages": "/uninstall",
    "Registries and credentials": "/registries",
    "The executable": "/executable",
  }),
  group("Reference", {
    Commands: "/commands",
    Configuration: "/configuration",
    Errors: "/errors",
    "JSON schemas": "/schema/README",
    Views: "/views",
    "Module files": "/module-files",
    Terms: "/glossary",
  }),
  { text: "Command reference", collapsed: true, items: commandPages() },
  group("Explanation", {
    "What it promises": "/compatibility",
    Architecture: "/architecture",
    Security: "/security",
    Performance: "/performance",
  }),
  group("Library", { Overview: "/library", "All functions": "/reference/api/", Releasing: "/releasing" }),
];

export default defineConfig({
  title: "spack-oci",
  description: command.description,
  base: `/${repository.split("/").at(-1)}/`,
  outDir: `${docs}/../dist/docs`,
  cleanUrls: true,
  lastUpdated: false,
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  markdown: {
    config(markdown) {
      linkToRepository(markdown);
      showIndentedCode(markdown);
    },
  },
  // TypeDoc links to definitions that it leaves out.
  ignoreDeadLinks: [/\/reference\/api\//],
  themeConfig: {
    nav: [
      { text: "Tutorials", link: "/tutorials/first-pull" },
      { text: "Commands", link: "/commands" },
      { text: "Library", link: "/library" },
    ],
    sidebar: SIDEBAR,
    outline: [2, 3],
    search: { provider: "local" },
    socialLinks: [{ icon: "github", link: repository }],
    footer: { message: "Licensed under Apache-2.0 or MIT." },
  },
});

function group(text: string, pages: Readonly<Record<string, string>>): DefaultTheme.SidebarItem {
  return { text, items: Object.entries(pages).map(([page, link]) => ({ text: page, link })) };
}

function commandPages(): DefaultTheme.SidebarItem[] {
  const directory = `${docs}/reference/commands`;
  const files = existsSync(directory) ? readdirSync(directory) : [];
  return files
    .filter((file) => file !== "index.md")
    .map((file) => {
      const [, name = file] = /^# spack-oci (.*)$/m.exec(readFileSync(`${directory}/${file}`, "utf8")) ?? [];
      return { text: name, link: `/reference/commands/${file.replace(/\.md$/, "")}` };
    });
}

type Markdown = Parameters<NonNullable<MarkdownOptions["config"]>>[0];

/** Links to files outside of the documentation lead to the repository. */
function linkToRepository(markdown: Markdown): void {
  const usual = markdown.normalizeLink;
  markdown.normalizeLink = (url) => {
    const outside = /^(?:\.\.\/)+((?:packages|tests|packaging|scripts|[A-Z]+\.md|action\.yml).*)$/.exec(url);
    // The site has pages only.
    if (/^schema\/.*\.json$/.test(url)) return usual(`${repository}/blob/main/docs/${url}`);
    return usual(outside === null ? url : `${repository}/blob/main/${outside[1]}`);
  };
}

/** Indented blocks are command lines, unless they are files for GitHub: Vue would evaluate their expressions. */
function showIndentedCode(markdown: Markdown): void {
  const { fence } = markdown.renderer.rules;
  markdown.renderer.rules.code_block = (tokens, index, ...rest) => {
    const [token] = tokens.slice(index);
    if (token !== undefined) token.info = token.content.includes("${{") ? "yaml" : "sh";
    return fence?.(tokens, index, ...rest) ?? "";
  };
}

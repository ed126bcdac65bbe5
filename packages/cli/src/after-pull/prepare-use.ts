// Makes usable what was pulled: a view, and a file for shells.

import type { PullResult } from "@spack-oci/buildcache";
import { reasonOf, SpackOciError } from "@spack-oci/errors";
import type { CommandContext } from "../declaration/command-context.js";
import { installedIn } from "../options/installed.js";
import { type LinkName, linkTypeOf } from "../options/view.js";
import { requireWritable, writeWholeFile } from "../process/write-file.js";
import { renderError } from "../render/error.js";
import { errorToJson } from "../render/json.js";
import { nextStep } from "../render/next-step.js";
import { formatPackage } from "../render/packages.js";
import { viewLines, viewOutcomeToJson } from "../render/view-outcome.js";

/** The arguments of the pull that count here. */
export interface PullArguments {
  readonly specs: readonly string[];
  readonly root: string | undefined;
  readonly view: string | undefined;
  readonly link: LinkName | undefined;
  readonly envScript: string | undefined;
}

/** What the preparation, or a part of it, did. */
export interface Use {
  readonly json: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
  readonly errors: readonly SpackOciError[];
}

/** Makes the view, and writes the file for shells. An error of one does not hide what was pulled. */
export async function prepareUse(
  { roots }: PullResult,
  { root, view: directory, link, envScript }: PullArguments,
  { session, run }: CommandContext,
): Promise<Use> {
  if (directory === undefined && envScript === undefined) return joined([]);
  const { asSpackOciError, loadEnvironment, view } = await import("@spack-oci/buildcache");
  const { store, request } = await installedIn(session, root);
  const chosen = { ...request, among: undefined, specs: roots.map((hash) => `/${hash}`) };

  async function attempt(
    name: string,
    place: string,
    work: () => Promise<Omit<Use, "errors">>,
  ): Promise<Use> {
    try {
      return { ...(await work()), errors: [] };
    } catch (thrown) {
      run.signal?.throwIfAborted();
      const error = asSpackOciError(thrown);
      const json = { [name]: { place, error: errorToJson(error) } };
      return { json, lines: [`Did not make ${place}: ${renderError(error)}`], errors: [error] };
    }
  }

  const parts: Use[] = [];
  if (directory !== undefined) {
    const makeView = async () => {
      const linkType = linkTypeOf(link);
      const runSpack = root === undefined ? session.spack.runCommand : undefined;
      const made = await view({ ...chosen, directory, linkType, runSpack }, { store, run });
      return { json: { view: viewOutcomeToJson(made) }, lines: viewLines(made) };
    };
    parts.push(await attempt("view", directory, makeView));
  }
  if (envScript !== undefined) {
    const writeScript = async () => {
      const { environmentScript } = await import("../render/env-script.js");
      const { modifications, packages } = await loadEnvironment(chosen, { store, run });
      const title = `Use ${packages.map(formatPackage).join(", ")}: source this file in sh, bash or zsh.`;
      const { text: script, incomplete } = environmentScript(modifications, title);
      await writeWholeFile(envScript, script, notWritten);
      if (incomplete.length > 0) {
        const message = `${envScript} does less than Spack for ${incomplete.join(", ")}, because recipes do more than add to lists.`;
        run.listener?.({ type: "warning", message });
      }
      return { json: { envScript }, lines: [`Wrote ${envScript}.`] };
    };
    parts.push(await attempt("envScript", envScript, writeScript));
  }
  return joined(parts);
}

function joined(parts: readonly Use[]): Use {
  return {
    json: Object.assign({}, ...parts.map(({ json }) => json)) as Use["json"],
    lines: parts.flatMap(({ lines }) => lines),
    errors: parts.flatMap(({ errors }) => errors),
  };
}

/** What is said if not everything was pulled. */
export function leftOut({ view, envScript }: PullArguments): Use {
  const names = [view, envScript].filter((name) => name !== undefined);
  const lines = names.map((name) => `Did not make ${name}, because not everything was pulled.`);
  return { json: {}, lines, errors: [] };
}

/** The line to type next. */
export function nextStepAfter(
  { plan, roots }: PullResult,
  { specs, root, envScript }: PullArguments,
  { session }: CommandContext,
): string {
  const nodes = new Map([...plan.todo, ...plan.present].map(({ node }) => [node.hash, node]));
  const packages = specs.length === 0 ? [] : roots.flatMap((hash) => nodes.get(hash) ?? []);
  return nextStep({ packages, root, envScript, shell: session.environmentVariables["SHELL"] });
}

/** @throws SpackOciError `ERR_FILE_NOT_WRITTEN` if the file for shells cannot be written */
export async function requireEnvScript(path: string): Promise<void> {
  await requireWritable(path, notWritten);
}

function notWritten(path: string, cause: unknown): SpackOciError {
  return new SpackOciError("ERR_FILE_NOT_WRITTEN", `Could not write ${path}: ${reasonOf(cause)}.`, {
    kind: "failed",
    place: path,
    hint: "Choose another place for the file.",
    cause,
  });
}

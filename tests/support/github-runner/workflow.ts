// Runs the jobs of a workflow: in the order that they need, and those of a matrix at the same time.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { scratchDirectory } from "../scratch.js";
import { condition, type ExpressionScope, interpolate } from "./expressions.js";
import { type Job, type ProvidedAction, runJob, type Step } from "./job.js";

/** What a workflow is started with. */
export interface WorkflowStart {
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly github?: Readonly<Record<string, string>>;
  readonly actions: Readonly<Record<string, ProvidedAction>>;
  /** Variables of the machine. */
  readonly environment?: Readonly<Record<string, string>>;
}

interface WorkflowFile {
  readonly on: {
    readonly workflow_call?: {
      readonly inputs?: Readonly<Record<string, { readonly required?: boolean; readonly default?: unknown }>>;
    };
  };
  readonly jobs: Readonly<Record<string, JobFile>>;
}

interface JobFile {
  readonly needs?: string;
  readonly if?: unknown;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, unknown>> };
  readonly steps: readonly Step[];
}

/** Runs a workflow. @returns its jobs by name; those of a matrix in its order */
export async function runWorkflow(text: string, start: WorkflowStart): Promise<Record<string, Job[]>> {
  const workflow = parse(text) as WorkflowFile;
  const github = { actor: "octocat", token: "job-token", run_id: "1", event_name: "push", ...start.github };
  const inputs = inputsOf(workflow, start, github);
  const done: Record<string, Job[]> = {};
  const statusOf = (jobs: readonly Job[] = []) =>
    jobs.every(({ status }) => status === "success") ? "success" : "failure";

  for (const [name, file] of Object.entries(workflow.jobs)) {
    const needed = file.needs === undefined ? [] : done[file.needs];
    if (needed === undefined) throw new Error(`${name} needs ${file.needs}, which has not run`);
    const contexts = { inputs, github, secrets: start.secrets ?? {}, runner: { os: "Linux", arch: "X64" } };
    const scope: ExpressionScope = { contexts, status: statusOf(needed) };
    if (!condition(file.if, scope)) continue;
    done[name] = await Promise.all(
      matrixOf(file, scope).map(async (matrix) => {
        const job = newJob({ ...contexts, matrix }, start);
        for (const [variable, value] of Object.entries(file.env ?? {}))
          job.environment[variable] = String(
            interpolate(value, { contexts: job.contexts, status: "success" }),
          );
        await runJob(job, file.steps);
        return job;
      }),
    );
  }
  return done;
}

function inputsOf(workflow: WorkflowFile, start: WorkflowStart, github: unknown): Record<string, unknown> {
  const declared = workflow.on.workflow_call?.inputs ?? {};
  for (const name of Object.keys(start.inputs ?? {}))
    if (!(name in declared)) throw new Error(`the workflow has no input ${name}`);
  return Object.fromEntries(
    Object.entries(declared).map(([name, { required, default: usual }]) => {
      const given = start.inputs?.[name];
      if (required && given === undefined) throw new Error(`the workflow needs the input ${name}`);
      return [name, given ?? interpolate(usual, { contexts: { github }, status: "success" })];
    }),
  );
}

function matrixOf({ strategy }: JobFile, scope: ExpressionScope): Record<string, unknown>[] {
  if (strategy === undefined) return [{}];
  const [[name, values] = ["", []], ...others] = Object.entries(strategy.matrix);
  if (others.length > 0) throw new Error("a matrix of several variables is not supported");
  return (interpolate(values, scope) as unknown[]).map((value) => ({ [name]: value }));
}

function newJob(contexts: Readonly<Record<string, unknown>>, { actions, environment }: WorkflowStart): Job {
  const directory = scratchDirectory("job");
  const [workspace, temporary] = [join(directory, "workspace"), join(directory, "temporary")];
  mkdirSync(workspace);
  mkdirSync(temporary);
  const github = contexts["github"] as Record<string, string>;
  return {
    workspace,
    temporary,
    actions,
    contexts,
    environment: { HOME: directory, GITHUB_ACTOR: github["actor"] ?? "", ...environment },
    path: [],
    annotations: [],
    ran: [],
    log: "",
    summary: "",
    status: "success",
  };
}

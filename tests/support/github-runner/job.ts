// Runs the steps of one job like a runner of GitHub Actions, with its files and variables.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { condition, type ExpressionScope, interpolate, toText } from "./expressions.js";
import { type Annotation, annotationsIn } from "./workflow-commands.js";

/** An action that tests provide: a directory with an action.yml, or what it does to the job. */
export type ProvidedAction = string | ((inputs: Readonly<Record<string, string>>, job: Job) => void);

/** A job while it runs and afterwards. */
export interface Job {
  readonly workspace: string;
  readonly temporary: string;
  readonly actions: Readonly<Record<string, ProvidedAction>>;
  readonly contexts: Readonly<Record<string, unknown>>;
  /** Variables that steps have set for later ones, over those of the machine. */
  readonly environment: Record<string, string>;
  readonly path: string[];
  readonly annotations: Annotation[];
  /** The names of steps that ran. */
  readonly ran: string[];
  log: string;
  summary: string;
  status: "success" | "failure";
}

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: unknown;
  readonly run?: string;
  readonly uses?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: unknown; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

type StepOutputs = Record<string, { outputs: Record<string, string>; outcome: string }>;

/** Runs the steps of a job; `job.status` tells how it ended. */
export async function runJob(job: Job, steps: readonly Step[]): Promise<Record<string, unknown>> {
  const done = await runSteps(job, steps, { contexts: job.contexts });
  job.status = done.status;
  return done.steps;
}

interface Surroundings {
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly variables?: Readonly<Record<string, string>>;
}

async function runSteps(job: Job, steps: readonly Step[], { contexts, variables = {} }: Surroundings) {
  const outputs: StepOutputs = {};
  let status: Job["status"] = "success";
  for (const step of steps) {
    requireKnown(step);
    const scope = (): ExpressionScope => ({
      contexts: { ...contexts, steps: outputs, env: { ...job.environment, ...variables } },
      status,
    });
    if (!condition(step.if, scope())) continue;
    job.ran.push(step.name ?? step.uses ?? "run");
    const own = { ...variables, ...texts(step.env, scope()) };
    const end =
      step.uses === undefined
        ? await runScript(job, step, { script: toText(interpolate(step.run, scope())), variables: own })
        : await runAction(job, step.uses, { inputs: texts(step.with, scope()), variables: own });
    if (end.status !== 0) status = "failure";
    if (step.id)
      outputs[step.id] = { outputs: end.outputs, outcome: end.status === 0 ? "success" : "failure" };
  }
  return { status, steps: outputs };
}

function requireKnown(step: Step): void {
  const known = ["id", "name", "if", "run", "uses", "shell", "env", "with"];
  const unknown = Object.keys(step).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`unknown keys of a step: ${unknown.join(", ")}`);
  if (step.run !== undefined && step.shell !== "bash") throw new Error(`${step.name} does not choose bash`);
}

function texts(
  table: Readonly<Record<string, unknown>> = {},
  scope: ExpressionScope,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table).map(([name, value]) => [name, toText(interpolate(value, scope))]),
  );
}

interface StepEnd {
  readonly status: number;
  readonly outputs: Record<string, string>;
}

async function runAction(
  job: Job,
  name: string,
  { inputs, variables }: { inputs: Record<string, string>; variables: Record<string, string> },
): Promise<StepEnd> {
  const action = job.actions[name];
  if (action === undefined) throw new Error(`the test does not provide the action ${name}`);
  if (typeof action === "function") {
    action(inputs, job);
    return { status: 0, outputs: {} };
  }
  const file = parse(readFileSync(join(action, "action.yml"), "utf8")) as ActionFile;
  if (file.runs.using !== "composite") throw new Error(`${name} is not a composite action`);
  for (const input of Object.keys(inputs))
    if (!(input in file.inputs)) throw new Error(`${name} has no input ${input}`);
  const all = Object.fromEntries(
    Object.entries(file.inputs).map(([input, { default: usual }]) => [input, inputs[input] ?? toText(usual)]),
  );
  const { github, runner } = job.contexts;
  const done = await runSteps(job, file.runs.steps, {
    contexts: { inputs: all, github, runner },
    variables: { ...variables, GITHUB_ACTION_PATH: action },
  });
  const scope: ExpressionScope = { contexts: { steps: done.steps }, status: done.status };
  const outputs = texts(
    Object.fromEntries(Object.entries(file.outputs).map(([output, { value }]) => [output, value])),
    scope,
  );
  return { status: done.status === "success" ? 0 : 1, outputs };
}

async function runScript(
  job: Job,
  step: Step,
  { script, variables }: { script: string; variables: Record<string, string> },
): Promise<StepEnd> {
  const directory = mkdtempSync(join(job.temporary, "step-"));
  const file = (name: string) => join(directory, name);
  for (const name of ["output", "env", "path", "summary"]) writeFileSync(file(name), "");
  writeFileSync(file("script.sh"), script);
  mkdirSync(job.workspace, { recursive: true });
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", file("script.sh")], {
    cwd: job.workspace,
    env: {
      ...job.environment,
      ...variables,
      PATH: [...job.path, process.env["PATH"]].join(":"),
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: job.workspace,
      RUNNER_TEMP: job.temporary,
      GITHUB_OUTPUT: file("output"),
      GITHUB_ENV: file("env"),
      GITHUB_PATH: file("path"),
      GITHUB_STEP_SUMMARY: file("summary"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      log += chunk;
    });
  const status = await new Promise<number>((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve(code ?? 1));
  });
  const text = (name: string) => readFileSync(file(name), "utf8");
  job.log += `## ${step.name}\n${log}`;
  job.annotations.push(...annotationsIn(log));
  job.summary += text("summary");
  job.path.unshift(
    ...text("path")
      .split("\n")
      .filter((line) => line !== ""),
  );
  Object.assign(job.environment, valuesIn(text("env")));
  return { status, outputs: valuesIn(text("output")) };
}

/** `NAME=VALUE` and `NAME<<END` of `GITHUB_OUTPUT` and `GITHUB_ENV`. */
function valuesIn(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split("\n");
  while (lines.length > 0) {
    const line = lines.shift() ?? "";
    if (line === "") continue;
    const [, name = "", end] = /^([\w-]+)<<(.+)$/.exec(line) ?? [];
    const [, key, value] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
    if (end !== undefined) {
      const length = lines.indexOf(end);
      if (length < 0) throw new Error(`${name} does not end`);
      values[name] = lines
        .splice(0, length + 1)
        .slice(0, -1)
        .join("\n");
    } else if (key !== undefined && value !== undefined) values[key] = value;
    else throw new Error(`not a value: ${line}`);
  }
  return values;
}

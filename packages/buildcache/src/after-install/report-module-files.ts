// Warns of module files that were not written, or not completely, with what to run.

import { describePackage, type Listener } from "../events/events.js";
import { firstNames } from "../events/first-names.js";
import type { EndedTask } from "./module-task.js";

/** How many packages a warning names. */
const MAX_NAMES = 5;

/** One warning for each kind of problem and its reason. */
export function reportModuleFiles(tasks: readonly EndedTask[], listener: Listener | undefined): void {
  for (const [reason, group] of byReason(tasks, existing)) {
    listener?.({ type: "warning", message: `${reason}: ${namesOf(group)}.` });
  }
  for (const [reason, group] of byReason(tasks, ({ end }) =>
    end.outcome === "failed" ? end.reason : undefined,
  )) {
    const message = `Could not write module files of ${namesOf(group)}: ${reason} ${refresh(group)}`;
    listener?.({ type: "warning", message });
  }
  for (const [reason, group] of byReason(tasks, ({ end }) =>
    end.outcome === "left" ? end.reason : undefined,
  )) {
    const message = `Only Spack can write the module files of ${namesOf(group)}, but it could not run: ${reason} ${refresh(group)}`;
    listener?.({ type: "warning", message });
  }
  for (const [reason, group] of byReason(tasks, ({ lacksRecipe }) => lacksRecipe)) {
    const message = `Module files of ${namesOf(group)} lack what recipes add to the environment, because Spack could not run: ${reason} ${refresh(group)}`;
    listener?.({ type: "warning", message });
  }
}

/** Spack warns of these as well: another package may have the same module name. */
function existing({ end }: EndedTask): string | undefined {
  return end.outcome === "exists" ? "Module files exist and were not overwritten" : undefined;
}

function byReason(
  tasks: readonly EndedTask[],
  reasonOf: (task: EndedTask) => string | undefined,
): ReadonlyMap<string, readonly EndedTask[]> {
  const groups = new Map<string, EndedTask[]>();
  for (const task of tasks) {
    const reason = reasonOf(task);
    if (reason === undefined) continue;
    const sentence = /[.!?:]$/.test(reason) || task.end.outcome === "exists" ? reason : `${reason}.`;
    groups.set(sentence, [...(groups.get(sentence) ?? []), task]);
  }
  return groups;
}

function namesOf(tasks: readonly EndedTask[]): string {
  return firstNames([...new Set(tasks.map(({ node }) => describePackage(node)))], MAX_NAMES);
}

/** The command that writes the files again. */
function refresh(tasks: readonly EndedTask[]): string {
  const commands = new Map<string, Set<string>>();
  for (const { tree, node } of tasks) {
    const name = tree.set.name === "default" ? "" : ` --name ${tree.set.name}`;
    const command = `spack module ${tree.system} refresh${name} -y`;
    commands.set(command, (commands.get(command) ?? new Set()).add(`/${node.hash.slice(0, 7)}`));
  }
  const lines = [...commands].map(([command, hashes]) => `"${command} ${[...hashes].join(" ")}"`);
  return `Run ${lines.join(" and ")}.`;
}

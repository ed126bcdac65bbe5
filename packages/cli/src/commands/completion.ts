// spack-oci completion: a script with which a shell completes commands, options, mirrors and packages.

import { completionScript, SHELLS } from "../completion/scripts.js";
import { defineCommand } from "../declaration/command.js";
import { chosenArgument } from "../declaration/parameter.js";
import { EXIT_STATUS } from "../process/exit-status.js";

const INSTALLATION = `\
Packages are completed as far as an earlier command has read the index of their mirror; no registry is asked.`;

export const completionCommand = defineCommand({
  name: "completion",
  summary: "Print a script that completes commands, options, mirrors and packages in a shell.",
  examples: [
    { purpose: "Complete words in this bash", line: "completion bash > completion.bash" },
    {
      purpose: "Complete words in every fish",
      line: "completion fish > ~/.config/fish/completions/spack-oci.fish",
    },
  ],
  arguments: { shell: chosenArgument("shell", "bash, zsh or fish", SHELLS) },
  options: {},
  notes: INSTALLATION,
  async run({ shell }) {
    const script = completionScript(shell);
    return { json: { shell, script }, lines: script.trimEnd().split("\n"), status: EXIT_STATUS.done };
  },
});

// Reads the log of a step as a runner does: annotations, and commands that are stopped meanwhile.

/** An error or warning that a step reported. */
export interface Annotation {
  readonly level: string;
  readonly title: string;
  readonly message: string;
}

/** @throws Error for a command other than an annotation */
export function annotationsIn(log: string): Annotation[] {
  const annotations: Annotation[] = [];
  let stopped: string | undefined;
  for (const line of log.split("\n")) {
    const [, name = "", properties = "", data = ""] = /^\s*::([\w-]+)(?: (.*?))?::(.*)$/.exec(line) ?? [];
    if (stopped !== undefined) {
      if (line.trim() === `::${stopped}::`) stopped = undefined;
    } else if (name === "stop-commands") stopped = data;
    else if (name === "error" || name === "warning")
      annotations.push({
        level: name,
        title: decoded(properties.replace(/^title=/, "")),
        message: decoded(data),
      });
    else if (name !== "" || line.startsWith("##[")) throw new Error(`unknown workflow command: ${line}`);
  }
  return annotations;
}

function decoded(text: string): string {
  const codes: Record<string, string> = { "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%" };
  return text.replace(/%(?:0D|0A|3A|2C|25)/g, (code) => codes[code] ?? code);
}

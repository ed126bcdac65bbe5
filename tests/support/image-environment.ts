// The part of an image's environment that is the same on every machine.

/** `config.Env` without the values of externals below /usr, which depend on the machine. */
export function portableEnvironment({ config }: Record<string, unknown>): string[] {
  return (config as { readonly Env: readonly string[] }).Env.flatMap((entry) => {
    const [, name = "", value = ""] = /^(.*?)=(.*)$/s.exec(entry) ?? [];
    const kept = value.split(":").filter((directory) => !/^\/usr\/(share|lib)\//.test(directory));
    return kept.length === 0 ? [] : [`${name}=${kept.join(":")}`];
  });
}

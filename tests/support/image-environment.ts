// The environment of an image, as far as it is the same on every machine.

/** `config.Env` of a config without what an external package below /usr gives, which depends on what is there. */
export function portableEnvironment({ config }: Record<string, unknown>): string[] {
  return (config as { readonly Env: readonly string[] }).Env.flatMap((entry) => {
    const [, name = "", value = ""] = /^(.*?)=(.*)$/s.exec(entry) ?? [];
    const kept = value.split(":").filter((directory) => !/^\/usr\/(share|lib)\//.test(directory));
    return kept.length === 0 ? [] : [`${name}=${kept.join(":")}`];
  });
}

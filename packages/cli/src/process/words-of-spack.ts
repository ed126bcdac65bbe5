// What to do instead of a command or an option that Spack has and this program does not, or that Spack once had.

const CREDENTIALS =
  "Credentials are not given on the command line: run `spack-oci login HOST`, set SPACK_OCI_USERNAME and\n" +
  "SPACK_OCI_PASSWORD, or configure the mirror (spack-oci mirror set --oci-username USER --oci-password-variable NAME MIRROR;\n" +
  "NAME is the name of a variable, not the password).";

const SPACKS_OWN = (word: string) => `This is a command of Spack: run \`spack ${word}\`.`;

const COMMANDS: Readonly<Record<string, string>> = {
  buildcache:
    "The subcommands of `spack buildcache` are commands of their own here: spack-oci push, list, check, update-index.",
  install:
    "`spack-oci pull MIRROR` installs what an environment or a mirror has; `spack install` builds the rest.",
  uninstall: SPACKS_OWN("uninstall"),
  load: 'eval "$(spack-oci env SPEC)" does what `spack load SPEC` does.',
  unload: 'eval "$(spack-oci env --unload SPEC)" does what `spack unload SPEC` does.',
  concretize: SPACKS_OWN("concretize"),
  sync: "`spack-oci copy FROM TO` copies buildcaches.",
  keys: "Packages in registries are not signed, and have no keys.",
};

const OPTIONS: Readonly<Record<string, string>> = {
  "--oci-username": CREDENTIALS,
  "--oci-username-variable": CREDENTIALS,
  "--oci-password": CREDENTIALS,
  "--oci-password-variable": CREDENTIALS,
  "--key": "Packages in registries are not signed; leave it out.",
  "-k": "Packages in registries are not signed; leave it out.",
  "--signed": "Packages in registries are not signed; leave it out.",
};

/** A sentence about an unknown command or option; undefined if Spack does not have it either. */
export function adviceOnWord(word: string): string | undefined {
  const words = word.startsWith("-") ? OPTIONS : COMMANDS;
  return Object.hasOwn(words, word) ? words[word] : undefined;
}

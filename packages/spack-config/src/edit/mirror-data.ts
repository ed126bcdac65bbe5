// What `mirrors:` says about one mirror, and how Spack changes it: a plain URL, until there is more to say.

import { SpackOciError } from "@spack-oci/errors";
import type { MirrorDirection } from "../derived/mirror-connection.js";

/** Who logs in, and the environment variable with the password. */
type AccessPair = {
  readonly id?: string | undefined;
  readonly id_variable?: string | undefined;
  readonly secret_variable?: string | undefined;
};

/** The settings of one direction, under Spack's names. */
type MirrorConnectionData = {
  readonly url?: string | undefined;
  readonly access_pair?: AccessPair | undefined;
};

/** A mirror in `mirrors:`. */
export type MirrorData = MirrorConnectionData & {
  readonly binary?: boolean | undefined;
  readonly source?: boolean | undefined;
  readonly signed?: boolean | undefined;
  readonly autopush?: boolean | undefined;
  readonly fetch?: MirrorConnectionData | string | undefined;
  readonly push?: MirrorConnectionData | string | undefined;
};

/** In the order in which Spack writes them. Source: `lib/spack/spack/cmd/mirror.py`, `mirror_add`. */
const ORDER_OF_NEW = ["url", "access_pair", "binary", "source", "autopush", "signed"] as const;

/** Source: `lib/spack/spack/mirrors/mirror.py`, `Mirror._update_connection_dict`. */
const ORDER_OF_CHANGES = ["url", "access_pair", "binary", "source", "signed", "autopush"] as const;

/** A new mirror: its URL alone, or a mapping. `autopush: false` is the default and not written, as in Spack. */
export function newMirror(data: MirrorData & { readonly url: string }): MirrorData | string {
  const complete = {
    ...data,
    access_pair: completePair(data.access_pair, undefined),
    autopush: data.autopush || undefined,
  };
  const set = ORDER_OF_NEW.filter((key) => complete[key] !== undefined);
  if (set.length === 1) return data.url;
  return Object.fromEntries(set.map((key) => [key, complete[key]]));
}

/**
 * A mirror with changes.
 *
 * Source: `lib/spack/spack/mirrors/mirror.py`, `Mirror.update`.
 *
 * @param direction what to change; undefined for the whole mirror
 * @throws SpackOciError `ERR_MIRROR_ACCESS` if only half of an access pair would be set
 */
export function changedMirror(
  known: MirrorData | string,
  changes: MirrorData,
  direction: MirrorDirection | undefined,
): MirrorData | string {
  const effective = { ...changes, access_pair: completePair(changes.access_pair, pairOf(known, direction)) };
  if (direction === undefined) return changed(known, effective);
  const whole = typeof known === "string" ? { url: known } : known;
  // The type, signatures and pushing after an installation belong to the mirror as a whole.
  const { url, access_pair } = effective;
  return { ...whole, [direction]: changed(whole[direction] ?? {}, { url, access_pair }) };
}

function changed(known: MirrorData | string, changes: MirrorData): MirrorData | string {
  const set = ORDER_OF_CHANGES.filter((key) => changes[key] !== undefined);
  const isBare = typeof known === "string" || Object.keys(known).length === 0;
  if (isBare && set.length === 1 && changes.url !== undefined) return changes.url;
  const mapping = typeof known === "string" ? { url: known } : known;
  return { ...mapping, ...Object.fromEntries(set.map((key) => [key, changes[key]])) };
}

function pairOf(known: MirrorData | string, direction: MirrorDirection = "fetch"): AccessPair | undefined {
  if (typeof known === "string") return undefined;
  const specific = known[direction];
  return (typeof specific === "object" ? specific.access_pair : undefined) ?? known.access_pair;
}

/** Source: `lib/spack/spack/cmd/mirror.py`, `_configure_access_pair`; half a pair is an error instead of a warning. */
function completePair(wanted: AccessPair | undefined, known: AccessPair | undefined): AccessPair | undefined {
  const { id, id_variable, secret_variable } = wanted ?? {};
  if (!id && !id_variable && !secret_variable) return undefined;
  const user = id || (id_variable ? undefined : known?.id);
  const userVariable = user ? undefined : id_variable || known?.id_variable;
  const secret = secret_variable || known?.secret_variable;
  if (secret && user) return { id: user, secret_variable: secret };
  if (secret && userVariable) return { id_variable: userVariable, secret_variable: secret };
  throw new SpackOciError("ERR_MIRROR_ACCESS", "A login needs a user name and a password variable.", {
    kind: "usage",
    hint: secret
      ? "Add --oci-username or --oci-username-variable."
      : "Add --oci-password-variable with the name of the variable that will hold the password.",
  });
}

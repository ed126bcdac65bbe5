// Turns a rule of a policy into the signers that count.

import { parsePublicKey } from "../keys/public-key.js";
import { MAX_KEY_SIZE } from "../limits.js";
import { publicTrustedRoot, trustedRootFile } from "../verification/trust-material.js";
import type { TrustedSigners } from "../verification/trusted-signers.js";
import type { PolicyRule } from "./policy-file.js";
import { badPolicy, readSecureFile } from "./secure-file.js";

/**
 * Reads the keys of a rule. Anybody who can change one of them decides as much as the policy does, so the same holds for
 * them.
 *
 * @throws SpackOciError as `readPolicy` does; `ERR_KEY` (`usage`).
 */
export function signersOfRule(rule: PolicyRule, environment: NodeJS.ProcessEnv): TrustedSigners {
  const { keys, identities, trustedRoot, repository, source } = rule;
  const read = (path: string) => {
    const pem = readSecureFile(path, MAX_KEY_SIZE);
    if (pem === undefined) throw badPolicy(source, `there is no ${path}`);
    return parsePublicKey(pem, path);
  };
  const authorities =
    trustedRoot === undefined ? publicTrustedRoot(environment) : trustedRootFile(trustedRoot);
  return { keys: keys.map(read), identities, authorities, repository };
}

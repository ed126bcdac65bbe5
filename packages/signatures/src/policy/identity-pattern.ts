// Patterns for identities, such as all workflows of an organization.

/**
 * A regular expression that has to match a whole identity: what it matches a part of is not enough, since anybody may
 * choose the rest.
 *
 * @returns undefined if it is not one
 */
export function identityPattern(text: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${text})$`, "u");
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

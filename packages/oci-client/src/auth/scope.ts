// Scopes state what a token allows (distribution's token authentication, "Token Scope").

/** An action in a repository. */
export type Action = "pull" | "push" | "delete";

/** `repository:org/name:pull,push`. */
export function repositoryScope(repository: string, ...actions: Action[]): string {
  return `repository:${repository}:${actions.join(",")}`;
}

/** Splits a challenge's `scope` parameter; scopes are separated by spaces. */
export function splitScopes(text: string | undefined): string[] {
  return (text ?? "").split(/\s+/).filter((scope) => scope !== "");
}

/** The union of scopes. The actions of one repository are joined, in the order of their first occurrence. */
export function mergeScopes(...lists: (readonly string[])[]): string[] {
  const merged = new Map<string, Set<string>>();
  for (const scope of lists.flat()) {
    const colon = scope.lastIndexOf(":");
    const resource = scope.slice(0, Math.max(colon, 0));
    const actions = merged.get(resource) ?? new Set();
    for (const action of scope.slice(colon + 1).split(",")) actions.add(action);
    merged.set(resource, actions);
  }
  return [...merged].map(([resource, actions]) => `${resource}${resource && ":"}${[...actions].join(",")}`);
}

/** The same text for the same set of scopes in any order: the key under which a token is cached. */
export function scopeKey(scopes: readonly string[]): string {
  return mergeScopes(scopes)
    .map((scope) => {
      const colon = scope.lastIndexOf(":");
      return `${scope.slice(0, colon + 1)}${scope
        .slice(colon + 1)
        .split(",")
        .sort()
        .join(",")}`;
    })
    .sort()
    .join(" ");
}

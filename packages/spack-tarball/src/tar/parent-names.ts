// The directories above a member, which an archive lists before it.

/** `a`, `a/b`, ... for `a/b/c`: what Spack has listed since 0.21, so that layers unpack everywhere. */
export function parentNames(memberName: string): string[] {
  const components = memberName.split("/");
  return components.slice(0, -1).map((_, index) => components.slice(0, index + 1).join("/"));
}

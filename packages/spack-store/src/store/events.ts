// What working on a store tells whoever listens.

/** Something worth telling a user, but no error. */
export type StoreEvent =
  /** The native module for locks cannot be loaded: a Spack that works on the same store at the same time is not seen. */
  { readonly type: "locks-unavailable"; readonly reason: string };

/** Takes events as they happen. */
export type StoreListener = (event: StoreEvent) => void;

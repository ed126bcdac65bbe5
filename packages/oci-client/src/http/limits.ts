// How long answers may be that are kept in memory; a registry cannot make this client hold more.

/** Error bodies and token answers: 1 MiB. */
export const messageLimit = 1024 * 1024;
/** A page of a tag list: 8 MiB, which is 1000 tags many times over. */
export const listLimit = 8 * 1024 * 1024;

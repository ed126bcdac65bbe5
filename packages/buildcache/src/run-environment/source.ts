// Where it is known from what recipes add to the environment of an image.

/**
 * `spack`: Spack ran the recipes. `image`: it stood in the image that was there before. `table`: this program knows the
 * recipe. `none`: nothing is known to be added, and the environment is what follows from the prefixes alone.
 */
export type RunEnvironmentSource = "spack" | "image" | "table" | "none";

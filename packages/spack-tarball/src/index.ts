// What @spack-oci/spack-tarball offers to other packages.
export {};

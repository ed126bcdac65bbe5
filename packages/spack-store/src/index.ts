// What @spack-oci/spack-store offers to other packages.
export {};

// What @spack-oci/oci-client offers to other packages.
export {};

// What @spack-oci/buildcache offers to other packages.
export {};

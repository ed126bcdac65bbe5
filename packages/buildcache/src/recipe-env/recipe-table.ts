// The run environments that the recipes of common packages set up.
//
// These are facts of Spack's package repository (spack-packages, `setup_run_environment` and
// `setup_dependent_run_environment` of each recipe listed here). Recipes that need more than a prefix are not
// included: variables of Intel's packages come from running their vars.sh, CLASSPATH from searching for archives,
// those of tcl and nvhpc from inspecting the prefix, and those of lua extensions list directories of all their
// dependencies. Recipes such as those of go, rust, julia and node-js add nothing.

import type { EnvironmentModification } from "../image-env/modifications.js";

/** What recipes in the table do. */
export interface RecipeAddition extends EnvironmentModification {
  readonly kind: "prepend-path" | "append-path" | "set" | "unset";
}

/** How a value changes a variable. */
type Change = RecipeAddition["kind"];

/**
 * `{prefix}` is the package's own, `{version}` the first two numbers of its version, `{python}` those of the version
 * of the python that it depends on, or is.
 */
export type OwnRow = readonly [
  spec: string,
  change: Change,
  variable: string,
  value: string,
  /** Separates directories; a colon if undefined. */
  separator?: string,
];

/** What a package adds for each of its direct dependents (link or run); `{dependent}` is the dependent's prefix. */
export interface DependentRow {
  readonly spec: string;
  readonly change: Change;
  readonly variable: string;
  readonly value: string;
  /** Only if the value is an existing directory, which means that the dependent extends the package. */
  readonly mustExist?: true;
  /** Only for dependents whose name starts with this. */
  readonly dependents?: string;
  /** Only for dependents that do not depend on this package too. */
  readonly unless?: string;
}

const BIN = "{prefix}/bin";
const TYPELIBS = "{prefix}/lib/girepository-1.0";
const SITE_PACKAGES = "{dependent}/lib/python{python}/site-packages";

/** In the order in which the recipe adds them. */
export const OWN_ROWS: readonly OwnRow[] = [
  ["boost", "set", "BOOST_ROOT", "{prefix}"],
  ["cuda", "set", "CUDA_HOME", "{prefix}"],
  ["cuda", "set", "NVHPC_CUDA_HOME", "{prefix}"],
  ["eigen", "prepend-path", "CPATH", "{prefix}/include/eigen3"],
  ["gdk-pixbuf", "prepend-path", "XDG_DATA_DIRS", "{prefix}/share"],
  ["gdk-pixbuf", "prepend-path", "GI_TYPELIB_PATH", TYPELIBS],
  ["glib", "prepend-path", "GI_TYPELIB_PATH", TYPELIBS],
  ["gobject-introspection", "prepend-path", "GI_TYPELIB_PATH", TYPELIBS],
  ["hdf5", "append-path", "LD_LIBRARY_PATH", "{prefix}/lib"],
  ["icedtea", "set", "JAVA_HOME", "{prefix}"],
  ["jdk", "set", "JAVA_HOME", "{prefix}"],
  ["libfabric", "prepend-path", "LD_LIBRARY_PATH", "{prefix}/lib"],
  ["libfabric", "prepend-path", "LD_LIBRARY_PATH", "{prefix}/lib64"],
  ["llvm+clang", "set", "CC", `${BIN}/clang`],
  ["llvm+clang", "set", "CXX", `${BIN}/clang++`],
  ["llvm+flang", "set", "FC", `${BIN}/flang`],
  ["llvm+flang", "set", "F77", `${BIN}/flang`],
  ["lua", "prepend-path", "LUA_PATH", "{prefix}/share/lua/{version}/?.lua", ";"],
  ["lua", "prepend-path", "LUA_PATH", "{prefix}/share/lua/{version}/?/init.lua", ";"],
  ["lua", "prepend-path", "LUA_PATH", "{prefix}/lib/lua/{version}/?.lua", ";"],
  ["lua", "prepend-path", "LUA_PATH", "{prefix}/lib/lua/{version}/?/init.lua", ";"],
  ["lua", "prepend-path", "LUA_CPATH", "{prefix}/lib/lua/{version}/?.so", ";"],
  ["m4", "set", "M4", `${BIN}/m4`],
  ...mpiWrappers("mpich"),
  ["mvapich", "set", "MPI_ROOT", "{prefix}"],
  ...mpiWrappers("mvapich"),
  ["mvapich2 process_managers=slurm pmi_version=pmi1", "set", "SLURM_MPI_TYPE", "pmi1"],
  ["mvapich2 process_managers=slurm pmi_version=pmi2", "set", "SLURM_MPI_TYPE", "pmi2"],
  ["mvapich2 process_managers=slurm pmi_version=pmix", "set", "SLURM_MPI_TYPE", "pmix"],
  ["mvapich2", "set", "MPI_ROOT", "{prefix}"],
  ...mpiWrappers("mvapich2"),
  ["netcdf-c@4.9.0:+shared", "append-path", "HDF5_PLUGIN_PATH", "{prefix}/plugins"],
  ["openjdk", "set", "JAVA_HOME", "{prefix}"],
  ...mpiWrappers("openmpi", "mpic++"),
  ["openmpi@1.7:", "set", "MPIFC", `${BIN}/mpifort`],
  ["petsc", "set", "PETSC_DIR", "{prefix}"],
  ["petsc", "unset", "PETSC_ARCH", ""],
  ["proj", "set", "PROJ_LIB", "{prefix}/share/proj"],
  ["qt", "set", "QTDIR", "{prefix}"],
  ["qt", "set", "QTINC", "{prefix}/inc"],
  ["qt", "set", "QTLIB", "{prefix}/lib"],
  ["qt", "prepend-path", "QT_PLUGIN_PATH", "{prefix}/plugins"],
  ["r", "prepend-path", "LD_LIBRARY_PATH", "{prefix}/rlib/R/lib"],
  ["r", "prepend-path", "PKG_CONFIG_PATH", "{prefix}/rlib/pkgconfig"],
  ["r", "set", "R_HOME", "{prefix}/rlib/R"],
  ["r+rmath", "prepend-path", "LD_LIBRARY_PATH", "{prefix}/rlib"],
  ["udunits", "set", "UDUNITS2_XML_PATH", "{prefix}/share/udunits/udunits2.xml"],
];

/** In the order in which the recipe adds them; all of them precede what the package adds for itself. */
export const DEPENDENT_ROWS: readonly DependentRow[] = [
  { spec: "glib", change: "prepend-path", variable: "XDG_DATA_DIRS", value: "{prefix}/share" },
  { spec: "glib", change: "prepend-path", variable: "GI_TYPELIB_PATH", value: TYPELIBS },
  {
    spec: "gobject-introspection",
    change: "prepend-path",
    variable: "XDG_DATA_DIRS",
    value: "{prefix}/share",
  },
  { spec: "gobject-introspection", change: "prepend-path", variable: "GI_TYPELIB_PATH", value: TYPELIBS },
  { spec: "libfabric", change: "prepend-path", variable: "LD_LIBRARY_PATH", value: "{prefix}/lib" },
  { spec: "libfabric", change: "prepend-path", variable: "LD_LIBRARY_PATH", value: "{prefix}/lib64" },
  {
    spec: "perl",
    change: "prepend-path",
    variable: "PERL5LIB",
    value: "{dependent}/lib/perl5",
    mustExist: true,
  },
  {
    spec: "python",
    change: "prepend-path",
    variable: "PYTHONPATH",
    value: SITE_PACKAGES,
    mustExist: true,
    unless: "python-venv",
  },
  {
    spec: "python-venv",
    change: "prepend-path",
    variable: "PYTHONPATH",
    value: SITE_PACKAGES,
    mustExist: true,
  },
  {
    spec: "python-venv",
    change: "prepend-path",
    variable: "PATH",
    value: "{dependent}/bin",
    mustExist: true,
    dependents: "py-",
  },
  {
    spec: "r",
    change: "prepend-path",
    variable: "R_LIBS",
    value: "{dependent}/rlib/R/library",
    mustExist: true,
  },
  {
    spec: "ruby",
    change: "prepend-path",
    variable: "GEM_PATH",
    value: "{dependent}",
    dependents: "ruby-",
  },
];

/** The compiler wrappers of an MPI implementation (`setup_mpi_wrapper_variables`). */
function mpiWrappers(spec: string, cxx = "mpicxx"): OwnRow[] {
  return [
    [spec, "set", "MPICC", `${BIN}/mpicc`],
    [spec, "set", "MPICXX", `${BIN}/${cxx}`],
    [spec, "set", "MPIF77", `${BIN}/mpif77`],
    [spec, "set", "MPIF90", `${BIN}/mpif90`],
  ];
}

// Names of packages that many buildcaches have, from what others need to what people use.

// cspell:disable
export const PACKAGE_NAMES: readonly string[] = `
  zlib cmake openmpi hdf5 openblas python
  zlib-ng bzip2 xz zstd lz4 snappy ncurses readline libiconv gettext pkgconf m4 autoconf automake libtool bison flex
  perl openssl curl expat libxml2 libffi sqlite gdbm util-linux-uuid libbsd libmd berkeley-db diffutils findutils tar
  gmake ninja meson binutils gawk sed texinfo help2man gmp mpfr mpc isl libsigsegv libedit krb5 openssh git numactl
  hwloc libpciaccess libevent pmix prrte ucx libfabric rdma-core slurm mpich fftw netlib-scalapack metis parmetis scotch
  superlu-dist mumps hypre petsc slepc trilinos sundials amrex kokkos kokkos-kernels raja umpire camp chai blt boost
  eigen gsl cgal adios2 netcdf-c netcdf-fortran netcdf-cxx4 parallel-netcdf silo conduit ascent vtk paraview vtk-m
  argobots mercury margo thallium json-c nlohmann-json bedrock yokan warabi mofka spdlog fmt tclap catch2 googletest
  py-setuptools py-pip py-wheel py-numpy py-scipy py-cython py-pybind11 py-mpi4py py-h5py py-pandas py-matplotlib
  py-pyyaml py-jinja2 py-torch lammps gromacs quantum-espresso nwchem cp2k openfoam wrf elpa libxc libint plumed spglib
  darshan-runtime darshan-util tau hpctoolkit papi caliper scorep otf2 valgrind gdb
`
  .trim()
  .split(/\s+/);

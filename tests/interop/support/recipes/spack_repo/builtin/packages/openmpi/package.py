# A stub for a package that is never installed, so that Spack knows a virtual package of its default configuration.

from spack_repo.builtin.build_systems.generic import Package

from spack.package import *


class Openmpi(Package):
    """A recipe without a build"""

    has_code = False

    version("5.0.0")
    provides("mpi")

# Stands for a package that is outside of the store, or built already: enough for Spack to load its spec.

from spack_repo.builtin.build_systems.generic import Package

from spack.package import *


class Glibc(Package):
    """A recipe without a build"""

    has_code = False

    version("2.36")

# A stub for an external or already built package, so that Spack can load its spec.

import spack_repo.builtin.build_systems.autotools
from spack_repo.builtin.build_systems.generic import Package

from spack.package import *


class Gcc(Package):
    """A recipe without a build"""

    has_code = False
    tags = ["compiler"]

    version("12.2.0")
    provides("c", "cxx")

    # The concretizer asks the compiler for its libc.
    verbose_flags = "-v"

    @property
    def cc(self):
        return self.spec.extra_attributes["compilers"]["c"]

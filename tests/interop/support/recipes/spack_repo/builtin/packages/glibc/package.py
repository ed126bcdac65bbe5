# A stub for an external or already built package, so that Spack can load its spec.

import spack_repo.builtin.build_systems.autotools
from spack_repo.builtin.build_systems.generic import Package

from spack.package import *


class Glibc(Package):
    """A recipe without a build"""

    has_code = False

    version("2.36")
    provides("libc")
    provides("iconv", when="@2.30:")

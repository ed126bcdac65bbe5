# Stands for the recipe of Node, which is an external.

from spack_repo.builtin.build_systems.generic import Package

from spack.package import *


class NodeJs(Package):
    version("24.0.0")
    version("22.0.0")
    version("20.19.0")

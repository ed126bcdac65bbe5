# The generic build system, which Spack itself defines, where the recipes of the sample store import it from.

from spack.package import GenericBuilder, Package

__all__ = ["GenericBuilder", "Package"]

# What the sample store's recipes import: the generic build system, which Spack itself defines.

from spack.package import GenericBuilder, Package

__all__ = ["GenericBuilder", "Package"]

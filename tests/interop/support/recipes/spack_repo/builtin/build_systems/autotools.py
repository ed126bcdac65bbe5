# The build system of externals in the sample store, which are never built.

from spack.package import GenericBuilder, register_builder


@register_builder("autotools")
class AutotoolsBuilder(GenericBuilder):
    def install(self, pkg, spec, prefix):
        pass

# The build system of bundles, which only depend on other packages.

from spack.package import Builder, PackageBase, build_system, register_builder


class BundlePackage(PackageBase):
    build_system_class = "BundlePackage"
    default_buildsystem = "bundle"
    has_code = False

    build_system("bundle")


@register_builder("bundle")
class BundleBuilder(Builder):
    phases = ("install",)

    def install(self, pkg, spec, prefix):
        pass

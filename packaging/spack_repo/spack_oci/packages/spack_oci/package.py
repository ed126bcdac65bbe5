# Copyright spack-oci contributors
#
# SPDX-License-Identifier: (Apache-2.0 OR MIT)

from spack_repo.builtin.build_systems.generic import Package

from spack.package import *


class SpackOci(Package):
    """Push, pull and copy Spack packages in OCI registries such as ghcr.io, without running
    Python. A native client for Spack's OCI buildcaches."""

    homepage = "https://github.com/spack-oci/spack-oci"
    url = "https://registry.npmjs.org/spack-oci/-/spack-oci-0.1.0.tgz"

    license("Apache-2.0 OR MIT")

    # scripts/spack-recipe.mjs adds the versions here.

    depends_on("node-js@20.19:", type="run")

    # The native code for Spack's locks, which works with every Node.
    resource(
        name="koffi",
        url="https://registry.npmjs.org/@koromix/koffi-linux-x64/-/koffi-linux-x64-3.3.4.tgz",
        sha256="ca00f125173c267013bafd9857b067e10f5ed7f902a124c9817d8e1346b95120",
        placement="koffi",
        when="platform=linux target=x86_64:",
    )
    resource(
        name="koffi",
        url="https://registry.npmjs.org/@koromix/koffi-linux-arm64/-/koffi-linux-arm64-3.3.4.tgz",
        sha256="d2d6ad6e85d165e1cd8439c3851b9b3526db083303991fa5720087cd6cc04f89",
        placement="koffi",
        when="platform=linux target=aarch64:",
    )

    def install(self, spec, prefix):
        package = prefix.lib.join("spack-oci")
        install_tree("bundle", package)
        install("LICENSE-*", package)
        if spec.satisfies("target=x86_64:"):
            install_tree("koffi", package.node_modules.join("@koromix").join("koffi-linux-x64"))
        elif spec.satisfies("target=aarch64:"):
            install_tree("koffi", package.node_modules.join("@koromix").join("koffi-linux-arm64"))
        mkdirp(prefix.bin)
        program = package.join("spack-oci.cjs")
        # The Node that this package depends on, even if it is not on PATH.
        filter_file("^#!.*", f"#!{spec['node-js'].prefix.bin.node}", program, backup=False)
        set_executable(program)
        symlink("../lib/spack-oci/spack-oci.cjs", prefix.bin.join("spack-oci"))

    @run_after("install")
    def check_version(self):
        command = Executable(self.prefix.bin.join("spack-oci"))
        if str(self.version) not in command("--version", output=str):
            raise InstallError(f"{command.path} does not report version {self.version}")

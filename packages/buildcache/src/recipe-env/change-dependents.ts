// Which recipes change the run environment of other packages.

import type { Recipe } from "@spack-oci/spack-modules";
import type { SpecNode } from "@spack-oci/spack-spec";

/**
 * Recipes of Spack's own repository that add to the environment of their dependents, for packages whose recipe is not
 * on this machine (Spack: spack-packages, `setup_dependent_run_environment`).
 */
const CHANGE_DEPENDENTS = new Set(
  (
    "adwaita-icon-theme amdlibflame amdscalapack at-spi2-core aws-ofi-nccl aws-ofi-rccl babl cryptsetup dislin fairroot " +
    "fftx gegl glib gnuradio gobject-introspection gsettings-desktop-schemas gtkplus gtksourceview harfbuzz hdf5-blosc " +
    "hicolor-icon-theme icedtea jdk kicad kynema-ugf libfabric librsvg libx11 libxfce4ui libxfce4util llvm-amdgpu lua " +
    "macfuse nalu-wind nektar newt npm openfoam openfoam-org openjdk openmm pango perl pgplot postgresql py-cartopy " +
    "py-eccodes py-jupyter-core py-nbconvert py-pythran pythia8 python python-venv r root ruby scons shared-mime-info " +
    "spiral-software tcl tcl-togl tempo trilinos xfce4-session xkeyboard-config"
  ).split(" "),
);

/** Whether a recipe may change the environment of its dependents. */
export function mayChangeDependents({ name }: SpecNode, recipe: Recipe | undefined): boolean {
  return recipe?.changesDependents === true || (recipe?.knowsBases !== true && CHANGE_DEPENDENTS.has(name));
}

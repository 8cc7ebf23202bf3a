"""The repository's root is the package `freshet`; its folders are the rooms."""

from setuptools import setup
from setuptools.command.build_py import build_py

ROOMS = (
    "",
    ".driver",
    ".driver.catchments",
    ".driver.generator",
    ".driver.output",
    ".driver.parallel",
    ".driver.gridded",
    ".driver.grid",
    ".driver.planet",
    ".driver.training_grid",
    ".driver.vic",
    ".kernels",
    ".kernels.hbv",
    ".kernels.hydropy",
    ".kernels.vic",
    ".kernels.rivers",
    ".kernels.routing",
    ".kernels.loops",
    ".kernels.disaggregation",
    ".kernels.network",
    ".kernels.potential_evaporation",
    ".nn",
)


class BuildWithoutSetup(build_py):
    """Keep this file out of the wheel, where it would be `freshet.setup`."""

    def find_package_modules(self, package, package_dir):
        return [found for found in super().find_package_modules(package, package_dir) if found[1] != "setup"]


setup(
    package_dir={"freshet": "."},
    packages=[f"freshet{room}" for room in ROOMS],
    cmdclass={"build_py": BuildWithoutSetup},
)

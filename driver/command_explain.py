"""The commands that read a trained network: `freshet explain`, `freshet parameters`."""

from pathlib import Path

import click

namelist = click.argument("namelist")
override = click.option("--set", "overrides", multiple=True, metavar="GROUP.KEY=VALUE", help="Replace one setting.")


@click.command()
@namelist
@override
def explain(namelist: str, overrides: tuple[str, ...]) -> None:
    """Which attributes matter to a trained network.

    Expected gradients: what each attribute of a place adds to each parameter, against the mean over the places of the
    training.

    \b
    Examples:
        freshet explain namelists/explain_caravan.nml
        freshet explain namelists/explain_caravan.nml --set explain.variables=fc,beta

    Writes attributions by place (CF netCDF), their mean size (csv) and pictures to the directory of &explain.
    """
    from .settings import load

    settings = load(namelist, overrides, "explain")
    from .explain import explain as explain_all

    explain_all(settings)


@click.command()
@namelist
@override
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write.")
def parameters(namelist: str, overrides: tuple[str, ...], output: Path | None) -> None:
    """Write the parameters of a run as a map.

    Those that a run of the namelist would use: of a trained network, of a file, of the fields of a grid, or defaults.

    \b
    Examples:
        freshet parameters run.nml -o map.nc
        freshet parameters run.nml --set parameters.source=checkpoint --set parameters.path=best.pt -o map.nc
        freshet run run.nml --set parameters.source=file --set parameters.path=map.nc

    CF netCDF by basin, or on latitudes and longitudes, with units, bounds and where the numbers come from; without -o
    parameter_map.nc in the directory of &output. A run from the map is the same to the bit.
    """
    from .settings import load

    settings = load(namelist, overrides, "parameters")
    from .parameter_maps import map_parameters

    map_parameters(settings, output)

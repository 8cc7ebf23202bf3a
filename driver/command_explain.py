"""The commands that read a trained network: `freshet explain`, `freshet parameters`."""

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

"""The command `freshet evaluate-independent`."""

import click


@click.command("evaluate-independent")
@click.argument("namelist")
@click.option("--set", "overrides", multiple=True, metavar="GROUP.KEY=VALUE", help="Replace one setting.")
def evaluate_independent(namelist: str, overrides: tuple[str, ...]) -> None:
    """Compare with data that no training has seen.

    Evaporation, storage and snow of a run against monthly means of basins: correlation, error, bias and variation of
    the residuals, by climate.

    \b
    Examples:
        freshet evaluate-independent namelists/independent_rhine.nml
        freshet evaluate-independent run.nml --set independent.pairs='et_gleam = evaporation'

    Places of the run are matched with the basins of the data by id, or by where they lie. Writes tables (csv), the
    compared series (CF netCDF) and pictures to the directory of &independent.
    """
    from .settings import load

    settings = load(namelist, overrides, "evaluate-independent")
    from .independent import evaluate_independent as evaluate

    evaluate(settings)

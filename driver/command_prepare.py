"""The commands `freshet prepare ...`: set-ups of other programs made into namelists, forcing computed beforehand."""

from pathlib import Path

import click


@click.group()
def prepare() -> None:
    """Make namelists from set-ups of other programs, or forcing beforehand.

    \b
    Examples:
        freshet prepare hydropy setup.json -o global.nml
        freshet prepare pet weather.nml -o pet
        freshet prepare vic global_param.txt -o vic.nml
    """


@prepare.command()
@click.argument("setup", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The namelist to write; otherwise it is shown.")
@click.option("--years", nargs=2, type=int, metavar="FIRST LAST", help="Years of forcing, where the set-up has none.")
def hydropy(setup: Path, output: Path | None, years: tuple[int, int] | None) -> None:
    """A namelist from HydroPy's setup.json.

    Parameter file and forcing stay as they are: the namelist names them. Options become settings, parameters are
    converted (K to degC, per second to per day), and what has no counterpart stands in comments.

    \b
    Examples:
        freshet prepare hydropy setup.json -o global.nml --years 1979 2014
        freshet check global.nml
    """
    from .errors import ConfigurationError
    from .files import write_text
    from .grid.prepare_hydropy import namelist_of_setup

    if years and years[1] < years[0]:
        raise ConfigurationError(f"--years {years[0]} {years[1]}: the last year lies before the first")
    text, notes = namelist_of_setup(setup, years or ())
    if output is None:
        click.echo(text, nl=False)
        return
    if output.exists():
        raise ConfigurationError(f"'{output}' exists: name another file, or remove it first")
    write_text(output, text)
    for note in notes:
        click.echo(f"note: {note}")
    click.echo(f"wrote {output}")


@prepare.command()
@click.argument("setup", metavar="GLOBAL", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The namelist to write; otherwise it is shown.")
def vic(setup: Path, output: Path | None) -> None:
    """A namelist from the global parameter file of VIC 5, of its classic or its image driver.

    Parameter, forcing and state files stay as they are: the namelist names them. What is taken is told, what has no
    counterpart stands in comments, and an option that asks for other physics than is built is refused by name.

    \b
    Examples:
        freshet prepare vic global_param.txt -o vic.nml
        freshet check vic.nml
    """
    from .errors import ConfigurationError
    from .files import write_text
    from .vic.prepare_vic import namelist_of_global

    text, found = namelist_of_global(setup)
    if output is None:
        click.echo(text, nl=False)
        return
    if output.exists():
        raise ConfigurationError(f"'{output}' exists: name another file, or remove it first")
    write_text(output, text)
    for line in found.took:
        click.echo(f"took: {line}")
    for line in found.left:
        click.echo(f"left: {line}")
    click.echo(f"wrote {output}")


@prepare.command()
@click.argument("namelist")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The folder to write into.")
@click.option("--years", nargs=2, type=int, metavar="FIRST LAST", help="The years to write; otherwise all.")
@click.option("--overwrite", is_flag=True, help="Replace files of an earlier run.")
@click.option(
    "--set", "overrides", multiple=True, metavar="GROUP.KEY=VALUE", help="Replace one setting of the namelist."
)
def pet(
    namelist: str, output: Path, years: tuple[int, int] | None, overwrite: bool, overrides: tuple[str, ...]
) -> None:
    """Potential evaporation of the weather in &weather, as netCDF files by year.

    The formula is pet in &weather; of the namelist only &weather and on_missing in &data are read.

    \b
    Examples:
        freshet prepare pet weather.nml -o pet --set weather.pet=penman_monteith
        freshet prepare pet weather.nml -o pet --years 1979 1988
    """
    from .gridded.prepare_pet import write_evaporation
    from .settings import load

    for line in write_evaporation(load(namelist, overrides, "prepare"), output, years, overwrite):
        click.echo(line)

"""The commands `freshet experiment` and `freshet gather`."""

import click

from .command_options import launched, namelist, override


@click.command()
@namelist
@override
@click.option("--workers", type=click.IntRange(1), help="So many processes at a time: --set experiment.workers=N.")
@click.option("--ranks", type=click.IntRange(1), default=1, help="Share the members among so many MPI ranks.")
@click.option("--list", "only_list", is_flag=True, help="Only say which members there are, and how far they are.")
@click.option("--session", default="", hidden=True)
def experiment(
    namelist: str, overrides: tuple[str, ...], workers: int | None, ranks: int, only_list: bool, session: str
) -> None:
    """Train all members of an experiment.

    A member is a training on one split of the basins, with one seed, in one variant. Each has a folder with its whole
    namelist, which freshet train takes too.

    \b
    Examples:
        freshet experiment namelists/experiment_regions.nml --list
        freshet experiment namelists/experiment_regions.nml --workers 8
        freshet experiment namelists/experiment_regions.nml --ranks 8
        freshet gather     namelists/experiment_regions.nml

    What is finished is not done again, and what was stopped or killed goes on from its checkpoint: start the same
    command again. Any number of processes and jobs may work on one experiment at the same time. A member that fails
    stops no other; the exit status tells at the end.
    """
    sets = [*overrides, *([f"experiment.workers={workers}"] if workers else [])]
    if not only_list:
        launched("experiment", namelist, tuple(sets), ranks)
    from .settings import load

    settings = load(namelist, sets, "experiment")
    if only_list:
        from .experiment_list import listed

        click.echo(listed(settings))
        return
    from .experiment_workers import run_with_workers

    run_with_workers(settings, session)


@click.command()
@namelist
@override
def gather(namelist: str, overrides: tuple[str, ...]) -> None:
    """Tables and pictures of an experiment.

    All basins held out are pooled over the folds or regions; medians over them have a mean and a spread over the seeds.

    \b
    Example:
        freshet gather namelists/experiment_regions.nml

    Writes scores.csv, summary.csv, summary.txt, scores.nc and pictures to the directory of &experiment. Members that
    are not finished are left out, and counted.
    """
    from .settings import load

    settings = load(namelist, overrides, "gather")
    from .experiment_gather import gather as gather_all

    gather_all(settings)


@click.command()
@namelist
@override
@click.option("--workers", type=click.IntRange(1), help="So many processes at a time: --set search.workers=N.")
@click.option("--ranks", type=click.IntRange(1), default=1, help="Share the trials among so many MPI ranks.")
@click.option("--session", default="", hidden=True)
def search(namelist: str, overrides: tuple[str, ...], workers: int | None, ranks: int, session: str) -> None:
    """Search good hyperparameters.

    Trains with settings from the ranges of &search, chosen by optuna (freshet[search]), judged by the validation
    period; trainings that promise nothing are cut short.

    \b
    Examples:
        freshet search namelists/search_generated.nml
        freshet search namelists/search_generated.nml --workers 2
        freshet train  output/search_generated/best.nml --set training.directory=output/best

    Trials are kept in a journal: start the same command again to go on after a stop or a kill, or with more trials.
    Any number of processes and jobs may work on one search at the same time. Writes trials.csv, best.nml and a picture.
    """
    sets = [*overrides, *([f"search.workers={workers}"] if workers else [])]
    launched("search", namelist, tuple(sets), ranks)
    from .settings import load

    settings = load(namelist, sets, "search")
    from .experiment_workers import search_with_workers

    search_with_workers(settings, session)

"""The command line. Nothing heavy is imported before a command needs it."""

import sys
from collections.abc import Callable
from typing import Any

import click

from .. import __version__
from .command_experiment import experiment, gather, search
from .command_explain import explain, parameters
from .command_independent import evaluate_independent
from .command_join import join
from .command_options import launched, namelist, override
from .command_prepare import prepare
from .errors import ConfigurationError
from .nearest import suggestion
from .outcome import outcome
from .parallel.ending import conclude
from .parallel.environment import launched_ranks, share_processors

# Commands that work in several processes; of the others each process would do the same and write the same files.
PARALLEL = ("run", "train", "experiment", "search")


class Commands(click.Group):
    """The commands, in the order of use; a mistyped one is answered with the nearest."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Names in the order in which they were declared."""
        return list(self.commands)

    def resolve_command(self, context: click.Context, args: list[str]) -> Any:
        """As click does, with our hint."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            raise ConfigurationError(f"unknown command '{args[0]}'{suggestion(args[0], self.commands)}")
        if args and args[0] in self.commands and args[0] not in PARALLEL and launched_ranks() > 1:
            raise ConfigurationError(f"freshet {args[0]} works in one process: start it without mpiexec or srun")
        return super().resolve_command(context, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="freshet %(version)s")
def commands() -> None:
    """freshet: a hydrological model that can be trained.

    Everything is said in a namelist, a text file of named groups such as

    \b
        &run
          model = 'hbv'          ! comments begin with '!'
          start = '1990-10-01'   ! dates and texts are quoted
        /

    \b
    First steps, with no data at all:
        freshet check namelists/hbv_generated.nml
        freshet run   namelists/hbv_generated.nml
        freshet describe settings

    Relative paths start from the current directory; $VARIABLES and ~ are understood.

    \b
    Exit status: 0 done, 2 error in namelist or command line, 3 in the input data, 4 in the
    numbers, 5 in writing, 75 interrupted after writing a restart (start again with --resume).
    """


@commands.command()
@namelist
@override
@click.option("--resume", is_flag=True, help="Go on from the last restart: the same as --set run.resume=true.")
@click.option("--ranks", type=click.IntRange(1), default=1, help="Work in so many processes (needs freshet[mpi]).")
def run(namelist: str, overrides: tuple[str, ...], resume: bool, ranks: int) -> None:
    """Simulate the basins or the grid of a namelist.

    Writes discharge and, on request, every state and flux of the model.

    \b
    Examples:
        freshet run namelists/hbv_generated.nml
        freshet run namelists/hbv_caravan.nml --set data.limit=10 --set output.directory=trial
        freshet run namelists/hbv_caravan.nml --resume
        freshet run namelists/hbv_caravan.nml --ranks 4
        mpiexec -n 4 freshet run namelists/hbv_caravan.nml

    Results are the same to the bit for any number of processes, and a run may go on with another number.
    Output is CF netCDF in the directory of &output. A run that was stopped (Ctrl-C, SIGTERM, time limit of a
    queue) leaves a restart, ends with status 75, and is continued with --resume.
    """
    launched("run", namelist, overrides, ranks, ("--resume",) if resume else ())
    from .settings import load

    settings = load(namelist, (*overrides, *(["run.resume=true"] if resume else [])))
    from .simulation import run as simulate

    simulate(settings)


@commands.command()
@namelist
@override
def check(namelist: str, overrides: tuple[str, ...]) -> None:
    """Everything short of running.

    Checks the settings, all input data and the disk space.

    \b
    Example:
        freshet check namelists/hbv_caravan.nml

    Reads the whole weather of the period, looks for gaps and for values that cannot be, and reports period,
    basins, means of precipitation and potential evaporation, discharge coverage and the size of the output.
    """
    from .checking import check as check_all
    from .settings import load

    report, refused = check_all(load(namelist, overrides))
    click.echo(report)
    if refused:
        raise refused


@commands.command()
@click.argument("subject", nargs=-1)
@click.option("--markdown", "style", flag_value="markdown", help="Tables in Markdown.")
@click.option("--json", "style", flag_value="json", help="Tables in JSON.")
def describe(subject: tuple[str, ...], style: str | None) -> None:
    """Models, units, bounds, settings, data.

    \b
    Examples:
        freshet describe                  what can be asked for
        freshet describe models           the models and their forms
        freshet describe hbv              parameters, states and fluxes with units and bounds
        freshet describe hbv-1.1p         one form only
        freshet describe settings         all settings of a namelist
        freshet describe settings run     those of the group &run
        freshet describe variables        what can be written
        freshet describe data             forms of input data
        freshet describe namelist         an example of a namelist with every setting
    """
    from .description import describe as describe_subject

    click.echo(describe_subject(subject, style or "text"))


@commands.command()
@namelist
@override
@click.option("--resume", is_flag=True, help="Go on from the last checkpoint: the same as --set training.resume=true.")
@click.option("--ranks", type=click.IntRange(1), default=1, help="Train on a grid in so many processes.")
def train(namelist: str, overrides: tuple[str, ...], resume: bool, ranks: int) -> None:
    """Train a network for the parameters.

    The network learns to give the model its parameters from basin attributes, or from the fields of a grid through
    its rivers.

    \b
    Examples:
        freshet train namelists/train_generated.nml
        freshet train namelists/train_caravan.nml --set training.epochs=10
        freshet train namelists/train_caravan.nml --resume
        freshet train namelists/train_rhine.nml --ranks 2

    Needs the group &training with the training period; discharge of the data is the target. Checkpoints and
    logs go to its directory. What is learned on a grid is the same to the bit for any number of processes.
    """
    launched("train", namelist, overrides, ranks, ("--resume",) if resume else ())
    from .settings import load

    settings = load(namelist, (*overrides, *(["training.resume=true"] if resume else [])), "train")
    from .training import train as train_network

    train_network(settings)


@commands.command()
@namelist
@override
def evaluate(namelist: str, overrides: tuple[str, ...]) -> None:
    """Compare with observed discharge.

    NSE, KGE (2009 and 2012), bias, high and low flow errors, by basin and in summary.

    \b
    Examples:
        freshet evaluate namelists/evaluate_caravan.nml
        freshet evaluate namelists/evaluate_caravan.nml --set evaluation.start=1999-10-01

    Writes a table, a csv file and plots to the directory of &evaluation.
    """
    from .settings import load

    settings = load(namelist, overrides, "evaluate")
    from .evaluation import evaluate as evaluate_all

    evaluate_all(settings)


@commands.command()
@namelist
@override
def plot(namelist: str, overrides: tuple[str, ...]) -> None:
    """Draw maps, skill and hydrographs.

    \b
    Example:
        freshet plot namelists/evaluate_caravan.nml --set plot.basins=01013500,01022500
    """
    from .settings import load

    settings = load(namelist, overrides, "plot")
    from .plotting import plot as plot_all

    plot_all(settings)


commands.add_command(evaluate_independent)
commands.add_command(explain)
commands.add_command(parameters)
commands.add_command(experiment)
commands.add_command(gather)
commands.add_command(search)
commands.add_command(join)
commands.add_command(prepare)


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the console script: errors become one line each on standard error and an exit status."""
    share_processors()
    sys.exit(_status(lambda: commands.main(arguments, prog_name="freshet", standalone_mode=False)))


def _status(work: Callable[[], Any]) -> int:
    """Do the work; the exit status it ends with, with every other rank where there are several."""
    return conclude(*outcome(work))

"""What several commands have in common: the namelist, --set, and starting several processes."""

import click

namelist = click.argument("namelist")
override = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="GROUP.KEY=VALUE",
    help="Replace one setting of the namelist, e.g. --set run.threads=2. May be given many times. "
    "Lists are written with commas: --set output.variables=streamflow,snowpack.",
)


def launched(
    command: str, namelist: str, overrides: tuple[str, ...], ranks: int, options: tuple[str, ...] = ()
) -> None:
    """Have several processes do the command, and end as they do; or find oneself among those that a launcher made."""
    if ranks > 1:
        from .parallel.launcher import launch

        sets = [word for text in overrides for word in ("--set", text)]
        status = launch(ranks, [command, namelist, *sets, *options])
        if status is not None:
            raise click.exceptions.Exit(status)
    from .parallel.world import current_world

    current_world()

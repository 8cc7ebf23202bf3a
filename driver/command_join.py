"""The command `freshet join`."""

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--virtual", is_flag=True, help="Refer to the files of the processes instead of copying them.")
@click.option("--remove", is_flag=True, help="Remove the files of the processes afterwards.")
def join(folder: Path, virtual: bool, remove: bool) -> None:
    """One file of those of all processes.

    Runs of many processes (mode = 'rank' in &output) leave the files of each process. This makes of them the files
    that one process would have written.

    \b
    Examples:
        freshet join output/global
        freshet join output/global --virtual    makes files that refer to those of the processes, at once
        freshet join output/global --remove     a run that is joined like this cannot be prolonged
    """
    from .errors import ConfigurationError
    from .output.join import join as join_files

    if virtual and remove:
        raise ConfigurationError("--virtual and --remove: files that are referred to have to stay; leave one out")
    if not folder.is_dir():
        raise ConfigurationError(f"'{folder}' is no folder: name the directory of &output")
    for line in join_files(folder, virtual, remove):
        click.echo(line)

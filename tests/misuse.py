"""A sound namelist to be broken, and the command line in this process, for the tests of misuse."""

import pytest
from freshet.driver import cli

GENERATED = """&run
  model = 'hbv'
  version = '1.0'
  start = '1990-01-01'
  precision = 'float32'
  threads = 1
/
&data
  form = 'generated'
/

&output
  variables = 'streamflow'
/

&parameters
  ! fc
/
"""


def freshet(capsys, *arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as ended:
        cli.main(list(arguments))
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err

"""How a command ends: exit status and message of whatever it raises."""

import os
import sys
from collections.abc import Callable
from typing import Any

import click

from .errors import FreshetError, WriteError


def outcome(work: Callable[[], Any]) -> tuple[int, str]:
    """Do the work; the exit status and the message that it ends with."""
    try:
        result = work()
        sys.stdout.flush()
        return (result if isinstance(result, int) else 0), ""
    except FreshetError as error:
        return error.status, str(error)
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return error.exit_code, ""
    except click.ClickException as error:
        return 2, error.format_message() + " (freshet --help)"
    except (KeyboardInterrupt, click.Abort):
        return 130, "interrupted"
    except BrokenPipeError:
        # Whoever read our output has gone: `freshet describe | head`. Keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141, ""
    except OSError as error:
        if os.environ.get("FRESHET_DEBUG"):
            raise
        where = f"'{error.filename}'" if error.filename else "the terminal or a file"
        return WriteError.status, f"{where} cannot be read or written: {error.strerror or error}"
    except MemoryError:
        return 1, "not enough memory: fewer basins, a smaller block (&run) or fewer components need less"
    except Exception as error:
        if os.environ.get("FRESHET_DEBUG"):
            raise
        what = " ".join(f"{type(error).__name__}: {error}".split())
        return 1, f"internal error: {what} (set FRESHET_DEBUG=1 for the traceback)"

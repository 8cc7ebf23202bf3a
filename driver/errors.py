"""Errors that a user can act on: one line each, with the exit status of the promise they break."""


class FreshetError(Exception):
    """A failure told in one line: what, where, what was found, what is expected, what to do."""

    status = 1


class ConfigurationError(FreshetError):
    """The namelist, the command line or the environment asks for something that cannot be."""

    status = 2


class InputError(FreshetError):
    """A file of input data is missing, broken, incomplete or out of range."""

    status = 3


class NumericsError(FreshetError):
    """A state left its bounds, became NaN, or the water balance did not close."""

    status = 4


class WriteError(FreshetError):
    """Output could not be written whole: disk full, no permission, another run at work."""

    status = 5


class InUse(WriteError):
    """Another process is at work in the directory."""


class Interrupted(FreshetError):
    """The run was asked to stop, wrote a restart and can be resumed."""

    status = 75

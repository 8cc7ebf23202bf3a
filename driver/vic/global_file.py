"""VIC 5's global parameter file, of the classic and of the image driver, as it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ..errors import ConfigurationError, InputError

# Lines that may come many times; of every other the last one counts, as in VIC.
STREAMS = ("FORCING1", "FORCING2")
BY_STREAM = ("FORCE_TYPE", "FORCE_FORMAT", "FORCE_ENDIAN", "FORCE_STEPS_PER_DAY", "N_TYPES", "FORCEYEAR", "FORCEMONTH",
             "FORCEDAY", "FORCESEC", "FORCEHOUR", "FORCE_DT")  # fmt: skip
OUTPUT = ("OUTFILE", "OUTVAR", "AGGFREQ", "OUTFREQ", "HISTFREQ", "COMPRESS", "OUT_FORMAT", "SKIPYEAR", "N_OUTFILES")


@dataclass
class StreamLines:
    """The lines of one forcing file: where it is, its FORCE_TYPE lines (words behind the name), and the others."""

    prefix: str
    types: list[list[str]] = field(default_factory=list)
    lines: dict[str, str] = field(default_factory=dict)


@dataclass
class OutputLines:
    """One OUTFILE: its prefix, how often it is written, and its OUTVAR names."""

    prefix: str
    frequency: str = ""
    variables: list[str] = field(default_factory=list)


@dataclass
class GlobalFile:
    """What a global parameter file says.

    settings  options by name, as text
    domain    names of DOMAIN_TYPE lines
    streams, outputs  in their order
    """

    path: Path
    settings: dict[str, str]
    domain: dict[str, str]
    streams: list[StreamLines]
    outputs: list[OutputLines]

    @property
    def image(self) -> bool:
        """Whether it is one of the image driver: parameters are in one netCDF file."""
        return "PARAMETERS" in self.settings

    def file(self, name: str) -> Path | None:
        """The path that an option names; relative ones start from the folder of the global file or from here."""
        text = self.settings.get(name, "")
        return self.under(text) if text and text.upper() != "FALSE" else None

    def under(self, text: str) -> Path:
        """A path of the file: as it is where something is there, otherwise from the folder of the global file."""
        path = Path(text).expanduser()
        beside = self.path.parent / path
        return beside if not path.is_absolute() and _there(beside) and not _there(path) else path


def _there(path: Path) -> bool:
    """Whether a file is there, or files that begin with that name."""
    return path.exists() or (path.parent.is_dir() and any(path.parent.glob(path.name + "*")))


def read_global(path: Path) -> GlobalFile:
    """The lines of a global parameter file. InputError where it cannot be read, ConfigurationError where a line of
    forcing or output stands before the file it belongs to.
    """
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}: expected VIC's global parameter file") from error
    found = GlobalFile(path, {}, {}, [], [])
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if words:
            _take(found, words[0].upper(), words[1:], f"{path}, line {number}")
    if not found.settings:
        raise InputError(f"{path} has no option: expected VIC's global parameter file")
    return found


def _take(found: GlobalFile, name: str, words: list[str], where: str) -> None:
    if name in STREAMS:
        if words and words[0].upper() != "FALSE":
            found.streams.append(StreamLines(words[0]))
    elif name in BY_STREAM:
        if not found.streams:
            raise ConfigurationError(f"{where}: {name} before FORCING1: expected the file first, then its lines")
        if name == "FORCE_TYPE":
            found.streams[-1].types.append(words)
        else:
            found.streams[-1].lines[name] = " ".join(words)
    elif name == "DOMAIN_TYPE":
        if len(words) < 2:
            raise ConfigurationError(f"{where}: DOMAIN_TYPE with {len(words)} words, expected what it is and its name")
        found.domain[words[0].upper()] = words[-1]
    elif name in OUTPUT:
        _take_output(found, name, words, where)
    else:
        found.settings[name] = " ".join(words)


def _take_output(found: GlobalFile, name: str, words: list[str], where: str) -> None:
    if name == "OUTFILE":
        found.outputs.append(OutputLines(words[0] if words else ""))
        return
    if not found.outputs and name in ("OUTVAR", "AGGFREQ", "OUTFREQ"):
        raise ConfigurationError(f"{where}: {name} before OUTFILE: expected the file first, then its lines")
    if name == "OUTVAR" and words:
        found.outputs[-1].variables.append(words[0].upper())
    elif name in ("AGGFREQ", "OUTFREQ"):
        found.outputs[-1].frequency = " ".join(words).upper()

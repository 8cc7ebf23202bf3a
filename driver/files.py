"""Files that appear under their final name only when whole, and the lock of the netCDF library."""

import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatch
from pathlib import Path

from .errors import ConfigurationError, WriteError

# The netCDF and HDF5 libraries are not safe to be called from two threads at once: whoever reads or writes holds this.
NETCDF = threading.RLock()
TEMPORARY = ".tmp."


@contextmanager
def whole_file(path: Path, needed: int = 0, verify: Callable[[Path], None] | None = None) -> Iterator[Path]:
    """A temporary name beside `path` to write to; `path` itself appears when everything has reached the disk.

    write, close (by the caller) -> fsync -> verify -> rename -> fsync of the folder. Raises WriteError that names the
    path and the bytes needed (as estimated by the caller); the temporary file is removed then, and a file that was
    under this name before stays as it was.
    """
    temporary = path.with_name(f"{path.name}{TEMPORARY}{os.getpid()}")
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        if verify is not None:
            verify(temporary)
        temporary.replace(path)
        sync_folder(path.parent)
    except (OSError, RuntimeError) as error:
        # netCDF tells of a full disk only when it closes, as a RuntimeError without the reason.
        raise _write_error(path, needed, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def write_text(path: Path, text: str) -> None:
    """Write a text file whole; WriteError where that fails."""
    content = text.encode()
    with whole_file(path, len(content)) as temporary:
        temporary.write_bytes(content)


@contextmanager
def made_folder(path: Path, group: str) -> Iterator[None]:
    """The folder, made with its parents. What was made and is still empty when the block ends in an error goes again.

    group: of the setting that names the folder, for messages. WriteError where it cannot be made.
    """
    made = [folder for folder in (path, *path.parents) if not folder.exists()]
    try:
        make_folder(path, group)
        yield
    except WriteError:
        raise  # the disk is full, or another run is at work here
    except BaseException:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        raise


def make_folder(path: Path, group: str) -> None:
    """Make a folder and its parents; WriteError, with the group of the setting that names it, where that fails."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(
            f"cannot make the directory '{path}': {error.strerror or error}: choose another in &{group}"
        ) from error


def require_apart(folder: Path, names: Iterable[str], inputs: Iterable[str], group: str) -> None:
    """ConfigurationError where an input lies in the folder of output under a name that is to be written there.

    names: patterns of what is written; inputs: paths, '' for none; group: of the setting that names the folder.
    """
    for path in map(Path, filter(None, inputs)):
        mine = folder / path.name
        if mine.is_file() and path.exists() and mine.samefile(path) and any(fnmatch(path.name, name) for name in names):
            raise ConfigurationError(
                f"'{path}' is read, and would be written over by the file of this name in '{folder}': choose another "
                f"directory in &{group}"
            )


def sync_folder(folder: Path) -> None:
    """Make renames in the folder last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    # Some network file systems cannot do this for folders.
    with suppress(OSError):
        os.fsync(descriptor)
    os.close(descriptor)


def require_space(path: Path, needed: int, least: float = 1.0) -> None:
    """WriteError where the file system of `path` has less than the share `least` of the `needed` bytes left."""
    try:
        free = free_bytes(path)
    except OSError as error:
        raise _write_error(path, needed, error) from error
    if free < least * needed:
        raise WriteError(f"cannot write '{path}': it needs about {size(needed)}, the disk has {size(free)} free")


def free_bytes(path: Path) -> int:
    """Bytes that the file system of the path's folder can still take."""
    return shutil.disk_usage(path.parent).free


def remove_temporary(folder: Path) -> None:
    """Remove what killed runs were just writing."""
    for left in folder.glob(f"*{TEMPORARY}*"):
        if left.name.rpartition(TEMPORARY)[2].isdigit():
            left.unlink(missing_ok=True)


def checksum(path: Path) -> str:
    """SHA-256 of a file; OSError where it cannot be read."""
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def size(count: float) -> str:
    """A number of bytes in words, such as '12.3 MB'."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if abs(count) < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def _write_error(path: Path, needed: int, error: Exception) -> WriteError:
    reason = getattr(error, "strerror", None) or " ".join(str(error).split()) or type(error).__name__
    text = f"cannot write '{path}': {reason}"
    if needed:
        text += f"; it needs about {size(needed)}"
    with suppress(OSError):
        text += f", the disk has {size(free_bytes(path))} free"
    return WriteError(text)

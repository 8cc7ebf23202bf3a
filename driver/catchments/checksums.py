"""sha256 of input files, computed when first asked for."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..errors import InputError

THREADS = 2  # hashing lets other threads run; more than two outrun the disk


class Checksums:
    """Names and sha256 of some files."""

    def __init__(self, paths: Sequence[Path]):
        self.paths = list(dict.fromkeys(paths))
        self._found: list[tuple[str, str]] | None = None

    def files(self) -> list[tuple[str, str]]:
        """Name and sha256 of each file, in the order in which they were read. InputError where one is gone."""
        if self._found is None:
            with ThreadPoolExecutor(THREADS) as pool:
                self._found = list(zip(map(str, self.paths), pool.map(sha256, self.paths), strict=True))
        return list(self._found)


def sha256(path: Path) -> str:
    """Hexadecimal sha256 of a file. InputError where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(2**20):
                digest.update(block)
    except OSError as error:
        raise InputError(f"{path} cannot be read any more ({error.strerror}): was it moved during the run?") from error
    return digest.hexdigest()

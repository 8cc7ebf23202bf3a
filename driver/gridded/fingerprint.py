"""Checksums of weather files: of all their bytes, or, of very many, of samples."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from ..catchments.checksums import Checksums
from ..errors import InputError

# Bytes of all files up to which every byte counts: more would take longer to sum up than a year to simulate.
ALL = 2 * 2**30
SAMPLES, SAMPLE = 8, 2**18


class Fingerprints:
    """Names and sha256 of some files; where they are more than ALL bytes, of the size and samples of each."""

    def __init__(self, paths: Sequence[Path], limit: int = ALL):
        self.paths = list(dict.fromkeys(paths))
        self.sampled = sum(path.stat().st_size for path in self.paths) > limit
        self._sums = Checksums(self.paths)
        self._found: list[tuple[str, str]] | None = None

    def files(self) -> list[tuple[str, str]]:
        """Name and sha256 of each file. InputError where one is gone."""
        if not self.sampled:
            return self._sums.files()
        if self._found is None:
            self._found = [(str(path), sampled(path)) for path in self.paths]
        return list(self._found)


def sampled(path: Path) -> str:
    """sha256 of a file's size and of samples from its beginning to its end."""
    try:
        size = path.stat().st_size
        digest = hashlib.sha256(str(size).encode())
        with path.open("rb") as file:
            for number in range(SAMPLES):
                file.seek(max(size - SAMPLE, 0) * number // (SAMPLES - 1))
                digest.update(file.read(SAMPLE))
    except OSError as error:
        raise InputError(f"{path} cannot be read any more ({error.strerror}): was it moved during the run?") from error
    return digest.hexdigest()

"""Windows that are compressed already and wait on the disk until their file is complete."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..files import require_space, whole_file
from .tiles import Corner

SUFFIX = ".piece"
MAGIC = b"freshet1"
Chunks = Mapping[str, Sequence[tuple[Corner, bytes]]]


@dataclass(frozen=True)
class Packed:
    """A window as chunks, in memory: first record in the file, bounds [record, 2], chunks by variable."""

    first: int
    bounds: np.ndarray
    content: Chunks

    def chunks(self, name: str) -> Iterator[tuple[Corner, bytes]]:
        """Corner and bytes of the chunks of a variable."""
        yield from self.content[name]

    @property
    def nbytes(self) -> int:
        """Of all chunks."""
        return sum(len(data) for chunks in self.content.values() for _, data in chunks)


@dataclass(frozen=True)
class Piece:
    """A window as chunks, in a file; as Packed."""

    path: Path
    first: int
    bounds: np.ndarray
    index: Mapping[str, Sequence[tuple[list[int], int, int]]] = field(repr=False)
    nbytes: int = 0

    def chunks(self, name: str) -> Iterator[tuple[Corner, bytes]]:
        """Corner and bytes of the chunks of a variable. OSError where the file cannot be read."""
        with self.path.open("rb") as file:
            for corner, place, length in self.index[name]:
                file.seek(place)
                data = file.read(length)
                if len(data) != length:
                    raise OSError(f"'{self.path}' ends early")
                yield tuple(corner), data


def days_of(path: Path) -> tuple[int, int]:
    """First day of a piece and the day behind its last, as its name says."""
    first, end = path.name.removesuffix(SUFFIX).rpartition(".")[2].split("-")
    return int(first), int(end)


def write_piece(path: Path, packed: Packed) -> None:
    """Write a piece whole. WriteError where that fails."""
    index: dict[str, list] = {}
    place = 0
    for name, chunks in packed.content.items():
        index[name] = []
        for corner, data in chunks:
            index[name].append((corner, place, len(data)))
            place += len(data)
    head = json.dumps({"first": packed.first, "bounds": packed.bounds.tolist(), "index": index}).encode()
    needed = place + len(head) + 16
    require_space(path, needed)
    with whole_file(path, needed) as temporary, temporary.open("wb") as file:
        file.write(MAGIC + len(head).to_bytes(8, "little") + head)
        for chunks in packed.content.values():
            for _, data in chunks:
                file.write(data)


def read_piece(path: Path) -> Piece:
    """A piece; its chunks are read when they are wanted. InputError where it is damaged."""
    try:
        with path.open("rb") as file:
            if file.read(8) != MAGIC:
                raise ValueError("it is no piece of output")
            length = int.from_bytes(file.read(8), "little")
            head = json.loads(file.read(length))
        start = 16 + length
        index = {name: [(c, start + at, size) for c, at, size in chunks] for name, chunks in head["index"].items()}
        total = sum(size for chunks in index.values() for _, _, size in chunks)
        return Piece(path, head["first"], np.array(head["bounds"], np.int64), index, total)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"'{path}' is damaged: {error}") from error

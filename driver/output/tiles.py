"""Records cut into the chunks of a file, and made into the bytes that HDF5 keeps."""

import zlib
from collections.abc import Iterator
from math import ceil

import numpy as np

from .layout import Layout

Corner = tuple[int, ...]


class Tiles:
    """The chunks of a layout that hold a column of some location; chunks of sea alone are never made."""

    def __init__(self, layout: Layout, depth: int):
        self.depth, self.box = depth, layout.box(depth)
        self._lists = {location: self._sort(layout.shape, flat) for location, flat in layout.positions.items()}

    def _sort(self, shape: tuple[int, ...], flat: np.ndarray) -> list[tuple[Corner, np.ndarray, np.ndarray]]:
        """For every chunk its corner, the columns in it, and their places in its flattened box."""
        if not len(flat):
            return []
        places = np.unravel_index(flat, shape)
        counts = [ceil(length / edge) for length, edge in zip(shape, self.box, strict=True)]
        chunk = np.ravel_multi_index([at // edge for at, edge in zip(places, self.box, strict=True)], counts)
        inside = np.ravel_multi_index([at % edge for at, edge in zip(places, self.box, strict=True)], self.box)
        order = np.argsort(chunk, kind="stable")
        numbers, starts = np.unique(chunk[order], return_index=True)
        found = []
        for number, columns in zip(numbers, np.split(order, starts[1:]), strict=True):
            index = np.unravel_index(number, counts)
            corner = tuple(int(at) * edge for at, edge in zip(index, self.box, strict=True))
            found.append((corner, columns, inside[columns]))
        return found

    def cut(self, values: np.ndarray, location: str, fill: float) -> Iterator[tuple[Corner, np.ndarray]]:
        """Corner and numbers [depth, box] of every chunk of values [record, column]; records are filled up to depth."""
        for corner, columns, inside in self._lists[location]:
            block = np.full((self.depth, int(np.prod(self.box))), fill, values.dtype)
            block[: len(values), inside] = values[:, columns]
            yield corner, block


def pack(block: np.ndarray, compression: int) -> bytes:
    """Bytes of a chunk as HDF5 keeps them: filters shuffle and deflate, or none where compression is 0."""
    if not compression:
        return block.tobytes()
    planes = block.reshape(-1).view(np.uint8).reshape(-1, block.itemsize).T
    return zlib.compress(np.ascontiguousarray(planes).data, compression)


def kept_bits(digits: int, dtype: np.dtype) -> int:
    """Bits of the mantissa that keep so many significant decimal digits; all of them for 0 digits."""
    most = np.finfo(dtype).nmant
    return min(most, ceil(digits * np.log2(10)) + 1) if digits else most


def rounded(values: np.ndarray, bits: int) -> np.ndarray:
    """Values whose mantissa is rounded (half to even) to so many bits: Kloewer et al. (2021), BitRound of netCDF."""
    drop = np.finfo(values.dtype).nmant - bits
    if drop <= 0:
        return values
    word = values.view(f"u{values.itemsize}")
    one = word.dtype.type(1)
    half = (one << word.dtype.type(drop - 1)) - one + ((word >> word.dtype.type(drop)) & one)
    mask = ~((one << word.dtype.type(drop)) - one)
    return ((word + half) & mask).view(values.dtype)

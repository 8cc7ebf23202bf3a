"""Files of Numba's cache, safe against processes that compile at once, full disks and damaged files."""

import hashlib
import warnings
from typing import Any


class CacheFiles:
    """Stands in for Numba's IndexDataCacheFile: one data file for each entry, named by its key, and no index.

    Numba numbers the data files of a function in an index. Two processes that compile different entries at the same
    time (two precisions, or two kinds of processor that share a home) take the same number, and one of them is served
    the other's code from then on.
    """

    def __init__(self, files: Any) -> None:
        self._files = files

    def load(self, key: Any) -> Any:
        """The entry, or None where there is none that can be read."""
        try:
            return self._files._load_data(self._name(key))
        except Exception:  # a file cut short makes the unpickler fail in any way there is: compile again
            return None

    def save(self, key: Any, data: Any) -> None:
        """Keep an entry: written beside its name, then renamed. OSError where that fails."""
        self._files._save_data(self._name(key), data)

    def _name(self, key: Any) -> str:
        made = (self._files._version, self._files._source_stamp, key)
        return self._files._data_name(int(hashlib.sha256(repr(made).encode()).hexdigest()[:16], 16))


def secure(cache: Any) -> None:
    """Give a dispatcher's cache files of its own kind; where nothing can be written, it goes on without them."""
    cache._cache_file = CacheFiles(cache._cache_file)
    save = cache.save_overload

    def save_where_possible(signature: Any, compiled: Any) -> None:
        try:
            save(signature, compiled)
        except OSError as error:
            text = f"compiled loops cannot be kept in '{cache.cache_path}' ({error.strerror or error})"
            warnings.warn(f"{text}: they will be compiled again. Set FRESHET_CACHE to another folder", stacklevel=2)

    cache.save_overload = save_where_possible

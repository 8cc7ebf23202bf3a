"""The cache of compiled loops: a folder named by the hash of all kernel sources, so that no edit is ever missed."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

_setting = Lock()  # Numba's setting is one for the whole process


@cache
def source_hash() -> str:
    """Hash of every source file below kernels/."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_is_off() -> bool:
    """Whether the user wants no cache: FRESHET_CACHE=off."""
    return os.environ.get("FRESHET_CACHE") == "off"


def cache_folder() -> Path:
    """Where compiled loops are kept: $FRESHET_CACHE, else the user's cache folder, else a temporary one."""
    for folder in _candidates():
        target = folder / source_hash()
        try:
            target.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=target):
                return target
        except OSError:
            continue
    return Path(tempfile.mkdtemp(prefix="freshet-"))


def _candidates() -> Iterator[Path]:
    given = os.environ.get("FRESHET_CACHE") or os.environ.get("XDG_CACHE_HOME")
    with suppress(RuntimeError):  # a user without a home, as in some containers
        yield (Path(given) if given else Path.home() / ".cache") / "freshet"
    if not hasattr(os, "getuid"):  # Windows: each user has a temporary folder
        yield Path(tempfile.gettempdir()) / "freshet"
        return
    shared = Path(tempfile.gettempdir()) / f"freshet-{os.getuid()}"
    try:
        shared.mkdir(mode=0o700, exist_ok=True)
        ours = shared.lstat().st_uid == os.getuid()
    except OSError:
        return
    if ours:  # what lies there is run as code: nobody else may have put it there
        yield shared


def cached_njit(function: Callable, **flags: Any) -> Any:
    """Compile with the cache in our folder; Numba's own setting is put back, other users of Numba are not touched."""
    import numba

    if cache_is_off():
        return numba.njit(**flags)(function)
    return with_cache(numba.njit(**flags), numba.config, function)


def with_cache(compiler: Callable, config: Any, function: Callable) -> Any:
    """The dispatcher that a compiler makes of a function, with a cache in our folder; config holds its setting."""
    from .cache_files import secure

    dispatcher = compiler(function)
    with _setting:
        before = config.CACHE_DIR
        config.CACHE_DIR = str(cache_folder())
        try:
            dispatcher.enable_caching()
        finally:
            config.CACHE_DIR = before
    secure(dispatcher._cache)
    return dispatcher

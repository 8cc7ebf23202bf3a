"""The cache of compiled loops: a folder named by the hash of all kernel sources, so that no edit is ever missed."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any


@cache
def source_hash() -> str:
    """Hash of every source file below kernels/."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Where compiled loops are kept: $FRESHET_CACHE, else the user's cache folder, else a temporary one."""
    base = os.environ.get("FRESHET_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    for folder in (Path(base) / "freshet", Path(tempfile.gettempdir()) / f"freshet-{os.getuid()}"):
        try:
            target = folder / source_hash()
            target.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(target, os.W_OK):
            return target
    return Path(tempfile.mkdtemp(prefix="freshet-"))


def cached_njit(function: Callable, **flags: Any) -> Any:
    """Compile with the cache in our folder; Numba's own setting is put back, other users of Numba are not touched."""
    import numba

    config: Any = numba.config
    if os.environ.get("FRESHET_CACHE") == "off":
        return numba.njit(**flags)(function)
    before = config.CACHE_DIR
    config.CACHE_DIR = str(cache_folder())
    try:
        return numba.njit(cache=True, **flags)(function)
    finally:
        config.CACHE_DIR = before

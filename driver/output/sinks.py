"""Who writes a stream."""

from typing import Any

from .single import Single
from .stream import Stream


def require_mode(mode: str) -> None:
    """ConfigurationError where what a mode needs is not installed."""
    if mode == "zarr":
        from .zarr_store import require_zarr

        require_zarr()
    if mode == "parallel":
        from .shared_file import parallel_library

        parallel_library()


def sink(output: Any, stream: Stream, mode: str) -> Any:
    """What takes the windows of a stream in a mode; gauges are few, and always written by one process."""
    head = output.head(stream)
    if mode == "single" or not stream.maps:
        return Single(stream, head, output.world, output.writer, output.folders)
    folder, source = output.folders[0], output.source
    if mode == "rank":
        from .ranked import Ranked

        return Ranked(stream, head, output.world, output.writer, folder, source)
    if mode == "zarr":
        from .zarr_store import ZarrStore

        return ZarrStore(stream, head, output.world, output.writer, folder, source)
    from .shared_file import SharedFile

    return SharedFile(stream, head, output.world, output.writer, folder, source, output.attributes)

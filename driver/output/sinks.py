"""Who writes a stream."""

from typing import Any

from .single import Single
from .stream import Stream


def sink(output: Any, stream: Stream, mode: str) -> Any:
    """What takes the windows of a stream in a mode; gauges are few, and always written by one process."""
    head = output.head(stream)
    if mode == "rank" and stream.maps:
        from .ranked import Ranked

        return Ranked(stream, head, output.world, output.writer, output.folders[0], output.source)
    return Single(stream, head, output.world, output.writer, output.folders)

"""How much memory this process has held."""

import sys
from pathlib import Path


def peak_memory() -> int:
    """Most resident memory of this process so far, bytes; of the host, without a GPU's own.

    Linux tells it in /proc: getrusage there starts from what the parent held when it forked.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next((line for line in status.read_text().splitlines() if line.startswith("VmHWM:")), None)
        if line is not None:
            return int(line.split()[1]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024

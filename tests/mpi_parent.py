"""What `freshet run --ranks` is to freshet, for any program of the tests: number of processes, program, arguments."""

import sys

from freshet.driver.cli import _status
from freshet.driver.parallel.launcher import launch_command
from freshet.driver.parallel.supervisor import supervise

if __name__ == "__main__":
    ranks, *program = sys.argv[1:]
    sys.exit(_status(lambda: supervise(*launch_command(int(ranks), [sys.executable, *program]))))

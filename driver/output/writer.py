"""A thread that compresses and writes while the model goes on."""

import queue
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

Job = Callable[[], Any]
# Jobs that may wait: what they hold in memory is bounded, and a model that is faster than the disk waits.
WAITING = 2


class Writer:
    """Jobs are done one after the other. The first error ends the writing and is raised by whatever is called next."""

    def __init__(self) -> None:
        self._jobs: queue.Queue[Job | None] = queue.Queue(WAITING)
        self._done: deque[Any] = deque()
        self._error: BaseException | None = None
        self._stopped = False
        self._thread: threading.Thread | None = None

    def submit(self, job: Job) -> None:
        """Have a job done; waits while too many are waiting. Raises the error of an earlier job."""
        self._require_sound()
        if self._thread is None:
            # A daemon: a run that ends in an error elsewhere does not wait for its output.
            self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
            self._thread.start()
        self._jobs.put(job)

    def note(self, result: Any) -> None:
        """Have something among the results that was done elsewhere."""
        self._done.append(result)

    def results(self) -> list[Any]:
        """What the jobs done since the last call gave, in their order. Raises the error of a job."""
        self._require_sound()
        found = []
        while self._done:
            found.append(self._done.popleft())
        return found

    def wait(self) -> None:
        """Wait until all jobs are done. Raises the error of a job."""
        self._jobs.join()
        self._require_sound()

    def drain(self) -> list[Any]:
        """As results, when all jobs are done."""
        self.wait()
        return self.results()

    def stop(self) -> None:
        """End the thread after the job at work, without those that wait; errors are not raised any more."""
        self._stopped = True
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                if self._error is None and not self._stopped:
                    result = job()
                    self._done.append(result)
            except BaseException as error:
                self._error = error
            finally:
                self._jobs.task_done()
        self._jobs.task_done()

    def _require_sound(self) -> None:
        if self._error is not None:
            raise self._error

"""How many jobs a second does a pool of threads do? Its threads start before the clock does:
only the work counts."""

import queue
import threading
import time
from contextlib import suppress
from math import inf


class Pool:
    """Threads that wait for jobs; `done` is when each job was done, and after `end` nobody
    begins one."""

    def __init__(self, size):
        self.jobs, self.done, self.end, self.threads = queue.SimpleQueue(), [], inf, []
        with suppress(RuntimeError):  # the system lets us have no more
            for _ in range(size):
                thread = threading.Thread(target=work, args=(self,))
                thread.start()
                self.threads.append(thread)

    def rate(self, job, count, longest):
        """Do the job so often, or as often as `longest` seconds allow; how many that was a
        second."""
        begin = time.perf_counter()
        self.end = begin + longest
        for _ in range(count):
            self.jobs.put(job)
        for _ in self.threads:
            self.jobs.put(None)
        for thread in self.threads:
            thread.join()
        return len(self.done) / (max(self.done) - begin) if self.done else 0.0


def work(pool):
    while (job := pool.jobs.get()) and time.perf_counter() < pool.end:
        job()
        pool.done.append(time.perf_counter())

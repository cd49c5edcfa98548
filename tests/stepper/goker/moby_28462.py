"""A stop is sent under the container's lock to a monitor that first wants to write down its state
under the same lock.

GoKer moby#28462: deadlock at 0 preemptions.
"""

import queue
import threading
from types import SimpleNamespace


def setup():
    stop = queue.Queue(maxsize=1)
    stop.put("earlier stop")
    return SimpleNamespace(lock=threading.Lock(), stop=stop, healthy=True)


def monitor(s):
    for _ in range(2):
        with s.lock:
            s.healthy = False
        s.stop.get()


def container_died(s):
    with s.lock:
        s.healthy = None
        s.stop.put("stop")


THREADS = [monitor, container_died]

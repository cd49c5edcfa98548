"""The signal that all is ready can come before anybody waits for it.

GoKer kubernetes#11298: deadlock at 0 preemptions.
"""

import threading
from types import SimpleNamespace


def setup():
    return SimpleNamespace(changed=threading.Condition(), ready=False)


def wait_until_ready(s):
    with s.changed:
        s.changed.wait()


def signal(s):
    with s.changed:
        s.ready = True
        s.changed.notify()


THREADS = [wait_until_ready, signal]

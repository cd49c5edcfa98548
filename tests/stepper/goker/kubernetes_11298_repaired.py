"""What was signalled is kept in a flag, and looked at before waiting.

GoKer kubernetes#11298, repaired.
"""

import threading
from types import SimpleNamespace


def setup():
    return SimpleNamespace(changed=threading.Condition(), ready=False)


def wait_until_ready(s):
    with s.changed:
        while not s.ready:
            s.changed.wait()


def signal(s):
    with s.changed:
        s.ready = True
        s.changed.notify()


THREADS = [wait_until_ready, signal]

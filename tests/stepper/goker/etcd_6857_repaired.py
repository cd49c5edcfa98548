"""Whoever asks waits for the answer or for the end.

GoKer etcd#6857, repaired.
"""

import queue
from types import SimpleNamespace


def setup():
    return SimpleNamespace(calls=queue.Queue(), answers=queue.Queue())


def node(s):
    while True:
        call = s.calls.get()
        if call == "stop":
            s.answers.put("stopped")
            return
        s.answers.put("well")


def ask(s):
    s.calls.put("status")
    s.answers.get()


def stop(s):
    s.calls.put("stop")


THREADS = [node, ask, stop]

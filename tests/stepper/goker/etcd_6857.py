"""A node that has been stopped answers no question about its status; the question was sent before.

GoKer etcd#6857: deadlock at 0 preemptions.
"""

import queue
from types import SimpleNamespace


def setup():
    return SimpleNamespace(calls=queue.Queue(), answers=queue.Queue())


def node(s):
    while True:
        call = s.calls.get()
        if call == "stop":
            return
        s.answers.put("well")


def ask(s):
    s.calls.put("status")
    s.answers.get()


def stop(s):
    s.calls.put("stop")


THREADS = [node, ask, stop]

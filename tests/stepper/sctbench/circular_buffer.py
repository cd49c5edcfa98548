"""The receiver counts its rounds instead of what it received: a round without a message shifts all that follow.

SCTBench CS.circular_buffer_bad: broken at 1 preemption.
"""

from threading import Lock
from types import SimpleNamespace

ROUNDS = 2


def setup():
    return SimpleNamespace(lock=Lock(), buffer=[], send=True, receive=False)


def sender(s):
    for number in range(ROUNDS):
        with s.lock:
            if s.send:
                s.buffer.append(number)
                s.send, s.receive = False, True


def receiver(s):
    for number in range(ROUNDS):
        with s.lock:
            if s.receive:
                assert s.buffer.pop(0) == number
                s.send, s.receive = True, False


THREADS = [sender, receiver]

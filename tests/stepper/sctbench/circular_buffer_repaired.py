"""The receiver counts the messages that it received.

SCTBench CS.circular_buffer_bad, repaired.
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
    got = []
    for _ in range(ROUNDS):
        with s.lock:
            if s.receive:
                got.append(s.buffer.pop(0))
                s.send, s.receive = True, False
    assert got == sorted(got)


THREADS = [sender, receiver]

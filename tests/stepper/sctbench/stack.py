"""A flag says once and for all that there is something on the stack: it is empty again after the first pop.

SCTBench CS.stack_bad: broken at 1 preemption.
"""

from threading import Lock
from types import SimpleNamespace

ROUNDS = 2


def setup():
    return SimpleNamespace(lock=Lock(), stack=[], filled=False)


def push(s):
    for number in range(ROUNDS):
        with s.lock:
            s.stack.append(number)
            s.filled = True


def pop(s):
    for _ in range(ROUNDS):
        with s.lock:
            if s.filled:
                s.stack.pop()


THREADS = [push, pop]

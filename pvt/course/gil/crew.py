"""A crew of workers, all threads, all processes or all interpreters, that take orders and begin at
one moment.

Starting workers takes 0.1 to 100 ms each and is over before anything is measured. An order names a
moment a little ahead: every worker sleeps until then, by the clock that all processes of a machine
have in common. Make crews of processes first: a process that is forked beside threads may inherit a
lock that nobody will ever release.
"""

import sys
import threading
import time

from pvt import host
from pvt.tools import interpreters

AHEAD = 0.0015  # seconds from an order to the common start
KINDS = ("process", "interpreter", "thread")


def kinds():
    """The kinds of worker that there are here, in the order in which crews should be made."""
    return [kind for kind in KINDS if kind != "interpreter" or host.interpreters()]


class Done(tuple):
    """What one worker tells of its share: its own clock at begin and end, processor seconds
    used, and the result."""

    begin, end, used, result = (property(lambda self, at=at: self[at]) for at in range(4))


class Crew:
    """Workers of one kind, ready for orders."""

    def __init__(self, kind, size):
        from multiprocessing import Pipe

        self.kind = kind
        self.pairs = [
            Pipe() for _ in range(size)
        ]  # both ends stay open as long as the crew is there
        self.posts = [ours for ours, _ in self.pairs]
        self.workers = [STARTS[kind](theirs) for _, theirs in self.pairs]
        self.together(int, [()] * size)  # all are there

    def order(self, work, shares):
        """Let one worker for each of `shares` call work(*share) at a moment to come, which is
        returned."""
        start = time.perf_counter() + AHEAD
        for post, share in zip(self.posts, shares, strict=False):
            post.send((start, work, share))
        return start

    def reports(self, count):
        """What the first `count` workers have done, as soon as they all have."""
        return [Done(post.recv()) for post in self.posts[:count]]

    def together(self, work, shares):
        """(the moment of the start, what each worker has done)."""
        return self.order(work, shares), self.reports(len(shares))

    def end(self):
        """Send all home, and wait until they have gone."""
        for post in self.posts:
            post.send(None)
        for worker in self.workers:
            worker.join()


def serve(post):
    """A worker: shares of work as they come, each from its moment on."""
    while order := post.recv():
        start, work, share = order
        time.sleep(max(0.0, start - time.perf_counter()))
        begin, used = time.perf_counter(), time.thread_time()
        result = work(*share)
        post.send((begin, time.perf_counter(), time.thread_time() - used, result))


def thread(post):
    worker = threading.Thread(target=serve, args=(post,), daemon=True)
    worker.start()
    return worker


def processes():
    """How processes are started here: forked on Linux, so that this process can tell later what
    they have used."""
    from multiprocessing import get_context

    return get_context("fork" if sys.platform == "linux" else None)


def process(post):
    worker = processes().Process(target=serve, args=(post,), daemon=True)
    worker.start()
    return worker


def interpreter(post):
    """A connection cannot be handed to another interpreter, its number can."""
    return interpreters.in_thread(
        f"from pvt.course.gil.crew import serve_handle; serve_handle({post.fileno()})"
    )


def serve_handle(handle):
    """The same in another interpreter."""
    from multiprocessing.connection import Connection

    post = Connection(handle)
    serve(post)
    post._handle = None  # it belongs to the other interpreter, which will close it


STARTS = {"thread": thread, "process": process, "interpreter": interpreter}

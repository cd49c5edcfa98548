"""Somebody to wait for: a process on 127.0.0.1 that answers every byte with a byte, after a
pause."""

import socket
import time
from contextlib import contextmanager


@contextmanager
def peer(pause):
    """The address of a peer that lets everybody wait for `pause` seconds, all at once. Make it
    before any thread."""
    from pvt.course.gil.crew import processes

    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        process = processes().Process(target=answer, args=(listener, pause), daemon=True)
        process.start()
        try:
            yield listener.getsockname()
        finally:
            process.terminate()
            process.join()


def answer(listener, pause):
    """A thread for each caller."""
    from threading import Thread

    while True:
        caller, _ = listener.accept()
        Thread(target=converse, args=(caller, pause), daemon=True).start()


def converse(caller, pause):
    with caller:
        while caller.recv(1):
            time.sleep(pause)
            caller.sendall(b"!")

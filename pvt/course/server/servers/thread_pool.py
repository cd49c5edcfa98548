"""A pool of threads and a queue, both bounded: a thread serves a connection to its end. Who finds
the queue full goes.

The doorman, the thread that accepts, says 503 and does not wait for thanks: it must not be held up.
"""

import queue
import socket
import threading
from contextlib import suppress

from pvt.course.server.servers.conversation import accepted, converse
from pvt.course.server.servers.protocol import Refused

SORRY = Refused(503).answer


def serve(listener, rules):
    waiting = queue.Queue(rules.queue)
    for _ in range(rules.threads):
        threading.Thread(target=work, args=(waiting, rules), daemon=True).start()
    for connection in accepted(listener):
        try:
            waiting.put_nowait(connection)
        except queue.Full:
            refuse(connection)


def work(waiting, rules):
    while True:
        with suppress(Exception):  # a handler's mistake costs its connection, not the thread
            converse(waiting.get(), rules)


def refuse(connection):
    """Say 503. The request, if it is there already, is read first: else closing would destroy
    the answer."""
    connection.setblocking(False)
    with suppress(OSError):
        connection.recv(1 << 16)
    with connection, suppress(OSError):
        connection.send(SORRY)
        connection.shutdown(socket.SHUT_WR)

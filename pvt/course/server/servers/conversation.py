"""One connection from its first request to its end, by a worker that has nothing else to do and
may block."""

import errno
import socket
import time
from contextlib import suppress

from pvt.course.server.servers.protocol import Inbox, Refused, answer

SHORT = (
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOBUFS,
    errno.ENOMEM,
)  # no connection can be taken just now


def accepted(listener):
    """Every connection that comes, for ever."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError as problem:
            if problem.errno in SHORT:
                time.sleep(0.01)
            elif problem.errno != errno.ECONNABORTED:
                raise
        else:
            yield connection


def converse(connection, rules):
    """Answer requests until the client goes, says nothing or is slow for too long, or is
    refused. Then close."""
    inbox = Inbox()
    with connection, suppress(OSError):  # it is gone, or its time is over
        try:
            connection.settimeout(rules.silent)
            while request := next_request(connection, inbox, rules):
                time.sleep(request.wait) if request.wait else None
                connection.sendall(answer(request, rules))
                if not request.keep:
                    return
        except Refused as refused:
            dismiss(connection, refused.answer)


def next_request(connection, inbox, rules):
    """The next request, or None when the client has closed its side. Raises Refused and OSError."""
    hurried = False
    while (request := inbox.next()) is None:
        if inbox.begun is not None:  # a request that has begun has to come soon
            hurried = True
            connection.settimeout(max(0.001, inbox.begun + rules.slow - time.monotonic()))
            if inbox.late(time.monotonic(), rules):
                raise TimeoutError
        data = connection.recv(1 << 16)
        if not data:
            return None
        inbox.feed(data)
    if hurried:
        connection.settimeout(rules.silent)
    return request


def dismiss(connection, last):
    """Say a last word and close. What the client still sends is read for a moment: else it would
    lose the answer."""
    with connection, suppress(OSError):
        connection.settimeout(0.1)
        connection.sendall(last)
        connection.shutdown(socket.SHUT_WR)
        for _ in range(16):
            if not connection.recv(1 << 16):
                return

"""One thread for all connections: an event loop (asyncio) that turns to whichever has something to
say.

A connection is an object, not a worker. What computes, or crashes, does so for all.
"""

import asyncio
import os
import time
from contextlib import suppress

from pvt.course.server.servers.protocol import MOST, Inbox, Refused, answer

BACKLOG, BEAT = 4_096, 0.2  # connections that may wait to be accepted; seconds between looks at all


def serve(listener, rules, heart=None):
    asyncio.run(serving(listener, rules, heart))


async def serving(listener, rules, heart):
    loop, connections = asyncio.get_running_loop(), set()
    server = await loop.create_server(
        lambda: Connection(loop, connections, rules), sock=listener, backlog=BACKLOG
    )
    beat(loop, connections, rules, heart)
    await server.serve_forever()


def beat(loop, connections, rules, heart):
    """Close the silent and the slow, and give a sign of life. One look at all is cheaper than a
    timer for each."""
    loop.call_later(BEAT, beat, loop, connections, rules, heart)
    now = time.monotonic()
    for connection in list(connections):
        if not connection.busy and connection.inbox.late(now, rules):
            connection.transport.abort()
    if heart is not None:
        os.write(heart, b".")


class Connection(asyncio.Protocol):
    """One client. `busy`: its request is waiting, so the next one in its inbox has to."""

    __slots__ = ("busy", "connections", "inbox", "loop", "rules", "transport")

    def __init__(self, loop, connections, rules):
        self.loop, self.connections, self.rules = loop, connections, rules
        self.inbox, self.busy = Inbox(), False

    def connection_made(self, transport):
        self.transport = transport
        self.connections.add(self)

    def connection_lost(self, problem):
        self.connections.discard(self)

    def data_received(self, data):
        self.inbox.feed(data)
        if not self.busy:
            self.answer_all()
        elif len(self.inbox.data) > MOST:
            self.transport.pause_reading()

    def answer_all(self):
        try:
            while (
                not self.busy and not self.transport.is_closing() and (request := self.inbox.next())
            ):
                if request.wait:
                    self.busy = True
                    self.loop.call_later(request.wait, self.after_waiting, request)
                else:
                    self.reply(request)
        except Refused as refused:
            self.transport.write(refused.answer)
            self.transport.close()

    def after_waiting(self, request):
        self.busy = False
        self.reply(request)
        self.transport.resume_reading()
        self.answer_all()

    def reply(self, request):
        try:
            self.transport.write(answer(request, self.rules))
        except Exception:  # a handler's mistake costs its connection
            self.transport.abort()
            raise
        if not request.keep:
            self.transport.close()

    def eof_received(self):
        """The client sends no more; what it has asked is still answered."""
        return self.busy

    def pause_writing(self):
        """The client does not read its answers: no more of its requests until it does."""
        with suppress(RuntimeError):
            self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()

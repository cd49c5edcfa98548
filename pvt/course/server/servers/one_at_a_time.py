"""One worker: a connection is served to its end before the next one is looked at."""

from contextlib import suppress

from pvt.course.server.servers.conversation import accepted, converse


def serve(listener, rules):
    for connection in accepted(listener):
        with suppress(Exception):  # a handler's mistake costs its connection, not the server
            converse(connection, rules)

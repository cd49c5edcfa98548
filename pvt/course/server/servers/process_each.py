"""A process for each connection, up to a cap; beyond it, connections wait in the system's queue."""

import os

from pvt.course.server.servers.conversation import accepted, converse
from pvt.course.server.servers.supervisor import born, gone


def serve(listener, rules):
    living = set()
    for connection in accepted(listener):
        living.add(born(lambda client=connection: converse(client, rules)))
        connection.close()  # ours; the child has its own
        while living and (len(living) >= rules.cap or waiting_to_be_collected()):
            living.discard(gone(os.wait()[0]))


def waiting_to_be_collected():
    """Whether a child has ended and nobody has taken notice."""
    return os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

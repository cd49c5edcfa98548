"""A thread for each connection, as many as come."""

import threading

from pvt.course.server.servers.conversation import accepted, converse


def serve(listener, rules):
    for connection in accepted(listener):
        try:
            threading.Thread(target=converse, args=(connection, rules), daemon=True).start()
        except RuntimeError:  # this system has no further thread for us
            connection.close()

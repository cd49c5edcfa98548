"""A process for each core, an event loop in each, and a supervisor that replaces the dead."""

from pvt.course.server.servers import event_loop
from pvt.course.server.servers.supervisor import supervise


def serve(listener, rules):
    supervise(listener, rules, event_loop.serve)

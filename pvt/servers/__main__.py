"""A server as a program of its own: `python -m pvt.servers event_loop '{"trials": true}'` prints its port."""

import json
import os
import signal
import sys

from pvt import child
from pvt.servers import Rules, load, raised_file_limit
from pvt.servers.supervisor import end_all, opened


def serve(name, rules, port=0, told=print):
    """Serve until SIGTERM or Ctrl-C; `told(port)` is called when connections are welcome. Never returns."""
    server = load(name)
    raised_file_limit()
    listener = opened(rules, port)

    def leave(*_):
        end_all()
        os._exit(0)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    told(listener.getsockname()[1])
    sys.stdout.flush()
    server.serve(listener, rules)


if __name__ == "__main__":
    child.tell_kernel(child.PR_SET_PDEATHSIG, signal.SIGTERM)
    serve(sys.argv[1], Rules(**json.loads(sys.argv[2])))

"""A server as a program of its own; it prints its port.

`python -m pvt.course.server.servers event_loop '{"trials": true}'`; a port may follow.
"""

import json
import os
import signal
import sys

from pvt import procfs
from pvt.course.server.servers import NAMES, Rules, find, raised_file_limit
from pvt.course.server.servers.supervisor import end_all, opened
from pvt.problem import Problem


def serve(name, rules, port=0, ready=print):
    """Serve until SIGTERM or Ctrl-C; `ready(port)` is called when connections are welcome. Never
    returns."""
    server = find(name)
    raised_file_limit()
    listener = opened(rules, port)

    def leave(*_):
        end_all()
        os._exit(0)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    ready(listener.getsockname()[1])
    sys.stdout.flush()
    server.serve(listener, rules)


def serve_from(parser, words):
    """The terminal's way: `python -m pvt serve event-loop --port 8000`. Never returns, but for
    an error."""
    parser.add_argument(
        "server", metavar="SERVER", help=", ".join(name.replace("_", "-") for name in NAMES)
    )
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    for name, default in Rules._field_defaults.items():
        if type(default) is int:
            parser.add_argument(f"--{name}", type=int, default=default, help=f"default: {default}")
    chosen = vars(parser.parse_args(words))
    name, port = chosen.pop("server").replace("-", "_"), chosen.pop("port")
    try:
        serve(
            name,
            Rules(**chosen),
            port,
            lambda port: print(f"{name} at http://127.0.0.1:{port}/ (Ctrl-C ends it)"),
        )
    except (OSError, OverflowError) as problem:
        raise Problem(f"the server cannot listen at port {port}: {problem}.") from None


if __name__ == "__main__":
    procfs.prctl(procfs.PR_SET_PDEATHSIG, signal.SIGTERM)
    serve(sys.argv[1], Rules(**json.loads(sys.argv[2])), *map(int, sys.argv[3:]))

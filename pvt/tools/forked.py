"""Run a function in a forked child of its own, if need be as another user: what it returns, or
how the child died."""

import json
import os

from pvt.tools.crashes import ending

NOBODY = 65534  # the user that owns nothing, on nearly every system


def in_a_child(work, *arguments, user=None):
    """(what `work` returns, "") or (None, how its child ended). The result goes through JSON."""
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            become(user)
            os.write(mouth, json.dumps(work(*arguments)).encode())
            status = 0
        except Exception as problem:
            os.write(2, f"{type(problem).__name__}: {problem}\n".encode())
        finally:
            os._exit(status)
    os.close(mouth)
    with open(ear) as pipe:
        result = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == 0:
        return json.loads(result), ""
    return None, ending(code)


def become(user):
    """Give up for good what root may; nothing for None. Raises OSError where that is not
    allowed, even to root."""
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


def may_become(user):
    """Whether `become` works here."""
    return os.geteuid() == 0 and not in_a_child(os.getpid, user=user)[1]

"""The same under other Pythons: a function of rows is called in another interpreter, whose rows
come here.

`python -m pvt.tools.elsewhere MODULE FUNCTION PARAMS` is the other side.
"""

import json
import os
import re
import subprocess
import sys

from pvt import host

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GIL, FREE = "GIL", "free-threaded"


def builds():
    """Build -> (version, path): a free-threaded Python, and the one with a GIL that is most like
    it.

    This Python counts too. A build that is not on this machine is left out.
    """
    known = {sys.executable: host.version(), **host.pythons()}
    free = [path for path, version in known.items() if version.endswith("t")]
    locked = [path for path in known if path not in free]
    found = {}
    if free:
        found[FREE] = sys.executable if host.is_free_threaded() else max(free, key=order(known))
    if locked:
        like = numbers(known[found[FREE]]) if free else []
        found[GIL] = max(locked, key=lambda path: likeness(numbers(known[path]), like, path))
    return {build: (known[found[build]], found[build]) for build in (GIL, FREE) if build in found}


def likeness(version, like, path):
    """The same release is best, then the newest of the same feature release, then this Python."""
    alike = version[:2] == like[:2]
    return version == like, alike, not alike and path == sys.executable, version


def order(known):
    """The key that sorts paths by version."""
    return lambda path: numbers(known[path])


def numbers(version):
    return [int(part) for part in re.findall(r"\d+", version)]


def rows(path, module, function, **params):
    """The rows of a function under another Python, as they come; it returns what the function
    returns. Raises RuntimeError if the other Python ends badly."""
    command = [path, "-P", "-m", "pvt.tools.elsewhere", module, function, json.dumps(params)]
    env = {key: value for key, value in os.environ.items() if key != "PYTHON_GIL"}
    env["PYTHONPATH"] = ROOT
    returned = None
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as child:
        for line in child.stdout:
            ((kind, value),) = json.loads(line).items()
            if kind == "row":
                yield value
            else:
                returned = value
    if child.returncode:
        raise RuntimeError(f"it ended with {child.returncode}")
    return returned


def labelled(rows, **head):
    """Rows with more in front of each; it returns what they return."""
    while True:
        try:
            row = next(rows)
        except StopIteration as end:
            return end.value
        yield head | row


def main(module, function, params):
    from importlib import import_module

    returned = yield from getattr(import_module(module), function)(**json.loads(params))
    print(json.dumps({"returned": returned}), flush=True)


if __name__ == "__main__":
    for row in main(*sys.argv[1:]):
        print(json.dumps({"row": row}), flush=True)

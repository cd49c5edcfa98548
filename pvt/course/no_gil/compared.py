"""An experiment under two Pythons: one with a GIL and a free-threaded one, or a recorded run of such a one.

Each experiment here has a function `here`, which yields rows about the Python that it runs in. Beside some of them
lies a file of rows that a real free-threaded Python gave: `python -m pvt.course.no_gil.compared` writes them anew.
"""

import json
import os
import sys

from pvt import host, timing
from pvt.claims import Rows
from pvt.tools import elsewhere
from pvt.tools.elsewhere import FREE, GIL

FOLDER = os.path.dirname(__file__)
GET, GET_314 = "uv python install 3.14t", "uv python install 3.14"
RECORDED = {
    FREE: ("free_threads", "free_price", "free_safe", "free_sum", "gil_again"),
    GIL: ("handed", "interpreter_cost", "interpreter_crash"),
}
LOOKS = {GIL: "other", FREE: "thread"}  # colours of the pictures


def rows(name, **params):
    """The rows of `here(**params)` under both builds, each with its build, its Python and whether
    it is recorded; returns the cores that others took."""
    found, others = elsewhere.builds(), []
    for build, (version, path) in found.items():
        others.append((yield from under(build, version, path, name, **params)))
    if FREE not in found:
        yield from recorded(name)
    return max((one for one in others if one is not None), default=None)


def under(build, version, path, name, function="here", **params):
    """The rows of one Python."""
    running = elsewhere.rows(path, f"pvt.course.no_gil.{name}", function, **params)
    return elsewhere.labelled(running, build=build, python=version, recorded=False)


def recorded(name):
    """The rows that a Python gave elsewhere, with its defaults: a free-threaded one, or one with
    interpreters."""
    with open(os.path.join(FOLDER, f"{name}.jsonl"), encoding="utf-8") as file:
        head, *lines = map(json.loads, file)
    for row in lines:
        given = {"build": head["build"], "python": head["python"], "recorded": True}
        yield given | row | {"recorded": True}
    return head["others"]


def able():
    """(version, path) of a Python that has interpreters: this one, else the newest found; None
    where there is none."""
    if host.interpreters():
        return host.version(), sys.executable
    known = {
        path: version for path, version in host.pythons().items() if host.asked(path).interpreters
    }
    path = max(known, key=elsewhere.order(known), default=None)
    return path and (known[path], path)


def able_rows(name, **params):
    """The rows of `here(**params)` under a Python that has interpreters, or recorded ones."""
    if not (found := able()):
        return (yield from recorded(name))
    version, path = found
    return (yield from under(FREE if version.endswith("t") else GIL, version, path, name, **params))


def of(rows, build):
    """The rows of one build."""
    return Rows((row for row in rows if row["build"] == build), timing.others(rows))


def spoken(rows, build):
    """The build and its Python in words: "free-threaded, 3.14.0t"."""
    mine = of(rows, build)
    if not mine:
        return f"{build}: none here"
    return f"{build} {mine[0]['python']}{' (recorded elsewhere)' * mine[0]['recorded']}"


def brief(rows, build):
    """The build alone in words, and whether it is recorded."""
    return build + " (recorded elsewhere)" * of(rows, build)[0]["recorded"]


def short(rows, build):
    """The build alone, and whether it is recorded, for a legend."""
    return build + "\n(recorded)" * of(rows, build)[0]["recorded"]


def label(rows, build):
    """The same in two lines, for a picture."""
    return spoken(rows, build).replace(" ", "\n", 1).replace(" (", "\n(")


def free(check):
    """A check over the rows of the free-threaded build. A run that is recorded elsewhere decides nothing here."""

    def checked(rows):
        mine = of(rows, FREE)
        if not mine:
            return None, f"no free-threaded Python was found here; {GET} gets one."
        answer, because = check(mine)
        if mine[0]["recorded"]:
            recorded = f"On a recorded Python {mine[0]['python']}: {because}"
            return None, f"no free-threaded Python was found here; {GET} gets one. {recorded}"
        return answer, f"Python {mine[0]['python']}: {because}"

    return checked


def interpreters(check):
    """A check over rows of a Python with interpreters. A run that is recorded elsewhere decides
    nothing here."""

    def checked(rows):
        answer, because = check(rows)
        because = f"Python {rows[0]['python']}: {because}"
        if rows[0]["recorded"]:
            none = f"no Python with interpreters was found here; {GET_314} gets one."
            return None, f"{none} On a recorded {because}"
        return answer, because

    return checked


def whose(rows):
    """Which Python the rows are of, for a sentence."""
    return f"Python {rows[0]['python']}{' (recorded elsewhere)' * rows[0]['recorded']}"


def record(name, build, version, path):
    """Write what this Python gives in an experiment, for those who have no such Python; of a price, both builds."""
    module = f"pvt.course.no_gil.{name}"
    function = "run" if name in ("free_price", "free_safe") else "here"
    head = {"python": version, "build": build, "cores": host.cores(), "processor": host.processor()}

    def noted():
        head["others"] = yield from elsewhere.rows(path, module, function)

    lines = [row for row in noted() if name == "free_price" or row.get("build", build) == build]
    with open(os.path.join(FOLDER, f"{name}.jsonl"), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in [head, *lines])


if __name__ == "__main__":
    for build, found in elsewhere.builds().items():
        for name in sys.argv[1:] or RECORDED[build]:
            if name in RECORDED[build]:
                record(name, build, *found)

"""The trials on the far side: yours first, then those of the course, one row for each trial of each
server."""

import json
import os
import sys
import time

from pvt import host, procfs
from pvt.challenger.served import Served, Unfit
from pvt.challenger.trials import TRIALS
from pvt.course.server.servers import possible, raised_file_limit

YOURS = "yours"


def run(*, file=None, text=None, command=None, folder=None, beside=(), most=1_000):
    """`file` with a `serve(port)`, or its `text`; or the words of a `command`, in which {port}
    stands for the port."""
    procfs.prctl(procfs.PR_SET_CHILD_SUBREAPER, 1)  # what a server leaves behind comes to us
    raised_file_limit()
    if text is not None:
        file = os.path.join(os.getcwd(), os.path.basename(file))  # the run's own folder
        with open(file, "w", encoding="utf-8") as copy:
            copy.write(text)
    start = learners(file) if file else lambda port: filled(command, port)
    yield row(YOURS, "start", None, "", "Starting it.", "")
    yield from through(Served(YOURS, start, folder), most)
    for name in possible():
        if name in beside:
            yield from through(Served(name, courses(name)), most)


def learners(file):
    return lambda port: [sys.executable, "-P", "-m", "pvt.challenger.starting", file, str(port)]


def filled(command, port):
    return [one.replace("{port}", str(port)) for one in command]


def courses(name):
    """A server of the course, with at least two processes where it has several."""
    rules = {"trials": True, "processes": max(2, host.cores())}
    words = [sys.executable, "-P", "-m", "pvt.course.server.servers", name, json.dumps(rules)]
    return lambda port: [*words, str(port)]


def through(served, most):
    """All trials of one server. It is started anew when it does not live; if it cannot be, that is
    all."""
    with served:
        for name, trial in TRIALS.items():
            begin = time.perf_counter()
            try:
                if not served.process or not served.alive():
                    served.start()
                    if name == next(iter(TRIALS)):
                        yield row(served.name, "start", True, "", "It answers.", "", begin)
                result = trial(served, most) if name == "ladder" else trial(served)
                if served.trouble:
                    result = (
                        False,
                        "ended",
                        f"{served.trouble[:1].upper()}{served.trouble[1:]}.",
                        "",
                    )
            except Unfit as problem:
                yield row(served.name, "start", False, "", str(problem), "01", begin)
                return
            except OSError as problem:
                result = (None, "–", f"This machine refused: {problem.strerror or problem}.", "")
            yield row(served.name, name, *result, begin)
            if result[0] is False:
                served.end()  # what is wrong with it must not spoil the next trial


def row(server, trial, passed, figure, why, chapter, begin=None):
    seconds = 0.0 if begin is None else time.perf_counter() - begin
    result = {"server": server, "trial": trial, "passed": passed, "figure": figure}
    return result | {"why": why, "chapter": chapter, "seconds": round(seconds, 3)}

"""Speed and safety of the lab: how soon is the first row there, how soon does Stop work, what
does drawing cost?"""

import random
import statistics
import subprocess
import sys
import threading
import time

import psutil

from pvt import host
from pvt.runner import Running
from tests.helpers import busy
from tests.helpers.nasty import ENDS


def table():
    show("first row of race, s (promised: median 0.1)", [first_row() for _ in range(30)])
    show("Stop: whole tree gone, s (promised: 0.2)", [stop() for _ in range(30)])
    show("import pvt, s", [imported() for _ in range(10)])
    plain, drawn = [], []
    for _ in range(9):
        plain.append(work(watched=False))
        drawn.append(work(watched=True))
    show("work on all cores, nobody looking, s", plain)
    show("the same with the live picture, s", drawn)
    ratio = statistics.median(one / other for one, other in zip(drawn, plain, strict=True))
    print(f"slower by {ratio - 1:+.1%}, median of the pairs (promised: at most 5 %)")
    print(f"left after 200 runs ended at random moments: {left(200)} processes (promised: 0)")


def show(what, figures):
    """One line: minimum, median, maximum."""
    least, middle, most = min(figures), statistics.median(figures), max(figures)
    print(
        f"{what:48} min {least:.3f}  median {middle:.3f}  max {most:.3f}  ({len(figures)} times)",
        flush=True,
    )


def first_row():
    """Seconds from the start of a run to its first row."""
    running, begin = Running("race", {}), time.perf_counter()
    rows = iter(running)
    while next(rows) is None:
        pass
    seconds = time.perf_counter() - begin
    running.stop()
    list(rows)
    return seconds


def stop():
    """Seconds from Stop to the end of the last process of a tree of many kinds."""
    running = Running("nasty", {"how": "workers"}, module="tests.helpers.nasty")
    rows = iter(running)
    while next(rows) is None:
        pass
    time.sleep(0.3)
    tree = psutil.Process(running.process.pid).children(recursive=True)
    begin = time.perf_counter()
    running.stop()
    list(rows)
    psutil.wait_procs(tree, timeout=5)
    return time.perf_counter() - begin


def imported():
    """Seconds of a Python that does nothing but import pvt."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import pvt"], check=True)
    return time.perf_counter() - begin


def work(watched):
    """Seconds that fixed work takes on all cores, with or without a lab that draws it."""
    from pvt.views.lab import Lab

    running = Running("busy", {"cores": host.cores()}, module="tests.helpers.busy")
    if watched:
        shown = Lab(
            "race", {"workers": 4, "additions": 20_000, "lock": False, "switch_us": 10}, {}, 30.0
        )
        shown.experiment = busy
        shown.follow(running)
    else:
        list(running)
    return sum(row["seconds"] for row in running.rows) / host.cores()


def left(runs):
    """How many processes live on, one second after runs that ended in every way at random
    moments."""
    chance, me = random.Random(1), psutil.Process()
    for _ in range(runs):
        params = {"how": chance.choice(list(ENDS)), "after": chance.random() * 0.2}
        running = Running(
            "nasty", params, module="tests.helpers.nasty", seconds=1.0, memory=300 << 20
        )
        timer = threading.Timer(chance.random() * 0.5, running.stop)
        timer.start()
        list(running)
        timer.cancel()
    time.sleep(1)
    return sum(process.status() != psutil.STATUS_ZOMBIE for process in me.children(recursive=True))

"""Wait for many at once: `ask_all(ask, stations, most)` is to be 1.4 times as fast as with a pool of
two threads.

`ask(station)` waits for an answer and returns it. Return the answers in the order of the stations.
The network takes `most` questions at once; with more, `ask` raises an OSError. Several values of
`most` are tried.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from pvt.course.your_program.faster import compared, judged
from pvt.tools.learner import learners_function

ARGUMENTS = ("ask", "stations", "most")
STATIONS, WAIT = 24, 0.015  # how many; seconds until one answers
MOST = (4, 12)  # questions that a network takes at once
ROUNDS = 2  # for each of these


class Network:
    """Answers after a while, to so many at once."""

    def __init__(self, takes):
        self.takes, self.lock, self.under_way, self.most = takes, threading.Lock(), 0, 0

    def ask(self, station):
        with self.lock:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        try:
            time.sleep(WAIT)
            if self.most > self.takes:
                raise OSError(f"the network takes {self.takes} questions at once")
            return station * station
        finally:
            with self.lock:
                self.under_way -= 1


def two_threads(ask, stations):
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(ask, stations))


def run(*, source, name):
    ask_all, stations = learners_function(source, name), list(range(STATIONS))
    for takes in MOST:
        network, rows = Network(takes), []
        work = partial(asked, ask_all, network, stations)
        for row in compared(lambda: two_threads(Network(2).ask, stations), work, ROUNDS):
            rows.append(row | {"takes": takes, "most": network.most})
            yield rows[-1]
        if not judged(rows)[0]:
            return


def asked(ask_all, network, stations):
    """What became of the answers, in a word or two."""
    found = ask_all(network.ask, stations, network.takes)
    right = [station * station for station in stations]
    if not isinstance(found, list):
        return f"a {type(found).__name__} instead of a list"
    return "right" if found == right else "wrong"


def judge(rows):
    mine = [row for row in rows if row["kind"] == "yours"]
    if strange := next(
        (row["result"] for row in mine if row["result"] not in ("right", "wrong")), None
    ):
        return False, f"you returned {strange}. Return the list of answers."
    if any(row["result"] == "wrong" for row in mine):
        return (
            False,
            "the answers are not those of the stations, in their order. map keeps the order.",
        )
    said = []
    for takes in dict.fromkeys(row["takes"] for row in rows):
        these = [row for row in rows if row["takes"] == takes]
        most = max(row["most"] for row in these if row["kind"] == "yours")
        passed, text = judged(these)
        said.append(f"with most = {takes}: {text}")
        if not passed or 2 * most <= takes:
            why = f" At most {most} questions were under way at once: how many may wait?"
            return False, said[-1] + why
    return True, " ".join(said)

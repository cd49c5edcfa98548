"""300 crash runs in a row in one kernel, 50 of them stopped or killed half-way: which verdicts, and
what is left?

"Left" are processes, threads, open files and sockets of this kernel, temporary files, shared memory
and semaphores. Further experiments that end badly on purpose: add their names to NAMES; those that
are not there are left out.
"""

import os
import random
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from pvt import course, ledger
from pvt.claims import decide
from pvt.runner import Running
from tests.helpers import remains

NAMES = ("crash", "pooled", "scribble", "services", "limits", "forkbomb")
# Every 6th run is ended at a random moment of the first half of its usual time
RUNS = 300
EVERY = 6


def table(runs=RUNS):
    """Make the runs, in a folder of their own, and print how they ended, what they decided, and
    what they left."""
    with remains.folder_of_our_own():
        series(runs)


def series(runs):
    names, before = [name for name in NAMES if name in course.names()], remains.belongings()
    endings, verdicts, begin = Counter(), defaultdict(Counter), time.perf_counter()
    for number in range(runs):
        broken = number % EVERY == EVERY - 1
        run = ended(
            names[(number + number // EVERY) % len(names)],
            random.Random(number) if broken else None,
        )
        endings["ended half-way" if broken and run.ending != "finished" else run.ending] += 1
        if run.ending == "finished":
            for _, claim in ledger.find([run.experiment]):
                if not claim.params:
                    verdicts[claim.id][decide(claim, [run.rows]).value] += 1
    print(
        f"{runs} runs of {', '.join(names)} in {time.perf_counter() - begin:.0f} s; load"
        f" {os.getloadavg()[0]:.1f}"
    )
    print("endings: ", ", ".join(f"{ending} {count}" for ending, count in endings.items()))
    for claim, text in verdicts.items():
        print(f"{claim:28}", ", ".join(f"{value} {count}" for value, count in text.items()))
    print("left:    ", remains.left(before))


def ended(name, chance):
    """A run to its end; or, with a `chance`, to a random moment at which it is stopped, or its
    process is killed."""
    running = Running(name, {})
    late = chance and time.perf_counter() + chance.random() * course.load(name).SECONDS / 2
    for _ in running:
        if late and time.perf_counter() > late:
            running.stop() if chance.random() < 0.5 else kill(running.process.pid)
            late = None
    return running.result()


def kill(guardian):
    """Kill the experiment's own process; its guardian has to deal with the rest."""
    for process in psutil.Process(guardian).children():
        process.kill()


if __name__ == "__main__":
    table(*map(int, sys.argv[1:]))

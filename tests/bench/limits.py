"""Exhaustion and fork bombs, 300 runs in a row in one kernel, and 50 ended half-way: what do
they leave behind?"""

import random
import signal
import subprocess
import sys
import threading
import time

from pvt import ledger, runner
from pvt.runner import Running
from tests.helpers import remains

RUNS, ENDED = 300, 50
NAMES = ("exhaustion", "forkbomb")


def table():
    """Make the runs, print what they left, and how often each claim of the chapter says what."""
    with remains.folder_of_our_own():
        series()
    repeated()


def series():
    before, begin = remains.belongings(), time.perf_counter()
    endings = [
        runner.run(NAMES[at % 2], **({"generations": 6} if at % 4 == 3 else {})).ending
        for at in range(RUNS)
    ]
    print(
        f"{RUNS} runs in {time.perf_counter() - begin:.0f} s; finished: {endings.count('finished')}"
    )
    print("left:", remains.left(before), flush=True)
    half_way()
    print("left:", remains.left(before), flush=True)


def half_way():
    """Stop one run in two at a random moment, and kill the kernel of the others."""
    chance = random.Random(1)
    for at in range(ENDED):
        name, after = NAMES[at % 2], chance.random() * 0.3
        if at % 4 < 2:
            running = Running(name, {})
            timer = threading.Timer(after, running.stop)
            timer.start()
            list(running)
            timer.cancel()
        else:
            code = f"import pvt\nprint(flush=True)\nfor _ in range(9): pvt.run({name!r})"
            kernel = subprocess.Popen(
                [sys.executable, "-c", code], cwd=remains.ROOT, stdout=subprocess.PIPE
            )
            with kernel.stdout:
                kernel.stdout.readline()
                time.sleep(after)
            kernel.send_signal(signal.SIGKILL)
            kernel.wait()
    print(f"{ENDED} runs ended half-way, every other one by killing its kernel")


def repeated(times=20):
    """How often each claim of the chapter says what."""
    pairs, fields = ledger.find(["limits", "idle", *NAMES]), {}
    for _ in range(times):
        for entry in ledger.decided(pairs):
            fields.setdefault(entry.id, []).append(entry.value)
    for name, values in fields.items():
        print(
            f"{name:26} "
            + ", ".join(f"{value} {values.count(value)}" for value in sorted(set(values)))
        )

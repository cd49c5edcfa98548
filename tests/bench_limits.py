"""Exhaustion and fork bombs, 300 runs in a row in one kernel, and 50 ended half-way: what do they leave behind?"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from pvt import ledger, runner
from pvt.runner import Running

RUNS, ENDED = 300, 50
NAMES = ("exhaustion", "forkbomb")
ROOT = Path(__file__).parent.parent


def table():
    before, begin = seen(), time.perf_counter()
    endings = [runner.run(NAMES[at % 2], **({"generations": 6} if at % 4 == 3 else {})).ending for at in range(RUNS)]
    print(f"{RUNS} runs in {time.perf_counter() - begin:.0f} s; finished: {endings.count('finished')}")
    tell(before)
    half_way()
    tell(before)
    repeated()


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
            kernel = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
            with kernel.stdout:
                kernel.stdout.readline()
                time.sleep(after)
            kernel.send_signal(signal.SIGKILL)
            kernel.wait()
    print(f"{ENDED} runs ended half-way, every other one by killing its kernel")


def seen():
    """What there is of all that a run could leave: kind -> set of names."""
    folders = {"in /dev/shm": Path("/dev/shm"), "temporary": Path(tempfile.gettempdir())}
    found = {
        kind: set(map(str, folder.glob("pvt-*" if kind == "temporary" else "*"))) for kind, folder in folders.items()
    }
    mine = {process.pid for process in psutil.process_iter() if is_ours(process)}
    me = psutil.Process()
    files = set(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else set()
    return found | {"processes": mine, "threads": set(range(me.num_threads())), "open files": files}


def is_ours(process):
    """Whether it runs pvt's far side from this folder."""
    try:
        return "pvt.child" in process.cmdline() and process.environ().get("PYTHONPATH") == str(ROOT)
    except psutil.Error:
        return False


def tell(before):
    """One line: what is there now, a second later, that was not there before."""
    time.sleep(1)
    new = {kind: len(names - before[kind]) for kind, names in seen().items()}
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(
        "left behind: " + ", ".join(f"{kind} {count}" for kind, count in new.items()) + f"; load {load:.1f}", flush=True
    )


def repeated(times=20):
    """How often each claim of the chapter says what."""
    pairs, told = ledger.find(["limits", "idle", *NAMES]), {}
    for _ in range(times):
        for entry in ledger.decided(pairs):
            told.setdefault(entry.id, []).append(entry.value)
    for name, values in told.items():
        print(f"{name:26} " + ", ".join(f"{value} {values.count(value)}" for value in sorted(set(values))))

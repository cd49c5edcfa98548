"""Does the experiment say what a stopwatch says? Start and end of a thread, a fork and spawned
processes, in turn.

The stopwatch is a few lines that use nothing of pvt, in a fresh interpreter; so does the experiment
run. Both take the median; here are the medians of six runs of each, which should agree within 20 %.
The stopwatch has run a task before, as the experiment has: a program that has imported asyncio has
more memory to fork.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
RUNS = 6
STOPWATCH = """
import multiprocessing, os, threading, time
async def nothing(): pass
async def task(): await asyncio.create_task(nothing())
def thread(): worker = threading.Thread(); worker.start(); worker.join()
def fork(): os._exit(0) if (child := os.fork()) == 0 else os.waitpid(child, 0)
def process(): worker = context.Process(); worker.start(); worker.join()
def watch(kind, work, times, taken):
    for _ in range(times):
        begin = time.perf_counter(); work(); taken.append(time.perf_counter() - begin)
    print(kind, statistics.median(taken), sep="=")
if __name__ == "__main__":
    import asyncio, statistics
    asyncio.run(task())
    watch("thread", thread, 200, [])
    watch("fork", fork, 50, [])
    for method, times in [("fork", 30), ("spawn", 8)]:
        context = multiprocessing.get_context(method)
        watch(f"Process by {method}", process, times, [])
"""


def by_stopwatch(script):
    """Kind -> median seconds, from the script, started as the lab starts an experiment."""
    from pvt import runner

    command = [
        sys.executable,
        "-P",
        "-m",
        script.stem,
    ]  # by its path, each spawned process would compile it anew
    env = runner.environment(script.parent) | {"PYTHONPATH": str(script.parent)}
    fields = subprocess.run(
        command, env=env, cwd=script.parent, capture_output=True, text=True, check=True
    ).stdout
    return {
        kind: float(seconds) for kind, seconds in (line.split("=") for line in fields.splitlines())
    }


def by_experiment():
    """Kind -> median seconds, from a run of the experiment."""
    from pvt import runner
    from pvt.course.birth import birth

    run = runner.run("birth", memory=False)
    assert run.ending == "finished", run.noise
    return {kind: found.middle for kind, found in birth.cheapest_first(run.rows)}


def table():
    """Print both medians in microseconds, from least to most, and how they compare."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "stopwatch.py")
        script.write_text(STOPWATCH)
        pairs = [(by_experiment(), by_stopwatch(script)) for _ in range(RUNS)]
    print(f"{'µs':18} {'experiment':>26} {'stopwatch':>26} {'ratio':>6}")
    for kind in pairs[0][1]:
        ours, theirs = ([1e6 * one[kind] for one in side] for side in zip(*pairs, strict=True))
        ratio = median(ours) / median(theirs)
        print(
            f"{kind:18} {spoken(ours):>26} {spoken(theirs):>26}"
            f" {ratio:6.2f}{'  !' * (not 1 / 1.2 < ratio < 1.2)}"
        )


def spoken(values):
    return f"{median(values):,.0f} ({min(values):,.0f}–{max(values):,.0f})"


if __name__ == "__main__":
    table()

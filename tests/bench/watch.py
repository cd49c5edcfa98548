"""What watching costs: the same program with and without, in turn; and how soon the picture is
there.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import psutil

from pvt.watcher import lanes
from pvt.watcher.asking import Program
from pvt.watcher.seen import Seen
from pvt.watcher.watched import watched

PROGRAMS = Path(__file__).parents[1] / "watcher/programs"
ROUNDS = 11


def table():
    for path in sorted(PROGRAMS.glob("*.py")):
        bare, seen, late = [], [], []
        for number in range(ROUNDS):
            for way in (bare, seen) if number % 2 else (seen, bare):
                if way is bare:
                    bare.append(alone(path))
                else:
                    took, after = under_watch(path)
                    seen.append(took)
                    late.append(after)
        low, ratio, high = statistics.quantiles(
            [one / other - 1 for one, other in zip(seen, bare, strict=True)], n=4
        )
        print(
            f"{path.stem:15} alone {statistics.median(bare):.2f} s, watched {ratio:+.1%}"
            f" (quartiles {low:+.1%}, {high:+.1%}; promised: at most 10 %);"
            f" picture {statistics.median(late):.2f} s after the end (promised: 1)",
            flush=True,
        )
    minute()


def alone(path):
    """Seconds of the program by itself."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, path], capture_output=True, check=True)
    return time.perf_counter() - begin


def under_watch(path):
    """(seconds that it took, seconds from its end to the drawn picture)."""
    program = Program(path)
    running = program.running()
    ended = None
    for row in running:
        if row and "ending" in row:
            ended = time.perf_counter()
    found = watched(program.name, running.result())
    found.draw()
    return found.seconds, time.perf_counter() - ended


def minute(seconds=60.0, threads=64):
    """A run of a minute with 64 lanes, made up: seconds to draw it, and memory."""
    rows = list(made_up(seconds, threads))
    begin = time.perf_counter()
    bins, found = lanes.lanes(Seen(rows))
    sorted_in = time.perf_counter() - begin
    begin = time.perf_counter()
    drawn(bins, found, seconds)
    drawn_in = time.perf_counter() - begin
    peak = psutil.Process().memory_info().rss
    print(
        f"{seconds:.0f} s, {len(found)} lanes: sorted in {sorted_in:.1f} s, drawn in"
        f" {drawn_in:.1f} s"
        f" (promised: 2), {peak / 2**20:.0f} MiB in this process (promised: 300)"
    )


def made_up(seconds, threads):
    """Rows as they come from the child: 50 looks a second."""
    numbers = list(range(101, 101 + threads))
    yield {"pid": 100, "begin": 0.0, "cores": 2, "system": "linux"}
    names = "".join(f'["thread", {number}, 0.0, "Thread-{number}"]\n' for number in numbers)
    yield {"notes": '["process", 0.0, 100, 1, 100, true, "3.14"]\n' + names, "process": 100}
    for at in range(int(seconds * 50)):
        now = at / 50
        looks = [[one, now * 0.03, now * 0.4, "g" if (at + one) % 3 else "i"] for one in numbers]
        yield {"at": now, "looks": [[100, numbers, *looks]]}
    yield {"ending": None, "code": 0, "end": seconds, "processor": 2.0, "others": 0.0, "left": 0}


def drawn(bins, found, seconds):
    """The picture of made-up lanes."""
    from pvt.watcher import diagnosis, figures, picture, watched

    measured = figures.Figures(seconds, 2, 1.0)
    made = watched.Watched(
        "made up", "finished", seconds, {}, measured, bins, found, diagnosis.diagnose(measured)
    )
    return picture.picture(made)

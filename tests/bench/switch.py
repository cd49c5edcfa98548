"""Is a switch measured right? `switch` beside `perf bench sched pipe`, on one core, in turn, in the
same minute.

An "op" of perf is a byte there and back: two hand-overs, writing and reading included. So its
usecs/op are halved and compared with our time for one hand-over as it is; and, the pipe of the C
twin subtracted, with our time for a switch.
"""

import re
import shutil
import subprocess
import tempfile

from pvt import timing
from pvt.course.switch import pingpong, twin

ROUNDS = 20
HANDOVERS = 2_000
LOOPS = 20_000  # perf's time includes its start: make it small beside the rest
WITHIN = {
    "C": 0.15,
    "Python": 0.35,
}  # of perf: the whole hand-over in C, the switch alone from Python


def by_perf(worker, core):
    """Seconds for one hand-over as perf sees it."""
    command = ["taskset", "-c", str(core), "perf", "bench", "sched", "pipe", "-l", str(LOOPS)]
    text = subprocess.check_output(command + ["-T"] * (worker == "thread"), text=True)
    return float(re.search(r"([\d.]+) usecs/op", text)[1]) / 1e6 / 2


def measured():
    """(who, worker, what) → seconds, round by round."""
    found, here = {}, pingpong.ALLOWED[-1:]
    with tempfile.TemporaryDirectory() as folder:
        program, without = twin.compiled(folder)
        print(f"no C twin: {without}" if without else "", end="")
        for _, worker in timing.interleaved(("thread", "process"), ROUNDS):
            rows = {"Python": pingpong.measured(worker, here, here, HANDOVERS)}
            if program:
                rows["C"] = twin.measured(program, worker, here, here, HANDOVERS)
            for who, row in rows.items():
                for what in ("seconds", "pipe", "switch"):
                    found.setdefault((who, worker, what), []).append(row[what])
            if shutil.which("perf") and shutil.which("taskset"):
                found.setdefault(("perf", worker, "seconds"), []).append(by_perf(worker, here[0]))
    return {key: pingpong.quickest(values).middle for key, values in found.items()}


def table():
    """Print every figure, and how far ours are from perf's."""
    found = measured()
    whole = {key[:2] for key in found}
    print(
        f"{'quicker half of the rounds, median':36} {'hand-over':>12} {'pipe':>12} {'switch':>12}"
    )
    for who, worker in sorted(whole):
        times = (found.get((who, worker, what)) for what in ("seconds", "pipe", "switch"))
        print(f"{who:8} {worker:27}", *(f"{timing.text(one) if one else '':>12}" for one in times))
    for who in sorted({who for who, _ in whole} - {"perf"}):
        print(
            f"process / thread, {who}:"
            f" {found[who, 'process', 'switch'] / found[who, 'thread', 'switch']:.2f}"
        )
    if ("perf", "thread") not in whole or ("C", "thread") not in whole:
        return print("perf or the C twin is not here: nothing to compare with")
    for worker in ("thread", "process"):
        perf = found["perf", worker, "seconds"]
        alone = perf - found["C", worker, "pipe"]
        ours = {
            "C": found["C", worker, "seconds"] / perf,
            "Python": found["Python", worker, "switch"] / alone,
        }
        for who, times in ours.items():
            good = "within" if abs(times - 1) <= WITHIN[who] else "NOT within"
            print(f"{who} / perf, {worker}: {times:.2f}, {good} {WITHIN[who]:.0%}")


if __name__ == "__main__":
    table()

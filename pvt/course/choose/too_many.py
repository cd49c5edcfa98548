"""When tasks compute, workers help up to the number of cores; when they wait, far beyond."""

import threading
import time
from typing import Literal

from pvt import host, timing
from pvt.claims import Claim
from pvt.course.choose.jobs import QUIET, SURE, clear
from pvt.course.choose.models import Staff
from pvt.course.choose.workloads import KINDS, Task, amount

QUESTION = "How many workers help?"
OUTCOMES = (  # who does clearly more than a quarter of the workers do
    "Neither of them",
    "Only the threads",
    "Both, processes and threads",
)
SECONDS = 4.5
PATIENCE = 3.3
ROUNDS = 9
GAIN = 1.25  # a factor from which on more workers count as a help
PIECES = {"compute": 96, "wait": 32}  # in a round, shared by the workers
WORKERS = {"compute": "processes", "wait": "threads"}


def labour(post, left):
    """A worker: for each task that comes, do pieces of it as long as some are left; then say so."""
    while task := post.recv():
        while taken(left):
            KINDS[task.kind](task)
        post.send("done")


def taken(left):
    """Take one of the pieces that are left, if there is one."""
    with left.get_lock():
        left.value -= 1
        return left.value >= 0


STUDY = (labour, taken)


def run(*, most: Literal[4, 8, 16, 32] = 16, wait_ms: Literal[2, 5, 20] = 5):
    """1, 2, 4 … up to `most` workers, on a quarter as many cores at most where that can be
    arranged."""
    limit = max(1, most // 4)
    seen = timing.Neighbours(limit)
    timing.pin(*timing.allowed()[:limit])
    few = host.cores()
    yield row(few, "compute")
    counts = sorted({1 << power for power in range(most.bit_length())} | {min(few, most)})
    with Staff(most) as staff:
        staff.serve()
        left = staff.tally
        posts = {"compute": processes(staff, left, most), "wait": threads(staff, left, most)}
        tasks = {"compute": Task(0, "compute", amount("compute", 0.0015))}
        tasks["wait"] = Task(0, "wait", wait_ms * 1_000, port=staff.port)
        for number, (kind, count) in timing.interleaved(
            [(k, c) for k in tasks for c in counts], ROUNDS, PATIENCE
        ):
            if kind == "wait" and number > 2:  # its gain is large: two rounds show it
                continue
            seconds = one_round(posts[kind][:count], tasks[kind], left)
            yield row(few, kind, number, count, PIECES[kind] / seconds)
        for post in posts["compute"] + posts["wait"]:
            post.send(None)
    return seen.cores()


def row(cores, kind, number=None, workers=None, rate=None):
    """One round: pieces a second by these workers on these cores."""
    return {
        "cores": cores,
        "kind": kind,
        "round": number,
        "workers": workers,
        "rate": rate,
    }


def processes(staff, left, count):
    """Start processes that wait for tasks; the connections to them."""
    pipes = [staff.context.Pipe() for _ in range(count)]
    for _, far in pipes:
        staff.context.Process(target=labour, args=(far, left), daemon=True).start()
    return [near for near, _ in pipes]


def threads(staff, left, count):
    """The same with threads."""
    pipes = [staff.context.Pipe() for _ in range(count)]
    for _, far in pipes:
        threading.Thread(target=labour, args=(far, left), daemon=True).start()
    return [near for near, _ in pipes]


def one_round(posts, task, left):
    """The seconds that these workers take for all the pieces."""
    left.value = PIECES[task.kind]
    begin = time.perf_counter()
    for post in posts:
        post.send(task)
    for post in posts:
        post.recv()
    return time.perf_counter() - begin


def rates(rows, kind, workers):
    """Round -> pieces a second; round 0 warms up and counts only as long as there is no other."""
    known = {
        one["round"]: one["rate"]
        for one in rows
        if (one["kind"], one["workers"]) == (kind, workers)
    }
    return {number: known[number] for number in known if number or len(known) == 1}


def measured(rows, kind):
    """The numbers of workers that were measured."""
    return sorted({one["workers"] for one in rows if one["kind"] == kind and one["rate"]})


def gain(rows, kind, workers, base):
    """The `Spread` of how many times more `workers` do than `base` workers; None as long as it
    is unknown."""
    more, few = rates(rows, kind, workers), rates(rows, kind, base)
    both = sorted(set(more) & set(few))
    return timing.ratios([more[at] for at in both], [few[at] for at in both])


def beyond(rows, kind):
    """What the most workers gain over as many as there are cores."""
    counts = measured(rows, kind)
    return gain(rows, kind, counts[-1], rows[0]["cores"]) if counts else None


def outcome(rows):
    counts = measured(rows, "wait")
    most = counts[-1] if counts else 0
    found = [gain(rows, kind, most, most // 4) for kind in PIECES]
    if None in found:
        return None
    more = tuple(one.above(GAIN) for one in found)
    known = {(False, False): 0, (False, True): 1, (True, True): 2}
    return OUTCOMES[known[more]] if more in known else None


def sentence(rows):
    parts = []
    for kind in PIECES:
        counts = measured(rows, kind)
        if counts and (spread := gain(rows, kind, counts[-1], 1)):
            parts.append(
                f"{counts[-1]} {WORKERS[kind]} that {kind} do {spread.middle:.1f} times as much"
                " as one"
            )
    return f"Cores: {rows[0]['cores']}; {'; '.join(parts) or 'the workers are being started'}."


def draw(ax, rows):
    """A line for each kind: what the workers do, in times of what one does."""
    for kind, look in {"compute": ("s-", "process"), "wait": ("o-", "thread")}.items():
        known = {count: gain(rows, kind, count, 1) for count in measured(rows, kind)}
        known = {count: spread for count, spread in known.items() if spread}
        if not known:
            continue
        middle = [spread.middle for spread in known.values()]
        around = [
            [m.middle - m.least for m in known.values()],
            [m.most - m.middle for m in known.values()],
        ]
        ax.errorbar(list(known), middle, around, fmt=look[0], color=look[1], capsize=3)
        label = f"   {WORKERS[kind]} that {kind}"
        ax.annotate(
            label,
            (max(known), middle[-1]),
            va="center",
            fontsize=10,
            color=look[1],
            annotation_clip=False,
        )
    cores, most = rows[0]["cores"], max([2, *measured(rows, "compute"), *measured(rows, "wait")])
    ax.axvline(cores, color="ink", linestyle="--", linewidth=1)
    ax.annotate(
        f" {cores} core{'s' * (cores > 1)}",
        (cores, 0.93),
        xycoords=("data", "axes fraction"),
        fontsize=10,
    )
    ax.set(
        xlabel="workers",
        ylabel="times the work of one",
        xlim=(0.9, most * 4),
        ylim=(0.5, 1.5 * most),
    )
    ax.set_xscale("log", base=2)
    ax.set_yscale("log", base=2)
    ticks = [1 << power for power in range(most.bit_length())]
    ax.set(xticks=ticks, xticklabels=ticks, yticks=ticks, yticklabels=ticks)


def useless(kind):
    """A check: do workers beyond the number of cores bring nothing?"""

    def check(rows):
        spread, cores, counts = beyond(rows, kind), rows[0]["cores"], measured(rows, kind)
        if not spread or counts[-1] <= cores:
            return None, f"there were not more workers than cores ({cores})."
        because = (
            f"{counts[-1]} {WORKERS[kind]} that {kind} did {spread.middle:.2f} times"
            f" ({spread.least:.2f} to"
            f" {spread.most:.2f}) as much as {cores}, the number of cores; twice the cores"
            f" {gain(rows, kind, twice(counts, cores), cores).middle:.2f} times."
        )
        if (timing.others(rows) or 0) > QUIET and spread.middle < SURE:
            return (
                None,
                f"{because}{timing.company(rows, QUIET)} Meanwhile more workers only take more"
                " from those.",
            )
        helped = clear(spread, GAIN)
        return (
            (None, f"{because} That is too close to tell.")
            if helped is None
            else (not helped, because)
        )

    return check


def twice(counts, cores):
    """The number of workers that was measured nearest to twice the cores."""
    return min(
        (count for count in counts if count > cores), key=lambda count: abs(count - 2 * cores)
    )


COMPUTE = "When tasks compute, workers beyond the number of cores bring nothing."
WAIT = "When tasks wait, workers beyond the number of cores bring nothing."
CLAIMS = [
    Claim("choose.too-many", COMPUTE, {}, useless("compute")),
    Claim("choose.too-many-waits", WAIT, {}, useless("wait")),
]

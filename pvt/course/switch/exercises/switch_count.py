"""Count the switches of a piece of work: `count_switches(work)` calls `work()` once and returns two
whole numbers.

The first is how often the calling thread waited of its own accord meanwhile (voluntary switches),
the second how often the kernel interrupted it (involuntary ones). Other threads of this process
switch too: theirs do not count.
"""

import os
import threading
import time

from pvt import host, procfs
from pvt.course.switch import pingpong
from pvt.tools.learner import learners_function

ARGUMENTS = ("work",)
TIMES = 50


def run(*, source, name):
    count_switches = learners_function(source, name)
    if host.lacking(("/proc",)):
        yield {"case": "no /proc", "calls": 1, "kind": "tuple", "got": None, "forced": None}
        return
    me = threading.get_native_id()
    for case, act in (
        ("sleeping", sleeping),
        ("computing", computing),
        ("with a partner", with_a_partner),
    ):
        inner = []

        def work(act=act, inner=inner):
            before = procfs.switches(me)
            act()
            after = procfs.switches(me)
            inner.append((differences(before, after), after[0]))

        before = procfs.switches(me)
        got = count_switches(work)
        after = procfs.switches(me)
        pair = (
            isinstance(got, tuple | list) and len(got) == 2 and all(type(one) is int for one in got)
        )
        row = {"case": case, "calls": len(inner), "kind": "pair" if pair else type(got).__name__}
        least, total = inner[0] if inner else ([0, 0], 0)
        row |= bounds(least, differences(before, after)) | {
            "total_least": total,
            "total_most": after[0],
        }
        yield row | {"got": got[0] if pair else None, "forced": got[1] if pair else None}


def differences(before, after):
    return [late - early for early, late in zip(before, after, strict=True)]


def bounds(inner, outer):
    """What was counted inside the work and around the function: what is right lies between."""
    return {"least": inner[0], "most": outer[0], "forced_least": inner[1], "forced_most": outer[1]}


def sleeping():
    for _ in range(TIMES):
        time.sleep(0.0005)


def computing():
    sum(range(3_000_000))


def with_a_partner():
    """Hand a byte to another thread and back, so that both wait by turns."""
    there, back = os.pipe(), os.pipe()
    partner = threading.Thread(target=pingpong.pong, args=(there[0], back[1]))
    partner.start()
    pingpong.ping(there[1], back[0], TIMES)
    os.close(there[1])
    partner.join()
    for end in (there[0], *back):
        os.close(end)


def judge(rows):
    for row in rows:
        if row["case"] == "no /proc":
            return (
                False,
                "This system does not tell the switches of a thread: the exercise cannot be"
                " decided here.",
            )
        case = row["case"]
        counted = f"{row['least']} voluntary and {row['forced_least']} involuntary"
        if row["calls"] != 1:
            return (
                False,
                f"{case}: work was called {row['calls']} times. Call it once, between two looks"
                " at the counts.",
            )
        if row["kind"] != "pair":
            return (
                False,
                f"{case}: {row['kind']} came back. Return two whole numbers, the voluntary ones"
                " first.",
            )
        if fits(row, row["got"], row["forced"]):
            continue
        text = f"{case}: {row['got']} and {row['forced']} came back, {counted} would be right."
        if fits(row, row["forced"], row["got"]):
            return False, f"{text} They are the wrong way round: nvcsw (voluntary) comes first."
        if all(one["kind"] == "pair" and since_the_start(one) for one in rows):
            return (
                False,
                f"{text} The counts run since the start of the thread: subtract what they were"
                " before.",
            )
        if row["got"] > row["most"] or row["forced"] > row["forced_most"]:
            return (
                False,
                f"{text} Those of other threads are in it: ask for this thread only"
                " (RUSAGE_THREAD).",
            )
        return (
            False,
            f"{text} Read the counts right before work() and right after it, and return the"
            " differences.",
        )
    return (
        True,
        f"right each time: it waited {rows[0]['got']} times while sleeping, {rows[1]['got']}"
        " while computing.",
    )


def since_the_start(row):
    """Whether the count that came back is the thread's whole one; a single case may be so by
    chance."""
    return row["total_least"] <= row["got"] <= row["total_most"]


def fits(row, voluntary, forced):
    return (
        row["least"] <= voluntary <= row["most"]
        and row["forced_least"] <= forced <= row["forced_most"]
    )

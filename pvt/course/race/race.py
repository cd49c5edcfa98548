"""Workers read a counter, call a function, and write the counter back: without a lock additions
vanish.

The bare `counter += 1` runs beside it. Since Python 3.10 an interpreter with a GIL lets another
thread in only after calls, at the start of functions and at backward jumps; the bare statement has
none of them between its reading and its writing. So it never loses there, though the language does
not promise it.
"""

import sys
import threading
import time
from typing import Annotated, Literal

from pvt.claims import Claim
from pvt.host import has_gil

QUESTION = "What does the counter say at the end?"
OUTCOMES = ("No addition is lost", "Less than 1 in 100", "1 in 100 or more")
ROUNDS = 6  # rounds at least
PATIENCE = 4.0  # seconds we wait for a loss
SECONDS = 0.4  # usual seconds


class Counter:
    """What all workers share."""

    def __init__(self):
        self.total, self.lock = 0, threading.Lock()


def one_more(number):
    return number + 1


def with_a_call(counter, times):
    for _ in range(times):
        found = counter.total
        counter.total = one_more(found)


def with_a_call_locked(counter, times):
    for _ in range(times):
        with counter.lock:
            found = counter.total
            counter.total = one_more(found)


def plus_equals(counter, times):
    for _ in range(times):
        counter.total += 1


def plus_equals_locked(counter, times):
    for _ in range(times):
        with counter.lock:
            counter.total += 1


STUDY = (with_a_call, plus_equals, with_a_call_locked)


def run(
    *,
    workers: Annotated[int, range(1, 9)] = 4,
    additions: Literal[1_000, 5_000, 20_000, 100_000] = 20_000,
    lock: bool = False,
    switch_us: Literal[10, 100, 1_000, 5_000] = 10,
):
    """`additions` per worker; `switch_us`: microseconds until a waiting thread asks for its turn
    (default: 5,000)."""
    sys.setswitchinterval(switch_us / 1e6)
    bodies = {
        "read, call, write": (with_a_call, with_a_call_locked),
        "counter += 1": (plus_equals, plus_equals_locked),
    }
    begin, lost, number = time.perf_counter(), 0, 0
    while number < ROUNDS or (
        workers > 1 and not lock and not lost and time.perf_counter() - begin < PATIENCE
    ):
        for name, pair in bodies.items():
            row = one_round(pair[lock], workers, additions)
            yield {
                "round": number + 1,
                "body": name,
                "lock": lock,
                "workers": workers,
                **row,
                "may_switch": may_switch(pair[0]),
            }
            lost += row["lost"] if name == "read, call, write" else 0
        number += 1


def one_round(body, workers, additions):
    """All workers start together behind a barrier: without it the first is often done before the
    second begins."""
    counter, barrier, spans = Counter(), threading.Barrier(workers), []

    def work():
        barrier.wait()
        begin = time.perf_counter()
        body(counter, additions)
        spans.append((begin, time.perf_counter()))

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = workers * additions
    seconds = max(end for _, end in spans) - min(begin for begin, _ in spans)
    return {
        "expected": expected,
        "counted": counter.total,
        "lost": expected - counter.total,
        "seconds": seconds,
    }


def may_switch(body):
    """Whether the bytecode between reading and writing `total` lets another thread in, here and
    now."""
    import dis

    if not has_gil():
        return True
    code = [step for step in dis.get_instructions(body) if step.opname != "RESUME"]
    touches = [at for at, step in enumerate(code) if step.argval == "total"]
    between = code[touches[0] : touches[-1]]
    return sys.version_info < (3, 10) or any(
        "CALL" in step.opname or "JUMP" in step.opname for step in between
    )


def share(rows, body="read, call, write"):
    """The additions lost, of all, with this body."""
    mine = [row for row in rows if row["body"] == body]
    return sum(row["lost"] for row in mine) / max(1, sum(row["expected"] for row in mine))


def outcome(rows):
    lost = share(rows)
    return OUTCOMES[0] if lost == 0 else OUTCOMES[1] if lost < 0.01 else OUTCOMES[2]


def sentence(rows):
    shares = {name: share(rows, name) for name in dict.fromkeys(row["body"] for row in rows)}
    lost = "; ".join(f"{name}: {part:.1%} of the additions lost" for name, part in shares.items())
    workers = "1 thread" if rows[-1]["workers"] == 1 else f"{rows[-1]['workers']} threads"
    return (
        f"{workers}, {'with' if rows[-1]['lock'] else 'without'} a lock."
        f" {lost[0].upper()}{lost[1:]}."
    )


def draw(ax, rows):
    """Two bars a round, the last twelve rounds: what was counted, and in hatching what was lost."""
    rows = [row for row in rows if row["round"] > rows[-1]["round"] - 12]
    for offset, (body, colour) in enumerate(
        {"read, call, write": "thread", "counter += 1": "other"}.items()
    ):
        mine = [row for row in rows if row["body"] == body]
        at = [row["round"] + 0.4 * offset for row in mine]
        ax.bar(at, [row["counted"] for row in mine], 0.36, color=colour, label=f"{body}: counted")
        lost = [row["lost"] for row in mine]
        bottom = [row["counted"] for row in mine]
        ax.bar(
            at,
            lost,
            0.36,
            bottom=bottom,
            color="none",
            edgecolor="trouble",
            hatch="//",
            label="lost" if not offset else None,
        )
    ax.axhline(rows[-1]["expected"], color="ink", linestyle="--", linewidth=1)
    ax.set(xlabel="round", ylabel="counter at the end", ylim=(0, rows[-1]["expected"] * 1.05))


def losing(body):
    """A check: were additions lost with this body?"""

    def check(rows):
        mine = [row for row in rows if row["body"] == body]
        lost, expected = (sum(row[key] for row in mine) for key in ("lost", "expected"))
        hit = sum(row["lost"] > 0 for row in mine)
        because = (
            f"{lost:,} of {expected:,} additions lost ({lost / expected:.0%}), in {hit} of"
            f" {len(mine)} rounds"
        )
        if not lost and not mine[0]["may_switch"]:
            because += (
                "; this interpreter lets no other thread in between the reading and the writing"
                " of this statement."
                " That is how it happens to be built: the language does not promise it"
            )
        return lost > 0, because + "."

    return check


def rarely(rows):
    """A check: does the loss show in fewer than half of the rounds, though the program is the
    same in all?"""
    mine = [row for row in rows if row["body"] == "read, call, write"]
    hit = sum(row["lost"] > 0 for row in mine)
    return hit < len(mine) / 2, (
        f"with {mine[0]['expected']:,} additions and Python's own switch interval,"
        f" {hit} of {len(mine)} rounds of the same faulty program showed a loss."
    )


LOSES = "Without a lock, additions can vanish."
BARE = "The bare counter += 1, without a lock, loses additions."
HARD = "A race is hard to reproduce: most runs of a faulty program look right."
CLAIMS = [
    Claim("race.unlocked-loses", LOSES, {}, losing("read, call, write"), kind="can"),
    Claim("race.plus-equals", BARE, {}, losing("counter += 1"), kind="can"),
    Claim("race.hard-to-reproduce", HARD, {"additions": 1_000, "switch_us": 5_000}, rarely),
]

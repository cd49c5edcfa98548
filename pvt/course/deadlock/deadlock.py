"""Two threads transfer money between two accounts, each with a lock: who takes which lock first,
and who gives up?

Nothing is staged: the threads start behind a barrier and transfer without a pause. A round counts
as stuck when its threads are not joined in time, each holds one lock and wants the other's, and
nothing has moved between two looks. Stuck threads are left where they are (they are daemons); the
child's guardian ends them with the process.
"""

import random
import sys
import threading
import time
from statistics import median
from typing import Annotated, Literal

from pvt.claims import Claim

QUESTION = "Which transfers get stuck?"
OUTCOMES = (
    "No round gets stuck",
    "Two orders get stuck in some rounds",
    "Two orders get stuck in every round",
)
SECONDS = 3.0  # usual seconds
PATIENCE = 4.0  # seconds we wait for a stuck round
LOOK = 0.15  # seconds between two looks


class Bank:
    """Two accounts, two locks, and what each thread holds and wants."""

    def __init__(self):
        self.ann, self.bob = threading.Lock(), threading.Lock()
        self.moved, self.gave_up = [0, 0], [0, 0]
        self.holds, self.wants = [None, None], [None, None]


def two_orders(bank, me, times, timeout):
    """One thread takes Ann's lock first, the other Bob's."""
    first, second = (bank.ann, bank.bob) if me == 0 else (bank.bob, bank.ann)
    transfer(bank, me, times, first, second)


def one_order(bank, me, times, timeout):
    """Both threads take Ann's lock first."""
    transfer(bank, me, times, bank.ann, bank.bob)


def transfer(bank, me, times, first, second):
    for _ in range(times):
        with first:
            bank.holds[me], bank.wants[me] = first, second
            with second:
                bank.moved[me] += 1
            bank.holds[me] = None


def time_out(bank, me, times, timeout):
    """Two orders again; who waits too long gives the first lock back, pauses by chance, and
    tries again."""
    first, second = (bank.ann, bank.bob) if me == 0 else (bank.bob, bank.ann)
    while bank.moved[me] < times:
        with first:
            if second.acquire(timeout=timeout):
                bank.moved[me] += 1
                second.release()
                continue
        bank.gave_up[me] += 1
        time.sleep(random.random() * timeout)


WAYS = {"two orders": two_orders, "one order": one_order, "time-outs": time_out}
STUDY = (two_orders, one_order, transfer, time_out)


def run(
    *,
    rounds: Annotated[int, range(1, 11)] = 5,
    transfers: Literal[10, 100, 1_000, 5_000] = 1_000,
    timeout_ms: Literal[1, 5, 20] = 5,
):
    """`transfers` per thread and round; `timeout_ms`: how long a thread with a time-out waits
    for the second lock."""
    sys.setswitchinterval(1e-5)
    begin, number, stuck = time.perf_counter(), 0, False
    while number < rounds or (not stuck and time.perf_counter() - begin < PATIENCE):
        number += 1
        for way, body in WAYS.items():
            row = one_round(body, transfers, timeout_ms / 1000)
            stuck = stuck or row["stuck"]
            yield {"round": number, "way": way, **row}


def one_round(body, times, timeout):
    """Two threads from a barrier to their end, or until they are seen to be stuck."""
    bank, barrier, ends = Bank(), threading.Barrier(3), []

    def work(me):
        barrier.wait()
        body(bank, me, times, timeout)
        ends.append(time.perf_counter())

    threads = [threading.Thread(target=work, args=(me,), daemon=True) for me in (0, 1)]
    for thread in threads:
        thread.start()
    barrier.wait()
    begin, stuck = time.perf_counter(), False
    while not stuck and any(thread.is_alive() for thread in threads):
        before = list(bank.moved)
        for thread in threads:
            thread.join(LOOK / 2)
        stuck = in_a_circle(bank) and before == bank.moved
    moved = sum(bank.moved)
    seconds = None if stuck else (max(ends) - begin) / moved
    done = {"transfers": moved, "expected": 2 * times, "stuck": stuck, "gave_up": sum(bank.gave_up)}
    return {**done, "seconds_each": seconds, "seconds": time.perf_counter() - begin}


def in_a_circle(bank):
    """Whether each thread holds the lock that the other wants."""
    holds = list(
        bank.holds
    )  # noted after taking and before giving back: two entries at once are two locks held
    return None not in holds and holds == bank.wants[::-1]


def stuck(rows, way="two orders"):
    """How many rounds got stuck, of how many."""
    mine = [row["stuck"] for row in rows if row["way"] == way]
    return sum(mine), len(mine)


def price(rows, way):
    """Seconds of a transfer over all rounds that ended; None if none did."""
    mine = [row for row in rows if row["way"] == way and not row["stuck"]]
    return (
        sum(row["seconds_each"] * row["transfers"] for row in mine)
        / sum(row["transfers"] for row in mine)
        if mine
        else None
    )


def outcome(rows):
    hit, of = stuck(rows)
    return OUTCOMES[0] if not hit else OUTCOMES[2] if hit == of else OUTCOMES[1]


def sentence(rows):
    parts = [
        f"{way} {stuck(rows, way)[0]} of {stuck(rows, way)[1]}"
        for way in WAYS
        if stuck(rows, way)[1]
    ]
    return f"Rounds that got stuck: {'; '.join(parts)}."


def draw(ax, rows):
    """A bar a round: the share of its transfers that were made; hatched and named where it got
    stuck."""
    for offset, (way, colour) in enumerate(
        {"two orders": "trouble", "one order": "thread", "time-outs": "other"}.items()
    ):
        mine = [row for row in rows if row["way"] == way and row["round"] > rows[-1]["round"] - 10]
        cost = f", {price(mine, way) * 1e6:,.1f} µs each" if mine and price(mine, way) else ""
        ax.bar(rows[-1]["round"], 0, 0.26, color=colour, label=way + cost)
        for row in mine:
            at, share = row["round"] + 0.28 * (offset - 1), row["transfers"] / row["expected"]
            look = (
                {"color": "none", "edgecolor": "trouble", "hatch": "//"}
                if row["stuck"]
                else {"color": colour}
            )
            ax.bar(at, share, 0.26, **look)
            if row["stuck"]:
                ax.annotate("stuck", (at, share), ha="center", va="bottom", fontsize=8)
    ax.set(xlabel="round", ylabel="transfers made, share of all", ylim=(0, 1.15))


def gets_stuck(rows):
    """A check: did two orders stop both threads for ever?"""
    hit, of = stuck(rows)
    made = [row["transfers"] for row in rows if row["stuck"]]
    because = f"{hit} of {of} rounds got stuck" + (
        f", after {median(made):,.0f} transfers (median)" if made else ""
    )
    return (
        hit > 0,
        f"{because}; each thread held the lock that the other wanted."
        if hit
        else f"{because} this time.",
    )


def time_outs_pay(rows):
    """A check: did every round with time-outs end, and did a transfer cost more than with one
    order?"""
    mine = [row for row in rows if row["way"] == "time-outs"]
    ended = [row["seconds_each"] for row in mine if not row["stuck"]]
    gave_up = [row["gave_up"] for row in mine]
    because = f"{len(ended)} of {len(mine)} rounds ended, after giving up {sum(gave_up):,} times"
    one = [row["seconds_each"] for row in rows if row["way"] == "one order" and not row["stuck"]]
    if len(ended) < len(mine) or not one:
        return False, because + "."
    with_time_out, cheap = median(ended), median(one)
    because += (
        f"; one transfer took {with_time_out * 1e6:,.1f} µs, with one order"
        f" {cheap * 1e6:,.1f} µs (medians)."
    )
    if sum(number > 0 for number in gave_up) < len(mine) / 2:
        return None, f"the threads met in too few rounds to compare: {because}"
    return with_time_out > cheap, because


TWO = "Two locks taken in opposite orders can stop both threads for ever."
PAY = "With time-outs every round ends here, and a transfer costs more than with one order."
CLAIMS = [
    Claim("deadlock.two-orders", TWO, {}, gets_stuck, kind="can"),
    Claim("deadlock.time-outs", PAY, {"rounds": 10, "transfers": 5_000}, time_outs_pay),
]

"""An object goes five ways to a receiver that changes it: does the sender see the change, and what
did the way cost?

Only a thread gets the object itself. A process gets bytes, and makes a copy of the object out of
them: pickling. The queue between processes does that by itself; for shared memory, socket and pipe
it is done by hand, inside the clock.
"""

import pickle
import time
import zlib
from statistics import median
from typing import Literal

from pvt import timing
from pvt.claims import Claim
from pvt.course.talk import ways

QUESTION = "Is what arrives the object itself, or a copy?"
NEEDS = ("shared memory",)
OUTCOMES = ("Pickling is less than half of the cost", "Pickling is half of the cost or more")
ROUNDS = 7  # rounds at most
PATIENCE = 2.5  # seconds after which none begins
SECONDS = 2.0  # usual seconds
BYTES = 250  # alive for one item of the list, in both processes
ADDED = "added by the receiver"
CONTENTS = {
    "list of numbers": lambda items: [number % 256 for number in range(items)],
    "list of texts": lambda items: [f"item {number}" for number in range(items)],
    "list of pairs": lambda items: [(number, 0.5 * number) for number in range(items)],
}


def change(received):
    """What the receiver does: says what it got, then adds an item to it."""
    seen = fingerprint(received)
    received.append(ADDED)
    return seen


def was_changed(message):
    """What the sender then finds in its own object."""
    return message[-1] == ADDED and bool(message.pop())


STUDY = (change, was_changed)


def run(
    *,
    message: Literal["list of numbers", "list of texts", "list of pairs"] = "list of pairs",
    items: Literal[1_000, 10_000, 30_000, 100_000, 500_000] = 30_000,
):
    """The list has `items` entries."""
    pinned = timing.pin(*timing.allowed()[-1:])
    most, left_out = ways.possible(items, BYTES)
    items = min(items, most)
    content = CONTENTS[message](items)
    meeting = ways.Meeting(40 * items + 4096, change)
    begin = time.perf_counter()
    for number in range(1, ROUNDS + 1):
        if time.perf_counter() - begin > PATIENCE:
            break
        for way in ways.WAYS:
            row = one_way(meeting, way, content)
            row = {"round": number, "message": message, "items": items, "way": way, **row}
            yield {**row, "one_core": pinned, "left_out": left_out}
    meeting.end()


def one_way(meeting, way, content):
    """Pickle it, by itself; then send it, wait for the receipt, and look what has become of both
    lists."""
    by_hand = way not in (ways.THREADS, "queue")
    expected, size = fingerprint(content), len(pickle.dumps(content))
    pickling = seconds_of(lambda: pickle.loads(pickle.dumps(content)))
    deliver = meeting.order(way, size, 1, by_hand)
    seconds = seconds_of(lambda: deliver(pickle.dumps(content) if by_hand else content))
    whole = meeting.answer(way) == expected
    seen = was_changed(content)
    return {
        "bytes": size,
        "seconds": seconds,
        "pickling": pickling,
        "whole": whole,
        "change_seen": seen,
    }


def seconds_of(call):
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def fingerprint(content):
    """Length, last item, and a checksum over some thousand of the others."""
    return (
        len(content),
        content[-1],
        zlib.adler32(repr(content[:: max(1, len(content) // 4096)]).encode()),
    )


def cost(rows, way, key="seconds"):
    """Median seconds of a way."""
    return median(row[key] for row in rows if row["way"] == way)


def shares(rows):
    """The part of the cost that pickling alone takes, way by way, at its best: what disturbs
    only makes slower."""
    least, found = min(row["pickling"] for row in rows), {}
    for row in rows:
        if row["way"] != ways.THREADS:
            found[row["way"]] = min(row["seconds"], found.get(row["way"], row["seconds"]))
    return {way: min(1.0, least / seconds) for way, seconds in found.items()}


def outcome(rows):
    found = sorted(shares(rows).values())
    if not found or found[0] < 0.5 <= found[-1]:
        return None
    return OUTCOMES[found[0] >= 0.5]


def itself(rows, way):
    """Whether the sender saw the change: always, never, or (None) now and then."""
    seen = {row["change_seen"] for row in rows if row["way"] == way}
    return seen.pop() if len(seen) == 1 else None


def ms(seconds):
    return f"{seconds * 1e3:,.{2 if seconds < 0.01 else 0}f} ms"


def sentence(rows):
    seen = [way for way in ways.WAYS if any(row["way"] == way for row in rows)]
    same = [f"{way} ({ms(cost(rows, way))})" for way in seen if itself(rows, way)]
    copied = timing.ends([(cost(rows, way), way) for way in seen if not itself(rows, way)], ms)
    short = f" Fewer items than wanted: {rows[-1]['left_out']}." if rows[-1]["left_out"] else ""
    return (
        f"The object itself is handed over by: {', '.join(same) or 'none'}."
        f" A copy takes {copied or 'a time still unknown'}.{short}"
    )


def draw(ax, rows):
    """A bar for each way; the dashed line is what pickling takes alone."""
    seen = [way for way in ways.WAYS if any(row["way"] == way for row in rows)]
    for at, way in enumerate(seen):
        total = cost(rows, way) * 1e3
        ax.bar(at, total, color="thread" if way == ways.THREADS else "process")
        text = "the object\nitself" if itself(rows, way) else "a copy"
        ax.annotate(
            f"{text}\n{ms(total / 1e3)}", (at, total), ha="center", va="bottom", fontsize=10
        )
    alone = median(row["pickling"] for row in rows) * 1e3
    ax.axhline(alone, color="ink", linestyle="--", linewidth=1, label="pickling\nalone")
    ax.set_ylim(0, 1.35 * max(alone, *(cost(rows, way) * 1e3 for way in seen)))
    ax.set(xticks=range(len(seen)), ylabel="ms for one message", xlim=(-0.6, len(ways.WAYS) - 0.4))
    ax.set_xticklabels([way.replace(" ", "\n") for way in seen])


def direct(rows):
    """A check: did the thread get the object itself, each time?"""
    mine = [row for row in rows if row["way"] == ways.THREADS]
    seen = sum(row["change_seen"] for row in mine)
    because = (
        f"the sender found the receiving thread's change in its own list in {seen} of {len(mine)}"
        " rounds;"
        f" {mine[-1]['items']:,} items were handed over in {cost(rows, ways.THREADS) * 1e6:.0f} µs."
    )
    return seen == len(mine), because


def carried(rows):
    """A check: did everything between processes come whole, and as a copy?"""
    mine = [row for row in rows if row["way"] != ways.THREADS]
    whole, seen = sum(row["whole"] for row in mine), sum(row["change_seen"] for row in mine)
    names = ", ".join(shares(rows))
    return whole == len(mine) and not seen, (
        f"{whole} of {len(mine)} messages came whole by {names}; the receiving process changed"
        " each one,"
        f" and the sender saw {seen} of these changes."
    )


def mostly_pickling(rows):
    found = shares(rows)
    text = ", ".join(f"{share:.0%} of {way}" for way, share in found.items())
    answer = (
        None if min(found.values()) < 0.5 <= max(found.values()) else min(found.values()) >= 0.5
    )
    return answer, f"pickling and unpickling alone take {text}."


DIRECT = "Threads talk through the memory that they share: what one hands over, the other has."
CARRIED = (
    "Processes need a channel – pipe, socket, queue or shared memory – and an object that"
    " comes out of it is a copy."
)
PICKLING = "Most of what it costs to send an object to another process is pickling."
CLAIMS = [
    Claim("talk.threads-direct", DIRECT, {}, direct),
    Claim("talk.processes-ipc", CARRIED, {}, carried),
    Claim("talk.pickling", PICKLING, {}, mostly_pickling),
]

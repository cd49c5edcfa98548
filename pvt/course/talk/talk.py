"""The same bytes, five ways: handed to a thread, or sent to a process by shared memory, socket,
pipe or queue.

A time runs from the moment of sending until the receipt is back; the receipt is a semaphore for all
five. Sender and receiver share one core where the system allows it: waking another core costs more
than most messages, and not always. The pipe keeps its capacity: enlarged to 1 MiB (F_SETPIPE_SZ) it
was no faster. What time or memory forbid is left out.
"""

import os
import pickle
import time
import zlib
from statistics import median
from typing import Annotated, Literal

from pvt import timing
from pvt.claims import Claim
from pvt.course.talk import ways

QUESTION = "What does a message cost?"
OUTCOMES = (
    "Threads are cheapest at every size",
    "Threads are cheapest for large messages only",
    "Threads are never the cheapest",
)
NEEDS = ("shared memory",)
KB, MB = 1_000, 1_000_000
SIZES = (1, 16, 256, 4 * KB, 64 * KB, MB, 8 * MB, 64 * MB)
ROUNDS, EVERY = 19, 3  # rounds, the first to warm up; sizes above 1 MB take part in every third
FEWEST = 4  # large sizes without time for this many rounds are left out
SECONDS = 3.0  # usual seconds
COPIES = 6  # of a message that live at once, in both processes
STUDY = (ways.put, ways.get, ways.write_block, ways.read_block, ways.send_all, ways.receive_all)
STUDY += (ways.write_pipe, ways.read_pipe)


def run(
    *,
    largest_kb: Literal[64, 1_000, 8_000, 64_000] = 64_000,
    budget: Annotated[int, range(1, 21)] = 3,
    one_core: bool = True,
):
    """Messages of 1 byte to `largest_kb` KB; `budget`: seconds for all; `one_core`: sender and
    receiver share it."""
    pinned = one_core and timing.pin(*timing.allowed()[-1:])
    most, small = ways.possible(largest_kb * KB, COPIES)
    meeting = ways.Meeting(most, sample)
    for number, size, late in visits([size for size in SIZES if size <= most], budget):
        message = os.urandom(size)
        pickling = median(
            timed(lambda message=message: pickle.loads(pickle.dumps(message)), min(5, times(size)))
        )
        for way in ways.WAYS:
            row = {"round": number, "size": size, "way": way, **one_way(meeting, way, message)}
            yield {**row, "pickling": pickling, "one_core": pinned, "left_out": late or small}
    meeting.end()


def visits(sizes, budget):
    """Yield (round, size, why larger ones are left out) while time allows."""
    begin, cost, late = time.perf_counter(), {}, None
    for number in range(1, ROUNDS + 1):
        before = 1
        for size in [size for size in sizes if size <= MB or number % EVERY == 1]:
            start = time.perf_counter()
            growth = size * times(size) / (before * times(before))
            ahead = cost.get(size, FEWEST * growth * cost.get(before, 0) if size > MB else 0)
            if start - begin + ahead > budget and size > MB:
                sizes = [less for less in sizes if less < size]
                late = late or (f"{budget} s are too short" if number <= 1 + EVERY else None)
                break
            yield number, size, late
            before, cost[size] = size, time.perf_counter() - start
        if time.perf_counter() - begin > budget:
            return


def times(size):
    """How many messages of this size make one measurement."""
    return max(1, min(60, 4 * MB // size))


def one_way(meeting, way, message):
    """Median seconds for one message and its receipt, and whether the last one came whole."""
    deliver = meeting.order(way, len(message), times(len(message)))
    seconds = median(timed(lambda: deliver(message), times(len(message))))
    return {"seconds": seconds, "whole": meeting.answer(way) == sample(message)}


def timed(call, times):
    """Seconds of each of these calls, which is made `times` times."""
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begin)
    return seconds


def sample(message):
    """Length, and checksum of some hundred bytes with the last one: reading all would double the
    memory in use."""
    return len(message), zlib.adler32(bytes(message[:: -max(1, len(message) // 128)]))


def sizes(rows):
    """The sizes that every way has carried, in two rounds or more if there are such."""
    counts = {size: sum(row["size"] == size for row in rows) // len(ways.WAYS) for size in SIZES}
    enough = 2 if max(counts.values()) > 2 else 1
    return [size for size, count in counts.items() if count >= enough]


def cost(rows, size, way, key="seconds"):
    """Median, least and most seconds; the first round, which touches memory for the first time,
    counts while alone."""
    all_ = [row[key] for row in rows if row["size"] == size and row["way"] == way]
    warm = all_[1:] or all_
    return median(warm), min(warm), max(warm)


def ratio(rows, size):
    """How many times the cheapest way between processes costs what the queue between threads
    does."""
    others = [cost(rows, size, way)[0] for way in ways.WAYS if way != ways.THREADS]
    return min(others) / cost(rows, size, ways.THREADS)[0]


def outcome(rows):
    if len(sizes(rows)) < 2:
        return None
    small, large = (ratio(rows, size) for size in (sizes(rows)[0], sizes(rows)[-1]))
    if any(1 / 1.2 < one < 1.2 for one in (small, large)):
        return None
    return OUTCOMES[2] if large < 1 else OUTCOMES[0] if small > 1 else OUTCOMES[1]


def prices(rows, size):
    """What a message of this size costs, the cheapest way first, in words."""
    ranked = sorted((cost(rows, size, way), way) for way in ways.WAYS)
    return f"{length(size)}: " + ", ".join(f"{way} {span(*seconds)}" for seconds, way in ranked)


def span(middle, least, most):
    """Seconds with their spread, as a person would say them."""
    unit, name = (1e-6, "µs") if middle < 1e-3 else (1e-3, "ms")
    middle, least, most = (
        f"{one / unit:,.{1 if one < 10 * unit else 0}f}" for one in (middle, least, most)
    )
    return f"{middle} {name} ({least}–{most})"


def length(size):
    return f"{size // MB} MB" if size >= MB else f"{size // KB} KB" if size >= KB else f"{size} B"


def sentence(rows):
    seen = sizes(rows)
    if not seen:
        return "The first size is being measured."
    parts = []
    for size in dict.fromkeys((seen[0], seen[-1])):
        ranked = sorted((cost(rows, size, way)[0], way) for way in ways.WAYS)
        ends = " and ".join(
            f"{way} {timing.text(seconds)}" for seconds, way in (ranked[0], ranked[-1])
        )
        parts.append(f"{length(size)}: {ends}")
    left_out = f" Larger ones left out: {rows[-1]['left_out']}." if rows[-1]["left_out"] else ""
    return f"Cheapest and most expensive, {'; '.join(parts)}.{left_out}"


def draw(ax, rows):
    """A line for each way, seconds over size, with spread; pickling alone, and what 1 GB/s would
    be, beside them."""
    for way in ways.WAYS:
        seen = [
            size for size in SIZES if any(row["size"] == size and row["way"] == way for row in rows)
        ]
        found = [cost(rows, size, way) for size in seen]
        spread = [[m - low for m, low, _ in found], [high - m for m, _, high in found]]
        look = {
            "color": "thread" if way == ways.THREADS else "process",
            "label": way,
            "markersize": 5,
            "capsize": 2,
        }
        ax.errorbar(
            seen, [m for m, *_ in found], spread, fmt=ways.MARKS[way], linewidth=1.4, **look
        )
    known = sorted({row["size"] for row in rows})
    pickled = [median(row["pickling"] for row in rows if row["size"] == size) for size in known]
    ax.plot(known, pickled, "x--", color="other", label="pickling alone")
    ax.plot([4 * KB, 64 * MB], [4 * KB / 1e9, 64 * MB / 1e9], ":", color="ink", label="1 GB/s")
    ax.set(xscale="log", yscale="log", xlabel="size of the message", ylabel="time for one message")
    ax.set(
        xlim=(0.6, 2 * max(known[-1], KB)),
        xticks=known,
        xticklabels=[length(size) for size in known],
    )
    ax.set(yticks=[10**power for power in range(-6, 1)])
    ax.set_yticklabels(["1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s"])
    ax.set_ylim(5e-7, 2 * max(row["seconds"] for row in rows))
    ax.minorticks_off()


def cheaper(at):
    """A check: is the queue between threads cheaper than all ways between processes, at
    sizes[at]?"""

    def check(rows):
        size = sizes(rows)[at]
        times = ratio(rows, size)
        text = f"{prices(rows, size)}."
        if 1 / 1.2 < times < 1.2 or (at and size < MB):
            return None, f"no clear difference; {text}"
        if times < 1:
            text += (
                " Waking the receiver is the cost here, and a thread must be woken too, by a"
                " queue written in Python."
            )
        return times > 1, text

    return check


LARGE = (
    "Handing a large message to a thread costs less than sending it to a process, whichever way."
)
SMALL = "Handing a single byte to a thread costs less than sending it to a process, whichever way."
CLAIMS = [
    Claim("talk.cost", LARGE, {}, cheaper(-1)),
    Claim("talk.cost-small", SMALL, {}, cheaper(0)),
]

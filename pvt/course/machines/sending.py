"""A large argument, handed over again and again: a thread gets a reference, a machine gets a copy
with every call.

Each worker changes the first byte and answers with it. Who changes the caller's own data answers 1,
2, 3; who changes a copy answers 1 each time. Data that was sent ahead lies at one machine, and
tasks go there.
"""

import time
from typing import Annotated, Literal

from pvt.claims import Claim
from pvt.tools import cluster

QUESTION = "What does a large argument cost?"
OUTCOMES = (
    "Nothing: it gets a reference",
    "It is sent once, and kept",
    "It is sent with every call",
)
NEEDS = ("dask.distributed",)
SECONDS = 4.5
TIMES = 10  # times as long: then it was sent
LEVELS = (
    ("thread", "by value"),
    ("process", "by value"),
    ("machine", "by value"),
    ("machine", "sent ahead"),
    ("machine", "by reference"),
    ("machine", "elsewhere"),
)


def change(data):
    """What the worker does: it changes the first byte, and answers with it and with its own
    name."""
    data[0] = (data[0] + 1) % 256
    return data[0], where()


def where():
    """The name of the machine on which this runs; an empty string in a thread or a process of
    our own."""
    import sys

    from_dask = sys.modules.get("distributed")
    try:
        return str(from_dask.get_worker().name)
    except (AttributeError, ValueError):
        return ""


def beside(executor, data, calls):
    """A thread or a process here: the data goes along with each call."""
    for _ in range(calls):
        yield executor.submit(change, data).result()


def by_value(there, data, calls):
    """On another machine: the data goes along with each call, first to the scheduler and then
    on."""
    for _ in range(calls):
        yield there.client.submit(change, data, **there.on(there.names[0])).result()


def by_reference(there, lying, calls):
    """The data lies at a machine; the call only names it. Nobody says where the task shall go."""
    for _ in range(calls):
        yield there.client.submit(change, lying, pure=False).result()


def elsewhere(there, lying, calls):
    """The same, but the task must go to another machine."""
    for _ in range(calls):
        yield there.client.submit(change, lying, **there.on(there.names[-1])).result()


STUDY = (change, beside, by_value, by_reference, elsewhere)


def run(*, megabytes: Literal[1, 10, 100] = 100, calls: Annotated[int, range(2, 6)] = 2):
    """Hand over `megabytes`, `calls` times in each way."""
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

    data = bytearray(megabytes << 20)
    for kind, pool in (("thread", ThreadPoolExecutor), ("process", ProcessPoolExecutor)):
        with pool(1) as executor:
            executor.submit(where).result()
            yield from timed(kind, "by value", beside(executor, data, calls))
        data[0] = 0
    with cluster.used(2) as there:
        there.client.submit(where, **there.on(there.names[0])).result()
        yield from timed("machine", "by value", by_value(there, data, calls))
        begin = time.perf_counter()
        lying = there.client.scatter(data, workers=[there.places[there.names[0]]], hash=False)
        yield row("machine", "sent ahead", 1, time.perf_counter() - begin, 0, there.names[0])
        yield from timed("machine", "by reference", by_reference(there, lying, calls))
        yield from timed("machine", "elsewhere", elsewhere(there, lying, calls))


def timed(kind, how, answers):
    """A row for each call."""
    begin = time.perf_counter()
    for call, (answer, place) in enumerate(answers, 1):
        yield row(kind, how, call, time.perf_counter() - begin, answer, place)
        begin = time.perf_counter()


def row(kind, how, call, seconds, answer, place):
    found = {"kind": kind, "how": how, "call": call, "seconds": seconds}
    return found | {"answer": answer, "machine": place}


def chosen(rows, kind, how):
    return [row for row in rows if row["kind"] == kind and row["how"] == how]


def last(rows, kind, how):
    """The quickest call, in seconds, but the first where that may send what later ones need not;
    None if there is none."""
    skip = 1 if how in ("by value", "elsewhere") else 0
    return min((row["seconds"] for row in chosen(rows, kind, how)[skip:]), default=None)


def outcome(rows):
    sent, named = last(rows, "machine", "by value"), last(rows, "machine", "by reference")
    first = chosen(rows, "machine", "by value")
    if not sent or not named:
        return None
    if sent > TIMES * named:
        return OUTCOMES[2]
    return OUTCOMES[1] if first[0]["seconds"] > TIMES * sent else OUTCOMES[0]


def sentence(rows):
    ways = ("machine", "by value"), ("machine", "by reference"), ("thread", "by value")
    found = [(way, last(rows, *way)) for way in ways]
    said = [f"{1000 * seconds:,.1f} ms {label(*way)}" for way, seconds in found if seconds]
    return f"A call took {'; '.join(said)}." if said else "The first calls are on their way …"


def label(kind, how):
    """A way as it stands in the picture."""
    if kind != "machine":
        return kind
    words = {"by reference": "by reference, where it lies", "elsewhere": "by reference, elsewhere"}
    return f"machine, {words.get(how, how)}"


def draw(ax, rows):
    """A dot for each call, on a logarithmic scale."""
    for level, (kind, how) in enumerate(LEVELS):
        for row in chosen(rows, kind, how):
            ms = 1000 * row["seconds"]
            ax.plot(ms, -level, "o", color=kind, markersize=8, alpha=0.7)
            ax.annotate(
                f"{row['call']}",
                (ms, -level),
                (0, 7),
                textcoords="offset points",
                ha="center",
                fontsize=8,
                color="ink",
            )
    ax.set(xscale="log", xlabel="ms for a call (1: the first, 2: the second …)", ylim=(-5.6, 0.7))
    ax.set_yticks([-level for level in range(len(LEVELS))], [label(*one) for one in LEVELS])


def seen_by_the_caller(rows):
    answers = {
        kind: [row["answer"] for row in chosen(rows, kind, "by value")]
        for kind in ("thread", "process", "machine")
    }
    if len(answers["machine"]) < 2:
        return None, "the calls on a machine gave no answer."
    because = "each call added 1 to the first byte: " + "; ".join(
        f"{kind} {', '.join(map(str, found))}" for kind, found in answers.items()
    )
    return answers["machine"][-1] == len(answers["machine"]), because + "."


def sent_with_every_call(rows):
    sent, named = last(rows, "machine", "by value"), last(rows, "machine", "by reference")
    if not sent or not named:
        return None, "the calls on a machine gave no answer."
    because = f"by value {1000 * sent:,.0f} ms, by reference where it lies {1000 * named:,.1f} ms"
    return sent > TIMES * named, f"the quickest later call took {because}."


def goes_to_the_data(rows):
    home = [row["machine"] for row in chosen(rows, "machine", "sent ahead")]
    went = [row["machine"] for row in chosen(rows, "machine", "by reference")]
    if not home or not went:
        return None, "no task has named the data."
    right = went.count(home[0])
    return right == len(went), f"the data lay at {home[0]}; {right} of {len(went)} tasks ran there."


SEES = "What a worker on another machine changes in its argument changes for its caller too."
EVERY = "A large argument is sent to another machine with every call, unless it lies there already."
GOES = "A task that is not tied to a machine goes to the one that has its data."
CLAIMS = [
    Claim("machines.shared", SEES, {"megabytes": 1}, seen_by_the_caller),
    Claim("machines.by-value", EVERY, {}, sent_with_every_call),
    Claim("machines.to-the-data", GOES, {}, goes_to_the_data),
]

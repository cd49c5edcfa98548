"""For each connection a thread costs some 20 KB and many turns, a process a megabyte, an object of
an event loop 2 KB.

All servers hold their connections at the same time and are asked in turns: thread, loop, loop,
thread, …
"""

import time
from contextlib import ExitStack
from typing import Literal

from pvt.claims import Claim
from pvt.course.server.servers import event_loop, possible, process_each, room, thread_each
from pvt.course.server.servers.load import Crowd
from pvt.course.server.servers.service import Service
from pvt.timing import interleaved, ratios, text

QUESTION = "What does one connection cost?"
OUTCOMES = (
    "A thread costs as little as an object",
    "A thread is slower or bigger",
    "It is slower and bigger",
)
SECONDS, ROUNDS, EACH, LIMIT, LATEST = 4.0, 5, 0.1, 3.0, 6.0
KINDS = {"thread": "thread_each", "process": "process_each", "object": "event_loop"}
COLOURS = {"thread": "thread", "process": "process", "object": "other"}
STUDY = (thread_each.serve, process_each.serve, event_loop.serve)
TARGET = 10_000  # the lesson's number of connections
FEW, ENOUGH = 200, 1_000  # connections that may show threads to be slower; that must have shown it
FAR = 0.25  # the ratio in every round at which few rounds are enough


def run(
    *, connections: Literal[50, 200, 1_000, 3_000] = 1_000, processes: Literal[8, 16, 32, 128] = 16
):
    """`connections` for threads and for objects of an event loop; `processes`, a connection
    each."""
    kinds = [kind for kind, name in KINDS.items() if name in possible()]
    count, why = room(3)
    with ExitStack() as stack:
        services = {
            kind: stack.enter_context(Service(KINDS[kind], cap=processes)) for kind in kinds
        }
        crowds = {kind: stack.enter_context(Crowd(services[kind].port)) for kind in kinds}
        for kind in kinds:
            wanted = processes if kind == "process" else connections
            yield opened(
                kind,
                services[kind],
                crowds[kind],
                min(count, wanted),
                why if count < wanted else "",
            )
        for number, kind in interleaved(("thread", "object"), ROUNDS, LATEST - 2.0):
            asked = crowds[kind].ask(EACH, LIMIT)
            lost = asked.failed + asked.refused + asked.unanswered
            yield row(
                kind,
                number,
                rate=asked.rate,
                slowest=asked.below(99),
                lost=lost,
                held=len(crowds[kind].clients),
            )


def row(kind, number=None, **known):
    """One measurement; the same keys in every row. Bytes and seconds of one connection."""
    keys = ("held", "wanted", "memory_each", "seconds_each", "rate", "slowest", "lost", "why")
    return {"for each": kind, "round": number} | {key: known.get(key) for key in keys}


def opened(kind, service, crowd, count, why):
    """Open the connections of one server: what each adds to its memory, and how long it takes to
    be answered."""
    before, begin = service.figures(switches=False), time.perf_counter()
    held = crowd.open(count)
    seconds, after = time.perf_counter() - begin, service.figures(switches=False)
    grown = None if after.memory is None else max(0, after.memory - before.memory) / max(1, held)
    return row(
        kind,
        held=held,
        wanted=count,
        memory_each=grown,
        seconds_each=seconds / max(1, held),
        why=why,
    )


def weighed(rows, kind):
    """The row that tells what this kind costs, or None."""
    return next((one for one in rows if one["for each"] == kind and one["round"] is None), None)


def known(rows, kind, key):
    """A figure of each round but the first, which warms up."""
    return [one[key] for one in rows if one["for each"] == kind and one["round"]]


def outcome(rows):
    speed, thread, loop = rate(rows), weighed(rows, "thread"), weighed(rows, "object")
    if not speed or not thread or not loop or None in (thread["memory_each"], loop["memory_each"]):
        return None
    bad = (speed.middle < 0.8) + (thread["memory_each"] > 1.5 * loop["memory_each"])
    return OUTCOMES[bad]


def rate(rows):
    return ratios(known(rows, "thread", "rate"), known(rows, "object", "rate"))


def size(one):
    return "" if one["memory_each"] is None else f"{one['memory_each'] / 1024:,.1f} KiB"


def sentence(rows):
    heavy = [
        f"{kind} {size(one)}"
        for kind in KINDS
        if (one := weighed(rows, kind)) and one["memory_each"] is not None
    ]
    speed = rate(rows)
    turns = (
        f" Threads answer {speed.middle:.0%} of the event loop's requests per second."
        if speed
        else ""
    )
    return f"Memory for each connection: {', '.join(heavy) or 'unknown on this system'}.{turns}"


def draw(ax, rows):
    """A bar of memory for each kind, on a logarithmic scale, with the speed written beside it."""
    for at, kind in enumerate(KINDS):
        if (one := weighed(rows, kind)) and one["memory_each"] is not None:
            height = max(0.1, one["memory_each"] / 1024)
            ax.bar(
                at,
                height,
                0.6,
                color=COLOURS[kind],
                hatch={"process": "//", "object": ".."}.get(kind),
            )
            rates = sorted(known(rows, kind, "rate"))
            speed = f"\n{rates[len(rates) // 2]:,.0f} requests/s" if rates else ""
            ax.annotate(size(one) + speed, (at, height), ha="center", va="bottom", fontsize=10)
    ax.set(
        yscale="log",
        ylim=(0.1, 1e5),
        ylabel="memory per connection, KiB",
        xticks=[0, 1, 2],
        xlim=(-0.6, 2.6),
    )
    ax.set_yticks([0.1, 1, 10, 100, 1_000, 10_000], ["0.1", "1", "10", "100", "1,000", "10,000"])
    ax.set_xticklabels(["a thread each", "a process each", "an object each\n(event loop)"])


def threads_scale(rows):
    """A thread for each connection scales if it is about as fast as the loop. Memory stands
    beside it."""
    speed, thread, loop = rate(rows), weighed(rows, "thread"), weighed(rows, "object")
    if not speed:
        return None, "not one round was finished."
    slow = ratios(known(rows, "thread", "slowest"), known(rows, "object", "slowest"))
    because = (
        f"all {thread['held']:,} were held; beside an event loop with {loop['held']:,}, threads"
        " answered"
        f" {speed.middle:.2f} times as many requests/s ({speed.least:.2f} to {speed.most:.2f})"
        f" and 99 of 100 answers came within {slow.middle if slow else 0:.1f} times its time;"
        f" memory for each connection {size(thread) or 'unknown'} against"
        f" {size(loop) or 'unknown'}."
    )
    if thread["held"] < thread["wanted"]:
        because = because.replace("all ", f"of {thread['wanted']:,} connections ", 1)
    if thread["held"] < FEW:
        return None, "too few connections to tell: " + because
    if speed.count < 3 and speed.most > FAR:
        return None, "too few rounds were finished: " + because
    if speed.least > 1 and thread["held"] < ENOUGH:
        return (
            None,
            f"with so few connections nothing has to scale, {ENOUGH:,} would tell: {because}",
        )
    return (True if speed.upper < 0.8 else False if speed.least > 1 else None), because


def processes_scale(rows):
    """Judged by memory for each connection beside an object's, and what ten thousand would take."""
    process, loop = weighed(rows, "process"), weighed(rows, "object")
    if not process:
        return None, "this needs fork, which is not here."
    if process["memory_each"] is None or process["held"] < 4:
        return None, "this system does not tell how much memory each has for itself."
    each, times = process["memory_each"], process["memory_each"] / max(1.0, loop["memory_each"])
    because = (
        f"{process['held']} connections took {size(process)} and {text(process['seconds_each'])}"
        f" each, {times:,.0f}"
        f" times the memory of an event loop's; {TARGET:,} would take {each * TARGET / 2**30:.1f}"
        " GiB and"
        f" {TARGET:,} process ids, {text(process['seconds_each'] * TARGET)} to start."
    )
    return (True if times > 10 else False if times < 2 else None), because


THREADS = (
    "One thread for each connection does not scale: it answers fewer requests than an event"
    " loop does."
)
PROCESSES = "One process for each connection does not scale: ten thousand would take gigabytes."
CLAIMS = [
    Claim("server.thread-each", THREADS, {}, threads_scale, needs=("a GIL",)),
    Claim("server.process-each", PROCESSES, {}, processes_scale),
]

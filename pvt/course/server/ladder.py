"""Seven servers, ten to ten thousand open connections: who holds them all, how fast, and at what
price?"""

import time
from contextlib import ExitStack
from typing import Literal

from pvt import timing
from pvt.claims import Claim
from pvt.course.server.servers import (
    NAMES,
    SINGLE,
    event_loop,
    one_at_a_time,
    possible,
    room,
    spoken,
    thread_each,
    thread_pool,
)
from pvt.course.server.servers.load import Crowd
from pvt.course.server.servers.service import Service

QUESTION = "How many does each server answer?"
OUTCOMES = ("Only those with an event loop", "Threads too, but not all of them", "All of them")
SECONDS = 5.0  # usual
PATIENCE = 0.4  # without any movement until a crowd is given up
EACH = 0.08  # asking
FULL = 10_000
COLOURS = dict(
    zip(NAMES, ("other", "process", "thread", "thread", "ink", "process", "process"), strict=True)
)
MARKS = dict(zip(NAMES, "xsov*P^", strict=True))
STUDY = (one_at_a_time.serve, thread_each.serve, thread_pool.serve, event_loop.serve)


def run(
    *,
    most: Literal[10, 100, 1_000, 10_000] = 100,
    server: Literal[("all", *NAMES)] = "all",
    threads: Literal[16, 64, 1_000] = 64,
    wait_ms: Literal[0, 10, 100] = 0,
):
    """`threads` of each pool; `wait_ms`: what each request waits for, as for a database."""
    wanted = [name for name in possible() if server in ("all", name)]
    scales = [scale for scale in (10, 100, 1_000, 10_000) if scale <= most]
    (limit, why), path = room(), f"/?wait={wait_ms}" if wait_ms else "/"
    with ExitStack() as stack:
        services = [stack.enter_context(Service(name, threads=threads, cap=16)) for name in wanted]
        for number, scale in enumerate(scales):
            for service in services[:: -1 if number % 2 else 1]:
                last = scale == scales[-1]
                yield step(
                    service,
                    min(scale, limit),
                    scale,
                    why,
                    path,
                    3.0 if server == "all" else 9.0,
                    last,
                )


def step(service, count, scale, why, path, limit, last):
    """One server and its connections: open them, ask on all of them, look at the server, close
    them.

    The `last` time the server ends first: ten thousand threads that all notice a closed connection,
    and want the GIL for it, would keep the machine busy for a minute.
    """
    from pvt.course.server.servers.asking import request

    before, begin = service.figures(), time.perf_counter() if service.port else 0
    with Crowd(service.port) as crowd:
        held = crowd.open(count, PATIENCE)
        opened, during = time.perf_counter() - begin, service.figures()
        asked = crowd.ask(EACH, limit=limit, message=request(path))
        after = service.figures()
        row = {"server": service.name, "connections": count, "wanted": scale, "held": held}
        row |= {
            "waiting": len(crowd.waiting),
            "refused": crowd.refused,
            "failed": crowd.failed,
            "opening": opened,
        }
        if last:
            service.end()
    service.quiet(before.threads)
    known = after.memory is not None
    return row | {
        "answered": asked.answered,
        "lost": asked.failed + asked.refused,
        "unanswered": asked.unanswered,
        "rate": asked.rate,
        "middle": asked.below(50),
        "slowest": asked.below(99),
        "memory": after.memory,
        "memory_each": max(0, after.memory - before.memory) / max(1, held) if known else None,
        "threads": after.threads,
        "processes": after.processes,
        "switches": after.switches - during.switches if known else None,
        "cores": (after.processor - during.processor) / asked.seconds if known else None,
        "generator": asked.share,
        "why": why if count < scale else "",
    }


def holding(rows):
    """The servers that answered on every connection at the largest scale, of those that have
    come so far."""
    most = max(row["connections"] for row in rows)
    return {row["server"]: whole(row) for row in rows if row["connections"] == most}


def whole(row):
    """Whether every connection was held and every request on it answered."""
    return (
        row["held"] == row["connections"]
        and not row["lost"] + row["unanswered"] + row["failed"] + row["refused"]
    )


def outcome(rows):
    held = holding(rows)
    tried = {row["server"] for row in rows}  # those that need fork or epoll are not everywhere
    if set(held) != tried or not tried.issuperset(SINGLE):
        return None
    if all(held.values()):
        return OUTCOMES[2]
    return OUTCOMES[1] if held["thread_each"] or held["thread_pool"] else OUTCOMES[0]


def sentence(rows):
    most = max(row["connections"] for row in rows)
    mine = [row for row in rows if row["connections"] == most]
    good = [(max(0, answered_at_once(row)), spoken(row["server"])) for row in mine]
    full = [name for count, name in good if count >= most]
    rest = [(count, name) for count, name in good if count < most]
    short = next((row for row in rows if row["why"]), None)
    cut = f" Fewer than {short['wanted']:,}, because {short['why']}." if short else ""
    less = f"; the others {timing.ends(rest, '{:,}'.format)}" if rest else ""
    return f"All {most:,} connections are answered by: {', '.join(full) or 'nobody'}{less}.{cut}"


APART = 1.15  # times as far to the right for each server


def draw(ax, rows):
    """Connections answered against connections opened; those that hold all lie on the diagonal."""
    most = max(row["connections"] for row in rows)
    ax.plot([8, most * 1.2], [8, most * 1.2], color="other", linewidth=6, alpha=0.25)
    names = list(dict.fromkeys(row["server"] for row in rows))
    for number, name in enumerate(names):
        mine = sorted(
            (row for row in rows if row["server"] == name), key=lambda row: row["connections"]
        )
        good = [max(0.7, answered_at_once(row)) for row in mine]
        label = f"{spoken(name)}: {mine[-1]['rate']:,.0f}/s"
        hollow = {"markerfacecolor": "none"} if name in ("thread_pool", "prefork_threads") else {}
        apart = APART ** (number - len(names) / 2)  # else all that hold all would be one mark
        at = [row["connections"] * apart for row in mine]
        ax.plot(
            at,
            good,
            MARKS[name] + (":" if name == "event_loop" else "-"),
            zorder=3 if name == "event_loop" else 2,
            color=COLOURS[name],
            markersize=8,
            label=label,
            **hollow,
        )
    ax.set(
        xscale="log",
        yscale="log",
        xlabel="connections opened (marks are moved apart)",
        ylabel="connections answered",
    )
    ticks = [scale for scale in (1, 10, 100, 1_000, 10_000) if scale <= most]
    ax.set(xticks=ticks[1:], yticks=ticks)
    ax.set(
        xticklabels=[f"{tick:,}" for tick in ticks[1:]], yticklabels=[f"{tick:,}" for tick in ticks]
    )
    ax.minorticks_off()


def answered_at_once(row):
    """Connections on which a request was answered in time."""
    return row["held"] - row["unanswered"] - row["lost"]


def held_all(rows):
    row = max(
        (one for one in rows if one["server"] == "event_loop"),
        key=lambda one: one["connections"],
        default=None,
    )
    if not row:
        return None, "no event loop ran."
    size = (
        ""
        if row["memory"] is None
        else f", {row['memory'] / 2**20:.0f} MiB in {row['threads']} thread"
    )
    because = (
        f"{row['held']:,} of {row['connections']:,} connections held, {row['answered']:,}"
        " requests answered,"
        f" {row['lost'] + row['failed'] + row['refused']} failed, {row['unanswered']} unanswered;"
        f" {row['rate']:,.0f} requests/s{size}."
    )
    if row["connections"] < FULL:
        return (
            None,
            f"{row['why'] or 'fewer were asked for'}, so {FULL:,} were not tried. {because}",
        )
    if row["unanswered"] or row["waiting"]:
        return None, because + " Not all came in time."
    light = row["memory_each"] is None or (row["memory_each"] < 20_000 and row["threads"] == 1)
    return whole(row) and light, because


HOLD = "An event loop holds ten thousand connections, in one thread and a few KB each."
CLAIMS = [Claim("server.event-loop", HOLD, {"server": "event_loop", "most": FULL}, held_all)]

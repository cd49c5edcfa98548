"""A spike of requests against one thread per request and against a bounded pool, both in the same box of memory.

The box is a child process whose addresses are limited (RLIMIT_AS binds root too). Each thread's stack takes 8 MiB of
them, the usual size on Linux; so the box holds a certain number of threads, as every real machine does.
"""

import contextlib
import mmap
import queue
import threading
import time
from typing import Literal

from pvt import procfs
from pvt.claims import Claim
from pvt.tools.forked import in_a_child

QUESTION = "Who survives a spike?"
NEEDS = ("fork", "/proc", "resource limits")
OUTCOMES = ("A thread for each request", "Only the pools", "Neither")
SECONDS, STACK, RESERVE, MIB = 2.2, 8 << 20, 16 << 20, 1 << 20
COMPUTE, THINK = (
    2_000,
    0.1,
)  # the work of a request: additions, then seconds of waiting, as for a database


class Service:
    """What became of the requests; `threads` is how many there were whenever a request was begun."""

    def __init__(self):
        self.answered, self.refused, self.threads = [], [], []


def handle(service, request):
    service.threads.append(threading.active_count() - 1)
    sum(range(COMPUTE))
    time.sleep(THINK)
    service.answered.append(request)


def thread_each(service, requests):
    for request in requests:
        threading.Thread(target=handle, args=(service, request)).start()


def pool(service, requests, workers, room):
    """Workers that take requests from a queue; who finds the queue full is refused at once."""
    waiting = queue.Queue(room)
    for _ in range(workers):
        threading.Thread(target=work, args=(service, waiting)).start()
    for request in requests:
        try:
            waiting.put_nowait(request)
        except queue.Full:
            service.refused.append(request)
    for _ in range(workers):
        waiting.put(None)


def work(service, waiting):
    while (request := waiting.get()) is not None:
        handle(service, request)


STUDY = (handle, thread_each, pool, work)


def run(
    *,
    requests: Literal[50, 100, 200, 500, 1_000] = 200,
    workers: Literal[4, 16, 32] = 16,
    room: Literal[10, 50, 150] = 50,
    box_mb: Literal[256, 512, 1_024, 2_048] = 512,
):
    """A tenth of the requests, then all, at once; `workers` in a pool, `room` in the short queue."""
    ways = {
        "a thread each": (thread_each,),
        "pool, long queue": (pool, workers, 0),
        "pool, short queue": (pool, workers, room),
    }
    for asked in (requests // 10, requests):
        for way, (serve, *limits) in ways.items():
            result, death = in_a_child(in_a_box, box_mb * MIB, serve, asked, limits)
            yield {"way": way, "asked": asked, "box": box_mb * MIB, **(result or nobody(death))}


def nobody(death):
    """The result of a box that died."""
    return dict.fromkeys(("answered", "refused", "threads"), 0) | {
        "seconds": None,
        "resident": None,
        "addresses": None,
        "ending": death,
    }


def in_a_box(size, serve, asked, limits):
    """Serve the requests in this process, limited to `size` bytes of addresses more; the figures of the row."""
    service, ending, begin = Service(), "", time.perf_counter()
    threading.excepthook = lambda _: (
        None
    )  # a request that dies in the box is not answered: the row counts it
    reserve, before = box(size), memory()
    try:
        serve(service, range(asked), *limits)
    except Exception as problem:  # the service ends here; requests that were begun go on
        ending = f"{type(problem).__name__}: {problem}"
    reserve.close()
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join()
    seconds, after = time.perf_counter() - begin, memory()
    grown = {
        "resident": after["VmHWM"] - before["VmHWM"],
        "addresses": after["VmPeak"] - before["VmSize"],
    }
    counts = {key: len(getattr(service, key)) for key in ("answered", "refused")}
    return {
        **counts,
        "threads": max(service.threads, default=0),
        "seconds": seconds,
        **grown,
        "ending": ending,
    }


def box(size):
    """Limit the addresses of this process to what it has and `size` bytes; a reserve, so that it can still report."""
    import ctypes
    import resource

    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(
            -8, 1
        )  # M_ARENA_MAX: glibc would claim 64 MiB more for each of the first threads
    threading.stack_size(STACK)
    reserve = mmap.mmap(-1, RESERVE)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = memory()["VmSize"] + size
    resource.setrlimit(
        resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
    )
    return reserve


def memory():
    """Bytes: addresses now and at most, resident at most."""
    return procfs.sizes("VmSize", "VmPeak", "VmHWM")


def lost(row):
    return row["asked"] - row["answered"] - row["refused"]


def spike(rows):
    """Way -> row, for the larger of the two numbers of requests, as far as it is known."""
    most = max(row["asked"] for row in rows)
    return {row["way"]: row for row in rows if row["asked"] == most > rows[0]["asked"]}


def outcome(rows):
    known = spike(rows)
    if len(known) < 3:
        return None
    each, *pools = (lost(row) == 0 for row in known.values())
    return OUTCOMES[0] if each else OUTCOMES[1] if all(pools) else OUTCOMES[2]


def text(row):
    """One service in words."""
    text = f"{row['way']}: {row['answered']} of {row['asked']} answered"
    text += f" in {row['seconds']:.1f} s" if row["seconds"] else ""
    text += f", {row['refused']} refused" if row["refused"] else ""
    text += (
        f", {lost(row)} lost ({row['ending'] or 'died while they were handled'})"
        if lost(row)
        else ""
    )
    return f"{text}, {row['threads']} threads at most"


def sentence(rows):
    known = spike(rows) or {row["way"]: row for row in rows}
    return "; ".join(text(row) for row in known.values()) + "."


def draw(ax, rows):
    """A bar for each service and number of requests: answered, refused (dotted), lost (hatched)."""
    for at, row in enumerate(rows):
        whole, parts = row["asked"], [row["answered"], row["refused"], lost(row)]
        looks = [{"color": "thread"}, {"color": "white", "edgecolor": "other", "hatch": ".."}]
        looks += [{"color": "white", "edgecolor": "trouble", "hatch": "//"}]
        for bottom, part, look in zip(
            [0, parts[0], parts[0] + parts[1]], parts, looks, strict=True
        ):
            ax.bar(at, part / whole, 0.7, bottom=bottom / whole, **look)
        names = zip(parts, ("answered", "refused", "lost"), strict=True)
        lines = [f"{part} {name}" for part, name in names if part]
        lines += [
            f"{row['threads']} threads",
            f"{row['seconds'] or 0:.1f} s, {(row['resident'] or 0) / MIB:.1f} MiB",
        ]
        ax.text(at, 1.04, "\n".join(lines), ha="center", va="bottom", fontsize=9, color="ink")
    ax.set(
        xticks=range(len(rows)),
        xlim=(-0.6, 5.6),
        ylim=(0, 1.75),
        ylabel="of the requests",
        yticks=[0, 0.5, 1],
    )
    ax.set_yticklabels(["0", "half", "all"])
    ax.set_xticklabels(
        [f"{row['way'].replace(', ', chr(10))}\n{row['asked']} requests" for row in rows],
        fontsize=9,
    )
    ax.set(xlabel=f"the box holds {rows[0]['box'] // MIB} MiB of addresses")


def bounded(rows):
    """Whether in the spike each pool lost nothing where the thread for each request did."""
    each, *pools = spike(rows).values()
    because = f"{'; '.join(text(row) for row in (each, *pools))}."
    if any(lost(row) for row in pools):
        return False, because
    if lost(each):
        return True, because
    return (
        None,
        because
        + " This spike fits into this box, or the box is not kept to: nothing was at stake.",
    )


SURVIVES = "A bounded pool survives a spike of requests that one thread for each request does not."
CLAIMS = [Claim("pool.bounded", SURVIVES, {}, bounded)]

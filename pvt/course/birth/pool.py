"""A spike of requests against one thread for each request and against a bounded pool, both in
the same small box."""

import queue
import threading
import time
from typing import Literal

from pvt import procfs
from pvt.claims import Claim
from pvt.tools import box
from pvt.tools.foremost import foremost
from pvt.tools.forked import in_a_child

QUESTION = "Who survives a spike?"
NEEDS = ("fork", "/proc", "resource limits")
OUTCOMES = (  # which service answers the most requests
    "A thread for each request",
    "The pool with the unlimited queue",
    "The pool with the short queue",
    "All three alike",
)
SECONDS = 2.2
MIB = 1 << 20
STACK = 8 * MIB
COMPUTE = 2_000  # additions for each request
THINK = 0.1  # seconds that each request waits, as for a database


class Service:
    """What became of the requests; `threads` is how many there were whenever a request was
    begun."""

    def __init__(self):
        self.answered, self.refused, self.threads = [], [], []

    def handle(self, request):
        self.threads.append(threading.active_count() - 1)
        sum(range(COMPUTE))
        time.sleep(THINK)
        self.answered.append(request)


def thread_each(service, requests):
    box.thread_each(requests, service.handle)


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
        service.handle(request)


STUDY = (Service.handle, box.thread_each, pool, work)


def run(
    *,
    requests: Literal[50, 100, 200, 500, 1_000] = 200,
    workers: Literal[4, 16, 32] = 16,
    room: Literal[10, 50, 150] = 50,
    box_mib: Literal[256, 512, 1_024, 2_048] = 512,
):
    """A tenth of the requests, then all, at once; `workers` in a pool, `room` in the short
    queue."""
    ways = {
        "a thread each": (thread_each,),
        "pool, long queue": (pool, workers, 0),
        "pool, short queue": (pool, workers, room),
    }
    for asked in (requests // 10, requests):
        for way, (serve, *limits) in ways.items():
            result, death = in_a_child(in_a_box, box_mib * MIB, serve, asked, limits)
            yield {"way": way, "asked": asked, "box": box_mib * MIB, **(result or nothing(death))}


def nothing(death):
    """The result of a box that died."""
    counts = dict.fromkeys(("answered", "refused", "threads"), 0)
    unknown = dict.fromkeys(("seconds", "resident", "addresses"))
    return counts | unknown | {"ending": death}


def in_a_box(size, serve, asked, limits):
    """Serve the requests in this process, which may claim `size` bytes of addresses; the figures
    of the row."""
    threading.excepthook = lambda _: None  # a request that dies is not answered: the row counts it
    service, before, begin = Service(), memory(), time.perf_counter()
    ended = box.serve_in(size, STACK, lambda: serve(service, range(asked), *limits))
    box.all_done()
    seconds, after = time.perf_counter() - begin, memory()
    return {
        "answered": len(service.answered),
        "refused": len(service.refused),
        "threads": max(service.threads, default=0),
        "seconds": seconds,
        "resident": after["VmHWM"] - before["VmHWM"],
        "addresses": after["VmPeak"] - before["VmSize"],
        "ending": ended["error"],
    }


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
    return foremost([row["answered"] for row in known.values()], OUTCOMES[:3], OUTCOMES[3])


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
    parts = [f"{way} {row['answered']} of {row['asked']}" for way, row in known.items()]
    return f"Requests that were answered: {'; '.join(parts)}."


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

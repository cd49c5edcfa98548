"""A spike of requests in a small box: a thread for each ends in an error, a pool of four threads
serves them all."""

import threading
from typing import Literal

from pvt.claims import Claim
from pvt.tools import box, crashes
from pvt.tools.forked import in_a_child

QUESTION = "What happens when there are no more threads?"
OUTCOMES = (
    "Nothing: all requests are served",
    "Late requests wait, then are served",
    "The service breaks down in the middle",
)
NEEDS = ("fork", "resource limits", "/proc")
SECONDS = 0.3
POOL = 4  # threads


def bounded_pool(requests, handle):
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(max_workers=POOL)
    for request in requests:
        pool.submit(handle, request)


STUDY = (box.thread_each, bounded_pool)
WAYS = {
    "a thread each": box.thread_each,
    "a pool of 4": bounded_pool,
    "a thread each, no box": box.thread_each,
}


def run(
    *,
    requests: Literal[20, 100, 200] = 100,
    stack_mib: Literal[1, 8, 64] = 8,
    room_mib: Literal[128, 256] = 256,
):
    """`requests` come at once; the box has `room_mib` of addresses, a thread's stack takes
    `stack_mib` of them."""
    import concurrent.futures.thread  # now: in the box it would need room

    assert concurrent.futures.thread
    for way, serve in WAYS.items():
        room = None if "no box" in way else room_mib << 20
        try:
            result, ended = in_a_child(in_a_box, serve, requests, stack_mib << 20, room)
            error = f"the box could not be closed: the process ended: {ended}"
        except OSError as problem:
            result, error = None, crashes.refusal(problem)
        result = result or {
            "served": 0,
            "threads": 0,
            "error": error,
            "addresses": 0,
            "limit": None,
        }
        yield {"way": way, "requests": requests, **result, "stack": stack_mib << 20}


def in_a_box(serve, requests, stack, room):
    """Serve a spike in this process, which has little room: how many were served, and the error
    that ended it."""
    all_in, served, most = threading.Event(), [], [0]

    def spike():
        """Requests, one by one; when the last has come, those that were accepted may be
        finished."""
        for request in range(requests):
            yield request
            most[0] = max(most[0], threading.active_count() - 1)
        all_in.set()

    def handle(request):
        all_in.wait()  # the spike: they come faster than they are served
        served.append(request)

    ended = box.serve_in(room, stack, lambda: serve(spike(), handle))
    all_in.set()
    box.all_done()
    return {"served": len(served), "threads": most[0], **ended}


def found(rows, way):
    return next((one for one in rows if one["way"] == way), None)


def outcome(rows):
    first = found(rows, "a thread each")
    if first["error"]:
        return OUTCOMES[2]
    return OUTCOMES[0] if first["threads"] > POOL else OUTCOMES[1]


def sentence(rows):
    parts = [f"{one['way']} {one['served']} of {one['requests']}" for one in rows]
    return f"Requests that were served: {'; '.join(parts)}."


def draw(ax, rows):
    """A bar for each way: served, and in hatching what nobody answered, with the error."""
    for at, one in enumerate(rows):
        left = one["requests"] - one["served"]
        ax.barh(-at, one["served"], 0.6, color="thread")
        ax.barh(-at, left, 0.6, left=one["served"], color="none", edgecolor="trouble", hatch="//")
        text = f"{one['served']} served, {one['threads']} threads at most"
        box = {"facecolor": "white", "edgecolor": "none", "pad": 2}
        ax.annotate(
            text,
            (0.02, -at + 0.12),
            xycoords=("axes fraction", "data"),
            fontsize=10,
            va="center",
            bbox=box,
        )
        if one["error"]:
            ax.annotate(
                one["error"],
                (0.02, -at - 0.14),
                xycoords=("axes fraction", "data"),
                fontsize=9.5,
                va="center",
                color="trouble",
                bbox=box,
            )
    ax.set(xlim=(0, rows[0]["requests"]), ylim=(0.5 - len(WAYS), 0.5), xlabel="requests")
    ax.set(
        yticks=[-at for at in range(len(rows))],
        yticklabels=[one["way"].replace(", ", ",\n") for one in rows],
    )


def ends_in_an_error(rows):
    each, pool, free = (found(rows, way) for way in WAYS)
    because = f"{each['requests']} requests, a thread for each: {each['served']} accepted"
    if not each["error"]:
        loose = each["limit"] is None or each["addresses"] > each["limit"]
        return (None if loose else False), because + (
            ", because this system does not enforce the box." if loose else "."
        )
    if not each["error"].startswith(("RuntimeError", "MemoryError")):
        return None, f"{each['error']}."
    if not each["served"]:
        return (
            None,
            f"not even one thread could be started here; is a limit too low? ({each['error']}).",
        )
    because += (
        f", then {each['error']!r}; the other {each['requests'] - each['served']} met a"
        " service that was gone."
    )
    because += f" In the same box {pool['way']} threads served {pool['served']}"
    because += f", and without the box a thread for each served {free['served']}."
    if pool["error"] or free["error"]:
        because += " A limit that we have not set is tight here as well."
    return True, because


SAYS = "A service that starts a thread for each request ends in an error when a spike comes."
CLAIMS = [Claim("limits.exhaustion", SAYS, {}, ends_in_an_error)]

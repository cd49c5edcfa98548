"""The design desk: for given threads, clients and needs of a request, Little's law predicts and the
run decides.

Little's law: requests on their way = throughput × time in the system. So whoever can serve at most
L requests at once, each for W seconds, answers at most L / W a second.
"""

from typing import Literal

from pvt.claims import Claim
from pvt.course.server.servers import prefork_threads, room
from pvt.course.server.servers.asking import request
from pvt.course.server.servers.load import Crowd
from pvt.course.server.servers.service import Service
from pvt.host import cores
from pvt.timing import spread, text

QUESTION = "Does your design keep up?"
OUTCOMES = ("The threads set the pace", "The processor sets the pace", "The clients set the pace")
NEEDS = ("fork", "/proc")
SECONDS = 2.5  # usual seconds
ROUNDS = 4
EACH = 0.4  # seconds of a round
OWN = 1e-4  # seconds that a request costs besides
STUDY = (prefork_threads.hand_over, prefork_threads.work)


def run(
    *,
    processes: Literal[1, 2, 4] = 2,
    threads: Literal[1, 4, 16, 64, 256, 1_000] = 16,
    queue: Literal[1, 10, 100, 10_000] = 10_000,
    clients: Literal[10, 100, 400, 1_000] = 100,
    wait_ms: Literal[0, 5, 20, 50] = 20,
    work_ms: Literal[0, 1, 5] = 0,
):
    """A request waits `wait_ms`, as for a database, and computes `work_ms`. `threads`, `queue`:
    of each process."""
    count, why = room()
    count = min(count, clients)
    bounds = foretold(processes * threads, count, wait_ms / 1e3, work_ms / 1e3)
    rules = {"processes": processes, "threads": threads, "queue": queue, "reuse_port": True}
    message = request(f"/?wait={wait_ms}&work={work_ms}")
    with Service("prefork_threads", **rules) as service, Crowd(service.port) as crowd:
        crowd.open(count, 3.0)
        for number in range(ROUNDS):
            before, held = service.figures(switches=False), len(crowd.clients)
            asked = crowd.ask(EACH if number else 0.0, limit=6.0, message=message)
            after = service.figures(switches=False)
            used = (after.processor - before.processor) / asked.seconds
            yield {
                "round": number,
                **bounds,
                "clients": held,
                "rate": asked.rate,
                "mean": asked.mean,
                "refused": asked.refused,
                "failed": asked.failed + asked.unanswered,
                "cores": used,
                "answered": asked.answered,
                "why": why if count < clients else "",
            }


def foretold(threads, clients, wait, work):
    """The three bounds on requests per second. A request that waits or computes holds its thread
    for so long."""
    whole = wait + work + OWN
    return {
        "by_threads": threads / whole,
        "by_processor": cores() / (work + OWN),
        "by_clients": clients / whole,
    }


def lowest(rows):
    """The bound that was foretold to set the pace."""
    return min(("by_threads", "by_processor", "by_clients"), key=lambda name: rows[0][name])


def rates(rows):
    """Throughput of the rounds; the first warms up."""
    return spread(one["rate"] for one in rows if one["round"] or len(rows) == 1)


def outcome(rows):
    if len(rows) < 2:
        return None
    return dict(zip(("by_threads", "by_processor", "by_clients"), OUTCOMES, strict=True))[
        lowest(rows)
    ]


def sentence(rows):
    bound, measured = lowest(rows), rates(rows)
    lost = sum(one["refused"] for one in rows)
    failed = sum(one["failed"] for one in rows)
    return (
        f"Predicted: at most {rows[0][bound]:,.0f} requests/s ({bound.replace('_', ' the ')});"
        f" measured: {measured.middle:,.0f}; {lost:,} refused, {failed:,} failed."
    )


def draw(ax, rows):
    """The three bounds, and what was measured below them."""
    names = {
        "by_threads": "threads / time",
        "by_processor": "cores / computing",
        "by_clients": "clients / time",
    }
    for at, (key, label) in enumerate(names.items()):
        style = {
            "color": "none",
            "edgecolor": "ink",
            "hatch": "//" if key == lowest(rows) else None,
        }
        ax.barh(at, rows[0][key], 0.6, **style)
        ax.annotate(f"{rows[0][key]:,.0f}", (rows[0][key], at), va="center", fontsize=10)
        names[key] = f"bound: {label}"
    measured = rates(rows)
    ax.barh(3, measured.middle, 0.6, color="process")
    ax.annotate(f"{measured.middle:,.0f}", (measured.middle, 3), va="center", fontsize=10)
    lost = sum(one["refused"] + one["failed"] for one in rows)
    ax.set(yticks=range(4), xscale="log", xlabel=f"requests per second  ({lost:,} refused or lost)")
    bounds = [rows[0][key] for key in ("by_threads", "by_processor", "by_clients")]
    ax.set_xlim(min(*bounds, measured.least or 1) / 10, max(bounds) * 8)
    ax.set_yticklabels([*names.values(), "measured"])
    ax.invert_yaxis()


def little(rows):
    """Requests on their way, counted, against throughput × time, measured: within a tenth?"""
    full = [
        one for one in rows if one["round"] and one["mean"] and not one["refused"] + one["failed"]
    ]
    if not full:
        return None, "requests were refused or lost, so it is unknown how many were under way."
    ratios = spread(one["rate"] * one["mean"] / one["clients"] for one in full)
    last = full[-1]
    because = (
        f"{last['clients']} clients had one request each under way; {last['rate']:,.0f}"
        " requests/s ×"
        f" {text(last['mean'])} = {last['rate'] * last['mean']:.1f} (ratio {ratios.least:.2f} to"
        f" {ratios.most:.2f})."
    )
    if ratios.least <= 0.8:
        return None, because + " The rounds were too short beside the time of a request."
    return ratios.most < 1.1, because


def bounded(rows):
    """No design is faster than its lowest bound; the processor's bound is a guess, so only the
    sure ones count."""
    sure = min(("by_threads", "by_clients"), key=lambda name: rows[0][name])
    measured = rates(rows)
    because = (
        f"{measured.middle:,.0f} requests/s ({measured.least:,.0f} to {measured.most:,.0f}), at"
        f" most {rows[0][sure]:,.0f} were"
        f" possible {sure.replace('_', ' the ')}."
    )
    return measured.most < rows[0][sure] * 1.05, because


LITTLE = "Requests under way = requests per second × the time that each takes (Little's law)."
BOUND = (
    "A pool answers at most as many requests per second as it has threads, divided by the"
    " time of one request."
)
CLAIMS = [Claim("server.little", LITTLE, {}, little), Claim("server.bound", BOUND, {}, bounded)]

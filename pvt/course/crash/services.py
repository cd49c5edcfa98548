"""One of three services crashes: in threads all three are gone, in processes two go on; a
supervisor heals both.

A client asks all three over real sockets, again and again. A service that is dead refuses at once.
"""

import os
import time
from typing import Literal

from pvt.claims import Claim
from pvt.course.crash import shops
from pvt.tools import crashes

QUESTION = "One service crashes. Who stops answering?"
OUTCOMES = (
    "All three, in threads and in processes",
    "All three in threads, one in processes",
    "Only the crashed one",
)
SECONDS = 2.0  # usual
PATIENCE = 5.0  # until a service that does not come, or come again, is given up
SERVICES = 3
SICK = 1
BEFORE = 8  # rounds of questions before the crash
AFTER = 25  # and after it
PAUSE = 0.005
HOUSES = {
    "thread": [(0, 1, 2)],
    "process": [(0,), (1,), (2,)],
}  # which services live together in a process
MANY = {"thread": "threads", "process": "processes"}
STUDY = (shops.service, shops.house, shops.keep, shops.healthy)


def run(
    *,
    how: Literal["segfault", "os._exit", "exception"] = "segfault",
    check_ms: Literal[5, 20, 100] = 20,
):
    """Service 2 ends in this way. The supervisor, where there is one, looks after its services
    every `check_ms`."""
    for supervised in (False, True):
        for kind in HOUSES:
            yield from case(kind, how, check_ms / 1000 if supervised else None)


def case(kind, how, every):
    """All that the client sees of three services, with a supervisor that looks `every` seconds,
    or None."""
    from multiprocessing import Pipe, Process, RawArray

    ports, token, (ours, theirs) = RawArray("i", SERVICES), os.urandom(4).hex().encode(), Pipe()
    keeper = Process(target=shops.keep, args=(HOUSES[kind], ports, token, how, every, theirs))
    case = {"kind": kind, "supervised": every is not None}
    try:
        keeper.start()
        for row in asked(ports, token, keeper, every):
            yield case | row
    except (OSError, EOFError, RuntimeError) as problem:
        yield case | row_of(None, 0.0, None, trouble=crashes.refusal(problem))
    finally:
        if keeper.pid:
            ours.send("end")
            keeper.join()


def asked(ports, token, keeper, every):
    """Ask in turn; then send the poison; then ask again, and with a supervisor until all answer."""
    begin = time.perf_counter()
    while not all(ports):
        if time.perf_counter() - begin > PATIENCE or keeper.exitcode is not None:
            raise TimeoutError("a service is missing")
        time.sleep(PAUSE)
    begin, rounds, last = time.perf_counter(), 0, []
    while rounds < BEFORE + AFTER or (
        every and None in last and time.perf_counter() - begin < PATIENCE
    ):
        if rounds == BEFORE:
            now = time.perf_counter() - begin
            yield row_of(SICK, now, shops.ask(ports[SICK], token, b"poison " + token), poison=True)
        last = []
        for at in range(SERVICES):
            now = time.perf_counter() - begin
            last.append(shops.ask(ports[at], token) if ports[at] > 0 else None)
            yield row_of(at, now, last[at])
        rounds += 1
        time.sleep(PAUSE)
    if None in last and (shops.CLOSED in ports[:] or keeper.exitcode is not None):
        raise TimeoutError(
            "no socket for a service"
            if shops.CLOSED in ports[:]
            else "the supervisor itself has ended"
        )


def row_of(at, when, process, poison=False, trouble=None):
    service = None if at is None else at + 1
    return {
        "service": service,
        "at": when,
        "process": process,
        "poison": poison,
        "trouble": trouble,
    }


def split(rows, kind, supervised):
    """(questions before the poison, its time or None, questions after) of a case; None if it
    could not be seen."""
    mine = [row for row in rows if row["kind"] == kind and row["supervised"] == supervised]
    if not mine or any(row["trouble"] for row in mine):
        return None
    cut = next((at for at, row in enumerate(mine) if row["poison"]), len(mine))
    return mine[:cut], mine[cut]["at"] if cut < len(mine) else None, mine[cut + 1 :]


def answered(rows, kind, supervised, sick):
    """(answers, questions) after the poison: of the service that got it, or of the others."""
    after = (split(rows, kind, supervised) or ([], None, []))[2]
    mine = [row["process"] for row in after if (row["service"] == SICK + 1) == sick]
    return len(mine) - mine.count(None), len(mine)


def recovery(rows, kind):
    """Seconds from the poison until all services have answered again, after the last miss; None
    if they have not."""
    _, poison, after = split(rows, kind, True) or ([], None, [])
    missed = [row["at"] for row in after if row["process"] is None]
    again = [row for row in after if not missed or row["at"] > max(missed)]
    first = {row["service"]: row["at"] for row in reversed(again)}
    return max(first.values()) - poison if len(first) == SERVICES else None


def outcome(rows):
    threads, processes = (answered(rows, kind, False, sick=False) for kind in HOUSES)
    if not threads[1] or not processes[1] or (threads[0] and not processes[0]):
        return None
    return OUTCOMES[2] if threads[0] else OUTCOMES[1] if processes[0] else OUTCOMES[0]


def sentence(rows):
    parts = []
    for supervised in (False, True):
        for kind, workers in MANY.items():
            got, all_ = answered(rows, kind, supervised, sick=False)
            parts += (
                [f"{workers}{' with a supervisor' * supervised} {got / all_:.0%}"] if all_ else []
            )
    if parts:
        return "Answers of the other two after the crash: " + "; ".join(parts) + "."
    return next(
        (f"Nothing was seen: {row['trouble']}." for row in rows if row["trouble"]),
        "All services answer so far…",
    )


def draw(ax, rows):
    """A lane for each service, aligned at the poison: a stroke for each answer, a cross for
    none."""
    cases = [(kind, supervised) for supervised in (False, True) for kind in HOUSES]
    for level, (kind, supervised) in enumerate(cases):
        before, poison, after = split(rows, kind, supervised) or ([], None, [])
        zero = poison if poison is not None else before[-1]["at"] if before else 0
        for good, mark, colour, size in ((True, "|", kind, 6), (False, "x", "trouble", 4)):
            mine = [row for row in before + after if (row["process"] is not None) == good]
            at = [1000 * (row["at"] - zero) for row in mine]
            lanes = [-level - 0.22 * (row["service"] - 2) for row in mine]
            ax.plot(at, lanes, mark, color=colour, markersize=size)
        if poison is not None:
            ax.plot(0, -level, "X", color="ink", markersize=8)
            got, all_ = answered(rows, kind, supervised, sick=False)
            back = recovery(rows, kind) if supervised else None
            text = f"others: {got} of {all_}" + (
                f"\nback: {1000 * back:.0f} ms" if back is not None else ""
            )
            ax.text(
                1.01,
                -level,
                text,
                fontsize=9,
                va="center",
                color="ink",
                transform=ax.get_yaxis_transform(),
            )
    ax.set(ylim=(-3.6, 0.6), xlabel="ms before and after the poison ✖   (| answer, × no answer)")
    ax.set_yticks(
        [-at for at in range(4)],
        [MANY[kind] + "\nwith supervisor" * supervised for kind, supervised in cases],
    )
    ax.grid(visible=False)


def apart(rows):
    """Do the others live on as processes, and die as threads?"""
    if why := unfair(rows, supervised=False):
        return None, why
    threads, processes = (answered(rows, kind, False, sick=False) for kind in HOUSES)
    because = (
        f"after one of {SERVICES} services had crashed, the other two gave {processes[0]} of"
        f" {processes[1]} answers"
        f" as processes, and {threads[0]} of {threads[1]} as threads of one process."
    )
    return processes[0] == processes[1] and not threads[0], because


def heals(rows):
    """Do all answer again where somebody looks after them?"""
    if why := unfair(rows, supervised=True):
        return None, why
    back = {kind: recovery(rows, kind) for kind in HOUSES}
    alone = [answered(rows, kind, False, sick=True) for kind in HOUSES]
    parts = [
        f"as {MANY[kind]} {'never' if s is None else f'after {1000 * s:.0f} ms'}"
        for kind, s in back.items()
    ]
    return None not in back.values(), (
        f"all {SERVICES} services answered again: {', '.join(parts)}. Without a supervisor the"
        " crashed one gave"
        f" {sum(got for got, _ in alone)} of {sum(all_ for _, all_ in alone)} answers."
    )


def unfair(rows, supervised):
    """Why these cases decide nothing, or None."""
    mine = [row for row in rows if row["supervised"] == supervised]
    before = [row for kind in HOUSES for row in (split(rows, kind, supervised) or [[]])[0]]
    if trouble := next((row["trouble"] for row in mine if row["trouble"]), None):
        return f"{trouble}."
    if not all(answered(rows, kind, supervised, sick=False)[1] for kind in HOUSES):
        return "a case was not seen to its end."
    if any(row["process"] is None for row in before):
        return (
            "a service did not answer although nobody had been poisoned yet; is a limit too"
            " low here?"
        )
    if any(row["process"] for row in mine if row["poison"]):
        return "the poison was answered and crashed nobody."
    return None


CLAIMS = [
    Claim(
        "crash.microservices",
        "Services in processes survive each other's crash; services in the threads of one process"
        " do not.",
        {},
        apart,
    ),
    Claim(
        "crash.restart", "Health checks and restarts heal a service that has crashed.", {}, heals
    ),
]

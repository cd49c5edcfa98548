"""Which operations lose nothing without a lock? Two threads do the same to one object, under both builds.

A dict's or list's own operation is one step, with a GIL or without: it locks the object for itself. What Python makes
of several steps is not: `+=` reads, adds and writes. An iterator is an object too, but nobody promises that two threads
may move it on. Each operation gets an interpreter of its own, for without a GIL a shared iterator may even crash.
"""

import threading
import time
from typing import Annotated, Literal

from pvt.claims import Claim
from pvt.course.no_gil import compared
from pvt.course.no_gil.compared import FREE, GIL
from pvt.tools import elsewhere

QUESTION = "Which operations lose nothing without a lock?"
OUTCOMES = (
    "Without a GIL, += and iterators lose",
    "Without a GIL, everything loses",
    "Nothing is lost, with a GIL or without",
    "Some is lost, with a GIL as well",
)
SECONDS = 4.5
ROUNDS = 3  # of each operation


class Counter:
    total = 0


class Locked:
    """An iterator that one thread at a time may move on."""

    def __init__(self, iterator):
        self.iterator, self.lock = iterator, threading.Lock()

    def __iter__(self):
        return self

    def __next__(self):
        with self.lock:
            return next(self.iterator)


def plus_equals(counter, times):
    for _ in range(times):
        counter.total += 1


def key_plus_equals(counts, times):
    for _ in range(times):
        counts["all"] += 1


def append(items, times):
    for number in range(times):
        items.append(number)


def own_keys(items, times):
    me = threading.get_ident()
    for number in range(times):
        items[me, number] = number


def take(iterator, times):
    """What this thread gets; a generator that is in use refuses with a ValueError, which is noted as None."""
    taken = []
    try:
        for item in iterator:
            taken.append(item)
    except ValueError:
        taken.append(None)
    return taken


STUDY = (plus_equals, append, own_keys, take)


def squares(count):
    yield from range(count)


# name -> (makes the object, works on it, counts what is there in the end)
OPERATIONS = {
    "counter += 1": (lambda all_: Counter(), plus_equals, lambda counter, _: counter.total),
    "counts[key] += 1": (lambda all_: {"all": 0}, key_plus_equals, lambda counts, _: counts["all"]),
    "list.append": (lambda all_: [], append, lambda items, _: len(items)),
    "dict[key] = value": (lambda all_: {}, own_keys, lambda items, _: len(items)),
    "shared iterator": (lambda all_: iter(list(range(all_))), take, None),
    "shared generator": (squares, take, None),
    "iterator, lock": (lambda all_: Locked(iter(list(range(all_)))), take, None),
}
ITERATORS = ("shared iterator", "shared generator")
WRITES = ("list.append", "dict[key] = value")


def run(
    *,
    workers: Annotated[int, range(1, 5)] = 2,
    times: Literal[1_000, 10_000, 50_000] = 50_000,
):
    """`times` each worker does it."""
    found = elsewhere.builds()
    for operation in OPERATIONS:
        for build, (version, path) in found.items():
            head = {"build": build, "python": version, "recorded": False}
            asked = {"workers": workers, "times": times, "operation": operation}
            done = []
            try:
                for row in elsewhere.rows(path, "pvt.course.no_gil.free_safe", "rounds", **asked):
                    done.append(row)
                    yield {**head, **row}
            except RuntimeError as problem:
                yield {
                    **head,
                    **lost(operation, len(done) + 1, workers, times * workers),
                    "ending": str(problem),
                }
    if FREE not in found:
        yield from compared.recorded("free_safe")


def rounds(workers, times, operation):
    make, work, count = OPERATIONS[operation]
    for number in range(1, ROUNDS + 1):
        thing, expected = make(workers * times), workers * times
        results, seconds = together(work, thing, workers, times)
        if count:
            yield lost(
                operation, number, workers, expected, expected - count(thing, results), 0, seconds
            )
        else:
            taken = [item for one in results for item in one if item is not None]
            twice = len(taken) - len(set(taken))
            refused = sum(None in one for one in results)
            row = lost(
                operation, number, workers, expected, expected - len(set(taken)), twice, seconds
            )
            yield row | {"refused": refused}


def lost(operation, number, workers, expected, missing=0, twice=0, seconds=None):
    """A row: so many are missing in the end, so many came twice, so many threads were refused."""
    return {
        "operation": operation,
        "round": number,
        "workers": workers,
        "expected": expected,
        "missing": missing,
        "twice": twice,
        "refused": 0,
        "seconds": seconds,
        "ending": "finished",
    }


def together(work, thing, workers, times):
    """(what each worker returned, seconds): all begin behind a barrier."""
    barrier, results = threading.Barrier(workers), [None] * workers

    def begin(at):
        barrier.wait()
        results[at] = work(thing, times)

    threads = [threading.Thread(target=begin, args=(at,)) for at in range(workers)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results, time.perf_counter() - start


def bad(row):
    """How many went wrong: missing, twice, or a crash."""
    return row["missing"] + row["twice"] + (row["ending"] != "finished")


def wrong(rows, build, operations):
    """Whether any of these went wrong under this build; None where that was not tried."""
    mine = [row for row in compared.of(rows, build) if row["operation"] in operations]
    return any(map(bad, mine)) if mine else None


def outcome(rows):
    if not compared.of(rows, FREE) or rows[-1]["operation"] != list(OPERATIONS)[-1]:
        return None
    counted = [one for one in OPERATIONS if one != "shared generator"]  # it refuses, with a GIL too
    if wrong(rows, GIL, counted):
        return OUTCOMES[3]
    if not wrong(rows, FREE, OPERATIONS):
        return OUTCOMES[2]
    return OUTCOMES[1 if wrong(rows, FREE, WRITES) else 0]


def share(rows, build, operation):
    """(per cent that went wrong, whether it crashed); None where that was not tried."""
    mine = [row for row in compared.of(rows, build) if row["operation"] == operation]
    if not mine:
        return None
    expected = sum(row["expected"] for row in mine)
    crashed = any(row["ending"] != "finished" for row in mine)
    return 100 * sum(row["missing"] + row["twice"] for row in mine) / expected, crashed


def sentence(rows):
    parts = []
    for build in dict.fromkeys(row["build"] for row in rows):
        known = [(*found, one) for one in OPERATIONS if (found := share(rows, build, one))]
        worst = sorted((one for one in known if any(one[:2])), reverse=True)[:SHOWN]
        words = [f"{name} {share_text(part, crashed)}" for part, crashed, name in worst]
        parts.append(f"{compared.brief(rows, build)}: {', '.join(words) or 'nothing'}")
    return f"Lost or handed out twice – {'; '.join(parts)}."


SHOWN = 3  # the operations that lose most


def share_text(part, crashed):
    return "crashed" if crashed else f"{part:.1f}%"


def draw(ax, rows):
    """Two bars for each operation: per cent that is missing or came twice."""
    for at, operation in enumerate(OPERATIONS):
        for side, build in enumerate((GIL, FREE)):
            if found := share(rows, build, operation):
                x, colour = at + (side - 0.5) * 0.4, compared.LOOKS[build]
                hatch = "//" if any(found) else ""
                ax.bar(x, found[0], 0.38, color=colour, hatch=hatch, edgecolor="white")
                ax.annotate(
                    "crash" if found[1] else f"{found[0]:.0f}",
                    (x, found[0]),
                    ha="center",
                    va="bottom",
                    fontsize=9,
                )
    for build in compared.LOOKS:
        if compared.of(rows, build):
            ax.bar(0, 0, color=compared.LOOKS[build], label=compared.short(rows, build))
    ax.set(ylabel="missing or twice, %", ylim=(0, 115), xticks=range(len(OPERATIONS)))
    ax.set_xticklabels(
        [one.replace(" ", "\n", 1).replace("t.a", "t\n.a") for one in OPERATIONS], fontsize=9
    )


def counted(rows, operations):
    """(how many went wrong, of how many, whether one crashed) in rounds of these."""
    mine = [row for row in rows if row["operation"] in operations]
    gone = sum(row["missing"] + row["twice"] for row in mine)
    return (
        gone,
        sum(row["expected"] for row in mine),
        any(row["ending"] != "finished" for row in mine),
    )


def loses(operation):
    """A check of kind "can": was anything lost?"""

    def check(rows):
        gone, expected, _ = counted(rows, (operation,))
        return gone > 0, f"{gone:,} of {expected:,} additions lost ({gone / max(1, expected):.0%})."

    return check


def keeps(operations):
    """A check: is nothing lost?"""

    def check(rows):
        gone, expected, crashed = counted(rows, operations)
        text = f"{gone:,} of {expected:,} lost by {' and '.join(operations)}."
        return not gone and not crashed, f"it crashed; {text}" if crashed else text

    return check


def shared(rows):
    """A check: does each item of a shared iterator go to exactly one thread?"""
    mine = [row for row in rows if row["operation"] in ITERATORS]
    missing, twice, refused = (
        sum(row[key] for row in mine) for key in ("missing", "twice", "refused")
    )
    crashed = any(row["ending"] != "finished" for row in mine)
    items = sum(row["expected"] for row in mine)
    text = f"of {items:,} items {twice:,} came twice, {missing:,} never; {refused} threads were refused"
    if twice or missing or crashed:
        return False, f"{text}{', and one run crashed' * crashed}."
    return None, f"{text}: nothing was seen, and nothing is promised."


CLAIMS = [
    Claim(
        "nogil.plus-equals",
        "Without a GIL, the bare counter += 1 loses additions.",
        {},
        compared.free(loses("counter += 1")),
        kind="can",
    ),
    Claim(
        "nogil.own-operations",
        "A list's append and a dict's assignment lose nothing, also without a GIL.",
        {},
        compared.free(keeps(WRITES)),
    ),
    Claim(
        "nogil.iterator",
        "Threads may share an iterator: each item goes to exactly one of them.",
        {},
        compared.free(shared),
    ),
    Claim(
        "nogil.iterator-lock",
        "With a lock around next(), each item goes to exactly one thread, GIL or not.",
        {},
        keeps(("iterator, lock",)),
    ),
]

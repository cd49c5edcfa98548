"""A buggy worker overwrites what is not its own: a thread spoils the data of another, a process
only its own copy.

Owner and buggy worker are alive at the same time. The owner writes its note, the buggy worker makes
its mistake, and the owner reads its note again. Both get the same addresses. With memory shared on
purpose, processes can do it too.
"""

import mmap
import threading
from typing import Annotated

from pvt import host
from pvt.claims import Claim
from pvt.tools import crashes

QUESTION = "A buggy worker scribbles. Whose note is spoilt?"
OUTCOMES = (
    "No other worker's: each has its own",
    "That of a thread only",
    "That of a thread, or where memory is shared",
)
SECONDS, PATIENCE = 0.3, 6.0  # usual; until a worker that does not answer is given up
MANY = {
    "thread": "threads",
    "process": "processes",
    "sharing process": "processes that share the memory",
}
# What the owner keeps, and its size in bytes, which is its neighbour's too
NOTE = "12 apples, paid"
SIZE = 16


class Store:
    """What the starter hands to both workers: a list, and bytes. The first half of the bytes is
    the buggy worker's."""

    def __init__(self, flags):
        import ctypes

        self.items, self.pages = ["", ""], mmap.mmap(-1, mmap.PAGESIZE, **flags)
        self.address = ctypes.addressof(ctypes.c_char.from_buffer(self.pages))

    def write(self):
        """The owner keeps its note, twice."""
        self.items[1] = NOTE
        self.pages[SIZE : SIZE + len(NOTE)] = NOTE.encode()

    def read(self):
        """What the owner finds: in the list, and in its bytes."""
        return self.items[1], self.pages[SIZE : SIZE + len(NOTE)].decode().replace("\0", "·")


def wrong_item(store, size):
    store.items[1] = "#" * size


def too_long(store, size):
    import ctypes

    ctypes.memset(store.address, ord("#"), SIZE + size)


def stray_pointer(store, size):
    import ctypes

    ctypes.memset(store.address + SIZE, ord("#"), size)


BUGS = {
    "wrong item of a list": wrong_item,
    "too long for its buffer": too_long,
    "stray pointer": stray_pointer,
}
STUDY = (wrong_item, too_long, stray_pointer)


def owner(post, store):
    """Keep a note; when asked, tell where it is and what it says now."""
    store.write()
    post.send((id(store.items), store.address + SIZE))
    post.recv()
    post.send(store.read())


def buggy(post, store, bug, size):
    """Make the mistake; tell what the owner's note says as seen from here."""
    BUGS[bug](store, size)
    post.send(store.read())


def run(*, size: Annotated[int, range(1, 16)] = 9):
    """The buggy worker writes `size` characters where it must not."""
    from multiprocessing import get_context

    kinds = {"thread": (threading.Thread, {})}
    if hasattr(mmap, "MAP_PRIVATE") and not host.lacking(
        ("fork",)
    ):  # forked, both find the store at one address
        Process = get_context("fork").Process
        kinds["process"] = (Process, {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS})
        kinds["sharing process"] = (Process, {"flags": mmap.MAP_SHARED | mmap.MAP_ANONYMOUS})
    for kind, (worker, flags) in kinds.items():
        for bug in BUGS:
            yield {"kind": kind, "bug": bug, **met(worker, Store(flags), bug, size)}


def met(worker, store, bug, size):
    """Where the note is, what its owner finds there in the end, and what the buggy worker sees
    there."""
    from multiprocessing import Pipe

    (ask, orders), (hear, tell), which = Pipe(), Pipe(), 0 if "list" in bug else 1
    try:
        crowd = [worker(target=owner, args=(orders, store), daemon=True)]
        crowd[0].start()
        address = answer(ask)[which]
        crowd.append(worker(target=buggy, args=(tell, store, bug, size), daemon=True))
        crowd[1].start()
        seen = answer(hear)[which]
        ask.send("read")
        found = answer(ask)[which]
        for one in crowd:
            one.join()
    except (OSError, RuntimeError) as problem:
        return {"address": None, "found": None, "seen": None, "trouble": crashes.refusal(problem)}
    return {"address": hex(address), "found": found, "seen": seen, "trouble": None}


def answer(post):
    if not post.poll(PATIENCE):
        raise TimeoutError(f"no answer in {PATIENCE:g} s")
    return post.recv()


def spoilt(rows, kind):
    """(notes spoilt, notes that were looked at) of this kind of worker."""
    mine = [row for row in rows if row["kind"] == kind and row["found"] is not None]
    return sum(row["found"] != NOTE for row in mine), len(mine)


def outcome(rows):
    bad = {kind for kind in MANY if spoilt(rows, kind)[0]}
    return {(): OUTCOMES[0], ("thread",): OUTCOMES[1]}.get(
        tuple(bad), None if "process" in bad else OUTCOMES[2]
    )


def counts(rows):
    """What was spoilt, in words."""
    found = {workers: spoilt(rows, kind) for kind, workers in MANY.items()}
    return "; ".join(
        f"between {workers} {bad} of {all_} notes were spoilt"
        for workers, (bad, all_) in found.items()
        if all_
    )


def sentence(rows):
    found = {workers: spoilt(rows, kind) for kind, workers in MANY.items()}
    parts = [f"between {workers} {bad} of {all_}" for workers, (bad, all_) in found.items() if all_]
    return f"Spoilt notes: {'; '.join(parts)}." if parts else "No note could be looked at."


def draw(ax, rows):
    """What the owner finds in the end, character by character; what another has written stands
    out."""
    bugs, kinds = list(BUGS), [kind for kind in MANY if any(row["kind"] == kind for row in rows)]
    for row in rows:
        left, level = kinds.index(row["kind"]) * (SIZE + 2), -bugs.index(row["bug"])
        for at, letter in enumerate(row["found"] or ""):
            bad = letter != NOTE[at]
            look = (
                {"color": "none", "edgecolor": "trouble"}
                if bad
                else {"color": hue(row["kind"]), "alpha": 0.25}
            )
            ax.bar(left + at, 0.4, 1, bottom=level - 0.2, **look)
            ax.text(
                left + at,
                level,
                letter,
                fontsize=10,
                ha="center",
                va="center",
                color="trouble" if bad else "ink",
            )
        text = (
            row["trouble"]
            or f"{'spoilt' if row['found'] != NOTE else 'as it was'}, at …{row['address'][-6:]}"
        )
        ax.text(left - 0.5, level - 0.36, text, fontsize=9, va="center", color="ink")
    ax.set(
        xticks=[at * (SIZE + 2) + len(NOTE) / 2 for at in range(len(kinds))],
        xticklabels=[MANY[kind].replace(" that", "\nthat") for kind in kinds],
    )
    ax.set(
        xlim=(-1, 3 * (SIZE + 2)),
        ylim=(-len(bugs) + 0.4, 0.4),
        xlabel="the owner's note, read after the bug",
    )
    ax.set_yticks(
        [-at for at in range(len(bugs))],
        [bug.replace(" of", "\nof").replace(" for", "\nfor") for bug in bugs],
    )
    ax.grid(visible=False)


def hue(kind):
    return "thread" if kind == "thread" else "process"


def overwrites(kind):
    """A check: was another's note spoilt?"""

    def check(rows):
        bad, looked = spoilt(rows, kind)
        if not looked:
            return None, next(
                (row["trouble"] for row in rows if row["kind"] == kind),
                "no such worker could be started",
            ) + "."
        one = next(row for row in rows if row["kind"] == kind and row["bug"] == "stray pointer")
        both = (
            f" At {one['address']} the owner finds {one['found']!r}; the buggy {kind} sees"
            f" {one['seen']!r} there."
        )
        return bad > 0, f"{counts(rows)}.{both}"

    return check


CLAIMS = [
    Claim(
        "crash.corrupt",
        "A bug in one thread can overwrite what another thread has for itself.",
        {},
        overwrites("thread"),
        "can",
    ),
    Claim(
        "crash.corrupt-process",
        "A bug in one process can overwrite what another process has for itself.",
        {},
        overwrites("process"),
        needs=("fork",),
    ),
]

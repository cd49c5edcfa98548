"""What may be handed to another interpreter? Each object is offered to one, which says what it got.

First it is given as a name of the other's main module, and where that is refused, as pickled bytes. Even what goes
directly is made anew over there, but for a memoryview, whose bytes are shared: no interpreter may touch the reference
count of another's object.
"""

import pickle
import threading

from pvt.claims import Claim
from pvt.course.no_gil import compared
from pvt.tools import interpreters

QUESTION = "What may be handed to another interpreter?"
OUTCOMES = (
    "Everything, as between threads",
    "Values; lists as copies; locks never",
    "Only what can be pickled",
    "Nothing",
)
SECONDS = 1.5
DIRECT, COPY, REFUSED = "directly", "as a copy, pickled", "refused"
CHANGE = """
try:
    thing[0] = 99
except TypeError:
    pass
"""


class Order:
    """Something of one's own: its class must be known by name on the other side, too."""

    def __init__(self):
        self.items = [1, 2]


def offered():
    """Name -> an object of that kind."""
    return {
        "None": None,
        "int": 12,
        "str": "text",
        "bytes": b"bytes",
        "tuple": (1, "two"),
        "memoryview": memoryview(bytearray(8)),
        "list": [1, 2],
        "dict": {"one": 1},
        "function": offered,
        "object": Order(),
        "lock": threading.Lock(),
        "generator": (number for number in (1, 2)),
        "file": open(__file__, "rb"),
    }


def directly(other, thing):
    """Whether it can be given as a name of the other's main module, without pickling; and why not."""
    try:
        other.prepare_main({"thing": thing})
    except Exception as problem:
        return False, type(problem).__name__
    return True, ""


def as_a_copy(other, thing):
    """Whether the other can make it anew from its pickled bytes."""
    try:
        other.prepare_main({"pickled": pickle.dumps(thing)})
        other.exec("import pickle; thing = pickle.loads(pickled)")
    except Exception:
        return False
    return True


STUDY = (directly, as_a_copy)


def run():
    yield from compared.able_rows("handed")


def here():
    other = interpreters.create()
    for name, thing in offered().items():
        given, why = directly(other, thing)
        copied = not given and as_a_copy(other, thing)
        changed = changed_by(other, thing) if given or copied else None
        if name == "file":
            thing.close()
        how = DIRECT if given else COPY if copied else REFUSED
        yield {"object": name, "how": how, "change_seen": changed, "why": why}
    other.exec("thing = pickled = None")  # what is lent must be given back before it can end
    other.close()


def changed_by(other, thing):
    """Whether a change that the other makes is seen here; None for what cannot be changed in this way."""
    if not isinstance(thing, list | memoryview):
        return None
    other.exec(CHANGE)
    return thing[0] == 99


def outcome(rows):
    how = {row["object"]: row["how"] for row in rows}
    if "file" not in how:
        return None
    plain = {how[one] for one in ("None", "int", "str", "bytes")}
    if set(how.values()) == {DIRECT}:
        return OUTCOMES[0]
    if REFUSED not in plain and how["list"] == COPY and how["lock"] == how["file"] == REFUSED:
        return OUTCOMES[1]
    return OUTCOMES[3] if set(how.values()) == {REFUSED} else None


def sentence(rows):
    parts = [
        f"{how}: {', '.join(row['object'] for row in rows if row['how'] == how)}"
        for how in (DIRECT, COPY, REFUSED)
        if any(row["how"] == how for row in rows)
    ]
    return f"{compared.whose(rows)}. {'; '.join(parts)}."


def draw(ax, rows):
    """A row of bars: high for shared, half for a copy, a hatched stub for what is refused."""
    heights = {DIRECT: 1, COPY: 0.55, REFUSED: 0.12}
    looks = {
        DIRECT: {"color": "thread"},
        COPY: {"color": "process"},
        REFUSED: {"color": "trouble", "hatch": "//"},
    }
    for at, row in enumerate(rows):
        ax.bar(at, heights[row["how"]], 0.75, edgecolor="white", **looks[row["how"]])
        ax.annotate(
            row["how"].rpartition(" ")[2],
            (at, heights[row["how"]]),
            ha="center",
            va="bottom",
            fontsize=8,
        )
    ax.set(ylim=(0, 1.25), yticks=(), xticks=range(len(rows)))
    ax.set_xticklabels([row["object"] for row in rows], rotation=30, ha="right", fontsize=9)


def anything(rows):
    """A check: may anything be handed over?"""
    refused = [row["object"] for row in rows if row["how"] == REFUSED]
    taken = [row["object"] for row in rows if row["how"] != REFUSED]
    return not refused, f"taken: {', '.join(taken)}; refused: {', '.join(refused) or 'nothing'}."


def same_list(rows):
    """A check: is a list that was handed over the same list on both sides?"""
    change = {row["object"]: row["change_seen"] for row in rows}
    if change["list"] is None:
        return False, "a list was refused."
    view = "was" if change["memoryview"] else "was not"
    seen = "was seen" if change["list"] else "was not seen: the other has a copy"
    return change[
        "list"
    ], f"a change to the list {seen}; one to the bytes of a memoryview {view} seen."


CLAIMS = [
    Claim(
        "interpreters.anything",
        "Anything may be handed to another interpreter.",
        {},
        compared.interpreters(anything),
    ),
    Claim(
        "interpreters.same-list",
        "A list that is handed to another interpreter is the same list there.",
        {},
        compared.interpreters(same_list),
    ),
]

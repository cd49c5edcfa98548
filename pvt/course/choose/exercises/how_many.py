"""How many workers? `how_many(work, cores, limit, copies)` returns how many workers each pool
should have.

A program runs `copies` times on one machine; each copy has a pool of its own. `work` is "computes",
with pools of processes, or "waits", with pools of threads that wait for a database. All copies
together may use `cores` cores. The database serves `limit` requests at once and refuses any more.
Take as many workers as bring something, and no more.
"""

from pvt.tools.learner import learners_function

ARGUMENTS = ("work", "cores", "limit", "copies")
CASES = (
    ("computes", 4, 20, 1),
    ("waits", 4, 20, 1),
    ("waits", 16, 6, 1),
    ("computes", 8, 100, 2),
    ("waits", 4, 20, 4),
    ("waits", 2, 50, 3),
    ("computes", 2, 20, 4),
    ("waits", 8, 30, 5),
)


def run(*, source, name):
    how_many = learners_function(source, name)
    for case in CASES:
        answer = how_many(*case)
        whole = type(answer) is int and 0 < answer < 1_000_000
        yield dict(zip(ARGUMENTS, case, strict=True)) | {
            "answer": answer if whole else None,
            "returned": repr(answer)[:60],
        }


def judge(rows):
    for row in rows:
        if why := wrong(row):
            case = ", ".join(repr(row[key]) for key in ARGUMENTS)
            return False, f"how_many({case}) returned {row['returned']}: {why}"
    return (
        True,
        f"{len(rows)} programs: each has as many workers as bring something, and nobody is refused.",
    )


def wrong(row):
    """What is wrong with this answer, or None."""
    if row["answer"] is None:
        return "that is no number of workers. Return a whole number, at least 1."
    copies, together = row["copies"], row["answer"] * row["copies"]
    each = f"in {copies} pools that makes {together}" if copies > 1 else f"{together} workers"
    if row["work"] == "computes":
        return computes(row, each, together)
    limit = row["limit"]
    if together > limit:
        return (
            f"{each}. The database serves {limit} at once and refuses {together - limit}. All"
            " pools together must fit."
        )
    if together + copies <= limit:
        return f"{each}. The database could serve {limit}, and a thread that waits needs no core."


def computes(row, each, together):
    """The same for processes that compute."""
    cores, fewest = row["cores"], row["copies"]  # each pool has one at least
    if together > max(cores, fewest):
        return (
            f"{each}. On {cores} cores the others only wait for their turn, whatever the database"
            " can do."
        )
    if together < cores:
        return f"{each}. {cores - together} of {cores} cores have nothing to do."

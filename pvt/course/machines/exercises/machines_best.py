"""How many machines: `best(most, tasks, megabytes, compute, wire)` says with how many machines a
job is done soonest.

Each task carries `megabytes` and computes for `compute` seconds. First all is sent, over one wire
of `wire` megabytes a second, whatever the number of machines. Then each machine computes one task
after another. 0 means: here, where nothing is sent. Of equally good numbers the
smallest is wanted.
"""

from math import ceil

from pvt.tools.learner import learners_function

ARGUMENTS = ("most", "tasks", "megabytes", "compute", "wire")
CASES = (
    (4, 8, 1, 10.0, 100),
    (4, 8, 100, 0.1, 100),
    (4, 8, 100, 1.0, 100),
    (4, 6, 1, 10.0, 100),
    (8, 1, 1, 10.0, 100),
    (3, 9, 10, 2.0, 50),
)


def seconds(machines, tasks, megabytes, compute, wire):
    """What the job takes on these machines; 0: here."""
    if machines == 0:
        return tasks * compute
    return tasks * megabytes / wire + ceil(tasks / machines) * compute


def run(*, source, name):
    best = learners_function(source, name)
    for most, *job in CASES:
        got = best(most, *job)
        is_number = type(got) is int
        row = dict(zip(ARGUMENTS, (most, *job), strict=True))
        wanted = min(range(most + 1), key=lambda machines: (seconds(machines, *job), machines))
        yield row | {
            "got": got if is_number else None,
            "type": type(got).__name__,
            "wanted": wanted,
        }


def judge(rows):
    for row in rows:
        if why := wrong(row):
            job = f"{row['tasks']} tasks of {row['megabytes']} MB and {row['compute']:g} s"
            return False, f"{job}, up to {row['most']} machines, {row['wire']} MB/s: {why}"
    return True, f"{len(rows)} jobs, each with the number of machines that ends it soonest."


def wrong(row):
    """What is wrong with this answer, or None."""
    got, job = row["got"], [row[name] for name in ARGUMENTS[1:]]
    if got is None:
        return f"a whole number is wanted. The result is of type {row['type']}."
    if not 0 <= got <= row["most"]:
        return f"{got} machines are not there."
    if got == row["wanted"]:
        return None
    mine, least = seconds(got, *job), seconds(row["wanted"], *job)
    if mine == least:
        return (
            f"{got} machines take {mine:g} s, and {row['wanted']} take no longer. A task is"
            " not cut in two."
        )
    if row["wanted"] == 0:
        return (
            f"{got} machines take {mine:g} s, most of it for sending or for nothing; here it"
            f" takes {least:g} s."
        )
    if got == 0:
        return (
            f"here it takes {mine:g} s, on {row['wanted']} machines {least:g} s. Nobody shared"
            " the computing."
        )
    return f"{got} machines take {mine:g} s, {row['wanted']} take {least:g} s."

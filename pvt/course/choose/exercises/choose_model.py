"""Choose a model for a job: `choose_model(job)` returns "inline", "threads" or "processes".

`job` is a dict: "work" is "python", "c" (C code that releases the GIL) or "wait"; "seconds" is the
time of one task; "bytes" the size of its argument; "crashes" says whether a task may crash; "cores"
is how many cores there are. To hand a task to a process costs about 0.2 ms, and 5 ms for each MB of
its argument.
"""

from pvt.tools.learner import learners_function

ARGUMENTS = ("job",)
ANSWERS = ("inline", "threads", "processes")
MB = 1_000_000
PLAIN = {"work": "python", "seconds": 0.05, "bytes": 100, "crashes": False, "cores": 4}
JOBS = (  # what differs from PLAIN, the right answer, and why
    ({}, "processes", "Python code on several cores needs several GILs: each process has one."),
    (
        {"work": "wait"},
        "threads",
        "a thread that waits holds no GIL and costs far less than a process.",
    ),
    (
        {"cores": 1},
        "inline",
        "on one core workers that compute take turns, and the hand-over comes on top.",
    ),
    (
        {"work": "wait", "cores": 1},
        "threads",
        "waiting needs no core: many tasks can wait at once, on one core too.",
    ),
    (
        {"work": "c"},
        "threads",
        "C code that releases the GIL runs on all cores in threads, and nothing is copied.",
    ),
    (
        {"seconds": 1e-5},
        "inline",
        "to hand over this task takes 20 times as long as the task itself.",
    ),
    (
        {"bytes": 50 * MB},
        "inline",
        "to send 50 MB takes 250 ms, the task 50 ms, and threads share one GIL.",
    ),
    (
        {"bytes": 50 * MB, "seconds": 10},
        "processes",
        "250 ms for sending 50 MB are little beside a task of 10 s.",
    ),
    ({"work": "c", "bytes": 50 * MB}, "threads", "threads get a big argument without a copy."),
    (
        {"work": "wait", "crashes": True},
        "processes",
        "a crash ends the whole process, with all of its threads.",
    ),
    (
        {"seconds": 1e-5, "crashes": True},
        "processes",
        "inline, a crash would take the caller along, which costs far more.",
    ),
    ({"crashes": True, "cores": 1}, "processes", "isolation needs no second core."),
)


def run(*, source, name):
    choose_model = learners_function(source, name)
    for number, (changes, right, why) in enumerate(JOBS):
        answer = choose_model(PLAIN | changes)
        text = answer if isinstance(answer, str) else repr(answer)
        yield {
            "job": number,
            "asked": spoken(PLAIN | changes),
            "answer": text,
            "right": right,
            "why": why,
        }


def spoken(job):
    """A job as the learner gets it."""
    return ", ".join(f"{key} {value!r}" for key, value in job.items())


def judge(rows):
    for row in rows:
        if row["answer"] not in ANSWERS:
            return (
                False,
                f"the answer {row['answer']!r} is none of {', '.join(ANSWERS)}. The job:"
                f" {row['asked']}.",
            )
    missed = [row for row in rows if row["answer"] != row["right"]]
    if not missed:
        return True, f"{len(rows)} jobs, each with the model that suits it."
    one = missed[0]
    return False, (
        f"{len(rows) - len(missed)} of {len(rows)} jobs are right. The first that is not"
        f" ({one['asked']}):"
        f" you said {one['answer']}, better is {one['right']}: {one['why']}"
    )

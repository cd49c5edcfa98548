"""A job is a number of like tasks. Here a job is measured with a model, and rows of such
measurements are read."""

import time
from typing import NamedTuple

from pvt import timing
from pvt.course.choose import models, workloads
from pvt.course.choose.models import KIND, MODELS, Staff

TIE = 1.15  # a model whose time is less than this factor above the best one's has not clearly lost
# A model this many times slower than the best, and this many seconds long, is measured once
FAR = 4
EXPENSIVE = 0.04
CLOSE = 2.5  # a model this many times slower than the best, and expensive, is measured twice
MORE = 4  # further rounds for those that are neither
QUIET, SURE = 0.15, 4  # cores that others may take; a factor that they cannot make, measured twice
SECOND = 1.5  # speed-up by threads of C code from which on there was a second core
ONCE = 3  # a factor that a single measurement can decide


class Job(NamedTuple):
    """`tasks` of this kind and length; `size` is that of an argument, `updates` those of the
    shared number."""

    name: str
    kind: str
    seconds: float
    tasks: int = 8
    size: int = 0
    updates: int = 0
    crash: bool = False

    def made(self, amount, port):
        """The tasks; the third is the one that crashes."""
        data = bytes(self.size)
        return [
            workloads.Task(at, self.kind, amount, data, self.updates, self.crash and at == 2, port)
            for at in range(self.tasks)
        ]


def row(number, job, model, **more):
    """One measurement: `lost` tasks, or what this Python `lacks` for it."""
    known = {"seconds": None, "lost": None, "lacks": None, "memory": None}
    return {"round": number, "job": job.name if job else None, "model": model} | known | more


def measured(staff, number, job, model, tasks):
    """Do the job once with this model."""
    if lacks := models.lacking(model, job.updates):
        return row(number, job, model, lacks=lacks)
    if job.crash:
        return row(number, job, model, lost=lost(tasks, risked(staff, model, tasks)))
    begin = time.perf_counter()
    results = MODELS[model](staff, tasks)
    return row(number, job, model, seconds=time.perf_counter() - begin, lost=lost(tasks, results))


def lost(tasks, results):
    """How many tasks gave no result."""
    return sum(task.number != result for task, result in zip(tasks, results, strict=True))


def risked(staff, model, tasks):
    """Results of tasks that may crash: what lives in one process with its workers goes into a
    process of its own."""
    if KIND[model] == "processes":
        with Staff(staff.workers) as own:
            return MODELS[model](own, tasks)
    near, far = staff.context.Pipe(duplex=False)
    box = staff.context.Process(target=boxed, args=(far, staff.workers, model, tasks))
    box.start()
    far.close()
    results = models.received(near)
    box.join()
    return results or [None] * len(tasks)


def boxed(post, workers, model, tasks):
    """The whole program in a process: its caller, its workers and its results end together."""
    with Staff(workers) as staff:
        post.send(MODELS[model](staff, tasks))


def rounds(staff, jobs, count, seconds):
    """Measure these jobs with all models, in turn, in `count` rounds, the cheap ones more often.
    A crash is shown once."""
    amounts = {(job.kind, job.seconds): None for job in jobs}
    amounts = {each: workloads.amount(*each) for each in amounts}
    made = {job.name: job.made(amounts[job.kind, job.seconds], staff.port) for job in jobs}
    pairs, seen = (
        [(job, model) for job in jobs for model in MODELS][::-1],
        [],
    )  # round 0 goes backwards
    for number, (job, model) in timing.interleaved(pairs, count + MORE - 1, seconds):
        if number and (job.crash or far_off(seen, job.name, model, FAR if number == 1 else CLOSE)):
            continue
        if number >= count and medians(seen, job.name)[model] > EXPENSIVE:
            continue
        seen.append(measured(staff, number, job, model, made[job.name]))
        yield seen[-1]


def far_off(rows, job, model, limit):
    """Whether a further round can be saved: this model cannot win, or is not possible here."""
    known = medians(rows, job)
    return model not in known or known[model] > max(EXPENSIVE, limit * min(known.values()))


def times(rows, job, model):
    """Round -> seconds of this job with this model."""
    return {
        one["round"]: one["seconds"]
        for one in rows
        if (one["job"], one["model"]) == (job, model) and one["seconds"] is not None
    }


def medians(rows, job):
    """Model -> median seconds of this job, the models that were measured."""
    spreads = {model: timing.spread(times(rows, job, model).values()) for model in MODELS}
    return {model: each.middle for model, each in spreads.items() if each}


def ratio(rows, job, slow, fast):
    """The `Spread` of time / time over the rounds that both have, None if there is none.

    A slow one that was measured only once is compared with every round of the fast one.
    """
    first, second = times(rows, job, slow), times(rows, job, fast)
    if len(first) == 1:
        return timing.ratios([*first.values()] * len(second), second.values())
    both = sorted(set(first) & set(second))
    return timing.ratios([first[at] for at in both], [second[at] for at in both])


def quickest(rows, job, model):
    """The least seconds that this job took with this model."""
    return min(times(rows, job, model).values())


def losses(rows, job):
    """Model -> the tasks that it lost, at most."""
    known = {}
    for one in rows:
        if one["job"] == job and one["lost"] is not None:
            known[one["model"]] = max(one["lost"], known.get(one["model"], 0))
    return known


def best(rows, job):
    """The models that did this job best, the best first: fewest tasks lost, then time; those
    that tie too."""
    missing, known = losses(rows, job), medians(rows, job)
    least = [model for model in missing if missing[model] == min(missing.values())]
    order = sorted((model for model in least if model in known), key=known.get)
    return [model for model in order if known[model] <= TIE * known[order[0]]] or least


def clear(spread, limit):
    """True if all of few rounds are above the limit, or the middle half of many; False if below;
    else None."""
    if spread.count == 1 and 1 / ONCE < spread.middle < ONCE:
        return None
    if spread.count > 3:
        return spread.above(limit)
    return True if spread.least > limit else False if spread.most < limit else None


def compared(job, slow, fast, limit=1.25, control=None):
    """A check: is the second model clearly faster at this job than the first?

    It does not fail if threads did not show with the `control`, C code, that there was a second
    core.
    """

    def check(rows):
        spread = ratio(rows, job, slow, fast)
        if not spread:
            return None, f"{fast} and {slow} were not both measured."
        mine, other = (medians(rows, job)[model] for model in (fast, slow))
        because = f"{job}: {fast} {timing.text(mine)}, {slow} {timing.text(other)}; {slow} / {fast}"
        because += f" {spread.middle:.2g} ({spread.least:.2g} to {spread.most:.2g})."
        if (timing.others(rows) or 0) > QUIET and 1 / SURE < spread.middle < SURE:
            return None, because + timing.company(rows, QUIET)
        answer = clear(spread, limit)
        least = {model: quickest(rows, job, model) for model in (slow, fast)}
        if (
            answer is None and spread.count > 2 and least[slow] > limit * least[fast]
        ):  # noise only adds
            fastest = ", ".join(
                f"{model} {timing.text(seconds)}" for model, seconds in least.items()
            )
            return True, f"{because} The quickest rounds: {fastest}."
        seen = control and ratio(rows, control, "inline", "thread pool")
        if answer is False and seen and not seen.above(SECOND):
            return (
                None,
                f"{because} {control} in threads was {seen.middle:.1f} times as fast: too close"
                " to tell.",
            )
        return answer, because if answer is not None else f"{because} That is too close to tell."

    return check


def both(*checks):
    """A check: do all of these hold? The first that does not decides."""

    def check(rows):
        answers = [each(rows) for each in checks]
        return next(
            (one for one in answers if one[0] is not True),
            (True, " ".join(because for _, because in answers)),
        )

    return check

"""Five questions about a job lead to a model; then the job is measured with every model, the
advice beside it."""

from typing import Literal

from pvt import host
from pvt.course.choose.jobs import Job, best, losses, medians, rounds, row
from pvt.course.choose.models import KIND, MODELS, Staff, lacking
from pvt.timing import Neighbours, text

QUESTION = "Which model suits your job?"
OUTCOMES = ("One after the other", "Threads or asyncio", "Processes or interpreters")
FAMILY = dict(inline=0, threads=1, asyncio=1, processes=2, interpreters=2)
COLOURS = ("other", "thread", "process")
SECONDS, PATIENCE, ROUNDS, TASKS, UPDATES = 3.0, 3.0, 3, 8, 1_000
KINDS = {"computes in Python": "compute", "computes in C": "C code", "waits": "wait"}
LENGTHS = {"0.01 ms": 1e-5, "1 ms": 1e-3, "20 ms": 0.02}
SIZES = {"small": 0, "8 MB": 8_000_000}


def advice(job, cores, gil):
    """The model to take for a job, and why. It asks in the order of what a wrong choice costs."""
    if job.crash:
        return "process each", "only a process of its own keeps a crash to itself"
    if job.kind == "wait":
        return "thread each", "a thread costs little and does nothing while it waits"
    if job.seconds < 1e-4:
        return "inline", "handing over a task costs more than doing it"
    if cores == 1:
        return "inline", "with one core, workers can only take turns"
    if job.kind == "C code" or not gil:
        return "thread pool", "threads compute at the same time where nobody holds the GIL"
    if job.size:
        return "inline", "sending 8 MB to a process costs about as much as the task"
    if job.updates and job.seconds < 5e-3:
        return "inline", "processes would wait for each other's updates, threads for the GIL"
    return "process pool", "each process has a GIL of its own"


STUDY = (advice,)


def run(
    *,
    work: Literal["computes in Python", "computes in C", "waits"] = "computes in Python",
    task: Literal["0.01 ms", "1 ms", "20 ms"] = "20 ms",
    arguments: Literal["small", "8 MB"] = "small",
    state: Literal["nothing shared", "a shared number"] = "nothing shared",
    crash: Literal["no task crashes", "one may crash"] = "no task crashes",
):
    """Eight tasks of this kind, with every model in turn, in pools of four."""
    updates = UPDATES if state == "a shared number" else 0
    job = Job(
        "your job",
        KINDS[work],
        LENGTHS[task],
        TASKS,
        SIZES[arguments],
        updates,
        crash == "one may crash",
    )
    model, why = advice(job, host.cores(), host.has_gil())
    why, seen = {"advice": model, "why": why}, Neighbours()
    yield row(0, None, None) | why
    with Staff(4) as staff:
        staff.serve()
        for pool in MODELS:
            if "pool" in pool or (pool == "interpreters" and not lacking(pool)):
                staff.warm(pool)
        for one in rounds(staff, [job], ROUNDS, PATIENCE):
            yield one | why
    return seen.cores()


def outcome(rows):
    if not best(rows, "your job"):
        return None
    return OUTCOMES[FAMILY[KIND[best(rows, "your job")[0]]]]


def result(rows, model):
    """What a model did, in words; empty as long as it is not measured."""
    gone, known = losses(rows, "your job").get(model), medians(rows, "your job").get(model)
    return (
        f"lost {gone} of {TASKS} tasks"
        if gone
        else "lost nothing"
        if known is None
        else text(known)
    )


def sentence(rows):
    model, top = rows[0]["advice"], best(rows, "your job")
    advised = f"Advice: {model}, because {rows[0]['why']}"
    if model not in losses(rows, "your job"):
        return f"{advised}. Not measured yet …"
    if model in top:
        return f"{advised}. Measured: {result(rows, model)}; nothing is clearly better."
    return f"{advised}. Measured: {result(rows, model)}, but {top[0]}: {result(rows, top[0])}."


def draw(ax, rows):
    """A bar for each model, blue with threads, orange with processes; a star at the advice, a
    frame round the best."""
    gone, known, top = losses(rows, "your job"), medians(rows, "your job"), best(rows, "your job")
    for at, model in enumerate(MODELS):
        if model in gone:
            long = gone[model] if model not in known else known[model] * 1e3
            look = {"hatch": "//", "edgecolor": "trouble"} if gone[model] else {"edgecolor": "none"}
            look |= {"edgecolor": "ink", "linewidth": 2.5} if model in top else {}
            ax.barh(at, long, 0.7, color=COLOURS[FAMILY[KIND[model]]], **look)
            label = result(rows, model) + " · best" * (model in top)
            ax.annotate(
                label, (long, at), (5, 0), textcoords="offset points", va="center", fontsize=10
            )
        elif lacks := next(
            (one["lacks"] for one in rows if one["model"] == model and one["lacks"]), None
        ):
            ax.annotate(
                lacks,
                (0, at),
                (5, 0),
                textcoords="offset points",
                va="center",
                fontsize=10,
                color="ink",
            )
    names = [("★ " if model == rows[0]["advice"] else "") + model for model in MODELS]
    ax.set(yticks=range(len(MODELS)), yticklabels=names, ylim=(len(MODELS) - 0.4, -0.6))
    ax.margins(x=0.35)
    ax.set(
        xlabel="tasks lost"
        if gone and not known
        else "milliseconds for eight tasks; ★ is the advice"
    )
    ax.set_xlim(left=0)
    ax.grid(False)


CLAIMS = []

"""No model is best for every job: what a task does, how long it takes and what it needs decide
between them."""

from typing import Annotated

from pvt import timing
from pvt.claims import Claim
from pvt.course.choose import jobs
from pvt.course.choose.jobs import Job, best, both, compared, losses, medians, rounds, row
from pvt.course.choose.models import KIND, MODELS, Staff, lacking
from pvt.course.choose.workloads import perform

QUESTION = "Which model suits which job?"
OUTCOMES = ("All seven rows", "Some of them", "None of them")  # in which the rule is right
SECONDS, PATIENCE = 4.5, 3.2  # usual seconds; seconds after which no new round begins
STUDY = (perform, *MODELS.values())
LONG, MB, MIB = 0.006, 1_000_000, 1 << 20
RULES = {  # the job, and what the rule of thumb says
    Job("computes in Python", "compute", LONG): "processes",
    Job("computes in C", "C code", LONG): "processes",
    Job("waits", "wait", LONG): "threads",
    Job("tiny tasks", "compute", 1e-6, tasks=12): "processes",
    Job("4 MB arguments", "compute", 1e-6, tasks=4, size=4 * MB): "processes",
    Job("shares a number", "compute", 1e-6, updates=1_000): "threads",
    Job("one task crashes", "wait", 0.04, crash=True): "processes",
}
RULE = {job.name: rule for job, rule in RULES.items()}


def run(*, workers: Annotated[int, range(1, 9)] = 4, times: Annotated[int, range(2, 7)] = 5):
    """Each job with each model, in turn, in `times` rounds (who is far behind: once or twice);
    pools of `workers`."""
    seen = timing.Neighbours(workers)
    yield row(0, None, None)
    with Staff(workers) as staff:
        staff.serve()
        for model in MODELS:
            if model == "inline" or model.endswith("each") or lacking(model):
                continue
            yield row(0, None, model, memory=staff.warm(model))
        yield from rounds(staff, RULES, times, PATIENCE)
    return seen.cores()


def measured_jobs(rows):
    """The jobs of which there is something to see, in the order of the rules."""
    return [job for job in RULE if any(one["job"] == job and not one["lacks"] for one in rows)]


def rule(rows, job):
    """Whether the rule's model is the best or as good; and how many times better or worse than
    the next other kind."""
    right = any(KIND[model] == RULE[job] for model in best(rows, job))
    known = losses(rows, job) if not medians(rows, job) else medians(rows, job)
    mine = [known[model] for model in known if KIND[model] == RULE[job]]
    rest = [known[model] for model in known if KIND[model] != RULE[job]]
    if not mine or not rest:
        return right, None
    return right, min(rest) / min(mine) if right else min(mine) / min(rest)


def spoken(factor):
    """A factor as the picture says it."""
    if factor is None or 1 / jobs.TIE < factor < jobs.TIE:
        return "" if factor is None else "tie"
    return f"{factor:.{int(factor < 10)}f}×"


def outcome(rows):
    jobs = measured_jobs(rows)
    if len(jobs) < len(RULE):
        return None
    right = sum(rule(rows, job)[0] for job in jobs)
    return OUTCOMES[0] if right == len(RULE) else OUTCOMES[1] if right else OUTCOMES[2]


def sentence(rows):
    jobs = measured_jobs(rows)
    if not jobs:
        return "The pools are being opened …"
    wrong = [job for job in jobs if not rule(rows, job)[0]]
    text = f"The rule is right for {len(jobs) - len(wrong)} of {len(jobs)} jobs"
    return f"{text}, and wrong for: {', '.join(wrong)}." if 0 < len(wrong) < 4 else f"{text}."


def draw(ax, rows):
    """A cell for each job and model, darker the slower, the best ones framed; beside it what the
    rule says."""
    jobs = measured_jobs(rows)
    for y, job in enumerate(jobs):
        top = best(rows, job)
        for x, model in enumerate(MODELS):
            cell(ax, x, y, rows, job, model, model in top)
        right, factor = rule(rows, job)
        text = f"{RULE[job]} {'✔' if right else '✘'} {spoken(factor)}"
        ax.annotate(text, (len(MODELS) - 0.4, y), va="center", fontsize=9)
    memory = {one["model"]: one["memory"] for one in rows if one["memory"] is not None}
    for x, model in enumerate(MODELS):
        text = f"{memory[model] / MIB:.1f}" if model in memory else "–"
        ax.annotate(text, (x, len(RULE)), ha="center", va="center", fontsize=9, color="ink")
    ax.annotate(
        "rule of thumb",
        (len(MODELS) - 0.4, -0.8),
        fontsize=9,
        fontweight="bold",
        annotation_clip=False,
    )
    ax.set(
        xlim=(-0.5, len(MODELS) + 1.3), ylim=(len(RULE) + 0.5, -0.5), yticks=range(len(RULE) + 1)
    )
    ax.set(
        xticks=range(len(MODELS)), xlabel="milliseconds for the whole job; ★ is best, or as good"
    )
    ax.set_xticklabels(
        [model.replace(" ", "\n").replace("terp", "ter-\np") for model in MODELS], fontsize=9
    )
    ax.set_yticklabels([*RULE, "memory, MiB"], fontsize=9)
    ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    ax.grid(False)
    ax.spines[:].set_visible(False)


def cell(ax, x, y, rows, job, model, top):
    """One cell: milliseconds, or the tasks that were lost."""
    from math import log10

    time, gone = medians(rows, job).get(model), losses(rows, job).get(model)
    if gone is None:
        return ax.annotate("–", (x, y), ha="center", va="center", fontsize=9, color="ink")
    known = medians(rows, job)
    dark = min(1.0, log10(time / min(known.values())) / 2) if time else 0.0
    grey = str(1 - 0.75 * dark)
    look = {"hatch": "//", "edgecolor": "trouble"} if gone else {"edgecolor": "white"}
    ax.bar(x, 0.92, 0.94, bottom=y - 0.46, color=grey, linewidth=0, **look)
    if top:
        ax.bar(x, 0.86, 0.9, bottom=y - 0.43, color="none", edgecolor="ink", linewidth=1.8)
    text = f"lost {gone}" if gone else f"{time * 1e3:.{(time < 0.01) + (time < 1e-3)}f}"
    back = {"boxstyle": "square,pad=0.1", "facecolor": "white", "linewidth": 0} if gone else None
    ax.annotate(
        "★ " * top + text,
        (x, y),
        ha="center",
        va="center",
        fontsize=9,
        color="#fefefe" if dark > 0.5 else "#1f1f1f",
        bbox=back,
    )


def keeps(model, shared=None):
    """A check: does a crash cost this model only the task that crashes, and the `shared` one all
    of them?"""

    def check(rows):
        gone, tasks = losses(rows, CRASH), next(job.tasks for job in RULES if job.name == CRASH)
        if not {model, shared or model} <= set(gone):
            return None, "the crash was not measured."
        because = ", ".join(
            f"{each} lost {gone[each]} of {tasks}" for each in filter(None, (model, shared))
        )
        because = f"one task crashed: {because} tasks."
        if (
            KIND[model] == "processes"
            and not shared
            and gone[model] == 1
            and (timing.others(rows) or 0) > jobs.QUIET
        ):
            return (
                None,
                f"{because} The machine was busy: the others may have been done before the crash"
                " was noticed.",
            )
        return gone[model] == 1 and (not shared or gone[shared] == tasks), because

    return check


def costs(rows):
    """A check: does another model do some job better than threads?"""
    worse = []
    for job in measured_jobs(rows):
        top = best(rows, job)
        if any(KIND[model] == "threads" for model in top):
            continue
        known = losses(rows, job) if job == CRASH else medians(rows, job)
        mine = min(known[model] for model in known if KIND[model] == "threads")
        if job == CRASH:
            worse.append(f"{job}: threads lost {mine} tasks, {top[0]} {known[top[0]]}")
        elif mine > jobs.SURE * known[top[0]]:
            worse.append(f"{job}: {top[0]} {mine / known[top[0]]:.0f} times faster")
    return bool(
        worse
    ), f"better without threads – {'; '.join(worse)}." if worse else "threads were best everywhere."


COMPUTES, C_CODE, WAITS, TINY, BIG, SHARES, CRASH = RULE

SAYS = {
    "computes": "Tasks that compute in Python are done sooner by processes than by threads.",
    "c-code": "Even where C code computes, processes finish tasks sooner than threads.",
    "tiny": "However short tasks are, processes finish them sooner than a plain loop does.",
    "big-arguments": "However big the arguments are, processes finish tasks sooner than a plain loop does.",
    "waits": "Tasks that wait are done sooner by threads than one after the other, and than by a"
    " process for each.",
    "shares": "Tasks that change what they share are done sooner by threads than by processes.",
    "isolates": "When a task crashes, a process for each task loses only that one; threads lose"
    " all.",
    "isolates-pool": "A pool of processes loses only the task that crashes.",
    "threads-everything": "Using threads for everything is a mistake: some jobs are done better"
    " without them.",
}
CHECKS = {
    "computes": compared(COMPUTES, "thread pool", "process pool", control=C_CODE),
    "c-code": compared(C_CODE, "thread pool", "process pool"),
    "tiny": compared(TINY, "inline", "process pool"),
    "big-arguments": compared(BIG, "inline", "process pool"),
    "waits": both(
        compared(WAITS, "inline", "thread each"), compared(WAITS, "process each", "thread each")
    ),
    "shares": compared(SHARES, "process pool", "thread pool"),
    "isolates": keeps("process each", "thread each"),
    "isolates-pool": keeps("process pool"),
    "threads-everything": costs,
}
CORES = {"computes": ("two cores",), "c-code": ("two cores",)}
CLAIMS = [
    Claim(f"choose.{key}", SAYS[key], {}, CHECKS[key], needs=CORES.get(key, ())) for key in SAYS
]

"""Linux has no single limit: of half a dozen ceilings the one with the least room left
rules, and it is another one on each machine."""

from typing import Literal

from pvt.claims import Claim
from pvt.tools import ceilings, crowd

QUESTION = "What would stop me here?"
OUTCOMES = ("Something below 8,000", "Something from 8,000 to 40,000", "Nothing below 40,000")
SECONDS = 0.3
FOLKLORE = (8_000, 32_000)  # the limits that the lesson gives
ABOUT = 0.2  # so far from a number is still "about" it
UNSURE = 0.05  # so far off may a figure from a sample be


STUDY = (ceilings.lowest, ceilings.shared, ceilings.own)


def run(*, worker: Literal["thread", "process"] = "thread"):
    """Each ceiling on the number of threads of one process, or of processes. None of them is
    ever touched."""
    known = list(ceilings.shared())
    for ceiling in known:
        yield row(ceiling, worker)
    sample, _ = ceilings.granted(crowd.SAMPLE, known, bold=True)
    weight = crowd.weigh_thread(sample) if worker == "thread" else crowd.weigh_process()
    for ceiling in ceilings.own(weight, worker):
        yield row(ceiling, worker)


def row(ceiling, worker):
    return {"worker": worker, **ceiling._asdict()}


def binding(rows):
    """The rows that limit something here, the one with the least room left first."""
    return sorted(
        (one for one in rows if one["binds"] and one["most"] is not None),
        key=lambda one: ceilings.unused(one["most"], one["used"]),
    )


def outcome(rows):
    ruling = binding(rows)
    if not ruling:
        return None
    return OUTCOMES[(ruling[0]["most"] >= 8_000) + (ruling[0]["most"] > 40_000)]


def sentence(rows):
    ruling = binding(rows)
    if not ruling:
        return "This system sets no number that could be read: only memory ends a crowd."
    text = "; ".join(f"{one['name']} {one['most']:,}" for one in ruling)
    return f"The most {named(rows)} that each ceiling allows, the least room first: {text}."


def draw(ax, rows):
    """A dot for each ceiling on a logarithmic scale, the least room on top; the lesson's numbers
    as dashed lines."""
    ruling = binding(rows)
    order = ruling + [one for one in rows if one not in ruling]
    for number in FOLKLORE:
        ax.axvline(number, color="thread", linestyle="--", linewidth=1)
    for at, one in enumerate(order):
        rules = one in ruling[:1]
        mark = {
            "marker": "D" if rules else "o",
            "fillstyle": "full" if one["binds"] else "none",
            "markersize": 9,
        }
        if one["most"] is not None:
            ax.plot(max(12, one["most"]), -at, color="trouble" if rules else "ink", **mark)
        white = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        place = {
            "xycoords": ("axes fraction", "data"),
            "va": "center",
            "fontsize": 9.5,
            "bbox": white,
        }
        ax.annotate(
            label(one) + (" – the least room" if rules else ""),
            (1.02, -at),
            annotation_clip=False,
            **place,
        )
    for number, side in zip(FOLKLORE, ("right", "left"), strict=True):
        ax.annotate(
            f" {number:,} ", (number, 0.75), fontsize=10, color="thread", ha=side, va="center"
        )
    ax.set(
        xscale="log",
        xlim=(10, 1e8),
        ylim=(0.4 - len(order), 1.2),
        xlabel=f"{named(rows)} at most (dashed: the lesson)",
    )
    ax.set(yticks=[-at for at in range(len(order))], yticklabels=[one["name"] for one in order])


def named(rows, count=0):
    one, more = (
        ("process", "processes") if rows[0]["worker"] == "process" else ("thread", "threads")
    )
    return one if count == 1 else more


def label(one):
    """What stands beside a dot."""
    if one["most"] is None:
        return f"{one['of']}: no limit set"
    used = f", {one['used']:,} in use" if one["used"] is not None else ""
    return f"{one['of']}: {one['most']:,}{used}{'' if one['binds'] else ', not for root'}"


def about(number):
    """A check: is the ceiling with the least room about this number?"""

    def check(rows):
        ruling = binding(rows)
        if not any(one["name"] == "kernel.pid_max" for one in rows):
            return None, "this system is not Linux. " + sentence(rows)
        low = ruling[0]
        unsure = 1 if low["exact"] else 1 + UNSURE
        answers = {
            abs(most - number) <= ABOUT * number
            for most in (low["most"] / unsure, low["most"] * unsure)
        }
        because = (
            f"the ceiling with the least room allows {low['most']:,} {named(rows, low['most'])}:"
            f" {low['name']}, {low['how']}."
        )
        if len(ruling) > 1:
            because += f" Next comes {ruling[1]['name']}, at {ruling[1]['most']:,}."
        if len(answers) > 1:
            return (
                None,
                f"{because} From a sample, that is too near the edge of what is still about"
                f" {number:,}.",
            )
        return answers.pop(), because + origin(rows)

    return check


def origin(rows):
    """Where the number 32,000 comes from, for threads."""
    known = {one["name"]: one["most"] for one in rows}
    if rows[0]["worker"] == "process" or "vm.max_map_count" not in known:
        return ""
    return (
        " The 32,000 of the textbooks: 65,530 maps, of which a stack and its guard page may take"
        " two; or 32,768 ids."
        " Both are defaults, and whoever runs the machine can raise them."
    )


THREADS = "Linux allows about 32,000 threads."
FEWER = "Linux allows about 8,000 threads."
PROCESSES = "Linux allows about 32,000 processes."
CLAIMS = [
    Claim("limits.threads-32000", THREADS, {}, about(32_000)),
    Claim("limits.threads-8000", FEWER, {}, about(8_000)),
    Claim("limits.processes-32000", PROCESSES, {"worker": "process"}, about(32_000)),
]

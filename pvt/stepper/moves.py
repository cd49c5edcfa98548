"""The moves at the scheduler's seat: each takes the view and the page's message, and shows what
comes of it."""

from pvt.stepper import asking, diagram
from pvt.stepper.scene import scene

PREEMPTIONS, SECONDS = 3, 30.0


def play(view, plan, finish=False, before=""):
    """Carry a schedule out and show it; of one that is not possible, the part that is."""
    rows, said = view.rows(plan, finish), ""
    if rows[-1]["ending"] == "impossible":
        said = f"Not possible: {rows[-1]['because']}. "
        extra = sum(isinstance(one, str) for one in plan[:1])
        rows = view.rows(plan[: rows[-1]["unit"] + 1 + extra])
    view.schedule = [one for one in plan if isinstance(one, str) and one.startswith("+")] + plan_of(
        rows
    )
    unkept = view.ended(rows[-1], found=bool(before))
    seen = scene(view.source, rows)
    view.tell(
        **seen,
        **view.settings(),
        found="",
        status=said + before + seen["did"] + unkept,
        verdict=verdict(rows[-1], view.world),
    )


def plan_of(rows):
    """The schedule that these rows have carried out, in their own grain."""
    units = {row["unit"]: row["thread"] for row in rows if row["kind"] == "step" and row["access"]}
    return [units[unit] for unit in sorted(units)]


def restart(view, _):
    """Back to the beginning."""
    play(view, [])


def undo(view, _):
    """One step back: a shorter schedule."""
    play(view, view.schedule[:-1])


def to_the_end(view, _):
    """Go on without preemptions until it ends."""
    play(view, view.schedule, finish=True)


def typed(view, message):
    """The schedule that was typed."""
    play(view, asking.numbers(message["text"]))


def settings(view, message):
    """Another world or grain. Any schedule can be counted in bytecodes; in the other grains it
    starts afresh."""
    view.world, grain = asking.known(message["world"]), message["grain"]
    plan = (
        view.schedule
        if grain == view.grain
        else in_bytecodes(view, view.schedule)
        if grain == "bytecode"
        else []
    )
    view.grain = grain
    play(view, plan)


def in_bytecodes(view, plan):
    """A schedule counted in bytecodes."""
    return [row["thread"] for row in view.rows(plan) if row["kind"] == "step"]


def find(view, _):
    """Search for a bad schedule and show it."""
    found = view.searched(PREEMPTIONS, SECONDS, first=True)
    bad = [ending for ending in found.schedules if ending != "safe"]
    if not bad:
        word = "No bad schedule" if found.complete else "No bad schedule so far"
        text = f"{word}: {found.because}."
        return view.tell(status=text, verdict=proof(found), found=asking.telling.pair_html(found))
    plan, wanted = found.schedules[bad[0]], view.grain
    view.grain = "access"  # what a search counts
    if wanted == "bytecode":
        plan, view.grain = in_bytecodes(view, plan), wanted
    play(view, plan, before=f"This schedule ends in “{bad[0]}”. ")


def prove(view, _):
    """Search all schedules up to the bound and say what was found."""
    found = view.searched(PREEMPTIONS, SECONDS, first=False)
    view.tell(
        status=f"{found.because[:1].upper()}{found.because[1:]}.",
        verdict=proof(found),
        found=asking.telling.pair_html(found),
    )


DOES = {
    "undo": undo,
    "restart": restart,
    "end": to_the_end,
    "schedule": typed,
    "find": find,
    "prove": prove,
}
DOES |= {"set": settings}


def verdict(last, world):
    """How the schedule ended, or None while it goes on."""
    if last["ending"] == "stepping":
        return None
    word = last["ending"]
    found = "" if word == "safe" else " You have found a bad schedule."
    said = f"{last['because']}.{found} World: {asking.WORLDS[world]}."
    return {"good": word == "safe", "sign": diagram.sign(word), "word": f"{word}:", "said": said}


def proof(found):
    """A search's result as a verdict: only a complete search without bad endings is good."""
    good = found.complete and set(found.endings) == {"safe"}
    shortest = "".join(
        f" Shortest {e}: {asking.telling.short(s)}."
        for e, s in found.schedules.items()
        if e != "safe"
    )
    sign, word = ("✔", "holds:") if good else ("✘", "fails:") if shortest else ("?", "not decided:")
    return {"good": good, "sign": sign, "word": word, "said": f"{found.because}.{shortest}"}

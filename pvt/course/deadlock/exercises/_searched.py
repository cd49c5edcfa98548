"""An ordinary program with the learner's function in it, searched for a schedule that breaks it."""

PREEMPTIONS, SECONDS = 2, 2.0
UNDISTURBED = "Even when no thread is interrupted, this goes wrong:"


def rows(source, programs):
    """One row for each program: its first bad ending with its story, or how far the search came."""
    from pvt.stepper.searching import run as search

    for title, program in programs.items():
        found = list(
            search(
                source=f"{source}\n{program}", preemptions=PREEMPTIONS, seconds=SECONDS, first=True
            )
        )
        bad = [row for row in found if row["kind"] == "ending" and row["ending"] != "safe"]
        worst = bad[0] if bad else found[-1]
        yield {
            "program": title,
            "ending": bad[0]["ending"] if bad else "safe",
            "because": worst["because"],
            "story": worst["story"] or "",
            "preemptions": worst["preemptions"],
            "complete": found[-1]["complete"],
            "schedules": found[-1]["schedules"],
            "own lock": "Lock(" in source,
            "source": source,
        }
        if bad:
            return


def judged(rows, advice):
    """The answer: right where every schedule is safe; else what happens, and what `advice(row)`
    says of it."""
    last = rows[-1]
    if last["ending"] == "error":
        return False, f"the program cannot be searched: {last['because']}."
    if last["ending"] != "safe":
        begin = "" if last["preemptions"] else f"{UNDISTURBED} "
        story = last["story"] or f"{last['because'][:1].upper()}{last['because'][1:]}."
        return False, f"{begin}{story} {advice(last)}".strip()
    tried = sum(row["schedules"] for row in rows)
    if not all(row["complete"] for row in rows):
        return (
            False,
            f"{tried:,} schedules are good, but the search did not come to an end. A shorter way?",
        )
    return True, f"all {tried:,} schedules with up to {PREEMPTIONS} preemptions are safe."

"""Is it faster? The given way and the learner's are measured in turn, round by round."""

import time

from pvt import timing

WANTED = 1.4  # times as fast
ROUNDS = 4


def compared(given, learners, rounds=ROUNDS):
    """A row for each round: seconds of both, what the learner's gave; the first warms up."""
    for number, kind in timing.interleaved(("given", "yours"), rounds, seconds=3.5):
        begin = time.perf_counter()
        result = (given if kind == "given" else learners)()
        seconds = time.perf_counter() - begin
        yield {"round": number, "kind": kind, "seconds": seconds, "result": str(result)[:60]}


def judged(rows):
    """(whether it is fast enough, a sentence with the figure)."""
    rows = [row for row in rows if row["round"]]
    given, yours = (
        [row["seconds"] for row in rows if row["kind"] == kind] for kind in ("given", "yours")
    )
    times = timing.ratios(given, yours)
    text = (
        f"{timing.text(timing.spread(yours).middle)} instead of"
        f" {timing.text(timing.spread(given).middle)}"
    )
    figure = f"{times.middle:.1f} times as fast ({text}, {times.count} rounds)"
    if timing.beyond(given, yours, WANTED):
        return True, f"{figure}."
    least = timing.quickest(given, yours)
    if least > WANTED:  # a busy machine can only add to what a round takes
        return True, f"{least:.1f} times as fast in the quickest of {times.count} rounds."
    return False, f"{figure}; {WANTED:g} times are wanted."

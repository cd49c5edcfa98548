"""What did a switch cost? `switch_cost(seconds, handovers, pipe, switches)` returns seconds for one
switch, or None.

`seconds` is the time of all `handovers` of a byte, `pipe` the time to write and read one without a
switch, `switches` what the kernel counted. Return None if it counted more than a tenth less, or
more, than one switch for each hand-over. The last measurement comes from this machine.
"""

from pvt import host
from pvt.course.switch import pingpong
from pvt.tools.learner import learners_function

ARGUMENTS = ("seconds", "handovers", "pipe", "switches")
CASES = {
    "one core": (0.004, 1_000, 1e-6, 1_004),
    "never asleep": (0.0011, 10_000, 1e-8, 3),
    "interrupted": (0.009, 1_000, 1e-6, 1_950),
    "two cores": (0.0305, 1_000, 5e-7, 991),
}


def run(*, source, name):
    switch_cost = learners_function(source, name)
    for case, given in {**CASES, **measured()}.items():
        seconds, handovers, pipe, switches = given
        right = seconds / handovers - pipe if abs(switches / handovers - 1) <= 0.1 else None
        got = switch_cost(*given)
        number = isinstance(got, int | float)
        close = number and right is not None and abs(got - right) <= 1e-3 * right
        same = got is None if right is None else close
        row = {
            "case": case,
            "right": same,
            "got": float(got) if number else None,
            "kind": type(got).__name__,
        }
        yield row | {
            "wanted": right,
            "raw": seconds / handovers,
            "switches": switches,
            "handovers": handovers,
        }


def measured():
    """A measurement of this machine, where its kernel tells."""
    if host.lacking(("/proc", "processor affinity", "fork")):
        return {}
    core, _ = pingpong.cores(0, "together")
    found = pingpong.measured("process", core, core, 2_000)
    counted = found["voluntary"] + found["involuntary"]
    return {"this machine": (found["seconds"] * 2_000, 2_000, found["pipe"], counted)}


def judge(rows):
    for row in rows:
        case = row["case"]
        counts = f"{row['switches']:,} switches for {row['handovers']:,} hand-overs"
        if row["right"]:
            continue
        if row["wanted"] is None:
            came = "0" if row["got"] == 0 else "a time"
            return (
                False,
                f"{case}: the kernel counted {counts}, and {came} came back. This is no switch:"
                " return None.",
            )
        wanted = f"{row['wanted'] * 1e6:.2f} µs"
        if row["kind"] == "NoneType":
            return (
                False,
                f"{case}: None came back, though {counts} agree within a tenth. Return {wanted},"
                " in seconds.",
            )
        if row["got"] is None:
            return False, f"{case}: {row['kind']} came back. Return seconds as a number, or None."
        if abs(row["got"] - row["raw"]) <= 1e-3 * row["raw"]:
            return (
                False,
                f"{case}: that is a whole hand-over. Subtract writing and reading, once for each:"
                f" {wanted}.",
            )
        text = f"{case}: {row['got'] * 1e6:.2f} µs came back, {wanted} would be right."
        return False, f"{text} Divide the time by the hand-overs, then subtract `pipe`."
    own = next(
        (
            f", and {row['got'] * 1e6:.1f} µs on this machine"
            for row in rows
            if row["case"] == "this machine" and row["got"]
        ),
        "",
    )
    return (
        True,
        f"{len(rows)} measurements judged right{own}. What the kernel did not confirm was thrown"
        " away.",
    )

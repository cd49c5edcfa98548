"""Which limit rules? `which_limit(limits, root)` returns the name of the limit that stops a crowd
of threads first.

`limits` maps names to the number of threads that each still allows, or to None where none is set.
`RLIMIT_NPROC` does not bind root. Return None if nothing is limited. The last dict is what this
machine says of itself.
"""

from pvt.tools import ceilings
from pvt.tools.learner import learners_function

ARGUMENTS = ("limits", "root")
CASES = (
    (
        "the lowest number",
        {"pids.max": 4_096, "kernel.pid_max": 32_768, "RLIMIT_NPROC": 63_000},
        False,
    ),
    (
        "one without a limit",
        {"pids.max": None, "kernel.pid_max": 32_768, "RLIMIT_NPROC": 1_024},
        False,
    ),
    (
        "RLIMIT_NPROC and root",
        {"RLIMIT_NPROC": 1_024, "pids.max": 20_000, "kernel.pid_max": 32_768},
        True,
    ),
    ("a limit of 0", {"pids.max": 0, "kernel.pid_max": 32_768}, False),
    ("nothing but RLIMIT_NPROC, and root", {"RLIMIT_NPROC": 50, "pids.max": None}, True),
)


def run(*, source, name):
    which_limit = learners_function(source, name)
    here = list(ceilings.shared())
    root = not all(one.binds for one in here)
    for case, limits, is_root in (
        *CASES,
        ("this machine", {one.name: one.most and one.left for one in here}, root),
    ):
        answer = which_limit(dict(limits), is_root)
        yield {
            "case": case,
            "answer": answer if isinstance(answer, str | None) else repr(answer),
            "known": answer is None or answer in list(limits),
            "rules": rule(limits, is_root),
        }


def rule(limits, root):
    binding = {
        name: most
        for name, most in limits.items()
        if most is not None and not (root and name == "RLIMIT_NPROC")
    }
    return min(binding, key=binding.get, default=None)


def judge(rows):
    for row in rows:
        answer, case = row["answer"], row["case"]
        if answer == row["rules"]:
            continue
        if answer == "RLIMIT_NPROC" and "root" in case:
            return (
                False,
                f"{case}: RLIMIT_NPROC does not bind root. Leave it out when root is True.",
            )
        if not row["known"]:
            return (
                False,
                f"{case}: it returned {answer}. Return the name of the limit, not its number.",
            )
        if case == "a limit of 0":
            return False, f"{case}: it returned {answer}. 0 is a limit as well: compare with None."
        if answer is None:
            return (
                False,
                f"{case}: it returned None, but {row['rules']} binds.",
            )
        return (
            False,
            f"{case}: it returned {answer}, but {row['rules']} is lower. Take the lowest that is"
            " set.",
        )
    return (
        True,
        f"{len(rows)} of {len(rows)} right; on this machine"
        f" {rows[-1]['rules'] or 'nothing that is shared'} rules.",
    )

"""The twelve programs whose truth is known by construction, and how far what `watch` says is from
it.

    python tests/watcher/truth.py [ROUNDS [PYTHON …]]

prints one line for each run; "beside" means that other programs took cores, where only what does
not depend on cores is compared. Not collected by pytest: real measurements belong to a machine of
their own.
"""

import sys
from pathlib import Path

from pvt.watcher.asking import Program

PROGRAMS = Path(__file__).parent / "programs"
CLOSE = 0.10  # of a lane's life
BUSY = 0.2  # cores taken by others: from here on shares of running are theirs to decide
RUNS = {"python", "c", "gil", "ready"}

# program -> (the right first sentence, {beginning of a lane's name: {state: share}})
TRUTH = {
    "two_computing": (
        "gil-bound",
        {"Thread-": {"python": 0.5, "gil": 0.5}, "MainThread": {"worker": 1.0}},
    ),
    "two_in_c": ("cpu-fine", {"Thread-": {"c": 1.0}, "MainThread": {"worker": 1.0}}),
    "sleeping": ("io-fine", {"Thread-": {"asleep": 1.0}, "MainThread": {"worker": 1.0}}),
    "one_lock": ("lock-bound", {"Thread-": {"lock": 0.68, "asleep": 0.32}}),
    "small_pool": ("pool-too-small", {"ThreadPoolExecutor": {"asleep": 1.0}}),
    "blocked_loop": (
        "loop-blocked",
        {"task Task-2": {"asleep": 1.0}, "task Task-1": {"worker": 1.0}},
    ),
    "pickling": ("pickling", {}),
    "unequal": ("straggler", {"MainThread": {"worker": 1.0}}),
    "many_threads": ("oversubscribed", {}),  # while it starts the others, main wants a core, too
    "child_computes": ("cpu-fine", {"python": {"python": 1.0}, "MainThread": {"worker": 1.0}}),
    "nothing_wrong": ("cpu-fine", {"Process-": {"python": 1.0}, "MainThread": {"worker": 1.0}}),
    "one_core": ("cpu-fine", {"MainThread": {"python": 1.0}}),
}


def off(watched, expected):
    """The lanes' shares that are too far from the truth, as sentences."""
    beside = watched.figures.others > BUSY
    for beginning, truth in expected.items():
        for name, shares in watched.shares.items():
            if not name.startswith(beginning):
                continue
            for state, share in truth.items():
                seen = shares.get(state, 0.0)
                if beside and state in RUNS:
                    continue
                if beside:  # when it had slept enough it had no core yet
                    seen /= max(0.1, 1.0 - shares.get("ready", 0.0))
                if abs(seen - share) > CLOSE:
                    yield f"{name}: {state} {seen:.2f} instead of {share:.2f}"


def main(rounds=1, *pythons):
    wrong = 0
    for number in range(int(rounds)):
        for python in pythons or (None,):
            for name, (first, expected) in TRUTH.items():
                watched = Program(PROGRAMS / f"{name}.py", python=python).watched()
                found = watched.diagnosis[0].id
                problems = ([] if found == first else [f"says {found}"]) + list(
                    off(watched, expected)
                )
                wrong += bool(problems)
                where = f"{python or 'this Python'}, others {watched.figures.others:.1f} cores"
                print(f"{number} {name:15} {where:30} {'; '.join(problems) or 'right'}", flush=True)
                if problems:
                    print(watched, flush=True)
    print(f"{wrong} runs not right")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Ask again: `async def ask_again(ask, tries, seconds)` awaits `ask()`, at most `tries` times.

Each try has `seconds`. An OSError, and a call that takes too long, is worth another try;
TimeoutError is an OSError. After the last try it is raised. Any other exception is raised at once,
and so is the cancellation of the caller.
"""

import asyncio
import time

from pvt.tools.learner import learners_function

ARGUMENTS = ("ask", "tries", "seconds")
AWAITED = True
TRIES, SECONDS, PATIENCE = 3, 0.2, 1.0  # tries; seconds for each; for a whole test
LATE = " Is there a call without an await, or a loop without an end?"


class Server:
    """Answers after a script: "answer", "late", "fail", "slow", "hang" or "bug", one for each
    call; then it fails."""

    def __init__(self, script):
        self.script, self.calls, self.hanging, self.stalled = script.split(), 0, 0, False

    async def ask(self):
        self.calls += 1
        does = self.script[self.calls - 1] if self.calls <= len(self.script) else "fail"
        await asyncio.sleep(0)
        if does == "hang":
            self.hanging += 1
            try:
                await asyncio.sleep(60)
            finally:
                self.hanging -= 1
        if does in ("slow", "late"):
            begin = time.perf_counter()
            try:
                await asyncio.sleep(SECONDS * 0.45)
            finally:
                self.stalled |= time.perf_counter() - begin > SECONDS * 0.9
        if does == "bug":
            raise ValueError("a bug")
        if does not in ("answer", "late"):
            raise OSError("refused")
        return 42


SCRIPTS = {
    "at once": "answer",
    "third time": "fail fail answer",
    "slow": "slow slow late",
    "one hangs": "hang answer",
    "all fail": "fail fail fail",
    "all hang": "hang hang hang",
    "a bug": "bug answer",
    "cancelled": "hang answer",
}


def run(*, source, name):
    ask_again = learners_function(source, name)
    for test, script in SCRIPTS.items():
        yield {"test": test, **asyncio.run(tried(ask_again, Server(script), test))}


async def tried(ask_again, server, test):
    """What came back or was raised; how many calls there were, and how many hang still."""
    seconds = 60 if test == "cancelled" else SECONDS / 4 if "hang" in test else SECONDS
    task = asyncio.ensure_future(ask_again(server.ask, TRIES, seconds))
    if test == "cancelled":
        for _ in range(6):
            await asyncio.sleep(0)
        task.cancel()
    done, _ = await asyncio.wait([task], timeout=PATIENCE)
    calls, hanging = server.calls, server.hanging
    end = ended(task) if done else "never"
    if not done:
        task.cancel()
        await asyncio.wait([task], timeout=0.2)
    return {"end": end, "calls": calls, "hanging": hanging, "stalled": server.stalled}


def ended(task):
    """How a task ended, in a word or two."""
    if task.cancelled():
        return "cancelled"
    if problem := task.exception():
        return type(problem).__name__
    return f"returned {task.result()!r}"


def judge(rows):
    found = {row["test"]: row for row in rows}
    refused = (trouble(test, found[test]) for test in SCRIPTS)
    first = next((because for because in refused if because), None)
    if first:
        return False, first
    return True, (
        f"{len(SCRIPTS)} servers asked: those that fail, hang, answer late and have a bug; and it"
        " can be cancelled."
    )


def trouble(test, row):
    """What is wrong with how this test went, or None."""
    end, calls = row["end"], row["calls"]
    if test == "at once" and (end, calls) != ("returned 42", 1):
        if calls > 1:
            return f"a server that answers at once was asked {calls} times. Return its answer."
        return f"a server answered 42, and it ended thus: {end}. Return the answer of await ask()."
    if test == "third time" and (end, calls) != ("returned 42", 3):
        return (
            f"two tries failed, and the third would have got an answer: it was asked {calls}"
            f" times, end: {end}."
        )
    if test == "one hangs" and end != "returned 42":
        if end == "never":
            return "a call that hangs was awaited for ever. Give each try its time-out."
        return (
            f"the first call hung, and the second would have got an answer; but the end was: {end}."
            " The time-out counts for each try, not for all of them; the next try comes after it."
        )
    if test in ("all fail", "all hang"):
        if calls > TRIES:
            return f"{calls} tries were made where {TRIES} are allowed."
        if end not in ("OSError", "TimeoutError", "ConnectionError"):
            return (
                f"all {calls} tries failed, and it {end}: the caller takes that for an answer."
                " Raise the last failure."
            )
    if test == "slow" and end != "returned 42" and not row["stalled"]:
        return (
            "each try was in time, and it gave up: the time-out counts for each try, not for"
            " all of them."
        )
    if test == "a bug" and (end, calls) != ("ValueError", 1):
        return (
            f"ask() raised a ValueError, which no further try will mend; it was asked {calls}"
            f" times, end: {end}."
        )
    if test == "cancelled" and (end, calls) != ("cancelled", 1):
        return (
            f"the caller was cancelled during the first try; it was asked {calls} times, end:"
            f" {end}."
            " CancelledError must go through: a bare except, or BaseException, catches it too."
        )
    return None

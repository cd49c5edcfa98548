"""Keep the loop free: `answer_all(look_up, questions)` is to be 1.4 times as fast as if each
look-up blocks the loop.

`look_up(question)` is an old function: it blocks until its answer is there. Return the answers, in
order. Run an event loop, in which a task for each question waits for its answer.
"""

import asyncio
import time

from pvt.course.your_program.faster import compared, judged
from pvt.tools.learner import learners_function

ARGUMENTS = ("look_up", "questions")
QUESTIONS, WAIT = 12, 0.02


def look_up(question):
    time.sleep(WAIT)
    return f"{question}!"


def blocking(look_up, questions):
    async def answer(question):
        return look_up(question)

    async def main():
        return await asyncio.gather(*(answer(one) for one in questions))

    return asyncio.run(main())


def run(*, source, name):
    answer_all = learners_function(source, name)
    questions = [f"question {number}" for number in range(QUESTIONS)]

    def learners():
        found = answer_all(look_up, questions)
        if asyncio.iscoroutine(found):
            found.close()
            return "a coroutine"
        if not isinstance(found, list):
            return type(found).__name__
        return "right" if found == [f"{one}!" for one in questions] else "wrong"

    yield from compared(lambda: blocking(look_up, questions), learners)


def judge(rows):
    results = {row["result"] for row in rows if row["kind"] == "yours"}
    if "a coroutine" in results:
        return False, "you returned a coroutine, which nobody has run. asyncio.run does."
    if other := next(iter(results - {"right", "wrong"}), None):
        return False, f"you returned {other} instead of a list of answers. gather returns one."
    if "wrong" in results:
        return (
            False,
            "the list does not hold the answers in the order of the questions. gather keeps the"
            " order.",
        )
    passed, why = judged(rows)
    return passed, why + (
        "" if passed else " Who runs look_up? While it blocks the loop, no other task can begin."
    )

"""Fetch all pages: `async def fetch_all(fetch, pages, most)` returns the texts in their order.

At most `most` are under way at once, and as soon as one page is there, the next begins. If a page
cannot be fetched, its exception comes out, alone or in an ExceptionGroup, and nothing is left under
way; the same if somebody cancels. The site counts steps of the loop, not time: no busy machine
changes what it sees.
"""

import asyncio

from pvt.tools.learner import learners_function

ARGUMENTS = ("fetch", "pages", "most")
AWAITED = True
PAGES, MOST, BAD = 12, 4, 3
PATIENCE = 2.0  # seconds for each test
IDLE = 3  # times that a page began alone, or nearly, while others wait: places were left empty
WORDS = ("right", "other order", "other texts")  # of a list that comes back
LATE = " Does something wait for a place that nobody gives back?"


class Site:
    """Counts who is under way; a page takes the more steps, the sooner its turn is."""

    def __init__(self, most, bad=None):
        self.most, self.bad = most, bad
        self.begun, self.under_way, self.full, self.idle = [], 0, 0, 0

    async def fetch(self, page):
        self.begun.append(page)
        self.under_way += 1
        self.full = max(self.full, self.under_way)
        self.idle += len(self.begun) > self.most and 2 * self.under_way <= self.most
        try:
            for _ in range(40 - 3 * page):
                await asyncio.sleep(0)
            if page == self.bad:
                raise OSError(f"page {page} is gone")
            return text(page)
        finally:
            self.under_way -= 1


def text(page):
    return f"text of {page}"


def run(*, source, name):
    fetch_all = learners_function(source, name)
    for test, pages, most, bad in (
        ("all", PAGES, MOST, None),
        ("one at a time", 4, 1, None),
        ("no pages", 0, MOST, None),
        ("one fails", PAGES, MOST, BAD),
        ("cancelled", PAGES, MOST, None),
    ):
        site = Site(most, bad)
        yield {"test": test, **asyncio.run(tried(fetch_all, site, list(range(pages)), most, test))}


async def tried(fetch_all, site, pages, most, test):
    """What came back or was raised, what the site saw, and how many tasks were left."""
    answer, raised = None, ""
    task = asyncio.ensure_future(fetch_all(site.fetch, pages, most))
    if test == "cancelled":
        for _ in range(8):
            await asyncio.sleep(0)
        task.cancel()
    done, _ = await asyncio.wait([task], timeout=PATIENCE)
    if not done:
        raised = "nothing: it did not end"
    elif task.cancelled():
        raised = "CancelledError"
    elif task.exception():
        raised = spoken(task.exception())
    else:
        answer = task.result()
    for _ in range(3):
        await asyncio.sleep(0)
    left = asyncio.all_tasks() - {asyncio.current_task(), task}
    for one in left | {task}:
        one.cancel()
    await asyncio.wait(left | {task}, timeout=0.2)
    return {
        "pages": len(pages),
        "most": most,
        "begun": len(site.begun),
        "full": site.full,
        "idle": site.idle,
        "result": kind(answer, pages),
        "raised": raised,
        "left": len(left),
    }


def spoken(problem):
    """An exception in one line; of a group, what is in it."""
    if isinstance(problem, BaseExceptionGroup):
        return "; ".join(spoken(one) for one in problem.exceptions)
    return f"{type(problem).__name__}: {problem}"


def kind(answer, pages):
    """What the learner has returned, in a word."""
    right = [text(page) for page in pages]
    if not isinstance(answer, list):
        return type(answer).__name__
    if answer == right:
        return "right"
    return "other order" if sorted(map(str, answer)) == sorted(right) else "other texts"


def judge(rows):
    first, alone, none, failing, cancelled = rows
    for row in (first, alone, none):
        if row["raised"]:
            with_what = f"with {row['pages']} pages and most = {row['most']}"
            return False, f"{with_what} it raised {row['raised']}."
    if first["result"] not in WORDS:
        return False, (
            f"you returned {first['result']} instead of the list of texts. What gather gives is"
            " awaited."
        )
    if first["begun"] != PAGES and first["result"] != "right":
        return False, f"{first['begun']} of {PAGES} pages were fetched. Each belongs in once."
    if first["full"] > MOST:
        return False, (
            f"{first['full']} pages were under way at once, and {MOST} may be. An"
            " asyncio.Semaphore counts places."
        )
    if first["full"] == 1:
        return False, "one page was under way at a time: each was awaited before the next began."
    if alone["full"] > 1:
        return False, f"with most = 1, {alone['full']} pages were under way at once. Use most."
    if first["result"] == "other order":
        return (
            False,
            "the texts are not in the order of the pages. gather keeps it, and so does a list of"
            " tasks.",
        )
    if first["result"] != "right":
        return False, "the list does not hold the texts of the pages."
    if none["result"] != "right":
        return False, f"without pages you returned {none['result']} instead of an empty list."
    if first["idle"] >= IDLE:
        return False, (
            "places were left empty: a whole batch was awaited before the next began. One free"
            " place is enough."
        )
    if "is gone" not in failing["raised"]:
        return (
            False,
            f"page {BAD} could not be fetched, and nobody was told. Let the exception through.",
        )
    if failing["left"]:
        return False, (
            f"when page {BAD} had failed, {failing['left']} tasks were still under way."
            " gather leaves them behind; a TaskGroup ends them."
        )
    if cancelled["left"] or cancelled["raised"] != "CancelledError":
        ending = f"left {cancelled['left']} tasks behind" if cancelled["left"] else "did not end"
        return False, f"cancelled from outside, it {ending}. Who awaits the tasks then?"
    return True, (
        f"all {PAGES} texts in order, {first['full']} pages at once, no place left empty,"
        " and nothing left behind by a failure or a cancellation."
    )

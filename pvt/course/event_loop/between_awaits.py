"""Two buyers, one ticket: in how many orders of steps is it sold twice, as tasks and as threads?

No luck is involved: every order in which the tasks can go on is tried. So this experiment imports
the stepper, as `chance` and `lock_orders` do.
"""

import asyncio
import inspect
from typing import Annotated

from pvt.claims import Claim

QUESTION = "In how many orders is the one ticket sold twice?"
OUTCOMES = (
    "Tasks never sell it twice",
    "Tasks sell it twice where an await waits in between",
    "Tasks sell it twice, whatever lies in between",
)
SECONDS = 1.0  # as usual
LIMIT = 20.0  # seconds, of each search

HEAD = """
import asyncio, threading
from types import SimpleNamespace

shop = SimpleNamespace(left=1, sold=0, lock=asyncio.Lock())
"""
TASKS = """
async def main():
    await asyncio.gather({buy}(shop), {buy}(shop))

asyncio.run(main())
"""
IN_THREADS = """
buyers = [threading.Thread(target={buy}, args=(shop,)) for _ in range(2)]
for buyer in buyers:
    buyer.start()
for buyer in buyers:
    buyer.join()
"""
END = 'assert shop.sold == 1, f"sold {shop.sold} times"\n'


async def pay():
    await asyncio.sleep(0)


async def check():
    return True


async def no_await(shop):
    if shop.left:
        shop.left -= 1
        shop.sold += 1


async def waits(shop):
    if shop.left:
        await pay()
        shop.left -= 1
        shop.sold += 1


async def never_waits(shop):
    if shop.left:
        await check()
        shop.left -= 1
        shop.sold += 1


async def locked(shop):
    async with shop.lock:
        if shop.left:
            await pay()
            shop.left -= 1
            shop.sold += 1


def in_threads(shop):
    if shop.left:
        shop.left -= 1
        shop.sold += 1


PROGRAMS = {
    "no await": no_await,
    "await pay(),\nwhich waits": waits,
    "await check(),\nwhich never waits": never_waits,
    "await, under\nasyncio.Lock": locked,
    "threads,\nno lock": in_threads,
}
NONE, WAITS, NEVER, LOCKED, THREADS = (name.replace("\n", " ") for name in PROGRAMS)
STUDY = (no_await, pay, waits, check, never_waits, locked, in_threads)


def run(*, preemptions: Annotated[int, range(4)] = 2):
    """`preemptions`: how often a thread may be interrupted; a task gives way at an await only."""
    from pvt.stepper.searching import run as search

    for name, buyer in PROGRAMS.items():
        rows = list(search(source=program(buyer), preemptions=preemptions, seconds=LIMIT))
        ends = {one["ending"]: one for one in rows if one["kind"] == "ending"}
        broken, result = ends.get("broken"), rows[-1]
        yield {
            "program": name.replace("\n", " "),
            "preemptions": preemptions,
            "schedules": result["schedules"],
            "twice": broken["schedules"] if broken else 0,
            "others": sum(
                one["schedules"] for end, one in ends.items() if end not in ("safe", "broken")
            ),
            "complete": result["complete"],
            "because": result["because"],
            "seconds": result["seconds"],
        }


def program(buyer):
    """The text of a program in which two of these buyers meet."""
    texts = [HEAD, *(inspect.getsource(function) for function in (pay, check, buyer))]
    end = IN_THREADS if buyer is in_threads else TASKS
    return "\n\n".join([*texts, end.format(buy=buyer.__name__), END])


def of(rows, name):
    return next((row for row in rows if row["program"] == name), None)


def whole(rows):
    """Why the searches do not tell, or None where they do."""
    part = [row for row in rows if not row["complete"] or row["others"]]
    return part[0]["because"] if part else None


def outcome(rows):
    if len(rows) < len(PROGRAMS) or whole(rows):
        return None
    plain, waits = of(rows, NONE)["twice"], of(rows, WAITS)["twice"]
    return OUTCOMES[2] if plain else OUTCOMES[1] if waits else OUTCOMES[0]


def sentence(rows):
    bad = [
        f"{row['program']} ({row['twice']} of {row['schedules']})" for row in rows if row["twice"]
    ]
    return f"Some orders sell the ticket twice: {'; '.join(bad) or 'none so far'}."


def draw(ax, rows):
    """A bar for each program: the share of the orders that sell it twice, with the numbers."""
    for at, row in enumerate(rows):
        share = row["twice"] / max(1, row["schedules"])
        ax.bar(at, share, 0.6, color="none", edgecolor="trouble", hatch="//")
        text = f"{row['twice']} of {row['schedules']}"
        ax.annotate(text, (at, share), ha="center", va="bottom", fontsize=11)
    ax.set(ylabel="share of the orders", ylim=(0, 1.1), xlim=(-0.5, len(PROGRAMS) - 0.5))
    ax.set_xticks(range(len(rows)), list(PROGRAMS)[: len(rows)])


def needs_an_await(rows):
    plain, waits, never = (of(rows, name) for name in (NONE, WAITS, NEVER))
    because = (
        f"the ticket is sold twice in {plain['twice']} of {plain['schedules']} orders without an"
        " await in between,"
        f" in {never['twice']} of {never['schedules']} with the await of a coroutine that never"
        " waits, and in"
        f" {waits['twice']} of {waits['schedules']} with one that waits"
    )
    if why := whole(rows):
        return None, f"{because}; but {why}."
    return waits["twice"] > 0 and not plain["twice"] and not never["twice"], because + "."


def lock_helps(rows):
    one = of(rows, LOCKED)
    because = (
        f"under an asyncio.Lock the ticket is sold twice in {one['twice']} of"
        f" {one['schedules']} orders."
    )
    if not one["complete"] or one["others"]:
        return None, f"{because} But {one['because']}."
    return not one["twice"], because


CLAIMS = [
    Claim(
        "asyncio.race-at-await",
        "Tasks race only where one of them really waits between looking and acting.",
        {},
        needs_an_await,
    ),
    Claim(
        "asyncio.lock-across-await",
        "An asyncio.Lock that is held across the await ends the race.",
        {},
        lock_helps,
    ),
]

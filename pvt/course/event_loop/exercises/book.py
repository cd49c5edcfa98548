"""Book a room: `async def book(hotel, guest)`: pay, take a room, be listed.

`await hotel.pay(guest)` takes a while, and may raise. Whoever has paid has a room, and no room is
lost. Every order in which two tasks can go on is searched; then many guests come, one cannot pay,
and one is cancelled while paying.
"""

import asyncio

from pvt.tools.learner import learners_function

ARGUMENTS = ("hotel", "guest")
AWAITED = True
ROOMS, GUESTS, PATIENCE = 5, 20, 0.5  # rooms and guests of the crowd; seconds for each test
LATE = (
    " A lock of threading blocks the loop, and with it the task that holds the lock:"
    " hotel.lock is an asyncio.Lock."
)

HOTEL = '''
import asyncio


class Hotel:
    """Has a lock; `await pay(guest)` takes a while, and a guest called "poor" cannot pay."""

    def __init__(self, rooms):
        self.rooms, self.guests, self.paid, self.lock = rooms, [], [], asyncio.Lock()

    async def pay(self, guest):
        await asyncio.sleep(0)
        if guest == "poor":
            raise ValueError("the card was refused")
        self.paid.append(guest)
        await asyncio.sleep(0)
'''
PROGRAM = """
hotel = Hotel(1)


async def visit(guest):
    try:
        await {name}(hotel, guest)
    except ValueError:
        pass


async def main():
    await asyncio.gather({visits})


asyncio.run(main())
assert len(hotel.guests) <= 1, "OVERSOLD"
assert sorted(hotel.paid) == sorted(hotel.guests), "PAID"
assert hotel.rooms + len(hotel.guests) == 1, "LOST"
"""


def run(*, source, name):
    book, seen = learners_function(source, name), {}
    exec(compile(HOTEL, "<hotel>", "exec"), seen)
    own = {"own": "Lock(" in source, "with": ".lock" in source}
    alone = asyncio.run(visited(book, seen["Hotel"](2), ["Ann"]))
    yield {"test": "alone", **alone, "ending": None, "because": None, **own}
    for test, guests in (("two guests", ("Ann", "Bob")), ("one is poor", ("poor", "Ann"))):
        found = searched(source, name, guests)
        yield {"test": test, **dict.fromkeys(alone), **found, **own}
    crowd = [f"guest {number}" for number in range(GUESTS)]
    for test, guests, rooms in (
        ("crowd", crowd, ROOMS),
        ("poor first", ["poor"], 1),
        ("cancelled", ["Ann"], 1),
    ):
        done = asyncio.run(visited(book, seen["Hotel"](rooms), guests, test))
        yield {"test": test, **done, "ending": None, "because": None, **own}


async def visited(book, hotel, guests, test=""):
    """Let guests book at once; one that was refused or cancelled is followed by one who can pay."""
    tasks = [asyncio.ensure_future(book(hotel, guest)) for guest in guests]
    if test == "cancelled":
        for _ in range(2):
            await asyncio.sleep(0)
        tasks[0].cancel()
    done, late = await asyncio.wait(tasks, timeout=PATIENCE)
    if test in ("poor first", "cancelled") and not late:
        next_one = asyncio.ensure_future(book(hotel, "Zoe"))
        _, late = await asyncio.wait([next_one], timeout=PATIENCE)
        done |= {next_one} - late
    for task in late:
        task.cancel()
    await asyncio.sleep(0)
    raised = [task.exception() for task in done if not task.cancelled()]
    bugs = [one for one in raised if one and "refused" not in str(one)]
    return {
        "rooms": hotel.rooms,
        "guests": len(hotel.guests),
        "paid": len(hotel.paid),
        "stuck": len(late),
        "raised": f"{type(bugs[0]).__name__}: {bugs[0]}" if bugs else "",
    }


def searched(source, name, guests):
    """The first bad ending that the search over every order finds, or that there is none."""
    from pvt.stepper.searching import run as search

    visits = ", ".join(f"visit({guest!r})" for guest in guests)
    program = source + HOTEL + PROGRAM.format(name=name, visits=visits)
    rows = list(search(source=program, preemptions=1, seconds=2.0, first=True))
    bad = [row for row in rows if row["kind"] == "ending" and row["ending"] != "safe"]
    worst = bad[0] if bad else rows[-1]
    return {"ending": bad[0]["ending"] if bad else "safe", "because": worst["because"]}


def judge(rows):
    alone, two, poor, crowd, refused, cancelled = rows
    if alone["raised"]:
        return False, f"with a single guest it raised {alone['raised']}."
    if (alone["rooms"], alone["guests"], alone["paid"]) != (1, 1, 1):
        return False, (
            f"one guest came to two free rooms: {alone['paid']} paid, {alone['guests']} listed,"
            f" {alone['rooms']} rooms"
            " left. Pay, take a room, and list the guest."
        )
    for row in (two, poor):
        if row["ending"] != "safe":
            return False, found(row)
    if crowd["guests"] != ROOMS or crowd["paid"] != ROOMS or crowd["rooms"]:
        return False, (
            f"{GUESTS} guests came to {ROOMS} rooms: {crowd['guests']} are listed,"
            f" {crowd['paid']} have paid,"
            f" {crowd['rooms']} rooms are left."
        )
    for row, who in (
        (refused, "whose card was refused"),
        (cancelled, "who was cancelled while paying"),
    ):
        if row["stuck"]:
            return (
                False,
                f"after a guest {who} the next one waits for ever: the lock was kept. async with"
                " gives it back.",
            )
        if row["guests"] != 1:
            return (
                False,
                f"after a guest {who} the room was lost: the next one came, and was not listed.",
            )
    return True, (
        f"{two['because']}; {GUESTS} guests got {ROOMS} rooms; and nothing is lost by a refused"
        " card or a cancellation."
    )


def found(row):
    """What to say of a bad order that the search has found."""
    if row["ending"] == "deadlock":
        return f"in some order the guests wait for ever: {row['because']}."
    if "OVERSOLD" in row["because"]:
        text = "In some order both guests get the one room."
        if row["own"]:
            return (
                f"{text} A lock made inside the function is a new one for each guest: use"
                " hotel.lock."
            )
        if row["with"]:
            return f"{text} Looking and taking must both be under the lock, in one go."
        return f"{text} The one looks while the other pays: at the await tasks take turns."
    if "PAID" in row["because"]:
        return "In some order a guest pays and gets no room. Look and pay under one lock."
    if "LOST" in row["because"]:
        return (
            "In some order the room is lost: it is taken, and nobody is listed for it. Who"
            " brings it back?"
        )
    return f"the search could not finish: {row['because']}."

"""The exercises of chapter 16: right answers pass, and typical wrong ones are told what is
wrong."""

import pytest
from answers import refused, solves

import pvt

FETCH = """
import asyncio
async def fetch_all(fetch, pages, most):
    places = asyncio.Semaphore(most)
    async def one(page):
        async with places:
            return await fetch(page)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(page)) for page in pages]
    return [task.result() for task in tasks]
"""
WORKERS = """
import asyncio
async def fetch_all(fetch, pages, most):
    left, texts = list(enumerate(pages)), [None] * len(pages)
    async def worker():
        while left:
            at, page = left.pop(0)
            texts[at] = await fetch(page)
    async with asyncio.TaskGroup() as group:
        for _ in range(most):
            group.create_task(worker())
    return texts
"""
GATHER = """
import asyncio
async def fetch_all(fetch, pages, most):
    places = asyncio.Semaphore(most)
    async def one(page):
        async with places:
            return await fetch(page)
    return await asyncio.gather(*(one(page) for page in pages))
"""
BATCHES = """
import asyncio
async def fetch_all(fetch, pages, most):
    texts = []
    for at in range(0, len(pages), most):
        texts += await asyncio.gather(*(fetch(page) for page in pages[at : at + most]))
    return texts
"""
IN_A_ROW = """
async def fetch_all(fetch, pages, most):
    return [await fetch(page) for page in pages]
"""
AS_COMPLETED = """
import asyncio
async def fetch_all(fetch, pages, most):
    places = asyncio.Semaphore(most)
    async def one(page):
        async with places:
            return await fetch(page)
    return [await done for done in asyncio.as_completed([one(page) for page in pages])]
"""
ASK = """
import asyncio
async def ask_again(ask, tries, seconds):
    for left in reversed(range(tries)):
        try:
            async with asyncio.timeout(seconds):
                return await ask()
        except OSError:
            if not left:
                raise
"""
WAIT_FOR = ASK.replace("async with asyncio.timeout(seconds):", "if True:").replace(
    "await ask()", "await asyncio.wait_for(ask(), seconds)"
)
IN_ALL = """
import asyncio
async def ask_again(ask, tries, seconds):
    async with asyncio.timeout(seconds):
        for left in reversed(range(tries)):
            try:
                return await asyncio.wait_for(ask(), seconds)
            except OSError:
                if not left:
                    raise
"""
BOOK = """
async def book(hotel, guest):
    async with hotel.lock:
        if hotel.rooms:
            await hotel.pay(guest)
            hotel.rooms -= 1
            hotel.guests.append(guest)
"""
RESERVE = """
async def book(hotel, guest):
    if hotel.rooms:
        hotel.rooms -= 1
        try:
            await hotel.pay(guest)
            hotel.guests.append(guest)
        {rescue}:
            hotel.rooms += 1
            raise
"""
KEPT = """
async def book(hotel, guest):
    await hotel.lock.acquire()
    if hotel.rooms:
        await hotel.pay(guest)
        hotel.rooms -= 1
        hotel.guests.append(guest)
    hotel.lock.release()
"""
HALF = """
async def book(hotel, guest):
    async with hotel.lock:
        left = hotel.rooms
    if left:
        await hotel.pay(guest)
        hotel.rooms -= 1
        hotel.guests.append(guest)
"""
AGAIN = """
async def book(hotel, guest):
    if hotel.rooms:
        await hotel.pay(guest)
        if hotel.rooms:
            hotel.rooms -= 1
            hotel.guests.append(guest)
"""
RIGHT = [
    ("fetch_all", FETCH, "4 pages at once, no place left empty"),
    ("fetch_all", WORKERS, "4 pages at once, no place left empty"),
    ("ask_again", ASK, "8 servers asked"),
    ("ask_again", WAIT_FOR, "8 servers asked"),
    ("book", BOOK, "20 guests got 5 rooms"),
]
WRONG = [
    ("fetch_all", IN_A_ROW, "one page was under way at a time"),
    ("fetch_all", GATHER.replace("Semaphore(most)", "Semaphore(99)"), "12 pages were under way at"
                                                                      " once, and 4 may be"),
    ("fetch_all", GATHER.replace("Semaphore(most)", "Semaphore(4)"), "with most = 1, 4 pages were"
                                                                     " under way"),
    ("fetch_all", BATCHES, "places were left empty"),
    ("fetch_all", AS_COMPLETED, "not in the order of the pages"),
    ("fetch_all", GATHER, "tasks were still under way. gather leaves them behind"),
    ("fetch_all", GATHER.replace("pages))", "pages), return_exceptions=True)"), "nobody was told"),
    ("fetch_all", GATHER.replace("await"
                                 " asyncio.gather", "asyncio.gather"), "instead of the list"
                                                                            " of texts"),

    ("ask_again", ASK.replace("asyncio.timeout(seconds)", "asyncio.timeout(None)"), "Give each"
                                                                                    " try its time-out"),
    ("ask_again", ASK.replace("except"
                              " OSError", "except"
                                                " BaseException"), "which no further try"
                                                                         " will mend"),
    ("ask_again", ASK.replace("except"
                              " OSError", "except (OSError,"
                                                " asyncio.CancelledError)"), "CancelledError must go through"),
    ("ask_again", ASK.replace("if not left:\n               "
                              " raise", "pass"), "the caller takes"
                                                                              " that for an answer"),
    ("ask_again", ASK.replace("range(tries)", "range(tries +"
                                              " 2)"), "5 tries were made where 3 are"
                                                                   " allowed"),
    ("ask_again", ASK.replace("range(tries)", "range(2)"), "it was asked 2 times"),
    ("ask_again", IN_ALL, "not for all of them"),
    ("book", BOOK.replace("async with hotel.lock", "if True"), "at the await tasks take turns"),
    ("book", "import"
             " asyncio\n" + BOOK.replace("hotel.lock", "asyncio.Lock()"), "is a new one for"
                                                                                " each guest"),
    ("book", HALF, "must both be under the lock, in one go"),
    ("book", AGAIN, "a guest pays and gets no room"),
    ("book", KEPT, "wait for ever"),
    ("book", RESERVE.format(rescue="finally").replace("           "
                                                      " raise\n", ""), "one guest came"
                                                                                  " to two free rooms"),
    ("book", RESERVE.format(rescue="except"
                                   " ValueError"), "who was cancelled while paying the room"
                                                         " was lost"),
    ("book", BOOK.replace("            hotel.rooms -="
                          " 1\n", ""), "Pay, take a room, and list the"
                                                                 " guest"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "said"), RIGHT)
def test_a_right_answer_passes(name, text, said):
    solves(name, text, said)


@pytest.mark.parametrize(("name", "text", "said"), WRONG)
def test_a_wrong_answer_is_explained(name, text, said):
    refused(name, text, said)


@pytest.mark.parametrize("name", ["keep_ticking", "fetch_all"])
def test_an_exercise_says_whether_it_is_awaited(name):
    begin = "def" if name == "fetch_all" else "async def"
    answer = pvt.check(name, f"{begin} mine(a, b):\n    pass\n")
    assert "must begin with" in answer.because

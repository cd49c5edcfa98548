"""Sets of objects: their order is the same in every run and in every process, and the result says
that it is one of many."""

import pytest

import pvt
from pvt.stepper.hashes import ONE_ORDER

POOL = """\
import concurrent.futures as cf
with cf.ThreadPoolExecutor(3) as pool:
    done, _ = cf.wait([pool.submit(str, c) for c in "abc"])
    print([one.result() for one in done])
"""
OBJECTS = """\
import threading
class Job:
    def __init__(self, name):
        self.name = name
jobs, lock = set(), threading.Lock()
def work(k):
    junk = [k] * 37 * k
    for i in range(3):
        with lock:
            jobs.add(Job((k, i)))
threads = [threading.Thread(target=work, args=(k,)) for k in range(2)]
for one in threads: one.start()
for one in threads: one.join()
print([job.name for job in jobs])
"""
TASKS = """\
import asyncio
async def job(name):
    await asyncio.sleep(0)
    return name
async def main():
    done, _ = await asyncio.wait([asyncio.create_task(job(c)) for c in "abc"])
    print([one.result() for one in done])
asyncio.run(main())
"""
TEXTS = "import threading\nthreading.Thread(target=print, args=({'a', 'b'},)).start()\n"
NUMBERS = "import threading\nthreading.Thread(target=print, args=({1, 2},)).start()\n"
ONE = "import threading\nthreading.Thread(target=print, args=({'a'},)).start()\n"


@pytest.mark.parametrize("source", [POOL, OBJECTS, TASKS], ids=["futures", "objects", "tasks"])
def test_two_searches_find_the_same_texts(source):
    first, second = pvt.search(source), pvt.search(source)  # each in a process of its own
    assert set(first.endings) == {"safe"} and first.outputs
    assert second.endings == first.endings and second.outputs == first.outputs


def test_futures_that_a_pool_has_done_come_in_one_order():
    assert len(pvt.search(POOL).outputs) == 1


@pytest.mark.parametrize(
    ("source", "told"),
    [(POOL, True), (OBJECTS, True), (TASKS, True), (TEXTS, True), (NUMBERS, False), (ONE, False)],
)
def test_the_result_says_that_the_order_is_one_of_many(source, told):
    assert (ONE_ORDER in pvt.search(source).assumed) == told


@pytest.mark.parametrize(
    "lines",
    [
        "@dataclass\nclass A:\n    n: int\ntry:\n    {A(1)}\n    raise SystemExit('hashable')\n"
        "except TypeError as error:\n    assert 'unhashable' in str(error), error",
        "@dataclass(eq=False)\nclass A:\n    n: int\nassert len({A(1), A(1)}) == 2",
        "@dataclass(frozen=True)\nclass A:\n    n: int\nassert len({A(1), A(1)}) == 1",
        "class A:\n    def __eq__(self, other): return True\nassert A.__hash__ is None",
        "class A:\n    def __hash__(self): return 7\nassert hash(A()) == 7",
        "class A:\n    __slots__ = ('n',)\na = A()\nassert a in {a} and hash(a) == hash(a)",
        "class A: pass\na, b = A(), A()\nassert {a: 1, b: 2}[b] == 2 and a not in {b}",
        "class A: pass\nclass B(A):\n    def __init__(self): super().__init__()\n"
        "b = B()\nassert b in {b} and B in {B}",
        "class Meta(type): pass\nclass A(metaclass=Meta): pass\nassert {A: 1}[A] == 1",
        "import weakref\nclass A: pass\nkept = weakref.WeakSet()\nkept.add(A())\n"
        "assert len(kept) == 0",
        "class A: pass\nseen = {hash(A()) for _ in range(5)}\nassert A() != A()",
        "class Thin(threading.Thread): pass\none = Thin()\nassert one in {one}",
        "from typing import Protocol\nclass P(Protocol):\n    def go(self): ...\n"
        "class A:\n    def go(self): return 1\nassert A().go() == 1 and len({A(), A()}) == 2",
        "import enum\nclass E(enum.Enum):\n    ONE = 1\nassert {E.ONE: 1}[E.ONE] == 1",
    ],
)
def test_what_a_hash_says_of_a_class_stays_as_it_is(lines):
    body = "".join(f"    {line}\n" for line in lines.splitlines())
    source = "import threading\nfrom dataclasses import dataclass\ndef work():\n" + body
    for end in ("work()\n", "threading.Thread(target=work).start()\n"):
        found = pvt.search(source + end)
        assert found.bad is None, found.because

"""A schedule is told: who read, who wrote in between, who holds what; the lines are marked; two
outputs stand side by side."""

import pytest
from pythons import VERSIONS, ask

import pvt
from pvt.stepper import telling

START = "\nthreads = [threading.Thread(target=work) for _ in range(2)]\nfor t in threads: t.start()\nfor t in threads: t.join()\n"
COUNTER = (
    "import threading\nn = 0\ndef work():\n    global n\n    n += 1" + START + "assert n == 2\n"
)
CHECK = "import threading\nitems = [1]\ndef work():\n    if items:\n        items.pop()" + START
HALF = (
    """import threading
class Config:
    made = None
    def load(self):
        self.port = 80
def work():
    if Config.made is None:
        Config.made = Config()
        Config.made.load()
    print(Config.made.port)"""
    + START
)
CIRCLE = """import threading
left, right = threading.Lock(), threading.Lock()
def move(one, other):
    with one:
        with other:
            pass
threads = [threading.Thread(target=move, args=pair) for pair in [(left, right), (right, left)]]
for t in threads: t.start()
for t in threads: t.join()
"""
KEPT = (
    """import threading
lock = threading.Lock()
def work():
    lock.acquire()"""
    + START
)
QUEUE = (
    """import queue, threading
q = queue.Queue()
q.put(1)
def work():
    while not q.empty():
        q.get()"""
    + START
)
FULL = """import queue, threading
q = queue.Queue(1)
def put():
    for each in range(3):
        q.put(each)
def get(): q.get()
threads = [threading.Thread(target=each) for each in (put, get)]
for t in threads: t.start()
for t in threads:
    t.join()
"""
MISSED = """import threading
bell, called = threading.Condition(), False
def guest():
    if not called:
        with bell: bell.wait()
def doctor():
    global called
    called = True
    with bell: bell.notify()
threads = [threading.Thread(target=f) for f in (guest, doctor)]
for t in threads: t.start()
for t in threads: t.join()
"""
INSIDE = """import threading
lock, go = threading.Lock(), threading.Event()
def wait():
    with lock:
        go.wait()
def signal():
    with lock:
        go.set()
threads = [threading.Thread(target=f) for f in (wait, signal)]
for t in threads: t.start()
for t in threads: t.join()
"""
TWICE = """import threading
lock = threading.Lock()
def add():
    with lock: pass
def work():
    with lock:
        add()
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""
LATE = """import asyncio
async def work():
    await asyncio.sleep(0)
async def main():
    await asyncio.wait_for(work(), 1)
asyncio.run(main())
"""
TOLD = {
    COUNTER: (
        "Thread 1 read n in line 5. Before it wrote, thread 2 wrote n in line 5. "
        "Then thread 1 wrote back what it had made of the old value",
        {5},
    ),
    CHECK: ("read the list items in line 4. Before it went on, thread", {4, 5}),
    HALF: ("wrote Config.made in line 8. It was not done when thread 2 read Config.made", {7, 8, 10}),
    CIRCLE: (
        "Thread 1 took the lock left in line 4. It waits in line 5 for the lock right, which thread 2 holds.",
        {5},
    ),
    KEPT: ("took the lock lock in line 4, and ended without giving it back.", {4}),
    INSIDE: (
        "Thread 1 took the lock lock in line 4 and kept it: in line 5 it is waiting for the event go"
        " to be set. Thread 2 waits for it in line 7, for ever.",
        {4, 5, 7},
    ),
    TWICE: (
        "Thread 1 took the lock lock in line 6 and waits for it again in line 4: a Lock cannot be"
        " taken twice, not even by its holder; an RLock can.",
        {4, 6},
    ),
    FULL: (
        "No thread can go on: thread 0 is waiting for the end of thread 1; thread 1 is waiting for",
        {5, 10},
    ),
    QUEUE: ("looked at the queue q in line 5. Before it went on, thread", {5, 6}),
    MISSED: ("Only then thread 1 began to wait in line 5: it never hears that call", {5, 9}),
}  # fmt: skip


@pytest.mark.parametrize("program", TOLD, ids=list("0123456789"))
def test_what_goes_wrong_is_told_and_marked(program):
    found = pvt.search(program, seconds=20)
    story, lines = TOLD[program]
    assert story in found.story
    marks = found.marks[found.bad]
    assert marks and {line for line, _ in marks} <= lines
    assert "①" in found._repr_html_()
    played = pvt.replay(program, found.schedules[found.bad])
    assert found.story in played._repr_html_().replace("&#39;", "'")


def test_a_time_out_that_is_over_too_soon_is_told():
    found = pvt.search(LATE)
    assert found.story.startswith(
        "Thread 0: line 5 raised TimeoutError. A time-out may be over before"
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_the_story_is_the_same_on_each_python(version):
    for program in (COUNTER, CIRCLE, QUEUE):
        rows = ask(version, "search", source=program, preemptions=2)
        stories = [row["story"] for row in rows if row["kind"] == "ending" and row["story"]]
        assert any(TOLD[program][0] in story for story in stories), stories


def test_two_outputs_stand_side_by_side_with_their_stories():
    program = COUNTER.replace("assert n == 2", "print('count')\nprint(n)")
    found = pvt.search(program)
    assert found.bad is None and found.story == ""
    (first, _), (other, it) = found.two
    assert {first, other} == {"count\n1\n", "count\n2\n"}
    assert any("Then thread 1 wrote back" in it["story"] for _, it in found.two)
    html = found._repr_html_()
    assert "Text A" in html and "Text B" in html
    assert "≠ 1" in html and "≠ 2" in html and "≠ count" not in html
    assert pvt.replay(program, it["schedule"]).rows[-1]["output"] == f'["count", "{other[6]}"]'
    assert "Text B, in" in telling.as_text(found)


def test_the_same_lines_in_another_order_are_called_so():
    program = "import threading\ndef work(name): print(name)\n" + "".join(
        f"threading.Thread(target=work, args={name!r}).start()\n" for name in "ab"
    )
    assert "with the same lines in another order" in pvt.search(program)._repr_html_()


def test_a_long_schedule_is_written_short_and_can_be_typed():
    from pvt.stepper.asking import numbers
    from pvt.stepper.schedule import read

    plan = ["+a,b", *[0] * 9, 1, 1, "2*400"]
    assert telling.short(plan) == "['+a,b', 0*9, 1, 1, 2*400]"
    assert read(numbers(telling.short(plan))) == read(plan)


def test_a_long_loop_is_told_from_its_beginning():
    loop = COUNTER.replace("    n += 1", "    for _ in range(10_000):\n        n += 1")
    found = pvt.search(loop.replace("assert n == 2", "print(n)"), seconds=16)
    stories = [it["story"] for _, it in found.two]
    assert any("Before it went on, thread" in story for story in stories), found.outputs


NO_LINE = """\
import queue, threading
lock, event, line = threading.Lock(), threading.Event(), queue.Queue()
lock.acquire()
thread = threading.Thread(target={target})
thread.start()
{rest}
thread.join()
"""
TARGETS = {"event.wait": "event.set()", "lock.acquire": "lock.release()", "line.get": "line.put(1)"}


@pytest.mark.parametrize("target", TARGETS)
def test_a_thread_that_runs_no_line_of_the_program_is_told_by_the_line_that_starts_it(target):
    text = NO_LINE.format(target=target, rest="")
    found = pvt.search(text)
    assert found.bad == "deadlock" and "thread.start()    <- " in telling.as_text(found)
    assert "thread.start()" in telling.html(found)
    played = pvt.replay(text, found.schedules["deadlock"])
    assert played.ending == "deadlock" and {row["line"] for row in played.steps} <= set(range(1, 8))


@pytest.mark.parametrize("target", TARGETS)
def test_a_thread_that_runs_no_line_of_the_program_may_be_right(target):
    assert pvt.search(NO_LINE.format(target=target, rest=TARGETS[target])).bad is None


NAMED = {
    "a name of a module": (
        "import math\nmath.n = 0\ndef one(): math.n += 1\nother = one\n",
        "Thread 1 read math.n in line 5. Before it wrote, thread 2 wrote math.n in line 5.",
        "assert math.n == 2\n",
    ),
    "the environment": (
        "import os\nos.environ['N'] = '0'\n"
        "def one(): os.environ['N'] = str(int(os.environ['N']) + 1)\nother = one\n",
        "Thread 1 read os.environ in line 5. Before it wrote, thread 2 wrote os.environ in line 5.",
        "assert os.environ['N'] == '2'\n",
    ),
    "a move that is half done": (
        "class Box: pass\nbox = Box(); box.left, box.right = 1, 0\n"
        "def one():\n    box.left = 0\n    box.right = 1\n"
        "def other(): a[0] = box.left + box.right\n",
        "wrote box.left in line 6. It had not come to line 7 when thread 2 read box.left in line 8:",
    ),
    "what is held when another fails": (
        "a = bytearray(b'a')\ndef one():\n    with memoryview(a) as view: view[0]\n"
        "def other(): a.append(1)\n",
        "read the bytearray a in line 5. It was not done when thread 2 changed the bytearray a in line 6.",
    ),
    "who waits after that": (
        "import queue\nq, stop = queue.Queue(), False\n"
        "def one():\n    if not stop:\n        q.get()\n"
        "def other():\n    global stop\n    stop = True\n",
        "Then thread 1 went on in line 7, going by what it had read before",
    ),
    "a look by bisect": (
        "import bisect\na = []\n"
        "def one(x=1):\n    at = bisect.bisect(a, x)\n    a.insert(at, x)\n"
        "def other():\n    one(2)\n    assert a == sorted(a)\n",
        "read the list a in line 6. Before it went on, thread",
    ),
    "a dict of a metaclass": (
        "class Meta(type):\n    made = {}\n    def __call__(cls):\n"
        "        if cls not in cls.made:\n            cls.made[cls] = super().__call__()\n"
        "        return cls.made[cls]\nclass One(metaclass=Meta): pass\nseen = []\n"
        "def one(): seen.append(One())\n"
        "def other():\n    one()\n    assert len(set(seen)) == 1\n",
        "read the dict Meta.made in line 6. Before it went on, thread",
    ),
    "a name that begins with an underscore": (
        "_made = {}\ndef one():\n    if 1 not in _made:\n        _made[1] = object()\n"
        "    return _made[1]\n"
        "seen = []\ndef other():\n    seen.append(one())\n    assert one() is seen[0]\n",
        "the dict _made in line",
    ),
    "what fails in the same line": (
        "s = {1}\ndef one():\n    if 1 in s: s.remove(1)\nother = one\n",
        "Then thread 1 changed the set s in line 5, going by what it had read before",
    ),
    "who took the last": (
        "s = [0, 1]\ndef one():\n    s.pop()\n    assert s\nother = one\n",
        "Thread 1 changed the list s in line 5 before thread 2 came to line 6.",
    ),
    "a generator that two enter": (
        "def numbers():\n    while True: yield 1\ng = numbers()\ndef one(): next(g)\nother = one\n",
        "Thread 1 went on with the generator g in line 6",
    ),
    "a default that two make": (
        "from collections import defaultdict\ndef make(): return []\nd = defaultdict(make)\n"
        "def one(): d[1].append(1)\nother = one\n",
        "changed the defaultdict d in line",
        "assert len(d[1]) == 2\n",
    ),
    "a dict of names": (
        "\ndef one(): globals()['n'] = globals()['n'] + 1\ndef other():\n    one()\n    a[0] = n\n",
        "the dict globals() in line 4",
    ),
}


@pytest.mark.parametrize("case", NAMED)
def test_things_are_called_as_the_program_calls_them(case):
    program, sentence, *end = NAMED[case]
    start = "threads = [threading.Thread(target=each) for each in (one, other)]\n"
    start += "for t in threads: t.start()\nfor t in threads: t.join()\n"
    start += end[0] if end else "assert a[:1] != [0] and n != 1\n"
    assert sentence in pvt.search(f"import threading\na, n = [1], 0\n{program}{start}").story

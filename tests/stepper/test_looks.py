"""What stand-ins show without waiting, as their attributes: others may change it before or after the
look."""

import pytest

import pvt

TWO = """\
import queue, threading
{made}
def look():
    {look}
def change():
    {change}
one, other = threading.Thread(target=look), threading.Thread(target=change)
one.start()
{between}other.start()
one.join()
other.join()
"""
LOOKS = {
    "Barrier.n_waiting": (
        "it = threading.Barrier(2)",
        "assert it.n_waiting == 0; it.wait()",
        "it.wait()",
    ),
    "Barrier.broken": ("it = threading.Barrier(2)", "assert not it.broken", "it.abort()"),
    "Queue.unfinished_tasks": (
        "it = queue.Queue()",
        "assert it.unfinished_tasks == 0",
        "it.put(1)",
    ),
    "Queue.queue": ("it = queue.Queue()", "assert not it.queue", "it.put(1)"),
    "Semaphore._value": (
        "it = threading.Semaphore(1)",
        "assert it._value == 1",
        "it.acquire()",
    ),
    "Event.is_set": ("it = threading.Event()", "assert not it.is_set()", "it.set()"),
    "Thread.is_alive": (
        "it = threading.Thread(target=lambda: threading.Event().wait(), daemon=True)",
        "assert not it.is_alive()",
        "it.start()",
    ),
    "Thread.ident": ("it = threading.Thread(target=int)", "assert it.ident is None", "it.start()"),
    "Thread.name": ("it = threading.Thread(name='a')", "assert it.name == 'a'", "it.name = 'b'"),
    "Thread.join": ("it = threading.Thread(target=int)", "it.join()", "it.start()"),
}


@pytest.mark.parametrize("name", LOOKS)
def test_others_may_change_it_before_the_look(name):
    made, look, change = LOOKS[name]
    text = TWO.format(made=made, look=look, change=change, between="")
    found = pvt.search(text)
    assert "safe" in found.endings or name == "Thread.join"
    assert found.bad == "broken" and pvt.replay(text, found.schedules["broken"]).ending == "broken"


@pytest.mark.parametrize(
    "name", [n for n in LOOKS if n not in ("Thread.join", "Barrier.n_waiting")]
)
def test_nobody_can_once_the_looker_has_ended(name):
    made, look, change = LOOKS[name]
    text = TWO.format(made=made, look=look, change=change, between="one.join()\n")
    found = pvt.search(text)
    assert found.bad is None and found.complete


PREDICATE = """import threading

items, gate = [1], threading.Condition()

def wait():
    with gate:
        gate.wait_for({predicate}, timeout=1)
        assert items

def clear():
    items[:] = []

threads = [threading.Thread(target=each) for each in (wait, clear)]
for each in threads:
    each.start()
for each in threads:
    each.join()
"""


@pytest.mark.parametrize("predicate", ["lambda: items", "items.__len__"])
def test_a_condition_looks_into_what_its_predicate_gives(predicate):
    found = pvt.search(PREDICATE.format(predicate=predicate))
    assert {*found.endings} == {"safe", "broken"} and found.complete


def test_a_filter_looks_into_what_its_function_gives():
    source = "import threading\nrows = {1: [1]}\ndef take():\n"
    source += "    for key in filter(lambda key: rows[key], [1]):\n        rows[key].pop()\n"
    source += "for _ in range(2):\n    threading.Thread(target=take).start()\n"
    assert {*pvt.search(source).endings} == {"safe", "broken"}

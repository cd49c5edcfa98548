"""Each way to bind a name that others see is a step of its own; and a name is the same place,
whether it is used as a name, as an attribute or as an item of its namespace."""

import pytest

import pvt

LOOKS_TWICE = """\
import contextlib, json, threading
n = 0
def work():
    global n
{binds}
thread = threading.Thread(target=work)
thread.start()
p = n
q = n
thread.join()
assert p == q
"""
BINDINGS = {
    "for": "    for n in (1,):\n        pass",
    "for, unpacked": "    for _, n in ((1, 2),):\n        pass",
    "with": "    with contextlib.nullcontext(1) as n:\n        pass",
    "with, two": (
        "    with contextlib.nullcontext(1) as n, contextlib.nullcontext(n) as m:\n"
        "        assert m == n"
    ),
    "except": "    try:\n        1 / 0\n    except ZeroDivisionError as n:\n        pass\n    n = 0",
    "def": "    def n():\n        pass",
    "class": "    class n:\n        pass",
    "import": "    import json as n",
    "from import": "    from json import dumps as n",
    "del": "    del n\n    n = 1",
}


@pytest.mark.parametrize("way", BINDINGS)
def test_a_binding_is_seen(way):
    assert pvt.search(LOOKS_TWICE.format(binds=BINDINGS[way])).bad == "broken"


def test_a_loop_variable_is_looked_at_late():
    found = pvt.search(
        "import threading\n"
        "threads = []\n"
        "for i in range(2):\n"
        "    threads.append(threading.Thread(target=lambda: print(i)))\n"
        "    threads[-1].start()\n"
        "for one in threads:\n    one.join()\n"
    )
    assert set(found.outputs) == {"0\n1\n", "1\n0\n", "1\n1\n"}


def test_after_an_except_the_name_is_gone_and_the_rest_goes_on():
    found = pvt.search(
        "import threading\n"
        "caught = None\n"
        "def work():\n"
        "    global caught\n"
        "    for number in range(2):\n"
        "        try:\n            raise ValueError(number)\n"
        "        except ValueError as caught:\n"
        "            if number == 0:\n                continue\n"
        "            return\n"
        "thread = threading.Thread(target=work)\n"
        "thread.start()\nthread.join()\n"
        "print('caught' in globals())\n"
    )
    assert (found.bad, set(found.outputs)) == (None, {"False\n"})


TWO = """\
import sys, threading
{made}
def write():
    {writes}
def read():
    {reads}
threads = [threading.Thread(target=one) for one in (write, read)]
for one in threads: one.start()
for one in threads: one.join()
"""
MINE = "class Thing: pass\nthing = Thing(); thing.n = 0"
NAMESPACES = {
    "globals()": ("n = 0", 'globals()["n"] = 1; globals()["n"] = 0', "assert n == 0"),
    "globals().update": ("n = 0", "globals().update(n=1); globals().update(n=0)", "assert n == 0"),
    "globals() kept": ("n = 0; g = globals()", 'g["n"] = 1; g["n"] = 0', "assert n == 0"),
    "globals() read": ("n = 0", "global n; n = 1; n = 0", 'assert globals()["n"] == 0'),
    "vars of a module": (
        "n = 0",
        "global n; n = 1; n = 0",
        'assert vars(sys.modules[__name__])["n"] == 0',
    ),
    "eval": ("n = 0", "global n; n = 1; n = 0", 'assert eval("n") == 0'),
    "exec": ("n = 0", 'exec("n = 1; n = 0", globals())', 'exec("assert n == 0")'),
    "__dict__": (MINE, "thing.__dict__.update(n=1)", "assert thing.n == thing.n"),
    "vars": (MINE, 'vars(thing)["n"] = 1', "assert thing.n == thing.n"),
    "vars kept": (MINE + "; d = vars(thing)", 'd["n"] = 1', "assert thing.n == thing.n"),
}


@pytest.mark.parametrize("way", NAMESPACES)
def test_a_namespace_holds_the_names_themselves(way):
    made, writes, reads = NAMESPACES[way]
    assert pvt.search(TWO.format(made=made, writes=writes, reads=reads)).bad == "broken"


BORG = """\
import threading
class Shared:
    state = {"n": 0}
    def __init__(self):
        self.__dict__ = Shared.state
one, other = Shared(), Shared()
lock = threading.Lock()
def work(shared):
    BODY
threads = [threading.Thread(target=work, args=(each,)) for each in (one, other)]
for each in threads: each.start()
for each in threads: each.join()
assert one.n == 2
"""


def test_objects_may_share_their_attributes():
    assert pvt.search(BORG.replace("BODY", "shared.n += 1")).bad == "broken"
    repaired = pvt.search(BORG.replace("BODY", "with lock: shared.n += 1"))
    assert (repaired.bad, repaired.complete) == (None, True)

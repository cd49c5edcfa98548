"""The search and the oracle find the same endings, and the same printed texts, of random small
programs."""

import generator
import oracle
import pytest
from comparing import compared, differing
from pythons import VERSIONS, python, some

PROGRAMS, FEW = 50, 8
COUNTER = """
from types import SimpleNamespace
def setup(): return SimpleNamespace(n=0)
def work(s): s.n += 1
THREADS = [work, work]
def safe(s):
    print(s.n)
    return True
"""
POP = "def setup(): return [1]\ndef work(d):\n    if d: d.pop()\nTHREADS = [work, work]\n"
PULSE = """
import threading
event = threading.Event()
def wait(): event.wait()
thread = threading.Thread(target=wait)
thread.start()
event.set()
event.clear()
thread.join()
"""
GENERATOR = """
def count():
    while True: yield 1
ids = count()
def setup(): pass
def work(): next(ids)
THREADS = [work, work]
"""
CIRCLE = """
import threading
a, b = threading.Lock(), threading.Lock()
def setup(): pass
def one():
    with a, b: pass
def two():
    with b, a: pass
THREADS = [one, two]
"""
KNOWN = {
    COUNTER: {("safe", "1\n"), ("safe", "2\n")},
    POP: {("safe", ""), ("broken", "")},
    PULSE: {("safe", ""), ("deadlock", "")},
    GENERATOR: {("safe", ""), ("broken", "")},
    CIRCLE: {("safe", ""), ("deadlock", "")},
}


@pytest.mark.timeout(400)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_search_finds_what_the_oracle_finds(version):
    first = 1_000_000 + 10_000 * VERSIONS.index(version)
    seeds = some(version, range(first, first + PROGRAMS), FEW)
    rows = compared(python(version), seeds)
    assert not list(differing(rows))
    several = [expected for _, _, expected, _ in rows if len(expected["endings"]) > 1]
    assert len(several) > len(rows) / 10


@pytest.mark.parametrize("source", KNOWN, ids=["counter", "pop", "pulse", "generator", "circle"])
def test_the_oracle_finds_what_is_known(source):
    assert set(oracle.search(source, 1).endings) == KNOWN[source]


def test_bytecodes_that_are_left_out_make_no_difference():
    for seed in range(12):
        source = generator.program(seed)
        short = oracle.search(source, 1, most=300, patient=False)
        whole = oracle.search(source, short.bound, every=True)
        assert set(whole.endings) == set(short.endings), source


def test_a_seed_is_one_program():
    texts = [generator.program(seed) for seed in range(200)]
    assert texts == [generator.program(seed) for seed in range(200)]
    assert len(set(texts)) > 190
    for text in texts:
        compile(text, "<program>", "exec")

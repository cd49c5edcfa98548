"""The reduction to shared accesses loses nothing: the same endings as with a decision before every single bytecode."""

import json

import pytest
from pythons import VERSIONS, ask, some

PROGRAM = """
from types import SimpleNamespace

class Account:
    def __init__(self, balance):
        self.balance = balance
        self.notes = []

    def add(self, amount):
        self.balance = self.balance + amount

    def __eq__(self, other):
        return self.balance == other

def setup():
    return SimpleNamespace(n=0, items=[], table={{"a": 0}}, account=Account(0), pair=[1, 1], rows=[[0], [0]], out=[])

def put(shared, value):
    shared.out.append(value)

def first(shared):
    {first}

def second(shared):
    {second}

THREADS = [first, second]

def safe(shared):
    return {safe}
"""
CASES = {
    "attribute": ("shared.n += 1", "shared.n += 1", "shared.n == 2"),
    "item": ("shared.table['a'] += 1", "shared.table['a'] += 1", "shared.table['a'] == 2"),
    "method": ("shared.account.add(1)", "shared.account.add(1)", "shared.account.balance == 2"),
    "truth of a list": ("if not shared.items: shared.items.append(1)",) * 2 + ("len(shared.items) == 1",),
    "truth through a local": ("i = shared.items\nif not i: i.append(1)",) * 2 + ("len(shared.items) == 1",),
    "length": ("if len(shared.items) == 0: shared.items.append(1)",) * 2 + ("len(shared.items) == 1",),


        "membership": ("if 'b' not in shared.table: put(shared, 1)\nshared.table['b'] = 1",) * 2
        + ("len(shared.out) == 1",),
    "two looks": ("put(shared, len({'b' in shared.table, 'b' in shared.table}))", "shared.table['b'] = 1",
        "shared.out == [1]"),
    "sum of lists": ("put(shared, shared.items + [0])", "shared.items.append(1)", "shared.out[0] == [0]"),
    "sum through locals": ("i = shared.items\nput(shared, len(i + i))", "shared.items.append(1)", "shared.out == [0]"),
    "comparison": ("put(shared, shared.items == [])", "shared.items.append(1)", "shared.out == [True]"),
    "comparison through locals": ("i = shared.items\nput(shared, i == [])", "shared.items.append(1)",
        "shared.out == [True]"),
    "own equality": ("put(shared, shared.account == 0)", "shared.account.add(1)", "shared.out == [True]"),
    "unpacking": ("a, b = shared.pair\nput(shared, a == b)", "shared.pair[:] = [2, 3]", "shared.out == [True]"),
    "starred": ("put(shared, [*shared.items])", "shared.items.append(1)", "shared.out == [[]]"),
    "text": ("put(shared, f'{{shared.items}}')", "shared.items.append(1)", "shared.out == ['[]']"),
    "loop": ("for i in shared.items: put(shared, i)", "shared.items.append(1)", "shared.out == []"),
    "comprehension": ("put(shared, [i for i in shared.items])", "shared.items.append(1)", "shared.out == [[]]"),
    "slice": ("put(shared, shared.items[:])", "shared.items.append(1)", "shared.out == [[]]"),
    "nested": ("row = shared.rows[0]\nrow[0] = row[0] + 1",) * 2 + ("shared.rows == [[2], [0]]",),
    "argument": ("def f(x): return bool(x)\nput(shared, f(shared.items))", "shared.items.append(1)",
        "shared.out == [False]"),
    "setattr": ("setattr(shared, 'n', getattr(shared, 'n') + 1)", "shared.n += 1", "shared.n == 2"),
    "vars": ("vars(shared)['n'] = shared.n + 1", "shared.n += 1", "shared.n == 2"),
    "growing dict": ("for k in shared.table: put(shared, k)", "shared.table['b'] = 1", "True"),
    "two attributes": ("shared.n = 1\nshared.m = 1", "put(shared, (shared.n, getattr(shared, 'm', 0)))",
        "shared.out == [(0, 0)]"),
    "delete": ("del shared.table['a']", "put(shared, shared.table.get('a'))", "shared.out == [0]"),
    "swap": ("shared.pair[0], shared.pair[1] = shared.pair[1], shared.n", "shared.pair[0] = 9",
        "shared.pair == [9, 0]"),
    "generator": ("put(shared, sum(i for i in shared.items))", "shared.items.append(1)", "shared.out == [0]"),
    "copies": ("put(shared, list(shared.items))", "shared.items.append(1)", "shared.out == [[]]"),
    "tries": ("try:\n    shared.items.pop()\nexcept IndexError:\n    put(shared, 0)", "shared.items.append(1)",
        "shared.out"),
}  # fmt: skip


def source(case):
    """The program of a case."""
    first, second, safe = (text.replace("{{", "{").replace("}}", "}") for text in case)
    return PROGRAM.format(
        first=first.replace("\n", "\n    "), second=second.replace("\n", "\n    "), safe=safe
    )


@pytest.mark.timeout(200)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_endings_as_at_every_bytecode(version):
    names = some(version, list(CASES), 6)
    cases = [{"source": source(CASES[name]), "preemptions": 2} for name in names]
    coarse = ask(version, "tallies", cases=cases)
    fine = ask(version, "tallies", 180, cases=[case | {"grain": "bytecode"} for case in cases])
    assert {n: sorted(c["counts"]) for n, c in zip(names, coarse, strict=True)} == {
        n: sorted(f["counts"]) for n, f in zip(names, fine, strict=True)
    }
    assert json.dumps([row["counts"] for row in coarse]).count("broken") > len(names) / 2

"""Small programs that break, each by another way to a container and another way to look into it;
none is called safe."""

import pytest
from pythons import VERSIONS, ask, some

LIST = "[1]"
LOOKS = {
    "truth": ("if {d}: {d}.pop()", LIST),
    "not": ("if not {d}: return\n{d}.pop()", LIST),
    "while": ("while {d}: {d}.pop()", LIST),
    "and": ("{d} and {d}.pop()", LIST),
    "or": ("if not {d} or False: return\n{d}.pop()", LIST),
    "conditional": ("x = {d}.pop() if {d} else 0", LIST),
    "assert": ("assert {d}\n{d}.clear()", LIST),
    "length": ("if len({d}): {d}.pop()", LIST),
    "bool": ("if bool({d}): {d}.pop()", LIST),
    "any": ("if any({d}): {d}.pop()", LIST),
    "sum": ("if sum({d}): {d}.pop()", LIST),
    "list": ("if list({d}): {d}.pop()", LIST),
    "comparison": ("if {d} == [1]: {d}.pop()", LIST),
    "in": ("if 1 in {d}: {d}.remove(1)", LIST),
    "count": ("if {d}.count(1): {d}.remove(1)", LIST),
    "pattern": ("match {d}:\n    case [x]: {d}.pop()", LIST),
    "comprehension": ("if [x for x in {d}]: {d}.pop()", LIST),
    "filter": ("for _ in [0]:\n    if [0 for _ in [0] if {d}]: {d}.pop()", LIST),
    "generator expression": ("if any(x for x in {d}): {d}.pop()", LIST),
    "loop": ("for x in {d}: {d}.remove(x)", LIST),
    "unpacking": ("x, = {d}\n{d}.pop()", LIST),
    "star": ("if (*{d},): {d}.pop()", LIST),
    "text": ("if f'{{{d}}}' != '[]': {d}.pop()", LIST),
    "repr": ("if repr({d}) != '[]': {d}.pop()", LIST),
    "sum of lists": ("if {d} + []: {d}.pop()", LIST),
    "slice": ("if {d}[:]: {d}.pop()", LIST),
    "method by name": ("if {d}: getattr({d}, 'pop')()", LIST),
    "unbound method": ("if {d}: list.pop({d})", LIST),
    "iterator": ("if next(iter({d}), 0): {d}.pop()", LIST),
    "set": ("if {d}: {d}.pop()", "{1}"),
    "dict": ("if {d}: {d}.popitem()", "{'a': 1}"),
    "key": ("if 'a' in {d}: del {d}['a']", "{'a': 1}"),
    "get": ("if {d}.get('a'): del {d}['a']", "{'a': 1}"),
    "items": ("for k, v in {d}.items(): del {d}[k]; break", "{'a': 1}"),
    "double star": ("if dict(**{d}): {d}.popitem()", "{'a': 1}"),
    "deque": ("if {d}: {d}.popleft()", "__import__('collections').deque([1])"),
    "bytearray": ("if {d}: {d}.pop()", "bytearray(b'1')"),
    "counter": (
        "if {d}['a']: del {d}['a']\nelse: raise KeyError",
        "__import__('collections').Counter('a')",
    ),
}
WAYS = {
    "the object itself": ("def setup(): return {make}", "{d}"),
    "attribute": ("from types import SimpleNamespace as N\ndef setup(): return N(f={make})", "{d}.f"),
    "field of a dataclass": (
        "from dataclasses import dataclass, field\n@dataclass\nclass A:\n    f: object = field(default_factory=lambda: {make})\n"
        "def setup(): return A()",
        "{d}.f",
    ),
    "slot": ("class A:\n    __slots__ = ('f',)\ndef setup():\n    a = A(); a.f = {make}; return a", "{d}.f"),
    "class": ("class A:\n    f = {make}\ndef setup(): return A", "{d}.f"),
    "property": ("class A:\n    def __init__(self): self._f = {make}\n    @property\n    def f(self): return self._f\n"
                 "def setup(): return A()", "{d}.f"),
    "item": ("def setup(): return {{'f': {make}}}", '{d}["f"]'),
    "global": ("it = {make}\ndef setup(): return None", "it"),
    "tuple": ("def setup(): return ({make},)", "{d}[0]"),
    "default": ("def setup(): return {make}\ndef same(d): return d", "same({d})"),
}  # fmt: skip
OTHERS = {
    "generator": "def count():\n    yield 1\n    yield 2\nit = count()\ndef setup(): pass\ndef w(): next(it)\n",
    "lru_cache": "import functools\nmade = []\n@functools.lru_cache(None)\ndef load(k):\n    made.append(k)\n    return k\n"
    "def setup(): pass\ndef w(): load(1)\ndef safe(): return len(made) == 1\n",
    "exec": "n = 0\ndef setup(): pass\ndef w(): exec('global n; n = n + 1')\ndef safe(): return n == 2\n",
    "eval": "d = [1]\ndef setup(): pass\ndef w():\n    if eval('len(d)'): d.pop()\n",
    "cell": "def setup():\n    global THREADS, safe\n    n = 0\n    def w():\n        nonlocal n\n        n += 1\n"
    "    def safe(): return n == 2\n    THREADS = [w, w]\nTHREADS = None\n",
    "closure in a loop": "out = []\ndef setup(): pass\ndef w():\n    for i in range(1):\n        n = len(out)\n        "
    "f = lambda: n\n        out.append(f())\ndef safe(): return out == [0, 1]\n",
    "counter by hand": "from itertools import count\nseen = []\nbox = [0]\ndef setup(): pass\ndef w():\n    box[0] = box[0] + 1\n"
    "def safe(): return box == [2]\n",
    "setattr": "class A: n = 0\na = A()\ndef setup(): pass\ndef w(): setattr(a, 'n', getattr(a, 'n') + 1)\n"
    "def safe(): return a.n == 2\n",
    "vars": "class A: n = 0\na = A()\na.n = 0\ndef setup(): pass\ndef w(): vars(a)['n'] = a.n + 1\ndef safe(): return a.n == 2\n",
    "fields of a class": "class A: n = 0\ndef setup(): pass\ndef w(): A.n = vars(A)['n'] + 1\ndef safe(): return A.n == 2\n",
    "class attribute": "class A: n = 0\ndef setup(): pass\ndef w(): A.n += 1\ndef safe(): return A.n == 2\n",
    "function attribute": "def f(): pass\nf.n = 0\ndef setup(): pass\ndef w(): f.n += 1\ndef safe(): return f.n == 2\n",
    "json": "import json\nd = {'a': 1, 'b': 2}\ndef setup(): pass\ndef w():\n    json.dumps(d, indent=1)\n    d[len(d)] = 0\n",
    "deepcopy": "import copy\nd = {'a': [1], 'b': [2]}\ndef setup(): pass\ndef w():\n    copy.deepcopy(d)\n    d[len(d)] = 0\n",
    "dataclass eq": "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int = 0\n    y: int = 0\np = P()\n"
    "seen = []\ndef setup(): pass\ndef w():\n    seen.append(p == P(1, 0))\n    p.x = 1\n    p.y = 1\n"
    "def safe(): return not any(seen)\n",
    "sorted by key": "d = [2, 1]\ndef setup(): pass\ndef key(x):\n    if not d: raise ValueError\n    return x\n"
    "def w():\n    d.sort(key=key) if len(d) > 5 else sorted(d, key=key)\n    d.clear()\n",
    "heap": "import heapq\nh = [1]\ndef setup(): pass\ndef w():\n    if h: heapq.heappop(h)\n",
    "setdefault": "d = {}\ndef setup(): pass\ndef w():\n    if 'a' not in d: d['a'] = len(d)\n    d['a'] += 1\n"
    "def safe(): return d == {'a': 2}\n",
}


def program(way, look):
    """The program of a way to a container and a look into it."""
    (head, path), (act, make) = WAYS[way], LOOKS[look]
    lines = act.format(d=path.format(d="d")).split("\n")
    body = "\n".join(f"    {line}" for line in lines)
    return f"{head.format(make=make)}\ndef w(d):\n{body}\nTHREADS = [w, w]\n"


def broken(version, sources):
    """The programs that are not found to be broken."""
    answers = ask(version, "endings", 170, sources=list(sources.values()))
    return {
        name: one["endings"]
        for name, one in zip(sources, answers, strict=True)
        if "broken" not in one["endings"]
    }


@pytest.mark.timeout(200)
@pytest.mark.parametrize("version", VERSIONS)
def test_no_way_to_a_container_and_no_look_into_it_is_missed(version):
    pairs = [(way, look) for way in WAYS for look in LOOKS]
    sources = {f"{way}, {look}": program(way, look) for way, look in some(version, pairs, 60)}
    assert broken(version, sources) == {}


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_shared_in_other_ways_is_not_missed(version):
    sources = {
        name: text if "THREADS" in text else f"{text}THREADS = [w, w]\n"
        for name, text in OTHERS.items()
    }
    assert broken(version, sources) == {}

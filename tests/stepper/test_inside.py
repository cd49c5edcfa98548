"""C code that calls the program on its way is not one step: key functions, __eq__, __lt__,
factories, generators.

The oracle that switches before every bytecode finds the same endings.
"""

import oracle
import pytest
from searched import answer

PROGRAMS = {
    "sortkey": """
def setup(): return [2, 1]
def a(d): d.sort(key=lambda x: x)
def b(d): assert d
""",
    "sortlt": """
class K:
    def __init__(s, v): s.v = v
    def __lt__(s, o): return s.v < o.v
def setup(): return [K(2), K(1)]
def a(d): d.sort()
def b(d): assert d
""",
    "sortappend": """
def setup(): return [2, 1]
def a(d): d.sort(key=lambda x: x)
def b(d): d.append(1)
""",
    "extendgen": """
def setup(): return []
def a(d): d.extend(x for x in (1, 2))
def b(d): assert len(d) != 1
""",
    "updategen": """
def setup(): return {}
def a(d): d.update((x, x) for x in (1, 2))
def b(d): assert len(d) != 1
""",
    "setupdate": """
def setup(): return set()
def a(d): d.update(x for x in (1, 2))
def b(d): assert len(d) != 1
""",
    "defaultfactory": """
from collections import defaultdict
def setup(): return defaultdict(lambda: [])
def a(d): d['k'].append(1)
b = a
def safe(d): return len(d['k']) == 2
""",
    "defaultlist": """
from collections import defaultdict
def setup(): return defaultdict(list)
def a(d): d['k'].append(1)
b = a
def safe(d): return len(d['k']) == 2
""",
    "missing": """
class D(dict):
    def __missing__(s, k):
        s[k] = v = []
        return v
def setup(): return D()
def a(d): d['k'].append(1)
b = a
def safe(d): return len(d['k']) == 2
""",
    "eqremove": """
class K:
    def __init__(s, v): s.v = v
    def __eq__(s, o): return s.v == o.v
def setup(): return [K(1), K(2), K(3)]
def a(d): d.remove(K(2))
def b(d): del d[0]
def safe(d):
    print([k.v for k in d]); return True
""",
    "eqconst": """
class K:
    def __init__(s, v): s.v = v
    def __eq__(s, o): return True
def setup(): return [K(1), K(2), K(3)]
def a(d): d.remove(K(2))
def b(d): del d[0]
def safe(d):
    print([k.v for k in d]); return True
""",
    "eqin": """
class K:
    def __init__(s, v): s.v = v
    def __eq__(s, o): return s.v == o.v
def setup(): return [K(1), K(2)]
def a(d): print(K(2) in d)
def b(d): del d[0]; d.append(K(5))
""",
    "hashdict": """
class K:
    def __init__(s, v): s.v = v
    def __hash__(s): return 1
    def __eq__(s, o): return s.v == o.v
def setup(): return {K(1): 1}
def a(d): d[K(2)] = 2
def b(d):
    d.clear(); d[K(3)] = 3
def safe(d):
    print(sorted(k.v for k in d)); return True
""",
    "hashset": """
class K:
    def __init__(s, v): s.v = v
    def __hash__(s): return 1
    def __eq__(s, o): return s.v == o.v
def setup(): return {K(1)}
def a(d): d.add(K(2))
def b(d): d.clear(); d.add(K(2))
def safe(d):
    print(sorted(k.v for k in d)); return True
""",
    "listeq": """
class K:
    def __init__(s, v): s.v = v
    def __eq__(s, o): return s.v == o.v
def setup(): return [K(1), K(2)]
def a(d): print(d == [K(1), K(2)])
def b(d): d.pop()
""",
    "heaplt": """
import heapq
class K:
    def __init__(s, v): s.v = v
    def __lt__(s, o): return s.v < o.v
def setup(): return [K(1), K(3)]
def a(d): heapq.heappush(d, K(0))
def b(d): d.clear()
def safe(d):
    print([k.v for k in d]); return True
""",
    "heappop": """
import heapq
class K:
    def __init__(s, v): s.v = v
    def __lt__(s, o): return s.v < o.v
def setup(): return [K(1), K(2), K(3)]
def a(d): print(heapq.heappop(d).v)
b = a
def safe(d):
    return True
""",
    "insort": """
import bisect
class K:
    def __init__(s, v): s.v = v
    def __lt__(s, o): return s.v < o.v
def setup(): return [K(1)]
def a(d): bisect.insort(d, K(2))
def b(d): d.insert(0, K(0))
def safe(d):
    print([k.v for k in d]); return True
""",
    "insortkey": """
import bisect
def setup(): return [1]
def a(d): bisect.insort(d, 2, key=lambda x: x)
def b(d): d.insert(0, 0)
def safe(d):
    print(d); return True
""",
    "bisectlt": """
import bisect
class K:
    def __init__(s, v): s.v = v
    def __lt__(s, o): return s.v < o.v
def setup(): return [K(1), K(3)]
def a(d): print(bisect.bisect(d, K(2)))
def b(d): d.insert(0, K(0))
""",
    "tee": """
import itertools
def setup(): return itertools.tee(x for x in (1, 2))
def a(d): list(d[0])
def b(d): list(d[1])
""",
    "context": """
import contextvars
def setup(): return contextvars.copy_context()
def inside(): return [1]
def a(d): d.run(inside)
b = a
""",
    "maxkey": """
def setup(): return [1, 2]
def a(d): print(max(d, key=lambda x: x))
def b(d): d.append(3)
""",
    "sumgen": """
def setup(): return [1, 2]
def a(d): print(sum(x for x in d))
def b(d): d.append(3)
""",
    "sumadd": """
class K:
    def __init__(s, v): s.v = v
    def __radd__(s, o): return s.v + o
def setup(): return [K(1), K(2)]
def a(d): print(sum(d))
def b(d): d.append(K(3))
""",
    "joingen": """
def setup(): return ['a']
def a(d): print(','.join(x for x in d))
def b(d): d.append('b')
""",
    "attrgetter": """
from types import SimpleNamespace as N
import operator
get = operator.attrgetter('n')
def setup(): return N(n=0)
def a(s): s.n = get(s) + 1
b = a
def safe(s): return s.n == 2
""",
    "itemgetter": """
import operator
get = operator.itemgetter(0)
def setup(): return [0]
def a(s): s[0] = get(s) + 1
b = a
def safe(s): return s == [2]
""",
    "methodcaller": """
import operator
pop = operator.methodcaller('pop')
def setup(): return [1]
def a(s):
    if s: pop(s)
b = a
""",
    "opset": """
import operator
def setup(): return {'a': 0}
def a(s): operator.setitem(s, 'a', operator.getitem(s, 'a') + 1)
b = a
def safe(s): return s['a'] == 2
""",
    "opiadd": """
import operator
def setup(): return []
def a(s): operator.iadd(s, [1])
def b(s): print(len(s), len(s))
""",
    "ordered": """
from collections import OrderedDict
def setup(): return {'a': 0}
def a(s):
    t = OrderedDict(s); s['a'] = t['a'] + 1
b = a
def safe(s): return s['a'] == 2
""",
    "movetoend": """
from collections import OrderedDict
def setup(): return OrderedDict(a=1)
def a(s):
    if 'a' in s: s.move_to_end('a')
def b(s): s.popitem()
""",
    "chainfrom": """
import itertools
def setup(): return [[1], [2]]
def a(d): print(list(itertools.chain.from_iterable(d)))
def b(d): d.append([3])
""",
    "groupby": """
import itertools
def setup(): return [1, 1]
def a(d): print([k for k, g in itertools.groupby(d)])
def b(d): d.append(3)
""",
    "starmap": """
import itertools
def setup(): return [(1, 2)]
def a(d): print(list(itertools.starmap(max, d)))
def b(d): d.append((3, 4))
""",
    "pairwise": """
import itertools
def setup(): return [1, 2]
def a(d): print(list(itertools.pairwise(d)))
def b(d): d.append(3)
""",
    "partialmeth": """
import functools
def setup(): return [1]
def a(d):
    f = functools.partial(list.pop, d)
    if d: f()
b = a
""",
    "descriptor": """
class D:
    def __set_name__(s, o, n): s.n = '_' + n
    def __get__(s, o, t=None): return getattr(o, s.n, 0)
    def __set__(s, o, v): setattr(o, s.n, v)
class K: n = D()
def setup(): return K()
def a(k): k.n += 1
b = a
def safe(k): return k.n == 2
""",
    "metaclass": """
class M(type):
    made = {}
    def __call__(c, *x):
        if c not in M.made: M.made[c] = super().__call__(*x)
        return M.made[c]
class K(metaclass=M):
    def __init__(s): n.append(1)
n = []
def setup(): return None
def a(): K()
b = a
def safe(): return len(n) == 1
""",
    "ctxmgr": """
import contextlib
state = {'open': 0}
@contextlib.contextmanager
def session():
    state['open'] += 1
    yield
    state['open'] -= 1
def setup(): return None
def a():
    with session(): pass
b = a
def safe(): return state['open'] == 0
""",
    "strfmt": """
def setup(): return [1]
def a(d): print('%s %s' % (len(d), d))
def b(d): d.append(2)
""",
}
LIBRARY = {
    "environ": """
import os
def setup(): os.environ['N'] = '0'
def a(): os.environ['N'] = str(int(os.environ['N']) + 1)
b = a
def safe(): return os.environ['N'] == '2'
""",
}
EARLY = """
import itertools, operator
def setup(): pass
{made}
def a():
    for each in it: print(each)
def b(): {change}
THREADS=[a,b]
"""
REACHED = {
    "random choice": """
import random
def setup(): return [1]
def a(d):
    if d: random.choice(d)
def b(d): d.pop()
THREADS=[a,b]
""",
    "stringio": """
import io
def setup(): return io.StringIO()
def a(d):
    if not d.getvalue(): d.write('x')
b = a
THREADS=[a,b]
def safe(d): return d.getvalue() == 'x'
""",
    "a text in memory unpacked": """
import io
f, got = io.StringIO('a'), []
def setup(): got.clear(); f.seek(0)
def a(): got.append((1, *f))
def b(): got.append((2, *f))
THREADS=[a,b]
def safe(): return (1, 'a') in got
""",
    "pickle": """
import pickle
class A: x = y = 0
d = A()
def setup(): d.x = d.y = 1
def a():
    made = pickle.loads(pickle.dumps(d))
    assert made.x == made.y
def b(): d.x = 2; d.y = 2
THREADS=[a,b]
""",
    "userlist": """
from collections import UserList
d = UserList([1])
def setup(): pass
def a():
    if d: d.pop()
b = a
THREADS=[a,b]
""",
    "mappingproxy": """
from types import MappingProxyType
d = {'a': 0}
p = MappingProxyType(d)
def setup(): pass
def a(): d['a'] = p['a'] + 1
b = a
THREADS=[a,b]
def safe(): return d['a'] == 2
""",
    "memoryview": """
d = bytearray(1)
m = memoryview(d)
def setup(): pass
def a(): m[0] = d[0] + 1
b = a
THREADS=[a,b]
def safe(): return d[0] == 2
""",
    "ctypes": """
import ctypes
d = ctypes.c_int(0)
def setup(): pass
def a(): d.value += 1
b = a
THREADS=[a,b]
def safe(): return d.value == 2
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_others_may_come_in_where_c_code_calls_the_program(name):
    source = f"{PROGRAMS[name]}THREADS = [a, b]\n"
    expected, found = oracle.search(source, 1, every=True), answer(source, 1)
    assert found["endings"] == sorted(map(list, expected.endings)), found["because"]
    assert found["complete"]


@pytest.mark.parametrize("name", LIBRARY)
def test_a_library_s_object_is_looked_into_and_nothing_is_proved(name):
    found = answer(f"{LIBRARY[name]}THREADS = [a, b]\n", 1)
    assert "broken" in found["needed"] and not found["complete"]
    assert "is one step" in found["assumed"]


# name -> how the iterator is made before there are threads, and what the other one changes
LAZY = {
    "map": ("d = [[1]]; it = map(len, d)", "d[0].append(2)"),
    "filter": ("d = [[1]]; it = filter(len, d)", "d[0].clear()"),
    "groupby": ("d = [[1]]; it = (k for k, _ in itertools.groupby(d, key=len))", "d[0].clear()"),
    "starmap": ("d = [1]; it = itertools.starmap(len, [(d,)])", "d.append(2)"),
    "accumulate": ("d = [1]; it = itertools.accumulate([[], d], operator.add)", "d.append(2)"),
    "attrgetter": (
        "class A: n = 1\nd = A(); it = map(operator.attrgetter('n'), [d])",
        "d.n = 2",
    ),
    "until": ("d = [0, 1]; it = iter(d.pop, 0)", "d.append(2)"),
}


@pytest.mark.parametrize("name", LAZY)
def test_a_function_in_c_is_seen_at_each_step_of_an_iterator_that_was_there_before(name):
    made, change = LAZY[name]
    source = EARLY.format(made=made, change=change)
    expected, found = oracle.search(source, 1, every=True), answer(source, 1)
    assert len(expected.endings) > 1
    assert found["endings"] == sorted(map(list, expected.endings)), found["because"]


@pytest.mark.parametrize("name", REACHED)
def test_what_is_reached_in_another_way_is_not_missed(name):
    assert set(answer(REACHED[name], 1)["needed"]) == {"broken", "safe"}

"""Containers that the library has written in Python: what they do in several steps is stepped."""

import pytest
from twice import TWICE

import pvt
from pvt.stepper.engine import has_gil

MADE = """\
from collections import ChainMap, Counter, UserDict, UserList
from collections.abc import MutableMapping
class Table(MutableMapping):
    def __init__(self):
        self.rows, self.lock = {"n": 0}, threading.RLock()
    def __getitem__(self, key):
        with self.lock: return self.rows[key]
    def __setitem__(self, key, value):
        with self.lock: self.rows[key] = value
    def __delitem__(self, key):
        with self.lock: del self.rows[key]
    def __iter__(self): return iter(list(self.rows))
    def __len__(self): return len(self.rows)
"""
IN_STEPS = {
    "what is counted is in a mapping": (
        "Counter(a=1)",
        "them.update({'a': 1})",
        "assert them['a'] == 3",
    ),
    "a difference": ("Counter(a=1)", "them.subtract(a=1)", "assert them['a'] == -1"),
    "setdefault": (
        "UserDict()",
        "them.setdefault('k', []).append(1)",
        "assert len(them['k']) == 2",
    ),
    "pop with a default": ("UserDict(a=1)", "them.pop('a', None)", "assert not them"),
    "a list": ("UserList([1])", "if them: them.pop()", "assert not them"),
    "a chain": ("ChainMap({}, {'n': 0})", "them['n'] = them['n'] + 1", "assert them['n'] == 2"),
    "a mapping of one's own": (
        "Table()",
        "them.setdefault('k', []).append(1)",
        "assert len(them['k']) == 2",
    ),
    "its pop": ("Table()", "if 'n' in them: them.pop('n')", "assert not them"),
}
COUNTED = "Counter()", "them.update('ab')", "assert them['a'] == them['b'] == 2"


def searched(made, work, after, world="language"):
    program = TWICE.format(made=f"{MADE}them = {made}", work=f"    {work}", after=after)
    return pvt.search(program, world=world)


@pytest.mark.parametrize("world", ["language", "interpreter"])
@pytest.mark.parametrize("name", IN_STEPS)
def test_others_come_in_between(name, world):
    found = searched(*IN_STEPS[name], world)
    assert (found.bad, found.complete, found.assumed) == ("broken", True, "")


@pytest.mark.parametrize("name", IN_STEPS)
def test_with_a_lock_it_is_proved(name):
    made, work, after = IN_STEPS[name]
    found = searched(made, f"with lock:\n        {work}", after)
    assert (found.bad, found.complete, found.assumed) == (None, True, "")


def test_the_story_speaks_of_the_program_s_lines():
    story = searched(*COUNTED).story
    assert story.startswith("Thread 1 read the Counter them in line 18. Before it wrote, thread 2")
    assert "__init__.py" not in story


def test_counting_is_many_steps_of_the_language_and_one_of_this_interpreter():
    found = searched(*COUNTED)
    assert (found.bad, found.complete) == ("broken", True)
    found = searched(*COUNTED, "interpreter")
    assert (found.bad or "safe") == ("safe" if has_gil() else "broken") and found.complete


KEPT = """\
import collections, copy, pickle
from collections import ChainMap, Counter, UserDict, UserList
c = Counter("abca")
print(c, c.most_common(1), c + c, sorted(c.elements()), c.total(), c["z"], c == Counter("aabc"))
print(isinstance(c, dict), isinstance(UserDict(), collections.abc.MutableMapping), repr(Counter))
print(copy.copy(c), copy.deepcopy(UserDict(a=[1])), pickle.loads(pickle.dumps(c)) == c)
print(pickle.loads(pickle.dumps(UserList([1, 2]))), ChainMap({}, {"a": 1}).new_child()["a"])
class Mine(Counter):
    def __missing__(self, key): return 7
print(Mine()["a"], Mine("a").copy(), type(Mine("a").copy()).__name__)
"""


def test_they_are_what_they_were(capsys):
    """Also as the tests of a type, and for who keeps them in a file."""
    found = pvt.search(KEPT)
    exec(KEPT, {"__name__": "kept"})
    assert [*found.outputs] == [capsys.readouterr().out]

"""Whether an object that is referred to weakly still lives is decided by who lets it go."""

import pytest

import pvt

PROGRAM = """\
import threading, weakref
class Image:
    n = 1
    def show(self): pass
held = [Image()]
{made}
def drop():
    held.clear()
def use():
{uses}
threads = [threading.Thread(target=one) for one in (drop, use)]
for one in threads: one.start()
for one in threads: one.join()
"""
BROKEN = {
    "ref": ("ref = weakref.ref(held[0])", "if ref() is not None: ref().n"),
    "proxy": ("proxy = weakref.proxy(held[0])", "proxy.n"),
    "WeakMethod": ("way = weakref.WeakMethod(held[0].show)", "if way() is not None: way()()"),
    "WeakValueDictionary": (
        "known = weakref.WeakValueDictionary(bob=held[0])",
        "if 'bob' in known: known['bob']",
    ),
    "WeakKeyDictionary": (
        "known = weakref.WeakKeyDictionary({held[0]: 1})",
        "if len(known): assert len(known)",
    ),
    "WeakSet": ("known = weakref.WeakSet(held)", "if len(known): assert len(known)"),
}
REPAIRED = {
    "ref": ("ref = weakref.ref(held[0])", "one = ref()\n    if one is not None: one.n"),
    "WeakValueDictionary": (
        "known = weakref.WeakValueDictionary(bob=held[0])",
        "one = known.get('bob')\n    if one is not None: one.n",
    ),
}


@pytest.mark.parametrize("way", BROKEN)
def test_an_object_may_end_between_two_looks(way):
    made, uses = BROKEN[way]
    assert pvt.search(PROGRAM.format(made=made, uses="    " + uses)).bad == "broken"


@pytest.mark.parametrize("way", REPAIRED)
def test_who_keeps_what_it_was_given_is_safe(way):
    made, uses = REPAIRED[way]
    assert pvt.search(PROGRAM.format(made=made, uses="    " + uses)).bad is None


def test_a_proxy_of_nothing_is_an_error_of_the_program():
    found = pvt.search(
        "import threading, weakref\n"
        "class Image: n = 1\n"
        "proxy = weakref.proxy(Image())\n"
        "def use():\n    proxy.n\n"
        "thread = threading.Thread(target=use); thread.start(); thread.join()\n"
    )
    assert found.bad == "broken" and "ReferenceError" in found.story

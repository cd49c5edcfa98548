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


ENDS = {
    "a name that goes": (
        "image = Image(); ref = weakref.ref(image)\n"
        "def show():\n    if ref() is not None: ref().n\n"
        "def drop():\n    global image\n    image = None\n"
    ),
    "a name that goes, of what was changed before": (
        "image = Image(); ref = weakref.ref(image)\n"
        "def show():\n    ref().n += 1\n    ref().n += 1\n"
        "def drop():\n    global image\n    image.n += 1\n    image = None\n"
    ),
    "what a function has made and given back": (
        "known = {}\n"
        "def load():\n"
        "    if 'a' in known and known['a']() is not None: return known['a']()\n"
        "    made = Image(); known['a'] = weakref.ref(made)\n"
        "    return made\n"
        "def show():\n    load().n\n"
        "drop = show\n"
    ),
}


@pytest.mark.parametrize("way", ENDS)
def test_an_object_ends_although_threads_have_touched_it_and_the_schedule_replays(way):
    source = (
        "import threading, weakref\nclass Image: n = 1\n"
        f"{ENDS[way]}"
        "threads = [threading.Thread(target=one) for one in (show, drop)]\n"
        "for one in threads: one.start()\n"
        "for one in threads: one.join()\n"
    )
    found = pvt.search(source)
    assert found.bad == "broken" and "'NoneType' object has no attribute 'n'" in found.story
    assert pvt.replay(source, found.schedules["broken"]).ending == "broken"


def test_the_story_of_an_end_names_who_looked_and_who_let_go():
    made, uses = "ref = weakref.ref(held[0])", "    if ref() is not None: ref().n"
    story = pvt.search(PROGRAM.format(made=made, uses=uses)).story
    assert "looked at which objects still live in line 10" in story
    assert "changed which objects still live in line 8" in story

"""Weak references: whether an object still lives is something that threads share.

An object that is referred to weakly is watched by a reference of the stage's own. Where its last
strong reference goes, that is a write, by whoever let it go; a weak reference that is asked for its
object, and a weak container that is looked into, read it. One place stands for all of them.

That an object has ended is known too late: others must have had their turn before. So the label of
what the worker touched last is learned, and in later runs each such touch writes lives as well."""

import contextlib
import weakref

from pvt.stepper.engine import LIVES, stage
from pvt.stepper.kinds import READING

PROXIES = (weakref.ProxyType, weakref.CallableProxyType)
WEAK = (weakref.WeakValueDictionary, weakref.WeakKeyDictionary, weakref.WeakSet)


def asked():
    """About to see whether objects still live."""
    stage.touch(stage.lives, LIVES, LIVES, False)


def watch(thing):
    """From now on it is noted when this object ends."""
    lives = stage.lives
    if id(thing) in lives or type(thing) in PROXIES:
        return
    stage.keep_weakly()
    number = id(thing)

    def ended(_):
        lives.pop(number, None)
        label = stage.me.touched
        if lives is not stage.lives or stage.alone or stage.over or label in stage.ends:
            return
        if label:
            stage.count(f"ends {label}")
        stage.access(lives, LIVES, LIVES, True)

    with contextlib.suppress(TypeError):  # a kind that cannot be referred to weakly
        lives[number] = weakref.ref(thing, ended)


def made(kind):
    """A weak reference or a proxy is made: its object is watched."""

    def make(thing, *more):
        watch(getattr(thing, "__self__", thing) if kind is weakref.WeakMethod else thing)
        return kind(thing, *more)

    return make


def container(kind):
    """A weak container is made: what it holds by then is watched before another worker begins."""

    def make(*args, **words):
        held = kind(*args, **words)
        stage.weak.append(held)
        return held

    return make


def watch_all(containers):
    """What is in these containers is watched."""
    for each in containers:
        references = (
            each.data.values() if isinstance(each, weakref.WeakValueDictionary) else each.data
        )
        for reference in list(references):
            if (thing := reference()) is not None:
                watch(thing)


def called(reference):
    """A weak reference is asked for its object."""

    def ask():
        asked()
        return reference()

    return ask


def looked_into(container, write=False):
    """About to look into a weak container, or to change it."""
    watch_all([container])
    asked()
    stage.touch(container, None, type(container).__name__, write)


def method(function):
    """A method of a weak container."""

    def call(*args, **words):
        looked_into(function.__self__, function.__name__ not in READING)
        try:
            return function(*args, **words)
        finally:
            watch_all([function.__self__])

    return call


MAKERS = {each: made(each) for each in (weakref.ref, weakref.proxy, weakref.WeakMethod)}
MAKERS |= {each: container(each) for each in WEAK}

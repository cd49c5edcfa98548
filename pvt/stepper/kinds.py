"""What a thing is to the stage: plain, a container, a view, an object of the program or of a library.

The kind of a type decides what an access of such a thing touches; see `touching`."""

import array
import collections
import io
from types import (
    BuiltinFunctionType,
    FunctionType,
    GeneratorType,
    GetSetDescriptorType,
    MappingProxyType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    WrapperDescriptorType,
)

from pvt.stepper.engine import stage

PLAIN, CONTAINER, VIEW, GENERATOR, ITERATOR, MODULE, CLASS, THING, OWN = range(9)
IMMUTABLE = (
    int,
    float,
    complex,
    str,
    bytes,
    bool,
    type(None),
    range,
    slice,
    type(Ellipsis),
    frozenset,
    tuple,
)
CONTAINERS = (list, dict, set, collections.deque, bytearray, array.array, memoryview)
VIEWS = (type({}.keys()), type({}.values()), type({}.items()), type(collections.OrderedDict().keys()),
         type(collections.OrderedDict().values()), type(collections.OrderedDict().items()))  # fmt: skip
STREAMS = (io.StringIO, io.BytesIO)
READING = set(
    [
        "get",
        "keys",
        "values",
        "items",
        "copy",
        "count",
        "index",
        "most_common",
        "elements",
        "total",
        "union",
        "difference",
        "intersection",
        "isdisjoint",
        "symmetric_difference",
        "issubset",
        "issuperset",
        "find",
        "rfind",
        "decode",
        "hex",
        "startswith",
        "endswith",
        "tolist",
        "tobytes",
        "join",
        "split",
        "strip",
        "upper",
        "lower",
        "replace",
        "__len__",
        "__contains__",
        "__getitem__",
        "__iter__",
        "__bool__",
        "__eq__",
        "__ne__",
        "__repr__",
        "__str__",
        "__sizeof__",
        "__reversed__",
        "__format__",
        "__or__",
        "__and__",
        "__sub__",
        "__add__",
        "__mul__",
        "__lt__",
        "__gt__",
        "__le__",
        "__ge__",
        "rindex",
        "getvalue",
    ]
)
NEXT = "__next__"


class Kinds(dict):
    """Type → what it is."""

    def __missing__(self, kind):
        found = THING
        if getattr(kind, "__private__", False):
            found = PLAIN
        elif getattr(kind, "__stepped__", False):
            found = OWN
        elif issubclass(kind, CONTAINERS):
            found = CONTAINER
        elif issubclass(kind, VIEWS):
            found = VIEW
        elif kind is GeneratorType:
            found = GENERATOR
        elif is_iterator(kind):
            found = ITERATOR
        elif issubclass(kind, ModuleType):
            found = MODULE
        elif issubclass(kind, type):
            found = CLASS
        elif (
            kind in IMMUTABLE
            or (issubclass(kind, tuple) and not hasattr(kind, "__dict__"))
            or kind
            in (BuiltinFunctionType, MethodType, property, MappingProxyType, MethodWrapperType)
        ):
            found = PLAIN
        self[kind] = found
        return found


def is_iterator(kind):
    """Whether a type of the library, written in C, only gives one thing after the other."""
    steps = getattr(kind, "__next__", None)
    made_in = ("builtins", "itertools", "collections", "_collections")
    return isinstance(steps, WrapperDescriptorType) and steps.__objclass__.__module__ in made_in


KINDS = Kinds()
FUNCTION_LIKE = (FunctionType, property, classmethod, staticmethod, BuiltinFunctionType, GetSetDescriptorType,
                 WrapperDescriptorType, type(str.join), MethodType)  # fmt: skip


def forget():
    """Between runs: the program's types are made afresh."""
    for kind in [kind for kind in KINDS if kind.__module__ not in ("builtins", "collections")]:
        del KINDS[kind]
    METHODS.clear()


METHODS = {}
"""Type → name → whether the class has a method or a property by that name."""


def is_method(kind, name):
    """Whether a class gives this name a function, so that no object's own value stands behind
    it."""
    known = METHODS.get(kind)
    if known is None:
        known = METHODS[kind] = {}
    found = known.get(name)
    if found is None:
        value = next((vars(each)[name] for each in kind.__mro__ if name in vars(each)), None)
        data = isinstance(value, GetSetDescriptorType) and not name.startswith("__")
        found = known[name] = (
            isinstance(value, FUNCTION_LIKE) and not data and name not in stage.odd
        )
    return found


SLOTS = (WrapperDescriptorType, type(str.join))
DUNDERS = ("__getitem__", "__setitem__", "__len__", "__iter__", "__bool__", "__contains__")


def asked_once(question):
    """A question about a class whose answer is remembered for the run."""

    def answer(kind):
        known = METHODS.get(kind)
        if known is None:
            known = METHODS[kind] = {}
        found = known.get(question)
        if found is None:
            found = known[question] = question(kind)
        return found

    answer.__doc__ = question.__doc__
    return answer


@asked_once
def is_library(kind):
    """Whether a class that can be looked into is of a library that is not stepped."""
    makers = [getattr(kind, name, None) for name in DUNDERS]
    found = any(
        isinstance(maker, FunctionType) and not is_ours(maker) and maker.__module__ != MIXINS
        for maker in makers
    )
    return found and kind.__module__ not in QUIET_MODULES


@asked_once
def is_foreign(kind):
    """Whether a class that has items, or can be changed by `+=`, is written in C, as numpy's
    arrays are: one place for all that it holds."""
    makers = [getattr(kind, name, None) for name in ("__setitem__", "__iadd__")]
    return any(isinstance(maker, SLOTS) for maker in makers)


@asked_once
def hidden(kind):
    """What of a class's objects does not lie in fields of that name: True for all, where they are
    kept in C, or the names behind which a library has a function."""
    if kind in STREAMS or not (kind.__dictoffset__ or hasattr(kind, "__slots__")):
        return True
    made = {}
    for each in reversed(kind.__mro__):
        made.update(vars(each))
    return {
        name
        for name, value in made.items()
        if isinstance(value, property)
        and isinstance(value.fget, FunctionType)
        and not is_ours(value.fget)
    }


def is_ours(function):
    """Whether a function is rewritten, or a stand-in."""
    return function.__code__.co_filename in stage.lines_of or (
        function.__module__ or ""
    ).startswith("pvt.stepper")


MIXINS = "collections.abc"
"""What its classes add to one of the program's is made of calls of the program's methods alone."""
QUIET_MODULES = {"typing", "abc", "enum", "_weakrefset", "warnings", "pvt"}
QUIET_NAMES = {"namedtuple", "wraps", "update_wrapper", "dataclass", "field"}

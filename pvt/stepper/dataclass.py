"""dataclasses: the methods that the library writes for a class compare and show one field after the
other, and others may come in between; so they are written here, each field a touch of its own."""

import dataclasses
import operator
import reprlib
import sys
from types import FunctionType

from pvt.stepper.hashes import given, taken
from pvt.stepper.lookalikes import copied
from pvt.stepper.operators import COMPARE, compared
from pvt.stepper.touching import entered, ra, shown

PAIRWISE = sys.version_info >= (3, 13)
"""Whether two objects are compared field by field; before, all fields of both were read first."""


def module():
    """The module dataclasses, with these two of its functions exchanged."""
    given = {"dataclass": dataclass, "make_dataclass": make_dataclass}
    return copied(dataclasses, __all__=dataclasses.__all__, **given)


def dataclass(cls=None, /, **options):
    """dataclasses.dataclass, with or without brackets."""
    if cls is None:
        return lambda cls: dataclass(cls, **options)
    own = set(vars(taken(cls)))
    return given(adopted(dataclasses.dataclass(cls, **options), own))


def make_dataclass(name, fields, *, namespace=None, **options):
    """dataclasses.make_dataclass."""
    made = dataclasses.make_dataclass(name, fields, namespace=namespace, **options)
    return given(adopted(made, set(namespace or ())))


def adopted(kind, own):
    """A class; what the library has written for it is exchanged, what is its own is not."""
    for name, maker in MAKERS.items():
        if name not in own and type(vars(kind).get(name)) is FunctionType:
            method = maker(kind)
            method.__name__, method.__qualname__ = name, f"{kind.__qualname__}.{name}"
            setattr(kind, name, method)
    return kind


def read(thing, names):
    """The values of these fields, one touch each."""
    return tuple(getattr(ra(thing, name), name) for name in names)


def fields(kind, asks):
    return [field.name for field in dataclasses.fields(kind) if asks(field)]


def equal(kind):
    """`==`."""
    names, same = fields(kind, lambda field: field.compare), compared(operator.eq)

    def same_fields(self, other):
        entered()
        if other.__class__ is not self.__class__:
            return NotImplemented
        if PAIRWISE:
            return self is other or all(same(read(self, [n]), read(other, [n])) for n in names)
        return same(read(self, names), read(other, names))

    return same_fields


def ordered(operation):
    """`<` and its like, for an operation of the module operator."""

    def maker(kind):
        names, order = fields(kind, lambda field: field.compare), compared(operation)

        def compare(self, other):
            entered()
            if other.__class__ is not self.__class__:
                return NotImplemented
            return order(read(self, names), read(other, names))

        return compare

    return maker


def text(kind):
    """repr()."""
    names = fields(kind, lambda field: field.repr)

    @reprlib.recursive_repr()
    def written(self):
        entered()
        pairs = zip(names, read(self, names), strict=True)
        parts = ", ".join(f"{name}={shown(value)!r}" for name, value in pairs)
        return f"{self.__class__.__qualname__}({parts})"

    return written


def hashed(kind):
    """hash()."""
    names = fields(kind, lambda field: field.compare if field.hash is None else field.hash)

    def number(self):
        entered()
        return hash(read(self, names))

    return number


MAKERS = {"__eq__": equal, "__repr__": text, "__hash__": hashed}
MAKERS |= {f"__{name}__": ordered(COMPARE[name]) for name in ("lt", "le", "gt", "ge")}

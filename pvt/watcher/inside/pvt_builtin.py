"""What stands in the place of a builtin function, and looks like it from every side."""

from types import BuiltinFunctionType


class Builtin:
    """Calls a function of ours in place of a builtin one. As a builtin does, and a Python function
    does not, it stays what it is in the body of a class: `self.sleep(1)` gives it no `self`.
    """

    __slots__ = ("__weakref__", "bare", "call")

    def __init__(self, bare, call):
        self.bare, self.call = bare, call

    def __call__(self, /, *args, **kwargs):
        return self.call(*args, **kwargs)

    def __getattr__(self, name):
        return getattr(self.bare, name)

    def __repr__(self):
        return repr(self.bare)

    def __reduce__(self):
        return self.bare.__name__  # found in its module, as the bare one

    __class__ = property(lambda self: BuiltinFunctionType)
    __doc__ = property(lambda self: self.bare.__doc__)
    __module__ = property(lambda self: self.bare.__module__)


def exchange(bare, call, *modules):
    """Put a function of ours in the place of a builtin one, in its own module and in others."""
    ours = Builtin(bare, call)
    for module in (bare.__self__, *modules):
        setattr(module, bare.__name__, ours)

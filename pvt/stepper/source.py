"""The text of a program, whatever it was given as.

A class is a program whose body is the text: its functions are written without `self` (or as
staticmethods), and become the functions of a module; so they call each other by plain names."""

import inspect
import linecache
import os
import textwrap
import tokenize
from pathlib import Path
from types import FunctionType, ModuleType


def source_of(program):
    """The source text of a module, a class, a path to a file, or text with at least one line
    break."""
    if isinstance(program, str) and "\n" in program:
        return program
    if isinstance(program, (str, Path)):
        return read(Path(program))
    if isinstance(program, ModuleType):
        return text_of(program)
    if isinstance(program, type):
        return body_of(textwrap.dedent(text_of(program)))
    raise TypeError(
        f"program {program!r:.60} is of type {type(program).__name__}: "
        "give a module, a class, a path to a Python file, or the program's text"
    )


def folder_of(program):
    """The folder where a program finds its own modules: beside its file, else the current one."""
    if isinstance(program, Path) or (
        isinstance(program, str) and "\n" not in program and Path(program).is_file()
    ):
        return str(Path(program).resolve().parent)
    file = getattr(program, "__file__", None)
    return str(Path(file).resolve().parent) if file else os.getcwd()


def read(path):
    """The text of a file, in the encoding that it names."""
    if Path(path).suffix == ".ipynb" and Path(path).is_file():
        raise ValueError(
            f"program {str(path)!r} is a notebook: save its cells as a Python file, or search a cell with %%pvt search"
        )
    try:
        with tokenize.open(path) as file:
            return file.read()
    except FileNotFoundError:
        why = "there is no such file"
    except IsADirectoryError:
        why = "it is a folder"
    except (SyntaxError, UnicodeDecodeError):
        why = "it is no text, or not in the encoding that it names"
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
    raise ValueError(f"program {str(path)!r} cannot be read, {why}: give the path of a Python file")


def text_of(thing):
    """The source that Python remembers of a module or class."""
    try:
        return text_in_cell(thing) or inspect.getsource(thing)
    except (OSError, TypeError) as error:
        raise ValueError(
            f"program {thing.__name__!r} has no source text ({error}): give it as text or file"
        ) from None


def text_in_cell(thing):
    """The source of a class that a notebook's cell defines; `inspect` looks for classes in files
    only."""
    import ast

    functions = [value for value in vars(thing).values() if isinstance(value, FunctionType)]
    if not isinstance(thing, type) or not functions:
        return None
    code = functions[0].__code__
    text = "".join(linecache.getlines(code.co_filename))
    for node in ast.walk(ast.parse(text)):
        mine = isinstance(node, ast.ClassDef) and node.name == thing.__name__
        if mine and node.lineno <= code.co_firstlineno <= node.end_lineno:
            return ast.get_source_segment(text, node, padded=True)
    return None


def body_of(text):
    """The lines inside a class, one level to the left."""
    import ast

    body = ast.parse(text).body[0].body
    first = min(
        getattr(node, "lineno", 1) for node in (body[0], *getattr(body[0], "decorator_list", ()))
    )
    lines = text.splitlines()
    if first == ast.parse(text).body[0].lineno:
        raise ValueError(
            "program: a class on a single line has no lines to step through; write one statement per line"
        )
    return textwrap.dedent("\n".join(lines[first - 1 :])) + "\n"

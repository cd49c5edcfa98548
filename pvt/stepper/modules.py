"""What a program gets when it imports something.

    stand-ins        threading, queue, time, random, concurrent.futures, _thread: look-alikes that the stage understands
    stepped          the learner's own modules (beside the script, or on a path that is no library's), packages that are
                     named, and library modules in Python that walk over what they are handed (json, copy) or wait
                     (sched): their text is rewritten as the program's is; of collections the classes in Python
    fresh            logging, which has locks and remembers handlers: its text as it is, on stand-ins, new for every run
    not stepped      processes, sockets, signals: an import is no harm, a use is refused with a sentence
    anything else    the real module; a call into it is one step

Every run gets fresh modules; texts are rewritten and compiled once.
"""

import ast
import atexit
import builtins
import collections
import functools
import importlib.util
import runpy
import sys
from pathlib import Path
from types import CodeType, ModuleType

from pvt.stepper import (
    chance,
    clocks,
    dataclass,
    exits,
    futures,
    hashes,
    hooks,
    kinds,
    lacking,
    locks,
    meetings,
    memory,
    outside,
    queues,
    threads,
    touching,
)
from pvt.stepper.engine import Op, has_gil, stage
from pvt.stepper.imports import Import
from pvt.stepper.lookalikes import Given, copied
from pvt.stepper.rewriting import rewritten
from pvt.stepper.stops import LIBRARY, ProgramError, line_of
from pvt.stepper.streams import Output

STEPPED = {"json", "json.encoder", "json.decoder", "json.scanner", "copy", "pickle", "sched"}
FRESH = {"logging", "logging.handlers"}
AT_FORK = "hasattr(os, 'register_at_fork')"
"""What logging would tell the interpreter in every run, for ever."""
ITEMS = (
    "items = dct.items()",
    "items = list(dct.items()) if _one_shot and _indent is None else dct.items()",
)
"""The encoder in C, for which that in Python stands here, takes the items of a dict at once; it is
used by dumps() without an indent."""
PROCESSES = "processes are not stepped, as they share nothing: put the shared state into threads, or measure processes "
PROCESSES += "with the experiments of chapter 03"
POOLS = (
    "its threads are not stepped: use concurrent.futures.ThreadPoolExecutor, or threading and queue"
)
THREADS = {"multiprocessing.dummy", "multiprocessing.pool", "multiprocessing.pool.ThreadPool"}
"""What of multiprocessing is made of threads."""
REFUSED = {
    "multiprocessing": PROCESSES, "subprocess": PROCESSES, "signal": "a signal comes from outside: start a thread that "
    "does what the handler does", "socket": outside.ANSWER, "ssl": outside.ANSWER,
    "socketserver": outside.ANSWER, "pty": PROCESSES,
}  # fmt: skip
LIBRARIES = {"site-packages", "dist-packages"}
HARMLESS = {"cpu_count", "gethostname", "gethostbyname", "freeze_support", "Signals", "error", "timeout", "PIPE", "STDOUT",
            "DEVNULL", "CalledProcessError", "TimeoutExpired", "SubprocessError", "getfqdn"}  # fmt: skip
NOT_HERE = {"fork", "forkpty", "system", "popen", "posix_spawn", "posix_spawnp", "spawnl", "spawnv", "execv", "execl",
            "kill", "killpg", "wait", "waitpid"}  # fmt: skip


class Modules:
    """The modules and builtins of one program."""

    def __init__(self, folder=None, also=(), world="language"):
        self.folder = Path(folder) if folder else None
        self.also = {name.partition(".")[0] for name in also}  # of a.b all of a: it imports b
        self.switches = world == "interpreter"
        self.codes, self.files, self.folders = {}, {}, {}
        self.builtins = dict(vars(builtins), __import__=self.import_, print=print_, input=asked, id=number_of,
                             exec=exec, eval=eval, compile=self.compile, breakpoint=nothing,
                             __build_class__=hashes.built)  # fmt: skip
        self.builtins |= hooks.names() | {"@source": self.source}
        self.made, self.registered, self.imports = {}, {}, {}
        self.collected = None  # classes of collections, rewritten
        self.makers = {
            "os": system,
            "collections": self.containers,
            "dataclasses": dataclass.module,
            "importlib": self.importing,
            "importlib.util": lambda: copied(importlib.util, spec_from_file_location=self.by_file),
            "runpy": lambda: copied(runpy, run_path=self.run_path),
        }

    def begin(self):
        """Forget what the last run left behind."""
        self.made, self.imports = {}, {}
        stage.modules, stage.modules_made, stage.builtins = {}, self.made, self.builtins
        kinds.forget()
        self.registered, before = {}, self.registered
        for name, module in before.items():
            restore(name, module)

    def register(self, name, module):
        """Put a module where dataclasses and others look for it."""
        self.registered.setdefault(name, sys.modules.get(name))
        sys.modules[name] = module

    # -- text to code ------------------------------------------------------------------------------

    def code(self, text, filename, module, mode="exec", part=False):
        """The code of a text, rewritten."""
        made = compiled(text, filename, module, mode, self.switches, part)
        self.files[filename] = stage.lines_of[filename] = text.splitlines()
        return made

    def source(self, text, mode, module):
        """What exec() or eval() is given: rewritten first."""
        if not isinstance(text, (str, bytes, bytearray)):
            return text
        text = text.decode() if not isinstance(text, str) else text
        text = text.strip(" \t") if mode == "eval" else text
        return self.code(text, "<text>", module, mode, part=True)

    def compile(self, source, filename="<text>", mode="exec", flags=0, *args, **words):
        """compile(): what it gives can be handed to exec()."""
        if isinstance(source, (str, bytes)) and not flags and mode in ("exec", "eval"):
            return self.code(source, str(filename), "text", mode)
        return compile(source, filename, mode, flags, *args, **words)

    # -- importing ---------------------------------------------------------------------------------

    def import_(self, name, globals=None, locals=None, fromlist=(), level=0):
        """`import` of a rewritten module."""
        if level:
            package = (globals or {}).get("__package__") or ""
            name = importlib.util.resolve_name("." * level + name, package)
        if name == "time" and (globals or {}).get("__name__") in FRESH:
            return clocks.quiet_module()
        if name == "atexit" and (globals or {}).get("__name__") in FRESH:
            return atexit
        module = self.find(name)
        if module is None:
            return self.real(name, fromlist)
        if fromlist:
            every = getattr(module, "__all__", ()) if "*" in fromlist else ()
            for each in (each for each in (*fromlist, *every) if each != "*"):
                if hasattr(module, "__path__") and not hasattr(module, each):
                    self.find(f"{name}.{each}")
            return module
        return self.find(name.partition(".")[0]) if "." in name and not level else module

    def real(self, name, fromlist):
        """A module that is not stepped; `import os.path` gives the os that the program has."""
        made = __import__(name, {}, {}, fromlist or ())
        root, _, rest = name.partition(".")
        own = self.find(root) if rest and not fromlist else None
        if own is None:
            return made
        part = rest.partition(".")[0]
        setattr(own, part, getattr(made, part))
        return own

    def import_module(self, name, package=None):
        """importlib.import_module(): as the statement."""
        return self.import_(importlib.util.resolve_name(name, package), fromlist=("__name__",))

    def reload(self, module):
        """importlib.reload(): the body runs again, in the same module."""
        if stage.modules.get(module.__name__) is not module or module.__name__ not in self.codes:
            return importlib.reload(module)
        exec(self.codes[module.__name__], module.__dict__)
        return module

    def importing(self):
        """The module importlib."""
        given = {"import_module": self.import_module, "reload": self.reload}
        given |= {"__import__": self.import_, "__path__": importlib.__path__}
        return copied(importlib, util=self.find("importlib.util"), **given)

    def by_file(self, name, location=None, **words):
        """importlib.util.spec_from_file_location(): a module by its file is stepped, too."""
        spec = importlib.util.spec_from_file_location(name, location, **words)
        if spec and type(spec.loader) is importlib.machinery.SourceFileLoader:
            spec.loader = Loader(spec.name, spec.origin, self.run_file)
        return spec

    def run_path(self, path_name, init_globals=None, run_name="<run_path>"):
        """runpy.run_path(): what a file leaves behind."""
        module = ModuleType(run_name)
        module.__dict__.update(init_globals or {}, __file__=str(path_name))
        self.run_file(module, path_name)
        return dict(vars(module))

    def run_file(self, module, path):
        """Run the text of a file in a module."""
        module.__dict__["__builtins__"] = self.builtins
        exec(self.code_of(str(path), Path(path)), module.__dict__)

    def find(self, name):
        """A stand-in or a stepped module, or None."""
        if name in self.imports:
            return self.imported(name)
        if name in self.made:
            return self.made[name]
        root = name.partition(".")[0]
        if name in MAKERS:
            made = self.made[name] = MAKERS[name]()
            above, _, part = name.rpartition(".")
            if name == "concurrent":
                self.find("concurrent.futures")
            elif above:
                setattr(self.find(above), part, made)
            return made
        if root in REFUSED:
            made = self.made[name] = refused(name, root)
            above, _, part = name.rpartition(".")
            if above:
                setattr(self.find(above), part, made)
            return made
        if name in self.makers:
            made = self.made[name] = self.makers[name]()
            return made
        if name == "functools":
            self.made[name] = functools
            made = self.made[name] = self.library()
            return made
        if name == "asyncio" or name.startswith("asyncio."):
            return self.tasks(name)
        path = self.path_of(name, root)
        if path is None:
            return self.only_folder(name, root)
        if above := name.rpartition(".")[0]:
            self.find(above)
            if name in self.imports:  # the package has imported it
                return self.imported(name)
        self.imports[name] = Import(name, lambda: self.load(name, path))
        return self.imported(name)

    def imported(self, name):
        """A stepped module, when its body has run, or as far as it is in a circle of imports."""
        module = self.imports[name].found() or self.made.get(name)
        if module is None:
            raise RuntimeError(f"the import of {name} waits for itself")
        return module

    def tasks(self, name):
        """asyncio, on a loop that the stage understands."""
        try:
            from pvt.stepper import tasks
        except ImportError:
            raise ProgramError(
                "the program imports asyncio, which is not stepped yet: use threads"
            ) from None
        return tasks.module(self, name)

    def path_of(self, name, root):
        """The file of a module that is stepped, or None."""
        if name in STEPPED | FRESH or root in self.also:
            spec = importlib.util.find_spec(name)
            return Path(spec.origin) if spec and str(spec.origin).endswith(".py") else None
        folder = self.folder_of(root)
        if folder is None:
            return None
        place = folder.joinpath(*name.split("."))
        for path in (place.with_suffix(".py"), place / "__init__.py"):
            if path.is_file():
                return path
        return None

    def folder_of(self, root):
        """Where a module lies that is the learner's own: beside the script, or in another folder of
        sys.path that is no library. None if it is none."""
        known = self.folders.get(root)
        if known is None or known[0] != sys.path:
            known = self.folders[root] = list(sys.path), own_folder(root, self.folder)
        return known[1]

    def only_folder(self, name, root):
        """A folder of the learner's modules without an `__init__.py`; None if it is none."""
        folder = self.folder_of(root)
        place = folder and folder.joinpath(*name.split("."))
        if place is None or not place.is_dir():
            return None
        above, _, part = name.rpartition(".")
        module = ModuleType(name)
        module.__path__ = [str(place)]
        if above:
            setattr(self.find(above), part, module)
        self.made[name] = stage.modules[name] = module
        self.register(name, module)
        return module

    def load(self, name, path):
        """A module whose text is rewritten."""
        module = ModuleType(name)
        package = path.name == "__init__.py"
        module.__dict__.update(__file__=str(path), __builtins__=self.builtins, __loader__=None)
        module.__package__ = name if package else name.rpartition(".")[0]
        if package:
            module.__path__ = [str(path.parent)]
        self.made[name] = stage.modules[name] = module
        if name not in STEPPED | FRESH:
            self.register(name, module)
        if "." in name:
            setattr(self.made[name.rpartition(".")[0]], name.rpartition(".")[2], module)
        try:
            exec(self.code_of(name, path), module.__dict__)
        except BaseException:
            self.forget(name)
            raise
        if name == "json.encoder":
            module.c_make_encoder = None
        if name == "pickle":  # that in Python, for that in C
            module.Pickler = module._Pickler
            module.dump, module.dumps = module._dump, module._dumps
        if name == "logging":
            atexit.unregister(module.shutdown)
        return module

    def forget(self, name):
        """A module whose body has failed: who asks again, runs it again."""
        del self.made[name]
        stage.modules.pop(name, None)
        if name in self.registered:
            restore(name, self.registered.pop(name))

    def code_of(self, name, path):
        """The code of a file, compiled once."""
        if name not in self.codes:
            try:
                text = path.read_text("utf-8")
                if name in FRESH:
                    text = text.replace(AT_FORK, "False")
                    self.codes[name] = compile(text, str(path), "exec", dont_inherit=True)
                else:
                    text = text.replace(*ITEMS) if name == "json.encoder" else text
                    self.codes[name] = self.code(text, str(path), name)
            except (SyntaxError, ValueError, OSError) as error:
                raise ProgramError(
                    f"module {name}, line {line_of(error)}: this is not Python: {error}"
                ) from None
        return self.codes[name]

    def library(self):
        """functools: what calls back or remembers is written in Python."""
        if "caches" not in self.codes:
            text = Path(__file__).with_name("caches.py").read_text("utf-8")
            self.codes["caches"] = self.code(text, LIBRARY, "caches")
        locked = self.switches and hasattr(functools.cached_property(len), "lock")
        mine = {"__builtins__": self.builtins, "__name__": "functools", "LOCKED": locked}
        exec(self.codes["caches"], mine)
        given = {each: mine[each] for each in ("cached_property", "reduce")}
        return copied(functools, **given, **memory.NAMES)

    def containers(self):
        """collections: its classes that are written in Python are stepped. In Python Counter counts
        one item after the other; this interpreter does it in C, in one step."""
        if self.collected is None:
            text = only(Path(collections.__file__).read_text("utf-8"), COLLECTED)
            mine = {**vars(collections), "__builtins__": self.builtins}
            exec(self.code(text, LIBRARY, "collections"), mine)
            mine["Counter"].__missing__ = collections.Counter.__missing__
            if self.switches and has_gil():
                mine["_count_elements"] = collections._count_elements
            self.collected = {name: mine[name] for name in COLLECTED}
        made = copied(collections, __path__=collections.__path__, **self.collected)
        self.register("collections", made)  # where pickle looks for the classes
        return made


@functools.lru_cache(maxsize=256)
def compiled(text, filename, module, mode, switches, part):
    """The code of a text, rewritten; what was compiled lately is not compiled again."""
    tree = rewritten(ast.parse(text, filename, mode), module, switches, part)
    return compile(tree, filename, mode, dont_inherit=True)


COLLECTED = ("Counter", "ChainMap", "UserDict", "UserList", "_count_elements")


def only(text, names):
    """The text of these classes and functions of a module."""
    lines, body = text.splitlines(), ast.parse(text).body
    found = [node for node in body if getattr(node, "name", None) in names]
    return "\n".join(line for node in found for line in lines[node.lineno - 1 : node.end_lineno])


def restore(name, module):
    """What stood in sys.modules before."""
    if module is None:
        sys.modules.pop(name, None)
    else:
        sys.modules[name] = module


# -- builtins --------------------------------------------------------------------------------------


def print_(*values, sep=" ", end="\n", file=None, flush=False):
    """print(): kept, and noticed by others who print."""
    values = [touching.shown(value) for value in values]
    sep, end = " " if sep is None else sep, "\n" if end is None else end
    if file is None:
        file = touching.ra(sys, "stdout").stdout
    if type(file) is Output:
        file.write(sep.join(map(str, values)) + end)
    elif file is not None and file is not sys.stderr:
        pieces = [piece for value in values for piece in (sep, str(value))][1:] + [end]
        for piece in pieces:  # as print() does
            hooks.called(file.write)(piece)


def asked(*_):
    """input(): nobody could answer."""
    raise ProgramError(f"line {threads.line_here()}: the program calls input(): nobody could answer; write the value "
                       "into the program")  # fmt: skip


class Loader(importlib.machinery.SourceFileLoader):
    """Loads a module by its file; `run(module, path)` runs the text, rewritten."""

    def __init__(self, name, path, run):
        super().__init__(name, path)
        self.run = run

    def exec_module(self, module):
        self.run(module, self.path)


def own_folder(root, beside):
    """The folder in which a module of this name lies that is no library's, or None."""
    places = [str(beside), *sys.path] if beside else sys.path
    spec = importlib.machinery.PathFinder.find_spec(root, places)
    found = spec and next(iter(spec.submodule_search_locations or [spec.origin]), None)
    if not found:
        return None
    folder = Path(found).parent
    return folder if folder == beside or not is_library(root, folder) else None


def is_library(root, folder):
    """Whether a module that lies there is Python's, was installed there, or is pvt."""
    known = root in sys.stdlib_module_names or root == "pvt" or LIBRARIES & set(folder.parts)
    return bool(known) or next(folder.glob("*.dist-info"), None) is not None


def number_of(thing):
    """id(): the same numbers in every run."""
    known = stage.numbers.get(id(thing))
    if known is None:
        known = stage.numbers[id(thing)] = (140_000_000 + 16 * len(stage.numbers), thing)
    return known[0]


def nothing(*_, **__):
    """breakpoint(): nobody sits there."""


# -- modules that are made -------------------------------------------------------------------------


def filled(name, real, **given):
    """A module with these names; what the real one has besides is refused when it is called."""
    if name not in FILLED:
        FILLED[name] = names = dict(given)
        for each in getattr(real, "__all__", dir(real)):
            if each not in given and not each.startswith("_"):
                value = getattr(real, each, None)
                names[each] = threads.refuse(name, each) if callable(value) else value
    made = ModuleType(name)
    made.__dict__.update(FILLED[name])
    return made


FILLED = {}
"""Name of a module -> what is in it; each run has a module of its own."""


SYNCHRONISED = {each.__name__: each for each in (locks.Lock, locks.RLock, locks.Semaphore, locks.BoundedSemaphore,
                meetings.Condition, meetings.Event, meetings.Barrier, threads.Thread, threads.Timer)}  # fmt: skip
lacking.fill(SYNCHRONISED | queues.KINDS | futures.KINDS)


def threading_module():
    """The module threading."""
    import threading

    hidden = {
        "_MainThread": threads._MainThread,
        "_DummyThread": threads._DummyThread,
        "_RLock": locks.RLock,
    }
    return filled("threading", threading, BrokenBarrierError=meetings.BrokenBarrierError, local=threads.local,
                  **SYNCHRONISED, **threads.FUNCTIONS, **hidden)  # fmt: skip


def thread_module():
    """The module _thread."""
    import _thread

    return filled("_thread", _thread, allocate_lock=locks.Lock, allocate=locks.Lock, LockType=locks.Lock,
                  RLock=locks.RLock, lock=locks.Lock, _local=threads.local, **threads.OLD)  # fmt: skip


def queue_module():
    """The module queue."""
    import queue

    return filled("queue", queue, **queues.NAMES)


def futures_module():
    """The module concurrent.futures."""
    import concurrent.futures

    return filled("concurrent.futures", concurrent.futures, thread=None, **futures.NAMES)


def pool_module():
    """The module concurrent.futures.thread."""
    import concurrent.futures.thread

    return filled("concurrent.futures.thread", concurrent.futures.thread, **futures.NAMES)


def package():
    """The package concurrent."""
    made = ModuleType("concurrent")
    made.__path__ = []
    return made


MAKERS = {
    "threading": threading_module, "_thread": thread_module, "queue": queue_module, "time": clocks.clock_module,
    "random": chance.random_module, "secrets": chance.secrets_module, "uuid": chance.uuid_module,
    "atexit": exits.module, "concurrent": package, "concurrent.futures": futures_module,
    "concurrent.futures.thread": pool_module, "concurrent.futures._base": futures_module, "_queue": queue_module,
}  # fmt: skip


class Refused(ModuleType):
    """A module that may be imported, but not used."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        root = self.__name__.partition(".")[0]
        if name in HARMLESS or (name.isupper() and root == "socket"):
            return getattr(importlib.import_module(self.__name__), name)
        whole = f"{self.__name__}.{name}"
        of_threads = whole in THREADS or self.__name__ == "multiprocessing.dummy"
        return outside.refuse(whole, POOLS if of_threads else REFUSED[root])


def refused(name, root):
    """The module."""
    made = Refused(name)
    made.__path__ = []
    return made


def system():
    """The module os: what starts or awaits processes is refused."""
    import os

    made = ModuleType("os")
    vars(made).update(
        {name: value for name, value in vars(os).items() if name not in ("__spec__", "__loader__")}
    )
    for name in NOT_HERE:
        if hasattr(os, name):
            setattr(made, name, lambda *_, name=name, **__: outside.refuse(f"os.{name}", PROCESSES))
    made._exit = leave
    made.urandom = Given(chance.random_bytes, "urandom")
    if hasattr(os, "getrandom"):
        made.getrandom = Given(lambda size, flags=0: chance.random_bytes(size), "getrandom")
    return made


def leave(code=0):
    """os._exit() ends everything at once."""
    stage.point(Op(None, "exit", True, final=True))
    stage.end(
        "finished" if not code else "broken",
        f"the program called os._exit({code}) in thread {stage.me.number}",
    )
    stage.left = True
    stage.unwind()


__all__ = ["CodeType", "Modules"]

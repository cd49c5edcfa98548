"""Files and folders: one place for all that is on the disk, and a folder that is empty again before
each run.

Each call that looks at files or changes them is a step: opening, reading, writing, closing, and
what `os` does. A function of the library that does several of these in one call is taken for one
step, and the result says so. Which functions of other libraries do so is heard from the interpreter
(an audit hook) in the runs that learn what is shared. Relative names lead into a folder of the search's own: in it is a copy
of what lies beside the program and is named in its text. What a program changes elsewhere stays
changed from run to run, so that nothing is proved of it.
"""

import io
import os
import re
import shutil
import sys
import tempfile
from contextlib import suppress

from pvt.stepper.chance import drawn
from pvt.stepper.engine import stage
from pvt.stepper.kinds import KINDS, THING, asked_once


class Files:
    """Stands for everything on the disk."""

    __slots__ = ()


MOST_BYTES, MOST_FILES = 1 << 20, 20  # of each thing that is copied, in every run
FILES, LABEL = Files(), "files"
MODULES = ("genericpath", "posixpath", "ntpath", "os", "shutil", "pathlib", "tempfile", "glob")
MODULES += ("fileinput", "zipfile", "tarfile", "gzip", "bz2", "lzma", "linecache")
SYSTEM = {
    "open", "close", "read", "write", "pread", "pwrite", "readv", "writev", "lseek", "ftruncate",
    "truncate", "stat", "lstat", "fstat", "mkdir", "rmdir", "unlink", "remove", "rename",
    "replace", "link", "symlink", "readlink", "listdir", "scandir", "access", "chmod", "utime",
    "chdir", "getcwd", "fsync", "fdatasync", "sendfile", "mkfifo",
}  # fmt: skip
PURE = {
    "join", "basename", "dirname", "split", "splitext", "splitdrive", "normpath", "normcase",
    "isabs", "commonpath", "commonprefix", "fspath", "fsencode", "fsdecode", "getenv",
    "expandvars", "get_exec_path", "gettempdir", "get_terminal_size", "with_suffix", "with_name",
    "with_stem", "joinpath", "relative_to", "is_relative_to", "as_posix", "as_uri", "is_absolute",
    "match", "with_segments", "has_magic", "escape", "cpu_count", "urandom", "getlogin",
}  # fmt: skip
READS = {
    "exists", "lexists", "isfile", "isdir", "islink", "ismount", "getsize", "getmtime",
    "getatime", "samefile", "stat", "lstat", "fstat", "listdir", "scandir", "access", "readlink",
    "is_file", "is_dir", "is_symlink", "getcwd", "cwd", "iterdir", "absolute", "resolve",
    "abspath", "realpath", "read_text", "read_bytes",
}  # fmt: skip
# Each of these is one call to the system, or as good as one.
SINGLE = READS | {
    "mkdir", "rmdir", "unlink", "rename", "replace", "chmod", "symlink_to", "hardlink_to",
    "touch", "open", "fdopen",
    # Their names are each worker's own, so that nobody else meets them on the way.
    "mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryFile",
}  # fmt: skip


EVENTS = {"open", "sqlite3.connect"} | {
    f"os.{name}"
    for name in ("listdir", "scandir", "mkdir", "rmdir", "remove", "rename", "link", "symlink",
                 "truncate", "chmod", "chdir")
}  # fmt: skip
TEMPORARY = {tempfile._TemporaryFileWrapper, tempfile.TemporaryDirectory}
"""What is removed from the disk at the end of a `with` statement."""
kinds = set()
"""Classes of a library whose objects were made by a call that works on files."""


def listen():
    """Hear from the interpreter when a library works on files; once in a process, and for ever."""
    if not hasattr(listen, "hook"):
        listen.hook = heard
        sys.addaudithook(heard)


def heard(event, args):
    """What a worker has called last of a library works on files: from the next run on that is a
    step."""
    if event in EVENTS and not stage.alone and (name := stage.me.library) and not is_code(args):
        stage.learn(f"files in {name}")


def is_code(args):
    """Whether a file belongs to Python itself: what it imports, and what the system tells."""
    known = args and isinstance(args[0], (str, bytes, os.PathLike))
    name = os.fsdecode(args[0]) if known else ""
    return not name or name.endswith((".py", ".pyc", ".so", ".pyd")) or name.startswith("/dev/")


def begins(name):
    """A library's function of that name is about to be called."""
    stage.me.library = name
    if f"files in {name}" in stage.hot:
        one_step(name)
        touch(True)
        return True
    return False


def made(result):
    """What such a call has given; if it is an object of a library, its methods work on files
    too."""
    if KINDS[type(result)] == THING and not is_file(type(result)):
        kinds.add(type(result))
    return result


def touch(write):
    """About to look at the disk, or to change it."""
    stage.me.library = None
    stage.touch(FILES, None, LABEL, write)


def one_step(name):
    """Something that works on files in several calls is taken for one step: if others work on
    files too, nothing is proved."""
    stage.assume(name, f"{name}() is one step")
    if LABEL in stage.hot:
        stage.doubts.add(LABEL)


def is_about_files(function):
    """Whether a function of the library, written in Python, works on files."""
    module = (getattr(function, "__module__", "") or "").partition(".")[0]
    return (
        module in MODULES
        and function.__name__ not in PURE
        and not function.__qualname__.startswith(("_Environ.", "PurePath."))
    )


def worked(function):
    """A function that works on files: it tells the stage before."""
    name = function.__name__
    if function is os.makedirs:
        return folders
    if name in ("write_text", "write_bytes") and hasattr(function, "__self__"):
        return written(function.__self__, "b" if name == "write_bytes" else "")

    def call(*args, **words):
        write = name not in READS
        if name not in SINGLE and name not in SYSTEM:
            one_step(f"{function.__module__}.{function.__qualname__}")
        elsewhere(args if not hasattr(function, "__self__") else (function.__self__, *args), write)
        touch(write)
        return function(*args, **words)

    return call


def folders(name, mode=0o777, exist_ok=False):
    """os.makedirs(): one folder after the other; others may come in between."""
    above, last = os.path.split(name)
    if not last:
        above, last = os.path.split(above)
    if above and last and not worked(os.path.exists)(above):
        with suppress(FileExistsError):
            folders(above, exist_ok=exist_ok)
        if os.fsdecode(last) == os.curdir:
            return
    try:
        worked(os.mkdir)(name, mode)
    except OSError:
        if not exist_ok or not worked(os.path.isdir)(name):
            raise


def opened(file, mode="r", *args, **words):
    """open(): with any mode but reading it changes the disk at once."""
    write = not isinstance(mode, str) or not set(mode) <= set("rbtU")
    elsewhere((file,), write)
    touch(write)
    return open(file, mode, *args, **words)


def written(path, binary):
    """Path.write_text and write_bytes: open, write, close. Others may read in between."""

    def call(data, *args, **words):
        file = opened(
            path, f"w{binary}", **dict(zip(("encoding", "errors"), args, strict=False)), **words
        )
        try:
            touch(True)
            return file.write(data)
        finally:
            touch(True)
            file.close()

    return call


def elsewhere(names, write):
    """What a program changes outside its folder stays so in the next run."""
    for name in names if write else ():
        if isinstance(name, (str, os.PathLike)):
            path = os.path.realpath(name)
            if path != os.devnull and not is_in(path, Folder.current):
                stage.assume("elsewhere", f"what it changes in {path} is not set back between runs")
                stage.doubts.add(LABEL)


@asked_once
def is_file(kind):
    """Whether objects of a class are open files."""
    return issubclass(kind, io.IOBase) and not issubclass(kind, (io.StringIO, io.BytesIO))


def method(function):
    """A method of an open file: also a reader moves on in it."""

    def call(*args, **words):
        touch(True)
        return function(*args, **words)

    return call


class Closing:
    """A file in a `with` statement: its end is a step, for it writes what is still in its
    buffer."""

    __slots__ = ("file",)
    __stepped__ = True

    def __init__(self, file):
        self.file = file

    def __enter__(self):
        return self.file.__enter__()

    def __exit__(self, *problem):
        if problem[0] is None and not stage.alone:
            touch(True)
        return self.file.__exit__(*problem)


def is_in(path, folder):
    """Whether a path leads into a folder, or to it; False where there is no folder."""
    path, folder = os.path.realpath(path), folder and os.path.realpath(folder)
    return bool(folder) and os.path.join(path, "").startswith(os.path.join(folder, ""))


class Names:
    """The names that tempfile chooses from: each worker has a row of its own, the same in every
    run."""

    def __iter__(self):
        return self

    def __next__(self):
        return drawn(4).hex()


class Folder:
    """The working folder of a program: before each run there is in it what lies beside the program
    and is named in its text, and nothing else.

    Only where the whole process has a folder of its own, which its caller removes: there is none
    in a process that also does something else.
    """

    current = None

    def __init__(self, program=None):
        self.path, self.given = None, []
        own = os.environ.get("PVT_FOLDER")
        if is_in(os.getcwd(), own):
            self.path = tempfile.mkdtemp(prefix="program-", dir=own)
            self.given = beside(program)
            listen()

    def begin(self):
        """Clear it up."""
        Folder.current = self.path
        if not self.path:
            return
        tempfile.tempdir, tempfile._name_sequence = self.path, Names()
        with suppress(OSError):
            os.chdir(self.path)
            for name in os.listdir(self.path):
                path = os.path.join(self.path, name)
                if os.path.isdir(path) and not os.path.islink(path):
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    os.unlink(path)
            for path in self.given:
                copy = shutil.copytree if path.is_dir() else shutil.copyfile
                copy(path, os.path.join(self.path, path.name))


def beside(program):
    """The files and folders beside a program that its text names, but large ones."""
    folder = getattr(getattr(program, "modules", None), "folder", None)
    try:
        names = set(re.split(r"[\"'/\\]", program.source))  # what stands between quotes or slashes
        return [path for path in sorted(folder.iterdir()) if path.name in names and is_small(path)]
    except (OSError, AttributeError):  # a program without a folder, or one that nobody may read
        return []


def is_small(path):
    """Whether a file, or all that is in a folder, may be copied."""
    size = 0
    for count, each in enumerate(path.rglob("*") if path.is_dir() else [path], 1):
        size += each.stat().st_size
        if count > MOST_FILES or size > MOST_BYTES:
            return False
    return True

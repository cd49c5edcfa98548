"""Files and folders: one place for all that is on the disk, and a folder that is empty again before
each run.

Each call that looks at files or changes them is a step: opening, reading, writing, closing, and
what `os` does. A function of the library that does several of these in one call is taken for one
step, and the result says so. Relative names lead into a folder of the search's own, and to what lies
beside the program, of which a copy is changed. What a program changes elsewhere stays changed from
run to run, so that nothing is proved of it.
"""

import io
import os
import shutil
import tempfile
from contextlib import suppress

from pvt.stepper.engine import stage
from pvt.stepper.kinds import asked_once


class Files:
    """Stands for everything on the disk."""

    __slots__ = ()


MOST = 16 << 20  # bytes of a file that is copied
OPENING = ("open", "read_text", "read_bytes")
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
    "touch", "open",
}  # fmt: skip


def touch(write):
    """About to look at the disk, or to change it."""
    if not stage.alone:
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
    if name in OPENING and isinstance(getattr(function, "__self__", None), os.PathLike):
        path = function.__self__
        function = getattr(type(path)(found(path, name == "open")), name)
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


def opened(file, mode="r", *args, **words):
    """open(): with any mode but reading it changes the disk at once."""
    write = not isinstance(mode, str) or not set(mode) <= set("rbtU")
    elsewhere((file,), write)
    touch(write)
    return open(found(file, write), mode, *args, **words)


def found(name, write):
    """A name that only the folder of the program knows leads there; what is to be written is
    copied first."""
    beside, here = Folder.beside, Folder.current
    if not (beside and here and isinstance(name, (str, os.PathLike))) or os.path.exists(name):
        return name
    path = os.path.join(beside, os.path.relpath(os.path.realpath(name), os.path.realpath(here)))
    if not os.path.isfile(path):
        return name
    if write and os.path.getsize(path) < MOST:
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        shutil.copyfile(path, name)
    return name if write else path


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
            inside = Folder.current and path.startswith(os.path.realpath(Folder.current))
            if not inside and path != os.devnull:
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


class Folder:
    """The working folder of a program: what a run has left there is gone before the next.

    Only where the whole process has a folder of its own, which its caller removes: there is none
    in a process that also does something else.
    """

    current = beside = None

    def __init__(self, program=None):
        self.path, self.program = None, program and str(program)
        own = os.environ.get("PVT_FOLDER")
        if own and os.path.realpath(os.getcwd()).startswith(os.path.realpath(own)):
            self.path = tempfile.mkdtemp(prefix="program-", dir=own)

    def begin(self):
        """Empty it."""
        Folder.current, Folder.beside = self.path, self.program
        if not self.path:
            return
        tempfile.tempdir = self.path
        with suppress(OSError):
            os.chdir(self.path)
            for name in os.listdir(self.path):
                path = os.path.join(self.path, name)
                if os.path.isdir(path) and not os.path.islink(path):
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    os.unlink(path)

"""What stands where sys.stdout and sys.stderr are: text streams, of which one is kept."""

import codecs
import io

from pvt.stepper.engine import stage
from pvt.stepper.lacking import Lacking
from pvt.stepper.stops import settled


class Stream:
    """What a stream of text, and the stream of bytes under it, have in common."""

    closed, newlines = False, None

    def flush(self):
        """Nothing waits."""
        self._check()

    def writelines(self, lines):
        """Write them all."""
        for line in lines:
            self.write(line)

    def close(self):
        """No more."""
        self._touch()
        self.closed = True

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")

    def isatty(self):
        """Nobody sits there."""
        return False

    def writable(self):
        """That is what it is for."""
        return True

    def readable(self):
        """Nothing to read."""
        return False

    def seekable(self):
        """No way back."""
        return False

    def fileno(self):
        """There is no file."""
        raise io.UnsupportedOperation("fileno")

    def read(self, *_):
        """Nothing to read."""
        raise io.UnsupportedOperation("not readable")

    readline = readlines = __next__ = read

    def seek(self, *_):
        """No way back."""
        raise io.UnsupportedOperation("underlying stream is not seekable")

    tell = truncate = seek

    def __iter__(self):
        return self

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, *_):
        self.close()


class Output(Stream):
    """Stands where sys.stdout is."""

    encoding, errors, name, mode = "utf-8", "strict", "<stdout>", "w"
    line_buffering = write_through = False

    def __init__(self):
        self.buffer = Bytes(self)

    def write(self, text):
        """Keep it; others who write may do so before."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._touch()
        self._check()
        self._keep(text)
        return len(text)

    def _touch(self):
        if not stage.alone:
            stage.touch(stage, "the output", "the output", True)

    def _keep(self, text):
        stage.output.add(settled(text))

    def reconfigure(
        self, *, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None
    ):
        """Other settings; what is kept is text all the same."""
        if encoding is not None:
            self.encoding = codecs.lookup(encoding).name
            self.errors = "strict"
        self.errors = self.errors if errors is None else errors


class Nowhere(Output):
    """Stands where sys.stderr is: nobody reads it."""

    errors, name = "backslashreplace", "<stderr>"

    def _touch(self):
        pass

    def _keep(self, text):
        pass


class Bytes(Stream):
    """The bytes under a stream of text."""

    mode = "wb"

    def __init__(self, text):
        self._text, self.name, self._touch = text, text.name, text._touch

    @property
    def raw(self):
        """There is nothing between."""
        return self

    def write(self, data):
        """Keep it, as text."""
        if isinstance(data, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        self._touch()
        self._check()
        data = bytes(memoryview(data))
        self._text._keep(data.decode(self._text.encoding, "backslashreplace"))
        return len(data)


Lacking.fill(Output, dir(io.TextIOWrapper), "sys.stdout")
Lacking.fill(Bytes, dir(io.BufferedWriter), "sys.stdout.buffer")

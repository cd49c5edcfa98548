"""A progress bar: below a notebook's cell, or in the last line of a terminal; nothing elsewhere."""

import shutil
import sys
from html import escape


class Progress:
    """Shows how many of `total` are done, until it is cleared."""

    def __init__(self, total, what):
        self.total, self.what, self.handle = total, what, None
        if notebook():
            from IPython.display import HTML, display

            self.html = HTML
            self.handle = display(HTML(self.bar(0, "")), display_id=True)

    def bar(self, done, last):
        text = f"{done} of {self.total} {self.what}. {last}"
        return (
            f'<label>{escape(text)}<br><progress value="{done}"'
            f' max="{self.total}"></progress></label>'
        )

    def show(self, done, last=""):
        if self.handle:
            self.handle.update(self.html(self.bar(done, last)))

    def clear(self):
        if self.handle:
            self.handle.update(self.html(""))


def notebook():
    """Whether a notebook is there to show things."""
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return hasattr(get_ipython(), "kernel")


def in_terminal(fraction, text):
    """Draw the bar in the terminal's last line, if errors go to a terminal."""
    if sys.stderr.isatty():
        wide = shutil.get_terminal_size().columns - 1
        line = f"[{'#' * round(30 * fraction):.<30}] {text}"
        print(f"\r\033[K{line[:wide]}", end="", file=sys.stderr, flush=True)


def gone():
    """Take the bar out of the terminal, for the text that comes."""
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)

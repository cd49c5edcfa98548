"""Appending holds the other buffer's lock while it asks for length and characters.

SCTBench CB.stringbuffer-jdk1.4, repaired.
"""

import threading


class Buffer:
    def __init__(self, text=""):
        self.lock = threading.RLock()
        self.text = text

    def length(self):
        with self.lock:
            return len(self.text)

    def part(self, start, end):
        with self.lock:
            if end > len(self.text):
                raise IndexError(f"{end} is behind the end of {self.text!r}")
            return self.text[start:end]

    def erase(self, start, end):
        with self.lock:
            self.text = self.text[:start] + self.text[end:]

    def append(self, other):
        with self.lock:
            with other.lock:
                self.text += other.part(0, other.length())


shared = Buffer("abc")


def shorten():
    shared.erase(0, 3)
    shared.append(Buffer("abc"))


thread = threading.Thread(target=shorten)
thread.start()
mine = Buffer()
mine.append(shared)
thread.join()

"""What a program has printed in a run: of a long text its begin, its end, and a checksum of what
lies between, so that two runs that print different texts are always told apart."""

BEGIN, END = 12_000, 4_000
"""Characters that are kept."""


class Printed:
    """A text that grows. What is kept depends on the text only, not on its pieces."""

    def __init__(self):
        self.begin, self.left, self.end = [], BEGIN, ""
        self.between, self.dropped = None, 0  # the sum and the number of the characters between

    @classmethod
    def elsewhere(cls, text):
        """What `text` gave in another process."""
        made = cls()
        made.begin, made.left = [text], 0
        return made

    def add(self, text):
        """More of it."""
        if self.left:
            self.begin.append(text[: self.left])
            text, self.left = text[self.left :], max(0, self.left - len(text))
        if text:
            self.end += text
            if len(self.end) > 2 * END:
                self.drop()

    def drop(self):
        """Keep the end only."""
        from hashlib import blake2b  # takes long to import, and few programs print so much

        gone, self.end = self.end[:-END], self.end[-END:]
        self.between = self.between or blake2b(digest_size=8)
        self.between.update(gone.encode("utf-8", "surrogatepass"))
        self.dropped += len(gone)

    def text(self):
        """All of it, or what is kept of it."""
        if len(self.end) > END:
            self.drop()
        begin = "".join(self.begin)
        if not self.dropped:
            return begin + self.end
        between = f"{self.dropped:,} characters, not kept; checksum {self.between.hexdigest()}"
        return f"{begin}\n… {between} …\n{self.end}"

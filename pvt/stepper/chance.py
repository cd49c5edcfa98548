"""Stand-ins for random, secrets, uuid and os.urandom: the same numbers in every run and process.

What `random` draws comes from one row of numbers, which all threads share. What a program asks the
system for, each thread gets from a row of its own: nobody could tell who has asked first."""

import base64
import random

from pvt.stepper.engine import stage
from pvt.stepper.lookalikes import Given, copied

DICE = "the random numbers"
WORD = 64
"""Bytes that one sum gives."""
SEEDED = "random numbers are those of seed 0"
SYSTEM = "uuid4(), secrets and os.urandom() give the same row of numbers in every run"
HALF = 53
"""Bits of a random float."""


# -- random ----------------------------------------------------------------------------------------


class Random(random.Random):
    """A generator that begins with the same number where none is given."""

    given = True

    def __init__(self, x=None):
        super().__init__(x)

    def seed(self, a=None, version=2):
        """Begin again."""
        self.given = a is not None
        super().seed(a if self.given else 0, version)
        if not self.given:
            stage.assume(DICE, SEEDED)


class Dice(Random):
    """The one that the module's functions draw from: it counts only once it is drawn from."""

    def __init__(self):
        random.Random.__init__(self, 0)
        self.given = False


class SystemRandom(random.SystemRandom):
    """A generator of the system's numbers."""

    def random(self):
        """From 0 to below 1."""
        return self.getrandbits(HALF) / (1 << HALF)

    def getrandbits(self, k):
        """So many bits."""
        if k < 0:
            raise ValueError("number of bits must be non-negative")
        count = (k + 7) // 8
        return int.from_bytes(random_bytes(count)) >> (count * 8 - k)

    def randbytes(self, n):
        """So many bytes."""
        return random_bytes(n)


def random_module():
    """The module random, as it is at the beginning of every run."""
    made, dice = copied(random), Dice()
    for name in random.__all__:
        method = getattr(dice, name, None)
        if method is not None and name not in ("Random", "SystemRandom"):
            setattr(made, name, Given(drawing(method, dice)))
    made.Random, made.SystemRandom = Random, SystemRandom
    return made


def walk(method, args):
    """What a function of random is handed: it looks into it, or shuffles it, in one step."""
    from pvt.stepper.kinds import CONTAINER, KINDS
    from pvt.stepper.touching import deep, doubt

    for each in args:
        if KINDS[type(each)] == CONTAINER:
            stage.assume(f"random.{method.__name__}", f"random.{method.__name__}() is one step")
            doubt(each)
            deep(each, write=method.__name__ == "shuffle")


def drawing(method, dice):
    """A function of random: each draw changes what the next one gives."""

    def call(*args, **words):
        if not stage.alone:
            stage.touch(stage, DICE, DICE, True)
            walk(method, args)
        if not dice.given and method.__name__ != "seed":
            stage.assume(DICE, SEEDED)
        return method(*args, **words)

    call.__name__ = getattr(method, "__name__", "draw")
    return call


# -- what comes from the system --------------------------------------------------------------------


def random_bytes(count):
    """Bytes of the running worker's own row."""
    stage.assume("system", SYSTEM)
    made = b""
    if count < 0:
        raise ValueError("negative argument not allowed")
    while len(made) < count:
        made += drawn(WORD)
    return made[:count]


def drawn(size):
    """The next bytes of that row."""
    from hashlib import blake2b  # takes long to import

    me = stage.me
    me.drawn += 1
    return blake2b(f"{me.number} {me.drawn}".encode(), digest_size=size).digest()


def secrets_module():
    """The module secrets."""
    import secrets

    made, dice = copied(secrets), SystemRandom()
    made.SystemRandom, made.randbits = SystemRandom, Given(dice.getrandbits, "randbits")
    made._sysrand = dice

    def randbelow(exclusive_upper_bound):
        if exclusive_upper_bound <= 0:
            raise ValueError("Upper bound must be positive.")
        return dice.randrange(exclusive_upper_bound)

    def token_bytes(nbytes=None):
        return random_bytes(secrets.DEFAULT_ENTROPY if nbytes is None else nbytes)

    def token_hex(nbytes=None):
        return token_bytes(nbytes).hex()

    def token_urlsafe(nbytes=None):
        return base64.urlsafe_b64encode(token_bytes(nbytes)).rstrip(b"=").decode("ascii")

    def choice(seq):
        if not stage.alone:
            walk(dice.choice, [seq])
        return dice.choice(seq)

    for function in (randbelow, token_bytes, token_hex, token_urlsafe, choice):
        setattr(made, function.__name__, Given(function))
    return made


def uuid_module():
    """The module uuid: its classes are the real ones."""
    import uuid

    made = copied(uuid)
    made.getnode = Given(lambda: 0x020000000001, "getnode")
    for version in (1, 4, 6, 7, 8):
        name = f"uuid{version}"
        if hasattr(uuid, name):
            setattr(made, name, Given(identifying(uuid, version), name))
    return made


def identifying(uuid, version):
    """uuid4() and the like, of which each gives another number."""

    def call(*given, **words):
        if given or words:  # a version with fields of its own
            return getattr(uuid, f"uuid{version}")(*given, **words)
        number = int.from_bytes(random_bytes(16))
        number = number & ~(0xF << 76) | version << 76
        return uuid.UUID(int=number & ~(3 << 62) | 2 << 62)

    return call

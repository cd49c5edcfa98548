"""The network, which the scheduler cannot step: whatever of a library asks for it is refused before
anything is sent."""

import sys
from _thread import get_ident

from pvt.stepper.engine import stage
from pvt.stepper.stops import SOURCE_NAME, ProgramError
from pvt.stepper.threads import line_here

ANSWER = "the stage cannot see what comes from outside: put a function of your own in its place"
EVENTS = {
    f"socket.{name}" for name in ("bind", "connect", "getaddrinfo", "sendmsg", "sendto")
}  # which the interpreter tells of


def listen():
    """Hear from the interpreter when a program is about to use the network; once in a process, and
    for ever."""
    if not hasattr(listen, "hook"):
        listen.hook = heard
        sys.addaudithook(heard)


def heard(event, args):
    """Refuse it, if a thread of the program is about to."""
    if event in EVENTS and any(ident == get_ident() for _, ident in stage.real.values()):
        refuse(asking(sys._getframe(1)), ANSWER)


def asking(frame):
    """What of a library the program has called: the outermost frame that is not the stepper's or
    the program's."""
    name = "a socket"
    while frame and not frame.f_globals.get("__name__", "").startswith("pvt."):
        if frame.f_code.co_filename == SOURCE_NAME:
            break
        name = f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}"
        frame = frame.f_back
    return name.removesuffix(".__init__")


def refuse(what, why):
    """Raise ProgramError: the sentence for something that is not stepped."""
    line = line_here()
    place = "" if line == "?" else f"line {line}: "
    raise ProgramError(f"{place}the program uses {what}: {why}")

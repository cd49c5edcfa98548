"""The seven trials. Each gives (passed, figure, why, chapter): None where nothing was decided.

Whether a trial is passed depends on what came in which order, or on times inside the same run. So a
slower or busier
machine gives the same card; the figures are its own.
"""

import random
import time

from pvt.challenger.calls import CLOSED, REFUSED, RESET, Calls, request
from pvt.course.server.servers import room
from pvt.timing import text
from pvt.tools import ceilings

SCALES = (1, 10, 100, 1_000, 10_000)  # connections
ENOUGH = 1_000  # connections; who holds these has passed
RAISES = 100  # requests whose handler raises
BAD = 200  # malformed requests
SLOW = 100  # clients that stop in the middle of a request
QUICK = 5  # clients beside them
CROWD = 200  # requests at once
WAIT = 100  # ms that each of them waits
LATE = 0.4  # of the time that one after the other would take: too late
SOON = 2.0  # seconds after which it can be predicted that it will be too late
PROCESSES = 300  # a server that starts one for each connection is not asked for more
WORK = 300  # ms of computing
BESIDE = 3  # quick answers meanwhile that show that it holds up nobody
BACK = 5.0  # seconds until a crashed server has to be back
GONE = (CLOSED, RESET)
NOBODY = "nobody else was answered"


def ladder(served, most=1_000):
    """With more and more connections open and silent: is a newcomer answered?"""
    limit, why = room()
    held, workers, speed = 0, None, 0.0
    scales = [one for one in SCALES if one <= most]
    for scale in scales:
        if scale > limit:
            return None, f"{held:,}", f"Only {limit:,} could be tried, because {why}.", ""
        if because := too_much(held, scale, workers):
            return False, f"{held:,}", because, "12"
        with Calls(served.port) as calls:
            calls.open(scale - 1)
            call = served.newcomer()
            workers = served.workers()
        if call.outcome != 200:
            break
        held = scale
        speed = speed if scale > 10 else rate(served)
    served.quiet()
    figure = f"{held:,} · {speed:,.0f}/s"
    if held >= min(ENOUGH, scales[-1]):
        because = f"With {held:,} connections open, a newcomer is answered; {speed:,.0f} requests/s"
        return True, figure, f"{because}, each on a new connection.", ""
    because = f"With {scale:,} connections open, a newcomer is not answered"
    if held <= 1:
        return False, figure, f"{because}: it serves one at a time.", "02"
    return False, figure, f"{because}: silent connections keep its workers busy.", "12"


def too_much(held, scale, workers):
    """Why so many connections are not tried with a server that has taken so many workers for fewer;
    "" if they are."""
    if not workers or held < 10:
        return ""
    processes, threads = workers
    free = [one.most - one.used for one in ceilings.shared() if None not in (one.most, one.used)]
    if processes >= 0.9 * held:
        worker = "a process"
    elif threads >= 0.9 * held:
        worker = "a thread"
    else:
        return ""
    if (worker == "a process" and scale > PROCESSES) or scale > min(free, default=2 * scale) // 2:
        return (
            f"It starts {worker} for each connection: {scale:,} were too many for this machine to"
            " try."
        )
    return ""


def rate(served, seconds=0.25, together=8):
    """Requests a second, each on a new connection, so many under way."""
    begin, done = time.perf_counter(), 0
    while (passed := time.perf_counter() - begin) < seconds:
        with Calls(served.port) as calls:
            for call in (made := calls.open(together)):
                calls.say(call, request())
            served.settle(calls, made)
            good = sum(call.outcome == 200 for call in made)
        done += good
        if good < together:
            break
    return done / max(passed, 1e-9)


def exception(served):
    """A handler that raises, many times: does it cost more than its own connection?"""
    control = served.newcomer("/no-such-page").outcome
    first = served.newcomer("/raise", restarts=False)
    if isinstance(first.outcome, int) and first.outcome < 500:
        return None, "–", f"It does not know /raise: it answered {first.outcome}.", ""
    if first.outcome in GONE and control in (*GONE, None):
        return None, "–", "It closes whatever it does not know: nothing was seen to raise.", ""
    made, after = [first], served.newcomer()
    if after.outcome == 200:
        with Calls(served.port) as calls:
            made += ask_all(served, calls, [request("/raise")] * (RAISES - 1), together=11)
            after = served.newcomer()
    count = len(made)
    if after.outcome != 200:
        how = served.fate()
        many = "1 exception" if count == 1 else f"{count} exceptions"
        return False, f"{count}", f"After {many} {NOBODY}.{how}", "01"
    hung = sum(call.outcome is None for call in made)
    if hung:
        lost = f"{hung} of {count} clients were left without an end"
        return False, f"{count - hung}", f"{lost}: close the connection, whatever happens.", "01"
    return True, f"{count}", f"{count} exceptions cost their own connections only.", ""


def crash(served):
    """A request that kills whoever serves it, once more than there are processes: who serves on?"""
    control = served.newcomer("/no-such-page")
    before = served.workers()
    times, slowest = (min(before[0], 8) if before else 2) + 1, 0.0
    for number in range(1, times + 1):
        call = served.newcomer("/segfault", restarts=False)
        if (call.outcome not in GONE or control.outcome in (*GONE, None)) and number == 1:
            because = "nothing" if call.outcome is None else call.outcome
            return None, "–", f"It answered {because} to /segfault: nothing was seen to crash.", ""
        begin = time.perf_counter()
        call = served.newcomer(patience=BACK, limit=BACK)
        slowest = max(slowest, time.perf_counter() - begin)
        if call.outcome != 200:
            ended = "the server was gone" if served.fate() else f"{NOBODY} in {BACK:g} s"
            return False, f"{number}", f"After crash {number} {ended}: nobody replaced it.", "09"
    return True, text(slowest), f"{times} crashes, and each time it served again.", ""


def overload(served):
    """Many connections, and then a request on all of them at the same moment."""
    alone = served.newcomer(f"/?wait={WAIT}")
    if alone.outcome != 200 or alone.seconds < WAIT * 0.9 / 1e3:
        because = f"/?wait={WAIT} got {alone.outcome} after {text(alone.seconds or 0)}"
        return None, "–", f"{because}: it must wait {WAIT} ms before it answers.", ""
    before = served.workers()
    with Calls(served.port) as calls:
        made = calls.open(CROWD)
        grown = growth(served, before)
        for call in made:
            calls.say(call, request(f"/?wait={WAIT}"))
        took = served.settle(calls, made, limit=SOON)
        if (
            good := sum(call.outcome == 200 for call in made)
        ) > 0 and took / good < LATE * WAIT / 1e3:
            took += served.settle(calls, made, limit=LATE * CROWD * WAIT / 1e3 - took)
        good = sum(call.outcome == 200 for call in made)
        sorry = sum(call.outcome in (429, 503) for call in made)
        late = sum(call.outcome is None for call in made)
    lost, figure = CROWD - good - sorry - late, f"{good} in {text(took)}"
    refused = f", {sorry} refused" * bool(sorry)
    if late:
        because = (
            f"{good} of {CROWD} requests were answered in {text(took)}{refused}; the others"
            " waited on"
        )
        return False, figure, f"{because}.", "07"
    if served.newcomer().outcome != 200:
        return False, f"{good}", f"After {CROWD} requests at once {NOBODY}.", "07"
    served.quiet()
    if lost:
        return False, f"{good}", f"{lost} of {CROWD} connections were closed without a word.", "12"
    if grown and grown[1] >= 0.9 * CROWD:
        what = "processes" if grown[0] >= 0.9 * CROWD else "threads"
        many = f"{CROWD} connections took {max(grown)} more {what}: nothing bounds them"
        return False, f"{max(grown)} {what}", f"{many}.", "07"
    return True, figure, f"{good} of {CROWD} answered{refused}, the last after {text(took)}.", ""


def growth(served, before, limit=1.5):
    """(processes, threads) that came since `before`, once no more come; None where that is
    unknown."""
    if before is None:
        return None
    until, last = time.perf_counter() + limit, None
    while (now := served.workers()) != last and time.perf_counter() < until:
        last = now
        time.sleep(0.15)
    return now[0] - before[0], now[1] - before[1]


def slow(served):
    """Many clients send half a request and stop. Is a quick one answered? And they, when the rest
    comes?"""
    first, rest = request()[:20], request()[20:]
    with Calls(served.port) as calls:
        made = calls.open(SLOW)
        for call in made:
            calls.say(call, first)
        served.settle(calls, made, patience=0.3, limit=0.6)
        early = sum(call.outcome not in (None, *GONE, 408) for call in made)
        answered = 0
        while answered < QUICK and served.newcomer().outcome == 200:
            answered += 1
        for call in made:
            calls.say(call, rest)
        served.settle(calls, made)
        whole = sum(call.outcome == 200 for call in made)
        refused = [call for call in made if call.outcome not in (None, 200, 408, *GONE)]
        early = early or len(refused)
        left = sum(call.outcome is None for call in made)
    served.quiet()
    figure = f"{answered} of {QUICK}"
    if answered < QUICK:
        stuck = f"Beside {SLOW} slow clients, {answered} of {QUICK} quick ones were answered"
        alone = served.workers() == (1, 1)
        return False, figure, f"{stuck}.", "02" if alone else "12"
    if early:
        half = f"{early} of {SLOW} half requests were answered as if they were whole"
        return False, f"{early} too early", f"{half}: read until the empty line.", "01"
    if left:
        return False, figure, f"{left} of {SLOW} slow clients never got an answer or an end.", "12"
    because = f"{QUICK} quick clients were answered beside {SLOW} slow ones"
    return True, figure, f"{because}, and {whole} of those in the end.", ""


def heavy(served):
    """One request computes. How many quick ones are answered before it is done?"""
    with Calls(served.port) as calls:
        (call,) = calls.open(1)
        calls.say(call, request(f"/?work={WORK}"))
        time.sleep(0.03)
        calls.step(0)
        beside = 0
        until = time.perf_counter() + 20 * WORK / 1e3
        while call.outcome is None and time.perf_counter() < until:
            quick = served.newcomer(limit=20 * WORK / 1e3)
            calls.step(0)
            if quick.outcome != 200:
                break
            beside += call.outcome is None  # else nobody can say which came first
        served.settle(calls, [call])
    if call.outcome != 200 or call.seconds < WORK * 0.5 / 1e3:
        because = f"/?work={WORK} got {call.outcome} after {text(call.seconds or 0)}"
        return None, "–", f"{because}: it must compute for {WORK} ms.", ""
    if beside >= BESIDE:
        because = (
            f"{beside} quick requests were answered while one computed for {text(call.seconds)}"
        )
        return True, f"{beside}", f"{because}.", ""
    because = f"While one request computed for {text(call.seconds)}, {beside} others were answered"
    return False, f"{beside}", f"{because}.", "12"


def malformed(served):
    """200 requests that are none: each must be refused or closed, and the server must serve on."""
    lots = random.Random(18)
    with Calls(served.port) as calls:
        made = ask_all(served, calls, [bad(lots, at) for at in range(BAD)], together=20, last=True)
        after = served.newcomer()
    count = len(made)
    if after.outcome != 200:
        how = served.fate()
        return False, f"{count}", f"After {count} malformed requests {NOBODY}.{how}", "01"
    praised = sum(call.outcome == 200 for call in made)
    hung = sum(call.outcome is None for call in made)
    if praised:
        because = f"{praised} of {BAD} malformed requests were answered with 200"
        return False, f"{BAD - praised}", f"{because}: 400 is the answer.", "01"
    if hung:
        because = f"{hung} of {BAD} clients sent nonsense and its end, and were left waiting"
        return False, f"{BAD - hung}", f"{because}: close the connection.", "01"
    polite = sum(isinstance(call.outcome, int) for call in made)
    return True, f"{BAD}", f"{polite} were refused with a status, {BAD - polite} just closed.", ""


LEAVE, VANISH = b"leave", b"vanish"
NONSENSE = (
    LEAVE,
    VANISH,
    b"\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET /\r\n\r\n",
    b"GET / HTTP/1.1",
    b"GET / HTTP/1.1\r\nHost: loc",
    b"GET / HTTP/3.7\r\nHost: localhost\r\n\r\n",
    b"GET / SMTP/1.1\r\nHost: localhost\r\n\r\n",
    b" / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"G<T / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\n: nothing\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ten\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 70_000,
    b"\x00\x01\x02\x03\xff\xfe\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # somebody who takes this for HTTPS
)


def bad(lots, at):
    """A malformed request: each kind in turn, and random bytes."""
    at %= len(NONSENSE) + 1
    return (
        NONSENSE[at] if at < len(NONSENSE) else lots.randbytes(lots.randrange(1, 400)) + b"\r\n\r\n"
    )


def ask_all(served, calls, messages, together, last=False):
    """Send each message on a connection of its own, so many together; stop when the server is gone,
    or hangs."""
    made = []
    for at in range(0, len(messages), together):
        wave = calls.open(len(messages[at : at + together]))
        for call, message in zip(wave, messages[at:], strict=False):
            if message == LEAVE:
                calls.leave(call)
            elif message == VANISH:
                calls.say(call, b"GET / HT")
                calls.leave(call, reset=True)
            else:
                calls.say(call, message, last)
        served.settle(calls, wave, patience=1.0, limit=4.0)
        made += wave
        lost = any(call.outcome == REFUSED for call in wave)
        if lost or not served.alive() or sum(call.outcome is None for call in made) > together:
            break
    return made


# In this order; a crash may end the server, so it comes last.
TRIALS = {
    "ladder": ladder,
    "overload": overload,
    "slow clients": slow,
    "heavy request": heavy,
    "malformed": malformed,
    "exception": exception,
    "crash": crash,
}

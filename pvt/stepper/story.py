"""A schedule told in plain sentences: who read what, who wrote in between, who then went by what
was old.

The program is played once more, and everything that its workers touch is noted, in order.  `told`
explains a bad ending; `compared` explains why two schedules print different texts.  The lines that
conflict are marked for the program's text."""

import contextlib
import time
import weakref
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from pvt.stepper.engine import LIVES, Op, stage
from pvt.stepper.locks import Standin
from pvt.stepper.schedule import read
from pvt.stepper.stops import SOURCE_NAME, place_text
from pvt.stepper.touching import NAMES
from pvt.stepper.values import in_words

SECONDS = 2.0
"""Time for one playing; without an ending by then there is no story."""
MOST, TAIL = 50_000, 400
"""Events that are kept, a run with more has no story; steps of an endless loop that are played."""
LONG, LATEST = 20_000, 300_000
"""A plan of more steps is played only up to its first preemption, if that comes early enough."""
LOOKED_AT = (
    "empty",
    "qsize",
    "full",
    "get",
    "put",
    "is set",
    "set",
    "clear",
    "locked",
    "done",
    "look",
    "value",
    "set value",
    "unfinished_tasks",
    "n_waiting",
    "broken",
)
"""Steps on stand-ins that read or change something as data do."""
OUTPUT = "the output"
UNDISTURBED = "Here nobody comes in between."
UNKNOWN = (SOURCE_NAME, None), ""
ENDED = object()
"""Stands for a thing that has ended."""
SIGNS = "①②③"


@dataclass(frozen=True)
class Story:
    """The sentences, and what to write beside which lines of the program."""

    text: str = ""
    marks: list = field(default_factory=list)


@dataclass(frozen=True)
class Event:
    """One worker does one thing, somewhere; `local` is what the function that is being run calls
    the thing."""

    number: int
    who: str
    op: object
    spot: tuple
    local: str = ""
    born: int = 0  # how many workers there were by then

    @property
    def key(self):
        """What is touched, if others may touch it as well."""
        return self.op.key if not self.op.sync or self.op.label in LOOKED_AT else None

    @property
    def at(self):
        """Its place, in words."""
        return place_text(*self.spot)


class Teller:
    """Observes a run, beside a recorder if there is one."""

    def __init__(self, recorder=None):
        self.recorder = recorder
        self.events, self.blocked, self.done, self.over = [], [], {}, False
        self.failing, self.cut, self.gave_up = None, False, []

    def begin(self, player):
        """The program is at its beginning."""
        if self.recorder:
            self.recorder.begin(player)

    def standing(self, me):
        """A worker is about to do something: its place is known now."""
        me.spot = None if self.full() else here(me.op.thing)
        return self.recorder and self.recorder.standing(me)

    def chosen(self, me):
        """It does it."""
        if self.recorder:
            self.recorder.chosen(me)
        if me.op.label == "fail":
            self.failing = me.number
        self.note(me, me.op, me.spot)

    def passing(self, me, op):
        """Something that is no step of the schedule."""
        if self.recorder:
            self.recorder.passing(me, op)
        if not self.full():
            self.note(me, op, here(op.thing))

    def note(self, me, op, place):
        """Keep it, unless it is the inside of a queue that was told already."""
        last = self.events[-1].op.thing if self.events else None
        inside = isinstance(last, Standin) and op.thing is getattr(last, "queue", me)
        if place and not self.over and not inside:
            self.events.append(Event(me.number, me.said, unheld(op), *place, len(stage.workers)))

    def full(self):
        """Whether there is too much to tell."""
        return len(self.events) >= MOST

    def finished(self, me):
        """A worker has ended."""
        if self.recorder:
            self.recorder.finished(me)
        if not self.over:  # at the end all are sent home
            self.done[me.number] = len(self.events)

    def ended(self):
        """The run is over: who cannot go on, and who holds what they wait for?"""
        if self.recorder:
            self.recorder.ended()
        self.over, asked = True, stage.asked
        self.gave_up = [(who, spot) for who, spot in stage.gave_up if spot]
        for worker in stage.workers:
            if worker.done or worker.baton is None or worker.able() or worker.daemon:
                continue
            holder = worker.op.holder and worker.op.holder()
            spot = worker.spot or born(worker) or UNKNOWN
            event = Event(worker.number, worker.said, worker.op, *spot)
            self.blocked.append((event, stage.state(worker.number), holder or None))
        stage.asked = asked


def unheld(op):
    """What was done; where things may end by and by, with a weak reference to the thing: a note must
    not keep it."""
    if stage.light is None or op.sync or op.thing is None:
        return op
    with contextlib.suppress(TypeError):  # a list, say, cannot be referred to weakly
        return Op(op.key, op.label, op.write, weakref.ref(op.thing))
    return op


def born(worker):
    """The line that started a thread, of which no line is being run, as of `Thread(target=get)`."""
    return worker.born and (worker.born, "")


def here(thing):
    """File and line of the program that is being run, and what it calls a thing there; None before
    it begins."""
    from pvt.stepper.threads import frame_here

    frame = frame_here()
    if frame is None:
        return None
    spot = frame.f_code.co_filename, frame.f_lineno
    return spot, "" if thing is None or frame.f_code.co_name == "<module>" else called(
        thing, frame.f_locals
    )


def called(thing, names):
    """What a function's own names call a thing; an empty string if nothing."""
    for name, value in names.items():
        if value is thing and name.isidentifier():
            return name
    for name, value in names.items():
        if name == "__class__":  # that of a method with super()
            name = value.__name__
        for attribute, inside in fields(value).items() if name.isidentifier() else ():
            if inside is thing:
                return f"{name}.{attribute}"
    return ""


def fields(value):
    """The attributes of an object, without a word from the program's own code."""
    try:
        return object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}


LATE = (
    "A time-out may be over before the work is, however long it is: a machine can be busy, or a laptop"
    " asleep."
)
CATCH_IT = "Catch it where it is awaited, and say what then becomes of the work."


def observed(player, schedule, ending=None):
    """What happens in a schedule; None where it does not end as it did within the time."""
    plan, teller = read(schedule)[0], Teller()
    limits = {"deadline": time.perf_counter() + SECONDS, "onward": True}
    if ending == "unfinished":
        last = next((at for at in range(len(plan) - 1, 0, -1) if plan[at] != plan[at - 1]), 0)
        plan = plan[: last + TAIL]
        limits["limit"] = len(plan)
    elif len(plan) > LONG:
        cut = beginning(plan)
        if cut is None:
            return None
        plan, ending, limits["onward"] = plan[:cut], "stepping", False
        teller.cut = True
    reached, _ = player.play(plan, teller, **limits)
    return teller if ending in (None, reached) else None


def beginning(plan):
    """Of a long plan, what there is to see: up to a little after the first preemption; None if that
    is too late."""
    for at in range(1, min(len(plan), LATEST)):
        if plan[at] != plan[at - 1] and plan[at - 1] in plan[at:]:
            return at + TAIL
    return None


def explained(player, schedule, ending, because):
    """The story of a schedule that ends badly; it is played for that."""
    return told(player, observed(player, schedule, ending), ending, because)


def told(player, teller, ending, because):
    """The story of a run that was observed and has ended badly."""
    stop = "" if because.endswith(".") else "."  # many a text of an exception has one
    end = f"At the end {because}" if "(" in because.split()[0] else upper(because)
    end = f"{end}{stop}"
    if teller is None or teller.full():
        return Story(end)
    if ending == "deadlock" and teller.blocked:
        return waiting(player, teller, end)
    if because.endswith("raised TimeoutError"):
        return Story(f"{end} {LATE} {CATCH_IT}")
    if ending == "unfinished":
        end = f"{end}{going_round(teller.events)}"
    if teller.gave_up:
        who, (spot, _) = teller.gave_up[0]
        end = f"{end} {upper(who)} had given up its wait in {place_text(*spot)}. {LATE}"
    conflict = conflict_of(teller, teller.failing)
    if conflict is None and ending == "broken":
        return in_order(player, teller, end, failed_at(teller, because))
    return ending_in(conflict, player, end, failed_at(teller, because))


def failed_at(teller, because):
    """Where the worker that fails has touched something last, if it fails in that line."""
    mine = (event for event in reversed(teller.events) if event.number == teller.failing)
    last = next(mine, None)
    fails = last and any(f"{last.at} {how}" in because for how in ("raised", "failed"))
    return last.spot if fails else None


def ending_in(conflict, player, end, failed=None):
    """A conflict, and how it ends."""
    if conflict is None:
        return Story(end)
    return Story(f"{conflict.text(player, failed)} {end}", conflict.marks(player))


def in_order(player, teller, end, failed):
    """Where nothing came between: who was first, if what is read last was changed by a later one
    before an earlier one.
    """
    last = next((e for e in reversed(teller.events) if e.key is not None and not e.op.write), None)
    writers = {}
    for event in teller.events:
        if last and event.key == last.key and event.op.write and event.number != last.number:
            writers.setdefault(event.number, event)
    for first, second in pairwise(writers.values()):
        if first.number > second.number:
            what = f"{verb(first)} {named(player, first)}"
            text = f"{upper(first.who)} {what} in {first.at} before {second.who} did."
            notes = [(each, f"{each.who} {verb(each)} it") for each in (first, second)]
            return Story(f"{text} {end}", marked(notes))
    for conflict, _ in conflicts(teller):
        if conflict.kind() == "www" and not conflict.first.op.sync:
            return ending_in(conflict, player, end)
    return last_change(player, teller, end, failed)


def last_change(player, teller, end, failed):
    """Where a line fails on what another worker has changed before: who did so last."""
    events = [event for event in teller.events if event.key is not None]
    for at in range(len(events) - 1, -1, -1):
        mine = events[at]
        if mine.number != teller.failing or mine.spot != failed:
            continue
        writers = (e for e in reversed(events[:at]) if e.key == mine.key and e.op.write)
        other = next((each for each in writers if each.number != mine.number), None)
        if other is not None:
            what = f"{verb(other)} {named(player, other)}"
            text = f"{upper(other.who)} {what} in {other.at} before {mine.who} came to {mine.at}."
            return Story(f"{text} {end}", marked([(other, f"{other.who} {what}")]))
    return Story(end)


# -- conflicts -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Conflict:
    """One worker touches something at `first` and at `last`; another does so in between.  `last`
    may be no touch."""

    first: Event
    between: Event
    last: Event | None
    touches: bool

    def kind(self):
        """Read or written by whom: "rww" is the lost update."""
        last = ("w" if self.last.op.write else "r") if self.touches else "-"
        return "".join("w" if e.op.write else "r" for e in (self.first, self.between)) + last

    def in_one_line(self):
        """Whether another's change came while one line was half done."""
        return self.kind() in ("rww", "www") and self.first.spot == self.last.spot

    def is_wait(self):
        """Whether that is only a worker which waits, as at a full queue, and others who use what it
        waits for."""
        return self.first.op.sync and self.kind() == "www"

    def is_loss(self):
        """Whether one line read and wrote, and another's change came between."""
        return self.kind() == "rww" and self.in_one_line()

    def text(self, player, failed=None):
        """The sentences; a line that has `failed` wrote nothing back."""
        one, other, last = self.first, self.between, self.last
        what, kind = named(player, one), self.kind()
        begin = f"{upper(one.who)} {verb(one)} {what} in {one.at}."
        came = f"{other.who} {verb(other)} {what} in {other.at}"
        if kind == "www" and not self.in_one_line():
            return f"{begin} Before it was done with that in {last.at}, {came}."
        if kind == "www":
            return (
                f"{upper(one.who)} was in the middle of {one.at}, busy with {what}. Before it went on, {came}. "
                f"Then {one.who} went on with {one.at}, going by what was old by then."
            )
        if self.is_loss() and last.spot != failed:
            end = f"Then {last.who} wrote back what it had made of the old value: the change by {other.who} was lost."
            return f"{begin} Before it wrote, {came}. {end}"
        if last is None and kind == "rw-":
            return f"{begin} It was not done when {came}."
        if kind in ("rww", "rw-"):
            did = f"{verb(last)} {what}" if kind == "rww" else "went on"
            end = f"Then {one.who} {did} in {last.at}, going by what it had read before: that was old by then."
            return f"{begin} Before it went on, {came}. {end}"
        if kind == "rwr":
            return f"{begin} Before it looked again in {last.at}, {came}: what {one.who} had read was old by then."
        if kind == "wwr":
            return f"{begin} Before it read that in {last.at}, {came}: {one.who} did not find what it had left there."
        rest = (
            f"It had not come to {last.at}" if last and last.spot != one.spot else "It was not done"
        )
        return f"{begin} {rest} when {came}: {other.who} saw the work half done."

    def marks(self, player):
        """Line, and what to write beside it."""
        events = [self.first, self.between, *([self.last] if self.last else [])]
        if not self.touches and self.last:
            events.pop()
        what = named(player, self.first)
        return marked([(e, f"{e.who} {verb(e)} {what}") for e in events])


WEIGHT = {"rww": 5, "rw-": 3, "wwr": 2, "rwr": 2, "wrw": 1, "wr-": 1}
TRUE_LOSS = 7
"""Read and written in one line, as by `x += 1`: nothing else explains it."""


def conflict_of(teller, failing=None):
    """The conflict that explains most: the last of the worker that fails; else a lost update, or
    the first."""
    best, score = None, (0, 0)
    for conflict, at in conflicts(teller):
        weight = WEIGHT.get(conflict.kind(), 0)
        if conflict.in_one_line():
            weight = TRUE_LOSS
        if failing is None:
            found = (weight if conflict.touches else min(weight, 1), -at)
        elif (
            failing
            == (conflict.between if conflict.kind().startswith("wr") else conflict.first).number
        ):
            found = (at, weight)
        else:
            continue
        if weight and (best is None or found > score):
            best, score = conflict, found
    if best is None and failing is not None:
        return conflict_of(teller)
    return best


def conflicts(teller):
    """Two touches by one worker with another's between them, one of these writing; and what the end
    has cut off."""
    places, mine = {}, {}
    for at, event in enumerate(teller.events):
        mine.setdefault(event.number, []).append(at)
        if event.key is not None and event.op.label != OUTPUT:
            places.setdefault(event.key, []).append(at)
    for touched in places.values():
        if len({teller.events[at].number for at in touched}) > 1:
            for place in range(len(touched)):
                found = from_here(teller, mine, touched[place:])
                if found is not None:
                    yield found


def from_here(teller, mine, touched):
    """The conflict that begins with the first of these touches, and where it ends."""
    events = teller.events
    first, middle = events[touched[0]], None
    for at in touched[1:]:
        event = events[at]
        if event.number == first.number:
            return None if middle is None else (Conflict(first, events[middle], event, True), at)
        if event.op.write or (first.op.write and middle is None):
            middle = at
    if middle is None or teller.done.get(first.number, len(events)) <= middle:
        return None
    if first.op.write and not events[middle].op.write and events[middle].number >= first.born:
        return None  # what was written before the reader was made is no work half done
    rest = mine[first.number]
    after = bisect_right(rest, middle)
    waits = (event for event, _, _ in teller.blocked if event.number == first.number)
    later = next(waits, first if teller.cut else None)  # goes on where it stood, by and by
    following = events[rest[after]] if after < len(rest) else later
    return Conflict(first, events[middle], following, False), middle


def upper(text):
    """A sentence begins."""
    return text[:1].upper() + text[1:]


def verb(event):
    """What was done to it."""
    op = event.op
    if op.key and op.label == OUTPUT:
        return "printed"
    if op.sync:
        return VERBS.get(op.label, "looked at")
    if op.label in ("generator", "iterator"):
        return "went on with"
    if not op.write:
        return "looked at" if op.label == LIVES else "read"
    whole = LIVES, NAMES, type(op.thing).__name__
    return "changed" if op.label in whole else "wrote"


VERBS = {"get": "took an item from", "put": "put an item into", "set": "set", "clear": "cleared"}


def named(player, event):
    """What was touched, in words."""
    op, thing = event.op, event.op.thing
    if type(thing) is weakref.ref:
        thing = thing() or ENDED
    return in_words(player.program, thing, op.label, event.local)


def marked(pairs):
    """Signs and notes for the lines of the program itself; an event that comes twice is written
    once."""
    pairs = list(dict.fromkeys((e.spot, text) for e, text in pairs))
    return [
        [spot[1], f"{sign} {text}"]
        for sign, (spot, text) in zip(SIGNS, pairs, strict=False)
        if spot[0] == SOURCE_NAME and spot != UNKNOWN[0]
    ]


# -- waiting ---------------------------------------------------------------------------------------


def waiting(player, teller, end):
    """Who holds what and waits for whom; for other waits, what came too early."""
    circle = circle_of(teller.blocked)
    if not circle:
        return lonely(player, teller, end)
    if len(circle) == 1:
        return twice(player, teller, circle[0][0])
    sentences, marks = [], []
    for event, _, holder in circle:
        what = awaited(player, event, holder)
        begin = upper(event.who)
        if took := begun(player, teller, circle, event):
            begin = f"{begin} {took}. It"
        sentences.append(f"{begin} waits in {event.at} for {what}.")
        marks.append((event, f"{event.who} waits for {what}"))
    text = " ".join(sentences)
    others = [f"{event.who} {why}" for event, why, _ in teller.blocked if event.number not in
              {each.number for each, _, _ in circle}]  # fmt: skip
    rest = f" Meanwhile {'; '.join(others)}." if others else ""
    return Story(
        f"{text} Each waits for the next: none of them can ever go on.{rest}", marked(marks)
    )


def awaited(player, event, holder):
    """What a worker waits for, and who keeps it from going on."""
    if event.op.label == "join":
        return f"the end of {holder.said}"
    verb = "has begun" if event.op.label == "import" else "holds"
    return f"{named(player, event)}, which {holder.said} {verb}"


def begun(player, teller, circle, event):
    """What a worker did that others wait for; empty if they wait for its end."""
    wait = next((wait for _, wait, _ in holders(circle, event)), None)
    if wait is not None and wait.op.label == "join":
        return ""
    if wait is not None and wait.op.label == "import":
        return f"began {wait.op.thing.named()}"
    took = wait and taken(teller.events, event.number, wait.op.thing)
    return f"took {named(player, took)} in {took.at}" if took else "holds a lock"


def holders(circle, event):
    """The waits in a circle that this worker keeps from going on."""
    return [(event, wait, holder) for wait, _, holder in circle if holder.number == event.number]


def circle_of(blocked):
    """The waits of which each is for the next worker, back to the first; nothing if there is no
    such circle."""
    known = {event.number: (event, why, holder) for event, why, holder in blocked}
    for start in known:
        ring, number = [], start
        while number in known and number not in [event.number for event, _, _ in ring]:
            ring.append(known[number])
            holder = known[number][2]
            number = holder.number if holder else None
        if number == start:
            return ring
    return []


def taken(events, number, thing):
    """Where a worker took a lock last."""
    return next((e for e in reversed(events) if e.number == number and e.op.thing is thing and
                 e.op.label in ("acquire", "try", "try for a while")), None)  # fmt: skip


def took_it(player, teller, event, number, who):
    """Who took the lock that an event waits for, and where, in words; and the mark of that line."""
    took, what = taken(teller.events, number, event.op.thing), named(player, event)
    at = f" in {took.at}" if took else ""
    return f"{upper(who)} took {what}{at}", [(took, f"{who} takes {what}")] if took else []


def twice(player, teller, event):
    """A worker waits for a lock that it holds itself."""
    begin, marks = took_it(player, teller, event, event.number, event.who)
    text = (
        f"{begin} and waits for it again in {event.at}: a Lock cannot be"
        " taken twice, not even by its holder; an RLock can."
    )
    return Story(text, marked([*marks, (event, f"{event.who} waits for it again")]))


def lonely(player, teller, end):
    """Waits that form no circle."""
    for event, _, holder in teller.blocked:
        if holder is not None and event.op.label == "acquire":
            return kept(player, teller, event, holder)
    for event, _, _ in teller.blocked:
        if event.op.label == "wake":
            return unheard(player, teller, event, end)
    for event, _, _ in teller.blocked:
        conflict = conflict_of(teller, event.number)
        if conflict and event.op.label != "join" and not conflict.is_wait():
            return ending_in(conflict, player, end)
    return Story(
        end, marked([(event, f"{event.who} {why}") for event, why, _ in teller.blocked[:3]])
    )


def kept(player, teller, event, holder):
    """A lock whose holder never gives it back: it has ended, or waits for something else."""
    begin, marks = took_it(player, teller, event, holder.number, holder.said)
    other = next(((e, why) for e, why, _ in teller.blocked if e.number == holder.number), None)
    if holder.number in teller.done:
        left = ", and ended without giving it back"
    elif other:
        left = f" and kept it: in {other[0].at} it {other[1]}"
        marks.append((other[0], f"{holder.said} {other[1]}"))
    else:
        left = ", and does not give it back"
    text = f"{begin}{left}. {upper(event.who)} waits for it in {event.at}, for ever."
    return Story(text, marked([*marks, (event, f"{event.who} waits for it")]))


def unheard(player, teller, event, end):
    """A wait for a condition: when was it notified, and who heard it?"""
    events, lock = teller.events, event.op.thing.lock
    what = named(player, event)
    begun = max((at for at, e in enumerate(events) if e.number == event.number and e.op.label == "wait" and
                 e.op.thing is lock), default=len(events))  # fmt: skip
    calls = [at for at, e in enumerate(events) if e.op.label == "notify" and e.op.thing is lock]
    waits = f"{event.who} waits in {event.at} for {what} to be notified"
    marks = [(event, f"{event.who} waits")]
    if not calls:
        return Story(f"{upper(waits)}, and nobody has called notify(). {end}", marked(marks))
    call = events[calls[-1]]
    marks.insert(0, (call, f"{call.who} notifies"))
    if calls[-1] < begun:
        text = f"{upper(call.who)} notified {what} in {call.at}. Only then {event.who} began to wait in {event.at}:"
        return Story(f"{text} it never hears that call, and no other comes. {end}", marked(marks))
    if late := [who for who, *gave_up in event.op.thing.heard if gave_up]:
        text = f"{upper(waits)}. {upper(call.who)} notified it in {call.at}, but that call went to"
        text += (
            f" {late[0].said}, whose time-out was over and which waited for the lock: it was lost."
        )
        return Story(f"{text} {end}", marked(marks))
    heard = next(
        (
            e
            for e in events[calls[-1] :]
            if e.op.label in ("wake", "give up") and e.number != event.number
        ),
        None,
    )
    woke = f", which woke {heard.who}" if heard else ""
    return Story(
        f"{upper(waits)}. The last to notify was {call.who} in {call.at}{woke}. {end}",
        marked(marks),
    )


def going_round(events):
    """Between which lines the last worker goes round."""
    mine = [
        e
        for e in events[-TAIL // 2 :]
        if e.number == events[-1].number and e.spot[0] == SOURCE_NAME
    ]
    lines = sorted({e.spot[1] for e in mine})
    if len(mine) < TAIL // 8:
        return ""
    where = f"line {lines[0]}" if len(lines) == 1 else f"lines {lines[0]} to {lines[-1]}"
    return f" {mine[-1].who.capitalize()} goes round and round in {where}."


# -- two schedules ---------------------------------------------------------------------------------


def compared(player, schedules):
    """A story for each of two schedules: what was touched in another order, or whose change was
    lost.

    Names are those of the last run: so each is played before its own story.
    """
    one, other = schedules
    there = identified(observed(player, other))
    teller = observed(player, one)
    here = identified(teller)
    first, lost = different(player, teller, here, there), was_lost(teller)
    teller = observed(player, other)
    second = different(player, teller, there, here)
    if lost is None and was_lost(teller):
        return [Story(UNDISTURBED), second]
    if lost and was_lost(teller) is None:
        return [first, Story(UNDISTURBED)]
    return [first, second]


def was_lost(teller):
    """A change that another worker came between, if there is one."""
    found = conflict_of(teller) if teller else None
    if found is None or found.in_one_line() or found.kind() == "rww":
        return found
    return found if teller.cut and found.kind() == "rw-" else None  # the worker goes on later


def identified(teller):
    """What can be found again in another schedule: worker, thing and place, and how often before →
    index."""
    counts, found = {}, {}
    for at, event in enumerate(teller.events if teller else ()):
        name = event.number, event.op.label, event.spot
        counts[name] = counts.get(name, 0) + 1
        found[(*name, counts[name])] = at
    return found


def different(player, teller, mine, other):
    """What is so in this schedule and not in the other."""
    if teller is None:
        return Story()
    lost = was_lost(teller)
    if lost:
        return Story(lost.text(player), lost.marks(player))
    events = teller.events
    names = {at: name for name, at in mine.items()}
    best = None
    last = {}
    for at, event in enumerate(events):
        if event.key is None:
            continue
        before = last.get(event.key)
        last[event.key] = at
        if before is None or events[before].number == event.number:
            continue
        if not (event.op.write or events[before].op.write):
            continue
        there = other.get(names[before]), other.get(names[at])
        if there[1] is not None and (there[0] is None or there[0] > there[1]):
            rank = event.op.label == OUTPUT, at
            best = min(best or (rank, before, at), (rank, before, at))
    if best is None:
        return Story()
    first, second = events[best[1]], events[best[2]]
    what = "" if first.op.label == OUTPUT else f" {named(player, first)}"
    text = (
        f"{upper(first.who)} {verb(first)}{what} in {first.at} before {second.who} {verb(second)}"
    )
    text += " it" if what else ""
    marks = [(e, f"{e.who} {verb(e)}{what}") for e in (first, second)]
    return Story(f"{text} in {second.at}.", marked(marks))

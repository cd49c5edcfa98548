"""What differs from run to run in a real program, the clock and chance, is the same in every run and
process."""

import pytest
from pythons import HERE, ask

import pvt

TWO = """\
import threading
{head}
lock = threading.Lock()
seen = []
def work():
    with lock:
        {body}
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(seen)
"""
DRAWS = {
    "uuid4": ("import uuid", "seen.append(uuid.uuid4())"),
    "uuid1": ("from uuid import uuid1", "seen.append(uuid1())"),
    "token_hex": ("import secrets", "seen.append(secrets.token_hex(4))"),
    "token_urlsafe": ("from secrets import token_urlsafe", "seen.append(token_urlsafe())"),
    "randbelow": ("import secrets as s", "seen.append(s.randbelow(10 ** 9))"),
    "secrets.choice": ("import secrets", "seen.append(secrets.choice(range(10 ** 9)))"),
    "urandom": ("from os import urandom", "seen.append(urandom(70))"),
    "SystemRandom": ("import random", "seen.append(random.SystemRandom().random())"),
    "seed": ("import random", "random.seed(); seen.append(random.random())"),
    "datetime.now": ("import datetime as dt", "seen.append(dt.datetime.now())"),
    "date.today": ("from datetime import date", "seen.append(date.today())"),
    "utcnow": ("from datetime import *", "seen.append(datetime.utcnow())"),
    "today": ("import datetime", "seen.append(datetime.datetime.today())"),
    "time_ns": ("import time", "seen.append((time.time_ns(), time.monotonic_ns()))"),
    "strftime": ("import time", "seen.append(time.strftime('%c') + time.ctime())"),
    "localtime": ("import time", "seen.append((time.localtime(), time.gmtime()))"),
    "an address": ("class Job: pass", "seen.append(Job())"),
}


@pytest.mark.parametrize("name", DRAWS)
def test_what_is_drawn_is_the_same_in_every_process(name):
    head, body = DRAWS[name]
    source = TWO.format(head=head, body=body)
    first, second = (ask(HERE, "search", 30, source=source, seconds=5) for _ in range(2))
    texts = [[row["output"] for row in rows if row["kind"] == "output"] for rows in (first, second)]
    assert texts[0] == texts[1] and len(texts[0]) < 3
    assert first[-1]["complete"]
    assert {row["ending"] for row in first if row["kind"] == "ending"} == {"safe"}


DATES = """\
import copy, pickle, time
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from uuid import UUID, uuid4

class Mine(datetime):
    pass

class Own(datetime):
    @classmethod
    def now(cls):
        return super().now()

@dataclass
class Entry:
    at: datetime = field(default_factory=datetime.now)
    name: UUID = field(default_factory=uuid4)
    clock = time.monotonic

now = datetime.now()
assert isinstance(now, datetime) and type(now) is datetime and isinstance(now, date)
assert type(Mine.now()) is Mine and type(Own.now()) is Own
assert now.tzinfo is None and datetime.now(timezone.utc).tzinfo is timezone.utc
assert isinstance(Entry().at, datetime) and isinstance(Entry().name, UUID) and Entry().clock() >= 0
assert pickle.loads(pickle.dumps(now)) == copy.deepcopy(now) == now
assert getattr(datetime, "now")() >= now and now.today() >= now
assert now - timedelta(days=1) < datetime.now() < now + timedelta(days=1)
time.sleep(60)
assert datetime.now() - now >= timedelta(seconds=60)
assert date.today() == datetime.now().date()
assert abs(time.time() - datetime.now().timestamp()) < 1
assert uuid4() != uuid4() and uuid4().version == 4
"""


def test_dates_are_the_real_ones_on_the_clock_of_the_run():
    found = pvt.search(DATES)
    assert found.complete and set(found.endings) == {"safe"}, found.reasons


FAIR = """\
import secrets, threading
n, lock = 0, threading.Lock()
def add():
    global n
    if secrets.randbelow(2):
        {how}
    else:
        with lock: n += 1
threads = [threading.Thread(target=add) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert n == 4
"""


def test_a_branch_on_a_system_s_number_is_searched():
    assert "broken" in pvt.search(FAIR.format(how="n += 1")).endings
    assert set(pvt.search(FAIR.format(how="with lock: n += 1")).endings) == {"safe"}

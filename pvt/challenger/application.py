"""What every server of the challenge serves: the bytes of a request in, the bytes of an answer out.

It is given, so that a learner writes the server alone: who accepts, who reads, who answers, who is
replaced.
"""

import time

from pvt.course.server.servers import Rules
from pvt.course.server.servers.protocol import Refused, answer_with, understood
from pvt.course.server.servers.protocol import answer as reply

BAD = 400


def answer(request):
    """The answer to a whole request, which ends with an empty line; 400 to anything else. Close the
    connection then.

    `/?wait=20` waits 20 ms, as for a database; `/?work=300` computes for 300 ms; `/raise` raises;
    `/segfault` crashes.
    """
    head, end, _ = bytes(request).partition(b"\r\n\r\n")
    if not end:
        return answer_with(BAD, "Bad Request", keep=False)
    try:
        asked, _ = understood(head)
    except Refused as refused:
        return refused.answer
    time.sleep(asked.wait)
    return reply(asked._replace(keep=False), Rules(trials=True))

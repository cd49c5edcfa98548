"""Two programs that hang, to be looked at: tasks that wait for each other, and a call that blocks.

`python -m pvt.course.event_loop.hanging waits FILE`: writes into FILE what Python itself can say
from inside, and then hangs until somebody ends it, or a minute is over.
"""

import asyncio
import faulthandler
import inspect
import sys
import threading
import time

from pvt import procfs

HANGS = 0.1  # seconds from the guilty line until we look: everybody waits by then
LONGEST = 60.0  # seconds until it ends by itself
PR_SET_PTRACER, ANYBODY = 0x59616D61, -1  # Linux with Yama: a process may ask to be looked into


there = []  # one entry for each task that has come to the line at which it hangs


async def transfer(first, second):
    async with first:
        await asyncio.sleep(0.01)
        there.append("here")
        async with second:
            pass


async def waits():
    ann, bob = asyncio.Lock(), asyncio.Lock()
    async with asyncio.TaskGroup() as group:
        group.create_task(transfer(ann, bob), name="from Ann")
        group.create_task(transfer(bob, ann), name="from Bob")


async def report():
    there.append("here")
    time.sleep(LONGEST)


async def blocks():
    async with asyncio.TaskGroup() as group:
        group.create_task(report(), name="report")


PROGRAMS = {"waits": waits, "blocks": blocks}
TASKS = {"waits": 2, "blocks": 1}
GUILTY = {"waits": ("transfer", "async with second"), "blocks": ("report", "time.sleep(")}


def line_of(program):
    """The line at which this program hangs."""
    function, text = GUILTY[program]
    lines, first = inspect.getsourcelines(globals()[function])
    return first + next(at for at, line in enumerate(lines) if text in line)


def look(program, loop, file):
    """In a thread of its own: what faulthandler prints, then the list of tasks."""
    while len(there) < TASKS[program]:
        time.sleep(0.01)
    time.sleep(HANGS)
    with open(file, "w", encoding="utf-8") as report_file:
        faulthandler.dump_traceback(report_file, all_threads=True)
        report_file.write("tasks:\n")
        for task in asyncio.all_tasks(loop):
            task.print_stack(file=report_file)
        report_file.write("end\n")


async def main(program, file):
    """The program, with somebody who looks at it."""
    loop = asyncio.get_running_loop()
    threading.Thread(target=look, args=(program, loop, file), daemon=True).start()
    await asyncio.wait_for(PROGRAMS[program](), LONGEST)


if __name__ == "__main__":
    procfs.prctl(PR_SET_PTRACER, ANYBODY)
    asyncio.run(main(*sys.argv[1:]))

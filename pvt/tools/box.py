"""A small box for a spike of requests: a process that may claim few further addresses, and threads
that serve in it.

RLIMIT_AS binds root too. The stack of each thread takes 8 MiB of addresses on most systems, so a
box holds only a certain number of threads, as every real machine does.
"""

import mmap
import threading

from pvt import procfs
from pvt.tools import crowd

RESERVE = 16 << 20  # bytes of addresses kept back, so that the process can still report


def thread_each(requests, handle):
    for request in requests:
        threading.Thread(target=handle, args=(request,)).start()


def limit_addresses(room):
    """Limit this process to the addresses that it has and `room` bytes more, or to less where a
    limit is there."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = procfs.addresses() + room
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    return limit


def serve_in(room, stack, serve):
    """Call `serve` in this process with `room` bytes for stacks of that size (None: no limit), and
    let it go on.

    The result: what ended it, or nothing; its addresses at that moment, and their limit.
    """
    crowd.one_arena()
    threading.stack_size(stack)
    with mmap.mmap(-1, RESERVE):
        limit, error = room and limit_addresses(room), ""
        try:
            serve()
        except Exception as problem:  # the service ends here; requests that were begun go on
            error = f"{type(problem).__name__}: {problem}"
        addresses = procfs.addresses()
    return {"error": error, "addresses": addresses, "limit": limit}


def all_done():
    """Wait for every other thread of this process."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join()

"""The learner's function on the far side: made from its text, run in time, run beside itself."""

import faulthandler
import linecache
import threading
import warnings
from functools import cache

SECONDS, MEMORY = 6.0, 512 << 20  # hard caps of a check: seconds and resident bytes


def learners_function(source, name):
    """The learner's function from its text. Tracebacks show its lines; when time is nearly up,
    so does stderr."""
    file = f"<your {name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    namespace = {"__name__": "learner"}
    exec(compile(source, file, "exec"), namespace)
    tell_where_when_late()
    return namespace[name]


@cache  # once: in a forked worker a second call would wait for a thread that is not there
def tell_where_when_late():
    """Shortly before time is up, write to stderr what each thread is doing."""
    warnings.filterwarnings(
        "ignore", "This process .* is multi-threaded, use of fork", DeprecationWarning
    )
    faulthandler.dump_traceback_later(SECONDS * 0.8)


def together(*calls):
    """Run calls in a thread each, started behind a barrier, to the end; raises what the first of
    them raised."""
    barrier, raised = threading.Barrier(len(calls)), []

    def work(call):
        barrier.wait()
        try:
            call()
        except BaseException as problem:
            raised.append(problem)

    threads = [threading.Thread(target=work, args=(call,), daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]

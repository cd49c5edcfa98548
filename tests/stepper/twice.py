"""A program in which two threads do the same: `made` before them, `work` in both, `after` them."""

TWICE = """\
import threading
lock = threading.Lock()
{made}
def work():
{work}
threads = [threading.Thread(target=work) for _ in range(2)]
for one in threads: one.start()
for one in threads: one.join()
{after}
"""

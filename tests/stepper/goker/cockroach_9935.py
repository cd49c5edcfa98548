"""After a failed write the log exits, and for that takes the lock that it holds.

GoKer cockroach#9935: deadlock at 0 preemptions.
"""

import threading


class Log:
    def __init__(self):
        self.lock = threading.Lock()
        self.lines = []

    def write(self, line):
        with self.lock:
            self.lines.append(line)
            if line == "fatal":
                self.exit()

    def exit(self):
        with self.lock:
            self.lines.clear()


log = Log()
threads = [threading.Thread(target=log.write, args=(line,)) for line in ("all well", "fatal")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

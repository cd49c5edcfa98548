"""Looking and counting are one step under the lock.

SCTBench CS.bluetooth_driver_bad, repaired.
"""

import threading


class Device:
    def __init__(self):
        self.lock = threading.Lock()
        self.pending = 1
        self.stopping = False
        self.stopped = False

    def enter(self):
        with self.lock:
            if self.stopping:
                return False
            self.pending += 1
            return True

    def leave(self):
        with self.lock:
            self.pending -= 1
            return self.pending == 0

    def stop(self):
        with self.lock:
            self.stopping = True
        if self.leave():
            self.stopped = True


device = Device()
stopper = threading.Thread(target=device.stop)
stopper.start()
if device.enter():
    assert not device.stopped, "the driver works on after it was stopped"
    device.leave()
stopper.join()

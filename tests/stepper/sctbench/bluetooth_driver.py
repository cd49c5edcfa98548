"""A request looks whether the driver stops and then counts itself in: the driver is stopped in between.

SCTBench CS.bluetooth_driver_bad: broken at 1 preemption.
"""

import threading


class Device:
    def __init__(self):
        self.lock = threading.Lock()
        self.pending = 1
        self.stopping = False
        self.stopped = False

    def enter(self):
        if self.stopping:
            return False
        with self.lock:
            self.pending += 1
        return True

    def leave(self):
        with self.lock:
            self.pending -= 1
            return self.pending == 0

    def stop(self):
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

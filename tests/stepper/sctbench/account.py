"""The check after deposit and withdrawal computes with the wrong sign.

SCTBench CS.account_bad: broken at 0 preemptions.
"""

import threading

lock = threading.Lock()
first, added, taken = 1, 2, 4
balance = first
deposited = withdrawn = False


def deposit():
    global balance, deposited
    with lock:
        balance += added
        deposited = True


def withdraw():
    global balance, withdrawn
    with lock:
        balance -= taken
        withdrawn = True


def check():
    with lock:
        if deposited and withdrawn:
            assert balance == first - added - taken


for job in (check, deposit, withdraw):
    threading.Thread(target=job).start()

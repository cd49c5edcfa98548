"""Who goes on: at every decision point the running thread itself looks at the plan, and notes the roads not taken.

Where the plan has ended, the running thread goes on as long as it can; every other thread that could have gone on
instead is an option at the price of one preemption.  When it cannot go on, the next in turn does, and the others are
options free of charge; only to go on at once after a sleep costs one.
"""

from pvt.stepper.stops import Stop


class Deciding:
    """The half of the stage that follows and extends plans."""

    def _decide(self, me):
        self.jumps = 0
        if self.fresh[me]:
            self.fresh[me] = self.open[me] = False
            return
        may = self.free_world or self.open[me]
        self.open[me] = False
        at, chosen = len(self.trace), me
        if at < len(self.plan):
            chosen = self._planned(at, may, me)
        elif not self.onward:
            self._pause([number for number in range(self.count) if number == me or (may and self.able(number))])
        elif at >= self.limit:
            self._exhausted(f"no ending after {at} steps")
        elif may and self.branch:
            self.options += [(at, other, 1) for other in range(self.count) if other != me and self.able(other)]
        if self.over:
            raise Stop
        self.trace.append(chosen)
        if chosen != me:
            self._hand_over(me, chosen)

    def _planned(self, at, may, me):
        chosen = self.plan[at]
        if chosen != me and not may:
            self.end("impossible", f"step {at + 1}: this interpreter lets no other thread in here, only thread {me}")
        elif not self.able(chosen):
            self.end("impossible", f"step {at + 1}: thread {chosen} {self.state(chosen)}")
        return chosen

    def _pause(self, choices):
        self.choices = choices
        self.end("stepping", f"the schedule ends here: next can be {' or '.join(f'thread {n}' for n in choices)}")

    def _hand_over(self, me, chosen):
        self._pass_to(chosen)
        self.batons[me].acquire()
        if self.over:
            raise Stop

    def _rests(self, number, after):
        return number == after and self.waits[number] is not None

    def _elect(self, after):
        """Who goes on when the thread `after` cannot: free of charge, the next in turn; None if nobody can."""
        turns = [n % self.count for n in range(after + 1, after + 1 + self.count)]
        able = [number for number in turns if self.able(number)]
        if not able:
            return None
        at, chosen = len(self.trace), able[0]
        if at < len(self.plan):
            chosen = self._planned(at, True, after)
        elif not self.onward:
            self._pause(sorted(able))
        elif at >= self.limit:
            self._exhausted(f"no ending after {at} steps")
        else:
            self.options += [(at, other, int(self._rests(other, after))) for other in able[1:]]
        if self.over:
            return None
        self.trace.append(chosen)
        return chosen

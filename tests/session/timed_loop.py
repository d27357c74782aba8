"""A loop whose time the test sets."""


class Handle:
    """A call that a loop makes at `time`, unless it is cancelled."""

    def __init__(self, time, call):
        self.time, self.call, self.is_cancelled = time, call, False

    def when(self):
        return self.time

    def cancel(self):
        self.is_cancelled = True


class Loop:
    """A loop whose time passes only in `run_until`, which makes the calls that are due at their time."""

    def __init__(self):
        self.now = 100.0
        self.handles = []

    def time(self):
        return self.now

    def call_at(self, time, call):
        self.handles.append(Handle(time, call))
        return self.handles[-1]

    def run_until(self, time):
        while due := [handle for handle in self.handles if handle.time <= time]:
            handle = min(due, key=Handle.when)
            self.handles.remove(handle)
            self.now = max(self.now, handle.time)
            if not handle.is_cancelled:
                handle.call()
        self.now = max(self.now, time)

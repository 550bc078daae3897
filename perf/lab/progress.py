"""How far a run has come, on standard error: a line for each part, or one that is written anew on a terminal."""
import sys
import time

from lab.scenario import title


def in_words(seconds):
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


class Progress:
    """Of parts whose expected seconds are known; what is left is scaled by how long the first ones took."""

    def __init__(self, expected_s):
        self.expected_s = expected_s
        self.total_s = sum(expected_s.values())
        self.done_s = 0.0
        self.began = time.monotonic()
        self.line = ""
        self.runs = 0
        self.live = sys.stderr.isatty()

    def expect(self, name, seconds):
        """One more part."""
        self.expected_s[name] = seconds
        self.total_s += seconds

    def left_s(self):
        left = self.total_s - self.done_s
        took = time.monotonic() - self.began
        # The first of it tells nothing: the servers are filled meanwhile.
        return left * took / self.done_s if self.done_s > self.total_s / 10 else left

    def begin(self, name, test):
        self.runs = 0
        self.line = (f"{100 * self.done_s / max(self.total_s, 1e-9):3.0f} %  {title(name, test)}, "
                     f"about {in_words(self.left_s())} left")
        if self.live:
            self.show()
        else:
            print(self.line, file=sys.stderr, flush=True)

    def tick(self):
        """One more run of this part."""
        self.runs += 1
        if self.live:
            self.show()

    def show(self):
        runs = f", run {self.runs}" if self.runs else ""
        print(f"\r\033[K{self.line}{runs}", end="", file=sys.stderr, flush=True)

    def end(self, name):
        self.done_s += self.expected_s[name]
        if self.live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

"""What Millrace promises in the comparison, and whether the figures keep it."""
import statistics
from dataclasses import dataclass, field

from lab import stats
from lab.pools import BASE, OURS
from lab.scenario import title

#: Proxy CPU for a request as a ratio to nutcracker's, at most: with io_uring, with NIO.
CPU = {
    "c50P1": (0.45, 0.90), "c500P1": (0.45, 0.90), "c50P1d1024": (0.45, 0.90), "c500P1d1024": (0.45, 0.90),
    "c50P16": (0.35, 0.60), "c50P16d1024": (0.35, 0.60), "c50P100": (0.30, 0.45), "c50P1d16384": (0.60, 0.85),
    "c1P1": (0.85, 1.0), "c4P1": (0.85, 1.0), "c16P1": (0.85, 1.0),
    "mc:c50P1": (0.50, 0.85), "mc:c50P16": (0.40, 0.65),
}
FEW = ("c1P1", "c4P1", "c16P1")
BOTH = tuple(OURS)
URING = ("millrace",)
NAMES = {"us": "CPU for a request", "rps": "throughput", "p50": "p50", "p99": "p99", "p99.9": "p99.9", "ms": "time",
         "ns_per_key": "CPU ns for a key", "crowd_ratio": "CPU beside the crowd to CPU without it",
         "percent": "% of a processor without traffic"}


@dataclass(frozen=True)
class Limit:
    """One bound: of a measure itself, or of its ratio to that of another contender in the same round."""
    row: str
    key: str
    bound: float
    against: str | None = BASE
    at_least: bool = False
    of: tuple = field(default=BOTH)

    def values(self, samples, name):
        own = samples[name]
        if self.against:
            return stats.ratios(own, samples[self.against], self.key)
        return [sample[self.key] for sample in own]

    def applies(self, samples, name):
        return (name in self.of and name in samples and (not self.against or self.against in samples)
                and stats.has(samples[name], self.key))

    def text(self):
        against = f" to {'one Redis' if self.against == 'direct' else self.against}'s" if self.against else ""
        return f"{NAMES[self.key]}{against} {'at least' if self.at_least else 'at most'} {self.bound:g}"


@dataclass(frozen=True)
class Verdict:
    """A limit, and what was measured."""
    limit: Limit
    row: str
    test: str
    name: str
    values: list

    @property
    def figure(self):
        return statistics.median(self.values)

    @property
    def kept(self):
        # as it is printed: a median of 1.004 is 1.00
        figure = round(self.figure, 2)
        return figure >= self.limit.bound if self.limit.at_least else figure <= self.limit.bound

    def text(self):
        return (f"{title(self.row, self.test)}, {OURS[self.name]}: {stats.spread_of(self.values)}; "
                f"{self.limit.text()}")

    def json(self):
        return {"row": self.row, "test": self.test, "proxy": self.name, "limit": self.limit.text(),
                "bound": self.limit.bound, "median": self.figure, "values": self.values, "kept": self.kept}


def all_limits():
    limits = []
    for row, (uring, nio) in CPU.items():
        limits += [Limit(row, "us", uring, of=URING), Limit(row, "us", nio, of=("millrace-nio",))]
        limits.append(Limit(row, "p99", 1.2, of=("millrace-nio",) if row in FEW else BOTH))
    for row in FEW:
        limits += [Limit(row, "p50", 1.0, of=URING), Limit(row, "p99", 1.0, of=URING)]
    limits += [
        Limit("c50P16", "rps", 1.6, at_least=True), Limit("c50P16", "rps", 1.3, against="predixy", at_least=True),
        Limit("c50P1", "rps", 1.1, at_least=True),
        Limit("open50", "p99.9", 1.0),
        Limit("mget10000", "ms", 1.5, against="direct"), Limit("mget10000", "ns_per_key", 100, against=None),
        Limit("mget100", "ms", 0.8),
        Limit("c100P1i9900", "crowd_ratio", 1.3, against=None),
        Limit("idle", "percent", 0.5, against=None),
    ]
    return limits


LIMITS = all_limits()


def cpu_limit(row, name):
    """The bound of the CPU ratio, if there is one."""
    return next((limit.bound for limit in LIMITS if limit.row == row and limit.key == "us" and name in limit.of), None)


def verdicts(results):
    """All that can be told from what was measured."""
    return [Verdict(limit, row, test, name, limit.values(samples, name))
            for row, tests in results.items() for test, samples in tests.items()
            for limit in LIMITS if limit.row == row
            for name in OURS if limit.applies(samples, name)]


def open_questions(results):
    """Limits of rows that were measured, but not beside whom they compare with."""
    return sorted({f"{limit.row}: {limit.text()}" for limit in LIMITS if limit.row in results
                   for samples in results[limit.row].values() if limit.against and limit.against not in samples})

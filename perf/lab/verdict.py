"""What a gate finds: how each measure of the new build stands to the base's, and how sure that is."""
from dataclasses import dataclass
from functools import cached_property

from lab import bootstrap

#: Of each interval. With some ten of them in a run, and a change in either direction, one run of two builds that are
#: alike in twenty may still name one by mistake; the least change below makes that rarer.
CONFIDENCE = 0.995
#: What is smaller is not worth stopping anybody, even if it is certain.
LEAST = 0.01


@dataclass(frozen=True)
class Finding:
    """One measure, more is worse."""
    name: str
    ratios: list

    @property
    def ratio(self):
        return bootstrap.centre(self.ratios)

    @cached_property
    def interval(self):
        return bootstrap.interval(self.ratios, CONFIDENCE)

    @property
    def state(self):
        low, high = self.interval
        if low > 1 and self.ratio >= 1 + LEAST:
            return "SLOWER"
        if high < 1 and self.ratio <= 1 - LEAST:
            return "faster"
        return "no difference seen"

    def text(self):
        low, high = self.interval
        return (f"{self.name}: {self.state}, {100 * (self.ratio - 1):+.1f} % "
                f"({100 * (low - 1):+.1f} to {100 * (high - 1):+.1f} %, {100 * CONFIDENCE:g} % sure)")

    def json(self):
        low, high = self.interval
        return {"ratio": self.ratio, "low": low, "high": high, "state": self.state, "ratios": self.ratios}


def findings(samples):
    """
    Of {name: [(base, new) of each round]}: one for each measure, and one for all of them together, which sees a change
    that slows down everything a little with less noise than any of them.
    """
    each = [Finding(name, [new / base for base, new in pairs]) for name, pairs in samples.items()]
    if len(each) > 1:
        rounds = zip(*(finding.ratios for finding in each))
        each.append(Finding("all together", [bootstrap.centre(ratios) for ratios in rounds]))
    return each

"""What a gate finds: how each measure of the new build stands to the base's, and how sure that is."""
import math
import statistics
from dataclasses import dataclass
from functools import cached_property

from lab import bootstrap

#: Of the interval of one measure, or of all together.
CONFIDENCE = 0.995
#: Of that of each of several: of two builds that are alike one run in a hundred may still name one by mistake, be it
#: slower or faster; the least change below makes that rarer.
OF_SEVERAL = 0.999
#: What is smaller is not worth stopping anybody, even if it is certain.
LEAST = 0.01
#: How far bounds may be from the ratio, as a share of the change that shall be seen. They are some three standard errors
#: away, so a change that is half as far again is missed when the ratio comes out one and a half errors too small.
NEAR = 2 / 3


#: The state of what may be as it was.
NONE = "no difference seen"


@dataclass(frozen=True)
class Finding:
    """One measure, more is worse."""
    name: str
    ratios: list
    confidence: float = CONFIDENCE

    @property
    def ratio(self):
        return bootstrap.centre(self.ratios)

    @cached_property
    def interval(self):
        return bootstrap.interval(self.ratios, self.confidence)

    @property
    def half_width(self):
        low, high = self.interval
        return (high - low) / 2

    def sees(self, change):
        """Whether a change of this size would be told from none nine times in ten: its bounds are near enough."""
        return self.half_width <= NEAR * change

    @property
    def state(self):
        low, high = self.interval
        if low > 1 and self.ratio >= 1 + LEAST:
            return "SLOWER"
        if high < 1 and self.ratio <= 1 - LEAST:
            return "faster"
        return NONE

    def text(self):
        low, high = self.interval
        return (f"{self.name}: {self.state}, {100 * (self.ratio - 1):+.1f} % "
                f"({100 * (low - 1):+.1f} to {100 * (high - 1):+.1f} %, {100 * self.confidence:g} % sure)")

    def json(self):
        low, high = self.interval
        return {"ratio": self.ratio, "low": low, "high": high, "state": self.state, "ratios": self.ratios}


def findings(blocks):
    """
    Of {name: [ratios of one round, of each round]}: one for each measure, and one for all of them together. That weighs
    each by how little its ratios scatter, so that it sees a change that slows down everything a little with less noise
    than any of them.
    """
    confidence = OF_SEVERAL if len(blocks) > 1 else CONFIDENCE
    each = [Finding(name, [bootstrap.centre(ratios) for ratios in rounds], confidence)
            for name, rounds in blocks.items()]
    if len(each) > 1:
        weights = [weight(rounds) for rounds in blocks.values()]
        rounds = zip(*(finding.ratios for finding in each))
        each.append(Finding("all together", [bootstrap.centre(ratios, weights) for ratios in rounds]))
    return each


def weight(rounds):
    """
    One by the variance of a round's mean, from that of all its logarithms; a hundredth of a per cent of scatter
    is as good as none.
    """
    logs = [math.log(ratio) for ratios in rounds for ratio in ratios]
    return len(logs) / len(rounds) / max(1e-8, statistics.variance(logs))


def until_it_sees(change, wanted, most, one_more, judge, further):
    """
    Rounds, and what they tell: as many as are wanted, then two at a time, since the order is the other way round in
    every second one, until they would show a change of this size, or are the most. How near the bounds are decides that,
    not what they enclose: else a difference would be found in the end where there is none. What is found is looked at
    once more: it has to stand with twice as many rounds, or with the most.

    one_more(number) makes a round, judge(rounds) the findings, further(finding, numbers) hears of the rounds that are
    added.
    """
    rounds, confirmed = [], False
    while True:
        while len(rounds) < wanted:
            rounds.append(one_more(len(rounds)))
        found = judge(rounds)
        more = 0
        if not found[-1].sees(change):
            more = 2
        elif not confirmed and any(each.state != NONE for each in found):
            confirmed, more = True, wanted
        more = min(more, most - wanted)
        if more == 0:
            return rounds, found
        further(found[-1], range(wanted, wanted + more))
        wanted += more

"""Medians, spreads and ratios of the rounds' samples."""
import statistics


def median(samples, key):
    return statistics.median(sample[key] for sample in samples)


def has(samples, key):
    return bool(samples) and all(key in sample for sample in samples)


def spread(samples, key, digits=2):
    """Median (smallest-largest)."""
    return spread_of([sample[key] for sample in samples], digits)


def spread_of(values, digits=2):
    return (f"{statistics.median(values):.{digits}f} "
            f"({min(values):.{digits}f}-{max(values):.{digits}f})")


def bold(values, digits=2):
    """The same for a table's main figure."""
    return "**" + spread_of(values, digits).replace(" ", "** ", 1)


def ratios(own, base, key):
    """Of each round to the other contender's run in the same round."""
    return [mine[key] / max(1e-9, theirs[key]) for mine, theirs in zip(own, base)]


def ratio(own, base, key):
    return statistics.median(ratios(own, base, key))

"""Loads by name."""
import argparse
import re

KEYS = 1_000_000
#: So much may the values of all keys take in one server: a million keys of 16 KiB would fill the machine.
VALUE_BYTES = 64 * 1024 * 1024


def title(row, test):
    """What to call one test of a row; some rows have but one, named after them."""
    return row if row.startswith(test) else f"{row} {test.upper()}"


class Scenario:
    """c<clients>P<pipeline>, then d<bytes of a value>, i<further connections that are idle> and @<requests a second,
    open loop>, if any; with mc: before it the load is of memcached."""

    def __init__(self, text):
        match = re.fullmatch(r"(mc:)?c(\d+)[pP](\d+)(?:d(\d+))?(?:i(\d+))?(?:@(\d+))?", text)
        if not match or int(match[2]) < 1 or int(match[3]) < 1 or match[6] and int(match[6]) < 1:
            raise argparse.ArgumentTypeError(f"'{text}' is not a scenario such as c50P1, c50P16d1024, c100P1i9900, "
                                             "c50P1@20000 or mc:c50P16")
        self.name = text.replace("p", "P")
        self.redis = not match[1]
        self.clients = int(match[2])
        self.pipeline = int(match[3])
        self.size = int(match[4] or 32)
        self.idle = int(match[5] or 0)
        self.rate = int(match[6] or 0)

    @property
    def verified(self):
        """Whether millrace load drives it, which knows memcached, rates and what a reply must be."""
        return bool(self.rate) or not self.redis

    @property
    def keys(self):
        """Over how many keys it is spread."""
        return max(1, min(KEYS, VALUE_BYTES // max(1, self.size)))

    def requests(self, given):
        """Enough for a second or more, before anything is known about the speed."""
        if given:
            return given
        if self.pipeline > 1:
            count = 600_000 if self.pipeline < 50 else 1_000_000
        else:
            count = 150_000 if self.clients >= 16 else 50_000
        return max(20_000, count // max(1, self.size // 2048))

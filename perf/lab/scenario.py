"""Loads by name, and what Millrace promises under each."""
import argparse
import csv
import re
import resource
import socket
import subprocess
import time

from lab.fleet import Failure

KEYS = 1_000_000
#: Proxy CPU for a request as a ratio to nutcracker's, at most: with io_uring, with NIO.
LIMITS = {
    "c50P1": (0.45, 0.90), "c500P1": (0.45, 0.90), "c50P1d1024": (0.45, 0.90), "c500P1d1024": (0.45, 0.90),
    "c50P16": (0.35, 0.60), "c50P16d1024": (0.35, 0.60), "c50P100": (0.30, 0.45), "c50P1d16384": (0.60, 0.85),
    "c1P1": (0.85, 1.0), "c4P1": (0.85, 1.0), "c16P1": (0.85, 1.0),
}
HEADLINES = ("c50P1", "c50P16", "c50P100")


class Scenario:
    """c<clients>P<pipeline>, then d<bytes of a value> and i<further connections that are idle>, if any."""

    def __init__(self, text):
        match = re.fullmatch(r"c(\d+)[pP](\d+)(?:d(\d+))?(?:i(\d+))?", text)
        if not match:
            raise argparse.ArgumentTypeError(f"'{text}' is not a scenario such as c50P1, c50P16d1024 or c100P1i9900")
        self.name = text.replace("p", "P")
        self.clients = int(match[1])
        self.pipeline = int(match[2])
        self.size = int(match[3] or 32)
        self.idle = int(match[4] or 0)

    def limit(self, transport):
        limits = LIMITS.get(self.name)
        return limits and limits[0 if transport == "io_uring" else 1]

    def requests(self, given):
        """Enough for about a second of CPU: the clock of /proc ticks a hundred times a second."""
        if given:
            return given
        if self.pipeline > 1:
            count = 600_000 if self.pipeline < 50 else 1_000_000
        else:
            count = 150_000 if self.clients >= 16 else 50_000
        return max(20_000, count // max(1, self.size // 2048))


class IdleCrowd:
    """Connections that do nothing."""

    def __init__(self, port, count):
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.sockets = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(count)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in self.sockets:
            each.close()


def redis_benchmark(port, test, scenario, requests, deadline):
    """Runs redis-benchmark once, with keys spread; its CSV row. Bounded by what a very slow proxy would need."""
    command = ["redis-benchmark", "-h", "127.0.0.1", "-p", str(port), "-t", test, "-c", str(scenario.clients), "-P",
               str(scenario.pipeline), "-d", str(scenario.size), "-n", str(requests), "-r", str(KEYS), "--threads",
               "1", "--csv"]
    limit = min(max(30, requests / 1500), deadline - time.monotonic())
    if limit <= 0:
        raise Failure("out of time (--time-limit)")
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise Failure(f"no end after {limit:.0f} s: {' '.join(command)}") from None
    rows = list(csv.DictReader(done.stdout.splitlines()))
    if done.returncode != 0 or not rows or "rror" in done.stdout + done.stderr:
        raise Failure(f"{' '.join(command)}: code {done.returncode}\n{done.stdout}{done.stderr}")
    return {"rps": float(rows[0]["rps"]), "p50": float(rows[0]["p50_latency_ms"]),
            "p99": float(rows[0]["p99_latency_ms"])}

"""Loads by name, and what Millrace promises under each."""
import argparse
import csv
import json
import os
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
    "mc:c50P1": (0.50, 0.85), "mc:c50P16": (0.40, 0.65),
}
HEADLINES = ("c50P1", "c50P16", "c50P100")


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


class Load:
    """bin/millrace load, as it is in the tree whatever build is compared."""

    def __init__(self, launcher, folder):
        self.launcher = launcher
        self.json = os.path.join(folder, "load.json")
        self.env = {name: value for name, value in os.environ.items()
                    if name not in ("MILLRACE_JAR", "MILLRACE_JAVA_OPTS", "MILLRACE_HEAP")}

    def run(self, port, redis, options, limit):
        """What it tells of one run; a reply that is not right makes the run worthless."""
        command = [self.launcher, "load", "--protocol", "redis" if redis else "memcached", "--target", str(port),
                   "--keys", str(KEYS), "--json", self.json, *map(str, options)]
        if limit <= 0:
            raise Failure("out of time (--time-limit)")
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=limit, stdin=subprocess.DEVNULL,
                                  env=self.env)
        except subprocess.TimeoutExpired:
            raise Failure(f"no end after {limit:.0f} s: {' '.join(command)}") from None
        if done.returncode != 0:
            raise Failure(f"{' '.join(command)}: code {done.returncode}\n{done.stdout}{done.stderr}")
        with open(self.json) as file:
            return json.load(file)

    def fill(self, port, scenario, keys, deadline):
        """Writes the first keys, so that values are those that it knows."""
        self.run(port, scenario.redis, ["--connections", 8, "--pipeline", 32, "--value-size", scenario.size, "--mix",
                                        "set", "--key-distribution", "sequential", "--requests", keys],
                 deadline - time.monotonic())

    def measure(self, port, test, scenario, requests, warm_s, open_s, deadline):
        options = ["--connections", scenario.clients, "--value-size", scenario.size, "--mix", test, "--warmup",
                   f"{warm_s}s"]
        if scenario.rate:
            options += ["--rate", scenario.rate, "--duration", f"{open_s}s"]
        else:
            options += ["--pipeline", scenario.pipeline, "--requests", requests]
        limit = min(60 + warm_s + open_s + requests / 1000, deadline - time.monotonic())
        outcome = self.run(port, scenario.redis, options, limit)
        latency = outcome["latency_us"]
        return {"rps": outcome["requests_per_second"], "sent": outcome["sent"], "unsent": outcome["unsent"],
                **{name: latency[name] / 1000 for name in ("p50", "p99", "p99.9", "p99.99")}}


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

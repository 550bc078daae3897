"""What drives a load: redis-benchmark, bin/millrace load, and connections that do nothing."""
import csv
import json
import os
import socket
import subprocess
import time

from lab.fleet import Failure, Stopped, cpu_seconds, machine_cpu_seconds
from lab.scenario import KEYS

PERCENTILES = ("p50", "p99", "p99.9", "p99.99")


def within(seconds, deadline):
    """How long something may take that should take so long at most."""
    limit = min(seconds, deadline - time.monotonic())
    if limit <= 0:
        raise Stopped("out of time (--time-limit)")
    return limit


class Load:
    """bin/millrace load, as it is in the tree whatever build is compared."""

    def __init__(self, launcher, folder):
        self.launcher = launcher
        self.json = os.path.join(folder, "load.json")
        self.env = {name: value for name, value in os.environ.items()
                    if name not in ("MILLRACE_JAR", "MILLRACE_JAVA_OPTS", "MILLRACE_HEAP")}
        # Builds what is older than its sources, so that no build runs later.
        if subprocess.run([launcher, "load", "--help"], env=self.env, stdout=subprocess.DEVNULL).returncode != 0:
            raise Failure("bin/millrace load does not start")
        self.env["MILLRACE_BUILD"] = "never"

    def run(self, port, redis, options, limit, keys=KEYS, late=False):
        """What it tells of one run. A reply that is not right makes the run worthless, and so does one that does not
        come, unless late is allowed: then the run counts those as failed."""
        command = [self.launcher, "load", "--protocol", "redis" if redis else "memcached", "--target", str(port),
                   "--keys", str(keys), "--json", self.json, *map(str, options)]
        if os.path.exists(self.json):
            os.remove(self.json)
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=limit, stdin=subprocess.DEVNULL,
                                  env=self.env)
        except subprocess.TimeoutExpired:
            raise Failure(f"no end after {limit:.0f} s: {' '.join(command)}") from None
        outcome = None
        if os.path.exists(self.json):
            with open(self.json) as file:
                outcome = json.load(file)
        if done.returncode != 0 and not (late and outcome and outcome["failed_timeout"] == outcome["failed"]):
            raise Failure(f"{' '.join(command)}: code {done.returncode}\n{done.stdout}{done.stderr}")
        return outcome

    def fill(self, port, redis, size, keys, deadline):
        """Writes the first keys, so that values are those that it knows."""
        self.run(port, redis, ["--connections", 8, "--pipeline", 32, "--value-size", size, "--mix", "set",
                               "--key-distribution", "sequential", "--requests", keys], within(300, deadline), keys)

    def closed(self, port, mix, scenario, requests, warm_s, keys, deadline):
        """As fast as it goes."""
        options = [*self.options(mix, scenario, warm_s), "--pipeline", scenario.pipeline, "--requests", requests]
        return sample(self.run(port, scenario.redis, options, within(60 + warm_s + requests / 1000, deadline), keys))

    def open(self, port, mix, scenario, rate, warm_s, seconds, keys, deadline):
        """At a rate, whatever the answers do."""
        options = [*self.options(mix, scenario, warm_s), "--rate", rate, "--duration", f"{seconds}s"]
        outcome = self.run(port, scenario.redis, options, within(60 + warm_s + seconds, deadline), keys, late=True)
        return sample(outcome) | {"rate": rate, "unsent": outcome["unsent"], "failed": outcome["failed"],
                                  "curve": outcome["latency_us"]["curve"]}

    @staticmethod
    def options(mix, scenario, warm_s):
        return ["--connections", scenario.clients, "--value-size", scenario.size, "--mix", mix, "--warmup",
                f"{warm_s}s"]


def sample(outcome):
    latency = outcome["latency_us"]
    return {"rps": outcome["requests_per_second"], "sent": outcome["sent"],
            **{name: latency[name] / 1000 for name in PERCENTILES}}


class IdleCrowd:
    """Connections that do nothing."""

    def __init__(self, port, count):
        self.sockets = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(count)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in self.sockets:
            each.close()


def redis_benchmark(port, test, scenario, requests, deadline):
    """Runs redis-benchmark once, with keys spread; its CSV row. Bounded by what a very slow proxy would need."""
    command = ["redis-benchmark", "-h", "127.0.0.1", "-p", str(port), "-t", test, "-c", str(scenario.clients), "-P",
               str(scenario.pipeline), "-d", str(scenario.size), "-n", str(requests), "-r", str(scenario.keys),
               "--threads", "1", "--csv"]
    limit = within(max(30, requests / 1500), deadline)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise Failure(f"no end after {limit:.0f} s: {' '.join(command)}") from None
    rows = list(csv.DictReader(done.stdout.splitlines()))
    if done.returncode != 0 or not rows or "rror" in done.stdout + done.stderr:
        raise Failure(f"{' '.join(command)}: code {done.returncode}\n{done.stdout}{done.stderr}")
    return {"rps": float(rows[0]["rps"]), "sent": requests, "p50": float(rows[0]["p50_latency_ms"]),
            "p99": float(rows[0]["p99_latency_ms"])}


#: Of keys by which redis-benchmark asks.
FILL = """for i = 0, tonumber(ARGV[1]) - 1 do
    redis.call('set', string.format('key:%012d', i), ARGV[2])
end
return redis.status_reply('OK')"""


def fill_at_once(port, keys, size, seconds):
    """Has a Redis write its keys itself, which takes it a second for each million."""
    words = [word.encode() for word in ("eval", FILL, "0", str(keys), "x" * size)]
    with socket.create_connection(("127.0.0.1", port), 5) as sock:
        sock.settimeout(seconds)
        sock.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
        reply = sock.recv(200)
        if not reply.startswith(b"+OK"):
            raise Failure(f"redis on port {port} was not filled: {reply.decode()}")


def accounted(proxy, run, cpu=cpu_seconds):
    """A sample with the CPU of a request, that of the whole process and that of the machine, added to it; cpu may leave
    threads of the process out."""
    before, machine_before = cpu(proxy.pid), machine_cpu_seconds()
    sample = run()
    sent = max(1, sample["sent"])
    sample["us"] = (cpu(proxy.pid) - before) * 1e6 / sent
    sample["machine_us"] = (machine_cpu_seconds() - machine_before) * 1e6 / sent
    return sample

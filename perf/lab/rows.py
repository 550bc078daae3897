"""The rows of the comparison: how each is named, measured and how long that takes."""
import argparse
import fnmatch
import re
import time

from lab import mget
from lab.fleet import Failure, cpu_seconds, descriptors, note, open_files
from lab.loads import IdleCrowd, accounted, redis_benchmark, within
from lab.pools import BASE, OURS, PEERS
from lab.scenario import Scenario

#: Rows with all peers; the others are of Millrace and nutcracker alone.
HEADLINES = ("c50P1", "c50P16", "c50P100")
#: The whole table, such that the servers are filled anew as seldom as can be.
TABLE = ("idle", "c50P1", "c500P1", "c50P16", "c50P100", "c1P1", "c4P1", "c16P1", "c100P1i9900", "open50", "open80",
         "mget10000", "mget100", "c50P1d1024", "c500P1d1024", "c50P16d1024", "c50P1d16384", "mc:c50P1", "mc:c50P16")
MIXED = "get=50,set=50"
#: Descriptors of a process beside those of its clients.
SPARE_FILES = 200
#: What one run takes beside its time: a redis-benchmark, a load with the start of its JVM, a crowd that comes and goes.
BENCHMARK_S, LOAD_S, CROWD_S = 0.15, 0.7, 2.5


def parse(text):
    """A row by its name."""
    if text == "idle":
        return IdleRow()
    if match := re.fullmatch(r"open(\d{1,2})", text):
        return OpenRow(text, Scenario("c50P1"), int(match[1]))
    if match := re.fullmatch(r"mget([1-9]\d{0,5})", text):
        return MgetRow(text, int(match[1]))
    scenario = Scenario(text)
    if scenario.idle:
        return CrowdRow(scenario.name, scenario)
    return OpenRow(scenario.name, scenario, 0) if scenario.rate else ClosedRow(scenario.name, scenario)


def selected(text):
    """The rows that a pattern or a name stands for."""
    if set(text) & set("*?["):
        names = fnmatch.filter(TABLE, text)
        if not names:
            raise argparse.ArgumentTypeError(f"no row of the table is like '{text}'; --list names them")
        return [parse(name) for name in names]
    return [parse(text)]


class Row:
    """Base: measures by turns. The outcome is {test: {contender: [a sample for each round]}}."""

    def __init__(self, name, scenario=None):
        self.name = name
        self.scenario = scenario
        self.redis = scenario is None or scenario.redis

    def tests(self, args):
        return args.test or ("get", "set")

    def contenders(self, pool, args):
        if self.name in HEADLINES or args.proxy:
            return pool.proxies
        return [each for each in pool.proxies if each.name not in PEERS]

    def seconds(self, args, contenders):
        """What it is expected to take."""
        raise NotImplementedError

    def measure(self, lab, pool):
        raise NotImplementedError

    @staticmethod
    def by_turns(lab, test, contenders, rounds, once):
        """The order alternates, so that none always comes first."""
        samples = {each.name: [] for each in contenders}
        for turn in range(rounds):
            for proxy in contenders if turn % 2 == 0 else reversed(contenders):
                samples[proxy.name].append(once(proxy, samples[proxy.name]))
                lab.progress.tick()
            lab.fleet.check()
        return {test: samples}


class ClosedRow(Row):
    """As fast as it goes: throughput at saturation, CPU for a request, latency there."""

    def seconds(self, args, contenders):
        run_s = args.seconds + (LOAD_S + args.load_warm if self.scenario.verified else BENCHMARK_S)
        return len(self.tests(args)) * contenders * (args.rounds * run_s + run_s / 2)

    def measure(self, lab, pool):
        keys = lab.keys(self.scenario)
        results = {}
        for test in self.tests(lab.args):
            # redis-benchmark writes what millrace load does not know
            pool.fill(lab.load, self.scenario, keys, self.scenario.verified, lab.deadline)
            here = self.contenders(pool, lab.args)
            lab.progress.begin(self.name, test)
            # A short run first is warm-up for this load and tells how many requests fill the time.
            speed = {each.name: self.run(lab, each, test, lab.first_requests(self.scenario), keys)["rps"]
                     for each in here}

            def once(proxy, samples, test=test, speed=speed):
                rps = samples[-1]["rps"] if samples else speed[proxy.name]
                return self.run(lab, proxy, test, lab.requests(rps), keys)

            results |= self.by_turns(lab, test, here, lab.args.rounds, once)
            if test == "set" and not self.scenario.verified:
                pool.overwritten()
        return results

    def run(self, lab, proxy, test, requests, keys):
        if self.scenario.verified:
            return accounted(proxy, lambda: lab.load.closed(proxy.port, test, self.scenario, requests,
                                                            lab.args.load_warm, keys, lab.deadline))
        return accounted(proxy, lambda: redis_benchmark(proxy.port, test, self.scenario, requests, lab.deadline))


class CrowdRow(ClosedRow):
    """The same load alone and beside connections that do nothing; crowd_ratio is what those make of its CPU."""

    def tests(self, args):
        return args.test or ("get",)

    def seconds(self, args, contenders):
        return len(self.tests(args)) * contenders * args.rounds * (2 * args.seconds + CROWD_S)

    def measure(self, lab, pool):
        need = self.scenario.idle + self.scenario.clients + SPARE_FILES
        if open_files() < need:
            raise Failure(f"needs {need} open files for each process and may have {open_files()}: ulimit -Hn {need}")
        return super().measure(lab, pool)

    def run(self, lab, proxy, test, requests, keys):
        files = descriptors(proxy.pid)
        alone = super().run(lab, proxy, test, requests, keys)
        with IdleCrowd(proxy.port, self.scenario.idle):
            # Of the files before some were those of clients that were just leaving.
            self.settle(proxy, lambda now: now >= self.scenario.idle, lab.deadline)
            sample = super().run(lab, proxy, test, requests, keys)
        # Its leaving must not count for the next run.
        self.settle(proxy, lambda now: now < files + self.scenario.clients + SPARE_FILES, lab.deadline)
        return sample | {"alone_us": alone["us"], "crowd_ratio": sample["us"] / alone["us"]}

    @staticmethod
    def settle(proxy, reached, deadline):
        until = time.monotonic() + within(10, deadline)
        while not reached(descriptors(proxy.pid)):
            if time.monotonic() > until:
                raise Failure(f"{proxy.label} has {descriptors(proxy.pid)} descriptors after 10 s of a crowd")
            time.sleep(0.05)


class OpenRow(Row):
    """At a rate that is the same for all, given or a share of what nutcracker does at most: latency from the moment
    when each request was due."""

    def __init__(self, name, scenario, percent):
        super().__init__(name, scenario)
        self.percent = percent

    def tests(self, args):
        return ("mixed",) if self.percent else super().tests(args)

    def contenders(self, pool, args):
        return pool.proxies

    def seconds(self, args, contenders):
        return len(self.tests(args)) * contenders * args.rounds * (args.open_seconds + args.load_warm + LOAD_S) + LOAD_S

    def measure(self, lab, pool):
        keys = lab.keys(self.scenario)
        pool.fill(lab.load, self.scenario, keys, True, lab.deadline)
        here = self.contenders(pool, lab.args)
        results = {}
        for test in self.tests(lab.args):
            lab.progress.begin(self.name, test)
            mix = MIXED if test == "mixed" else test
            rate = self.scenario.rate or max(1, round(self.saturation(lab, pool, mix, keys) * self.percent / 100))
            results |= self.by_turns(
                lab, test, here, lab.args.rounds, lambda proxy, _, mix=mix, rate=rate: accounted(
                    proxy, lambda: lab.load.open(proxy.port, mix, self.scenario, rate, lab.args.load_warm,
                                                 lab.args.open_seconds, keys, lab.deadline)))
        return results

    def saturation(self, lab, pool, mix, keys):
        """Of nutcracker, or of the first where it is not there; the same for all rows of a run."""
        if mix not in lab.saturation:
            first = next((each for each in pool.proxies if each.name == BASE), pool.proxies[0])
            runs = [lab.load.closed(first.port, mix, self.scenario, lab.first_requests(self.scenario),
                                    lab.args.load_warm, keys, lab.deadline)["rps"] for _ in range(3)]
            lab.saturation[mix] = sorted(runs)[1]
            note(f"saturation of {first.label}, {self.scenario.name} {mix}: {lab.saturation[mix]:,.0f} requests/s")
        return lab.saturation[mix]


class MgetRow(Row):
    """Wall time of one MGET over all servers, beside the same MGET of one server that has all keys."""

    def __init__(self, name, count):
        super().__init__(name)
        self.count = count

    def tests(self, args):
        return ("mget",)

    def contenders(self, pool, args):
        return [each for each in pool.proxies if each.name in (BASE, "predixy", "direct", *OURS)]

    def turns(self, args):
        """Of one round, and of the warm-up: an MGET takes about 0.2 ms and a microsecond for each key."""
        one = max(5, int(args.seconds / (0.0003 + self.count * 1e-6) / 2))
        return one, max(5, min(3 * one, 2000))

    def seconds(self, args, contenders):
        one, warm = self.turns(args)
        return contenders * (args.rounds * one + warm) * (0.0003 + self.count * 1e-6)

    def measure(self, lab, pool):
        pairs = mget.pairs_of(self.count, 32)
        mget.fill(pool.servers, pairs)
        here = self.contenders(pool, lab.args)
        lab.progress.begin(self.name, "mget")
        one, warm = self.turns(lab.args)
        results = {each.name: [] for each in here}
        with mget.Turns(here, pairs, lab.deadline) as turns:
            turns.take(warm)
            for _ in range(lab.args.rounds):
                for name, sample in mget.samples(*turns.take(one)).items():
                    results[name].append(sample)
                lab.progress.tick()
                lab.fleet.check()
        return {"mget": results}


class IdleRow(Row):
    """Share of a processor in per cent while nobody asks for anything, of all at a time."""

    def __init__(self):
        super().__init__("idle")

    def tests(self, args):
        return ("idle",)

    def contenders(self, pool, args):
        return pool.proxies

    def seconds(self, args, contenders):
        return args.idle_seconds

    def measure(self, lab, pool):
        lab.progress.begin(self.name, "idle")
        before = [cpu_seconds(each.pid) for each in pool.proxies]
        time.sleep(lab.args.idle_seconds)
        return {"idle": {each.name: [{"percent": (cpu_seconds(each.pid) - was) / lab.args.idle_seconds * 100}]
                         for each, was in zip(pool.proxies, before)}}

"""One Millrace several times, each started in another way, side by side in one run."""
import argparse
import time

from lab import proxies
from lab.fleet import Failure, Fleet, cpu_seconds, free_ports, machine, note, resident_mib
from lab.loads import accounted, redis_benchmark
from lab.scenario import KEYS, Scenario
from lab.stats import median, ratio, spread

SERVERS = 4
TRIAL = 10_000


class Variant:
    """How one of them is started: settings of the engine, options for its JVM after those of the launcher, and
    directives of the pool."""

    def __init__(self, name, settings, java_opts="", pool=None):
        self.name = name
        self.settings = settings
        self.java_opts = java_opts
        self.pool = pool or {}


class Variants:
    """All of them, in front of the same four redis-servers. The first is what the others are compared with."""

    def __init__(self, fleet, variants, env):
        servers = free_ports(SERVERS)
        for port in servers:
            proxies.start_redis(fleet, port)
        proxies.await_all(fleet, servers)
        self.fleet = fleet
        self.proxies = {}
        for number, each in enumerate(variants):
            own = dict(env)
            own["MILLRACE_JAVA_OPTS"] = " ".join(filter(None, (env.get("MILLRACE_JAVA_OPTS"), each.java_opts)))
            self.proxies[each.name] = proxies.millrace(fleet, f"millrace-{number}", each.name, servers, each.settings,
                                                       own, pool=each.pool)
        proxies.await_all(fleet, [each.port for each in self.proxies.values()])

    def warm_up(self, requests, deadline):
        """Fills the servers, so that GETs hit, and makes each JVM compile what is measured later."""
        for proxy in self.proxies.values():
            note(f"warming up {proxy.label}")
            # few requests are a trial of the script itself, for which GETs need not hit
            fill = max(requests, KEYS * 3 // 2) if requests >= TRIAL else requests
            redis_benchmark(proxy.port, "set", Scenario("c50P50"), fill, deadline)
            for test, load in (("get", "c50P16"), ("set", "c50P16"), ("get", "c50P1"), ("set", "c50P1")):
                redis_benchmark(proxy.port, test, Scenario(load), requests // 2, deadline)

    def idle(self, seconds):
        """Share of a processor in per cent that each takes while nobody asks for anything."""
        before = [cpu_seconds(each.pid) for each in self.proxies.values()]
        time.sleep(seconds)
        return {name: (cpu_seconds(each.pid) - was) / seconds * 100
                for (name, each), was in zip(self.proxies.items(), before)}

    def measure(self, args, tests, deadline, look=lambda proxy, sample: None, cpu=cpu_seconds):
        """{(scenario, test): {name: [a sample for each round]}}; look may add to a sample, cpu is what counts."""
        return {(scenario.name, test): self._rounds(scenario, test, args, deadline, look, cpu)
                for scenario in args.scenario for test in args.test or tests}

    def _rounds(self, scenario, test, args, deadline, look, cpu):
        """The order alternates, so that none always comes first; turn 0 is warm-up for this load."""
        requests = scenario.requests(args.requests)
        samples = {name: [] for name in self.proxies}
        for turn in range(args.rounds + 1):
            each = list(self.proxies.items())
            for name, proxy in each if turn % 2 == 0 else reversed(each):
                sample = accounted(proxy, lambda: redis_benchmark(proxy.port, test, scenario, requests, deadline),
                                   cpu)
                look(proxy, sample)
                if turn > 0:
                    samples[name].append(sample)
            self.fleet.check()
        note(f"{scenario.name} {test}: " + ", ".join(f"{name} {median(each, 'us'):.2f} us"
                                                     for name, each in samples.items()))
        return samples

    def resident(self):
        return {name: resident_mib(each.pid) for name, each in self.proxies.items()}


def options(doc, rounds, moderation):
    """The options that all who compare variants have; more may be added."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", type=Scenario, action="append", help="may be repeated; default: c50P1, c50P16")
    parser.add_argument("--test", action="append", choices=("get", "set"), help="may be repeated; default: all that "
                        "the script measures")
    parser.add_argument("--rounds", type=int, default=rounds, help="measured rounds of each scenario (default "
                        f"{rounds})")
    parser.add_argument("--requests", type=int, help="requests of one run (default: by clients, pipeline and size)")
    parser.add_argument("--warm", type=int, default=400_000, help="requests of the warm-up at each pipeline")
    parser.add_argument("--moderation-us", type=int, help=f"millrace.moderation_us{moderation}")
    parser.add_argument("--jar", help="this Millrace jar instead of the tree's")
    parser.add_argument("--time-limit", type=int, default=3600, help="seconds for everything (default 3600)")
    return parser


def parsed(parser):
    args = parser.parse_args()
    args.scenario = args.scenario or [Scenario("c50P1"), Scenario("c50P16")]
    return args


def table(results, column, digits=2, more=None):
    """What was measured, with the ratio to the first; more is the head of a further column and what gives its cells."""
    heads, cell = more or ("", lambda samples: "")
    print(f"\n| scenario | command | {column} | CPU us | to the first | thousand/s | p50 ms | p99 ms |"
          + (f" {heads} |" if more else ""))
    print("|---|---|---|---|---|---|---|---|" + ("---|" if more else ""))
    for (scenario, test), samples in results.items():
        first = next(iter(samples.values()))
        for name, each in samples.items():
            print(f"| {scenario} | {test.upper()} | {name} | {spread(each, 'us')} "
                  f"| {ratio(each, first, 'us'):.{digits}f} "
                  f"| {median(each, 'rps') / 1000:.1f} | {median(each, 'p50'):.2f} | {median(each, 'p99'):.2f} |"
                  + (f" {cell(each)} |" if more else ""))


def above(results, base, names, limit, kind):
    """True if one of these costs more than so many times the base, which is said."""
    failed = False
    for (scenario, test), samples in results.items():
        for name in names if base in samples else ():
            if name in samples and ratio(samples[name], samples[base], "us") > limit:
                print(f"{scenario} {test.upper()}: {kind} {name} costs {ratio(samples[name], samples[base], 'us'):.3f} "
                      f"times {kind} {base}, more than {limit:.3f}")
                failed = True
    return failed


def where(args):
    print(f"{args.rounds} rounds, {SERVERS} redis-servers on the same machine: {machine()}.\n")


def main(script, args, run):
    """Runs it with a fleet; the exit code is what it returns, or 2 with the reason if it could not."""
    try:
        proxies.need("redis-server", "redis-benchmark")
        with Fleet() as fleet:
            return run(fleet, args, time.monotonic() + args.time_limit)
    except Failure as failure:
        note(f"{script}: {failure}")
        return 2


def named(values, unit, digits):
    return ", ".join(f"{name} {value:.{digits}f} {unit}" for name, value in values.items())

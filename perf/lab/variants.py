"""One Millrace several times, each started in another way, side by side in one run."""
import time

from lab import proxies
from lab.fleet import cpu_seconds, free_ports, note, resident_mib
from lab.loads import redis_benchmark
from lab.scenario import KEYS, Scenario
from lab.stats import median

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

    def rounds(self, scenario, test, count, requests, deadline, look=lambda proxy, sample: None):
        """Samples of each by name. The order alternates, so that none always comes first; turn 0 is warm-up."""
        samples = {name: [] for name in self.proxies}
        for turn in range(count + 1):
            each = list(self.proxies.items())
            for name, proxy in each if turn % 2 == 0 else reversed(each):
                before = cpu_seconds(proxy.pid)
                sample = redis_benchmark(proxy.port, test, scenario, requests, deadline)
                sample["us"] = (cpu_seconds(proxy.pid) - before) * 1e6 / requests
                look(proxy, sample)
                if turn > 0:
                    samples[name].append(sample)
            self.fleet.check()
        note(f"{scenario.name} {test}: " + ", ".join(f"{name} {median(each, 'us'):.2f} us"
                                                     for name, each in samples.items()))
        return samples

    def resident(self):
        return {name: resident_mib(each.pid) for name, each in self.proxies.items()}


def named(values, unit, digits):
    return ", ".join(f"{name} {value:.{digits}f} {unit}" for name, value in values.items())

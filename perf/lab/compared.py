"""What a comparison came to, as sections of a report."""
from lab import curves, limits, stats
from lab.document import Bullets, Drawing, Section, Table
from lab.pools import BASE, OURS
from lab.scenario import title


def each_test(results):
    for row, tests in results.items():
        for test, samples in tests.items():
            yield row, test, samples


class Labels:
    """What to call a contender, by the row that it stood in."""

    def __init__(self, pools):
        self.labels = {(redis, each.name): each.label for redis, pool in pools.items() for each in pool.proxies}

    def of(self, row, name):
        return self.labels[not row.startswith("mc:"), name]


def ratio_section(results):
    """What is promised: one line a load, one group of columns for each way to run Millrace."""
    rows = [(row, test, samples) for row, test, samples in each_test(results)
            if BASE in samples and stats.has(samples[BASE], "rps")]
    ours = [name for name in OURS if any(name in samples for *_, samples in rows)]
    if not ours:
        return None
    columns = ["row", "command"]
    for name in ours:
        columns += [f"{OURS[name]}: CPU", "at most", "throughput", "p50", "p99", "p99.9"]
    lines = []
    for row, test, samples in rows:
        line = [row, test.upper()]
        for name in ours:
            if name not in samples:
                line += [""] * 6
                continue
            bound = limits.cpu_limit(row, name)
            values = stats.ratios(samples[name], samples[BASE], "us")
            line += [stats.bold(values), f"{bound:.2f}" if bound else ""]
            line += [f"{stats.ratio(samples[name], samples[BASE], key):.2f}" if stats.has(samples[BASE], key)
                     and stats.has(samples[name], key) else "" for key in ("rps", "p50", "p99", "p99.9")]
        lines.append(line)
    return Section("Millrace beside nutcracker", "Each figure is a ratio to nutcracker's in the same round, the median "
                   "of the rounds (smallest-largest): CPU of the proxy for a request, throughput, latency. Rows with a "
                   "rate (open...) have the same throughput for all.", [Table(columns, lines)])


def figures_section(results, labels):
    lines = []
    for row, test, samples in each_test(results):
        for name, each in samples.items():
            if stats.has(each, "rps"):
                line = [row, test.upper(), labels.of(row, name), stats.spread(each, "us"),
                        f"{stats.median(each, 'machine_us'):.2f}", stats.spread_of([s["rps"] / 1000 for s in each], 1)]
                lines.append(line + [f"{stats.median(each, key):.2f}" if stats.has(each, key) else ""
                                     for key in ("p50", "p99", "p99.9", "p99.99")])
    if not lines:
        return None
    columns = ["row", "command", "contender", "CPU us", "machine's CPU us", "thousand/s", "p50 ms", "p99 ms",
               "p99.9 ms", "p99.99 ms"]
    return Section("Figures", "Medians of the rounds (smallest-largest). The CPU is that of the process, all its "
                   "threads; the machine's is that of client, proxy, servers and kernel, for a request each.",
                   [Table(columns, lines)])


def open_section(results, labels):
    parts = []
    for row, test, samples in each_test(results):
        drawn = {labels.of(row, name): curves.middle([sample["curve"] for sample in each])
                 for name, each in samples.items() if stats.has(each, "curve")}
        if not drawn:
            continue
        first = next(iter(samples.values()))[0]
        behind = [f"{labels.of(row, name)}: {sum(s['unsent'] for s in each)} requests were due and never sent, "
                  f"{sum(s['failed'] for s in each)} had no answer in time"
                  for name, each in samples.items() if any(s["unsent"] or s["failed"] for s in each)]
        parts += [Bullets([f"**{title(row, test)}**: {first['rate']:,} requests/s of each"] + behind),
                  Drawing(curves.draw(drawn))]
    if not parts:
        return None
    return Section("Latency at a rate", "Open loop: latency counts from the moment when each request was due, so a "
                   "stall is seen by all that fell into it. The same rate for all. A curve is the median of the "
                   "rounds, and ends where fewer than five requests lie beyond.", parts)


def mget_section(results, labels):
    lines = []
    for row, test, samples in each_test(results):
        for name, each in samples.items():
            if stats.has(each, "ns_per_key"):
                to = [f"{stats.ratio(each, samples[base], 'ms'):.2f}" if base in samples else ""
                      for base in ("direct", BASE)]
                lines.append([row, labels.of(row, name), stats.spread(each, "ms", 3), *to,
                              stats.spread(each, "ns_per_key", 0)])
    if not lines:
        return None
    columns = ["row", "contender", "time ms", "to one Redis", "to nutcracker", "CPU ns a key"]
    return Section("Wide MGET", "One client, one MGET over all servers at a time, each reply compared. Medians of the "
                   "rounds' medians (smallest-largest), ratios of the same round.", [Table(columns, lines)])


def crowd_section(results, labels):
    lines = [[row, test.upper(), labels.of(row, name), stats.spread(each, "alone_us"), stats.spread(each, "us"),
              stats.bold([sample["crowd_ratio"] for sample in each])]
             for row, test, samples in each_test(results) for name, each in samples.items()
             if stats.has(each, "crowd_ratio")]
    if not lines:
        return None
    columns = ["row", "command", "contender", "CPU us alone", "CPU us beside the crowd", "ratio"]
    return Section("Many connections, few of them active", "The same load without and with the idle connections that "
                   "the row names after the i, one after the other in each round.", [Table(columns, lines)])


def process_section(results, labels, pools):
    idle = results.get("idle", {}).get("idle", {})
    lines = []
    for redis, pool in pools.items():
        now = pool.resident()
        for each in pool.proxies:
            share = idle.get(each.name) if redis else None
            lines.append([each.label, f"{stats.median(share, 'percent'):.2f}" if share else "",
                          f"{pool.resident_before.get(each.name, 0):.0f}", f"{now[each.name]:.0f}"])
    columns = ["contender", "% of a processor without traffic", "MiB at the start", "MiB at the end"]
    return Section("What each takes", "Resident memory of the process after its start and after all loads.",
                   [Table(columns, lines)])


def limits_section(results, told, unmeasured):
    """The missed come last, where the eye is when the run ends."""
    kept = [f"kept: {verdict.text()}" for verdict in told if verdict.kept]
    unknown = [f"not measured: {each}" for each in limits.open_questions(results)]
    unknown += [f"not measured: {row}: {why}" for row, why in unmeasured.items()]
    missed = [f"**MISSED**: {verdict.text()}" for verdict in told if not verdict.kept]
    return Section("Limits", f"{len(kept)} of {len(told)} kept, {len(missed)} missed. Figures are medians of the "
                   "rounds (smallest-largest).", [Bullets(kept + unknown + missed)])


def sections(results, pools, told, unmeasured, footer):
    labels = Labels(pools)
    found = [ratio_section(results), open_section(results, labels), mget_section(results, labels),
             crowd_section(results, labels), figures_section(results, labels),
             process_section(results, labels, pools), Section("Where", footer),
             limits_section(results, told, unmeasured)]
    return [section for section in found if section]

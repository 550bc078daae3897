"""Servers, Millrace and its peers: how each is started with the same pool."""
import os
import shutil
import subprocess

from lab.fleet import HOME, Failure, free_ports, wait_for_get, wait_for_ping

#: Something else than the launcher may stand in for it: the tests of these scripts have no jar yet.
LAUNCHER = os.environ.get("MILLRACE_LAUNCHER") or os.path.join(HOME, "bin", "millrace")


def find(program):
    """Where a program is; Debian keeps some outside a user's PATH."""
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def need(*programs):
    for program in programs:
        if not find(program):
            raise Failure(f"{program} is missing (apt install {program})")


def pool_yaml(port, servers, redis=True, directives=None):
    """A pool; of its further directives those that are None are left to their defaults."""
    lines = ["alpha:", f"  listen: 127.0.0.1:{port}", "  hash: fnv1a_64", "  distribution: ketama",
             f"  redis: {str(redis).lower()}"]
    lines += [f"  {key}: {value}" for key, value in (directives or {}).items() if value is not None]
    return "\n".join(lines + ["  servers:"] + [f"    - 127.0.0.1:{each}:1" for each in servers]) + "\n"


def engine_yaml(settings):
    """The section of the whole process, from a mapping; what is None is left to its default."""
    lines = [f"  {key}: {value}" for key, value in settings.items() if value is not None]
    return "\n".join(["millrace:"] + lines) + "\n" if lines else ""


def start_redis(fleet, port):
    return fleet.start(f"redis-{port}", ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "",
                                         "--appendonly", "no", "--protected-mode", "no"])


def start_memcached(fleet, port):
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    fleet.start(f"memcached-{port}", ["memcached", "-l", "127.0.0.1", "-p", str(port), "-U", "0", "-t", "1", "-m",
                                      "512", *user])


def named(name, redis):
    """Of the files and log of a process: there may be one for each protocol."""
    return name if redis else name + "-mc"


def labelled(label, redis):
    return label if redis else label + " (memcached)"


class Proxy:
    """One of those compared: a process that listens on a port, and tells about itself on another if that is known."""

    def __init__(self, name, label, process, port, stats=None):
        self.name = name
        self.label = label
        self.process = process
        self.port = port
        self.stats = stats

    @property
    def pid(self):
        return self.process.pid


def millrace_env(args):
    """The environment for the launcher; builds what is older than its sources, so that no build runs later."""
    env = dict(os.environ)
    if args.jar:
        env["MILLRACE_JAR"] = os.path.abspath(args.jar)
    if getattr(args, "java_opts", None):
        env["MILLRACE_JAVA_OPTS"] = args.java_opts
    if subprocess.run([LAUNCHER, "--version"], env=env, stdout=subprocess.DEVNULL).returncode != 0:
        raise Failure("bin/millrace does not start")
    env["MILLRACE_BUILD"] = "never"
    return env


def millrace(fleet, name, label, servers, settings, env, redis=True, pool=None):
    port, stats = free_ports(2)
    conf = fleet.write(named(name, redis) + ".yml", pool_yaml(port, servers, redis, pool) + engine_yaml(settings))
    process = fleet.start(named(name, redis), [LAUNCHER, "-c", conf, "-s", str(stats), "-a", "127.0.0.1"], env)
    return Proxy(name, labelled(label, redis), process, port, stats)


def nutcracker(fleet, servers, program, redis=True):
    port, stats = free_ports(2)
    name = named("nutcracker", redis)
    conf = fleet.write(name + ".yml", pool_yaml(port, servers, redis))
    process = fleet.start(name, [program, "-c", conf, "-s", str(stats), "-a", "127.0.0.1", "-o",
                                 os.path.join(fleet.folder, name + ".out")])
    return Proxy("nutcracker", labelled("nutcracker", redis), process, port)


def haproxy(fleet, servers, program, redis=True):
    """A relay of connections: it does not know keys, so each client has one of the servers."""
    port = free_ports(1)[0]
    lines = ["defaults", "  mode tcp", "  timeout connect 5s", "  timeout client 60s", "  timeout server 60s",
             "  maxconn 12000", "listen alpha", f"  bind 127.0.0.1:{port}", "  balance roundrobin"]
    lines += [f"  server s{i} 127.0.0.1:{each}" for i, each in enumerate(servers)]
    conf = fleet.write(named("haproxy", redis) + ".cfg", "\n".join(["global", "  nbthread 1"] + lines) + "\n")
    process = fleet.start(named("haproxy", redis), [program, "-db", "-f", conf])
    return Proxy("haproxy", labelled("haproxy (TCP, one thread)", redis), process, port)


def predixy(fleet, servers, program):
    port = free_ports(1)[0]
    groups = "\n".join(f"    Group g{i} {{\n        + 127.0.0.1:{each}\n    }}" for i, each in enumerate(servers))
    conf = fleet.write("predixy.conf", f"""Bind 127.0.0.1:{port}
WorkerThreads 1
StandaloneServerPool {{
    Databases 1
    Hash crc16
    Distribution modula
    RefreshMethod fixed
{groups}
}}
""")
    return Proxy("predixy", "predixy (one thread)", fleet.start("predixy", [program, conf]), port)


def direct(fleet, port, redis=True):
    """One of the servers without a proxy: what is counted is its own CPU."""
    program, label = ("redis", "one Redis") if redis else ("memcached", "one memcached")
    process = next(each for each in fleet.processes if each.label == f"{program}-{port}")
    return Proxy("direct", label + ", directly (its own CPU)", process, port)


def await_all(fleet, ports, redis=True):
    for port in ports:
        (wait_for_ping if redis else wait_for_get)(fleet, port)

"""The contenders of a comparison: servers of one protocol, and all that stands before them."""
import socket

from lab import proxies
from lab.fleet import Failure, free_ports, note, resident_mib

SERVERS = 4
BASE = "nutcracker"
OURS = {"millrace": "io_uring", "millrace-nio": "nio"}
PEERS = ("haproxy", "predixy", "direct")
ALL = (BASE, *OURS, *PEERS)


class Pool:
    """The contenders with a pool of one protocol, and its servers. Every server holds all keys, so that a key is found
    by whichever way it is asked."""

    def __init__(self, redis, servers, found):
        self.redis = redis
        self.servers = servers
        self.proxies = found
        self.resident_before = {}
        self._held = None

    def fill(self, load, scenario, keys, verified, deadline):
        """All keys with values of the load's size, such as millrace load knows if they are verified; nothing if that is
        what the servers hold."""
        if self._held and self._held[:2] == (scenario.size, keys) and (self._held[2] or not verified):
            return
        self._held = None
        for port in self.servers:
            self._empty(port)
            load.fill(port, self.redis, scenario.size, keys, deadline)
        self._held = scenario.size, keys, True

    def overwritten(self):
        """Another than millrace load has written values, of the size that was there."""
        self._held = self._held and (*self._held[:2], False)

    def _empty(self, port):
        with socket.create_connection(("127.0.0.1", port), 10) as sock:
            sock.settimeout(30)
            sock.sendall(b"*1\r\n$8\r\nFLUSHALL\r\n" if self.redis else b"flush_all\r\n")
            if not sock.recv(64).startswith(b"+OK" if self.redis else b"OK"):
                raise Failure(f"the server on port {port} cannot be emptied")

    def note_memory(self):
        self.resident_before = self.resident()

    def resident(self):
        return {each.name: resident_mib(each.pid) for each in self.proxies}


def start_pool(fleet, args, redis, env):
    """Servers and contenders; of the peers those that are found on the machine."""
    servers = free_ports(SERVERS)
    for port in servers:
        (proxies.start_redis if redis else proxies.start_memcached)(fleet, port)
    proxies.await_all(fleet, servers, redis)
    settings = {"lanes": args.lanes, "stage_threads": "split" if args.split else None,
                "wait_strategy": args.wait_strategy, "moderation_us": args.moderation_us}
    found = []
    for name in args.proxy or ALL:
        program = args.nutcracker if name == BASE else proxies.find(name)
        if name in OURS:
            found.append(proxies.millrace(fleet, name, f"Millrace, {OURS[name]}", servers,
                                          settings | {"transport": OURS[name]}, env, redis))
        elif name == "direct":
            found.append(proxies.direct(fleet, servers[0], redis))
        elif program and name == "predixy":
            if redis:
                found.append(proxies.predixy(fleet, servers, program))
            else:
                note("predixy does not speak memcached and is left out there")
        elif program:
            start = {BASE: proxies.nutcracker, "haproxy": proxies.haproxy}[name]
            found.append(start(fleet, servers, program, redis))
        else:
            note(f"{name} is not installed and is left out")
    proxies.await_all(fleet, [each.port for each in found], redis)
    return Pool(redis, servers, found)

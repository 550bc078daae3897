"""One blocking client with wide MGETs: wall time of each and CPU for a key."""
import gc
import socket
import statistics
import sys
import time

from lab.fleet import Failure, Stopped, cpu_seconds

TIMEOUT = 30
MSET_KEYS = 500


def bulk(data):
    return b"$%d\r\n%s\r\n" % (len(data), data)


def command(words):
    return b"*%d\r\n" % len(words) + b"".join(map(bulk, words))


class Client:
    """One blocking connection."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Blocking in the kernel with a limit: socket.settimeout would poll before each call.
        self.socket.settimeout(None)
        limit = TIMEOUT.to_bytes(8, sys.byteorder) + (0).to_bytes(8, sys.byteorder)
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            self.socket.setsockopt(socket.SOL_SOCKET, option, limit)

    def exchange(self, request, reply):
        """Sends, reads as many bytes as are expected; returns seconds and refuses another reply."""
        buffer = bytearray(len(reply))
        view = memoryview(buffer)
        begin = time.perf_counter()
        self.socket.sendall(request)
        have = 0
        while have < len(reply):
            try:
                got = self.socket.recv_into(view[have:], 0, socket.MSG_WAITALL)
            except BlockingIOError:
                raise Failure(f"no reply within {TIMEOUT} s; {have} of {len(reply)} bytes came: "
                              f"{bytes(buffer[:80])}") from None
            if got == 0:
                raise Failure(f"the connection was closed after {have} of {len(reply)} bytes")
            have += got
            if have < len(reply) and buffer[:1] != reply[:1]:
                raise Failure(f"instead of the values came {bytes(buffer[:min(have, 200)])}")
        seconds = time.perf_counter() - begin
        if buffer != reply:
            raise Failure("a reply differs from what was stored")
        return seconds

    def close(self):
        self.socket.close()


def pairs_of(count, size):
    """Keys and values that no other load uses."""
    return [(b"mget:%012d" % i, b"%0*d" % (size, i)) for i in range(count)]


def fill(ports, pairs):
    """The same keys wherever these ports lead."""
    for port in ports:
        client = Client(port)
        for first in range(0, len(pairs), MSET_KEYS):
            words = [word for pair in pairs[first:first + MSET_KEYS] for word in pair]
            client.exchange(command([b"MSET"] + words), b"+OK\r\n")
        client.close()


class Turns:
    """Targets that are asked for the same keys by turns, each on a connection of its own that stays."""

    def __init__(self, targets, pairs, deadline):
        self.pids = {each.name: each.pid for each in targets}
        self.clients = {each.name: Client(each.port) for each in targets}
        self.request = command([b"MGET"] + [key for key, _ in pairs])
        self.reply = b"*%d\r\n" % len(pairs) + b"".join(bulk(value) for _, value in pairs)
        self.keys = len(pairs)
        self.deadline = deadline
        self.turn = 0

    def __enter__(self):
        gc.disable()
        return self

    def __exit__(self, *_):
        gc.enable()
        for client in self.clients.values():
            client.close()

    def take(self, turns):
        """So many; of each target the seconds of every MGET, and the CPU in nanoseconds for a key. Nobody does anything
        while it is not his turn."""
        before = {name: cpu_seconds(pid) for name, pid in self.pids.items()}
        names = list(self.clients)
        seconds = {name: [] for name in names}
        for _ in range(turns):
            # The first of a turn is another each time, so that none always comes after the same one.
            first = self.turn % len(names)
            self.turn += 1
            for name in names[first:] + names[:first]:
                seconds[name].append(self.clients[name].exchange(self.request, self.reply))
            if time.monotonic() > self.deadline:
                raise Stopped("out of time (--time-limit)")
        return seconds, {name: (cpu_seconds(pid) - before[name]) * 1e9 / max(1, turns * self.keys)
                         for name, pid in self.pids.items()}


def samples(seconds, ns_per_key):
    """What one round comes to for each target."""
    return {name: {"ms": statistics.median(each) * 1e3, "ns_per_key": ns_per_key[name]}
            for name, each in seconds.items()}

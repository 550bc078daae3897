"""The processes of a run, and what the system says about them."""
import os
import platform
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
TICKS = os.sysconf("SC_CLK_TCK")


class Failure(Exception):
    """Something that makes a measurement worthless; its text is for the user."""


class Stopped(Failure):
    """The user or the time limit ends the run; what has been measured stays worth telling."""


def note(text):
    print(text, file=sys.stderr, flush=True)


class Ports:
    """
    Ports of 127.0.0.1 below those that the system gives to whoever connects, from a block of our own: we listen on its
    first port for as long as we live, so that others who look for ports beside us leave it alone. What FreePort does.
    """
    LEAST = 10_000
    BLOCK = 500

    def __init__(self):
        self.given = 0
        blocks = list(range(self.LEAST, self.end() - self.BLOCK, self.BLOCK))
        random.shuffle(blocks)
        for self.first in blocks:
            # as FreePort listens: a mark that has just gone does not count
            self.mark = self.listen(self.first, (socket.SO_REUSEADDR,))
            if self.mark:
                return
        raise Failure("no ports are left: too many runs at a time")

    @staticmethod
    def end():
        try:
            with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
                first = int(file.readline().split()[0])
        except OSError:
            return 32_768
        return first if first > Ports.LEAST + Ports.BLOCK else 65_535

    @staticmethod
    def listen(port, options=()):
        """None where somebody else does."""
        listener = socket.socket()
        try:
            for option in options:
                listener.setsockopt(socket.SOL_SOCKET, option, 1)
            listener.bind(("127.0.0.1", port))
            listener.listen(1)
            return listener
        except OSError:
            listener.close()
            return None

    def next(self):
        for _ in range(self.BLOCK):
            self.given += 1
            port = self.first + 1 + self.given % (self.BLOCK - 1)
            listener = self.listen(port)
            if listener:
                listener.close()
                return port
        raise Failure("all ports are taken")


PORTS = []


def free_ports(count):
    """Found when they are first asked for: who only wants help takes none."""
    if not PORTS:
        PORTS.append(Ports())
    return [PORTS[0].next() for _ in range(count)]


def open_files():
    """How many descriptors this process and those that it starts may have; raised as far as it may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


class Fleet:
    """Every process of the run, and the folder of their files. All are stopped at the end, however it ends."""

    def __init__(self):
        open_files()
        self.folder = tempfile.mkdtemp(prefix="millrace-perf-")
        self.processes = []

    def __enter__(self):
        def interrupted(number, _frame):
            raise Stopped(f"stopped by signal {number}")

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, interrupted)
        return self

    def __exit__(self, *_):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self.stop()

    def start(self, name, command, env=None):
        log = os.path.join(self.folder, name + ".log")
        with open(log, "wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                       cwd=self.folder, env=env)
        process.label = name
        process.log = log
        self.processes.append(process)
        return process

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def check(self):
        for process in self.processes:
            if process.poll() is not None:
                raise Failure(f"{process.label} ended with code {process.returncode}:\n{tail(process.log)}")

    def end(self, *processes, seconds=15):
        """Ends some of them before the others, in good order."""
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                raise Failure(f"{process.label} does not stop") from None
            self.processes.remove(process)

    def stop(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + 8
        for process in self.processes:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def tail(path):
    with open(path, errors="replace") as file:
        return "".join(file.readlines()[-15:])


def wait_for(fleet, port, request, reply, seconds=30):
    """Until somebody on the port answers the request with what begins like the reply."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        fleet.check()
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as sock:
                sock.settimeout(2)
                sock.sendall(request)
                if sock.recv(64).startswith(reply):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise Failure(f"nothing answers on port {port} after {seconds} s")


def wait_for_ping(fleet, port):
    wait_for(fleet, port, b"*1\r\n$4\r\nPING\r\n", b"+PONG")


def wait_for_get(fleet, port):
    """The same for memcached; what every version of nutcracker understands."""
    wait_for(fleet, port, b"get nothing\r\n", b"END")


def cpu_seconds(pid):
    """
    User and system time of all threads of a process, those that have ended too, from the kernel's clock of that
    process (clock_getcpuclockid): nanoseconds, where /proc/PID/stat has hundredths of a second.
    """
    return time.clock_gettime(~pid << 3 | 2)


def working_seconds(pid):
    """
    The same without the threads of the JIT compilers, from the scheduler's nanoseconds of each thread: what is compiled
    in which second is not what a request costs. Threads that have ended are left out.
    """
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/comm") as file:
                compiles = " CompilerThre" in file.read()
            with open(f"/proc/{pid}/task/{task}/schedstat") as file:
                total += 0 if compiles else int(file.read().split()[0])
        except OSError:
            # ended in between
            pass
    return total / 1e9


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def machine_cpu_seconds():
    """What all processors have done but idle, interrupts included."""
    with open("/proc/stat") as file:
        user, nice, system, _idle, _wait, irq, softirq = map(int, file.readline().split()[1:8])
    return (user + nice + system + irq + softirq) / TICKS


def resident_mib(pid):
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def cpu_model():
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def version(command):
    done = subprocess.run(command, capture_output=True, text=True)
    text = (done.stdout + done.stderr).strip().splitlines()[0]
    return re.sub(r"^This is | sha=.*$", "", text)


def machine():
    return f"{os.cpu_count()} CPUs, Linux {platform.release()}, {cpu_model()}"

package org.millrace.engine.cli;

import java.util.Arrays;
import org.millrace.engine.Millrace;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;

/** What --help, --version and --describe-stats print. */
final class Usage {
    /** The twemproxy that this stands in for: scripts cut the first line's beginning off and compare the rest. */
    static final String STANDS_IN_FOR = "This is nutcracker-0.5.0";

    static final String TEXT = """
        Millrace shards Redis traffic over many servers, in place of twemproxy (nutcracker).

        Usage: millrace [options]               serve the pools of a configuration file
               millrace -t -c FILE              check a configuration file and print every error in it
               millrace where -c FILE POOL [KEY...]
                                                print the server of each key
               millrace diff -c NEW [--from FILE]
                                                print what a reload would do, and what share of keys would move
               millrace reload -p PIDFILE [-c FILE] [--timeout SECONDS]
                                                have a process read its file again, as SIGUSR1 does, and print
                                                what has changed, or why nothing has
               millrace top [-s PORT]           what a running process does, drawn anew each second
               millrace demo [--duration 10s]   four real Redis servers, the proxy and a load, on this machine
               millrace load --help             drive load at any Redis or proxy
               millrace check --help            check every reply of a random load, byte for byte
               millrace capture -c FILE --to DIR
                                                serve, and write what clients ask and get to files
               millrace replay --from DIR --target HOST:PORT
                                                ask it again elsewhere, and tell every reply that differs
               millrace bench [JMH options]     run the micro-benchmarks
               millrace gate --base COMMIT      whether this tree takes more CPU for a request than that commit

        Options, all but -r as twemproxy's:
          -c, --conf-file FILE     configuration                      (default conf/nutcracker.yml)
          -t, --test-conf          check the configuration and exit: 0 good, 1 bad
          -d, --daemonize          serve in the background; returns 0 when it serves, else says why not
          -p, --pid-file FILE      where the process number is written once it serves
          -r, --replace            take over from the process in that file, once this one serves; pools need
                                   'reuseport: true'. That one serves its clients until they leave
          -o, --output FILE        log file; SIGHUP opens it anew     (default standard error; none with -d)
          -v, --verbose N          log level, 0 to 11; SIGTTIN and SIGTTOU change it (default 5)
          -s, --stats-port PORT    where the counters are read as JSON, by HTTP too (default 22222; 0 = nowhere)
          -a, --stats-addr ADDR    address of that port, or the path of a unix socket (default 0.0.0.0)
          -i, --stats-interval MS  no effect: the counters are exact when they are read
          -m, --mbuf-size BYTES    no effect: buffers are taken as they are needed, up to max_memory
          -D, --describe-stats     print what the counters mean and exit
          -V, --version            print the version and exit
          -h, --help               print this and exit

        Options of where:
          --hex                    keys are hexadecimal; without KEY, keys are read from standard input, one a line

        A first look:
          millrace demo                        see it run; join in with: redis-cli -p 22121
          millrace -t -c nutcracker.yml        is your own file good?
          printf 'user:1\\nuser:2\\n' | millrace where -c nutcracker.yml alpha
          millrace -c nutcracker.yml           serve; SIGTERM or Ctrl-C answers what is in flight, then ends

        Every key of the configuration is explained in conf/millrace.yml.
        Exit codes: 0 good; 1 bad usage, bad configuration, address in use, or requests left unanswered at the stop;
        3 heap used up; 70 internal error.
        """;

    private Usage() {
    }

    /** Two lines and an empty one; the first is twemproxy's. */
    static String version() {
        return STANDS_IN_FOR + "\nserved by millrace-" + Millrace.VERSION + ", Java " + Runtime.version().feature()
            + "\n\n";
    }

    /** The names of the counters, and what they mean, as twemproxy lists them. */
    static String stats() {
        StringBuilder text = new StringBuilder("pool stats:\n");
        Arrays.stream(PoolCounter.values()).forEach(each -> line(text, each.label(), each.description()));
        text.append("\nserver stats:\n");
        Arrays.stream(ServerCounter.values()).forEach(each -> line(text, each.label(), each.description()));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String description) {
        text.append("  ").append(name).append(" ".repeat(20 - name.length())).append('"').append(description)
            .append("\"\n");
    }
}

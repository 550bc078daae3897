package org.millrace.engine.cli;

/** What --help prints. */
final class Usage {
    static final String TEXT = """
        Millrace shards Redis traffic over many servers, in place of twemproxy (nutcracker).

        Usage: millrace [options]               serve the pools of a configuration file
               millrace -t -c FILE              check a configuration file and print every error in it
               millrace where -c FILE POOL [KEY...]
                                                print the server of each key
               millrace demo [--duration 10s]   four real Redis servers, the proxy and a load, on this machine
               millrace load --help             drive load at any Redis or proxy
               millrace check --help            check every reply of a random load, byte for byte
               millrace bench [JMH options]     run the micro-benchmarks

        Options:
          -c, --conf-file FILE     configuration, as twemproxy's      (default conf/nutcracker.yml)
          -t, --test-conf          check the configuration and exit: 0 good, 1 bad
          -s, --stats-port PORT    where the counters are read as JSON (default 22222; 0 = nowhere)
          -a, --stats-addr ADDR    address of that port               (default 0.0.0.0)
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
}

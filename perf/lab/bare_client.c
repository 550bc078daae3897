/*
 * The least that a client of Redis can do: epoll, and the same requests over and over, none of them made anew, no reply
 * read or timed. What it costs is what the system's sockets cost, and nothing that verifies or measures can take less
 * over epoll. load-cost --bare builds and runs it.
 *
 *   bare_client PORT CONNECTIONS PIPELINE SECONDS     prints the requests of these seconds and their CPU in us
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#define MAX_CONNECTIONS 1000
#define MAX_PIPELINE 1000
#define REQUEST "*2\r\n$3\r\nGET\r\n$16\r\nbare:00000000000\r\n"
#define REPLY "$-1\r\n" /* nobody writes that key */
#define WARM_S 0.5

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static double cpu_us(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

static int connected(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *) &address, sizeof address) < 0
        || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) < 0) {
        fail("connect");
    }
    return fd;
}

int main(int count, char **arguments) {
    static char out[MAX_PIPELINE * sizeof REQUEST];
    static char in[1 << 16];
    static int fds[MAX_CONNECTIONS];
    static size_t missing[MAX_CONNECTIONS];
    struct epoll_event events[64];
    int connections = count == 5 ? atoi(arguments[2]) : 0;
    int pipeline = count == 5 ? atoi(arguments[3]) : 0;
    if (connections < 1 || connections > MAX_CONNECTIONS || pipeline < 1 || pipeline > MAX_PIPELINE) {
        fprintf(stderr, "usage: bare_client PORT CONNECTIONS PIPELINE SECONDS\n");
        return 2;
    }
    size_t request_bytes = 0;
    for (int i = 0; i < pipeline; i++) {
        request_bytes += sprintf(out + request_bytes, "%s", REQUEST);
    }
    size_t reply_bytes = (sizeof REPLY - 1) * pipeline;
    int epoll = epoll_create1(0);
    for (int i = 0; i < connections; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
        fds[i] = connected(atoi(arguments[1]));
        missing[i] = reply_bytes;
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, fds[i], &event) < 0 || send(fds[i], out, request_bytes, 0) < 0) {
            fail("begin");
        }
    }
    double from = seconds() + WARM_S;
    double to = from + atof(arguments[4]);
    double before_us = -1;
    long batches = 0;
    for (double now = seconds(); now < to; now = seconds()) {
        if (before_us < 0 && now >= from) {
            before_us = cpu_us();
            batches = 0;
        }
        int ready = epoll_wait(epoll, events, 64, -1);
        for (int i = 0; i < ready; i++) {
            int of = events[i].data.u32;
            ssize_t length = recv(fds[of], in, sizeof in, MSG_DONTWAIT);
            if (length <= 0 || (size_t) length > missing[of] || in[0] == '-') {
                fail("reply");
            }
            missing[of] -= length;
            if (missing[of] == 0) {
                missing[of] = reply_bytes;
                batches++;
                if (send(fds[of], out, request_bytes, MSG_DONTWAIT) != (ssize_t) request_bytes) {
                    fail("send");
                }
            }
        }
    }
    printf("%ld %.0f\n", batches * pipeline, cpu_us() - before_us);
    return 0;
}

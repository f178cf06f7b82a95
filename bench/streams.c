// SPDX-License-Identifier: Apache-2.0
// Many guests who look at their page: holds event streams open and tells when each was told of a
// change. bench-streams PORT PER_PATH < PATHS, one a line; then commands on the same input:
//   wait N   waits until N streams were told since the last look, at most 10 seconds, and prints
//            how many were, and the times of the median, the 99th in a hundred and the last, in
//            microseconds of CLOCK_MONOTONIC.
// Prints "open N" once each stream has had its first event.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    STREAMS_MAX = 60000,
    AT_ONCE = 200, // connections on their way
    PATIENCE_MS = 10000,
    EVENTS = 512,
};

struct client {
    int epoll;
    int count;                    // open, or on their way
    int fds[STREAMS_MAX];         // of each stream
    int64_t told_us[STREAMS_MAX]; // 0: not since the last look
    int told_count;
};

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void fail(const char *what)
{
    fprintf(stderr, "bench-streams: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void open_stream(struct client *client, uint16_t port, const char *path)
{
    const struct sockaddr_in there = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)client->count};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char text[256];
    int len;

    if (fd < 0 || connect(fd, (const struct sockaddr *)&there, sizeof there))
        fail("connect");
    len = snprintf(text, sizeof text,
                   "GET %s HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
                   "Accept-Language: fr\r\n\r\n",
                   path);
    if (send(fd, text, (size_t)len, MSG_NOSIGNAL) != len ||
        epoll_ctl(client->epoll, EPOLL_CTL_ADD, fd, &event))
        fail("ask");
    client->fds[client->count++] = fd;
}

// An event has arrived when "data: " has; a beat is ":".
static void take(struct client *client, uint32_t number)
{
    char text[4096];
    const ssize_t len = recv(client->fds[number], text, sizeof text - 1, MSG_DONTWAIT);

    if (len < 0 && errno == EAGAIN)
        return;
    if (len <= 0)
        fail("a stream ended");
    text[len] = '\0';
    if (!strstr(text, "data: ") || client->told_us[number])
        return;
    client->told_us[number] = now_us();
    client->told_count++;
}

static void wait_told(struct client *client, int wanted)
{
    const int64_t end = now_us() + PATIENCE_MS * 1000;

    while (client->told_count < wanted && now_us() < end) {
        struct epoll_event events[EVENTS];
        const int ready = epoll_wait(client->epoll, events, EVENTS, 100);

        for (int i = 0; i < ready; i++)
            take(client, events[i].data.u32);
    }
}

static int by_time(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void report(struct client *client)
{
    static int64_t times[STREAMS_MAX];
    int count = 0;

    for (int i = 0; i < client->count; i++) {
        if (client->told_us[i])
            times[count++] = client->told_us[i];
        client->told_us[i] = 0;
    }
    client->told_count = 0;
    qsort(times, (size_t)count, sizeof *times, by_time);
    printf("told %d", count);
    for (int i = 0; i < 3 && count; i++)
        printf(" %lld", (long long)times[(count - 1) * (const int[]){50, 99, 100}[i] / 100]);
    printf("\n");
    fflush(stdout);
}

static void raise_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(int argc, char **argv)
{
    static struct client client;
    const uint16_t port = (uint16_t)(argc == 3 ? strtol(argv[1], NULL, 10) : 0);
    const int each = argc == 3 ? (int)strtol(argv[2], NULL, 10) : 0;
    char line[256];

    if (!port || each < 1) {
        fprintf(stderr, "usage: bench-streams PORT PER_PATH < PATHS\n");
        return 2;
    }
    raise_limit();
    client.epoll = epoll_create1(EPOLL_CLOEXEC);
    while (fgets(line, sizeof line, stdin) && line[0] == '/') {
        line[strcspn(line, "\n")] = '\0';
        for (int i = 0; i < each && client.count < STREAMS_MAX; i++) {
            open_stream(&client, port, line);
            if (client.count % AT_ONCE == 0)
                wait_told(&client, client.count);
        }
    }
    wait_told(&client, client.count);
    printf("open %d\n", client.told_count);
    report(&client);
    while (fgets(line, sizeof line, stdin)) {
        if (strncmp(line, "wait ", 5) != 0)
            continue;
        wait_told(&client, (int)strtol(line + 5, NULL, 10));
        report(&client);
    }
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
// The simulated ZPL printer on a TCP port, for hosts that are not ours:
//
//     zpl_desk FOLDER [out]
//
// "out": it has no media. Prints its port, then for each connection a line: how many papers came
// out of it and how many questions it was asked. The dots of the last picture that was stored (~DG)
// are written to FOLDER/picture.pbm, by our second decoder. Ends when its input does.
#include "drivers/driver.h"
#include "tests/support/sim.h"
#include "tests/support/zpl_lexer.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { STEP_MS = 20, REST_MS = 60000, WRITE_MS = 1000, PICTURE_MAX = 4 * 1024 * 1024 };

static int listen_somewhere(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) || listen(fd, 4) ||
        getsockname(fd, (struct sockaddr *)&address, &len))
        abort();
    printf("%u\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

// The printer's answers so far.
static void pass_answers(struct atl_link *link, int fd)
{
    uint8_t bytes[512];
    size_t got;

    while (!link->ops->read(link, bytes, sizeof bytes, &got, 0, NULL)) {
        if (write(fd, bytes, got) != (ssize_t)got)
            return;
    }
}

// Until the host hangs up. Virtual time goes on while nothing comes.
static void serve(struct sim *sim, int fd)
{
    struct atl_link *link = NULL;
    struct pollfd poller = {.fd = fd, .events = POLLIN};
    uint8_t bytes[4096];
    ssize_t got = 1;

    if (sim_open_link(sim, &link, NULL))
        abort();
    while (got > 0) {
        if (poll(&poller, 1, STEP_MS) > 0) {
            got = read(fd, bytes, sizeof bytes);
            if (got > 0 && link->ops->write(link, bytes, (size_t)got, WRITE_MS, NULL))
                break;
        }
        sim_pass(sim, STEP_MS);
        pass_answers(link, fd);
    }
    link->ops->close(link);
    sim_pass(sim, REST_MS);
}

static size_t count_of(const char *text, const char *word)
{
    size_t count = 0;

    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
        count++;
    return count;
}

// ~DGR:NAME.GRF,total,row,dots up to the next caret.
static bool write_picture(const char *stream, const char *folder)
{
    const char *at = NULL;
    unsigned total = 0, row = 0;
    int used = 0;
    const char *why;
    char path[512];
    uint8_t *bits;
    FILE *file;

    for (const char *next = strstr(stream, "~DG"); next; next = strstr(next + 1, "~DG"))
        at = next;
    at = at ? strchr(at, ',') : NULL;
    if (!at || sscanf(at, ",%u,%u,%n", &total, &row, &used) != 2 || !row || !total || total % row ||
        total > PICTURE_MAX)
        return false;
    bits = malloc(total);
    if (!bits || !zpl_unpack_hex(at + used, strcspn(at + used, "^~"), row, bits, total, &why)) {
        free(bits);
        return false;
    }
    snprintf(path, sizeof path, "%s/picture.pbm", folder);
    file = fopen(path, "wbe");
    if (!file)
        abort();
    fprintf(file, "P4\n%u %u\n", row * 8, total / row);
    fwrite(bits, 1, total, file);
    fclose(file);
    free(bits);
    return true;
}

static size_t whole_papers(struct sim *sim)
{
    const struct sim_paper *papers;
    size_t whole = 0;

    for (size_t i = 0, count = sim_papers(sim, &papers); i < count; i++)
        whole += papers[i].is_whole;
    return whole;
}

static void report(struct sim *sim, const char *folder)
{
    const uint8_t *kinds;
    size_t len;
    const uint8_t *bytes = sim_stream(sim, &len, &kinds);
    char *stream = calloc(1, len + 1);

    if (!stream)
        abort();
    memcpy(stream, bytes, len);
    printf("papers %zu, ~HS %zu, ~HQES %zu, picture %d\n", whole_papers(sim),
           count_of(stream, "~HS"), count_of(stream, "~HQES"), write_picture(stream, folder));
    fflush(stdout);
    free(stream);
}

int main(int argc, char **argv)
{
    const struct atl_driver *driver = atl_driver_find("zpl");
    struct sim *sim = sim_make(driver, atl_model_find(driver, "gk420"), NULL);
    struct pollfd pollers[] = {
        {.fd = listen_somewhere(), .events = POLLIN},
        {.fd = STDIN_FILENO,       .events = POLLIN}
    };

    if (argc < 2)
        return 2;
    if (argc > 2)
        sim_set(sim, SIM_PAPER_OUT);
    while (poll(pollers, 2, -1) >= 0 && !pollers[1].revents) {
        const int fd = accept(pollers[0].fd, NULL, NULL);

        if (fd < 0)
            break;
        serve(sim, fd);
        close(fd);
        report(sim, argv[1]);
    }
    close(pollers[0].fd);
    sim_free(sim);
    return 0;
}

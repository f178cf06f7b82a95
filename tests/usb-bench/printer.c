// SPDX-License-Identifier: Apache-2.0
// usb-printer: one printer as a process, and the hand that does things to it.
//
//   usb-printer run NAME MODEL SERIAL FOLDER    its papers and all that it received go to FOLDER
//   usb-printer tell NAME WORD [VALUE]…         what happens to it; see actions[] and numbers[]
//   usb-printer ask NAME KEY                    one number of how it is
//   usb-printer await NAME KEY VALUE MS         until that number is at least VALUE
#include "tests/usb-bench/printer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
    WORDS_MAX = 4,
    LINE_BYTES = 256,
    ASK_PAUSE_MS = 10,
    IDLE_MS = 1000,
    SLOW_TICK_MS = 2,
    MOMENTS_BYTES = 1 << 20
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct machine {
    struct printer printer;
    struct gadget *gadget;
    int socket;
    int64_t unplug_at_ms; // 0: not planned
    uint64_t unplug_at;   // bytes received; 0: not planned
    int64_t packet_at_ms; // when the next packet may be taken
    int64_t worked_at_ms;
    bool is_over;
};

// ---- what is done to it ----

static bool plug(struct machine *machine, const char *value)
{
    return gadget_plug(machine->gadget, value);
}

static bool unplug(struct machine *machine, const char *value)
{
    (void)value;
    gadget_unplug(machine->gadget);
    return true;
}

static bool halt(struct machine *machine, const char *value)
{
    return gadget_halt(machine->gadget, strcmp(value, "in") == 0);
}

static bool power_cycle(struct machine *machine, const char *value)
{
    (void)value;
    gadget_unplug(machine->gadget);
    printer_power_cycle(&machine->printer);
    return true;
}

static bool tear_off(struct machine *machine, const char *value)
{
    (void)value;
    printer_end_paper(&machine->printer, false);
    return true;
}

// A file that is written at the end, so that noting a moment takes none.
static bool note_moments(struct machine *machine, const char *value)
{
    char path[LINE_BYTES];

    (void)value;
    if (machine->printer.moments)
        return true;
    (void)snprintf(path, sizeof path, "%s/moments", machine->printer.folder);
    machine->printer.moments = fopen(path, "we");
    return machine->printer.moments &&
           setvbuf(machine->printer.moments, NULL, _IOFBF, MOMENTS_BYTES) == 0;
}

static bool quit(struct machine *machine, const char *value)
{
    (void)value;
    machine->is_over = true;
    return true;
}

static const struct action {
    const char *word;
    bool (*act)(struct machine *machine, const char *value);
} actions[] = {
    {"plug",        plug        },
    {"unplug",      unplug      },
    {"halt",        halt        },
    {"power-cycle", power_cycle },
    {"tear-off",    tear_off    },
    {"moments",     note_moments},
    {"quit",        quit        },
};

// Each is told as "WORD NUMBER", and asked by its word.
#define STATE(field) offsetof(struct printer_state, field)
static const struct number {
    const char *word;
    size_t offset;
    char kind; // b: bool, i: int and unsigned, l: long
} numbers[] = {
    {"paper-out",       STATE(is_paper_out),    'b'},
    {"paper-low",       STATE(is_paper_low),    'b'},
    {"cover-open",      STATE(is_cover_open),   'b'},
    {"silent",          STATE(is_silent),       'b'},
    {"held",            STATE(is_held),         'b'},
    {"stalls-requests", STATE(stalls_requests), 'b'},
    {"paper-left",      STATE(paper_left),      'l'},
    {"unplug-in",       STATE(unplug_in),       'l'},
    {"unplug-in-ms",    STATE(unplug_in_ms),    'l'},
    {"bytes-a-ms",      STATE(bytes_a_ms),      'i'},
    {"packet-ms",       STATE(packet_ms),       'i'},
    {"media-mm",        STATE(media_mm),        'i'},
};

static bool set_number(struct machine *machine, const char *word, long value)
{
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        void *at = (char *)&machine->printer.state + numbers[i].offset;

        if (strcmp(numbers[i].word, word) != 0)
            continue;
        if (numbers[i].kind == 'b')
            *(bool *)at = value != 0;
        else if (numbers[i].kind == 'i')
            *(int *)at = (int)value;
        else
            *(long *)at = value;
        return true;
    }
    return false;
}

// The planned unplugs count from now.
static void after_a_number(struct machine *machine)
{
    struct printer *printer = &machine->printer;

    if (printer->state.unplug_in >= 0)
        machine->unplug_at = printer->received + (uint64_t)printer->state.unplug_in + 1;
    else
        machine->unplug_at = 0;
    machine->unplug_at_ms = 0;
    if (printer->model->language->changed)
        printer->model->language->changed(printer);
}

static bool answer_number(const struct machine *machine, const char *word, long long *value)
{
    const struct printer *printer = &machine->printer;
    const struct {
        const char *word;
        uint64_t value;
    } counted[] = {
        {"received",  printer->received                                 },
        {"printed",   printer->printed                                  },
        {"buffered",  printer->buffered                                 },
        {"on-strip",  printer->strip_len                                },
        {"papers",    printer->papers                                   },
        {"plugged",   printer->plugged_times                            },
        {"unplugged", printer->unplugged_times                          },
        {"resets",    printer->resets                                   },
        {"answered",  printer->answered                                 },
        {"enabled",   gadget_is_enabled(machine->gadget)                },
        {"pulled",    printer->plugged_times == printer->unplugged_times},
    };

    for (size_t i = 0; i < sizeof counted / sizeof counted[0]; i++) {
        if (strcmp(counted[i].word, word) == 0) {
            *value = (long long)counted[i].value;
            return true;
        }
    }
    return false;
}

// "WORD", "WORD VALUE" or "?KEY": what is answered goes back into line.
static void obey(struct machine *machine, char *line, size_t size)
{
    char *value = strchr(line, ' ');
    long long number = 0;
    bool is_good = false;

    if (line[0] == '?') {
        if (answer_number(machine, line + 1, &number))
            (void)snprintf(line, size, "%lld", number);
        else
            (void)snprintf(line, size, "error: there is no such number");
        return;
    }
    if (value)
        *value++ = '\0';
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].word, line) == 0)
            is_good = actions[i].act(machine, value ? value : "");
    }
    if (!is_good && value && set_number(machine, line, strtol(value, NULL, 10))) {
        is_good = true;
        after_a_number(machine);
    }
    (void)snprintf(line, size, "%s", is_good ? "ok" : "error: not understood, or not possible");
}

static void hear_hand(struct machine *machine)
{
    char line[LINE_BYTES];
    const int peer = accept4(machine->socket, NULL, NULL, SOCK_CLOEXEC);
    ssize_t len;

    if (peer < 0)
        return;
    len = recv(peer, line, sizeof line - 1, 0);
    if (len > 0) {
        line[len] = '\0';
        obey(machine, line, sizeof line);
        (void)send(peer, line, strlen(line), MSG_NOSIGNAL);
    }
    close(peer);
}

// ---- its life ----

static void pull_when_planned(struct machine *machine)
{
    struct printer_state *state = &machine->printer.state;

    if (state->unplug_in_ms >= 0 && machine->printer.strip_len && !machine->unplug_at_ms)
        machine->unplug_at_ms = now_ms() + state->unplug_in_ms + 1;
    if ((machine->unplug_at && machine->printer.received >= machine->unplug_at) ||
        (machine->unplug_at_ms && now_ms() >= machine->unplug_at_ms)) {
        machine->unplug_at = 0;
        machine->unplug_at_ms = 0;
        state->unplug_in = state->unplug_in_ms = -1;
        gadget_unplug(machine->gadget);
    }
}

// The milliseconds until something is to be done without being told.
static int pause_ms(const struct machine *machine, bool is_working)
{
    int64_t pause = is_working ? (machine->printer.state.bytes_a_ms ? SLOW_TICK_MS : 0) : IDLE_MS;

    if (machine->packet_at_ms && machine->packet_at_ms - now_ms() < pause)
        pause = machine->packet_at_ms - now_ms();
    if (machine->unplug_at_ms && machine->unplug_at_ms - now_ms() < pause)
        pause = machine->unplug_at_ms - now_ms();
    return pause < 0 ? 0 : (int)pause;
}

static void take_what_came(struct machine *machine, const struct pollfd *fds)
{
    const uint64_t before = machine->printer.received;

    if (fds[0].revents)
        gadget_events(machine->gadget);
    if (fds[1].revents)
        gadget_done(machine->gadget);
    if (machine->printer.received != before && machine->printer.state.packet_ms)
        machine->packet_at_ms = now_ms() + machine->printer.state.packet_ms;
    if (fds[2].revents)
        hear_hand(machine);
}

static void live(struct machine *machine)
{
    struct pollfd fds[3] = {
        {gadget_events_fd(machine->gadget), POLLIN, 0},
        {gadget_done_fd(machine->gadget),   POLLIN, 0},
        {machine->socket,                   POLLIN, 0}
    };
    bool is_working = false;

    machine->worked_at_ms = now_ms();
    while (!machine->is_over) {
        int64_t now;

        if (poll(fds, 3, pause_ms(machine, is_working)) < 0 && errno != EINTR)
            break;
        take_what_came(machine, fds);
        now = now_ms();
        is_working = printer_work(&machine->printer, (unsigned)(now - machine->worked_at_ms));
        machine->worked_at_ms = now;
        pull_when_planned(machine);
        if (machine->packet_at_ms && now < machine->packet_at_ms)
            continue;
        machine->packet_at_ms = 0;
        gadget_go_on(machine->gadget);
    }
}

static void socket_path(const char *name, struct sockaddr_un *address)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    (void)snprintf(address->sun_path, sizeof address->sun_path, "/run/usb-printer.%.64s", name);
}

static int listen_to_hand(const char *name)
{
    struct sockaddr_un address;
    const int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    socket_path(name, &address);
    (void)unlink(address.sun_path);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, 8) != 0) {
        perror(address.sun_path);
        exit(1);
    }
    return fd;
}

static void forget_hand(const char *name)
{
    struct sockaddr_un address;

    socket_path(name, &address);
    (void)unlink(address.sun_path);
}

static int run(char **words)
{
    static struct machine machine; // a megabyte of paper
    struct printer *printer = &machine.printer;
    char path[LINE_BYTES];

    printer->name = words[0];
    printer->model = printer_model_find(words[1]);
    printer->serial = words[2];
    printer->folder = words[3];
    if (!printer->model) {
        fprintf(stderr, "usb-printer: there is no model %s; see printer_models.c\n", words[1]);
        return 2;
    }
    printer->state = (struct printer_state){
        .paper_left = -1, .unplug_in = -1, .unplug_in_ms = -1, .media_mm = 62};
    (void)mkdir(printer->folder, 0755);
    (void)snprintf(path, sizeof path, "%s/received", printer->folder);
    printer->received_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    machine.gadget = gadget_open(printer);
    if (!machine.gadget)
        return 1;
    machine.socket = listen_to_hand(printer->name);
    live(&machine);
    printer_end_paper(printer, false);
    if (printer->moments && fclose(printer->moments) != 0)
        perror("moments");
    gadget_close(machine.gadget);
    forget_hand(printer->name);
    return 0;
}

// ---- the hand ----

// The answer goes to line. False: nobody is there.
static bool say(const char *name, char *line, size_t size)
{
    struct sockaddr_un address;
    const int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    ssize_t len = -1;

    socket_path(name, &address);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        send(fd, line, strlen(line), MSG_NOSIGNAL) > 0)
        len = recv(fd, line, size - 1, 0);
    if (fd >= 0)
        close(fd);
    if (len <= 0)
        return false;
    line[len] = '\0';
    return true;
}

static int tell(const char *name, char **words, int count)
{
    char line[LINE_BYTES];

    for (int i = 0; i < count; i += 2) {
        (void)snprintf(line, sizeof line, "%s%s%s", words[i], i + 1 < count ? " " : "",
                       i + 1 < count ? words[i + 1] : "");
        if (!say(name, line, sizeof line))
            (void)snprintf(line, sizeof line, "error: it does not run");
        if (strcmp(line, "ok") != 0) {
            fprintf(stderr, "usb-printer %s: %s: %s\n", name, words[i], line);
            return 1;
        }
    }
    return 0;
}

static int ask(const char *name, const char *key)
{
    char line[LINE_BYTES];

    (void)snprintf(line, sizeof line, "?%s", key);
    if (!say(name, line, sizeof line))
        (void)snprintf(line, sizeof line, "error: it does not run");
    puts(line);
    return line[0] == 'e';
}

static int await(const char *name, const char *key, long long wanted, int64_t patience_ms)
{
    const int64_t end_ms = now_ms() + patience_ms;
    char line[LINE_BYTES];

    for (;;) {
        (void)snprintf(line, sizeof line, "?%s", key);
        if (say(name, line, sizeof line) && line[0] != 'e' && strtoll(line, NULL, 10) >= wanted)
            return 0;
        if (now_ms() > end_ms)
            break;
        (void)poll(NULL, 0, ASK_PAUSE_MS);
    }
    fprintf(stderr, "usb-printer %s: %s is %s, not %lld, after %lld ms\n", name, key, line, wanted,
            (long long)patience_ms);
    return 1;
}

int main(int argc, char **argv)
{
    (void)signal(SIGPIPE, SIG_IGN);
    if (argc == 6 && strcmp(argv[1], "run") == 0)
        return run(argv + 2);
    if (argc >= 4 && strcmp(argv[1], "tell") == 0)
        return tell(argv[2], argv + 3, argc - 3);
    if (argc == 4 && strcmp(argv[1], "ask") == 0)
        return ask(argv[2], argv[3]);
    if (argc == 6 && strcmp(argv[1], "await") == 0)
        return await(argv[2], argv[3], strtoll(argv[4], NULL, 10), strtoll(argv[5], NULL, 10));
    fprintf(stderr, "usage: usb-printer run NAME MODEL SERIAL FOLDER\n"
                    "       usb-printer tell NAME WORD [VALUE]…\n"
                    "       usb-printer ask NAME KEY\n"
                    "       usb-printer await NAME KEY VALUE MS\n");
    return 2;
}

// SPDX-License-Identifier: Apache-2.0
// What the shared object does beside its calls: notices, pictures, who it trusts, starting the
// agent, and what it takes of its host.
#include "tests/plugin/fake_agent.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { FOOTPRINT_MAX_BYTES = 256 * 1024 };

static const struct atl_pos_plugin *plugin;
static void *library;

static const struct atl_pos_transaction sale = {.size = sizeof sale, .uuid = "S-1"};
static const struct atl_pos_line line = {.size = sizeof line, .line_ref = "L-1"};
static const struct atl_pos_answers answers = {.size = sizeof answers};

static void load(void)
{
    atl_pos_entry_fn *entry = NULL;

    library = dlopen(ATL_PLUGIN, RTLD_NOW | RTLD_LOCAL);
    if (library)
        *(void **)&entry = dlsym(library, "atl_pos_entry");
    plugin = entry ? entry(ATL_POS_ABI) : NULL;
    if (!plugin)
        _exit(1);
}

static atl_pos_till open_till(const char *path)
{
    const struct atl_pos_host host = {.size = sizeof host, .abi = ATL_POS_ABI};
    atl_pos_till till = 0;

    assert_int_equal(plugin->open(&host, path, &till, NULL, 0), ATL_POS_OK);
    return till;
}

static int is_readable(int fd, int timeout_ms)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};

    return poll(&ready, 1, timeout_ms);
}

static void play_notices(int listener)
{
    const struct atl_pos_reply yes = {.verdict = {.is_allowed = 1}};
    const int fd = fake_accept(listener);
    struct atl_pos_ask ask;

    fake_receive(fd, &ask);
    fake_tell(fd, "K7F-2A1/1"); // while a call waits
    fake_reply(fd, &ask, &yes);
    fake_tell(fd, "K7F-2A1/2"); // and while none does
    fake_receive(fd, &ask);
    for (int i = 0; i < 20; i++)
        fake_tell(fd, "K7F-2A1/3");
    fake_reply(fd, &ask, &yes);
    fake_receive(fd, &ask); // and leaves
}

static const char not_printed[] =
    "Ticket not printed. The QR is on the receipt; the code is K7F-2A1. front: paper is out: put "
    "in a new roll.";

// 300 letters of three bytes each.
static const char *very_long(void)
{
    static char text[901];

    for (size_t i = 0; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "\u7d19", 3);
    return text;
}

static void play_words(int listener)
{
    const struct atl_pos_reply yes = {.verdict = {.is_allowed = 1}};
    const int fd = fake_accept(listener);
    struct atl_pos_ask ask;

    fake_receive(fd, &ask);
    fake_tell_words(fd, not_printed);
    fake_tell_words(fd, very_long());
    fake_tell_words(fd, not_printed);
    fake_reply(fd, &ask, &yes);
    fake_receive(fd, &ask); // and leaves
}

static void
a_notice_of_a_paper_brings_its_sentence_and_a_host_of_before_reads_the_rest(void **state)
{
    const pid_t agent = fake_start(fake_listen("words.sock"), play_words);
    const atl_pos_till till = open_till("words.sock");
    struct atl_pos_verdict verdict = {.size = sizeof verdict};
    struct atl_pos_notice notice = {.size = sizeof notice};

    (void)state;
    assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_OK);
    assert_int_equal(plugin->next_event(till, &notice), ATL_POS_OK);
    assert_int_equal(notice.kind, ATL_POS_NOTICE_PAPER);
    assert_string_equal(notice.sentence, not_printed);
    assert_int_equal(plugin->next_event(till, &notice), ATL_POS_OK);
    assert_int_equal(strlen(notice.sentence), 765); // 255 whole letters
    notice = (struct atl_pos_notice){.size = offsetof(struct atl_pos_notice, sentence)};
    assert_int_equal(plugin->next_event(till, &notice), ATL_POS_OK);
    assert_int_equal(notice.kind, ATL_POS_NOTICE_PAPER);
    assert_null(notice.sentence); // it lies behind what this host knows
    plugin->close(till);
    fake_stop(agent);
}

static void notices_wait_and_the_descriptor_says_so(void **state)
{
    const pid_t agent = fake_start(fake_listen("notices.sock"), play_notices);
    const atl_pos_till till = open_till("notices.sock");
    struct atl_pos_verdict verdict = {.size = sizeof verdict};
    struct atl_pos_notice notice = {.size = sizeof notice};
    const int fd = plugin->event_fd(till);
    int count = 0;

    (void)state;
    assert_true(fd > STDERR_FILENO);
    assert_int_equal(is_readable(fd, 0), 0);
    assert_int_equal(plugin->next_event(till, &notice), ATL_POS_E_NOT_FOUND);
    assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_OK);
    assert_int_equal(is_readable(fd, 1000), 1);
    assert_int_equal(plugin->next_event(till, &notice), ATL_POS_OK);
    assert_string_equal(notice.piece_code, "K7F-2A1/1");
    assert_null(notice.line_ref);
    assert_int_equal(is_readable(fd, 1000), 1);
    assert_int_equal(plugin->next_event(till, &notice), ATL_POS_OK);
    assert_string_equal(notice.piece_code, "K7F-2A1/2");
    assert_int_equal(plugin->next_event(till, &notice), ATL_POS_E_NOT_FOUND);
    assert_int_equal(is_readable(fd, 0), 0);

    assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_OK);
    while (plugin->next_event(till, &notice) == ATL_POS_OK)
        count++;
    assert_int_equal(count, 8); // the newest; they are hints
    assert_int_equal(is_readable(fd, 0), 0);
    assert_int_equal(plugin->event_fd(till), fd);
    plugin->close(till);
    fake_stop(agent);
}

static void the_descriptor_stays_when_the_agent_goes_and_comes_back(void **state)
{
    pid_t agent = fake_start(fake_listen("back.sock"), play_notices);
    const atl_pos_till till = open_till("back.sock");
    struct atl_pos_verdict verdict = {.size = sizeof verdict};
    struct atl_pos_notice notice = {.size = sizeof notice};
    const int fd = plugin->event_fd(till);

    (void)state;
    fake_stop(agent);
    assert_int_equal(is_readable(fd, 1000), 1); // it hung up
    unlink("back.sock");
    assert_int_equal(plugin->next_event(till, &notice), ATL_POS_E_AWAY);
    assert_int_equal(is_readable(fd, 0), 0);
    agent = fake_start(fake_listen("back.sock"), play_notices);
    assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_OK);
    assert_int_equal(is_readable(fd, 1000), 1);
    assert_int_equal(plugin->next_event(till, &notice), ATL_POS_OK);
    assert_int_equal(plugin->event_fd(till), fd);
    plugin->close(till);
    fake_stop(agent);
}

static void play_pictures(int listener)
{
    static uint8_t png[100 * 1024];
    const int fd = fake_accept(listener);
    struct atl_pos_reply reply = {
        .image = {.proof_state = ATL_POS_PROOF_READY, .png = png}
    };
    struct atl_frame *frame = malloc(sizeof *frame);
    struct atl_pos_ask ask;
    int file;

    memset(png, 'p', sizeof png);
    fake_receive(fd, &ask);
    reply.image.png_bytes = 100;
    fake_reply(fd, &ask, &reply);
    fake_receive(fd, &ask);
    reply.image.png_bytes = sizeof png;
    fake_reply(fd, &ask, &reply);
    fake_receive(fd, &ask);
    if (atl_pos_put_reply(frame, &ask, &reply, &file, NULL))
        _exit(1);
    close(file);
    file = memfd_create("unsealed", MFD_ALLOW_SEALING);
    if (ftruncate(file, sizeof png) || atl_packet_send(fd, frame, file, NULL))
        _exit(1);
    fake_wait();
}

static int32_t preview(atl_pos_till till, struct atl_pos_image *image)
{
    *image = (struct atl_pos_image){.size = sizeof *image};
    return plugin->preview(till, &sale, &line, &answers, image);
}

static void a_picture_comes_in_the_frame_or_beside_it_and_never_unsealed(void **state)
{
    const pid_t agent = fake_start(fake_listen("picture.sock"), play_pictures);
    const atl_pos_till till = open_till("picture.sock");
    struct atl_pos_image image;

    (void)state;
    assert_int_equal(preview(till, &image), ATL_POS_OK);
    assert_int_equal(image.png_bytes, 100);
    assert_int_equal(image.png[99], 'p');
    assert_int_equal(preview(till, &image), ATL_POS_OK);
    assert_int_equal(image.png_bytes, 100 * 1024);
    assert_int_equal(image.png[100 * 1024 - 1], 'p');
    assert_int_equal(preview(till, &image), ATL_POS_E_IO);
    assert_null(image.png);
    plugin->close(till);
    fake_stop(agent);
}

static void play_as_nobody(int listener)
{
    (void)listener;
    if (setgid(65534) || setuid(65534))
        _exit(1);
    listener = fake_listen("open/stranger.sock"); // in a folder of root's, open to all
    for (;;)
        (void)accept(listener, NULL, NULL);
}

static void a_stranger_at_the_agents_address_is_not_spoken_to(void **state)
{
    struct atl_pos_verdict verdict = {.size = sizeof verdict};
    atl_pos_till till;
    bool is_told = false;
    pid_t agent;

    (void)state;
    if (geteuid() != 0) {
        print_message("SKIP: another user's socket can be made by root only\n");
        skip();
    }
    (void)mkdir("open", 0777);
    assert_int_equal(chmod("open", 0777), 0);
    agent = fake_start(fake_listen("unused.sock"), play_as_nobody);
    till = open_till("open/stranger.sock");
    for (int i = 0; i < 2000 && !is_told; i++) { // until it listens
        assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_E_AWAY);
        is_told = strstr(plugin->error_text(till), "Another program") != NULL;
        poll(NULL, 0, 1);
    }
    assert_true(is_told);
    plugin->close(till);
    fake_stop(agent);
    unlink("open/stranger.sock");
}

static void read_log(char *text, size_t size)
{
    const int fd = open("starter.log", O_RDONLY);
    const ssize_t got = fd < 0 ? 0 : read(fd, text, size - 1);

    text[got > 0 ? got : 0] = '\0';
    close(fd);
}

static void open_starts_the_agent_once_and_only_when_asked(void **state)
{
    struct atl_pos_host host = {.size = sizeof host, .abi = ATL_POS_ABI};
    struct atl_pos_health health = {.size = sizeof health};
    atl_pos_till till;
    char log[512];

    (void)state;
    unlink("starter.log");
    unlink("started.sock");
    assert_int_equal(plugin->open(&host, "started.sock", &till, NULL, 0), ATL_POS_OK);
    read_log(log, sizeof log);
    assert_string_equal(log, "");
    plugin->close(till);

    host.start_agent = 1;
    assert_int_equal(plugin->open(&host, "started.sock", &till, NULL, 0), ATL_POS_OK);
    assert_int_equal(plugin->health(till, &health), ATL_POS_OK);
    assert_int_equal(health.is_agent_up, 1);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); // its starter was collected
    read_log(log, sizeof log);
    assert_string_equal(log, "command=start descriptors=3 environment=1 usr1_blocked=0 leader=1\n");
    plugin->close(till);
    kill(health.waiting_count, SIGKILL);
    unlink("started.sock");

    assert_int_equal(plugin->open(&host, "started.sock", &till, NULL, 0), ATL_POS_OK);
    assert_int_equal(plugin->health(till, &health), ATL_POS_OK);
    assert_int_equal(health.is_agent_up, 0);
    plugin->close(till);
}

static void its_descriptors_are_close_on_exec_and_above_standard_error(void **state)
{
    const pid_t agent = fake_start(fake_listen("fds.sock"), play_notices);
    atl_pos_till till;
    pid_t child;
    int status = -1;

    (void)state;
    child = fork();
    if (child == 0) {
        for (int fd = 0; fd < 64; fd++)
            close(fd);
        till = open_till("fds.sock");
        (void)plugin->event_fd(till);
        for (int fd = 0; fd < 64; fd++) {
            const int flags = fcntl(fd, F_GETFD);

            if (flags >= 0 && (fd <= STDERR_FILENO || flags != FD_CLOEXEC))
                _exit(fd + 1);
        }
        _exit(0);
    }
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    fake_stop(agent);
}

static long resident_bytes(void)
{
    char text[128] = "";
    const int fd = open("/proc/self/statm", O_RDONLY);
    char *end;

    if (read(fd, text, sizeof text - 1) < 0)
        text[0] = '\0';
    close(fd);
    (void)strtol(text, &end, 10);
    return strtol(end, NULL, 10) * sysconf(_SC_PAGESIZE);
}

static void play_yes(int listener)
{
    const struct atl_pos_reply yes = {.verdict = {.is_allowed = 1}};
    const int fd = fake_accept(listener);
    struct atl_pos_ask ask;

    for (;;) {
        fake_receive(fd, &ask);
        fake_reply(fd, &ask, &yes);
    }
}

// One library and one till that has been used. Not under a sanitizer, which has memory of its own.
static void it_takes_less_than_256_kib_of_its_host(void **state)
{
    struct atl_pos_verdict verdict = {.size = sizeof verdict};
    atl_pos_till till;
    long before, after;
    pid_t agent;

    (void)state;
    if (getenv("ASAN_OPTIONS") || dlsym(RTLD_DEFAULT, "__asan_init"))
        skip();
    agent = fake_start(fake_listen("size.sock"), play_yes);
    plugin = NULL;
    dlclose(library);
    before = resident_bytes();
    load();
    till = open_till("size.sock");
    for (int i = 0; i < 100; i++)
        assert_int_equal(plugin->before_tender(till, &sale, &verdict), ATL_POS_OK);
    after = resident_bytes();
    print_message("the library and a used till: %ld KiB\n", (after - before) / 1024);
    assert_true(after - before < FOOTPRINT_MAX_BYTES);
    plugin->close(till);
    fake_stop(agent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_takes_less_than_256_kib_of_its_host),
        cmocka_unit_test(notices_wait_and_the_descriptor_says_so),
        cmocka_unit_test(
            a_notice_of_a_paper_brings_its_sentence_and_a_host_of_before_reads_the_rest),
        cmocka_unit_test(the_descriptor_stays_when_the_agent_goes_and_comes_back),
        cmocka_unit_test(a_picture_comes_in_the_frame_or_beside_it_and_never_unsealed),
        cmocka_unit_test(a_stranger_at_the_agents_address_is_not_spoken_to),
        cmocka_unit_test(open_starts_the_agent_once_and_only_when_asked),
        cmocka_unit_test(its_descriptors_are_close_on_exec_and_above_standard_error),
    };

    load();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

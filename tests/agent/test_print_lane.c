// SPDX-License-Identifier: Apache-2.0
// The lane with the real store, the real driver and a printer: a file, or a process that speaks
// as an Epson does over TCP. The printer is MADE UP from the maker's reference.
#include "plugin/agent/print_lane.h"
#include "plugin/store/devices.h"
#include "tests/store/fixture.h"

#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LEASE_MS = 15000 };

static int64_t clock_ms;

static int64_t now_ms(void)
{
    return clock_ms;
}

// ---- A printer ----

enum mood {
    WELL,
    NO_PAPER,    // says so when asked
    RUNS_OUT,    // says so only after it was given a job
    HANGS_UP,    // closes the connection after some bytes of the job
    NEVER_READY, // takes everything, and never answers the fence
};

struct printer {
    pid_t pid;
    uint16_t port;
};

static uint8_t status_of(enum mood mood, uint8_t query, int byte_count)
{
    if (query == 4 && (mood == NO_PAPER || (mood == RUNS_OUT && byte_count > 0)))
        return 0x12 | 0x60;
    return 0x12;
}

// Answers DLE EOT and GS r 1; counts everything else. Questions come in packets of their own.
static bool serve_packet(int fd, const uint8_t *packet, ssize_t len, enum mood mood, int *count)
{
    uint8_t answer = 0;

    if (len == 3 && packet[0] == 0x10 && packet[1] == 4) {
        answer = status_of(mood, packet[2], *count);
        return send(fd, &answer, 1, MSG_NOSIGNAL) == 1;
    }
    if (len == 3 && packet[0] == 0x1d && packet[1] == 'r')
        return mood == NEVER_READY || mood == RUNS_OUT || send(fd, &answer, 1, MSG_NOSIGNAL) == 1;
    *count += (int)len;
    return mood != HANGS_UP;
}

static void serve_connections(int listener, enum mood mood)
{
    static uint8_t packet[65536];
    int count = 0; // printed letters and dots, of all connections

    for (;;) {
        const struct linger reset = {.l_onoff = 1};
        const int fd = accept(listener, NULL, NULL);
        ssize_t len;

        while ((len = recv(fd, packet, mood == HANGS_UP ? 100 : sizeof packet, 0)) > 0)
            if (!serve_packet(fd, packet, len, mood, &count))
                break;
        if (mood == HANGS_UP)
            (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close(fd);
    }
}

static struct printer switch_on(enum mood mood)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    struct printer printer;
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 4), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    printer.port = ntohs(address.sin_port);
    printer.pid = fork();
    if (printer.pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L); // a failed test leaves none
        serve_connections(listener, mood);
        _exit(0);
    }
    close(listener);
    return printer;
}

static void switch_off(const struct printer *printer)
{
    assert_int_equal(kill(printer->pid, SIGKILL), 0);
    assert_int_equal(waitpid(printer->pid, NULL, 0), printer->pid);
}

// ---- A lane ----

static atl_code small_page(void *ctx, struct atl_store *store, const struct atl_job *job,
                           const struct atl_model *model, const struct atl_page **page,
                           struct atl_error *err)
{
    static char code[16];
    static const struct atl_span span = {.text = code, .scale_x = 1, .scale_y = 1};
    static const struct atl_cell cell = {.spans = &span, .span_count = 1};
    static const struct atl_row rows[] = {
        {.kind = ATL_ROW_TEXT, .cells = &cell, .cell_count = 1},
        {.kind = ATL_ROW_CUT,                    .cut = ATL_CUT_PARTIAL               },
    };
    static const struct atl_page one = {.width_um = 80000, .rows = rows, .row_count = 2};

    (void)ctx;
    (void)store;
    (void)model;
    if (strcmp(job->code, "bad") == 0)
        return atl_fail(err, ATL_E_INVALID, "claim.ticket:3: there is no field totl");
    (void)snprintf(code, sizeof code, "%s", job->code);
    *page = &one;
    return ATL_OK;
}

struct bench {
    struct atl_store *store;
    struct fixture_sale sale;
    struct atl_config_printer printer;
    struct atl_print_lane *printing;
    struct atl_lane lane;
};

static int set_up(void **state)
{
    struct bench *bench = test_calloc(1, sizeof *bench);

    clock_ms = FIXTURE_NOW_MS;
    bench->store = fixture_make("lane.db");
    fixture_sell(bench->store, 1, &bench->sale);
    bench->printer = (struct atl_config_printer){
        .name = "bench", .driver = "escpos", .model = "tm-t20", .link = "file:paper.bin"};
    (void)unlink("paper.bin");
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;

    atl_print_lane_close(bench->printing);
    fixture_end(bench->store, "lane.db");
    test_free(bench);
    return 0;
}

// A link that hands all to this machine's network, from where none of it goes on.
struct swamp {
    struct atl_link base;
    int left; // so many calls more until it flows
    int open_count;
};

static atl_code sink(struct atl_link *link, const void *bytes, size_t len, unsigned timeout_ms,
                     struct atl_error *err)
{
    struct swamp *swamp = (struct swamp *)link;

    (void)bytes;
    link->accepted_bytes += len;
    if (--swamp->left < 0)
        return ATL_OK;
    (void)poll(NULL, 0, timeout_ms < 20 ? (int)timeout_ms : 20);
    return atl_fail(err, ATL_E_TIMEOUT, "it has not taken the last bytes");
}

static void leave(struct atl_link *link)
{
    ((struct swamp *)link)->open_count--;
}

static atl_code open_swamp(void *ctx, struct atl_link **out, struct atl_error *err)
{
    struct swamp *swamp = ctx;

    (void)err;
    swamp->open_count++;
    *out = &swamp->base;
    return ATL_OK;
}

static const struct atl_link_ops swamp_ops = {.scheme = "swamp", .write = sink, .close = leave};

// A NULL swamp: by the printer's own link. A NULL driver: the printer's own.
static void open_lane_on(struct bench *bench, struct swamp *swamp, const struct atl_driver *driver)
{
    const struct atl_print_setup setup = {.printer = &bench->printer,
                                          .store = bench->store,
                                          .document = small_page,
                                          .confirm_ms = 300,
                                          .cure_ms = 300,
                                          .now_ms = swamp ? now_ms : NULL,
                                          .open_link = swamp ? open_swamp : NULL,
                                          .open_link_ctx = swamp,
                                          .driver = driver};

    OK(atl_print_lane_open(&setup, &bench->printing, &fixture_error));
    bench->lane = (struct atl_lane){.device = "bench",
                                    .lease_ms = LEASE_MS,
                                    .now_ms = now_ms,
                                    .work = &atl_print_work,
                                    .ctx = bench->printing,
                                    .store = bench->store};
}

static void open_lane(struct bench *bench)
{
    open_lane_on(bench, NULL, NULL);
}

static void link_to(struct bench *bench, uint16_t port)
{
    (void)snprintf(bench->printer.link, sizeof bench->printer.link, "tcp:127.0.0.1:%u",
                   (unsigned)port);
}

static int drain(struct bench *bench)
{
    int done = 0;

    OK(atl_lane_drain(&bench->lane, &done, &fixture_error));
    return done;
}

static struct atl_device device_now(struct bench *bench)
{
    struct atl_device device = {0};
    size_t count = 0;

    OK(atl_devices_list(bench->store, &device, 1, &count, &fixture_error));
    return device;
}

// ---- Tests ----

static void a_file_takes_the_bytes_and_proves_nothing(void **state)
{
    struct bench *bench = *state;
    char bytes[4096] = {0};
    struct stat picture;
    struct atl_job job;
    int64_t id;
    FILE *file;

    (void)snprintf(bench->printer.previews, sizeof bench->printer.previews, "previews");
    open_lane(bench);
    id = fixture_add_tag(bench->store, &bench->sale, "bench", "K7F-2A1/2");
    assert_int_equal(drain(bench), 1);
    job = fixture_job(bench->store, id);
    assert_int_equal(job.state, ATL_JOB_SENT);
    assert_non_null(strstr(job.evidence, "bytes taken; this printer cannot prove more"));
    file = fopen("paper.bin", "re");
    assert_non_null(file);
    assert_true(fread(bytes, 1, sizeof bytes - 1, file) > 10);
    (void)fclose(file);
    assert_non_null(memmem(bytes, sizeof bytes, "K7F-2A1/2", 9));
    assert_int_equal(stat("previews/000005-K7F-2A1_2-tag.png", &picture), 0);
    assert_int_equal(picture.st_mode & 0777, 0600);
    assert_true(picture.st_size > 60);
    assert_int_equal(unlink("previews/000005-K7F-2A1_2-tag.png"), 0);
}

static void a_printer_that_is_well_confirms_and_its_word_is_kept(void **state)
{
    struct bench *bench = *state;
    struct printer printer = switch_on(WELL);
    struct atl_job job;
    int64_t id;

    link_to(bench, printer.port);
    open_lane(bench);
    id = fixture_add_tag(bench->store, &bench->sale, "bench", "K7F-2A1/2");
    assert_int_equal(drain(bench), 1);
    job = fixture_job(bench->store, id);
    assert_int_equal(job.state, ATL_JOB_CONFIRMED);
    assert_non_null(strstr(job.evidence, "GS r 1 00; DLE EOT 12 12 12 12"));
    assert_string_equal(device_now(bench).trouble, "");
    switch_off(&printer);
}

static void a_printer_without_paper_keeps_its_job_and_says_so_until_it_has_some(void **state)
{
    struct bench *bench = *state;
    struct printer printer = switch_on(NO_PAPER);
    struct atl_job job;
    int64_t id;

    link_to(bench, printer.port);
    open_lane(bench);
    id = fixture_add_tag(bench->store, &bench->sale, "bench", "K7F-2A1/2");
    assert_int_equal(drain(bench), 1);
    job = fixture_job(bench->store, id);
    assert_int_equal(job.state, ATL_JOB_QUEUED);
    assert_int_equal(job.due_ms, clock_ms + 2000);
    assert_non_null(strstr(device_now(bench).trouble, "paper"));
    atl_print_work.look(bench->printing);
    assert_non_null(strstr(device_now(bench).trouble, "paper"));
    switch_off(&printer);
    atl_print_lane_close(bench->printing);
    printer = switch_on(WELL);
    link_to(bench, printer.port);
    open_lane(bench);
    clock_ms += 2000;
    assert_int_equal(drain(bench), 1);
    assert_int_equal(fixture_job(bench->store, id).state, ATL_JOB_CONFIRMED);
    assert_string_equal(device_now(bench).trouble, "");
    switch_off(&printer);
}

static void trouble_goes_away_by_itself_when_nothing_waits(void **state)
{
    struct bench *bench = *state;

    (void)snprintf(bench->printer.link, sizeof bench->printer.link, "file:/no/such/folder/x");
    open_lane(bench);
    (void)fixture_add_tag(bench->store, &bench->sale, "bench", "K7F-2A1/2");
    assert_int_equal(drain(bench), 1);
    assert_true(device_now(bench).trouble[0] != '\0');
    (void)snprintf(bench->printer.link, sizeof bench->printer.link, "file:paper.bin");
    atl_print_work.look(bench->printing);
    assert_string_equal(device_now(bench).trouble, "");
}

static void a_printer_that_is_away_is_one_printers_trouble(void **state)
{
    struct bench *bench = *state;
    struct atl_job job;
    int64_t id;

    link_to(bench, 1); // nobody listens there
    open_lane(bench);
    id = fixture_add_tag(bench->store, &bench->sale, "bench", "K7F-2A1/2");
    assert_int_equal(drain(bench), 1);
    job = fixture_job(bench->store, id);
    assert_int_equal(job.state, ATL_JOB_QUEUED);
    assert_true(job.why[0] != '\0');
    assert_string_equal(device_now(bench).trouble, job.why);
    assert_string_equal(device_now(bench).name, "bench");
}

static void a_connection_that_breaks_leaves_unknown_and_nothing_is_sent_again(void **state)
{
    struct bench *bench = *state;
    struct printer printer = switch_on(HANGS_UP);
    int64_t id;

    link_to(bench, printer.port);
    open_lane(bench);
    id = fixture_add_tag(bench->store, &bench->sale, "bench", "K7F-2A1/2");
    assert_int_equal(drain(bench), 1);
    assert_int_equal(fixture_job(bench->store, id).state, ATL_JOB_UNKNOWN);
    switch_off(&printer);
    clock_ms += 86400000;
    assert_int_equal(drain(bench), 0);
    assert_int_equal(fixture_job(bench->store, id).state, ATL_JOB_UNKNOWN);
}

static void paper_that_runs_out_in_the_middle_is_unknown_and_said_in_words(void **state)
{
    struct bench *bench = *state;
    struct printer printer = switch_on(RUNS_OUT);
    int64_t id;

    link_to(bench, printer.port);
    open_lane(bench);
    id = fixture_add_tag(bench->store, &bench->sale, "bench", "K7F-2A1/2");
    assert_int_equal(drain(bench), 1);
    assert_int_equal(fixture_job(bench->store, id).state, ATL_JOB_UNKNOWN);
    assert_non_null(strstr(fixture_job(bench->store, id).evidence, "paper"));
    assert_non_null(strstr(device_now(bench).trouble, "paper"));
    switch_off(&printer);
}

static void what_only_waits_in_this_machine_was_not_sent(void **state)
{
    static const struct case_ {
        int left;
        enum atl_job_state state;
    } cases[] = {
        {3,      ATL_JOB_SENT   }, // then it goes on by itself
        {100000, ATL_JOB_UNKNOWN}, // never
    };
    struct bench *bench = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct swamp swamp = {
            .base = {.ops = &swamp_ops, .carries = ATL_LINK_CARRIES_BYTES},
              .left = cases[i].left
        };
        int64_t id;

        open_lane_on(bench, &swamp, NULL);
        id = fixture_add_tag(bench->store, &bench->sale, "bench", "K7F-2A1/2");
        assert_int_equal(drain(bench), 1);
        assert_int_equal(fixture_job(bench->store, id).state, cases[i].state);
        atl_print_lane_close(bench->printing);
        bench->printing = NULL;
    }
}

static bool is_other_roll; // in the printer

static atl_code roll_fits(struct atl_link *link, const struct atl_model *model,
                          const struct atl_page *page, struct atl_error *err)
{
    (void)link;
    (void)model;
    (void)page;
    return is_other_roll ? atl_fail(err, ATL_E_DEVICE, "another roll: change it") : ATL_OK;
}

static void another_roll_is_told_until_it_is_changed_and_then_what_waits_may_go(void **state)
{
    struct bench *bench = *state;
    struct swamp swamp = {
        .base = {.ops = &swamp_ops, .carries = ATL_LINK_CARRIES_ANSWERS}
    };
    struct atl_driver driver = *atl_driver_find("escpos");
    int64_t id;

    driver.fits = roll_fits;
    (void)snprintf(bench->printer.model, sizeof bench->printer.model, "generic-80");
    open_lane_on(bench, &swamp, &driver);
    id = fixture_add_tag(bench->store, &bench->sale, "bench", "K7F-2A1/2");
    is_other_roll = true;
    assert_int_equal(drain(bench), 1);
    atl_print_work.look(bench->printing);
    assert_string_equal(device_now(bench).trouble, "another roll: change it");
    assert_int_equal(device_now(bench).bits, ATL_TROUBLE_WRONG_MEDIA);
    assert_int_equal(fixture_job(bench->store, id).due_ms, clock_ms + 2000);
    assert_int_equal(swamp.open_count, 0);
    is_other_roll = false;
    atl_print_work.look(bench->printing);
    assert_string_equal(device_now(bench).trouble, "");
    assert_true(fixture_job(bench->store, id).due_ms <= clock_ms);
    assert_int_equal(swamp.open_count, 0); // others may use it between jobs
    assert_int_equal(drain(bench), 1);
    assert_int_equal(fixture_job(bench->store, id).state, ATL_JOB_SENT);
}

static void a_template_at_fault_holds_the_job_and_leaves_the_printer_alone(void **state)
{
    struct bench *bench = *state;
    int64_t id;

    open_lane(bench);
    id = fixture_add_tag(bench->store, &bench->sale, "bench", "bad");
    assert_int_equal(drain(bench), 1);
    assert_int_equal(fixture_job(bench->store, id).state, ATL_JOB_HELD);
    assert_string_equal(fixture_job(bench->store, id).why,
                        "claim.ticket:3: there is no field totl");
    assert_string_equal(device_now(bench).trouble, "");
}

// The lane is killed while it waits for the printer's word; the next one calls it unknown at once
// when the lease is over, and prints nothing.
static void a_lane_killed_in_the_middle_leaves_unknown(void **state)
{
    struct bench *bench = *state;
    struct printer printer = switch_on(NEVER_READY);
    struct atl_job job = {0};
    int64_t id;
    pid_t child;

    link_to(bench, printer.port);
    id = fixture_add_tag(bench->store, &bench->sale, "bench", "K7F-2A1/2");
    atl_store_close(bench->store); // each process opens its own
    bench->store = NULL;
    child = fork();
    if (child == 0) {
        OK(atl_store_open("lane.db", ATL_STORE_WORKER, &bench->store, &fixture_error));
        open_lane(bench);
        (void)drain(bench);
        _exit(0);
    }
    OK(atl_store_open("lane.db", ATL_STORE_WORKER, &bench->store, &fixture_error));
    while (job.state != ATL_JOB_SENDING) {
        (void)poll(NULL, 0, 2);
        job = fixture_job(bench->store, id);
    }
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    open_lane(bench);
    clock_ms += LEASE_MS;
    assert_int_equal(drain(bench), 0);
    assert_int_equal(fixture_job(bench->store, id).state, ATL_JOB_UNKNOWN);
    switch_off(&printer);
}

static void a_driver_or_model_that_is_not_there_names_the_key(void **state)
{
    struct bench *bench = *state;
    const struct atl_print_setup setup = {
        .printer = &bench->printer, .store = bench->store, .document = small_page};
    struct atl_error err = {0};

    (void)snprintf(bench->printer.model, sizeof bench->printer.model, "tm-x");
    assert_int_equal(atl_print_lane_open(&setup, &bench->printing, &err), ATL_E_INVALID);
    assert_non_null(strstr(err.text, "[printer bench] model: the driver escpos has no model"));
    (void)snprintf(bench->printer.driver, sizeof bench->printer.driver, "laser");
    assert_int_equal(atl_print_lane_open(&setup, &bench->printing, &err), ATL_E_INVALID);
    assert_non_null(strstr(err.text, "[printer bench] driver: there is no driver \"laser\""));
    assert_null(bench->printing);
}

static void labels_that_a_printer_does_not_take_name_the_key(void **state)
{
    struct bench *bench = *state;
    const struct atl_print_setup setup = {
        .printer = &bench->printer, .store = bench->store, .document = small_page};
    struct atl_error err = {0};

    (void)snprintf(bench->printer.driver, sizeof bench->printer.driver, "dymo");
    (void)snprintf(bench->printer.model, sizeof bench->printer.model, "lw-450");
    (void)snprintf(bench->printer.media, sizeof bench->printer.media, "1744907");
    assert_int_equal(atl_print_lane_open(&setup, &bench->printing, &err), ATL_E_INVALID);
    assert_string_equal(err.text,
                        "[printer bench] media: the DYMO LabelWriter 450 has no \"1744907\"; see "
                        "drivers/dymo/README.md");
    assert_null(bench->printing);
    (void)snprintf(bench->printer.media, sizeof bench->printer.media, "99012");
    assert_int_equal(atl_print_lane_open(&setup, &bench->printing, &err), ATL_OK);
}

// It may have died in the middle of a picture, for which the printer still waits for dots.
static void a_lane_after_one_that_died_ends_the_picture_before_its_first_job(void **state)
{
    struct bench *bench = *state;
    uint8_t bytes[16384] = {0};
    const int64_t id = fixture_add_tag(bench->store, &bench->sale, "bench", "K7F-2A1/2");
    struct atl_job job;
    size_t len;
    FILE *file;

    OK(atl_jobs_claim(bench->store, "bench", clock_ms, LEASE_MS, &job, &fixture_error));
    OK(atl_jobs_begin_sending(bench->store, &job, clock_ms, LEASE_MS, &fixture_error));
    open_lane(bench);
    (void)fixture_add_tag(bench->store, &bench->sale, "bench", "K7F-2A1/3");
    assert_int_equal(drain(bench), 1);
    assert_int_equal(fixture_job(bench->store, id).state, ATL_JOB_SENDING); // its time is not over
    file = fopen("paper.bin", "re");
    assert_non_null(file);
    len = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    assert_true(len > 9216);
    assert_null(memmem(bytes, len, "K7F-2A1/2", 9));
    assert_true((const uint8_t *)memmem(bytes, len, "K7F-2A1/3", 9) > bytes + 9216);
    assert_int_equal(bytes[0] | bytes[9215], 0);
}

int main(void)
{
#define BENCH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        BENCH(a_file_takes_the_bytes_and_proves_nothing),
        BENCH(a_printer_that_is_well_confirms_and_its_word_is_kept),
        BENCH(a_printer_without_paper_keeps_its_job_and_says_so_until_it_has_some),
        BENCH(trouble_goes_away_by_itself_when_nothing_waits),
        BENCH(a_printer_that_is_away_is_one_printers_trouble),
        BENCH(a_connection_that_breaks_leaves_unknown_and_nothing_is_sent_again),
        BENCH(paper_that_runs_out_in_the_middle_is_unknown_and_said_in_words),
        BENCH(what_only_waits_in_this_machine_was_not_sent),
        BENCH(another_roll_is_told_until_it_is_changed_and_then_what_waits_may_go),
        BENCH(a_template_at_fault_holds_the_job_and_leaves_the_printer_alone),
        BENCH(a_lane_killed_in_the_middle_leaves_unknown),
        BENCH(a_lane_after_one_that_died_ends_the_picture_before_its_first_job),
        BENCH(a_driver_or_model_that_is_not_there_names_the_key),
        BENCH(labels_that_a_printer_does_not_take_name_the_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

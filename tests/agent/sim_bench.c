// SPDX-License-Identifier: Apache-2.0
#include "tests/agent/sim_bench.h"

#include "plugin/core/hash.h"
#include "tests/support/sample_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LEASE_MS = 15000, LONGEST_SLEEP_MS = 5000 };

#define FOLDER ATL_SOURCE_DIR "/printer-templates"

// clang-format off
static const struct sim_family families[] = {
    {"escpos", "tm-t20",  NULL, {"claim.ticket", "tag.ticket", "bag.ticket"}, true },
    {"escpos", "tm-t88v", NULL, {"claim.ticket", "tag.ticket", "bag.ticket"}, true },
    {"escpos", "generic-80", NULL, {"claim.ticket", "tag.ticket", "bag.ticket"}, false},
    {"brother", "ql-820nwb", "62", {"bag-62x29.ticket", "tag-62.ticket", "bag-62.ticket"}, true},
    {"dymo", "lw-450", "99014", {"bag-62x29.ticket", "bag-58.ticket", "tag-70x24.ticket"}, false},
    {"star", "tsp100", NULL, {"claim.ticket", "tag.ticket", "bag.ticket"}, true},
    {"star", "tsp650ii", NULL, {"claim.ticket", "tag.ticket", "bag.ticket"}, true},
    {"star", "mc-print3", NULL, {"claim.ticket", "tag.ticket", "bag.ticket"}, true},
    {"zpl", "zd420", NULL, {"bag-102x51.ticket", "bag-62x29.ticket", "claim-58.ticket"}, true},
};
// clang-format on

const struct sim_family *sim_family_at(size_t index)
{
    return index < sizeof families / sizeof families[0] ? &families[index] : NULL;
}

// ---- Papers ----

static struct atl_page *page_of(const char *name)
{
    const struct atl_template_folders folders = {NULL, FOLDER};
    struct atl_template *tmpl = NULL;
    struct atl_words_file words;
    struct atl_data data;
    struct atl_page *page = NULL;

    OK(atl_template_load_file(&folders, name, &tmpl, &fixture_error));
    OK(atl_words_file_load(NULL, FOLDER, "en", &words, &fixture_error));
    sample_data(&data, atl_template_kind(tmpl), "en", SAMPLE_PLAIN);
    OK(atl_template_page(tmpl, &data, &words, &page, &fixture_error));
    atl_data_free(&data);
    atl_words_file_free(&words);
    atl_template_close(tmpl);
    return page;
}

// As wide and high as the first paper, and black where that is white.
static struct atl_page *next_page(const struct atl_page *like)
{
    static const char text[] = "# kind: bag\n# paper: %umm\n\nthe next\n=\n";
    static const char label[] = "# kind: bag\n# paper: %ux%umm\n\n{box: 4, 4, 20, 8}\nnext\n";
    const struct atl_template_folders folders = {NULL, NULL};
    const unsigned width_mm = (unsigned)(like->width_um / 1000);
    struct atl_template *tmpl = NULL;
    struct atl_words_file words;
    struct atl_data data;
    struct atl_page *page = NULL;
    char source[160];

    if (like->height_um)
        (void)snprintf(source, sizeof source, label, width_mm, (unsigned)(like->height_um / 1000));
    else
        (void)snprintf(source, sizeof source, text, width_mm);
    OK(atl_template_parse("next.ticket", source, strlen(source), &folders, &tmpl, &fixture_error));
    OK(atl_words_file_load(NULL, FOLDER, "en", &words, &fixture_error));
    sample_data(&data, ATL_TEMPLATE_BAG, "en", SAMPLE_PLAIN);
    OK(atl_template_page(tmpl, &data, &words, &page, &fixture_error));
    atl_data_free(&data);
    atl_words_file_free(&words);
    atl_template_close(tmpl);
    return page;
}

// The job's code is the number of its page.
static atl_code find_page(void *ctx, struct atl_store *store, const struct atl_job *job,
                          const struct atl_model *model, const struct atl_page **page,
                          struct atl_error *err)
{
    const struct sim_bench *bench = ctx;

    (void)store;
    (void)model;
    (void)err;
    *page = bench->pages[atoi(job->code)];
    return ATL_OK;
}

// ---- The lane ----

static const struct sim *clock_of; // of the bench that is open; the lane's clock has no context

static int64_t now_ms(void)
{
    return FIXTURE_NOW_MS + sim_now_ms(clock_of);
}

static void leave_memory(void)
{
    char folder[256];

    if (!getcwd(folder, sizeof folder) || strncmp(folder, "/dev/shm/atelier-sim-", 21) != 0)
        return;
    fixture_remove("sim.db"); // a test that failed left it
    (void)(chdir("/") || rmdir(folder));
}

// One folder a build tree and test, so that a run that was killed leaves no more than that.
static void move_into_memory(void)
{
    char here[512], folder[64];
    uint8_t hash[ATL_HASH_BYTES];

    if (access("/dev/shm", W_OK) || !getcwd(here, sizeof here) ||
        strncmp(here, "/dev/shm/", 9) == 0)
        return;
    atl_hash_sha256(here, strlen(here), hash);
    (void)snprintf(folder, sizeof folder, "/dev/shm/atelier-sim-%02x%02x%02x%02x", hash[0], hash[1],
                   hash[2], hash[3]);
    (void)mkdir(folder, 0700);
    if (chdir(folder) == 0)
        (void)atexit(leave_memory);
}

static void open_lane(struct sim_bench *bench)
{
    const struct atl_print_setup setup = {.printer = &bench->printer,
                                          .store = bench->store,
                                          .document = find_page,
                                          .document_ctx = bench,
                                          .open_link = sim_open_link,
                                          .open_link_ctx = bench->sim,
                                          .now_ms = now_ms,
                                          .driver = &bench->driver};

    OK(atl_print_lane_open(&setup, &bench->printing, &fixture_error));
    bench->lane = (struct atl_lane){.device = bench->printer.name,
                                    .lease_ms = LEASE_MS,
                                    .now_ms = now_ms,
                                    .work = &bench->work,
                                    .ctx = bench->printing,
                                    .store = bench->store};
}

void sim_bench_open(struct sim_bench *bench, const struct sim_family *family)
{
    const struct atl_driver *driver = atl_driver_find(family->driver);
    const struct atl_model *model = atl_model_find(driver, family->model);

    assert_non_null(model);
    memset(bench, 0, sizeof *bench);
    bench->family = family;
    bench->work = atl_print_work;
    bench->driver = *driver;
    bench->sim = sim_make(driver, model, family->media);
    clock_of = bench->sim;
    if (!family->is_answering)
        sim_set_link(bench->sim, ATL_LINK_CARRIES_BYTES, false);
    move_into_memory();
    bench->store = fixture_create("sim.db");
    fixture_sell(bench->store, 1, &bench->sale);
    (void)snprintf(bench->printer.name, sizeof bench->printer.name, "bench");
    (void)snprintf(bench->printer.driver, sizeof bench->printer.driver, "%s", family->driver);
    (void)snprintf(bench->printer.model, sizeof bench->printer.model, "%s", family->model);
    (void)snprintf(bench->printer.media, sizeof bench->printer.media, "%s",
                   family->media ? family->media : "");
    (void)snprintf(bench->printer.link, sizeof bench->printer.link, "sim:");
    for (int i = 0; i < SIM_NEXT_PAGE; i++)
        bench->pages[i] = page_of(family->papers[i]);
    bench->pages[SIM_NEXT_PAGE] = next_page(bench->pages[0]);
    open_lane(bench);
}

void sim_bench_restart(struct sim_bench *bench)
{
    int taken_over = 0;

    atl_print_lane_close(bench->printing);
    OK(atl_jobs_take_over(bench->store, bench->printer.name, now_ms(), &taken_over,
                          &fixture_error)); // as atl_lane_run() does first
    open_lane(bench);
}

void sim_bench_begin_anew(struct sim_bench *bench)
{
    atl_print_lane_close(bench->printing);
    fixture_end(bench->store, "sim.db");
    bench->store = fixture_create("sim.db");
    fixture_sell(bench->store, 1, &bench->sale);
    open_lane(bench);
}

void sim_bench_close(struct sim_bench *bench)
{
    atl_print_lane_close(bench->printing);
    sim_free(bench->sim);
    for (int i = 0; i < SIM_PAGES; i++)
        atl_page_free(bench->pages[i]);
    fixture_end(bench->store, "sim.db");
}

int64_t sim_bench_queue(struct sim_bench *bench, int page)
{
    char code[8];

    (void)snprintf(code, sizeof code, "%d", page);
    return fixture_add_tag(bench->store, &bench->sale, bench->printer.name, code);
}

void sim_bench_turn(struct sim_bench *bench, int64_t max_ms)
{
    int64_t due_ms = INT64_MAX;
    int64_t sleep_ms;
    int done;

    // A lane that goes round and round would fill the disk before anybody waited for it.
    if (++bench->turn_count > 10000 + sim_now_ms(bench->sim) / 20)
        fail_msg("the lane does not sleep: %d rounds in %lld ms", bench->turn_count,
                 (long long)sim_now_ms(bench->sim));
    OK(atl_lane_drain(&bench->lane, &done, &fixture_error));
    if (bench->work.look)
        bench->work.look(bench->printing);
    OK(atl_jobs_next_due(bench->store, bench->printer.name, &due_ms, &fixture_error));
    sleep_ms = due_ms == INT64_MAX ? LONGEST_SLEEP_MS : due_ms - now_ms();
    sleep_ms = sleep_ms > LONGEST_SLEEP_MS ? LONGEST_SLEEP_MS : sleep_ms;
    sleep_ms = sleep_ms > max_ms ? max_ms : sleep_ms;
    sim_sleep(bench->sim, sleep_ms > 0 ? sleep_ms : 1);
}

static bool has_ended(enum atl_job_state state)
{
    return state != ATL_JOB_QUEUED && state != ATL_JOB_SENDING;
}

enum atl_job_state sim_bench_run(struct sim_bench *bench, int64_t job, int64_t ms)
{
    const int64_t until_ms = sim_now_ms(bench->sim) + ms;
    enum atl_job_state state = fixture_job(bench->store, job).state;

    while (!has_ended(state) && sim_now_ms(bench->sim) < until_ms) {
        sim_bench_turn(bench, until_ms - sim_now_ms(bench->sim));
        state = fixture_job(bench->store, job).state;
    }
    return state;
}

struct atl_device sim_bench_device(struct sim_bench *bench)
{
    struct atl_device device = {0};
    size_t count = 0;

    OK(atl_devices_list(bench->store, &device, 1, &count, &fixture_error));
    return device;
}

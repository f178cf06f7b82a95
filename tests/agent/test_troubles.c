// SPDX-License-Identifier: Apache-2.0
// Every trouble that a printer of each family can have, before, during and after a paper, under the
// real lane with the real store: what the till reads two seconds later, how the job ends, how many
// papers came out, and that the next one prints without a restart of anything. The table is
// troubles.tsv, for reviewers; the head of it says what its columns are.
//
//     test_troubles
//     test_troubles write    prints the table as it came out, for a family that is new
#include "plugin/render/raster.h"
#include "tests/agent/sim_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    EACH = SIM_SAMPLE < 40 ? 2 : 1, // row is played
    TELL_MS = 2000,                 // for the till to know
    LONGEST_MS = 900000,            // for a job to end
    REST_MS = 10000,                // after the cure
    NEXT_MS = 120000,
    COLUMNS = 9,
    LINE_BYTES = 512,
    PAGE = 2, // of the family's papers
};

// ---- The table ----

struct row {
    const char *printer, *model, *when, *trouble, *cured, *words, *state, *papers, *next;
};

static bool parse(char *line, struct row *row)
{
    char *cells[COLUMNS] = {0};
    size_t count = 0;

    line[strcspn(line, "\n")] = '\0';
    if (!line[0] || line[0] == '#')
        return false;
    for (char *cell; count < COLUMNS && (cell = strsep(&line, "\t")); count++)
        cells[count] = cell;
    if (count != COLUMNS || line)
        fail_msg("a row of %zu columns: %s", count, cells[0]);
    *row = (struct row){cells[0], cells[1], cells[2], cells[3], cells[4],
                        cells[5], cells[6], cells[7], cells[8]};
    return true;
}

static const struct {
    const char *name;
    uint32_t set;
    bool is_mechanical; // comes while a row is printed, not while a byte is taken
} troubles[] = {
    {"paper out",      SIM_PAPER_OUT,      true },
    {"paper low",      SIM_PAPER_LOW,      true },
    {"cover open",     SIM_COVER_OPEN,     true },
    {"cutter stuck",   SIM_CUTTER_JAM,     true },
    {"head hot",       SIM_HOT,            true },
    {"offline",        SIM_OFFLINE,        true },
    {"ribbon out",     SIM_RIBBON_OUT,     true },
    {"paused",         SIM_PAUSED,         true },
    {"label in mouth", SIM_LABEL_IN_MOUTH, true },
    {"takes nothing",  SIM_DEAF,           false},
    {"says nothing",   SIM_SILENT,         false},
    {"unplugged",      SIM_UNPLUGGED,      false},
    {"switched off",   SIM_OFF,            false},
    {"another roll",   0,                  false},
};

static size_t trouble_of(const char *name)
{
    size_t i = 0;

    while (i < sizeof troubles / sizeof troubles[0] && strcmp(troubles[i].name, name) != 0)
        i++;
    if (i == sizeof troubles / sizeof troubles[0])
        fail_msg("there is no trouble \"%s\"", name);
    return i;
}

// ---- A family on the desk ----

struct desk {
    struct sim_bench bench;
    bool is_open;
    struct sim_paper paper; // as it comes out when all is well
    struct sim_paper next;
    uint64_t middle_byte; // of the conversation, and the first one behind the job
    uint64_t end_byte;
    uint64_t middle_row;
    char seen[ATL_NOTE_SIZE]; // what the till read in time
    bool was_seen;
};

static void copy_paper(const struct sim_paper *from, struct sim_paper *to)
{
    *to = *from;
    atl_buf_init(&to->ink, from->ink.len + 1);
    atl_buf_add(&to->ink, from->ink.data, from->ink.len);
}

static void print_well(struct desk *desk, int page, struct sim_paper *paper)
{
    const struct sim_paper *papers;

    sim_reset(desk->bench.sim);
    (void)sim_bench_run(&desk->bench, sim_bench_queue(&desk->bench, page), NEXT_MS);
    sim_pass(desk->bench.sim, NEXT_MS);
    assert_int_equal(sim_papers(desk->bench.sim, &papers), 1);
    copy_paper(&papers[0], paper);
}

// Where in the conversation the job stands.
static void find_job(struct desk *desk)
{
    struct atl_model model = *sim_model(desk->bench.sim); // loaded as the lane believes it to be
    const uint8_t *kinds, *stream, *job;
    struct atl_raster *raster = NULL;
    struct atl_rasteriser rasteriser;
    struct atl_buf bytes;
    size_t len;

    atl_buf_init(&bytes, 8 * 1024 * 1024);
    OK(atl_raster_open(&raster, &fixture_error));
    rasteriser = atl_raster_rasteriser(raster);
    if (desk->bench.family->media) {
        model.media = atl_media_find(&model, desk->bench.family->media);
        model.media_count = 1;
    }
    OK(desk->bench.driver.encode(desk->bench.pages[PAGE], &model, &rasteriser, &bytes,
                                 &fixture_error));
    stream = sim_stream(desk->bench.sim, &len, &kinds);
    job = memmem(stream, len, bytes.data, bytes.len);
    assert_non_null(job);
    desk->end_byte = (uint64_t)(job - stream) + bytes.len;
    desk->middle_byte = desk->end_byte - bytes.len / 2;
    desk->middle_row = sim_printed_rows(desk->bench.sim) / 2;
    atl_buf_free(&bytes);
    atl_raster_close(raster);
}

static void leave(struct desk *desk)
{
    if (!desk->is_open)
        return;
    atl_buf_free(&desk->paper.ink);
    atl_buf_free(&desk->next.ink);
    sim_bench_close(&desk->bench);
    desk->is_open = false;
}

static void go_to(struct desk *desk, const struct sim_family *family)
{
    if (desk->is_open && desk->bench.family == family)
        return;
    leave(desk);
    sim_bench_open(&desk->bench, family);
    desk->is_open = true;
    print_well(desk, SIM_NEXT_PAGE, &desk->next);
    print_well(desk, PAGE, &desk->paper);
    find_job(desk);
}

// ---- A row ----

struct outcome {
    char words[ATL_NOTE_SIZE];
    const char *state;
    int papers;
    const char *next;
    char after[ATL_NOTE_SIZE]; // trouble that is still told when all is over
    char wrong[160];           // what may never be, whatever the table says; "" when nothing is
};

static void look(void *ctx)
{
    struct desk *desk = ctx;
    const struct atl_device device = sim_bench_device(&desk->bench);

    (void)snprintf(desk->seen, sizeof desk->seen, "%s", device.trouble);
    desk->was_seen = true;
}

static void plan(struct desk *desk, const struct row *row)
{
    const size_t which = trouble_of(row->trouble);
    const bool is_before = strcmp(row->when, "before") == 0;
    struct sim_fault fault = {.trigger = SIM_AT_MS,
                              .set = troubles[which].set,
                              .for_ms = (uint32_t)(atof(row->cured) * 1000)};

    desk->was_seen = false;
    desk->seen[0] = '\0';
    if (strcmp(row->when, "after") == 0) {
        fault.trigger = SIM_AT_BYTE;
        fault.at = desk->end_byte;
    } else if (!is_before && troubles[which].is_mechanical) {
        fault.trigger = SIM_AT_ROW;
        fault.at = desk->middle_row;
    } else if (!is_before) {
        fault.trigger = SIM_AT_BYTE;
        fault.at = desk->middle_byte;
    }
    sim_watch(desk->bench.sim, TELL_MS, !is_before, look, desk);
    sim_plan(desk->bench.sim, &fault, fault.set ? 1 : 0);
    if (!fault.set)
        sim_load(desk->bench.sim, sim_other_media(desk->bench.sim));
}

// Until the job has ended, and the trouble is over.
static enum atl_job_state run(struct desk *desk, const struct row *row, int64_t job)
{
    struct sim_bench *bench = &desk->bench;
    const int64_t start_ms = sim_now_ms(bench->sim);
    const int64_t cure_ms = start_ms + (int64_t)(atof(row->cured) * 1000);
    const char *media = sim_first_media(bench->sim);
    enum atl_job_state state = ATL_JOB_QUEUED;

    while (sim_now_ms(bench->sim) < start_ms + LONGEST_MS) {
        const bool is_over = sim_now_ms(bench->sim) >= cure_ms;

        if (is_over)
            sim_load(bench->sim, media);
        sim_bench_turn(bench, is_over ? LONGEST_MS : cure_ms - sim_now_ms(bench->sim));
        state = fixture_job(bench->store, job).state;
        if (state != ATL_JOB_QUEUED && is_over && !sim_conditions(bench->sim))
            break;
    }
    for (int64_t end = sim_now_ms(bench->sim) + REST_MS; sim_now_ms(bench->sim) < end;)
        sim_bench_turn(bench, end - sim_now_ms(bench->sim));
    return state;
}

static void count_papers(struct desk *desk, struct outcome *outcome)
{
    const struct sim_paper *papers;
    const size_t count = sim_papers(desk->bench.sim, &papers);
    int next = 0;

    for (size_t i = 0; i < count; i++) {
        // Some print a label anew that was spoiled: it is one label, below what is left of itself.
        if (papers[i].is_whole && (sim_is_same(&papers[i], &desk->paper) ||
                                   sim_is_part_and_whole(&papers[i], &desk->paper, &desk->paper)))
            outcome->papers++;
        else if (papers[i].is_whole && sim_is_part_and_whole(&papers[i], &desk->paper, &desk->next))
            next++;
        else if (!sim_is_part(&papers[i], &desk->paper))
            (void)snprintf(outcome->wrong, sizeof outcome->wrong, "a paper that nobody wanted");
    }
    if (next != 1)
        (void)snprintf(outcome->wrong, sizeof outcome->wrong, "%d next papers", next);
    if (sim_garbage_count(desk->bench.sim))
        (void)snprintf(outcome->wrong, sizeof outcome->wrong, "%.150s",
                       sim_garbage_why(desk->bench.sim));
}

static struct outcome play(struct desk *desk, const struct row *row)
{
    struct sim_bench *bench = &desk->bench;
    struct outcome outcome = {.papers = 0};
    int64_t job;

    sim_reset(bench->sim);
    sim_bench_turn(bench, 1);
    plan(desk, row);
    job = sim_bench_queue(bench, PAGE);
    outcome.state = atl_job_state_name(run(desk, row, job));
    (void)snprintf(outcome.words, sizeof outcome.words, "%s", desk->seen);
    outcome.next =
        atl_job_state_name(sim_bench_run(bench, sim_bench_queue(bench, SIM_NEXT_PAGE), NEXT_MS));
    sim_pass(bench->sim, NEXT_MS);
    sim_bench_turn(bench, 1);
    (void)snprintf(outcome.after, sizeof outcome.after, "%s", sim_bench_device(bench).trouble);
    count_papers(desk, &outcome);
    if (!desk->was_seen)
        (void)snprintf(outcome.wrong, sizeof outcome.wrong, "the trouble never came");
    if (outcome.after[0])
        (void)snprintf(outcome.wrong, sizeof outcome.wrong, "still told: %.120s", outcome.after);
    return outcome;
}

// What differs from the table, in words; "" when nothing does.
static void judge(const struct row *row, const struct outcome *outcome, char out[LINE_BYTES])
{
    const bool is_none = strcmp(row->words, "-") == 0;
    const bool are_words_right =
        is_none ? !outcome->words[0] : strstr(outcome->words, row->words) != NULL;

    out[0] = '\0';
    if (!are_words_right || strcmp(outcome->state, row->state) != 0 ||
        outcome->papers != atoi(row->papers) || strcmp(outcome->next, row->next) != 0 ||
        outcome->wrong[0])
        (void)snprintf(out, LINE_BYTES, "%s, %s, %s: \"%s\", %s, %d papers, next %s%s%s",
                       row->model, row->when, row->trouble, outcome->words, outcome->state,
                       outcome->papers, outcome->next, outcome->wrong[0] ? ": " : "",
                       outcome->wrong);
}

// ---- All rows ----

static bool is_writing;

static const struct sim_family *family_of(const struct row *row)
{
    for (size_t i = 0; sim_family_at(i); i++) {
        if (strcmp(sim_family_at(i)->driver, row->printer) == 0 &&
            strcmp(sim_family_at(i)->model, row->model) == 0)
            return sim_family_at(i);
    }
    fail_msg("no family %s %s", row->printer, row->model);
    return NULL;
}

static void every_trouble_has_its_words_and_its_end(void **state)
{
    FILE *table = fopen(ATL_TESTS_DIR "/agent/troubles.tsv", "re");
    struct desk desk = {.is_open = false};
    char line[LINE_BYTES], wrong[LINE_BYTES];
    int count = 0, wrong_count = 0;

    (void)state;
    assert_non_null(table);
    while (fgets(line, sizeof line, table)) {
        struct row row;
        struct outcome outcome;

        if (!parse(line, &row))
            continue;
        if (count++ % EACH && !is_writing)
            continue;
        go_to(&desk, family_of(&row));
        outcome = play(&desk, &row);
        judge(&row, &outcome, wrong);
        if (is_writing)
            print_message("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s%s%s\n", row.printer, row.model,
                          row.when, row.trouble, row.cured, outcome.words[0] ? outcome.words : "-",
                          outcome.state, outcome.papers, outcome.next,
                          outcome.wrong[0] ? "\t! " : "", outcome.wrong);
        else if (wrong[0] && wrong_count++ < 40)
            print_error("%s\n", wrong);
    }
    (void)fclose(table);
    leave(&desk);
    print_message("%d troubles, %d wrong\n", count, wrong_count);
    assert_int_equal(wrong_count, 0);
    assert_true(count >= 200);
}

// Deliberately wrong: words, end, count of papers.
static void a_row_that_is_wrong_is_found(void **state)
{
    static const struct row rows[] = {
        {"escpos", "tm-t20", "before", "paper out", "20", "the cover is open", "confirmed", "1",
         "confirmed"                                                                                        },
        {"escpos", "tm-t20", "before", "paper out", "20", "-",                 "confirmed", "1", "confirmed"},
        {"escpos", "tm-t20", "before", "paper out", "20", "paper is out",      "unknown",   "1",
         "confirmed"                                                                                        },
        {"escpos", "tm-t20", "before", "paper out", "20", "paper is out",      "confirmed", "2",
         "confirmed"                                                                                        },
    };
    struct desk desk = {.is_open = false};
    char wrong[LINE_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct outcome outcome;

        go_to(&desk, family_of(&rows[i]));
        outcome = play(&desk, &rows[i]);
        judge(&rows[i], &outcome, wrong);
        assert_string_not_equal(wrong, "");
        assert_string_equal(outcome.wrong, "");
    }
    leave(&desk);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_trouble_has_its_words_and_its_end),
        cmocka_unit_test(a_row_that_is_wrong_is_found),
    };

    is_writing = argc > 1 && strcmp(argv[1], "write") == 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: Apache-2.0
// The cable is pulled, the switch turned, or the lane's process killed, at every byte of three
// papers on every family, under the real lane with the real store. Whatever happens: no second
// paper by itself, `unknown` unless the printer gave evidence, no lane that hangs, and the next
// paper is whole.
//
//     test_unplug [DRIVER]        some of the offsets of each paper
//     test_unplug all [DRIVER]    each of them: those of picture dots every 97th
#include "tests/agent/sim_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DOTS_EACH = 97,
    KILL_EACH = 10,  // offsets a lane is killed: a new one opens fonts, which takes its time
    ANEW_EACH = 100, // offsets the store is another
    CONTROL = 40,    // offsets of the paper on which a fault must be found
    PATIENCE_MS = 120000,
    REST_MS = 60000, // in which nothing more may be printed
};

struct plan {
    uint8_t *is_offset; // of the conversation of one paper
    size_t len;
};

struct sweep {
    struct sim_bench bench;
    struct sim_paper papers[SIM_PAGES]; // each as it comes out when all is well
    bool is_all;
    size_t sample;   // offsets of each paper otherwise
    bool is_control; // one wrong thing is enough
    int offset_count;
    int by_state[ATL_JOB_CANCELLED + 1];
    char why[400]; // the first thing that was wrong
    int wrong_count;
    jmp_buf death;    // where the test goes on when the lane is killed
    int second_count; // papers that came out twice, among these
};

static void wrong(struct sweep *sweep, int page, size_t at, uint32_t fault, const char *what)
{
    if (!sweep->wrong_count++)
        (void)snprintf(sweep->why, sizeof sweep->why, "%s %s, %s, %s at byte %zu: %s",
                       sweep->bench.family->driver, sweep->bench.family->model,
                       page < SIM_NEXT_PAGE ? sweep->bench.family->papers[page] : "next",
                       fault == SIM_OFF         ? "switched off"
                       : fault == SIM_UNPLUGGED ? "unplugged"
                                                : "killed",
                       at, what);
}

// ---- As it is when all is well ----

static void copy_paper(const struct sim_paper *from, struct sim_paper *to)
{
    *to = *from;
    atl_buf_init(&to->ink, from->ink.len + 1);
    atl_buf_add(&to->ink, from->ink.data, from->ink.len);
}

// Which bytes of the conversation the cable is pulled at.
static void choose(const struct sweep *sweep, struct plan *plan)
{
    const uint8_t *kinds;
    size_t dots = 0, count = 0, each, seen = 0;

    (void)sim_stream(sweep->bench.sim, &plan->len, &kinds);
    plan->is_offset = test_calloc(plan->len + 1, 1);
    for (size_t i = 0; i <= plan->len; i++) {
        if (i == plan->len || !kinds[i] || dots++ % DOTS_EACH == 0)
            plan->is_offset[i] = 1;
        count += plan->is_offset[i];
    }
    each = sweep->is_all || count < sweep->sample ? 1 : count / sweep->sample;
    for (size_t i = 0; i < plan->len; i++) { // the end is always among them
        if (plan->is_offset[i] && seen++ % each)
            plan->is_offset[i] = 0;
    }
}

static void print_well(struct sweep *sweep, int page, struct plan *plan)
{
    struct sim_bench *bench = &sweep->bench;
    const bool is_answering = bench->family->is_answering;
    const struct sim_paper *papers;
    int64_t job;

    sim_reset(bench->sim);
    job = sim_bench_queue(bench, page);
    assert_int_equal(sim_bench_run(bench, job, PATIENCE_MS),
                     is_answering ? ATL_JOB_CONFIRMED : ATL_JOB_SENT);
    sim_pass(bench->sim, PATIENCE_MS);
    if (sim_garbage_count(bench->sim))
        fail_msg("%s: %s", bench->family->driver, sim_garbage_why(bench->sim));
    assert_int_equal(sim_papers(bench->sim, &papers), 1);
    assert_true(papers[0].is_whole);
    copy_paper(&papers[0], &sweep->papers[page]);
    if (plan)
        choose(sweep, plan);
}

// ---- One offset ----

// A new lane does not know how far the dead one got: of what is left of the old paper the last row
// may be a thin line of dots (drivers/dymo/README.md).
static bool is_part_but_its_last_row(const struct sim_paper *paper, const struct sim_paper *old)
{
    struct sim_paper rest = *paper;

    if (rest.ink.len)
        rest.ink.len--; // its line feed
    while (rest.ink.len && rest.ink.data[rest.ink.len - 1] != '\n')
        rest.ink.len--;
    return rest.ink.len && sim_is_part(&rest, old);
}

// Of the old paper there may be one, whole or begun; of the next one, just one, and whole.
static void judge_papers(struct sweep *sweep, int page, size_t at, uint32_t fault,
                         enum atl_job_state state)
{
    const struct sim_paper *old = &sweep->papers[page];
    const struct sim_paper *next = &sweep->papers[SIM_NEXT_PAGE];
    const struct sim_paper *papers;
    const size_t count = sim_papers(sweep->bench.sim, &papers);
    int old_count = 0, next_count = 0;

    for (size_t i = 0; i < count; i++) {
        const struct sim_paper *paper = &papers[i];

        if (paper->is_whole && sim_is_same(paper, old))
            old_count++;
        else if (paper->is_whole && sim_is_part_and_whole(paper, old, next))
            next_count++;
        else if (!sim_is_part(paper, old) && (fault || !is_part_but_its_last_row(paper, old)))
            wrong(sweep, page, at, fault, "a paper that nobody wanted");
    }
    if (old_count > 1) {
        sweep->second_count++;
        wrong(sweep, page, at, fault, "a second paper by itself");
    }
    if (next_count != 1)
        wrong(sweep, page, at, fault, "the next paper is not whole");
    if (state == ATL_JOB_CONFIRMED && old_count != 1)
        wrong(sweep, page, at, fault, "confirmed, and there is no paper");
    if (sim_garbage_count(sweep->bench.sim))
        wrong(sweep, page, at, fault, sim_garbage_why(sweep->bench.sim));
}

static void kill_lane(void *ctx)
{
    longjmp(((struct sweep *)ctx)->death, 1);
}

// Until the cable is out or the lane is dead, and a moment longer.
static void run_into_it(struct sweep *sweep, int64_t job, uint32_t set)
{
    if (setjmp(sweep->death)) {
        sim_bench_restart(&sweep->bench);
        return;
    }
    if (!set)
        sim_watch(sweep->bench.sim, 0, true, kill_lane, sweep);
    (void)sim_bench_run(&sweep->bench, job, 3000);
    sim_watch(sweep->bench.sim, 0, false, NULL, NULL);
}

// set: SIM_UNPLUGGED, SIM_OFF; 0: the process is killed.
static void pull_at(struct sweep *sweep, int page, size_t at, uint32_t set)
{
    const struct sim_fault fault = {.trigger = SIM_AT_BYTE, .at = at, .set = set};
    struct sim_bench *bench = &sweep->bench;
    const bool is_answering = bench->family->is_answering;
    enum atl_job_state state, next;
    int64_t job;

    sim_reset(bench->sim);
    sim_bench_turn(bench, 1); // the lane finds the new printer
    job = sim_bench_queue(bench, page);
    sim_plan(bench->sim, &fault, 1);
    run_into_it(sweep, job, set);
    sim_clear(bench->sim, set);
    state = sim_bench_run(bench, job, PATIENCE_MS);
    for (int64_t end = sim_now_ms(bench->sim) + REST_MS; sim_now_ms(bench->sim) < end;)
        sim_bench_turn(bench, end - sim_now_ms(bench->sim));
    if (fixture_job(bench->store, job).state != state)
        wrong(sweep, page, at, set, "its state changed by itself");
    if (state != ATL_JOB_UNKNOWN && state != (is_answering ? ATL_JOB_CONFIRMED : ATL_JOB_SENT))
        wrong(sweep, page, at, set, atl_job_state_name(state));
    sweep->by_state[state]++;
    sweep->offset_count++;
    next = sim_bench_run(bench, sim_bench_queue(bench, SIM_NEXT_PAGE), PATIENCE_MS);
    sim_pass(bench->sim, PATIENCE_MS);
    if (next != (is_answering ? ATL_JOB_CONFIRMED : ATL_JOB_SENT))
        wrong(sweep, page, at, set, "the lane does not get on");
    judge_papers(sweep, page, at, set, state);
}

// ---- All offsets ----

static void sweep_page(struct sweep *sweep, int page)
{
    struct plan plan = {0};
    int count = 0;

    print_well(sweep, page, &plan);
    assert_true(plan.len > 100);
    for (size_t at = 0; at <= plan.len; at++) {
        if (!plan.is_offset[at] || (sweep->is_control && sweep->wrong_count))
            continue;
        pull_at(sweep, page, at, SIM_UNPLUGGED);
        pull_at(sweep, page, at, SIM_OFF);
        if (count % KILL_EACH == 0)
            pull_at(sweep, page, at, 0);
        if (++count % ANEW_EACH == 0)
            sim_bench_begin_anew(&sweep->bench);
    }
    test_free(plan.is_offset);
}

static void begin(struct sweep *sweep, const struct sim_family *family, bool is_all)
{
    memset(sweep, 0, sizeof *sweep);
    sweep->is_all = is_all;
    sweep->sample = SIM_SAMPLE;
    sim_bench_open(&sweep->bench, family);
    print_well(sweep, SIM_NEXT_PAGE, NULL);
}

static void end(struct sweep *sweep)
{
    for (int page = 0; page < SIM_PAGES; page++)
        atl_buf_free(&sweep->papers[page].ink);
    sim_bench_close(&sweep->bench);
}

static bool wants_all;
static const char *wanted_driver; // NULL: all

// A sister of another row, another language of the same driver, only when it is asked for.
static bool is_wanted(const struct sim_family *family)
{
    if (!wanted_driver && !wants_all && strcmp(family->driver, "star") == 0)
        return strcmp(family->model, "tsp100") == 0;
    return !wanted_driver || strcmp(family->driver, wanted_driver) == 0;
}

static void no_cable_makes_a_second_paper_or_stops_the_next(void **state)
{
    struct sweep sweep;

    (void)state;
    for (size_t i = 0; sim_family_at(i); i++) {
        const struct sim_family *family = sim_family_at(i);

        if (!is_wanted(family))
            continue;
        begin(&sweep, family, wants_all);
        for (int page = 0; page < SIM_NEXT_PAGE; page++)
            sweep_page(&sweep, page);
        print_message("%s %s: %d times: %d confirmed, %d sent, %d unknown\n", family->driver,
                      family->model, sweep.offset_count, sweep.by_state[ATL_JOB_CONFIRMED],
                      sweep.by_state[ATL_JOB_SENT], sweep.by_state[ATL_JOB_UNKNOWN]);
        if (sweep.wrong_count)
            fail_msg("%d times; first: %s", sweep.wrong_count, sweep.why);
        assert_true(sweep.by_state[ATL_JOB_UNKNOWN] > 0);
        end(&sweep);
    }
}

// ---- What must be found ----

static struct sim *retried_on; // work has no room for more context

// A lane that prints again by itself what it does not know the end of.
static enum atl_outcome send_twice(const struct atl_job *job, void *ctx, struct atl_error *evidence)
{
    enum atl_outcome outcome = atl_print_work.send(job, ctx, evidence);

    if (outcome == ATL_OUTCOME_PROVEN)
        return outcome;
    sim_clear(retried_on, SIM_UNPLUGGED | SIM_OFF);
    atl_print_work.settle(job, ATL_JOB_QUEUED, ctx);
    if (atl_print_work.prepare(job, ctx, evidence))
        return outcome;
    return atl_print_work.send(job, ctx, evidence);
}

static void a_lane_that_prints_again_by_itself_is_found(void **state)
{
    struct sweep sweep;

    (void)state;
    for (size_t i = 0; sim_family_at(i); i++) {
        if (!sim_family_at(i)->is_answering || !is_wanted(sim_family_at(i)))
            continue;
        begin(&sweep, sim_family_at(i), false);
        sweep.bench.work.send = send_twice;
        retried_on = sweep.bench.sim;
        sweep_page(&sweep, 0);
        assert_true(sweep.second_count > 0);
        end(&sweep);
    }
}

// Each job of these begins with what mends the one before, so nothing is left to be found.
static bool begins_anew(const struct sim_family *family)
{
    static const char *const drivers[] = {"brother"};

    for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++) {
        if (strcmp(drivers[i], family->driver) == 0)
            return true;
    }
    return false;
}

static void a_driver_that_leaves_a_printer_in_the_middle_is_found(void **state)
{
    struct sweep sweep;

    (void)state;
    for (size_t i = 0; sim_family_at(i); i++) {
        if (begins_anew(sim_family_at(i)) || !is_wanted(sim_family_at(i)))
            continue;
        begin(&sweep, sim_family_at(i), false);
        sweep.sample = CONTROL;
        sweep.is_control = true;
        sweep.bench.driver.resync = NULL;
        sim_bench_restart(&sweep.bench);
        sweep_page(&sweep, 0);
        assert_true(sweep.wrong_count > 0);
        end(&sweep);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_cable_makes_a_second_paper_or_stops_the_next),
        cmocka_unit_test(a_lane_that_prints_again_by_itself_is_found),
        cmocka_unit_test(a_driver_that_leaves_a_printer_in_the_middle_is_found),
    };

    wants_all = argc > 1 && strcmp(argv[1], "all") == 0;
    wanted_driver = argc > 1 + wants_all ? argv[1 + wants_all] : NULL;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: Apache-2.0
// The simulated printers themselves: time, faults, buffer and papers behave as said in sim.h.
#include "tests/support/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TICKET "\x1b@\x1bR\0\x1c.anna\n\x1dV\x42\0"
enum { TICKET_BYTES = sizeof TICKET - 1 };

static struct sim *desk(const char *model)
{
    const struct atl_driver *driver = atl_driver_find("escpos");

    return sim_make(driver, atl_model_find(driver, model), NULL);
}

static struct atl_link *open_link(struct sim *sim)
{
    struct atl_link *link = NULL;
    struct atl_error err = {0};

    if (sim_open_link(sim, &link, &err))
        fail_msg("%s", err.text);
    return link;
}

static atl_code write_ticket(struct atl_link *link)
{
    return link->ops->write(link, TICKET, TICKET_BYTES, 1000, NULL);
}

static size_t whole_papers(struct sim *sim)
{
    const struct sim_paper *papers;
    size_t whole = 0;

    for (size_t i = 0, count = sim_papers(sim, &papers); i < count; i++)
        whole += papers[i].is_whole;
    return whole;
}

static uint8_t ask(struct atl_link *link, uint8_t query)
{
    const uint8_t question[] = {0x10, 4, query};
    uint8_t answer = 0;
    size_t got = 0;

    assert_int_equal(link->ops->write(link, question, sizeof question, 100, NULL), ATL_OK);
    assert_int_equal(link->ops->read(link, &answer, 1, &got, 100, NULL), ATL_OK);
    return answer;
}

static void a_ticket_comes_out_and_takes_its_time(void **state)
{
    struct sim *sim = desk("tm-t20");
    struct atl_link *link = open_link(sim);
    const struct sim_paper *papers;
    uint8_t answer = 0xff;
    size_t got;

    (void)state;
    assert_int_equal(write_ticket(link), ATL_OK);
    assert_int_equal(link->ops->write(link, "\x1dr\1", 3, 1000, NULL), ATL_OK);
    assert_int_equal(link->ops->read(link, &answer, 1, &got, 1000, NULL), ATL_OK);
    assert_int_equal(answer, 0);
    assert_in_range(sim_now_ms(sim), 100, 999);
    assert_int_equal(sim_papers(sim, &papers), 1);
    assert_true(papers[0].is_whole);
    assert_memory_equal(papers[0].ink.data, "Tanna\n", 6);
    assert_int_equal(sim_garbage_count(sim), 0);
    link->ops->close(link);
    sim_free(sim);
}

static void without_paper_it_keeps_what_it_has_and_prints_on(void **state)
{
    struct sim *sim = desk("tm-t20");
    struct atl_link *link = open_link(sim);

    (void)state;
    sim_set(sim, SIM_PAPER_OUT);
    assert_int_equal(write_ticket(link), ATL_OK);
    sim_pass(sim, 60000);
    assert_int_equal(whole_papers(sim), 0);
    assert_int_equal(ask(link, 4), 0x7e);
    sim_clear(sim, SIM_PAPER_OUT);
    sim_pass(sim, 1000);
    assert_int_equal(whole_papers(sim), 1);
    link->ops->close(link);
    sim_free(sim);
}

static void a_cable_that_is_pulled_leaves_the_buffer_and_a_switch_does_not(void **state)
{
    const struct sim_fault pulled = {.trigger = SIM_AT_BYTE, .at = 9, .set = SIM_UNPLUGGED};
    const struct sim_fault off = {.trigger = SIM_AT_BYTE, .at = 9, .set = SIM_OFF};
    struct sim *sim = desk("tm-t20");
    struct atl_link *link = open_link(sim);

    (void)state;
    for (int i = 0; i < 2; i++) {
        const struct sim_paper *papers;
        struct atl_error err = {0};

        sim_plan(sim, i ? &off : &pulled, 1);
        assert_int_equal(link->ops->write(link, TICKET, TICKET_BYTES, 1000, &err), ATL_E_IO);
        assert_non_null(strstr(err.text, "unplugged"));
        assert_int_equal(link->accepted_bytes, 9);
        link->ops->close(link);
        assert_int_equal(sim_open_link(sim, &link, NULL), ATL_E_NOT_FOUND);
        sim_clear(sim, SIM_UNPLUGGED | SIM_OFF);
        link = open_link(sim);
        assert_int_equal(link->ops->write(link, "\n", 1, 1000, NULL), ATL_OK);
        sim_pass(sim, 1000);
        assert_int_equal(sim_papers(sim, &papers), i ? 0 : 1); // two letters of "anna"
        if (!i)
            assert_memory_equal(papers[0].ink.data, "Tan\n", 4);
        sim_reset(sim);
        link->ops->close(link);
        link = open_link(sim);
    }
    link->ops->close(link);
    sim_free(sim);
}

static void one_that_is_full_takes_nothing_and_no_real_second_passes(void **state)
{
    struct sim *sim = desk("tm-t20");
    struct atl_link *link = open_link(sim);
    static uint8_t much[8192];

    (void)state;
    memset(much, '\n', sizeof much);
    sim_set(sim, SIM_COVER_OPEN);
    assert_int_equal(link->ops->write(link, much, sizeof much, 3600000, NULL), ATL_E_TIMEOUT);
    assert_int_equal(link->accepted_bytes, 4096);
    assert_true(sim_now_ms(sim) >= 3600000);
    sim_clear(sim, SIM_COVER_OPEN);
    assert_int_equal(link->ops->write(link, much + 4096, 4096, 1000, NULL), ATL_OK);
    link->ops->close(link);
    sim_free(sim);
}

static void faults_come_by_byte_row_and_time_and_go_again(void **state)
{
    const struct sim_fault faults[] = {
        {.trigger = SIM_AT_ROW, .at = 1,    .set = SIM_PAPER_OUT,  .for_ms = 5000},
        {.trigger = SIM_AT_MS,  .at = 2000, .set = SIM_COVER_OPEN, .for_ms = 100 },
    };
    struct sim *sim = desk("tm-t20");
    struct atl_link *link = open_link(sim);

    (void)state;
    sim_plan(sim, faults, 2);
    assert_int_equal(write_ticket(link), ATL_OK);
    sim_pass(sim, 1500);
    assert_int_equal(sim_conditions(sim), SIM_PAPER_OUT);
    sim_pass(sim, 550);
    assert_int_equal(sim_conditions(sim), SIM_PAPER_OUT | SIM_COVER_OPEN);
    assert_int_equal(whole_papers(sim), 0);
    sim_pass(sim, 4000);
    assert_int_equal(sim_conditions(sim), 0);
    assert_int_equal(whole_papers(sim), 1);
    link->ops->close(link);
    sim_free(sim);
}

static void what_is_not_its_language_is_counted(void **state)
{
    static const char *const bad[] = {"\x1bi", "\x1dv0\1\1\0\1\0", "\a", "\x10\x14"};
    struct sim *sim = desk("tm-t20");
    struct atl_link *link;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sim_reset(sim);
        link = open_link(sim);
        assert_int_equal(link->ops->write(link, bad[i], i == 1 ? 8 : strlen(bad[i]), 10, NULL), 0);
        assert_true(sim_garbage_count(sim) > 0);
        link->ops->close(link);
    }
    sim_free(sim);
}

static void a_picture_that_ends_early_swallows_what_comes_next(void **state)
{
    struct sim *sim = desk("tm-t20");
    struct atl_link *link = open_link(sim);
    const struct sim_paper *papers;

    (void)state;
    assert_int_equal(link->ops->write(link, "\x1dv0\0\2\0\100\0\xff", 9, 10, NULL), ATL_OK);
    assert_int_equal(write_ticket(link), ATL_OK);
    sim_pass(sim, 1000);
    assert_int_equal(whole_papers(sim), 0);
    assert_int_equal(sim_papers(sim, &papers), 1);
    assert_memory_equal(papers[0].ink.data, "D\xff\x1b\n", 4);
    link->ops->close(link);
    sim_free(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_comes_out_and_takes_its_time),
        cmocka_unit_test(without_paper_it_keeps_what_it_has_and_prints_on),
        cmocka_unit_test(a_cable_that_is_pulled_leaves_the_buffer_and_a_switch_does_not),
        cmocka_unit_test(one_that_is_full_takes_nothing_and_no_real_second_passes),
        cmocka_unit_test(faults_come_by_byte_row_and_time_and_go_again),
        cmocka_unit_test(what_is_not_its_language_is_counted),
        cmocka_unit_test(a_picture_that_ends_early_swallows_what_comes_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

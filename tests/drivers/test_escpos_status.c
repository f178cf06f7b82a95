// SPDX-License-Identifier: Apache-2.0
// The conversation, from recordings. All of them are made up; see the driver's README.
#include "drivers/driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { UNTOUCHED = 0xdead };

static const struct atl_model *model_of(const char *id)
{
    return atl_model_find(atl_driver_find("escpos"), id);
}

static struct atl_link *open_recording(const char *recording)
{
    char path[512];
    struct atl_link *link = NULL;
    struct atl_error err = {0};

    snprintf(path, sizeof path, "replay:%s/drivers/escpos/%s", ATL_TESTS_DIR, recording);
    if (atl_link_open(path, &link, &err))
        fail_msg("%s", err.text);
    return link;
}

static atl_code status_from(const char *recording, uint32_t *trouble, struct atl_error *err)
{
    struct atl_link *link = open_recording(recording);
    atl_code rc = atl_driver_find("escpos")->status(link, model_of("tm-t20"), trouble, err);

    link->ops->close(link);
    return rc;
}

static atl_code confirm_from(const char *recording, const char *id, char *evidence, size_t size,
                             struct atl_error *err)
{
    struct atl_link *link = open_recording(recording);
    atl_code rc = atl_driver_find("escpos")->confirm(link, model_of(id), 200, evidence, size, err);

    link->ops->close(link);
    return rc;
}

static void each_trouble_is_told_and_what_follows_from_it_is_not(void **state)
{
    static const struct case_ {
        const char *recording;
        uint32_t trouble;
        const char *words;
    } cases[] = {
        {"healthy.replay",    ATL_TROUBLE_NONE,                                                    ""},
        {"paper-out.replay",  ATL_TROUBLE_OFFLINE | ATL_TROUBLE_MEDIA_OUT | ATL_TROUBLE_MEDIA_LOW,
         "paper is out: put in a new roll"                                                           },
        {"cover-open.replay", ATL_TROUBLE_OFFLINE | ATL_TROUBLE_COVER_OPEN,
         "the cover is open: close it"                                                               },
        {"cutter.replay",     ATL_TROUBLE_OFFLINE | ATL_TROUBLE_JAM | ATL_TROUBLE_MEDIA_LOW,
         "the cutter is stuck: switch it off, clear the paper, switch on; paper is nearly out: "
         "have "
         "a roll ready"                                                                              },
        {"xon.replay",        ATL_TROUBLE_NONE,                                                    ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct atl_error err = {0};
        uint32_t trouble = UNTOUCHED;
        char words[200];

        if (status_from(cases[i].recording, &trouble, &err))
            fail_msg("%s: %s", cases[i].recording, err.text);
        assert_int_equal(trouble, cases[i].trouble);
        atl_trouble_words(trouble, words, sizeof words);
        assert_string_equal(words, cases[i].words);
    }
}

static void a_pulled_cable_is_a_timeout_and_leaves_trouble_alone(void **state)
{
    struct atl_error err = {0};
    uint32_t trouble = UNTOUCHED;

    (void)state;
    assert_int_equal(status_from("silent.replay", &trouble, &err), ATL_E_TIMEOUT);
    assert_int_equal(trouble, UNTOUCHED);
    assert_string_equal(err.text, "Epson TM-T20: status query 2: replay: recorded timeout, line 5");
    assert_int_equal(status_from("gone.replay", &trouble, &err), ATL_E_IO);
    assert_int_equal(trouble, UNTOUCHED);
}

static void letters_are_not_taken_for_an_answer(void **state)
{
    struct atl_error err = {0};
    uint32_t trouble = UNTOUCHED;

    (void)state;
    assert_int_equal(status_from("noise.replay", &trouble, &err), ATL_E_IO);
    assert_string_equal(err.text, "Epson TM-T20: status query 1: byte 4f is not the answer");
    assert_int_equal(trouble, UNTOUCHED);
}

static void models_without_status_are_never_asked(void **state)
{
    uint32_t trouble = UNTOUCHED;
    char evidence[64] = "untouched";
    struct atl_link *link = open_recording("healthy.replay");

    (void)state;
    assert_int_equal(
        atl_driver_find("escpos")->status(link, model_of("generic-80"), &trouble, NULL), ATL_OK);
    assert_int_equal(trouble, ATL_TROUBLE_NONE);
    assert_int_equal(atl_driver_find("escpos")->confirm(link, model_of("generic-80"), 100, evidence,
                                                        sizeof evidence, NULL),
                     ATL_E_UNSUPPORTED);
    assert_string_equal(evidence, "untouched");
    assert_int_equal(link->accepted_bytes, 0);
    link->ops->close(link);
}

static void a_passed_fence_and_clean_answers_are_the_evidence(void **state)
{
    struct atl_error err = {0};
    char evidence[64] = "";

    (void)state;
    if (confirm_from("printed.replay", "tm-t20", evidence, sizeof evidence, &err))
        fail_msg("%s", err.text);
    assert_string_equal(evidence, "GS r 1 00; DLE EOT 16 12 12 1e");
    if (confirm_from("named.replay", "tm-t88v", evidence, sizeof evidence, &err))
        fail_msg("%s", err.text);
    assert_string_equal(evidence, "GS ( H 0000 printed; DLE EOT 16 12 12 12");
}

static void without_the_printers_word_nothing_is_confirmed(void **state)
{
    static const struct case_ {
        const char *recording, *id;
        atl_code code;
        const char *text;
    } cases[] = {
        {"paper-out-in-ticket.replay",     "tm-t20",  ATL_E_DEVICE,
         "Epson TM-T20: paper is out: put in a new roll"                               },
        {"pulled-in-ticket.replay",        "tm-t20",  ATL_E_TIMEOUT,
         "Epson TM-T20: waiting for its word: replay: recorded timeout, line 3"        },
        {"cover-opened-at-the-end.replay", "tm-t20",  ATL_E_DEVICE,
         "Epson TM-T20: the cover is open: close it"                                   },
        {"named-another.replay",           "tm-t88v", ATL_E_IO,
         "Epson TM-T88V or later: waiting for its word: it named another job than 0000"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct atl_error err = {0};
        char evidence[64] = "untouched";

        assert_int_equal(
            confirm_from(cases[i].recording, cases[i].id, evidence, sizeof evidence, &err),
            cases[i].code);
        assert_string_equal(err.text, cases[i].text);
        assert_string_equal(evidence, "untouched");
    }
}

static void a_job_can_be_proven_as_far_as_the_weakest_of_link_model_and_driver(void **state)
{
    const struct atl_driver *driver = atl_driver_find("escpos");
    struct atl_link *talking = open_recording("healthy.replay");
    struct atl_link *file = NULL;

    (void)state;
    assert_int_equal(atl_link_open("file:proof.bin", &file, NULL), ATL_OK);
    assert_int_equal(atl_driver_proof(driver, model_of("generic-80"), talking), ATL_PROOF_TAKEN);
    assert_int_equal(atl_driver_proof(driver, model_of("tm-t20"), talking), ATL_PROOF_IDLE);
    assert_int_equal(atl_driver_proof(driver, model_of("tm-t88v"), talking), ATL_PROOF_FINISHED);
    for (size_t i = 0; i < driver->model_count; i++) {
        assert_int_equal(atl_driver_proof(driver, &driver->models[i], file), ATL_PROOF_NONE);
        assert_true(atl_driver_is_mute(&driver->models[i], file));
    }
    assert_true(atl_driver_is_mute(model_of("generic-80"), NULL));
    assert_true(atl_driver_is_mute(model_of("generic-80"), talking));
    assert_false(atl_driver_is_mute(model_of("tm-t20"), talking));
    talking->carries = ATL_LINK_CARRIES_BYTES;
    assert_int_equal(atl_driver_proof(driver, model_of("tm-t88v"), talking), ATL_PROOF_TAKEN);
    talking->ops->close(talking);
    file->ops->close(file);
}

static void drivers_and_models_are_found_by_name_and_nothing_else_is(void **state)
{
    const struct atl_driver *driver = atl_driver_find("escpos");

    (void)state;
    assert_non_null(driver);
    assert_null(atl_driver_find("star9000"));
    assert_string_equal(atl_model_find(driver, NULL)->id, "generic-80");
    assert_string_equal(atl_model_find(driver, "")->id, "generic-80");
    assert_string_equal(atl_model_find(driver, "tm-t88")->id, "tm-t88");
    assert_null(atl_model_find(driver, "tm-t8"));
}

static void trouble_that_does_not_fit_is_left_out_as_a_whole_sentence(void **state)
{
    char words[40];

    (void)state;
    atl_trouble_words(ATL_TROUBLE_MEDIA_OUT | ATL_TROUBLE_COVER_OPEN, words, sizeof words);
    assert_string_equal(words, "paper is out: put in a new roll");
    atl_trouble_words(ATL_TROUBLE_JAM, words, 10);
    assert_string_equal(words, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_trouble_is_told_and_what_follows_from_it_is_not),
        cmocka_unit_test(a_pulled_cable_is_a_timeout_and_leaves_trouble_alone),
        cmocka_unit_test(letters_are_not_taken_for_an_answer),
        cmocka_unit_test(models_without_status_are_never_asked),
        cmocka_unit_test(a_passed_fence_and_clean_answers_are_the_evidence),
        cmocka_unit_test(without_the_printers_word_nothing_is_confirmed),
        cmocka_unit_test(a_job_can_be_proven_as_far_as_the_weakest_of_link_model_and_driver),
        cmocka_unit_test(drivers_and_models_are_found_by_name_and_nothing_else_is),
        cmocka_unit_test(trouble_that_does_not_fit_is_left_out_as_a_whole_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

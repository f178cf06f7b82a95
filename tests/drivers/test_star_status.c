// SPDX-License-Identifier: Apache-2.0
// The conversation, bit by bit and from recordings. All of them are made up; see the driver's
// README.
#include "drivers/driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { UNTOUCHED = 0xdead, ASB_BYTES = 9 };

static const struct atl_driver *star(void)
{
    return atl_driver_find("star");
}

static const struct atl_model *model_of(const char *id)
{
    const struct atl_model *model = atl_model_find(star(), id);

    assert_non_null(model);
    return model;
}

// A printer that answers every question with one status ---------------------------------------

struct teller {
    struct atl_link base;
    uint8_t asb[ASB_BYTES];
    size_t left;
};

static atl_code teller_write(struct atl_link *link, const void *bytes, size_t len,
                             unsigned timeout_ms, struct atl_error *err)
{
    struct teller *self = (struct teller *)link;

    (void)timeout_ms;
    (void)err;
    assert_int_equal(len, 3);
    assert_memory_equal(bytes, "\x1b\x06\x01", 3);
    self->left = ASB_BYTES;
    return ATL_OK;
}

static atl_code teller_read(struct atl_link *link, void *bytes, size_t cap, size_t *got,
                            unsigned timeout_ms, struct atl_error *err)
{
    struct teller *self = (struct teller *)link;

    (void)timeout_ms;
    if (!self->left)
        return atl_fail(err, ATL_E_TIMEOUT, "nothing");
    *got = cap < self->left ? cap : self->left;
    memcpy(bytes, self->asb + ASB_BYTES - self->left, *got);
    self->left -= *got;
    return ATL_OK;
}

static const struct atl_link_ops teller_ops = {
    .scheme = "teller", .write = teller_write, .read = teller_read};

// The maker's tables, without a look at the driver. What is not in them makes no trouble.
static const struct meaning {
    unsigned byte, bit;
    uint32_t trouble;
} meanings[] = {
    {3, 6, ATL_TROUBLE_OFFLINE   },
    {3, 5, ATL_TROUBLE_COVER_OPEN},
    {3, 3, ATL_TROUBLE_OFFLINE   },
    {4, 6, ATL_TROUBLE_HOT       },
    {4, 5, ATL_TROUBLE_OTHER     },
    {4, 3, ATL_TROUBLE_JAM       },
    {4, 2, ATL_TROUBLE_OTHER     },
    {5, 6, ATL_TROUBLE_OTHER     },
    {5, 5, ATL_TROUBLE_OTHER     },
    {5, 3, ATL_TROUBLE_OTHER     },
    {5, 2, ATL_TROUBLE_OTHER     },
    {5, 1, ATL_TROUBLE_COVER_OPEN},
    {6, 3, ATL_TROUBLE_MEDIA_OUT },
    {6, 2, ATL_TROUBLE_MEDIA_LOW },
    {6, 1, ATL_TROUBLE_MEDIA_LOW },
};

static uint32_t meaning_of(unsigned byte, unsigned bit)
{
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (meanings[i].byte == byte && meanings[i].bit == bit)
            return meanings[i].trouble;
    }
    return ATL_TROUBLE_NONE;
}

static void each_bit_of_the_status_is_the_trouble_that_the_maker_says(void **state)
{
    static const unsigned bits[] = {1, 2, 3, 5, 6}; // the others are always 0

    (void)state;
    for (unsigned byte = 3; byte <= ASB_BYTES; byte++) {
        for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
            struct teller teller = {
                .base = {.ops = &teller_ops, .carries = ATL_LINK_CARRIES_ANSWERS},
                .asb = {0x23,               0x06                               }
            };
            uint32_t trouble = UNTOUCHED;

            teller.asb[byte - 1] = (uint8_t)(1u << bits[i]);
            assert_int_equal(star()->status(&teller.base, model_of("tsp650ii"), &trouble, NULL),
                             ATL_OK);
            if (trouble != meaning_of(byte, bits[i]))
                fail_msg("byte %u, bit %u: %x", byte, bits[i], trouble);
        }
    }
}

// Recordings -----------------------------------------------------------------------------------

static struct atl_link *open_recording(const char *recording)
{
    char path[512];
    struct atl_link *link = NULL;
    struct atl_error err = {0};

    snprintf(path, sizeof path, "replay:%s/drivers/star/%s", ATL_TESTS_DIR, recording);
    if (atl_link_open(path, &link, &err))
        fail_msg("%s", err.text);
    return link;
}

static atl_code status_from(const char *recording, uint32_t *trouble, struct atl_error *err)
{
    struct atl_link *link = open_recording(recording);
    atl_code rc = star()->status(link, model_of("tsp650ii"), trouble, err);

    link->ops->close(link);
    return rc;
}

static atl_code confirm_from(const char *recording, const char *id, char *evidence, size_t size,
                             struct atl_error *err)
{
    struct atl_link *link = open_recording(recording);
    atl_code rc = star()->confirm(link, model_of(id), 200, evidence, size, err);

    link->ops->close(link);
    return rc;
}

static void each_status_is_found_among_what_else_is_said(void **state)
{
    static const struct case_ {
        const char *recording;
        uint32_t trouble;
        const char *words;
    } cases[] = {
        {"healthy.replay",    ATL_TROUBLE_NONE,                                                    ""                                      },
        {"paper-out.replay",  ATL_TROUBLE_OFFLINE | ATL_TROUBLE_MEDIA_OUT | ATL_TROUBLE_MEDIA_LOW,
         "paper is out: put in a new roll"                                                                                                 },
        {"cover-open.replay", ATL_TROUBLE_OFFLINE | ATL_TROUBLE_COVER_OPEN,
         "the cover is open: close it"                                                                                                     },
        {"cutter.replay",     ATL_TROUBLE_OFFLINE | ATL_TROUBLE_JAM,
         "the cutter is stuck: switch it off, clear the paper, switch on"                                                                  },
        {"hot.replay",        ATL_TROUBLE_OFFLINE | ATL_TROUBLE_HOT,                               NULL                                    },
        {"cut-short.replay",  ATL_TROUBLE_MEDIA_LOW,                                               "paper is nearly out: have a roll ready"},
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
        if (cases[i].words)
            assert_string_equal(words, cases[i].words);
    }
}

static void no_answer_leaves_trouble_alone(void **state)
{
    struct atl_error err = {0};
    uint32_t trouble = UNTOUCHED;

    (void)state;
    assert_int_equal(status_from("silent.replay", &trouble, &err), ATL_E_TIMEOUT);
    assert_string_equal(err.text, "Star TSP650II: status query: replay: recorded timeout, line 3");
    assert_int_equal(status_from("gone.replay", &trouble, &err), ATL_E_IO);
    assert_int_equal(status_from("letters.replay", &trouble, &err), ATL_E_TIMEOUT);
    assert_int_equal(trouble, UNTOUCHED);
}

static void models_without_status_and_ways_without_answers_are_never_asked(void **state)
{
    static const struct atl_link_ops one_way = {.scheme = "one way", .write = teller_write};
    struct atl_link *link = open_recording("healthy.replay");
    struct teller deaf = {.base = {.ops = &one_way}};
    uint32_t trouble = UNTOUCHED;
    char evidence[64] = "untouched";

    (void)state;
    assert_int_equal(star()->status(link, model_of("raster-80"), &trouble, NULL), ATL_OK);
    assert_int_equal(trouble, ATL_TROUBLE_NONE);
    assert_int_equal(
        star()->confirm(link, model_of("raster-80"), 100, evidence, sizeof evidence, NULL),
        ATL_E_UNSUPPORTED);
    trouble = UNTOUCHED;
    assert_int_equal(star()->status(&deaf.base, model_of("tsp100"), &trouble, NULL), ATL_OK);
    assert_int_equal(trouble, ATL_TROUBLE_NONE);
    assert_int_equal(deaf.left, 0); // nothing was written
    assert_string_equal(evidence, "untouched");
    assert_int_equal(link->accepted_bytes, 0);
    link->ops->close(link);
}

static void the_documents_number_or_the_counter_is_the_evidence(void **state)
{
    static const struct case_ {
        const char *recording;
        const char *id;
        const char *evidence;
    } cases[] = {
        {"document.replay",    "mc-print3",
         "document 0003 printed, number 7; ETB 7; ASB 23 06 02 00 00 04 00 0e 00"                      },
        {"asked-again.replay", "tsp100",
         "document 000d printed, number 7; ETB 7; ASB 23 06 02 00 00 00 00 0e 00"                      },
        {"counted.replay",     "tsp650ii",  "ETB counted to 22; ETB 22; ASB 23 06 02 00 00 00 00 4c 00"},
        {"counted-far.replay", "tsp800ii",
         "ETB counted to 23; ETB 23; ASB 23 06 02 00 00 00 00 4e 00"                                   },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct atl_error err = {0};
        char evidence[160] = "";

        if (confirm_from(cases[i].recording, cases[i].id, evidence, sizeof evidence, &err))
            fail_msg("%s: %s", cases[i].recording, err.text);
        assert_string_equal(evidence, cases[i].evidence);
    }
}

static void without_the_printers_word_nothing_is_confirmed(void **state)
{
    static const struct case_ {
        const char *recording;
        const char *id;
        atl_code code;
        const char *text;
    } cases[] = {
        {"paper-out-in-ticket.replay",     "tsp100",   ATL_E_DEVICE,
         "Star TSP100: paper is out: put in a new roll (offline, paper out, paper near its end, "
         "inside)"                                                            },
        {"pulled-in-ticket.replay",        "tsp100",   ATL_E_TIMEOUT,
         "Star TSP100: waiting for its word: replay: recorded timeout, line 7"},
        {"cover-opened-at-the-end.replay", "tsp100",   ATL_E_DEVICE,
         "Star TSP100: the cover is open: close it (cover open, offline)"     },
        {"without-counter.replay",         "tsp650ii", ATL_E_IO,
         "Star TSP650II: waiting for its word: its status has no counter"     },
        {"out-while-counted.replay",       "tsp650ii", ATL_E_DEVICE,
         "Star TSP650II: paper is out: put in a new roll (offline, paper out, paper near its end, "
         "inside)"                                                            },
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
    struct atl_link *talking = open_recording("healthy.replay");

    (void)state;
    assert_int_equal(atl_driver_proof(star(), model_of("raster-58"), talking), ATL_PROOF_TAKEN);
    assert_int_equal(atl_driver_proof(star(), model_of("tsp700ii"), talking), ATL_PROOF_IDLE);
    assert_int_equal(atl_driver_proof(star(), model_of("tsp100"), talking), ATL_PROOF_FINISHED);
    assert_int_equal(atl_driver_proof(star(), model_of("mpop"), talking), ATL_PROOF_FINISHED);
    talking->carries = ATL_LINK_CARRIES_BYTES;
    assert_int_equal(atl_driver_proof(star(), model_of("tsp100"), talking), ATL_PROOF_TAKEN);
    talking->ops->close(talking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bit_of_the_status_is_the_trouble_that_the_maker_says),
        cmocka_unit_test(each_status_is_found_among_what_else_is_said),
        cmocka_unit_test(no_answer_leaves_trouble_alone),
        cmocka_unit_test(models_without_status_and_ways_without_answers_are_never_asked),
        cmocka_unit_test(the_documents_number_or_the_counter_is_the_evidence),
        cmocka_unit_test(without_the_printers_word_nothing_is_confirmed),
        cmocka_unit_test(a_job_can_be_proven_as_far_as_the_weakest_of_link_model_and_driver),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

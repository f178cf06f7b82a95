// SPDX-License-Identifier: Apache-2.0
// The conversation: each bit of the 32 bytes, and recordings. All of these are made up; see the
// driver's README.
#include "drivers/driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { UNTOUCHED = 0xdead, MM = 1000, ANSWER_BYTES = 32 };

static const struct atl_driver *driver(void)
{
    return atl_driver_find("brother");
}

static const struct atl_model *model_of(const char *id)
{
    return atl_model_find(driver(), id);
}

// ---- A printer that gives one answer ----

struct parrot {
    struct atl_link base;
    uint8_t answer[ANSWER_BYTES];
    size_t left;
    bool goes_on; // says it again and again
    int64_t now_ms;
};

static atl_code parrot_write(struct atl_link *link, const void *bytes, size_t len,
                             unsigned timeout_ms, struct atl_error *err)
{
    struct parrot *self = (struct parrot *)link;

    (void)timeout_ms;
    (void)err;
    assert_true(len > 100);
    assert_memory_equal((const char *)bytes + len - 4, "\0\x1biS", 4);
    self->left = sizeof self->answer;
    return ATL_OK;
}

static atl_code parrot_read(struct atl_link *link, void *bytes, size_t cap, size_t *got,
                            unsigned timeout_ms, struct atl_error *err)
{
    struct parrot *self = (struct parrot *)link;

    if (!self->left) {
        self->now_ms += timeout_ms;
        return atl_fail(err, ATL_E_TIMEOUT, "silence");
    }
    *got = cap < 5 ? cap : 5; // never an answer at once
    *got = *got < self->left ? *got : self->left;
    memcpy(bytes, self->answer + sizeof self->answer - self->left, *got);
    self->left -= *got;
    if (!self->left && self->goes_on)
        self->left = sizeof self->answer;
    return ATL_OK;
}

static int64_t parrot_now_ms(const struct atl_link *link)
{
    return ((const struct parrot *)link)->now_ms;
}

static const struct atl_link_ops parrot_ops = {
    .scheme = "parrot", .write = parrot_write, .read = parrot_read, .now_ms = parrot_now_ms};

static struct parrot parrot_with(uint8_t first, uint8_t second)
{
    return (struct parrot){
        .base = {.ops = &parrot_ops, .carries = ATL_LINK_CARRIES_ANSWERS},
        .answer = { 0x80, 0x20, 'B', '0', '5', '0', 0, 0, first, second, 62, 0x0a},
    };
}

static void each_bit_of_the_answer_has_its_trouble(void **state)
{
    static const uint32_t first[8] = {
        ATL_TROUBLE_MEDIA_OUT, // no media
        ATL_TROUBLE_MEDIA_OUT, // end of media
        ATL_TROUBLE_JAM,       // cutter jam
        ATL_TROUBLE_OTHER,     // weak battery
        ATL_TROUBLE_OFFLINE,   // in use
        ATL_TROUBLE_OFFLINE,   // turned off
        ATL_TROUBLE_OTHER,     // high-voltage adapter
        ATL_TROUBLE_OTHER,     // fan
    };
    static const uint32_t second[8] = {
        ATL_TROUBLE_WRONG_MEDIA, // wrong media
        ATL_TROUBLE_OTHER,       // expansion buffer full
        ATL_TROUBLE_OTHER,       // communication
        ATL_TROUBLE_OTHER,       // buffer full
        ATL_TROUBLE_COVER_OPEN,  // cover open
        ATL_TROUBLE_HOT,         // cancel, overheat
        ATL_TROUBLE_MEDIA_OUT,   // cannot feed
        ATL_TROUBLE_OTHER,       // system
    };

    (void)state;
    for (unsigned bit = 0; bit < 16; bit++) {
        struct parrot parrot = parrot_with((uint8_t)(bit < 8 ? 1u << bit : 0),
                                           (uint8_t)(bit < 8 ? 0 : 1u << (bit - 8)));
        uint32_t trouble = UNTOUCHED;

        assert_int_equal(driver()->status(&parrot.base, model_of("ql-700"), &trouble, NULL),
                         ATL_OK);
        assert_int_equal(trouble, bit < 8 ? first[bit] : second[bit - 8]);
    }
}

static void what_is_named_is_not_also_an_error(void **state)
{
    struct parrot parrot = parrot_with(0x04, 0x80);
    uint32_t trouble = UNTOUCHED;

    (void)state;
    assert_int_equal(driver()->status(&parrot.base, model_of("ql-700"), &trouble, NULL), ATL_OK);
    assert_int_equal(trouble, ATL_TROUBLE_JAM);
}

static void an_error_is_an_answer_and_a_change_of_phase_is_none(void **state)
{
    static const struct case_ {
        uint8_t type;
        atl_code code;
        uint32_t trouble;
    } cases[] = {
        {0, ATL_OK,   ATL_TROUBLE_NONE   },
        {1, ATL_E_IO, UNTOUCHED          }, // completed: of the paper before
        {2, ATL_OK,   ATL_TROUBLE_NONE   },
        {4, ATL_OK,   ATL_TROUBLE_OFFLINE}, // turned off
        {5, ATL_E_IO, UNTOUCHED          },
        {6, ATL_E_IO, UNTOUCHED          },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct parrot parrot = parrot_with(0, 0);
        uint32_t trouble = UNTOUCHED;

        parrot.goes_on = cases[i].code != ATL_OK;
        parrot.answer[18] = cases[i].type;
        assert_int_equal(driver()->status(&parrot.base, model_of("ql-700"), &trouble, NULL),
                         cases[i].code);
        assert_int_equal(trouble, cases[i].trouble);
    }
}

// ---- Recordings ----

static struct atl_link *open_recording(const char *recording)
{
    char path[512];
    struct atl_link *link = NULL;
    struct atl_error err = {0};

    (void)snprintf(path, sizeof path, "replay:%s/drivers/brother/%s", ATL_TESTS_DIR, recording);
    if (atl_link_open(path, &link, &err))
        fail_msg("%s", err.text);
    return link;
}

static void the_recordings_of_a_question_are_told_in_words(void **state)
{
    static const struct case_ {
        const char *recording, *model;
        uint32_t trouble;
    } cases[] = {
        {"healthy.replay",      "ql-700",  ATL_TROUBLE_NONE       },
        {"labels-new.replay",   "ql-1100", ATL_TROUBLE_NONE       },
        {"cover-open.replay",   "ql-700",  ATL_TROUBLE_COVER_OPEN },
        {"no-roll.replay",      "ql-700",  ATL_TROUBLE_MEDIA_OUT  },
        {"just-plugged.replay", "ql-700",  ATL_TROUBLE_OFFLINE    },
        {"strange-tape.replay", "pt-p700", ATL_TROUBLE_WRONG_MEDIA},
        {"noise.replay",        "ql-700",  ATL_TROUBLE_NONE       },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct atl_link *link = open_recording(cases[i].recording);
        struct atl_error err = {0};
        uint32_t trouble = UNTOUCHED;

        if (driver()->status(link, model_of(cases[i].model), &trouble, &err))
            fail_msg("%s: %s", cases[i].recording, err.text);
        assert_int_equal(trouble, cases[i].trouble);
        link->ops->close(link);
    }
}

static void silence_and_other_languages_leave_trouble_alone(void **state)
{
    static const struct case_ {
        const char *recording;
        atl_code code;
        const char *words;
    } cases[] = {
        {"silent.replay",         ATL_E_TIMEOUT, "Brother QL-700: asked how it is"},
        {"gone.replay",           ATL_E_IO,      "Brother QL-700: asked how it is"},
        {"other-language.replay", ATL_E_IO,      "in another language"            },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct atl_link *link = open_recording(cases[i].recording);
        struct atl_error err = {0};
        uint32_t trouble = UNTOUCHED;

        assert_int_equal(driver()->status(link, model_of("ql-700"), &trouble, &err), cases[i].code);
        assert_int_equal(trouble, UNTOUCHED);
        assert_non_null(strstr(err.text, cases[i].words));
        link->ops->close(link);
    }
}

// ---- Before the first byte ----

static void another_roll_is_refused_with_both_sizes_and_the_cure(void **state)
{
    static const struct case_ {
        const char *recording, *model, *media;
        uint32_t width_mm, height_mm;
        const char *words; // NULL: it fits
    } cases[] = {
        {"healthy.replay",        "ql-700",  NULL,    62, 0,  NULL },
        {"healthy.replay",        "ql-700",  "62",    62, 29, NULL },
        {"labels.replay",         "ql-700",  NULL,    62, 29, NULL },
        {"labels-new.replay",     "ql-1100", NULL,    62, 29, NULL },
        {"tape-12.replay",        "pt-p700", NULL,    60, 12, NULL },
        {"black-roll.replay",     "ql-800",  NULL,    62, 0,  NULL },
        {"red-roll.replay",       "ql-800",  "62red", 62, 0,  NULL },
        {"healthy.replay",        "ql-700",  NULL,    62, 29,
         "Brother QL-700: this paper is for 62 x 29 mm, and it is loaded with 62 mm, continuous: "
         "change the roll"                                         },
        {"labels.replay",         "ql-700",  NULL,    62, 0,
         "Brother QL-700: this paper is for 62 mm, continuous, and it is loaded with 62 x 29 mm: "
         "change the roll"                                         },
        {"labels.replay",         "ql-700",  NULL,    29, 90,
         "Brother QL-700: this paper is for 29 x 90 mm, and it is loaded with 62 x 29 mm: change "
         "the roll"                                                },
        {"tape-12.replay",        "pt-p700", NULL,    70, 24,
         "Brother PT-P700: this paper is for 24 mm, continuous, and it is loaded with 12 mm, "
         "continuous: change the tape"                             },
        {"red-roll.replay",       "ql-800",  NULL,    62, 0,
         "Brother QL-800: it is loaded with a roll of two colours: put in a black one, or write "
         "media = 62red in its section"                            },
        {"black-roll.replay",     "ql-800",  "62red", 62, 0,
         "Brother QL-800: it is set to a roll of two colours and loaded with a black one: change "
         "the roll, or write media = 62 in its section"            },
        {"cover-open.replay",     "ql-700",  NULL,    62, 0,
         "Brother QL-700: the cover is open: close it (cover open)"},
        {"still-printing.replay", "ql-700",  NULL,    62, 0,
         "Brother QL-700: it still prints the paper before"        },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct atl_page page = {.width_um = cases[i].width_mm * MM,
                                      .height_um = cases[i].height_mm * MM};
        struct atl_model model = *model_of(cases[i].model);
        struct atl_link *link = open_recording(cases[i].recording);
        struct atl_error err = {0};
        atl_code rc;

        if (cases[i].media) {
            model.media = atl_media_find(&model, cases[i].media);
            model.media_count = 1;
        }
        rc = driver()->fits(link, &model, &page, &err);
        assert_int_equal(rc, cases[i].words ? ATL_E_DEVICE : ATL_OK);
        assert_string_equal(err.text, cases[i].words ? cases[i].words : "");
        link->ops->close(link);
    }
}

// ---- After the last byte ----

static void a_paper_is_confirmed_when_it_is_completed_and_then_receiving(void **state)
{
    static const char *const recordings[] = {"printed.replay", "cooled.replay"};

    (void)state;
    for (size_t i = 0; i < sizeof recordings / sizeof recordings[0]; i++) {
        struct atl_link *link = open_recording(recordings[i]);
        char evidence[120] = "";
        struct atl_error err = {0};

        if (i == 1) { // there is something to tell meanwhile
            assert_int_equal(
                driver()->confirm(link, model_of("ql-700"), 2000, evidence, sizeof evidence, &err),
                ATL_E_BUSY);
            assert_non_null(strstr(err.text, "its head is hot"));
        }
        if (driver()->confirm(link, model_of("ql-700"), 2000, evidence, sizeof evidence, &err))
            fail_msg("%s: %s", recordings[i], err.text);
        assert_string_equal(evidence,
                            "printing completed, then receiving; errors 00 00, 62 x 0 mm");
        assert_int_equal(link->accepted_bytes, 0); // nothing was asked
        link->ops->close(link);
    }
}

static void nothing_less_confirms_a_paper(void **state)
{
    static const struct case_ {
        const char *recording;
        atl_code code;
        const char *words;
    } cases[] = {
        {"completed-only.replay",   ATL_E_TIMEOUT, "which said only that the data are printed"     },
        {"receiving-only.replay",   ATL_E_TIMEOUT, "which did not come"                            },
        {"cooling.replay",          ATL_E_BUSY,    "its head is hot"                               },
        {"paper-out-inside.replay", ATL_E_DEVICE,  "paper is out: put in a new roll (end of media)"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct atl_link *link = open_recording(cases[i].recording);
        char evidence[64] = "untouched";
        struct atl_error err = {0};

        assert_int_equal(
            driver()->confirm(link, model_of("ql-700"), 2000, evidence, sizeof evidence, &err),
            cases[i].code);
        assert_non_null(strstr(err.text, cases[i].words));
        assert_string_equal(evidence, "untouched");
        link->ops->close(link);
    }
}

static void on_the_network_nothing_is_asked_and_nothing_claimed(void **state)
{
    const struct atl_model *model = model_of("ql-820nwb-net");
    const struct atl_page page = {.width_um = 62 * MM};
    struct atl_link *link = open_recording("healthy.replay");
    char evidence[64] = "untouched";
    uint32_t trouble = UNTOUCHED;

    (void)state;
    assert_int_equal(driver()->status(link, model, &trouble, NULL), ATL_OK);
    assert_int_equal(trouble, ATL_TROUBLE_NONE);
    assert_int_equal(driver()->fits(link, model, &page, NULL), ATL_OK);
    assert_int_equal(driver()->confirm(link, model, 10, evidence, sizeof evidence, NULL),
                     ATL_E_UNSUPPORTED);
    assert_string_equal(evidence, "untouched");
    assert_int_equal(link->accepted_bytes, 0);
    assert_int_equal(atl_driver_proof(driver(), model, link), ATL_PROOF_TAKEN);
    assert_int_equal(atl_driver_proof(driver(), model_of("ql-820nwb"), link), ATL_PROOF_IDLE);
    link->ops->close(link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bit_of_the_answer_has_its_trouble),
        cmocka_unit_test(what_is_named_is_not_also_an_error),
        cmocka_unit_test(an_error_is_an_answer_and_a_change_of_phase_is_none),
        cmocka_unit_test(the_recordings_of_a_question_are_told_in_words),
        cmocka_unit_test(silence_and_other_languages_leave_trouble_alone),
        cmocka_unit_test(another_roll_is_refused_with_both_sizes_and_the_cure),
        cmocka_unit_test(a_paper_is_confirmed_when_it_is_completed_and_then_receiving),
        cmocka_unit_test(nothing_less_confirms_a_paper),
        cmocka_unit_test(on_the_network_nothing_is_asked_and_nothing_claimed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: Apache-2.0
// The conversation: each flag and bit by itself, and recordings. All of them are made up; see the
// driver's README.
#include "drivers/driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { UNTOUCHED = 0xdead };

static const struct atl_driver *zpl(void)
{
    return atl_driver_find("zpl");
}

static const struct atl_model *model_of(const char *id)
{
    return atl_model_find(zpl(), id);
}

// ---- A printer that always says the same ----

struct parrot {
    struct atl_link base;
    char status[256]; // "": it is silent to ~HS
    char errors[256];
    const char *said; // the answer that is being read
};

static atl_code parrot_write(struct atl_link *link, const void *bytes, size_t len,
                             unsigned timeout_ms, struct atl_error *err)
{
    struct parrot *self = (struct parrot *)link;

    (void)timeout_ms;
    (void)err;
    self->said = len == 4 && memcmp(bytes, "~HS\n", 4) == 0 ? self->status : self->errors;
    link->accepted_bytes += len;
    return ATL_OK;
}

static atl_code parrot_read(struct atl_link *link, void *bytes, size_t cap, size_t *got,
                            unsigned timeout_ms, struct atl_error *err)
{
    struct parrot *self = (struct parrot *)link;

    if (!timeout_ms || !self->said || !*self->said)
        return atl_fail(err, ATL_E_TIMEOUT, "silence");
    *got = strlen(self->said) < cap ? strlen(self->said) : cap;
    memcpy(bytes, self->said, *got);
    self->said += *got;
    return ATL_OK;
}

static const struct atl_link_ops parrot_ops = {
    .scheme = "parrot", .write = parrot_write, .read = parrot_read};

static struct parrot parrot_of(const char *one, const char *two, uint32_t errors, uint32_t warnings)
{
    struct parrot made = {
        .base = {.ops = &parrot_ops, .carries = ATL_LINK_CARRIES_ANSWERS}
    };

    if (one)
        snprintf(made.status, sizeof made.status,
                 "\2%s\3\r\n\2%s\3\r\n\2"
                 "1234,0\3\r\n",
                 one, two);
    snprintf(made.errors, sizeof made.errors,
             "\2\r\n PRINTER STATUS\r\n ERRORS: %d 00000000 %08X\r\n WARNINGS: %d 00000000 "
             "%08X\r\n\3\r\n",
             errors != 0, errors, warnings != 0, warnings);
    return made;
}

static uint32_t trouble_of(struct parrot *parrot)
{
    struct atl_error err = {0};
    uint32_t trouble = UNTOUCHED;

    if (zpl()->status(&parrot->base, model_of("zd420"), &trouble, &err))
        fail_msg("%s", err.text);
    return trouble;
}

#define ONE "030,0,0,0408,000,0,0,0,000,0,0,0"
#define TWO "001,0,0,0,0,2,6,0,00000000,1,000"

static void each_flag_of_the_status_by_itself_is_its_trouble(void **state)
{
    static const struct {
        const char *one, *two;
        uint32_t trouble;
    } rows[] = {
        {ONE,                                TWO,                                0                     },
        {"030,1,0,0408,000,0,0,0,000,0,0,0", TWO,                                ATL_TROUBLE_MEDIA_OUT },
        {"030,0,1,0408,000,0,0,0,000,0,0,0", TWO,                                ATL_TROUBLE_PAUSED    },
        {"030,0,0,0408,007,0,0,0,000,0,0,0", TWO,                                0                     },
        {"030,0,0,0408,000,1,0,0,000,0,0,0", TWO,                                0                     },
        {"030,0,0,0408,000,0,1,0,000,0,0,0", TWO,                                ATL_TROUBLE_OTHER     },
        {"030,0,0,0408,000,0,0,1,000,0,0,0", TWO,                                0                     },
        {"030,0,0,0408,000,0,0,0,000,1,0,0", TWO,                                ATL_TROUBLE_OTHER     },
        {"030,0,0,0408,000,0,0,0,000,0,1,0", TWO,                                0                     },
        {"030,0,0,0408,000,0,0,0,000,0,0,1", TWO,                                ATL_TROUBLE_HOT       },
        {ONE,                                "001,0,1,0,0,2,6,0,00000000,1,000", ATL_TROUBLE_COVER_OPEN},
        {ONE,                                "001,0,0,1,1,2,6,0,00000000,1,000", ATL_TROUBLE_RIBBON_OUT},
        {ONE,                                "001,0,0,1,0,2,6,0,00000000,1,000", 0                     },
        {ONE,                                "001,0,0,0,0,1,6,1,00000000,1,000", ATL_TROUBLE_TAKE_LABEL},
        {ONE,                                "001,0,0,0,0,2,6,0,00000012,1,003", 0                     },
 // What follows from an error is not told beside it.
        {"030,1,1,0408,000,0,0,0,000,0,0,0", TWO,                                ATL_TROUBLE_MEDIA_OUT },
        {"030,1,1,0408,000,0,0,0,000,0,0,0", "001,0,1,0,0,2,6,0,00000000,1,000",
         ATL_TROUBLE_MEDIA_OUT | ATL_TROUBLE_COVER_OPEN                                                },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct parrot parrot = parrot_of(rows[i].one, rows[i].two, 0, 0);

        assert_int_equal(trouble_of(&parrot), rows[i].trouble);
    }
}

static void each_bit_of_the_list_of_errors_by_itself_is_its_trouble(void **state)
{
    static const struct {
        uint32_t errors, warnings, trouble;
    } rows[] = {
        {0x00001, 0,    ATL_TROUBLE_MEDIA_OUT                                                 },
        {0x00002, 0,    ATL_TROUBLE_RIBBON_OUT                                                },
        {0x00004, 0,    ATL_TROUBLE_COVER_OPEN                                                },
        {0x00008, 0,    ATL_TROUBLE_JAM                                                       },
        {0x00010, 0,    ATL_TROUBLE_HOT                                                       },
        {0x00020, 0,    ATL_TROUBLE_HOT                                                       },
        {0x00040, 0,    ATL_TROUBLE_OTHER                                                     },
        {0x00080, 0,    ATL_TROUBLE_OTHER                                                     },
        {0x00100, 0,    ATL_TROUBLE_OTHER                                                     },
        {0x00200, 0,    ATL_TROUBLE_OTHER                                                     },
        {0x01000, 0,    ATL_TROUBLE_JAM                                                       },
        {0x02000, 0,    ATL_TROUBLE_JAM                                                       },
        {0x04000, 0,    ATL_TROUBLE_JAM                                                       },
        {0x08000, 0,    ATL_TROUBLE_JAM                                                       },
        {0x10000, 0,    ATL_TROUBLE_PAUSED                                                    },
        {0x20000, 0,    ATL_TROUBLE_JAM                                                       },
        {0x40000, 0,    ATL_TROUBLE_WRONG_MEDIA                                               },
        {0x80000, 0,    ATL_TROUBLE_WRONG_MEDIA                                               },
        {0,       0x01, 0                                                                     },
        {0,       0x02, 0                                                                     },
        {0,       0x04, 0                                                                     },
        {0,       0x08, ATL_TROUBLE_MEDIA_LOW                                                 },
        {0x10005, 0x08, ATL_TROUBLE_MEDIA_OUT | ATL_TROUBLE_COVER_OPEN | ATL_TROUBLE_MEDIA_LOW},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct parrot with = parrot_of(ONE, TWO, rows[i].errors, rows[i].warnings);
        struct parrot only = parrot_of(NULL, NULL, rows[i].errors, rows[i].warnings);

        assert_int_equal(trouble_of(&with), rows[i].trouble);
        assert_int_equal(trouble_of(&only), rows[i].trouble);
    }
}

static void what_is_not_of_that_shape_is_no_answer(void **state)
{
    static const char *const rows[][2] = {
        {"030,2,0,0408,000,0,0,0,000,0,0,0",   TWO                                   },
        {"030,0,0,0408,000,0,0,0,000,0,0",     TWO                                   },
        {"030,0,0,0408,000,0,0,0,000,0,0,0,0", TWO                                   },
        {"030,0,0,0408,,0,0,0,000,0,0,0",      TWO                                   },
        {"030,-1,0,0408,000,0,0,0,000,0,0,0",  TWO                                   },
        {"030,0,0,4294967297,0,0,0,0,0,0,0,0", TWO                                   },
        {"",                                   TWO                                   },
        {ONE,                                  "001,0,0,0,0,2,6,0,00000000,1"        },
        {ONE,                                  "001,0,0,0,0,2,6,7,00000000,1,000"    },
        {ONE,                                  "001,0,0,0,0,2,6,0,00000000,1,000\x1b"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct parrot parrot = parrot_of(rows[i][0], rows[i][1], 0, 0);
        struct atl_error err = {0};
        uint32_t trouble = UNTOUCHED;

        assert_int_equal(zpl()->status(&parrot.base, model_of("zd420"), &trouble, &err), ATL_E_IO);
        assert_int_equal(trouble, UNTOUCHED);
        assert_non_null(strstr(err.text, "line is not one of ~HS"));
    }
}

// ---- Recordings ----

static struct atl_link *open_recording(const char *recording)
{
    char path[512];
    struct atl_link *link = NULL;
    struct atl_error err = {0};

    snprintf(path, sizeof path, "replay:%s/drivers/zpl/%s", ATL_TESTS_DIR, recording);
    if (atl_link_open(path, &link, &err))
        fail_msg("%s", err.text);
    return link;
}

static void one_answer_of_two_is_enough_and_none_is_not(void **state)
{
    static const struct {
        const char *recording;
        atl_code code;
        uint32_t trouble;
        const char *text;
    } rows[] = {
        {"healthy.replay",    ATL_OK,        0,                     ""               },
        {"no-list.replay",    ATL_OK,        0,                     ""               },
        {"late.replay",       ATL_OK,        ATL_TROUBLE_MEDIA_LOW, ""               },
        {"silent-out.replay", ATL_OK,        ATL_TROUBLE_MEDIA_OUT, ""               },
        {"silent.replay",     ATL_E_TIMEOUT, UNTOUCHED,
         "Zebra ZD420 family 203 dpi: status ~HS: replay: recorded timeout, line 3"  },
        {"gone.replay",       ATL_E_IO,      UNTOUCHED,
         "Zebra ZD420 family 203 dpi: status ~HS: replay: the device is gone, line 4"},
        {"noise.replay",      ATL_E_IO,      UNTOUCHED,
         "Zebra ZD420 family 203 dpi: status ~HS: its first line is not one of ~HS"  },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct atl_link *link = open_recording(rows[i].recording);
        struct atl_error err = {0};
        uint32_t trouble = UNTOUCHED;

        assert_int_equal(zpl()->status(link, model_of("zd420"), &trouble, &err), rows[i].code);
        assert_int_equal(trouble, rows[i].trouble);
        if (rows[i].code)
            assert_string_equal(err.text, rows[i].text);
        link->ops->close(link);
    }
}

static void a_job_is_confirmed_by_counters_that_are_empty_twice(void **state)
{
    static const struct {
        const char *recording;
        atl_code code;
        const char *text;
    } rows[] = {
        {"printed.replay",         ATL_OK,       "~HS twice " ONE "; " TWO                            },
        {"peeled.replay",          ATL_OK,       "~HS twice " ONE "; 001,0,0,0,0,1,6,1,00000000,1,000"},
        {"out-in-label.replay",    ATL_E_DEVICE,
         "Zebra ZD420 family 203 dpi: paper is out: put in a new roll"                                },
        {"silent-in-label.replay", ATL_E_DEVICE,
         "Zebra ZD420 family 203 dpi: paper is out: put in a new roll"                                },
        {"cutter-in-label.replay", ATL_E_DEVICE,
         "Zebra ZD420 family 203 dpi: the cutter is stuck: switch it off, clear the paper, "
         "switch on"                                                                                  },
        {"pulled-in-label.replay", ATL_E_IO,
         "Zebra ZD420 family 203 dpi: waiting for its word: status ~HS: replay: the device is "
         "gone, line 8"                                                                               },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct atl_link *link = open_recording(rows[i].recording);
        struct atl_error err = {0};
        char evidence[160] = "";

        assert_int_equal(
            zpl()->confirm(link, model_of("zd420"), 8000, evidence, sizeof evidence, &err),
            rows[i].code);
        assert_string_equal(rows[i].code ? err.text : evidence, rows[i].text);
        link->ops->close(link);
    }
}

static void labels_of_another_length_are_refused_with_both_sizes(void **state)
{
    static const struct {
        const char *recording;
        struct atl_page page;
        const char *text; // NULL: it fits
    } rows[] = {
        {"labels-51.replay",  {.width_um = 102000, .height_um = 51000}, NULL},
        {"labels-54.replay",  {.width_um = 102000, .height_um = 51000}, NULL},
        {"labels-51.replay",
         {.width_um = 62000, .height_um = 29000},
         "Zebra ZD420 family 203 dpi is loaded with labels 51 mm long, and this one is 62 x 29 mm: "
         "change the roll, or let it measure the one that is in"            },
        {"labels-51.replay",
         {.width_um = 102000, .height_um = 76000},
         "Zebra ZD420 family 203 dpi is loaded with labels 51 mm long, and this one is 102 x 76 "
         "mm: change the roll, or let it measure the one that is in"        },
        {"labels-51.replay",
         {.width_um = 80000},
         "Zebra ZD420 family 203 dpi is set to labels of 51 mm, and this paper is 80 mm wide and "
         "as long as its text: load a roll without gaps and set it to continuous media, or print "
         "it elsewhere"                                                     },
        {"continuous.replay", {.width_um = 80000},                      NULL},
        {"continuous.replay", {.width_um = 62000, .height_um = 29000},  NULL},
        {"silent.replay",     {.width_um = 62000, .height_um = 29000},  NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct atl_link *link = open_recording(rows[i].recording);
        struct atl_error err = {0};
        const atl_code rc = zpl()->fits(link, model_of("zd420"), &rows[i].page, &err);

        assert_int_equal(rc, rows[i].text ? ATL_E_DEVICE : ATL_OK);
        if (rows[i].text)
            assert_string_equal(err.text, rows[i].text);
        link->ops->close(link);
    }
}

static void models_without_status_are_never_asked(void **state)
{
    const struct atl_page page = {.width_um = 62000, .height_um = 29000};
    struct atl_link *link = open_recording("healthy.replay");
    uint32_t trouble = UNTOUCHED;
    char evidence[64] = "untouched";

    (void)state;
    assert_int_equal(zpl()->status(link, model_of("generic-203"), &trouble, NULL), ATL_OK);
    assert_int_equal(trouble, ATL_TROUBLE_NONE);
    assert_int_equal(zpl()->fits(link, model_of("generic-203"), &page, NULL), ATL_OK);
    assert_int_equal(
        zpl()->confirm(link, model_of("generic-203"), 100, evidence, sizeof evidence, NULL),
        ATL_E_UNSUPPORTED);
    assert_string_equal(evidence, "untouched");
    assert_int_equal(link->accepted_bytes, 0);
    assert_int_equal(atl_driver_proof(zpl(), model_of("generic-203"), link), ATL_PROOF_TAKEN);
    assert_int_equal(atl_driver_proof(zpl(), model_of("zd420"), link), ATL_PROOF_IDLE);
    link->ops->close(link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_flag_of_the_status_by_itself_is_its_trouble),
        cmocka_unit_test(each_bit_of_the_list_of_errors_by_itself_is_its_trouble),
        cmocka_unit_test(what_is_not_of_that_shape_is_no_answer),
        cmocka_unit_test(one_answer_of_two_is_enough_and_none_is_not),
        cmocka_unit_test(a_job_is_confirmed_by_counters_that_are_empty_twice),
        cmocka_unit_test(labels_of_another_length_are_refused_with_both_sizes),
        cmocka_unit_test(models_without_status_are_never_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: Apache-2.0
// Machines: their files, what they refuse, how their files are named.
#include "drivers/machine.h"
#include "tests/embroidery/plans.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char good[] = "# a machine\n"
                           "name = Test Machine\n"
                           "format = dst\n"
                           "name_rule = dos\n"
                           "hoop = 100x100 100 x 100\n"
                           "hoop = 130x180 130 x 180\n"
                           "stitches_max = 5000\n"
                           "colours_max = 2\n"
                           "needles = 6\n"
                           "speed = 600\n"
                           "colour_change_s = 10\n"
                           "trim_s = 6\n"
                           "dst_trim_jumps = 5\n"
                           "dst_co = changes\n"
                           "dst_end = f3-1a\n"
                           "tried = no\n"
                           "source = a test\n";

static struct atl_machine machine(void)
{
    struct atl_machine out;
    struct atl_error err = {0};

    if (atl_machine_parse("test-machine.machine", good, strlen(good), &out, &err))
        fail_msg("%s", err.text);
    return out;
}

static void a_profile_is_read_as_it_stands(void **state)
{
    struct atl_machine it = machine();
    struct atl_stitch_rules rules = atl_machine_rules(&it, atl_machine_hoop(&it, "130x180"));

    (void)state;
    assert_string_equal(it.id, "test-machine");
    assert_string_equal(it.name, "Test Machine");
    assert_string_equal(it.format->name, "dst");
    assert_int_equal(it.hoop_count, 2);
    assert_int_equal(it.needles, 6);
    assert_int_equal(it.speed.stitches_per_minute, 600);
    assert_int_equal(rules.dst_trim_jumps, 5);
    assert_int_equal(rules.dst_co, ATL_DST_CO_CHANGES);
    assert_true(rules.dst_ends_1a);
    assert_int_equal(rules.hoop_width_dmm, 1300);
    assert_int_equal(rules.hoop_height_dmm, 1800);
    assert_false(it.is_tried);
}

// Each row: a line of the good profile, what stands there instead, the sentence.
static const struct fault {
    const char *line;
    const char *instead;
    const char *sentence;
} faults[] = {
    {"name = Test Machine",      "nmae = Test",                  "x.machine:2: nmae: there is no such key"               },
    {"name = Test Machine",      "name Test",                    "x.machine:2: name Test: write key = value"             },
    {"name = Test Machine",      "name =",                       "x.machine:2: name: it has no value"                    },
    {"name = Test Machine",      "# none",                       "x.machine: it has no line \"name = …\""              },
    {"format = dst",             "format = tbf",
     "x.machine:3: format: there is no such format: dst, pes, exp, jef or vp3"                                           },
    {"format = dst",             "format = pes",                 "x.machine: it has no line \"pes_version = …\""       },
    {"name_rule = dos",          "name_rule = any",              "x.machine:4: name_rule: dos or long"                   },
    {"name_rule = dos",          "name = Another",               "x.machine:4: name: it is there already"                },
    {"hoop = 130x180 130 x 180", "hoop = 100x100 9 x 9",
     "x.machine:6: hoop: write the hoop's name and its size in mm: hoop = 130x180 130 x 180"                             },
    {"hoop = 130x180 130 x 180", "hoop = 100x100 90 x 90",
     "x.machine:6: hoop: there is a hoop of that name already"                                                           },
    {"speed = 600",              "speed = fast",
     "x.machine:10: speed: the value is no number, too small or too large"                                               },
    {"speed = 600",              "speed = 99999999999999999999",
     "x.machine:10: speed: the value is no number, too small or too large"                                               },
    {"dst_trim_jumps = 5",       "dst_trim_jumps = 9",
     "x.machine:13: dst_trim_jumps: the value is no number, too small or too large"                                      },
    {"dst_trim_jumps = 5",       "trim_jumps = 5",               "x.machine:13: trim_jumps: there is no such key"        },
    {"dst_co = changes",         "dst_co = none",                "x.machine:14: dst_co: at-least-one, changes or colours"},
    {"dst_end = f3-1a",          "folder = ../x",
     "x.machine:15: folder: a folder on the volume, of letters, digits, _ - and /, without / at "
     "its "
     "start"                                                                                                             },
    {"tried = no",               "usb = 04F9:2100",
     "x.machine:16: usb: write vendor and product as four hexadecimal digits each: 04f9:2100"                            },
    {"tried = no",               "folder_make = perhaps",        "x.machine:16: folder_make: yes or no"                  },
    {"tried = no",               "files_max = 0",
     "x.machine:16: files_max: the value is no number, too small or too large"                                           },
    {"tried = no",               "tried = perhaps",              "x.machine:16: tried: yes or no"                        },
};

static void each_fault_of_a_profile_is_said_with_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        const char *at = strstr(good, faults[i].line);
        struct atl_machine out = {.needles = 77};
        struct atl_error err = {0};
        char text[2048];

        assert_non_null(at);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, faults[i].instead,
                 at + strlen(faults[i].line));
        assert_int_equal(atl_machine_parse("x.machine", text, strlen(text), &out, &err),
                         ATL_E_INVALID);
        assert_string_equal(err.text, faults[i].sentence);
        assert_int_equal(out.needles, 77); // unchanged
    }
}

static void
every_machine_that_is_shipped_can_be_read_and_owns_up_to_what_it_does_not_know(void **state)
{
    struct dirent *entry;
    DIR *dir = opendir(ATL_SOURCE_DIR "/drivers/embroidery/machines");
    int count = 0;

    (void)state;
    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        struct atl_machine it;
        struct atl_error err = {0};
        char path[1024];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, ATL_SOURCE_DIR "/drivers/embroidery/machines/%s",
                 entry->d_name);
        if (atl_machine_load(path, &it, &err))
            fail_msg("%s", err.text);
        assert_true(it.is_tried || it.unconfirmed[0]);
        assert_non_null(strstr(entry->d_name, ".machine"));
        count++;
    }
    closedir(dir);
    assert_true(count >= 8);
}

static void rectangle(struct atl_plan *plan, int32_t width, int32_t height)
{
    struct atl_thread thread = plan_thread(0);

    atl_plan_init(plan);
    atl_plan_thread(plan, &thread);
    atl_plan_jump(plan, -width / 2, -height / 2);
    atl_plan_stitch(plan, -width / 2, -height / 2);
    atl_plan_trim(plan);
    atl_plan_jump(plan, width - width / 2, height - height / 2);
    atl_plan_stitch(plan, width - width / 2, height - height / 2);
    atl_plan_end(plan);
}

static void what_does_not_fit_is_refused_with_both_sizes_and_the_nearest_hoop(void **state)
{
    struct atl_machine it = machine();
    const struct atl_hoop *small = atl_machine_hoop(&it, "100x100");
    struct atl_error err = {0};
    struct atl_plan plan;

    (void)state;
    rectangle(&plan, 1000, 1000); // to the last tenth
    assert_int_equal(atl_machine_check(&it, &plan, small, &err), ATL_OK);
    assert_ptr_equal(atl_machine_nearest(&it, &plan), small);
    atl_plan_free(&plan);
    rectangle(&plan, 1001, 480);
    assert_int_equal(atl_machine_check(&it, &plan, small, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "the design is 100.1 x 48.0 mm and hoop 100x100 of Test Machine "
                                  "holds 100.0 x 100.0 mm: take hoop 130x180 (130.0 x 180.0 mm)");
    assert_int_equal(atl_machine_check(&it, &plan, NULL, &err), ATL_OK);
    atl_plan_free(&plan);
    rectangle(&plan, 1480, 1302);
    assert_int_equal(atl_machine_check(&it, &plan, small, &err), ATL_E_INVALID);
    assert_string_equal(err.text,
                        "the design is 148.0 x 130.2 mm and the largest hoop of Test Machine, "
                        "130x180, holds 130.0 x 180.0 mm: make it smaller");
    assert_int_equal(atl_machine_check(&it, &plan, NULL, NULL), ATL_E_INVALID);
    atl_plan_free(&plan);
}

static void a_design_that_fits_when_turned_is_refused_and_told_so(void **state)
{
    struct atl_machine it = machine();
    struct atl_error err = {0};
    struct atl_plan plan;

    (void)state;
    rectangle(&plan, 1700, 300);
    assert_int_equal(atl_machine_check(&it, &plan, NULL, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "the design is 170.0 x 30.0 mm and the largest hoop of Test "
                                  "Machine, 130x180, holds 130.0 x 180.0 mm: make it smaller, or "
                                  "turn it by 90 degrees for hoop 130x180");
    atl_plan_free(&plan);
}

static void a_design_beside_the_middle_is_measured_from_the_middle(void **state)
{
    struct atl_machine it = machine();
    struct atl_thread thread = plan_thread(0);
    struct atl_error err = {0};
    struct atl_plan plan;

    (void)state;
    atl_plan_init(&plan);
    atl_plan_thread(&plan, &thread);
    atl_plan_jump(&plan, 700, 0);
    atl_plan_stitch(&plan, 700, 0);
    atl_plan_end(&plan);
    assert_int_equal(atl_machine_check(&it, &plan, NULL, &err), ATL_E_INVALID);
    assert_non_null(strstr(err.text, "off its middle"));
    atl_plan_free(&plan);
}

static void too_many_stitches_or_colours_are_refused(void **state)
{
    struct atl_machine it = machine();
    struct atl_error err = {0};
    struct atl_plan plan;

    (void)state;
    plan_by_hand(&plan);
    assert_int_equal(atl_machine_check(&it, &plan, NULL, &err), ATL_OK);
    it.stitches_max = 9;
    assert_int_equal(atl_machine_check(&it, &plan, NULL, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "the design has 10 stitches and Test Machine takes 9");
    it.stitches_max = 10;
    it.colours_max = 1;
    assert_int_equal(atl_machine_check(&it, &plan, NULL, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "the design has 2 blocks of colour and Test Machine takes 1");
    atl_plan_free(&plan);
}

static const struct name {
    enum atl_name_rule rule;
    const char *code;
    unsigned copy;
    const char *name;
} names[] = {
    {ATL_NAME_DOS,  "K7F-2A1/2",           0,   "K7F2A1_2.DST"        },
    {ATL_NAME_DOS,  "k7f-2a1/12",          0,   "K7F2A112.DST"        },
    {ATL_NAME_DOS,  "K7F-2A1/123",         0,   "K7F2A123.DST"        },
    {ATL_NAME_DOS,  "K7F-2A1",             0,   "K7F2A1.DST"          },
    {ATL_NAME_DOS,  "K7F-2A1/2",           1,   "K7F2A1X1.DST"        },
    {ATL_NAME_DOS,  "K7F-2A1/2",           99,  "K7F2AX99.DST"        },
    {ATL_NAME_LONG, "K7F-2A1/12",          0,   "K7F2A1_12.DST"       },
    {ATL_NAME_LONG, "K7F-2A1/2",           7,   "K7F2A1X7.DST"        },
    {ATL_NAME_LONG, "ABCDEFGHIJKLMNOPQRS", 0,   "ABCDEFGHIJKLMNOP.DST"},
    {ATL_NAME_DOS,  "../../x",             0,   NULL                  },
    {ATL_NAME_DOS,  "\xc3\x89",            0,   NULL                  },
    {ATL_NAME_DOS,  "",                    0,   NULL                  },
    {ATL_NAME_DOS,  "K7F-2A1/2",           100, NULL                  },
};

static void a_files_name_is_the_code_as_far_as_the_rule_allows(void **state)
{
    struct atl_machine it = machine();

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char out[ATL_MACHINE_FILE_NAME_CAP] = "as it was";
        atl_code rc;

        it.name_rule = names[i].rule;
        rc = atl_machine_file_name(&it, names[i].code, names[i].copy, out, NULL);
        assert_int_equal(rc, names[i].name ? ATL_OK : ATL_E_INVALID);
        assert_string_equal(out, names[i].name ? names[i].name : "as it was");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_is_read_as_it_stands),
        cmocka_unit_test(each_fault_of_a_profile_is_said_with_its_line),
        cmocka_unit_test(
            every_machine_that_is_shipped_can_be_read_and_owns_up_to_what_it_does_not_know),
        cmocka_unit_test(what_does_not_fit_is_refused_with_both_sizes_and_the_nearest_hoop),
        cmocka_unit_test(a_design_that_fits_when_turned_is_refused_and_told_so),
        cmocka_unit_test(a_design_beside_the_middle_is_measured_from_the_middle),
        cmocka_unit_test(too_many_stitches_or_colours_are_refused),
        cmocka_unit_test(a_files_name_is_the_code_as_far_as_the_rule_allows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/config.h"
#include "plugin/agent/config_keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NEEDED                                                                                     \
    "[shop]\nretailer = maison\nstore = paris-1\nname = Maison Atelier\nzone = Europe/Paris\n"     \
    "currency = EUR\nhours.mon = 10:00-19:00\n"

static atl_code read_text(const char *text, struct atl_config *out, struct atl_error *err)
{
    FILE *file = fopen("try.ini", "we");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
    return atl_config_read("try.ini", out, err);
}

static void what_is_not_said_has_a_default(void **state)
{
    static struct atl_config config;
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(read_text(NEEDED, &config, &err), ATL_OK);
    assert_string_equal(config.data, "/var/lib/atelier");
    assert_string_equal(config.run, "/run/atelier");
    assert_string_equal(config.language, "en");
    assert_int_equal(config.file[0], '/'); // for whoever reads the sentence elsewhere
    assert_string_equal(strrchr(config.file, '/'), "/try.ini");
    assert_int_equal(config.claim_minutes, 30);
    assert_int_equal(config.printer_count, 0);
    assert_int_equal(config.hours.week[0].count, 1);
    assert_int_equal(config.hours.week[0].open[0].from_minutes, 600);
    assert_int_equal(config.hours.week[1].count, 0);
}

static void every_value_reaches_its_place(void **state)
{
    static struct atl_config config;
    struct atl_error err = {0};
    const struct atl_config_printer *front;
    const char *text =
        NEEDED "hours.tue = 10:00-12:30, 14:00-24:00\nhours.closed = 2026-12-25 2027-01-01\n"
               "guest_languages = fr, en ja\naddress = 1 rue d'\xc3\x89t\xc3\xa9 | Paris\n"
               "[cloud]\nurl = https://a.example\npage_base = https://status.a.example\n"
               "[printer front]\nlink = tcp:10.0.0.1:9100\ndocuments = claim tag\nbackup = back\n"
               "[printer back]\nlink = file:/tmp/x\nmodel = tm-t20\nmedia = 3.5\n";

    (void)state;
    assert_int_equal(read_text(text, &config, &err), ATL_OK);
    assert_int_equal(config.hours.week[1].count, 2);
    assert_int_equal(config.hours.week[1].open[1].until_minutes, 1440);
    assert_int_equal(config.hours.exception_count, 2);
    assert_int_equal(config.guest_language_count, 3);
    assert_string_equal(config.guest_languages[2], "ja");
    assert_string_equal(config.page_base, "HTTPS://STATUS.A.EXAMPLE");
    assert_int_equal(config.printer_count, 2);
    front = atl_config_printer_find(&config, "front");
    assert_non_null(front);
    assert_int_equal(front->papers, ATL_PAPER_CLAIM | ATL_PAPER_TAG);
    assert_string_equal(front->driver, "escpos");
    assert_string_equal(front->media, "");
    assert_string_equal(config.printers[1].media, "3.5");
    assert_ptr_equal(atl_config_printer_for(&config, ATL_PAPER_GIFT), &config.printers[1]);
    assert_null(atl_config_printer_for(&config, ATL_PAPER_BAG));
    assert_null(atl_config_printer_find(&config, "side"));
}

// Each mistake is said with file, line, key, cause and cure.
static const struct {
    const char *text;
    const char *sentence;
} mistakes[] = {
    {"[shop]\nretailr = x\n",
     "try.ini:2: [shop] retailr: there is no such key; did you mean \"retailer\"?"                                                                                    },
    {"[shopp]\nname = x\n",                                                                   "try.ini:2: [shopp] : there is no such section; did you mean [shop]?"   },
    {"name = x\n",                                                                            "try.ini:1: [] : there is no such section; there are shop, paths, cloud"},
    {"[shop]\nname\n",
     "try.ini:2: this is neither \"[section]\" nor \"key = value\"; a comment begins with # or ;"                                                                     },
    {"[shop]\nname = a\nname = b\n",
     "try.ini:3: [shop] name: it is given twice; write it once, on one line"                                                                                          },
    {"[shop]\nname = a\n  b\n",
     "try.ini:3: [shop] name: it is given twice; write it once, on one line"                                                                                          },
    {"[shop]\nretailer = a b\n",                                                              "try.ini:2: [shop] retailer: it is made of letters, digits"             },
    {"[shop]\nzone = ../etc/passwd\n",                                                        "try.ini:2: [shop] zone: it is no name of a time zone"                  },
    {"[shop]\ncurrency = eur\n",                                                              "try.ini:2: [shop] currency: a currency is three capital letters"       },
    {"[shop]\nhours.mon = 10-19\n",                                                           "try.ini:2: [shop] hours.mon: these are no opening hours"               },
    {"[shop]\nhours.mon = 19:00-10:00\n",                                                     "try.ini:2: [shop] hours.mon: these are no opening"                     },
    {"[shop]\nhours.mon = 10:00-12:00 11:00-13:00\n",                                         "try.ini:2: [shop] hours.mon: these are no"                             },
    {"[shop]\nhours.closed = 2026-13-01\n",                                                   "try.ini:2: [shop] hours.closed: these are no days"                     },
    {"[shop]\nday_start_hour = 13\n",                                                         "try.ini:2: [shop] day_start_hour: it is no number, or out"             },
    {"[shop]\nday_start_hour = -1\n",                                                         "try.ini:2: [shop] day_start_hour: it is no number, or out"             },
    {"[shop]\nguest_languages = \n",                                                          "try.ini:2: [shop] guest_languages: name at least one"                  },
    {"[paths]\ndata = var\n",                                                                 "try.ini:2: [paths] data: a path begins with /"                         },
    {"[paths]\nrun = /run/a-folder-with-a-name-that-is-much-too-long-for-a-socket/atelier\n",
     "try.ini:2: [paths] run: it is too long; shorten it"                                                                                                             },
    {"[cloud]\npage_base = http://example.com\n",
     "try.ini:2: [cloud] page_base: it must begin with HTTPS://"                                                                                                      },
    {"[cloud]\npage_base = https://a.example/?q\n",                                           "try.ini:2: [cloud] page_base: a QR's small"                            },
    {"[printer Front Desk]\nlink = file:/x\n",
     "try.ini:2: [printer Front Desk] : a printer's name"                                                                                                             },
    {"[printer front]\nlink = usb\n",                                                         "try.ini:2: [printer front] link: it is no link"                        },
    {"[printer front]\ndocuments = claim card\n",
     "try.ini:2: [printer front] documents: there is no such paper"                                                                                                   },
    {"[shop]\nretailer = maison\n",                                                           "try.ini: [shop] store: it is missing; add the line"                    },
    {NEEDED "[printer front]\ndriver = escpos\n",
     "try.ini: [printer front] link: it is missing; for instance"                                                                                                     },
    {NEEDED "[printer front]\nlink = file:/x\nbackup = bak\n",
     "try.ini: [printer front] backup: there is no printer bak"                                                                                                       },
    {"[machine Left]\nlink = volume:auto\n",                                                  "try.ini:2: [machine Left] : a machine's name"                          },
    {"[machine left]\nlink = /srv\n",                                                         "try.ini:2: [machine left] link: it is no way to a machine"             },
    {"[machine left]\nprofile = PR 1000\n",                                                   "try.ini:2: [machine left] profile: it is no profile"                   },
    {NEEDED "[machine left]\nprofile = brother-pr1000\n",
     "try.ini: [machine left] link: it is missing; for instance volume:auto"                                                                                          },
    {NEEDED "[machine left]\nlink = dir:/srv\n",                                              "try.ini: [machine left] profile: it is missing"                        },
    {NEEDED "[printer one]\nlink = file:/x\n[machine one]\nlink = dir:/srv\nprofile = a\n",
     "try.ini: [machine one]: a printer has this name, too"                                                                                                           },
    {"[scanner b 1]\n step = done\n",                                                         "try.ini:2: [scanner b 1] : a scanner's name"                           },
    {"[scanner bench]\nlink = /dev/input/event3\n",
     "try.ini:2: [scanner bench] link: it is no scanner"                                                                                                              },
    {"[scanner bench]\nstep = cancel\n",
     "try.ini:2: [scanner bench] step: it is no step of a piece"                                                                                                      },
    {NEEDED "[scanner bench]\nstep = done\n",                                                 "try.ini: [scanner bench] link: it is missing"                          },
    {NEEDED "[printer one]\nlink = file:/x\n[scanner one]\nlink = usb:0c2e:0b6a\n",
     "try.ini: [scanner one]: a printer or machine has this name, too"                                                                                                },
    {NEEDED "[cloud]\nurl = https://a.example\n",                                             "try.ini: [cloud] page_base: it is missing"                             },
    {"[shop]\nretailer = a\nstore = b\nname = c\nzone = Asia/Tokyo\ncurrency = JPY\n"
     "hours.mon = closed\n",                                                             "try.ini: [shop] hours.mon: the shop is never open"                     },
};

static void a_mistake_is_said_with_its_line_cause_and_cure(void **state)
{
    static struct atl_config config;

    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct atl_error err = {0};

        config.printer_count = 77;
        assert_int_equal(read_text(mistakes[i].text, &config, &err), ATL_E_INVALID);
        if (strncmp(err.text, mistakes[i].sentence, strlen(mistakes[i].sentence)) != 0)
            fail_msg("\"%s\" is not \"%s\"", err.text, mistakes[i].sentence);
        assert_int_equal(config.printer_count, 77); // unchanged
    }
}

static void a_line_too_long_for_the_reader_is_an_error_and_not_two_lines(void **state)
{
    static struct atl_config config;
    struct atl_error err = {0};
    char text[400] = "[shop]\nname = ";

    (void)state;
    memset(text + strlen(text), 'a', 300);
    assert_int_equal(read_text(text, &config, &err), ATL_E_INVALID);
    assert_non_null(strstr(err.text, "try.ini:2: "));
    assert_non_null(strstr(err.text, "longer than 198 bytes"));
}

static void a_file_that_is_not_there_says_what_to_do(void **state)
{
    static struct atl_config config;
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(atl_config_read("/no/such.ini", &config, &err), ATL_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "/no/such.ini: No such file"));
    assert_non_null(strstr(err.text, "--config"));
}

static void the_shipped_sample_is_read_and_names_every_key(void **state)
{
    static const char path[] = ATL_SOURCE_DIR "/packaging/atelier.ini";
    static struct atl_config config;
    static char text[16384];
    struct atl_error err = {0};
    FILE *file = fopen(path, "re");

    (void)state;
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    (void)fclose(file);
    if (atl_config_read(path, &config, &err))
        fail_msg("%s", err.text);
    assert_true(atl_config_key_count() > 30);
    for (int row = 0; row < atl_config_key_count(); row++) {
        char line[64];

        (void)snprintf(line, sizeof line, "%s =", atl_config_key_name(row));
        if (!strstr(text, line))
            fail_msg("the sample does not show %s", atl_config_key_name(row));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_said_has_a_default),
        cmocka_unit_test(every_value_reaches_its_place),
        cmocka_unit_test(a_mistake_is_said_with_its_line_cause_and_cure),
        cmocka_unit_test(a_line_too_long_for_the_reader_is_an_error_and_not_two_lines),
        cmocka_unit_test(a_file_that_is_not_there_says_what_to_do),
        cmocka_unit_test(the_shipped_sample_is_read_and_names_every_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

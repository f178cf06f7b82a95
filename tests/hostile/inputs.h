// SPDX-License-Identifier: Apache-2.0
// What strangers type, once for all sinks. For each the table says what the form of the embroidered
// bag answers to it as its words: a finding's code, or NULL where it is plain text that is sewn as
// it stands. What is accepted must then be harmless on paper, in HTML, SQL, CSV, logs and names of
// files: each sink's test walks over this table.
#ifndef ATL_TESTS_HOSTILE_INPUTS_H
#define ATL_TESTS_HOSTILE_INPUTS_H

#include <stddef.h>

struct hostile_input {
    const char *name;
    const char *text;    // without NUL inside
    size_t repeat;       // the text so many times, one after the other
    const char *refused; // the form's code; NULL: accepted
};

// clang-format off
static const struct hostile_input hostile_inputs[] = {
    {"empty",               "",                                  1,        "required"      },
    {"spaces",              " \xC2\xA0 ",                        1,        "required"      },
    {"missing glyph",       "\xE6\x84\x9B",                      1,        "no_glyph"      },
    {"one emoji",           "\xF0\x9F\x98\x80",                  1,        "no_glyph"      },
    {"200 emoji",           "\xF0\x9F\x98\x80",                  200,      "too_long"      },
    {"right-to-left",       "abc\xE2\x80\xAE" "def",             1,        "bidi"          },
    {"isolate",             "\xE2\x81\xA6" "abc\xE2\x81\xA9",    1,        "bidi"          },
    {"zero width",          "an\xE2\x80\x8Bna",                  1,        "invisible"     },
    {"byte order mark",     "\xEF\xBB\xBF" "anna",               1,        "invisible"     },
    {"tag letters",         "a\xF3\xA0\x81\xA1",                 1,        "invisible"     },
    {"zpl",                 "^XA~JR",                            1,        NULL            },
    {"esc/pos",             "\x1B@\x1Bi\x1DV",                   1,        "control"       },
    {"escape in csi",       "\xC2\x9B" "2J",                     1,        "control"       },
    {"header",              "a\r\nSet-Cookie: x=1",              1,        "control"       },
    {"new lines",           "a\r\nb",                            1,        "control"       },
    {"script",              "<script>",                          1,        NULL            },
    {"attribute",           "\"onload='x",                       1,        NULL            },
    {"sql",                 "'; DROP TABLE",                     1,        NULL            },
    {"spreadsheet",         "=cmd()",                            1,        NULL            },
    {"path",                "../../x",                           1,        NULL            },
    {"format",              "%s%n%99999d",                       1,        NULL            },
    {"template",            "{{pin}}",                           1,        NULL            },
    {"receipt markup",      "|{command:\\x1b}=",                 1,        NULL            },
    {"shell",               "$(reboot);`id`",                    1,        NULL            },
    {"one long word",       "iiiiiiiiiiiiiiiiiiiiiiii",          1,        NULL            },
    {"only marks",          "''\"\"<>&&%%",                       1,        NULL            },
    {"json",                "\"},{\"a\":\"",                     1,        NULL            },
    {"not UTF-8",           "\xC3(",                             1,        "not_utf8"      },
    {"surrogate",           "\xED\xA0\x80",                      1,        "not_utf8"      },
    {"overlong",            "\xC0\xAF",                          1,        "not_utf8"      },
    {"stacked marks",       "a\xCC\x81\xCC\xA3\xCC\x88\xCC\xB1", 1,        "too_many_marks"},
    {"private use",         "\xEE\x80\x80",                      1,        "unassigned"    },
    {"4 KiB of letters",    "ABCDEFGH",                          512,      "too_long"      },
    {"10 MB",               "0123456789",                        1048576,  "too_large"     },
};
// clang-format on

enum { HOSTILE_INPUT_COUNT = sizeof(hostile_inputs) / sizeof(hostile_inputs)[0] };

#endif

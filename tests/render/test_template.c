// SPDX-License-Identifier: Apache-2.0
// The language of templates: a table of what is written and what it becomes, and a table of what is
// refused, with the sentence.
#include "plugin/render/template.h"
#include "tests/support/page_dump.h"
#include "tests/support/sample_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
#define HEADER      "# kind: claim\n# paper: 80mm\n# font: sans 8pt\n"

static const char WORDS[] = "order = Order\npin = Pin|code\nempty =\n";

static struct atl_words_file words_of_test(void)
{
    const struct atl_words_file_source source = {"words.en.ini", WORDS, sizeof WORDS - 1};
    struct atl_words_file words;

    assert_int_equal(atl_words_file_parse("en", &source, NULL, &words, NULL), ATL_OK);
    return words;
}

// Two pieces; the second has no variant.
static void fill(struct atl_data *data)
{
    struct atl_data_group *shop, *piece;

    atl_data_init(data);
    shop = atl_data_group(data->root, "shop");
    atl_data_text(shop, "name", "Maison");
    atl_data_text(data->root, "order_code", "K7F-2A1");
    atl_data_text(data->root, "url", "HTTPS://AT.EXAMPLE/O/4QWERTY");
    atl_data_text(data->root, "key_line", "We have your order.");
    atl_data_text(data->root, "pin", "4071");
    atl_data_text(data->root, "hold_text", "");
    atl_data_flag(data->root, "is_gift", true);
    atl_data_flag(data->root, "is_training", false);
    atl_data_image(data->root, "logo", sample_bitmap());
    piece = atl_data_item(data->root, "pieces");
    atl_data_text(piece, "text", "Jo");
    atl_data_text(piece, "variant", "natural");
    piece = atl_data_item(data->root, "pieces");
    atl_data_text(piece, "text", "Élodie|{=}");
    atl_data_text(atl_data_item(piece, "details"), "label", "Thread");
}

struct row {
    const char *body;
    const char *dump;
};

static void check_row(const struct row *row)
{
    struct atl_words_file words = words_of_test();
    struct atl_template *tmpl = NULL;
    struct atl_page *page = NULL;
    struct atl_error err = {0};
    struct atl_data data;
    struct atl_buf out;
    char text[4096];
    int len = snprintf(text, sizeof text, "%s%s", HEADER, row->body);

    fill(&data);
    atl_buf_init(&out, 1 << 16);
    if (atl_template_parse("t.ticket", text, (size_t)len, NULL, &tmpl, &err) ||
        atl_template_page(tmpl, &data, &words, &page, &err))
        fail_msg("%s: %s", row->body, err.text);
    ATL_BUF_LIT(&out, "");
    page_dump(page, &out);
    if (strcmp(out.len ? (const char *)out.data : "", row->dump) != 0)
        fail_msg("%s\nbecame\n%s\nand not\n%s", row->body, (const char *)out.data, row->dump);
    atl_buf_free(&out);
    atl_page_free(page);
    atl_template_close(tmpl);
    atl_data_free(&data);
    atl_words_file_free(&words);
}

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_row(&rows[i]);
}

// As the reference reads them (ReceiptLine 4.0).
static void spaces_around_the_text_of_a_column_align_it(void **state)
{
    static const struct row ROWS[] = {
        {"a",         "text [= \"a\"]\n"                            },
        {"  a  ",     "text [= \"a\"]\n"                            },
        {"|a|",       "text [= \"a\"]\n"                            },
        {"| a |",     "text [= \"a\"]\n"                            },
        {"|a |",      "text [< \"a\"]\n"                            },
        {"a |",       "text [< \"a\"]\n"                            },
        {"| a|",      "text [> \"a\"]\n"                            },
        {"| a",       "text [> \"a\"]\n"                            },
        {"|a",        "text [< \"a\"]\n"                            },
        {"a|",        "text [> \"a\"]\n"                            },
        {"a | b",     "text [< \"a\"] [1] [> \"b\"]\n"              },
        {"a|b",       "text [> \"a\"] [1] [< \"b\"]\n"              },
        {"a | b | c", "text [< \"a\"] [1] [= \"b\"] [1] [> \"c\"]\n"},
        {"|a||c|",    "text [= \"a\"] [1] [] [1] [= \"c\"]\n"       },
    };

    (void)state;
    check_rows(ROWS, COUNT(ROWS));
}

static void signs_switch_styles_on_and_off(void **state)
{
    static const struct row ROWS[] = {
        {"\"a\"b",                        "text [= * \"a\" \"b\"]\n"        },
        {"_a_b",                          "text [= _ \"a\" \"b\"]\n"        },
        {"`a`b",                          "text [= ` \"a\" \"b\"]\n"        },
        {"\"_`a",                         "text [= * _ ` \"a\"]\n"          },
        {"^a^b",                          "text [= ^2x1 \"a\" \"b\"]\n"     },
        {"^^a",                           "text [= ^1x2 \"a\"]\n"           },
        {"^^^a^b",                        "text [= ^2x2 \"a\" ^2x1 \"b\"]\n"},
        {"^^^^a",                         "text [= ^3x3 \"a\"]\n"           },
        {"^^^^^^^a",                      "text [= ^6x6 \"a\"]\n"           },
        {"\"a | b",                       "text [< * \"a\"] [1] [> \"b\"]\n"},
        {"a~~b",                          "text [= \"a  b\"]\n"             },
        {"`~a~`",                         "text [= ` \" a \"]\n"            },
        {"\\\"\\_\\`\\^\\~\\|\\{\\}\\\\", "text [= \"\"_`^~|{}\\\"]\n"      },
        {"\\x41\\xe9\\x7c",               "text [= \"Aé|\"]\n"             },
    };

    (void)state;
    check_rows(ROWS, COUNT(ROWS));
}

static void rules_cuts_and_empty_paper(void **state)
{
    static const struct row ROWS[] = {
        {"-",             "rule\n"                                       },
        {"  ---  ",       "rule\n"                                       },
        {"=",             "cut partial\n"                                },
        {"===",           "cut partial\n"                                },
        {"\\-",           "text [= \"-\"]\n"                             },
        {"\\===",         "text [= \"===\"]\n"                           },
        {"-=",            "text [= \"-=\"]\n"                            },
        {"a\n\nb",        "text [= \"a\"]\nfeed 3762um\ntext [= \"b\"]\n"},
        {"{feed: 2.5mm}", "feed 2500um\n"                                },
        {"{cut: full}",   "cut full\n"                                   },
        {"{cut: none}",   "cut none\n"                                   },
        {"{drawer: 2}",   "drawer 2\n"                                   },
    };

    (void)state;
    check_rows(ROWS, COUNT(ROWS));
}

static void widths_fix_columns_until_auto(void **state)
{
    static const struct row ROWS[] = {
        {"{width: *, 3, 10}\na | b | c\n{width: auto}\na | b",
         "text [< \"a\"] [1] [3 = \"b\"] [1] [10 > \"c\"]\n"
         "text [< \"a\"] [1] [> \"b\"]\n"                                                                },
        {"{w:*,3}\na |",                                       "text [< \"a\"] [1] [3]\n"                },
        {"{width: *, 0, 4}\na | b | c",                        "text [< \"a\"] [1] [4 > \"c\"]\n"        },
        {"{width: 4, 4}\na | b",                               "text [] [4 < \"a\"] [1] [4 > \"b\"] []\n"},
        {"{width: 4, 4; align: left}\na | b",                  "text [4 < \"a\"] [1] [4 > \"b\"] []\n"   },
        {"{width: 4, 4; align: right}\na | b",                 "text [] [4 < \"a\"] [1] [4 > \"b\"]\n"   },
        {"{border: none}\na | b",                              "text [< \"a\"] [> \"b\"]\n"              },
        {"{border: 2}\na | b",                                 "text [< \"a\"] [2] [> \"b\"]\n"          },
        {"{comment: nothing; text: wrap}\na",                  "text [= \"a\"]\n"                        },
    };

    (void)state;
    check_rows(ROWS, COUNT(ROWS));
}

static void fit_makes_large_words_smaller_and_never_cuts_them(void **state)
{
    static const struct row ROWS[] = {
        {"{fit: shrink}\n^^^^^^^12345678",                            "text [= ^6x6 \"12345678\"]\n"            },
        {"{fit: shrink}\n^^^^^^^123456789",                           "text [= ^5x5 \"123456789\"]\n"           },
        {"{fit: shrink}\n^^^123456789012345678901234",
         "text [= ^2x2 \"123456789012345678901234\"]\n"                                                         },
        {"{fit: shrink}\n^^^1234567890123456789012345",               "text [= \"1234567890123456789012345\"]\n"},
        {"{fit: shrink 2}\n^^^^1234567890123456789012345",
         "text [= ^2x2 \"1234567890123456789012345\"]\n"                                                        },
        {"{fit: shrink}\n{width: *, 6}\n^^^123 | ^^^1234",
         "text [< ^2x2 \"123\"] [1] [6 > \"1234\"]\n"                                                           },
        {"{fit: shrink}\n^^^本本本本本本本本本本本本本",
         "text [= \"本本本本本本本本本本本本本\"]\n"                                               },
        {"{fit: shrink}\n{fit: wrap}\n^^^1234567890123456789012345",
         "text [= ^2x2 \"1234567890123456789012345\"]\n"                                                        },
    };

    (void)state;
    check_rows(ROWS, COUNT(ROWS));
}

static void codes_and_images_stand_on_their_own_line(void **state)
{
    static const struct row ROWS[] = {
        {"{code: {{url}}; option: qrcode, auto, M; min: 0.4mm}",
         "qr = M 400um \"HTTPS://AT.EXAMPLE/O/4QWERTY\"\n"                               },
        {"|{code: a\\;b; option: qrcode 4 h} |",                 "qr < H 500um \"a;b\"\n"},
        {"{option: qrcode, q; min: 1mm}\n{code: a}",             "qr = Q 1000um \"a\"\n" },
        {"{image: {{logo}}}",                                    "image = 16x8 0um\n"    },
        {"| {i: {{logo}}; w: 30mm}",                             "image > 16x8 30000um\n"},
        {"{image: {{logo}}; width: 60%}",                        "image = 16x8 48000um\n"},
        {"{code: {{hold_text}}; option: qrcode}",                ""                      },
    };

    (void)state;
    check_rows(ROWS, COUNT(ROWS));
}

static void fields_and_sections_are_filled_in(void **state)
{
    static const struct row ROWS[] = {
        {"{{order_code}}",                                                     "text [= \"K7F-2A1\"]\n"                   },
        {"{{ shop.name }}",                                                    "text [= \"Maison\"]\n"                    },
        {"{{#shop}}{{name}} {{order_code}}{{/shop}}",                          "text [= \"Maison K7F-2A1\"]\n"            },
        {"{{#pieces}}\n{{text}} | {{variant}}\n{{/pieces}}",
         "text [< \"Jo\"] [1] [> \"natural\"]\ntext [< \"Élodie|{=}\"] [1] []\n"                                         },
        {"{{#pieces}}{{text}}, {{/pieces}}",                                   "text [= \"Jo, Élodie|{=},\"]\n"          },
        {"{{#pieces}}{{#details}}{{label}} {{text}}{{/details}}{{/pieces}}",
         "text [= \"Thread Élodie|{=}\"]\n"                                                                              },
        {"{{#is_gift}}a{{/is_gift}}{{^is_gift}}b{{/is_gift}}",                 "text [= \"a\"]\n"                         },
        {"{{#is_training}}a{{/is_training}}{{^is_training}}b{{/is_training}}", "text [= \"b\"]\n"                         },
        {"{{#pin}}a{{/pin}}{{^hold_text}}b{{/hold_text}}",                     "text [= \"ab\"]\n"                        },
        {"{{^shop.address}}none{{/shop.address}}",                             "text [= \"none\"]\n"                      },
        {"{{#logo}}a{{/logo}}",                                                "text [= \"a\"]\n"                         },
        {"{{! nothing }}",                                                     ""                                         },
        {"a{{! nothing }}b",                                                   "text [= \"ab\"]\n"                        },
        {"{{i18n.order}} | {{i18n.pin}}",                                      "text [< \"Order\"] [1] [> \"Pin|code\"]\n"},
        {"\"{{i18n.order}}\" {{pin}}",                                         "text [= * \"Order\" \" 4071\"]\n"         },
    };

    (void)state;
    check_rows(ROWS, COUNT(ROWS));
}

static void a_line_whose_fields_are_all_empty_disappears(void **state)
{
    static const struct row ROWS[] = {
        {"{{hold_text}}",                  ""                 },
        {"{{hold_text}} | {{total_text}}", ""                 },
        {"^^^\"{{hold_text}}",             ""                 },
        {"{{i18n.empty}}",                 ""                 },
        {"a {{hold_text}}",                "text [= \"a\"]\n" },
        {"-{{hold_text}}-",                "text [= \"--\"]\n"},
        {"={{hold_text}}",                 "text [= \"=\"]\n" },
        {"|{{hold_text}} a|",              "text [= \"a\"]\n" },
    };

    (void)state;
    check_rows(ROWS, COUNT(ROWS));
}

static void a_file_from_windows_reads_the_same(void **state)
{
    static const char TEXT[] =
        "\xEF\xBB\xBF# kind: claim   # or gift\r\n# paper: 58mm\r\n## a: comment\r\n\r\na | b\r\n=";
    struct atl_words_file words = words_of_test();
    struct atl_template *tmpl = NULL;
    struct atl_page *page = NULL;
    struct atl_data data;
    struct atl_buf out;

    (void)state;
    fill(&data);
    atl_buf_init(&out, 4096);
    assert_int_equal(atl_template_parse("t", TEXT, sizeof TEXT - 1, NULL, &tmpl, NULL), ATL_OK);
    assert_int_equal(atl_template_page(tmpl, &data, &words, &page, NULL), ATL_OK);
    page_dump(page, &out);
    assert_string_equal((const char *)out.data, "text [< \"a\"] [1] [> \"b\"]\ncut partial\n");
    assert_int_equal(page->width_um, 58000);
    assert_string_equal(page->language, "en");
    assert_int_equal(atl_template_kind(tmpl), ATL_TEMPLATE_CLAIM);
    assert_int_equal(atl_template_paper_um(tmpl), 58000);
    atl_buf_free(&out);
    atl_page_free(page);
    atl_template_close(tmpl);
    atl_data_free(&data);
    atl_words_file_free(&words);
}

// Line 4 is the first of the body.
// Each body is refused with its sentence.
static void check_refused(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct atl_template *tmpl = NULL;
        struct atl_error err = {0};
        char text[1024], expected[300];
        int len = snprintf(text, sizeof text, "%s%s", HEADER, rows[i].body);

        snprintf(expected, sizeof expected, "t.ticket:%s", rows[i].dump);
        if (atl_template_parse("t.ticket", text, (size_t)len, NULL, &tmpl, &err) != ATL_E_INVALID)
            fail_msg("%s was taken", rows[i].body);
        assert_string_equal(err.text, expected);
        assert_null(tmpl);
    }
}

static void what_is_wrong_is_said_when_loading_with_line_and_cure(void **state)
{
    static const struct row ROWS[] = {
        {"{{order_cod}}",                                                                            "4: a claim has no field order_cod; did you mean order_code?"             },
        {"a\nb\n{{promise}}",                                                                        "6: a claim has no field promise; did you mean promise_label?"            },
        {"{{piece_code}}",                                                                           "4: a claim has no field piece_code here; README.md lists the fields"     },
        {"{{#pieces}}\n{{txt}}\n{{/pieces}}",                                                        "5: a claim has no field txt; did you mean text?"                         },
        {"{{pieces.text}}",                                                                          "4: pieces is a list: write {{#pieces}}…{{/pieces}} around it"          },
        {"{{shop.nam}}",                                                                             "4: shop has no field nam; did you mean name"                             },
        {"{{is_gift}}",                                                                              "4: is_gift is not a text: write {{#is_gift}}…{{/is_gift}}"             },
        {"{{#pieces}}\n",                                                                            "4: {{/pieces}} is missing"                                               },
        {"{{/pieces}}",                                                                              "4: {{/pieces}} closes nothing"                                           },
        {"{{#pieces}}\n{{#pin}}\n{{/pieces}}",
         "6: {{/pieces}} stands where {{/pin}} of line 5 is missing"                                                                                                           },
        {"{{order_code",                                                                             "4: {{ without }} on the same line"                                       },
        {"{{>partial}}",                                                                             "4: {{>partial}} is no name of a field: lower case letters, digits, _ and "
                         ". only"                                                                                                                      },
        {"{{{url}}}",                                                                                "4: a property is {name: value}, and a field is {{name}}"                 },
        {"{wdth: 3}",                                                                                "4: there is no property wdth; did you mean width"                        },
        {"{width: 3, x}",
         "4: width is up to 7 columns of up to 48 letters, as in *, 3, 10; or auto"                                                                                            },
        {"{width: *, 3}\na | b | c",                                                                 "5: 3 columns, but {width} names 2"                                       },
        {"{command: \\x1bp}",                                                                        "4: {command} is not spoken here; see cut and drawer"                     },
        {"{x: a}",                                                                                   "4: {command} is not spoken here; see cut and drawer"                     },
        {"{code: a}",                                                                                "4: name the code: {code: …; option: qrcode, auto, M; min: 0.4mm}, or "
                      "option: code128, hri"                                                                                                              },
        {"{code: a; option: qrcode; min: 0.1mm}",
         "4: min is the smallest module, 0.25mm to 2mm, not \"0.1mm\""                                                                                                         },
        {"{image: {{url}}}",                                                                         "4: {image} shows a field, as in {image: {{logo}}}; for a picture of "
                             "your own use {file: name.png}"                                                                                       },
        {"{{logo}}",                                                                                 "4: an image stands alone: {image: {{logo}}; width: 40mm}"                },
        {"{code: {{logo}}; option: qrcode}",
         "4: an image goes into {image: …}, not into {code: …}"                                                                                                            },
        {"{image: {{logo}}; width: 90mm}",
         "4: the width of a picture is 1% to 100% of the paper, or millimetres, not \"90mm\""                                                                                  },
        {"{file: ../../etc/passwd}",                                                                 "4: {file} is the plain name of a .png beside the template"               },
        {"{file: {{url}}}",                                                                          "4: {file} is the plain name of a .png beside the template"               },
        {"{file: logo.png}",                                                                         "4: {file} needs the template to be in a folder"                          },
        {"{cut: half}",                                                                              "4: cut is partial, full or none, not \"half\""                           },
        {"{drawer: 3}",                                                                              "4: drawer is its pin, 2 or 5, not \"3\""                                 },
        {"{feed: 3}",                                                                                "4: feed is a length of paper, as in 3mm, not \"3\""                      },
        {"{fit: cut}",                                                                               "4: fit is wrap, clip, shrink, or shrink 2 to shrink 6, not \"cut\""      },
        {"{text: no}",                                                                               "4: text is wrap or nowrap; see {fit: shrink} and {fit: clip}, not \"no\""},
        {"{border: line}",                                                                           "4: border is space, none, 0, 1 or 2, not \"line\""                       },
        {"{box: 1,2,3,4 mm}",                                                                        "4: {box} is for labels: # paper: 62x29mm"                                },
        {"{cut: full; feed: 3mm}",                                                                   "4: one {…} prints one thing; write a second line"                      },
        {"a {code: b}",                                                                              "4: {…} stands alone on its line; for the sign itself write \\{"        },
        {"{width}",                                                                                  "4: a property is {name: value}, and a field is {{name}}"                 },
        {"{width: }",                                                                                "4: a property without a value"                                           },
        {"a\\qb",                                                                                    "4: a \\ that escapes nothing; for the sign itself write \\\\"            },
        {"a\\",                                                                                      "4: a \\ that escapes nothing; for the sign itself write \\\\"            },
        {"\\x1b",                                                                                    "4: a \\ that escapes nothing; for the sign itself write \\\\"            },
        {"^^^^^^^^a",                                                                                "4: at most seven ^; for the sign itself write \\^"                       },
        {"1|2|3|4|5|6|7|8",                                                                          "4: more than 7 columns; for the sign itself write \\|"                   },
        {"a\x1b",                                                                                    "4: a control character (1b)"                                             },
 // In places that are printed only sometimes.
        {"{{^pin}}\n{{#hold_text}}\n{{^is_gift}}\n{fit: x}\n{{/is_gift}}\n{{/hold_text}}\n{{/pin}}",
         "7: fit is wrap, clip, shrink, or shrink 2 to shrink 6, not \"x\""                                                                                                    },
        {"{{^pieces}}\n{oops: 1}\n{{/pieces}}",                                                      "5: there is no property oops"                                            },
    };

    (void)state;
    check_refused(ROWS, COUNT(ROWS));
}

static void a_code_that_cannot_be_printed_is_refused_when_loading(void **state)
{
    static const struct row ROWS[] = {
        {"{code: a; option: itf}",
         "4: option is qrcode with auto or 3 to 8 and L, M, Q or H; or code128 or ean with 2 to 4, "
         "hri and a height of 24 to 240, not \"itf\""                                                                        },
        {"{code: 4006381333932; option: ean}",              "4: the last digit of the EAN-13 would "
                                               "have to be 1: a digit is wrong"},
        {"{code: 12; option: ean}",                         "4: an EAN-13 has 12 or 13 digits, not 2"                        },
        {"{code: Élodie; option: code128}",                "4: a Code 128 has letters without accents, digits and "
                                            "signs only, and character 1 is none of "
                                            "them: take a QR code"               },
        {"{code: {{order_code}}; option: ean; min: 0.7mm}",
         "4: the bar code is 84.8 mm wide with bars of 0.70 mm, and there are 71.9 mm: narrower "
         "bars (min), a shorter text, or a QR code"                                                                          },
        {"{height: 1mm}",                                   "4: height is that of bars, 3mm to 60mm, not \"1mm\""            },
        {"{file: a.png; dither: some}",                     "4: dither is none, for drawings, or photo, not \"some\""        },
        {"{image: {{logo}}; dither: photo}",
         "4: {dither} is for {file: name.png}; the pictures of fields are black and white already"                           },
        {"{valign: top}",                                   "4: valign is for boxes: {box: 3, 3, 40, 12; valign: middle}"    },
    };

    (void)state;
    check_refused(ROWS, COUNT(ROWS));
}

#define LABEL "# kind: bag\n# paper: 62x29mm\n# font: sans 7pt\n"

static void what_is_wrong_with_a_label_is_said_when_loading(void **state)
{
    static const struct row ROWS[] = {
        {"{{order_code}}",                                                             "4: on a label everything stands in a box, as in {box: 3, 3, 40, 12}"},
        {"{box: 3, 3, 40}",                                                            "4: box is from the left, from above, width and height in millimetres, "
                            "as in 3, 3, 40, 12, not \"3, 3, 40\""                                                               },
        {"{box: 3, 3, 40, 12, 9}",                                                     "4: box is from the left, from above, width and height in "
                                   "millimetres, as in 3, 3, 40, 12, not \"3, 3, 40, 12, 9\""                             },
        {"{box: 30, 3, 40, 12}",                                                       "4: the box 30, 3, 40, 12 reaches beyond the label of 62 x 29 mm"    },
        {"{box: 3, 3, 40, 2}",
         "4: the box 3, 3, 40, 2 is lower than a letter of the label's font, 2.4 mm"                                                                        },
        {"{box: 3, 3, 40, 12; fit: grow}",
         "4: in a box it is wrap, shrink, clip or shrink clip, not \"grow\""                                                                                },
        {"{box: 3, 3, 40, 12; valign: up}",                                            "4: in a box it is top, middle or bottom, not \"up\""                },
        {"{box: 3, 3, 40, 12}\n=",                                                     "5: a label has no cut and no drawer: it ends where it ends"         },
        {"{box: 3, 3, 10, 10}\n{code: {{piece_code}}; option: qrcode, H; min: 0.5mm}",
         "5: the smallest QR code of that min is 14.5 mm wide and high, and there are 10.0 mm"                                                              },
        {"{box: 3, 3, 20, 10}\n{code: {{piece_code}}; option: code128; min: 0.5mm}",
         "5: the bar code is 33.0 mm wide with bars of 0.50 mm, and there are 19.9 mm: narrower "
         "bars (min), a shorter text, or a QR code"                                                                                                         },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct atl_template *tmpl = NULL;
        struct atl_error err = {0};
        char text[600], expected[300];
        int len = snprintf(text, sizeof text, "%s%s", LABEL, ROWS[i].body);

        snprintf(expected, sizeof expected, "t.ticket:%s", ROWS[i].dump);
        if (atl_template_parse("t.ticket", text, (size_t)len, NULL, &tmpl, &err) != ATL_E_INVALID)
            fail_msg("%s was taken", ROWS[i].body);
        assert_string_equal(err.text, expected);
    }
}

static void a_header_says_what_the_paper_is(void **state)
{
    static const struct row ROWS[] = {
        {"",                                 "1: the first line has to say what it is, as in \"# kind: claim\""    },
        {"# kind: claim\n",                  "1: the header has to name the paper, as in \"# paper: 80mm\""        },
        {"# kind: clam\n",                   "1: kind is claim, gift, tag, bag, codes, roll, seats or run, not \"clam\""},
        {"# kind: tag\n# paper: 6x29mm\n",   "2: paper is a roll of 80mm, 58mm, 62mm or 102mm, or a "
                                           "label of 10 to 300 mm as in 62x29mm, "
                                           "not \"6x29mm\""              },
        {"# kind: tag\n# papr: 80mm\n",      "2: the header has no \"papr\"; did you mean paper?"                  },
        {"# kind: tag\n# author: me\n",
         "2: the header has kind, paper and font, not \"author\"; a comment begins with ##"                        },
        {"# kind: tag\n# font: sans\n",      "2: font is a family and a size, as in sans 8pt"                      },
        {"# kind: tag\n# font: sans 80pt\n", "2: font sizes are 5pt to 28pt"                                       },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct atl_template *tmpl = NULL;
        struct atl_error err = {0};
        char expected[300];

        snprintf(expected, sizeof expected, "t.ticket:%s", ROWS[i].dump);
        assert_int_equal(
            atl_template_parse("t.ticket", ROWS[i].body, strlen(ROWS[i].body), NULL, &tmpl, &err),
            ATL_E_INVALID);
        assert_string_equal(err.text, expected);
    }
}

static void a_template_that_would_print_without_end_is_stopped(void **state)
{
    static const char TEXT[] = HEADER
        "{{#pieces}}{{#pieces}}{{#pieces}}{{#pieces}}{{#pieces}}{{#pieces}}a{{/pieces}}{{/pieces}}"
        "{{/pieces}}{{/pieces}}{{/pieces}}{{/pieces}}";
    struct atl_words_file words = words_of_test();
    struct atl_template *tmpl = NULL;
    struct atl_page *page = NULL;
    struct atl_error err = {0};
    struct atl_data data;

    (void)state;
    sample_data_all(&data, ATL_TEMPLATE_CLAIM, "a", 50);
    assert_int_equal(atl_template_parse("t", TEXT, sizeof TEXT - 1, NULL, &tmpl, NULL), ATL_OK);
    assert_int_equal(atl_template_page(tmpl, &data, &words, &page, &err), ATL_E_NOMEM);
    assert_string_equal(err.text, "t: the paper would be far too long");
    assert_null(page);
    atl_template_close(tmpl);
    atl_data_free(&data);
    atl_words_file_free(&words);
}

static void a_word_that_is_missing_is_said_with_its_line(void **state)
{
    static const char TEXT[] = HEADER "{{i18n.order}}\n{{i18n.ordr}}";
    struct atl_words_file words = words_of_test();
    struct atl_template *tmpl = NULL;
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(atl_template_parse("t", TEXT, sizeof TEXT - 1, NULL, &tmpl, NULL), ATL_OK);
    assert_int_equal(atl_template_check_words(tmpl, &words, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "t:5: the words of \"en\" have no key ordr; did you mean order?");
    atl_template_close(tmpl);
    atl_words_file_free(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spaces_around_the_text_of_a_column_align_it),
        cmocka_unit_test(signs_switch_styles_on_and_off),
        cmocka_unit_test(rules_cuts_and_empty_paper),
        cmocka_unit_test(widths_fix_columns_until_auto),
        cmocka_unit_test(fit_makes_large_words_smaller_and_never_cuts_them),
        cmocka_unit_test(codes_and_images_stand_on_their_own_line),
        cmocka_unit_test(fields_and_sections_are_filled_in),
        cmocka_unit_test(a_line_whose_fields_are_all_empty_disappears),
        cmocka_unit_test(a_file_from_windows_reads_the_same),
        cmocka_unit_test(what_is_wrong_is_said_when_loading_with_line_and_cure),
        cmocka_unit_test(a_code_that_cannot_be_printed_is_refused_when_loading),
        cmocka_unit_test(what_is_wrong_with_a_label_is_said_when_loading),
        cmocka_unit_test(a_header_says_what_the_paper_is),
        cmocka_unit_test(a_template_that_would_print_without_end_is_stopped),
        cmocka_unit_test(a_word_that_is_missing_is_said_with_its_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

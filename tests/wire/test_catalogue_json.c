// SPDX-License-Identifier: Apache-2.0
#include "plugin/wire/catalogue_json.h"
#include "tests/support/catalogue_open.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

#define ROOT  "catalogue.json"
#define TOTE  "products/tote-bag.json"
#define CLASS "products/floral-class.json"
#define SHOES "products/sneakers.json"

// clang-format off
// A slip of whoever edits the catalogue, and what must then be said: file, path, cause.
static const struct slip {
    struct catalogue_change change;
    const char *says;
} slips[] = {
    {{ROOT,  "\"currency\": \"EUR\"", "\"currency\": \"EURO\""},           "catalogue.json: currency: must have at most 3 bytes"},
    {{ROOT,  "\"currency\": \"EUR\"", "\"currency\": \"XQX\""},            "currency must be one of ISO 4217"},
    {{ROOT,  "\"currency\": \"EUR\",", ""},                                "catalogue.json: currency: is missing"},
    {{ROOT,  "\"version\"", "\"versoin\""},                                "catalogue.json: versoin: not a known key (did you mean \"version\"?)"},
    {{ROOT,  "[\"en\", \"fr\", \"ja\"]", "[]"},                            "catalogue.json: languages: must have 1..8 entries, and has 0"},
    {{ROOT,  "[\"en\", \"fr\", \"ja\"]", "[\"en\", \"fr\", \"fr\"]"},      "catalogue.json: languages[2]: stands there twice"},
    {{ROOT,  "[\"en\", \"fr\", \"ja\"]", "[\"en\", \"fr\", \"ja\", \"de\"]"}, "tote-bag.json: name.de: is missing: each text needs every language"},
    {{ROOT,  "fonts/comfortaa-bold.font", "fonts/comfortaa.font"},         "catalogue.json: fonts[0]: cannot open fonts/comfortaa.font"},
    {{ROOT,  "fonts/comfortaa-bold.font", "../comfortaa.font"},            "catalogue.json: fonts[0]: must be a file inside"},
    {{ROOT,  "fonts/comfortaa-bold.font", "/etc/passwd"},                  "catalogue.json: fonts[0]: must be a file inside"},
    {{ROOT,  "\"id\": \"dejavu-sans\"", "\"id\": \"comfortaa\""},          "catalogue.json: fonts[1]: the font comfortaa stands there twice"},
    {{ROOT,  "\"id\": \"dejavu-sans\"", "\"id\": \"dejavu sans\""},        "catalogue.json: fonts[1]: names are at most"},
    {{ROOT,  "\"reason\": \"mark\", ", ""},                                "catalogue.json: word_lists[1].reason: is missing"},
    {{ROOT,  "products/jersey.json", "products/tote-bag.json"},            "catalogue.json: products[1]: the sku TOTE-01 is sold by an earlier file"},
    {{ROOT,  "products/jersey.json", "products/jerseys.json"},             "catalogue.json: products[1]: cannot open"},
    {{ROOT,  "],\n  \"word_lists\"", "]\n  \"word_lists\""},               "catalogue.json:12:3: a , or } was expected"},
    {{TOTE,  "\"sku\"", "\"sku\" \"sku\""},                                "products/tote-bag.json:2:9: a : was expected"},
    {{TOTE,  "\"sku\": \"TOTE-01\",", ""},                                 "products/tote-bag.json: sku: is missing"},
    {{TOTE,  "\"kind\": \"embroidery\"", "\"kind\": \"Embroidery\""},      "tote-bag.json: kind: must be one of: embroidery, name-number, design, seat"},
    {{TOTE,  "\"is_sellable\": true", "\"is_sellable\": \"yes\""},         "tote-bag.json: is_sellable: must be true or false"},
    {{TOTE,  "\"ja\": \"トートバッグ\"", "\"de\": \"Tasche\""},            "tote-bag.json: name.de: is no language of catalogue.json"},
    {{TOTE,  "\"Tote bag\"", "\"Tote\\nbag\""},                            "tote-bag.json: name.en: must be one line"},
    {{TOTE,  "\"rgb\": \"#26324D\"", "\"rgb\": \"navy\""},                 "tote-bag.json: variants[1].rgb: must be a colour"},
    {{TOTE,  "\"name\": \"navy\"", "\"name\": \"natural\""},               "tote-bag.json: variants[1]: the variant stands there twice"},
    {{TOTE,  "[\"stock\"]", "[\"stocks\"]"},                               "tote-bag.json: needs[0]: must be one of: stock, slot, seat"},
    {{TOTE,  "\"width_um\": 150000", "\"width_um\": 150.5"},               "tote-bag.json: room.width_um: must be a whole number 1000..2000000"},
    {{TOTE,  "\"height_um\": 25000", "\"height_um\": 70000"},              "letters of 70000 um fit no place of it: room 60000 um"},
    {{TOTE,  "\"base_minor\": 1500", "\"base_minor\": -1"},                "tote-bag.json: prices.base_minor: must be a whole number 0.."},
    {{TOTE,  "\"field\": \"text\", \"over\"", "\"field\": \"texts\", \"over\""}, "tote-bag.json: prices.letters[0]: the form has no text with the name texts"},
    {{TOTE,  "\"role\": \"rush\",", ""},                                   "tote-bag.json: prices: rush_basis_points needs a checkbox"},
    {{TOTE,  "\"units_per_minute\": 650,", ""},                            "tote-bag.json: work: units need a speed"},
    {{TOTE,  "\"name\": \"font\"", "\"name\": \"text\""},                  "tote-bag.json: form[1]: the name text stands there twice"},
    {{TOTE,  "\"role\": \"font\"", "\"role\": \"height\""},                "tote-bag.json: form[1].choices[0]: needs height_um"},
    {{TOTE,  "\"role\": \"text\"", "\"role\": \"note\""},                  "tote-bag.json: the whole: a product of kind embroidery needs a field of role text"},
    {{TOTE,  "\"max\": 24", "\"max\": 65"},                                "tote-bag.json: form[0].max: must be a whole number 1..64"},
    {{TOTE,  "\"max\": 24", "\"max\": 24, \"min\": 25"},                   "tote-bag.json: form[0]: min is greater than max"},
    {{TOTE,  "\"max\": 24", "\"max\": 24, \"to\": 9"},                     "tote-bag.json: form[0]: from and to need"},
    {{TOTE,  "[\"house\", \"marks\"]", "[\"house\", \"brands\"]"},         "tote-bag.json: form[0].word_lists[1]: no word list of catalogue.json has the id brands"},
    {{TOTE,  "\"preset\": \"round\"", "\"preset\": \"square\""},           "tote-bag.json: form[1]: the preset square is none of the choices"},
    {{TOTE,  "\"font\": \"comfortaa\"", "\"font\": \"comic\""},            "tote-bag.json: form[1].choices[0]: no font of catalogue.json has the id comic"},
    {{TOTE,  "\"font\": \"comfortaa\", ", ""},                             "tote-bag.json: form[1].choices[0]: needs a font"},
    {{TOTE,  "\"height_um\": 8000, ", ""},                                 "tote-bag.json: form[2].choices[0]: needs height_um"},
    {{TOTE,  "\"thread\": \"1800\", ", ""},                                "tote-bag.json: form[3].choices[1]: needs rgb and the thread's number"},
    {{TOTE,  "\"value\": \"black\"", "\"value\": \"navy\""},               "tote-bag.json: form[3].choices[1]: the value navy stands there twice"},
    {{TOTE,  "\"value\": \"black\"", "\"value\": \"black\\t\""},           "tote-bag.json: form[3].choices[1]: names are at most"},
    {{TOTE,  "\"kind\": \"checkbox\"", "\"kind\": \"checkbox\", \"max\": 3"}, "tote-bag.json: form[7]: min, max, from, to"},
    {{TOTE,  "\"kind\": \"checkbox\"", "\"kind\": \"choice\""},            "tote-bag.json: form[7]: a choice needs choices"},
    {{TOTE,  "\"role\": \"note\"", "\"role\": \"thread\""},                "tote-bag.json: form[8]: a field of role thread must be a choice"},
    {{TOTE,  "\"arc_radius_um\": 70000, ", ""},                            "tote-bag.json: form[5].choices[1]: an arc needs arc_radius_um"},
    {{TOTE,  "\"layout\": \"lines\", \"label\"", "\"frame\": \"square\", \"label\""}, "tote-bag.json: form[5].choices[0]: a frame is of a monogram"},
    {{TOTE,  "\"frame\": \"circle\"", "\"frame\": \"heart\""},             "tote-bag.json: form[5].choices[3].frame: must be one of: none, circle"},
    {{TOTE,  "\"role\": \"text2\"", "\"role\": \"layout\""},               "tote-bag.json: form[6]: a field of role layout must be a choice"},
    {{TOTE,  "\"trim_s\": 6", "\"trim_s\": -6"},                           "tote-bag.json: cloth.trim_s: must be a whole number 0..600"},
    {{TOTE,  "\"form\": [", "\"lead_days\": 366, \"form\": ["},            "tote-bag.json: lead_days: must be a whole number 0..365"},
    {{TOTE,  "\"may_follow\": true", "\"may_follow\": true, \"image\": \"images/no.png\""}, "tote-bag.json: the whole: there is no picture images/no.png"},
    {{TOTE,  "\"sign_off\": \"before_payment\"", "\"sign_off\": \"none\""}, "tote-bag.json: the whole: sign_off none is for seats"},
    {{SHOES, "\"field\": \"design\", \"is\": \"initials\"", "\"field\": \"style\", \"is\": \"initials\""}, "sneakers.json: form[3].when: no earlier field has the name style"},
    {{SHOES, "\"field\": \"design\", \"is\": \"initials\"", "\"field\": \"design\", \"is\": \"roses\""}, "sneakers.json: form[3].when: the field design can never be roses"},
    {{CLASS, "2026-12-05T14:00:00+01:00", "2026-12-05 14:00"},             "floral-class.json: sessions[0].start: must be a time such as"},
    {{CLASS, "\"capacity\": 8", "\"capacity\": 0"},                        "floral-class.json: sessions[0].capacity: must be a whole number 1.."},
    {{CLASS, "\"id\": \"2026-12-12-1400\"", "\"id\": \"2026-12-05-1400\""}, "floral-class.json: sessions[1]: the session 2026-12-05-1400 stands there twice"},
    {{CLASS, "\"role\": \"session\"", "\"role\": \"note\""},               "floral-class.json: form[0]: a choice needs choices"},
    {{"words/house.words", "# atelier words 1", "# words"},                "words/house.words:1: the first line must be"},
    {{"words/house.words", "word damn\n", "damn\n"},                       "words/house.words:4: must begin with word, inside or except"},
    {{"words/house.words", "word damn\n", "word -\n"},                     "words/house.words:4: "},
    {{"fonts/comfortaa-bold.font", "units 1000", "units 0"},               "fonts/comfortaa-bold.font:4: units must be"},
    {{"fonts/comfortaa-bold.qualified", "heights_um 6000", "heights_um 9000"}, "fonts/comfortaa-bold.qualified:5: heights_um takes"},
    {{"fonts/comfortaa-bold.qualified", "family Comfortaa Bold", "family Comfortaa"}, "catalogue.json: fonts[0]: fonts/comfortaa-bold.qualified is of the font Comfortaa, the facts are of Comfortaa Bold"},
    {{"catalogue.json", "fonts/comfortaa-bold.qualified", "fonts/no.qualified"}, "fonts/no.qualified"},
    {{"fonts/comfortaa-bold.font", "glyph 21 ", "glyph 19 "},              "fonts/comfortaa-bold.font:7: code points must ascend"},
};
// clang-format on

static bool no_picture(void *ctx, const char *path)
{
    (void)ctx;
    (void)path;
    return false;
}

// The catalogue with the slip is refused, and the report says what it must.
static bool is_said(const struct slip *slip)
{
    struct atl_catalogue catalogue = {.name = "before"};
    struct atl_error err = {0};
    struct atl_buf report;
    bool said;

    atl_buf_init(&report, 65536);
    if (catalogue_open_changed(&slip->change, &catalogue, &report, &err) == ATL_OK) {
        print_error("not seen: %s\n", slip->says);
        atl_catalogue_free(&catalogue);
        return false;
    }
    said = strstr((const char *)report.data, slip->says) && err.text[0] &&
           strcmp(catalogue.name, "before") == 0; // out is unchanged
    if (!said)
        print_error("not \"%s\" but:\n%s", slip->says, (const char *)report.data);
    atl_buf_free(&report);
    return said;
}

static void each_slip_of_an_editor_names_file_path_and_cause(void **state)
{
    size_t unsaid = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(slips); i++)
        unsaid += !is_said(&slips[i]);
    assert_int_equal(unsaid, 0);
}

static void without_a_report_the_first_fault_is_told(void **state)
{
    const struct catalogue_change change = {TOTE, "\"max\": 24", "\"max\": 0"};
    struct atl_catalogue catalogue;
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(catalogue_open_changed(&change, &catalogue, NULL, &err), ATL_E_INVALID);
    assert_string_equal(err.text,
                        "products/tote-bag.json: form[0].max: must be a whole number 1..64");
}

static void a_folder_that_is_not_there_is_said_with_its_path(void **state)
{
    struct atl_catalogue catalogue;
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(atl_catalogue_load_folder("/nowhere", &catalogue, NULL, &err),
                     ATL_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "/nowhere/catalogue.json"));
}

static atl_code read_shipped(void *ctx, const char *path, struct atl_buf *out,
                             struct atl_error *err)
{
    (void)ctx;
    (void)path;
    (void)out;
    return atl_fail(err, ATL_E_IO, "the disk is gone");
}

static void a_reader_that_fails_is_passed_on(void **state)
{
    const struct atl_catalogue_source source = {.read = read_shipped, .has = no_picture};
    struct atl_catalogue catalogue;
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(atl_catalogue_load(&source, &catalogue, NULL, &err), ATL_E_IO);
    assert_string_equal(err.text, "the disk is gone");
}

static void the_lists_and_fonts_are_those_of_the_files(void **state)
{
    struct atl_catalogue catalogue;
    const struct atl_word_list *house;

    (void)state;
    catalogue_open(&catalogue);
    house = atl_catalogue_list(&catalogue, "house");
    assert_int_equal(house->screen.word_count, 13);
    assert_int_equal(house->screen.exception_count, 5);
    assert_string_equal(house->screen.words[0].word, "damn");
    assert_false(house->screen.words[0].is_substring);
    assert_true(house->screen.words[8].is_substring);
    assert_true(house->may_be_overruled);
    assert_true(atl_catalogue_font(&catalogue, "dejavu-sans")->glyph_count > 5000);
    atl_catalogue_free(&catalogue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_slip_of_an_editor_names_file_path_and_cause),
        cmocka_unit_test(without_a_report_the_first_fault_is_told),
        cmocka_unit_test(a_folder_that_is_not_there_is_said_with_its_path),
        cmocka_unit_test(a_reader_that_fails_is_passed_on),
        cmocka_unit_test(the_lists_and_fonts_are_those_of_the_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/form.h"
#include "plugin/core/form_words.h"
#include "tests/hostile/inputs.h"
#include "tests/support/catalogue_open.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

enum { ARENA_BYTES = 1024 * 1024, GIVEN_MAX = 6 };

static struct atl_catalogue shop;
static struct atl_arena arena;

static int setup_group(void **state)
{
    (void)state;
    catalogue_open(&shop);
    return 0;
}

static int teardown_group(void **state)
{
    (void)state;
    atl_catalogue_free(&shop);
    return 0;
}

static int setup(void **state)
{
    (void)state;
    atl_arena_init(&arena, ARENA_BYTES);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    atl_arena_free(&arena);
    return 0;
}

static struct atl_form_result check_ask(const struct atl_form_ask *ask)
{
    struct atl_form_result result;
    struct atl_error err = {0};

    assert_int_equal(atl_form_check(ask, &arena, &result, &err), ATL_OK);
    return result;
}

static struct atl_form_result check(const char *sku, const struct atl_answer *answers, size_t count)
{
    const struct atl_form_ask ask = {
        .catalogue = &shop,
        .product = atl_catalogue_product(&shop, sku),
        .answers = answers,
        .answer_count = count,
        .staff_language = "en",
        .guest_language = "fr",
        .now_ms = INT64_C(1796475600000), // the first class begins
    };

    return check_ask(&ask);
}

static const char *answer_of(const struct atl_form_result *result, const char *name)
{
    return atl_answers_find(result->answers, result->answer_count, name);
}

// ---- Forms ----

static void a_form_has_labels_and_choices_in_the_language(void **state)
{
    const struct atl_product *tote = atl_catalogue_product(&shop, "TOTE-01");
    struct atl_form form;
    struct atl_error err;

    (void)state;
    assert_int_equal(atl_form_make(&shop, tote, "fr", &arena, &form, &err), ATL_OK);
    assert_int_equal(form.count, 9);
    assert_string_equal(form.fields[0].name, "text");
    assert_string_equal(form.fields[0].label, "Texte à broder");
    assert_int_equal(form.fields[0].max_count, 24);
    assert_true(form.fields[0].is_required);
    assert_null(form.fields[0].choices);
    assert_string_equal(form.fields[2].choices, "8\t8 mm\n15\t15 mm\n25\t25 mm\n");
    assert_string_equal(form.fields[2].preset, "15");
    assert_int_equal(form.fields[7].kind, ATL_FIELD_CHECKBOX);
}

static void a_product_that_is_not_sold_has_no_questions(void **state)
{
    struct atl_product product = *atl_catalogue_product(&shop, "TOTE-01");
    struct atl_form_ask ask = {.catalogue = &shop, .product = &product};
    struct atl_form_result result;
    struct atl_form form;
    struct atl_error err;

    (void)state;
    product.is_sellable = false;
    assert_int_equal(atl_form_make(&shop, &product, "en", &arena, &form, &err), ATL_OK);
    assert_int_equal(form.count, 0);
    result = check_ask(&ask);
    assert_false(result.is_allowed);
    assert_string_equal(result.findings[0].code, "not_sold");
    ask.product = NULL;
    result = check_ask(&ask);
    assert_string_equal(result.findings[0].code, "not_sold");
}

static void a_field_that_applies_only_sometimes_is_not_required_in_the_form(void **state)
{
    struct atl_form form;
    struct atl_error err;

    (void)state;
    assert_int_equal(
        atl_form_make(&shop, atl_catalogue_product(&shop, "SNEAKER-01"), "en", &arena, &form, &err),
        ATL_OK);
    assert_string_equal(form.fields[3].name, "initials");
    assert_false(form.fields[3].is_required);
}

static void answers_are_said_in_words(void **state)
{
    const struct atl_product *tote = atl_catalogue_product(&shop, "TOTE-01");

    (void)state;
    assert_string_equal(atl_form_say(&shop, atl_product_field(tote, "thread"), "red", "ja"), "赤");
    assert_string_equal(atl_form_say(&shop, atl_product_field(tote, "rush"), "yes", "fr"), "oui");
    assert_string_equal(atl_form_say(&shop, atl_product_field(tote, "rush"), "no", "en"), "no");
    assert_string_equal(atl_form_say(&shop, atl_product_field(tote, "text"), "Anna", "fr"), "Anna");
    assert_string_equal(atl_form_say(&shop, atl_product_field(tote, "text"), NULL, "fr"), "");
}

// ---- Answers ----

static void good_answers_come_back_normalised_and_complete(void **state)
{
    const struct atl_answer answers[] = {
        {"thread", "gold"                                     },
        {"text",   "  L'e\xCC\x81te\xCC\x81  d'\xC3\x89lodie "},
        {"rush",   "1"                                        }
    };
    struct atl_form_result result = check("TOTE-01", answers, 3);

    (void)state;
    assert_true(result.is_allowed);
    assert_int_equal(result.finding_count, 0);
    assert_int_equal(result.answer_count, 7);
    assert_string_equal(result.answers[0].name, "text"); // in the order of the form
    assert_string_equal(answer_of(&result, "text"), "L'\xC3\xA9t\xC3\xA9 d'\xC3\x89lodie");
    assert_string_equal(answer_of(&result, "font"), "round"); // what the form began with
    assert_string_equal(answer_of(&result, "height"), "15");
    assert_string_equal(answer_of(&result, "rush"), "yes");
    assert_null(answer_of(&result, "note"));
    assert_true(result.has_look_alikes);
}

// clang-format off
// One row a fault: what is answered, and the finding that must come of it.
static const struct fault_row {
    const char *sku;
    struct atl_answer given[GIVEN_MAX];
    const char *field;
    const char *code;
    const char *staff_has; // a part of the sentence: the cause
    const char *proposal;
} fault_rows[] = {
    {"TOTE-01",      {{"text", ""}},                                          "text",     "required",        "please ask the guest",             NULL      },
    {"TOTE-01",      {{"thread", "navy"}},                                    "text",     "required",        "Words to embroider",               NULL      },
    {"TOTE-01",      {{"text", "A"}, {"colour", "red"}},                      "",         "unknown_field",   "leave the answer out",             NULL      },
    {"TOTE-01",      {{"text", "A"}, {NULL, "red"}},                          "",         "unknown_field",   "leave the answer out",             NULL      },
    {"TOTE-01",      {{"text", "A"}, {"text", "B"}},                          "text",     "twice",           "keep one",                         NULL      },
    {"TOTE-01",      {{"text", "A"}, {"thread", "purple"}},                   "thread",   "unknown_choice",  "Navy, Black, Ivory",               NULL      },
    {"TOTE-01",      {{"text", "A"}, {"thread", ""}},                         "thread",   "required",        "Thread",                           NULL      },
    {"TOTE-01",      {{"text", "A"}, {"rush", "perhaps"}},                    "rush",     "unknown_choice",  "Make it first",                    NULL      },
    {"TOTE-01",      {{"text", "abcdefghijklmnopqrstuvwxy"}},                 "text",     "too_long",        "24 letters",                       NULL      },
    {"TOTE-01",      {{"text", "A\xE2\x80\xAE"}},                             "text",     "bidi",            "(character 2)",                    NULL      },
    {"TOTE-01",      {{"text", "\xC3\x89\xC3\x89\x1B"}},                      "text",     "control",         "(character 3)",                    NULL      },
    {"TOTE-01",      {{"text", "Xi\xC7\x8Eo"}},                               "text",     "no_glyph",        "Upright has all of it",            "Xiao"    },
    {"TOTE-01",      {{"text", "\xE6\x84\x9B"}},                              "text",     "no_glyph",        "nor has another",                  NULL      },
    {"TOTE-01",      {{"text", "Alexandra"}, {"height", "25"}},               "height",   "too_wide",        "15 mm letters would fit",          "15"      },
    {"TOTE-01",      {{"text", "Alexandra"}, {"place", "corner"}},            "height",   "too_wide",        "70 mm fit",                        "8"       },
    {"TOTE-01",      {{"text", "WWWWWWWWWWWWWWWWWWWWWWWW"}},                  "text",     "too_wide",        "about 1",                          NULL      },
    {"TOTE-01",      {{"text", "Damn"}},                                      "text",     "profanity",       "A manager may allow it",           NULL      },
    {"TOTE-01",      {{"text", "d.a.m.n"}},                                   "text",     "profanity",       "A manager may allow it",           NULL      },
    {"TOTE-01",      {{"text", "LUMARQUE"}},                                  "text",     "mark",            "another house's mark",             NULL      },
    {"TOTE-01",      {{"text", "A"}, {"note", "\xE2\x80\x8B"}},               "note",     "invisible",       "Note for the workshop",            NULL      },
    {"TOTE-01",      {{"text", "Anna"}, {"text2", "\xE6\x84\x9B"}},              "text2",    "no_glyph",        "Second line",                      NULL      },
    {"TOTE-01",      {{"text", "A"}, {"text2", "Alexandra Alexandra"}, {"height", "8"}, {"place", "corner"}}, "text2", "too_wide", "letters would fit", NULL },
    {"TOTE-01",      {{"text", "A"}, {"text2", "B"}, {"height", "15"}, {"place", "inside"}}, "height", "too_high", "The lines are 36.8 mm high together", NULL },
    {"TOTE-01",      {{"text", "ABCD"}, {"layout", "medallion"}},             "text",     "monogram",        "one to three letters",             NULL      },
    {"TOTE-01",      {{"text", "A"}, {"text2", "B"}, {"layout", "arc"}},      "text2",    "does_not_apply",  "goes only with Layout: Straight",  NULL      },
    {"JERSEY-01",    {{"number", "100"}},                                     "number",   "too_long",        "2 letters",                        NULL      },
    {"JERSEY-01",    {{"number", "1a"}},                                      "number",   "character",       "digits only",                      NULL      },
    {"JERSEY-01",    {{"number", "7"}, {"name", "Dupont"}},                   "name",     "character",       "capitals",                         "DUPONT"  },
    {"JERSEY-01",    {{"number", "7"}, {"name", "\xC3\xA9lodie"}},            "name",     "character",       "capitals",                         "\xC3\x89LODIE"},
    {"JERSEY-01",    {{"number", "7"}, {"name", "R2D2"}},                     "name",     "character",       "\xE2\x80\x9C" "2\xE2\x80\x9D",     NULL      },
    {"JERSEY-01",    {{"number", "7"}, {"name", "DUBRELLE"}},                 "name",     "player",          "league",                           NULL      },
    {"SNEAKER-01",   {{"design", "wave"}, {"initials", "AB"}},                "initials", "does_not_apply",  "goes only with Design: Initials",  NULL      },
    {"SNEAKER-01",   {{"design", "initials"}},                                "initials", "required",        "Initials",                         NULL      },
    {"SNEAKER-01",   {{"design", "initials"}, {"initials", "A-B"}},           "initials", "character",       "letters and .",                    NULL      },
    {"SNEAKER-01",   {{"colour", "sumi"}},                                    "design",   "required",        "Design",                           NULL      },
    {"CLASS-FLORAL", {{"session", "2026-12-05-1400"}},                        "session",  "session_begun",   "choose a later one",               NULL      },
    {"CLASS-FLORAL", {{"session", "tomorrow"}},                               "session",  "unknown_choice",  "Saturday 12 December",             NULL      },
    {"CLASS-FLORAL", {{"session", "2026-12-12-1400"}, {"guest_name", "X\xC3\x97"}}, "guest_name", "character", "letters, spaces",                NULL      },
};
// clang-format on

static void each_fault_is_one_finding_with_field_cause_and_cure(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(fault_rows); i++) {
        const struct fault_row *row = &fault_rows[i];
        size_t count = 0;
        struct atl_form_result result;

        while (count < GIVEN_MAX && (row->given[count].name || row->given[count].value))
            count++;
        result = check(row->sku, row->given, count);
        if (result.is_allowed || result.finding_count != 1)
            fail_msg("row %zu (%s): %zu findings, the last %s", i, row->code, result.finding_count,
                     result.finding_count ? result.findings[result.finding_count - 1].staff_text
                                          : "none");
        assert_string_equal(result.findings[0].field, row->field);
        assert_string_equal(result.findings[0].code, row->code);
        if (!strstr(result.findings[0].staff_text, row->staff_has))
            fail_msg("row %zu: \"%s\" says nothing of \"%s\"", i, result.findings[0].staff_text,
                     row->staff_has);
        if (row->proposal) {
            assert_non_null(result.findings[0].proposal);
            assert_string_equal(result.findings[0].proposal, row->proposal);
        } else {
            assert_null(result.findings[0].proposal);
        }
        assert_null(strstr(result.findings[0].staff_text, "{"));
        assert_null(strstr(result.findings[0].guest_text, "{"));
    }
}

static void several_faults_are_all_named(void **state)
{
    const struct atl_answer answers[] = {
        {"text",   ""      },
        {"thread", "purple"},
        {"height", "99"    },
        {"size",   "L"     }
    };
    struct atl_form_result result = check("TOTE-01", answers, 4);

    (void)state;
    assert_int_equal(result.finding_count, 4);
}

static void strange_names_and_things_that_are_no_fault_are_let_pass(void **state)
{
    static const char *const texts[] = {"Scunthorpe",  "Shittu",      "Zutphen",
                                        "Bloody Mary", "Noirmontier", "Bj\xC3\xB8rn & Zo\xC3\xAB",
                                        "O'Brien",     "L’été",       "1914-1918",
                                        "<3"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        const struct atl_answer answers[] = {
            {"text",   texts[i]},
            {"height", "8"     }
        };
        struct atl_form_result result = check("TOTE-01", answers, 2);

        if (!result.is_allowed)
            fail_msg("%s: %s", texts[i], result.findings[0].staff_text);
    }
}

static void a_refused_word_is_never_repeated_and_the_guests_sentence_is_courteous(void **state)
{
    static const char *const texts[] = {"Damn", "Lumarque", "b u l l s h i t"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        const struct atl_answer answer = {"text", texts[i]};
        struct atl_form_result result = check("TOTE-01", &answer, 1);
        const struct atl_finding *finding = &result.findings[0];

        assert_false(result.is_allowed);
        assert_true(finding->may_be_overruled);
        assert_null(strcasestr(finding->staff_text, texts[i]));
        assert_null(strcasestr(finding->guest_text, texts[i]));
        assert_null(answer_of(&result, "text"));
        assert_non_null(strstr(finding->guest_text, "initiales"));
    }
}

static void a_manager_may_overrule_a_word_and_nothing_else(void **state)
{
    const struct atl_answer word = {"text", "Damn"};
    const struct atl_answer control = {"text", "A\x1B"};
    const struct atl_override overrides[] = {
        {"text", "profanity", "m1"},
        {"",     "control",   "m1"}
    };
    struct atl_form_ask ask = {
        .catalogue = &shop,
        .product = atl_catalogue_product(&shop, "TOTE-01"),
        .answers = &word,
        .answer_count = 1,
        .overrides = overrides,
        .override_count = 2,
    };
    struct atl_form_result result = check_ask(&ask);

    (void)state;
    assert_true(result.is_allowed);
    assert_int_equal(result.finding_count, 1); // still there, to be recorded
    assert_true(result.findings[0].was_overruled);
    assert_string_equal(answer_of(&result, "text"), "Damn");

    ask.answers = &control;
    result = check_ask(&ask);
    assert_false(result.is_allowed);
    assert_false(result.findings[0].was_overruled);

    ask.answers = &word;
    ask.override_count = 0;
    assert_false(check_ask(&ask).is_allowed);
}

static void an_override_of_one_field_does_not_serve_another(void **state)
{
    const struct atl_answer word = {"text", "Damn"};
    const struct atl_override other = {"note", "profanity", "m1"};
    const struct atl_form_ask ask = {
        .catalogue = &shop,
        .product = atl_catalogue_product(&shop, "TOTE-01"),
        .answers = &word,
        .answer_count = 1,
        .overrides = &other,
        .override_count = 1,
    };

    (void)state;
    assert_false(check_ask(&ask).is_allowed);
}

static void a_variant_must_be_spelled_as_in_the_catalogue(void **state)
{
    const struct atl_answer answer = {"text", "Anna"};
    struct atl_form_ask ask = {
        .catalogue = &shop,
        .product = atl_catalogue_product(&shop, "TOTE-01"),
        .answers = &answer,
        .answer_count = 1,
        .variant = "Navy",
    };
    struct atl_form_result result = check_ask(&ask);

    (void)state;
    assert_string_equal(result.findings[0].code, "unknown_variant");
    assert_non_null(strstr(result.findings[0].staff_text, "natural, navy, bordeaux"));
    ask.variant = "navy";
    assert_true(check_ask(&ask).is_allowed);
    ask.variant = "";
    assert_true(check_ask(&ask).is_allowed);
}

static void too_many_answers_are_refused_at_once(void **state)
{
    struct atl_answer answers[ATL_ANSWERS_MAX + 1];
    struct atl_form_result result;

    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++)
        answers[i] = (struct atl_answer){"text", "A"};
    result = check("TOTE-01", answers, COUNT(answers));
    assert_int_equal(result.finding_count, 1);
    assert_string_equal(result.findings[0].code, "too_many_answers");
}

static void findings_are_bounded(void **state)
{
    struct atl_answer answers[ATL_ANSWERS_MAX];

    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++)
        answers[i] = (struct atl_answer){i % 2 ? "nothing" : "text", "\x1B"};
    assert_false(check("TOTE-01", answers, COUNT(answers)).is_allowed);
}

// Each allocation fails once: the answer is then that memory was short, and never half a judgement.
static void memory_that_ends_anywhere_is_said_and_harms_nothing(void **state)
{
    const struct atl_answer answers[] = {
        {"text",   "Damn Alexandra"},
        {"height", "25"            },
        {"thread", "purple"        },
        {"size",   "L"             },
        {"rush",   "yes"           }
    };
    const struct atl_form_ask ask = {.catalogue = &shop,
                                     .product = atl_catalogue_product(&shop, "TOTE-01"),
                                     .answers = answers,
                                     .answer_count = COUNT(answers)};
    atl_code rc = ATL_E_NOMEM;
    size_t limit = 0;

    (void)state;
    for (; rc; limit += 16) {
        struct atl_form_result result = {.finding_count = 77};
        struct atl_arena small;
        struct atl_error err;

        atl_arena_init(&small, limit);
        rc = atl_form_check(&ask, &small, &result, &err);
        assert_true(rc == ATL_OK || rc == ATL_E_NOMEM);
        assert_int_equal(result.finding_count, rc ? 77 : 3);
        atl_arena_free(&small);
        assert_true(limit < ARENA_BYTES);
    }
}

static char *build(const struct hostile_input *input)
{
    size_t len = strlen(input->text);
    char *text = malloc(len * input->repeat + 1);

    assert_non_null(text);
    for (size_t i = 0; i < input->repeat; i++)
        memcpy(text + i * len, input->text, len);
    text[len * input->repeat] = 0;
    return text;
}

static void hostile_input_is_refused_with_its_code_or_is_plain_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < HOSTILE_INPUT_COUNT; i++) {
        const struct hostile_input *input = &hostile_inputs[i];
        char *text = build(input);
        const struct atl_answer answers[] = {
            {"text",   text},
            {"height", "8" }
        };
        struct atl_form_result result = check("TOTE-01", answers, 2);

        if (result.is_allowed != !input->refused)
            fail_msg("%s: %s", input->name,
                     result.is_allowed ? "accepted" : result.findings[0].code);
        if (input->refused) {
            assert_string_equal(result.findings[0].code, input->refused);
            assert_null(answer_of(&result, "text"));
        } else {
            assert_string_equal(answer_of(&result, "text"), input->text);
        }
        free(text);
    }
}

// ---- Sentences ----

static void every_finding_has_sentences_for_both_in_every_language(void **state)
{
    static const char *const banned[] = {"error", "failed", "rejected", "erreur",
                                         "échou", "rejet",  "エラー",   "失敗"};
    size_t count;
    const struct atl_form_words *rows = atl_form_words_all(&count);

    (void)state;
    assert_true(count >= 26);
    for (size_t i = 0; i < count; i++) {
        for (int lang = 0; lang < ATL_LANG_COUNT; lang++) {
            const char *guest = rows[i].guest[lang];

            assert_non_null(rows[i].staff[lang]);
            if (!guest) // words.h has it
                continue;
            for (size_t b = 0; b < COUNT(banned); b++)
                assert_null(strstr(guest, banned[b]));
        }
    }
    assert_string_equal(atl_form_words_find("house rule 7")->code, "other");
}

static void a_value_in_a_sentence_cannot_pull_in_another(void **state)
{
    const struct atl_words_value values[] = {
        {"letter", "{pin}"},
        {"pin",    "1234" }
    };

    (void)state;
    assert_string_equal(atl_form_words_fill(&arena, "a {letter} b {nothing}.", values, 2),
                        "a {pin} b ….");
}

static void lengths_are_said_as_the_language_writes_them(void **state)
{
    const struct atl_answer answers[] = {
        {"text",   "Alexandra"},
        {"height", "25"       }
    };
    struct atl_form_result result = check("TOTE-01", answers, 2);

    (void)state;
    assert_non_null(strstr(result.findings[0].staff_text, "at 25 mm, and 150 mm fit"));
    assert_non_null(strstr(result.findings[0].guest_text, "15 mm"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_form_has_labels_and_choices_in_the_language, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_product_that_is_not_sold_has_no_questions, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            a_field_that_applies_only_sometimes_is_not_required_in_the_form, setup, teardown),
        cmocka_unit_test_setup_teardown(answers_are_said_in_words, setup, teardown),
        cmocka_unit_test_setup_teardown(good_answers_come_back_normalised_and_complete, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(each_fault_is_one_finding_with_field_cause_and_cure, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(several_faults_are_all_named, setup, teardown),
        cmocka_unit_test_setup_teardown(strange_names_and_things_that_are_no_fault_are_let_pass,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_refused_word_is_never_repeated_and_the_guests_sentence_is_courteous, setup, teardown),
        cmocka_unit_test_setup_teardown(a_manager_may_overrule_a_word_and_nothing_else, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_override_of_one_field_does_not_serve_another, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_variant_must_be_spelled_as_in_the_catalogue, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(too_many_answers_are_refused_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(findings_are_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(memory_that_ends_anywhere_is_said_and_harms_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(hostile_input_is_refused_with_its_code_or_is_plain_text,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(every_finding_has_sentences_for_both_in_every_language,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_value_in_a_sentence_cannot_pull_in_another, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(lengths_are_said_as_the_language_writes_them, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, setup_group, teardown_group);
}

// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/arena.h"
#include "plugin/core/font.h"
#include "plugin/render/font_facts.h"
#include "plugin/render/proof.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void the_facts_of_a_font_are_read_by_the_rules_and_measure_as_the_proof_does(void **state)
{
    struct atl_proof_request request = {
        .lines = {"Bartholomew"}, .line_count = 1, .font = "Comfortaa Bold", .cap_um = 20000};
    struct atl_proof_result drawn = {0};
    struct atl_arena arena;
    struct atl_font font = {0};
    struct atl_buf text;
    struct atl_error err = {0};
    int32_t width;

    (void)state;
    atl_buf_init(&text, 4 * 1024 * 1024);
    atl_arena_init(&arena, 4 * 1024 * 1024);
    if (atl_font_facts_write("Comfortaa Bold", &text, &err) ||
        atl_font_parse("test.font", (const char *)text.data, text.len, &arena, &font, &err))
        fail_msg("%s", err.text);
    assert_string_equal(font.family, "Comfortaa Bold");
    assert_true(font.glyph_count > 300);
    assert_int_equal(atl_font_lacks(&font, "L\u2019\u00e9t\u00e9 d\u2019\u00c9lodie"), 0);
    assert_int_equal(atl_font_lacks(&font, "Ann \u685c"), 0x685c);
    // Sum of advances against ink: the same but for kerning and the sides of the outer letters.
    assert_int_equal(atl_proof_measure(&request, &drawn, NULL), ATL_OK);
    width = atl_font_width_um(&font, "Bartholomew", 20000);
    assert_in_range(drawn.width_um, width * 93 / 100, width * 102 / 100);
    atl_arena_free(&arena);
    atl_buf_free(&text);
}

static void the_facts_are_the_same_each_time(void **state)
{
    struct atl_buf text;
    size_t first;

    (void)state;
    atl_buf_init(&text, 4 * 1024 * 1024);
    assert_int_equal(atl_font_facts_write("Comfortaa Bold", &text, NULL), ATL_OK);
    first = text.len;
    assert_int_equal(atl_font_facts_write("Comfortaa Bold", &text, NULL), ATL_OK);
    assert_int_equal(text.len, 2 * first);
    assert_memory_equal(text.data, text.data + first, first);
    atl_buf_free(&text);
}

// A line of the file that begins with the word; its rest, without the line's end.
static void line_of(const char *text, const char *word, char *out, size_t size)
{
    const char *at = strstr(text, word);

    assert_non_null(at);
    at += strlen(word);
    snprintf(out, size, "%.*s", (int)strcspn(at, "\n"), at);
}

static void check_against_installed(const char *path)
{
    static char facts[1024 * 1024];
    struct atl_error err = {0};
    struct atl_buf text;
    char family[96];
    FILE *file = fopen(path, "re");
    size_t len;

    assert_non_null(file);
    len = fread(facts, 1, sizeof facts - 1, file);
    fclose(file);
    facts[len] = 0;
    line_of(facts, "\nfamily ", family, sizeof family);
    atl_buf_init(&text, sizeof facts);
    if (atl_font_facts_write(family, &text, &err) == ATL_E_NOT_FOUND)
        print_message("SKIP: %s: %s\n", path, err.text);
    else
        assert_string_equal((const char *)text.data, facts);
    atl_buf_free(&text);
}

static void the_catalogues_facts_are_those_of_the_installed_fonts(void **state)
{
    glob_t found;

    (void)state;
    assert_int_equal(glob(ATL_SOURCE_DIR "/catalogue/fonts/*.font", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        check_against_installed(found.gl_pathv[i]);
    globfree(&found);
}

static void a_font_that_is_not_installed_is_named_with_what_would_be_taken(void **state)
{
    struct atl_error err = {0};
    struct atl_buf text;

    (void)state;
    atl_buf_init(&text, 1024 * 1024);
    assert_int_equal(atl_font_installed("Comfortaa Bold", &err), ATL_OK);
    assert_int_equal(atl_font_installed("Comfortaa Italic", &err), ATL_E_NOT_FOUND);
    assert_int_equal(atl_font_installed("No Such Font", &err), ATL_E_NOT_FOUND);
    assert_ptr_equal(strstr(err.text, "the font No Such Font is not installed ("), err.text);
    assert_int_equal(atl_font_facts_write("No Such Font", &text, &err), ATL_E_NOT_FOUND);
    assert_int_equal(text.len, 0);
    assert_int_equal(atl_font_installed("", &err), ATL_E_INVALID);
    atl_buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_facts_of_a_font_are_read_by_the_rules_and_measure_as_the_proof_does),
        cmocka_unit_test(the_facts_are_the_same_each_time),
        cmocka_unit_test(the_catalogues_facts_are_those_of_the_installed_fonts),
        cmocka_unit_test(a_font_that_is_not_installed_is_named_with_what_would_be_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: Apache-2.0
// The sink: whatever a guest writes, only letters of a code page leave as text, and all of them do.
#include "tests/drivers/random_page.h"
#include "tests/drivers/star_page.h"
#include "tests/hostile/inputs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PAGES = 20000, HOSTILE_BYTES_MAX = 8192 };

static void whatever_is_written_only_letters_leave_and_all_of_them_do(void **state)
{
    size_t models = 0;
    static struct random_page one;
    unsigned native = 0;
    unsigned drawn = 0;

    (void)state;
    while (star_facts_at(models))
        models++;
    for (int n = 0; n < PAGES; n++) {
        const char *id = star_facts_at(random_page_chance((uint32_t)models))->id;
        uint8_t count = 0;
        const struct atl_rasteriser rasteriser = {.ctx = &count, .draw = escpos_draw_count};
        struct star_printed printed;
        size_t at = 0;

        random_page_make(&one);
        printed = star_print(&one.page, id, &rasteriser);
        for (size_t row = 0; row < one.page.row_count; row++)
            random_page_check_row(&one, row, &printed.paper, &at);
        assert_int_equal(at, printed.paper.count);
        native += (unsigned)one.page.row_count - count;
        drawn += count;
        star_printed_free(&printed);
    }
    // Both ways were taken, or this test says nothing.
    assert_true(native > PAGES / 5);
    assert_true(drawn > PAGES / 5);
}

static char *repeated(const struct hostile_input *input)
{
    size_t len = strlen(input->text);
    size_t times = input->repeat;
    char *text;

    if (len * times > HOSTILE_BYTES_MAX) // longer is refused by the form, and says nothing new here
        times = HOSTILE_BYTES_MAX / len;
    text = malloc(len * times + 1);
    assert_non_null(text);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * len, input->text, len);
    text[len * times] = '\0';
    return text;
}

// The words of a paper without spaces and line ends, as far as they were written in letters.
static void squeeze_paper(const struct escpos_paper *paper, char *out, size_t size)
{
    size_t len = 0;

    for (size_t i = 0; i < paper->count; i++) {
        for (const char *p = paper->items[i].text; *p; p++) {
            assert_true(len + 1 < size);
            if (*p != ' ')
                out[len++] = *p;
        }
    }
    out[len] = '\0';
}

static void hostile_words_are_letters_or_dots_and_never_a_command(void **state)
{
    static char got[2 * HOSTILE_BYTES_MAX];

    (void)state;
    for (size_t m = 0; star_facts_at(m); m++) {
        for (size_t i = 0; i < HOSTILE_INPUT_COUNT; i++) {
            char *text = repeated(&hostile_inputs[i]);
            const struct atl_row rows[] = {LINE(text)};
            const struct atl_page page = PAGE(rows);
            uint8_t count = 0;
            const struct atl_rasteriser rasteriser = {.ctx = &count, .draw = escpos_draw_count};
            // The reader knows letters, dots and the template's own commands, and fails on others.
            struct star_printed printed = star_print(&page, star_facts_at(m)->id, &rasteriser);

            for (size_t k = 0; k < printed.paper.count; k++)
                assert_true(printed.paper.items[k].kind == ESCPOS_LINE ||
                            printed.paper.items[k].kind == ESCPOS_DOTS);
            squeeze_paper(&printed.paper, got, sizeof got);
            if (!count && !strchr(text, ' ') && strcmp(got, text) != 0)
                fail_msg("%s on %s became %s", hostile_inputs[i].name, star_facts_at(m)->id, got);
            star_printed_free(&printed);
            free(text);
        }
    }
}

// The reader must be able to say no, or the tests above mean nothing.
static void the_reader_refuses_what_a_printer_would_obey(void **state)
{
#define LINES  "\x1b@\x1bR\x00\x1bz\x01"
#define RASTER "\x1b*rR\x1b*rA\x1b*rP0\x00\x1b*rE1\x00"
    static const struct bad {
        enum star_language language;
        const char *bytes;
        size_t len;
        const char *why;
    } bads[] = {
#define BAD(language, bytes, why) {STAR_LANGUAGE_##language, (bytes), sizeof(bytes) - 1, (why)}
        BAD(LINE, "abc\n", "byte 1: a letter before ESC @, ESC R 0 and ESC z 1"),
        BAD(LINE, LINES "ab", "byte 10: the last line does not end"),
        BAD(LINE, LINES "a\x07\n", "byte 10: a pulse inside a line"),
        BAD(LINE, LINES "\x18", "byte 9: control 18"),
        BAD(LINE, LINES "\x17", "byte 9: control 17"),
        BAD(LINE, LINES "\x82\n", "byte 9: letter 82 before any code page"),
        BAD(LINE, LINES "\x1b\x1dt\x20\x81\n", "byte 13: byte 81 is no letter of this code page"),
        BAD(LINE, LINES "\x1b\x1dyP", "byte 11: ESC GS 79 is not on the list"),
        BAD(LINE, LINES "\x1b\x06\x01", "byte 10: ESC 06 is not on the list"),
        BAD(LINE, LINES "\x1b?\n\x00", "byte 10: ESC 3f is not on the list"),
        BAD(LINE, LINES "\x1b*rA", "byte 12: ESC * in a language of lines"),
        BAD(LINE,
            LINES "a\x1b"
                  "d\x03",
            "byte 12: a cut inside a line"),
        BAD(LINE, LINES "\x1bk\x01\x00\x80", "byte 12: a picture without its end"),
        BAD(LINE, LINES "\x1b\x1dS\x01\x01\x00\x01\x00\x00\xff", "byte 17: ESC GS S"),
        BAD(PRNT, LINES "\x1b\x1dS\x01\x02\x00\x01\x00\x00\x1b\x06",
            "byte 19: dots that a printer may take for ESC ACK"),
        BAD(PRNT, LINES "\x1bk\x01\x00", "byte 12: ESC k of 1 bytes"),
        BAD(GRAPHIC, "plain", "byte 1: byte 70 is no command"),
        BAD(GRAPHIC, "\x1b@", "byte 2: ESC 40 is not on the list"),
        BAD(GRAPHIC, RASTER "b\x01\x00\xff", "byte 23: rows before the modes were said"),
        BAD(GRAPHIC,
            RASTER "\x1b*rF9\x00"
                   "b\x01\x00\xff\x1b*rF9\x00",
            "byte 36: ESC * r F while rows wait is ignored"),
        BAD(GRAPHIC,
            RASTER "\x1b*rF9\x00"
                   "b\x01\x00\xff\x1b*rD1\x00",
            "byte 36: ESC * r D while rows wait is ignored"),
        BAD(GRAPHIC, RASTER "\x1b\x0c\x00", "byte 23: ESC FF 00 before its mode was said"),
        BAD(GRAPHIC,
            RASTER "\x1b*rF9\x00"
                   "b\x01\x00\xff\x1b*rB",
            "byte 34: raster mode ends while rows wait"),
        BAD(GRAPHIC, RASTER, "byte 20: raster mode does not end"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof bads / sizeof bads[0]; i++) {
        const struct star_limits limits = {bads[i].language, 48, 576, false};
        struct escpos_paper paper;
        char why[ESCPOS_WHY_BYTES];

        assert_false(star_lex(bads[i].bytes, bads[i].len, &limits, &paper, why));
        assert_string_equal(why, bads[i].why);
        escpos_paper_free(&paper);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_written_only_letters_leave_and_all_of_them_do),
        cmocka_unit_test(hostile_words_are_letters_or_dots_and_never_a_command),
        cmocka_unit_test(the_reader_refuses_what_a_printer_would_obey),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

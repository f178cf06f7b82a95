// SPDX-License-Identifier: Apache-2.0
// Whatever a guest types, on each family a paper stays one paper: every byte of it is of the
// printer's language, to a reader of another hand, nothing is asked of the printer that makes it
// answer, and no second paper comes out.
//
//     test_paper_words        the table of inputs.h, and some made up texts
//     test_paper_words all    many of these, on each of the family's papers
#include "plugin/render/raster.h"
#include "tests/agent/sim_bench.h"
#include "tests/hostile/inputs.h"
#include "tests/support/sample_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEXT_BYTES = 4096,
    MADE_UP = SIM_SAMPLE / 4,
    MADE_UP_ALL = 200,
    PATIENCE_MS = 600000,
    PAPERS = 3
};

#define FOLDER ATL_SOURCE_DIR "/printer-templates"

// What printers of these families would obey, and what they would stumble over.
static const char *const pieces[] = {
    "\x1b@",
    "\x1bi",
    "\x1dV\x42",
    "\x10\x04\x01",
    "\x10\x05\x02",
    "\x1dr\x01",
    "\x1d(H",
    "\x1dv0",
    "^XA",
    "^XZ",
    "~JR",
    "~HS",
    "^FD",
    "^FS",
    "~JA",
    "^JUF",
    "_5E",
    "\x1biS",
    "\x1biz",
    "\x1a",
    "\x0c",
    "g\x01",
    "Z",
    "\x1b"
    "D",
    "\x1b"
    "E",
    "\x16",
    "\x17",
    "\x1b*rA",
    "\x1b\x1d\x03",
    "\x05",
    "\x06",
    "\x17\x17",
    "\n",
    "\r\n",
    "\t",
    "\x7f",
    "\xc2\x9b",
    "\xe2\x80\xae",
    "\xe2\x80\x8b",
    "\xf0\x9f\x98\x80",
    "\xe6\x9b\xb8",
    "\xd8\xb3\xd9\x84",
    "\xd7\x90",
    "\xc3\xa9",
    "e\xcc\x81",
    "\xe2\x82\xac",
    "{{pin}}",
    "|",
    "{code: x}",
    "`~^\"_=-",
    "anna",
    " ",
    "AAAAAAAAAAAAAAAA",
    "\\x1b@",
};

struct reader {
    struct sim *sim;
    struct atl_driver driver;
    struct atl_model model; // as the lane has it: with the one media
    struct atl_raster *raster;
    struct atl_template *papers[PAPERS];
    struct atl_words_file words;
    int said; // bytes, unasked, about the first paper: words of nobody
    int printed, refused;
};

// ---- A text ----

static const char *text_of(const struct hostile_input *input)
{
    static char text[TEXT_BYTES];
    size_t len = 0;

    for (size_t i = 0; i < input->repeat && len + strlen(input->text) < sizeof text; i++) {
        memcpy(text + len, input->text, strlen(input->text));
        len += strlen(input->text);
    }
    text[len] = '\0';
    return text;
}

// Follows from its number, so that a failure can be looked at again.
static const char *made_up(unsigned number)
{
    static char text[TEXT_BYTES];
    uint64_t state = number * 0x9e3779b97f4a7c15u + 1;
    size_t len = 0;

    for (int i = 0; i < 12; i++) {
        const char *piece;

        state = state * 6364136223846793005u + 1442695040888963407u;
        piece = pieces[(state >> 33) % (sizeof pieces / sizeof pieces[0])];
        len += (size_t)snprintf(text + len, sizeof text - len, "%s", piece);
        if ((state >> 60) == 0)
            break;
    }
    return text;
}

// ---- A printer that reads ----

static void begin(struct reader *reader, const struct sim_family *family)
{
    const struct atl_template_folders folders = {NULL, FOLDER};
    const struct atl_driver *driver = atl_driver_find(family->driver);
    const struct atl_model *model = atl_model_find(driver, family->model);

    *reader = (struct reader){.driver = *driver, .model = *model, .said = -1};
    if (family->media) {
        reader->model.media = atl_media_find(model, family->media);
        reader->model.media_count = 1;
    }
    reader->sim = sim_make(driver, model, family->media);
    OK(atl_raster_open(&reader->raster, &fixture_error));
    OK(atl_words_file_load(NULL, FOLDER, "en", &reader->words, &fixture_error));
    for (int i = 0; i < PAPERS; i++)
        OK(atl_template_load_file(&folders, family->papers[i], &reader->papers[i], &fixture_error));
}

static void end(struct reader *reader)
{
    for (int i = 0; i < PAPERS; i++)
        atl_template_close(reader->papers[i]);
    atl_words_file_free(&reader->words);
    atl_raster_close(reader->raster);
    sim_free(reader->sim);
}

// How many bytes it has said: of its own accord always the same for a paper.
static int hear(struct atl_link *link)
{
    uint8_t bytes[64];
    size_t got = 0;
    int count = 0;

    while (link->ops->read(link, bytes, sizeof bytes, &got, 0, NULL) == ATL_OK)
        count += (int)got;
    return count;
}

// "" when the bytes are one paper and nothing else.
static void read_bytes(struct reader *reader, const struct atl_buf *bytes, char why[256])
{
    const struct sim_paper *papers;
    struct atl_link *link = NULL;
    size_t count;
    int heard;

    why[0] = '\0';
    sim_reset(reader->sim);
    OK(sim_open_link(reader->sim, &link, &fixture_error));
    OK(link->ops->write(link, bytes->data, bytes->len, PATIENCE_MS, &fixture_error));
    sim_pass(reader->sim, PATIENCE_MS);
    count = sim_papers(reader->sim, &papers);
    if (sim_garbage_count(reader->sim))
        (void)snprintf(why, 256, "%s", sim_garbage_why(reader->sim));
    else if (count != 1 || !papers[0].is_whole)
        (void)snprintf(why, 256, "%zu papers", count);
    heard = hear(link);
    if (reader->said < 0)
        reader->said = heard;
    else if (heard != reader->said && !why[0])
        (void)snprintf(why, 256, "the printer was made to answer");
    link->ops->close(link);
}

// False: the text, or what it would look like, is refused before any byte.
static bool print_text(struct reader *reader, int paper, const char *text, char why[256])
{
    const struct atl_rasteriser rasteriser = atl_raster_rasteriser(reader->raster);
    struct atl_page *page = NULL;
    struct atl_error err = {0};
    struct atl_buf bytes;
    struct atl_data data;
    atl_code rc;

    why[0] = '\0';
    atl_buf_init(&bytes, 16 * 1024 * 1024);
    sample_data_all(&data, atl_template_kind(reader->papers[paper]), text, 2);
    rc = atl_template_page(reader->papers[paper], &data, &reader->words, &page, &err);
    if (!rc)
        rc = reader->driver.encode(page, &reader->model, &rasteriser, &bytes, &err);
    if (!rc)
        read_bytes(reader, &bytes, why);
    else
        assert_string_not_equal(err.text, "");
    atl_page_free(page);
    atl_data_free(&data);
    atl_buf_free(&bytes);
    reader->printed += !rc;
    reader->refused += rc != ATL_OK;
    return !rc;
}

static bool wants_all;

// The name of the first text that was found in the bytes; "" when none was.
static void read_all(struct reader *reader, char found[320])
{
    const unsigned count = HOSTILE_INPUT_COUNT + (wants_all ? MADE_UP_ALL : MADE_UP);
    char why[256];

    found[0] = '\0';
    assert_true(print_text(reader, 0, "anna", why));
    for (unsigned i = 0; i < count && !found[0]; i++) {
        const bool is_listed = i < HOSTILE_INPUT_COUNT;
        const char *text =
            is_listed ? text_of(&hostile_inputs[i]) : made_up(i - HOSTILE_INPUT_COUNT);

        for (int paper = 0; paper < PAPERS; paper++) {
            if (!wants_all &&
                ((unsigned)paper != i % PAPERS || (is_listed && i % (40 / SIM_SAMPLE))))
                continue;
            if (print_text(reader, paper, text, why) && why[0])
                (void)snprintf(found, 320, "%s %u on paper %d: %s",
                               is_listed ? hostile_inputs[i].name : "made up", i, paper, why);
        }
    }
}

// Another model of the same language.
static bool is_like_before(size_t index)
{
    return !wants_all && index &&
           strcmp(sim_family_at(index)->driver, sim_family_at(index - 1)->driver) == 0;
}

static void no_words_of_a_guest_are_a_command_of_a_printer(void **state)
{
    struct reader reader;
    char found[320];

    (void)state;
    for (size_t i = 0; sim_family_at(i); i++) {
        if (is_like_before(i))
            continue;
        begin(&reader, sim_family_at(i));
        read_all(&reader, found);
        print_message("%s %s: %d printed, %d refused\n", sim_family_at(i)->driver,
                      sim_family_at(i)->model, reader.printed, reader.refused);
        if (found[0])
            fail_msg("%s: %s", sim_family_at(i)->model, found);
        assert_true(reader.printed > (reader.printed + reader.refused) / 3);
        end(&reader);
    }
}

// ---- What must be found ----

static const struct atl_driver *honest;
static const char *let_through;

// An encoder that lets the guest's words through as they are.
static atl_code encode_as_it_is(const struct atl_page *page, const struct atl_model *model,
                                const struct atl_rasteriser *rasteriser, struct atl_buf *out,
                                struct atl_error *err)
{
    atl_buf_add(out, let_through, strlen(let_through));
    return honest->encode(page, model, rasteriser, out, err);
}

static void an_encoder_that_lets_words_through_is_found(void **state)
{
    static const char *const texts[] = {"\x1b@\x1bi\x1dV", "^XA~JR", "\x10\x05", "anna\n"};
    struct reader reader;

    (void)state;
    for (size_t i = 0; sim_family_at(i); i++) {
        int found = 0;

        if (is_like_before(i))
            continue;
        begin(&reader, sim_family_at(i));
        honest = atl_driver_find(sim_family_at(i)->driver);
        reader.driver.encode = encode_as_it_is;
        for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
            char why[256];

            let_through = texts[t];
            found += print_text(&reader, 0, "anna", why) && why[0];
        }
        if (!found)
            fail_msg("%s lets everything through", sim_family_at(i)->model);
        end(&reader);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_words_of_a_guest_are_a_command_of_a_printer),
        cmocka_unit_test(an_encoder_that_lets_words_through_is_found),
    };

    wants_all = argc > 1 && strcmp(argv[1], "all") == 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: Apache-2.0
// The encoder: golden files of whole labels with the picture in them for people, and what each rule
// promises. The golden files are written anew by `test_zpl --update`, to be read in the diff.
// `test_zpl all` draws four times as many random pages.
#include "drivers/driver.h"
#include "tests/support/golden.h"
#include "tests/support/zpl_lexer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PAGES = 5000, ALL_PAGES = 20000, OUT_BYTES = 8 * 1024 * 1024, UM_PER_INCH = 25400 };

static int pages = PAGES;

// ---- Pages without a font ----

// What the driver asked for, and the dots that it was given.
struct canvas {
    uint32_t seed; // 0: white
    uint32_t rows; // of a page without height
    struct atl_bitmap drawn;
};

static uint32_t next(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

// Runs of black and white as on a label, and now and then noise as in a photograph.
static void scribble(struct atl_bitmap *bitmap, uint32_t seed)
{
    for (uint32_t y = 0; seed && y < bitmap->height_dots; y++) {
        uint8_t *row = bitmap->bits + (size_t)y * bitmap->row_bytes;

        for (uint32_t x = 0; x < bitmap->row_bytes; x++) {
            const uint32_t any = next(&seed);

            row[x] = any % 8 ? (uint8_t)(x && any % 3 ? row[x - 1] : 0) : (uint8_t)(any >> 8);
        }
        row[bitmap->row_bytes - 1] &= (uint8_t)(0xff << (7 - (bitmap->width_dots + 7) % 8));
    }
}

static atl_code draw_page(void *ctx, const struct atl_page *page, uint32_t width_dots,
                          uint32_t height_dots, uint32_t dpi, struct atl_bitmap *out,
                          struct atl_error *err)
{
    struct canvas *canvas = ctx;
    struct atl_bitmap made = {width_dots, height_dots ? height_dots : canvas->rows,
                              (width_dots + 7) / 8, NULL};
    const size_t bytes = (size_t)made.row_bytes * made.height_dots;

    (void)page;
    (void)dpi;
    (void)err;
    made.bits = calloc(1, bytes + !bytes);
    assert_non_null(made.bits);
    scribble(&made, canvas->seed);
    free(canvas->drawn.bits);
    canvas->drawn = made;
    *out = made;
    out->bits = malloc(bytes + !bytes);
    assert_non_null(out->bits);
    memcpy(out->bits, made.bits, bytes);
    return ATL_OK;
}

static const struct atl_model *model_of(const char *id)
{
    const struct atl_model *model = atl_model_find(atl_driver_find("zpl"), id);

    assert_non_null(model);
    return model;
}

static atl_code encode(const struct atl_page *page, const struct atl_model *model,
                       struct canvas *canvas, struct atl_buf *out, struct atl_error *err)
{
    const struct atl_rasteriser rasteriser = {.ctx = canvas, .draw_page = draw_page};

    atl_buf_init(out, OUT_BYTES);
    return atl_driver_find("zpl")->encode(page, model, &rasteriser, out, err);
}

// Encodes, and reads it again by the second hand.
static void print(const struct atl_page *page, const struct atl_model *model, struct canvas *canvas,
                  struct atl_buf *out, struct zpl_labels *labels)
{
    struct atl_error err = {0};
    char why[ZPL_WHY_BYTES];

    if (encode(page, model, canvas, out, &err))
        fail_msg("%s", err.text);
    if (!zpl_lex(out->data, out->len, model->width_dots, labels, why))
        fail_msg("%s: %s", model->id, why);
    assert_int_equal(labels->count, 1);
}

static bool is_black(const struct atl_bitmap *bitmap, uint32_t x, uint32_t y)
{
    return bitmap->bits[(size_t)y * bitmap->row_bytes + x / 8] >> (7 - x % 8) & 1;
}

static bool has_ink(const struct atl_bitmap *bitmap)
{
    for (size_t i = 0; i < (size_t)bitmap->row_bytes * bitmap->height_dots; i++) {
        if (bitmap->bits[i])
            return true;
    }
    return false;
}

// The drawn dots stand on the label from x on, and nothing else does.
static void assert_same_dots(const struct atl_bitmap *label, const struct atl_bitmap *drawn,
                             uint32_t x)
{
    assert_int_equal(label->height_dots, drawn->height_dots);
    if (!x && label->row_bytes == drawn->row_bytes) {
        assert_memory_equal(label->bits, drawn->bits,
                            (size_t)drawn->row_bytes * drawn->height_dots);
        return;
    }
    for (uint32_t y = 0; y < label->height_dots; y++) {
        for (uint32_t at = 0; at < label->width_dots; at++)
            assert_int_equal(is_black(label, at, y),
                             at >= x && at - x < drawn->width_dots && is_black(drawn, at - x, y));
    }
}

static void done(struct canvas *canvas, struct atl_buf *out, struct zpl_labels *labels)
{
    free(canvas->drawn.bits);
    atl_buf_free(out);
    zpl_labels_free(labels);
}

// ---- Golden files ----

static const struct atl_page tag = {.width_um = 12000, .height_um = 3000};

// The stream as it is, but for the packed dots: how they are packed is zlib's affair.
static void dump(const struct atl_buf *bytes, const struct atl_bitmap *dots, struct atl_buf *out)
{
    const char *text = (const char *)bytes->data;

    for (size_t i = 0; i < bytes->len; i++) {
        if (strncmp(text + i, ":Z64:", 5) == 0) {
            ATL_BUF_LIT(out, ":Z64:...");
            i += strcspn(text + i, "^") - 1;
        } else {
            atl_buf_add(out, text + i, 1);
        }
    }
    for (uint32_t y = 0; y < dots->height_dots; y++) {
        for (uint32_t x = 0; x < dots->width_dots; x++)
            atl_buf_add(out, is_black(dots, x, y) ? "#" : ".", 1);
        ATL_BUF_LIT(out, "\n");
    }
}

static void a_label_on_each_kind_of_model_is_the_golden_file(void **state)
{
    static const char *const ids[] = {"generic-203", "gk420", "zd220-peel", "zd420-300-cut"};

    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        struct canvas canvas = {.seed = 7};
        struct zpl_labels labels;
        struct atl_buf out, text;
        char name[96];

        print(&tag, model_of(ids[i]), &canvas, &out, &labels);
        atl_buf_init(&text, 64 * 1024);
        dump(&out, &labels.labels[0].dots, &text);
        (void)snprintf(name, sizeof name, "drivers/zpl/label-%s", ids[i]);
        golden_compare(name, &text);
        atl_buf_free(&text);
        done(&canvas, &out, &labels);
    }
}

// ---- Single rules ----

static void the_same_page_gives_the_same_bytes(void **state)
{
    struct canvas one = {.seed = 99}, two = {.seed = 99};
    struct zpl_labels labels;
    struct atl_buf a, b;

    (void)state;
    print(&tag, model_of("gk420"), &one, &a, &labels);
    zpl_labels_free(&labels);
    print(&tag, model_of("gk420"), &two, &b, &labels);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.data, b.data, a.len);
    atl_buf_free(&b);
    free(two.drawn.bits);
    done(&one, &a, &labels);
}

static void any_dots_of_any_size_on_any_model_arrive_bit_for_bit(void **state)
{
    const struct atl_driver *driver = atl_driver_find("zpl");
    uint32_t seed = 20261125;
    unsigned white = 0;

    (void)state;
    for (int n = 0; n < pages; n++) {
        const struct atl_model *model = &driver->models[next(&seed) % driver->model_count];
        struct canvas canvas = {.seed = next(&seed) % 50 ? next(&seed) : 0};
        const struct atl_page page = {.width_um = 2000 + next(&seed) % (n % 100 ? 16000 : 100000),
                                      .height_um = 1000 + next(&seed) % (n % 100 ? 3000 : 40000)};
        struct zpl_labels labels;
        struct atl_buf out;

        print(&page, model, &canvas, &out, &labels);
        assert_same_dots(&labels.labels[0].dots, &canvas.drawn, 0);
        assert_int_equal(labels.labels[0].pictures, has_ink(&canvas.drawn) ? 1 : 0);
        white += !has_ink(&canvas.drawn);
        done(&canvas, &out, &labels);
    }
    assert_in_range(white, pages / 100, pages / 10);
}

// One ^GF has at most 99,999 bytes of dots.
static void a_long_roll_is_several_pictures_below_each_other_in_one_format(void **state)
{
    const struct atl_page roll = {.width_um = 80000};
    struct canvas canvas = {.seed = 5, .rows = 4000};
    struct zpl_labels labels;
    struct atl_buf out;

    (void)state;
    print(&roll, model_of("zd420-cut"), &canvas, &out, &labels);
    assert_int_equal(canvas.drawn.width_dots, 576);
    assert_int_equal(labels.labels[0].dots.width_dots, 639); // of 80 mm
    assert_int_equal(labels.labels[0].pictures, 3);
    assert_same_dots(&labels.labels[0].dots, &canvas.drawn, (639 - 576) / 2);
    done(&canvas, &out, &labels);
}

static void a_paper_is_drawn_as_wide_as_it_is_printed(void **state)
{
    static const struct {
        const char *model;
        uint32_t width_um, height_um, dots;
    } rows[] = {
        {"gk420",     62000,  29000, 496 },
        {"gk420",     102000, 51000, 815 },
        {"gk420",     110000, 51000, 832 }, // the head
        {"zd420-300", 102000, 51000, 1205},
        {"gk420",     80000,  0,     576 },
        {"gk420",     58000,  0,     384 },
        {"zd420-300", 80000,  0,     851 },
        {"gk420",     40000,  0,     320 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct atl_page page = {.width_um = rows[i].width_um, .height_um = rows[i].height_um};
        struct canvas canvas = {.seed = 3, .rows = 8};
        struct zpl_labels labels;
        struct atl_buf out;

        print(&page, model_of(rows[i].model), &canvas, &out, &labels);
        assert_int_equal(canvas.drawn.width_dots, rows[i].dots);
        done(&canvas, &out, &labels);
    }
}

static void what_is_built_onto_the_printer_and_the_template_say_how_it_gets_out(void **state)
{
    static const struct atl_row none[] = {
        {.kind = ATL_ROW_CUT, .cut = ATL_CUT_NONE}
    };
    static const struct {
        const char *model;
        bool is_uncut;
        char mode;
    } rows[] = {
        {"generic-203", false, 0  },
        {"gk420",       false, 'T'},
        {"gk420-peel",  false, 'P'},
        {"zt-cut",      false, 'C'},
        {"zt-cut",      true,  'T'},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct atl_page page = {.width_um = 30000,
                                      .height_um = 9000,
                                      .rows = none,
                                      .row_count = rows[i].is_uncut ? 1 : 0};
        struct canvas canvas = {.seed = 3};
        struct zpl_labels labels;
        struct atl_buf out;

        print(&page, model_of(rows[i].model), &canvas, &out, &labels);
        assert_int_equal(labels.labels[0].mode, rows[i].mode);
        done(&canvas, &out, &labels);
    }
}

static void what_cannot_be_printed_is_refused_in_words(void **state)
{
    const struct atl_page roll = {.width_um = 80000};
    struct canvas canvas = {.seed = 3, .rows = 32001};
    struct atl_error err = {0};
    struct atl_buf out;

    (void)state;
    assert_int_equal(encode(&roll, model_of("gk420"), &canvas, &out, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "the paper would be 32001 rows of dots long, and this printer "
                                  "prints 32000 at most: divide it");
    atl_buf_free(&out);
    assert_int_equal(atl_driver_find("zpl")->encode(&roll, model_of("gk420"), NULL, &out, &err),
                     ATL_E_UNSUPPORTED);
    free(canvas.drawn.bits);
}

// ---- Resync ----

static void after_a_job_that_was_cut_anywhere_the_next_one_comes_out_alone(void **state)
{
    struct canvas canvas = {.seed = 11};
    struct zpl_labels labels;
    struct atl_buf job, rest;
    char why[ZPL_WHY_BYTES];

    (void)state;
    print(&tag, model_of("gk420"), &canvas, &job, &labels);
    atl_buf_init(&rest, 4096);
    assert_int_equal(atl_driver_find("zpl")->resync(job.data, job.len, 40, &rest, NULL), ATL_OK);
    assert_string_equal((char *)rest.data, "~JX~JX\n");
    assert_int_equal(atl_driver_find("zpl")->resync(NULL, 0, 0, &rest, NULL), ATL_OK);
    zpl_labels_free(&labels);
    assert_true(zpl_lex(rest.data, rest.len, 832, &labels, why));
    assert_int_equal(labels.count, 0);
    assert_int_equal(atl_driver_find("zpl")->resync(job.data, job.len, job.len + 1, &rest, NULL),
                     ATL_E_INVALID);
    atl_buf_free(&rest);
    done(&canvas, &job, &labels);
}

// ---- The second hand ----

// The reader must be able to say no, or the tests above mean nothing.
static void the_reader_refuses_what_a_printer_would_not_print_as_meant(void **state)
{
#define HEAD "^XA^PW16^LL2"
#define GF   HEAD "^FO0,0^GFA,"
#define END  "^FS^XZ"
    // What is packed here was packed by another program than ours.
    // clang-format off
    static const char *const bads[][2] = {
        {"^XA~JR", "byte 4: 7e is not on the list"},
        {"^XA^FDAnn^FS^XZ", "byte 4: 5e is not on the list"},
        {"^XA^XZ", "byte 4: a label without ^PW and ^LL"},
        {"^PW16", "byte 1: ^PW outside a format"},
        {HEAD "^XA", "byte 13: ^XA inside a format"},
        {HEAD, "byte 13: the last format does not end"},
        {"^XA^PW833", "byte 4: ^PW over a head of 832 dots"},
        {"^XA^PW16^LL32001", "byte 9: ^LL before ^PW, or out of 1 to 32000"},
        {"^XA^MMR", "byte 4: ^MM is not T, P or C"},
        {"^XA^JZN", "byte 4: a label that stops is given up"},
        {"^XA^POI", "byte 4: turned, mirrored or reversed"},
        {"^XA^LH8,0", "byte 4: ^LH is not 0,0"},
        {HEAD "^FS", "byte 13: ^FS without a field"},
        {GF "4,4,3,:Z64:AAAA:0000" END, "byte 19: sizes of ^GF that do not fit together"},
        {GF "2,4,2,:Z64:AAAA:0000" END, "byte 19: sizes of ^GF that do not fit together"},
        {GF "100000,100000,2,:Z64:AAAA:0000" END, "byte 19: sizes of ^GF that do not fit together"},
        {GF "4,4,2,FFFFFFFF" END, "byte 19: ^GF outside a field, or not of kind A with Z64"},
        {GF "4,4,2,:B64:AAAA:0000" END, "byte 19: ^GF is not Z64"},
        {GF "4,4,2,:Z64:AAAA:0001" END, "byte 19: the picture: its CRC is wrong"},
        {GF "4,4,2,:Z64:AAAA" END, "byte 19: the picture: no CRC of four digits"},
        {GF "4,4,2,:Z64:AAAA:54AD" END, "byte 19: the picture: it is no zlib stream"},
        {GF "4,4,2,:Z64:eNprYPwPAAKEAYE=:0C6A" END, "byte 19: the picture: fewer bytes than the picture has"},
        {GF "2,2,1,:Z64:eNprYPwPAAKEAYE=:0C6A" END, "byte 19: the picture: more bytes than the picture has"},
        {GF "4,4,2,:Z64:eNprYPz/HwAFBAKB:A3C6" END, "byte 19: the picture: its checksum is wrong"},
        {GF "4,4,2,:Z64:eNprYPz/HwAFBAKAeA==:5012" END, "byte 19: the picture: something stands behind it"},
        {HEAD "^FO1,0^GFA,4,4,2,:Z64:eNprYPz/HwAFBAKA:93A5" END, "byte 19: dots beyond the label"},
        {GF "4,4,2,:Z64:", "byte 19: ^GF is not Z64"},
    };
    // clang-format on
    static const char good[] = GF "4,4,2,:Z64:eNprYPz/HwAFBAKA:93A5" END;
    struct zpl_labels labels;
    char why[ZPL_WHY_BYTES];

    (void)state;
    if (!zpl_lex(good, strlen(good), 832, &labels, why))
        fail_msg("%s", why);
    assert_memory_equal(labels.labels[0].dots.bits, "\x80\x01\xff\xff", 4);
    zpl_labels_free(&labels);
    for (size_t i = 0; i < sizeof bads / sizeof bads[0]; i++) {
        assert_false(zpl_lex(bads[i][0], strlen(bads[i][0]), 832, &labels, why));
        assert_string_equal(why, bads[i][1]);
        zpl_labels_free(&labels);
    }
}

static void a_bit_that_flips_anywhere_in_a_picture_is_found(void **state)
{
    struct canvas canvas = {.seed = 23};
    struct zpl_labels labels;
    struct atl_buf out;
    size_t first, last;

    (void)state;
    print(&tag, model_of("gk420"), &canvas, &out, &labels);
    zpl_labels_free(&labels);
    first = (size_t)(strstr((char *)out.data, ":Z64:") - (char *)out.data) + 5;
    last = first + strcspn((char *)out.data + first, ":");
    for (size_t i = first; i < last; i++) {
        for (int bit = 0; bit < 7; bit++) {
            char why[ZPL_WHY_BYTES];

            out.data[i] ^= (uint8_t)(1 << bit);
            assert_false(zpl_lex(out.data, out.len, 832, &labels, why));
            zpl_labels_free(&labels);
            out.data[i] ^= (uint8_t)(1 << bit);
        }
    }
    done(&canvas, &out, &labels);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_label_on_each_kind_of_model_is_the_golden_file),
        cmocka_unit_test(the_same_page_gives_the_same_bytes),
        cmocka_unit_test(any_dots_of_any_size_on_any_model_arrive_bit_for_bit),
        cmocka_unit_test(a_long_roll_is_several_pictures_below_each_other_in_one_format),
        cmocka_unit_test(a_paper_is_drawn_as_wide_as_it_is_printed),
        cmocka_unit_test(what_is_built_onto_the_printer_and_the_template_say_how_it_gets_out),
        cmocka_unit_test(what_cannot_be_printed_is_refused_in_words),
        cmocka_unit_test(after_a_job_that_was_cut_anywhere_the_next_one_comes_out_alone),
        cmocka_unit_test(the_reader_refuses_what_a_printer_would_not_print_as_meant),
        cmocka_unit_test(a_bit_that_flips_anywhere_in_a_picture_is_found),
    };

    golden_begin(argc, argv);
    pages = argc > 1 && strcmp(argv[1], "all") == 0 ? ALL_PAGES : PAGES;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

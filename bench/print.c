// SPDX-License-Identifier: Apache-2.0
// CPU time of one ticket: 12 lines with accents and the Euro sign, a logo of 384 dots, a symbol of
// 50 characters, a cut. Every ticket has new words and a new symbol, as in a shop; only what really
// repeats (logo, rule, the shop's name) can be found drawn already. Prints a table; judges nothing.
#include "bench/label.h"
#include "drivers/driver.h"
#include "plugin/agent/sewing.h"
#include "plugin/render/bitmap.h"
#include "plugin/render/png.h"
#include "plugin/render/raster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LINES = 12, ROWS = LINES + 4, ROUNDS = 400 };

struct ticket {
    char texts[LINES][3][96];
    struct atl_span spans[LINES][3];
    struct atl_cell cells[LINES][3];
    struct atl_row rows[ROWS];
    char link[64];
    struct atl_page page;
};

static const char *const latin[] = {
    "Broderie \u00ab \u00c9lodie n\u00b0 %d \u00bb",
    "Tote bag, toile \u00e9crue %d",
    "Fil Madeira n\u00b0 %d, bordeaux",
    "Emplacement : devant, %d",
};
static const char *const japanese[] = {
    "\u523a\u7e4d\u300c\u3055\u304f\u3089%d\u300d",
    "\u30c8\u30fc\u30c8\u30d0\u30c3\u30b0 %d",
    "\u7cf8\u306e\u8272 %d\u756a",
    "\u4f4d\u7f6e\uff1a\u524d\u9762 %d",
};

static double cpu_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void check(atl_code rc, const struct atl_error *err)
{
    if (rc) {
        fprintf(stderr, "print: %s\n", err->text);
        exit(1);
    }
}

static void fill_line(struct ticket *ticket, int line, const char *const *words, int round)
{
    static const uint16_t columns[] = {0, 3, 12};

    // The words are constants of this file.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(ticket->texts[line][0], 96, words[line % 4], round * LINES + line);
#pragma GCC diagnostic pop
    snprintf(ticket->texts[line][1], 96, "%d", 1 + round % 3);
    snprintf(ticket->texts[line][2], 96, words == latin ? "%d,%02d \u20ac" : "\u00a5%d,%03d",
             round % 90 + line, round % 100);
    for (int i = 0; i < 3; i++) {
        ticket->spans[line][i] = (struct atl_span){
            .text = ticket->texts[line][i], .scale_x = 1, .scale_y = 1, .is_bold = line == 0};
        ticket->cells[line][i] = (struct atl_cell){
            &ticket->spans[line][i], 1, i ? ATL_ALIGN_RIGHT : ATL_ALIGN_LEFT, columns[i]};
    }
    ticket->rows[2 + line] =
        (struct atl_row){.kind = ATL_ROW_TEXT, .cells = ticket->cells[line], .cell_count = 3};
}

static void fill(struct ticket *ticket, const struct atl_bitmap *logo, const char *const *words,
                 int round)
{
    snprintf(ticket->link, sizeof ticket->link, "HTTPS://ATELIER.EXAMPLE/O/%026d", round * 7919);
    ticket->rows[0] =
        (struct atl_row){.kind = ATL_ROW_IMAGE, .image = logo, .align = ATL_ALIGN_CENTRE};
    ticket->rows[1] = (struct atl_row){.kind = ATL_ROW_RULE};
    for (int line = 0; line < LINES; line++)
        fill_line(ticket, line, words, round);
    ticket->rows[ROWS - 2] = (struct atl_row){
        .kind = ATL_ROW_QR, .qr_text = ticket->link, .qr_level = 'M', .align = ATL_ALIGN_CENTRE};
    ticket->rows[ROWS - 1] = (struct atl_row){.kind = ATL_ROW_CUT, .cut = ATL_CUT_PARTIAL};
    ticket->page = (struct atl_page){.width_um = 80000,
                                     .language = words == latin ? "fr" : "ja",
                                     .rows = ticket->rows,
                                     .row_count = ROWS};
}

// What is measured: one ticket or picture; returns the bytes or dots that came of it.
struct bench {
    struct atl_raster *raster;
    const struct atl_driver *driver;
    struct atl_model model; // with one media, where it has several
    const struct atl_bitmap *logo;
    struct ticket ticket;
    struct bench_label label;
};

static size_t encode_page(struct bench *bench, const struct atl_page *page)
{
    const struct atl_rasteriser rasteriser = atl_raster_rasteriser(bench->raster);
    struct atl_error err;
    struct atl_buf out;
    size_t len;

    atl_buf_init(&out, 1 << 20);
    check(bench->driver->encode(page, &bench->model, &rasteriser, &out, &err), &err);
    len = out.len;
    atl_buf_free(&out);
    return len;
}

static size_t encode(struct bench *bench)
{
    return encode_page(bench, &bench->ticket.page);
}

static size_t encode_label(struct bench *bench)
{
    return encode_page(bench, &bench->label.page);
}

static size_t draw(struct bench *bench)
{
    struct atl_bitmap bitmap = {0};
    struct atl_error err;
    size_t len;

    check(atl_raster_page(bench->raster, &bench->ticket.page, 576, 203, ATL_RASTER_DOTS, &bitmap,
                          &err),
          &err);
    len = (size_t)bitmap.row_bytes * bitmap.height_dots;
    atl_bitmap_free(&bitmap);
    return len;
}

static size_t preview(struct bench *bench)
{
    struct atl_bitmap bitmap = {0};
    struct atl_error err;
    struct atl_buf out;
    size_t len;

    atl_buf_init(&out, 1 << 20);
    check(atl_raster_page(bench->raster, &bench->ticket.page, 576, 203, ATL_RASTER_PAPER, &bitmap,
                          &err),
          &err);
    check(atl_png_write_bitmap(&bitmap, 203, &out, &err), &err);
    len = out.len;
    atl_bitmap_free(&bitmap);
    atl_buf_free(&out);
    return len;
}

static size_t proof(struct bench *bench)
{
    const struct atl_proof_request request = {.lines = {bench->ticket.link + 40},
                                              .line_count = 1,
                                              .align = ATL_ALIGN_CENTRE,
                                              .font = "Comfortaa Bold",
                                              .cap_um = 8000,
                                              .field_um = 100000,
                                              .field_high_um = 100000,
                                              .thread_rgb = 0x9d2235,
                                              .fabric_rgb = 0xe8dfcf,
                                              .thread = "Madeira 1147",
                                              .product = "Tote bag",
                                              .place = "front",
                                              .mark = "As we will sew it",
                                              .decimal_mark = '.'};
    const struct atl_sewing how = {.fabric = "canvas",
                                   .chart = "Madeira Polyneon 40",
                                   .number = "1784",
                                   .stitches_per_minute = 650,
                                   .language = "en"};
    struct atl_picture picture = {0};
    struct atl_proof_result result;
    struct atl_sewn sewn;
    struct atl_buf plan;
    struct atl_error err;
    size_t len;

    atl_buf_init(&plan, ATL_KEPT_PLAN_MAX_BYTES);
    check(atl_sewing_proof(&request, &how, &result, &sewn, &plan, &picture, &err), &err);
    atl_buf_free(&plan);
    if (result.verdict != ATL_PROOF_VERDICT_READY)
        check(atl_fail(&err, ATL_E_INVALID, "the proof is not ready: %s",
                       atl_proof_verdict_name(result.verdict)),
              &err);
    len = (size_t)picture.width_px * picture.height_px * 3;
    atl_picture_free(&picture);
    return len;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static void row(const char *what, double median, double best, const char *aim, size_t bytes)
{
    printf("%-42s | %7.3f | %7.3f | %5s | %7zu\n", what, median, best, aim, bytes);
}

static void measure(struct bench *bench, const char *what, size_t (*work)(struct bench *),
                    const char *const *words, int rounds, const char *aim)
{
    static double times[ROUNDS];
    size_t bytes = 0;

    for (int i = 0; i < rounds; i++) {
        double start;

        fill(&bench->ticket, bench->logo, words, i + 1);
        bench_label_fill(&bench->label, i + 1);
        start = cpu_ms();
        bytes = work(bench);
        times[i] = cpu_ms() - start;
    }
    qsort(times, (size_t)rounds, sizeof *times, by_value);
    row(what, times[rounds / 2], times[0], aim, bytes);
}

static void take(struct bench *bench, const char *driver, const char *model, const char *media)
{
    const struct atl_model *found;

    bench->driver = atl_driver_find(driver);
    found = bench->driver ? atl_model_find(bench->driver, model) : NULL;
    if (!found) {
        fprintf(stderr, "print: %s has no model \"%s\"\n", driver, model);
        exit(1);
    }
    bench->model = *found;
    if (media) {
        bench->model.media = atl_media_find(found, media);
        bench->model.media_count = 1;
    }
}

// One paper on each family that has its own way to make it.
static void measure_families(struct bench *bench)
{
    static const struct family {
        const char *driver, *model, *media, *what, *aim;
        size_t (*work)(struct bench *);
    } families[] = {
        {"star",    "tsp650ii", NULL,    "Star, native letters",               "0.5", encode      },
        {"zpl",     NULL,       NULL,    "ZPL label, 62 x 29 mm, 203 dpi",     "3",   encode_label},
        {"brother", "ql-700",   "62x29", "Brother label, 62 x 29 mm, 300 dpi", "-",   encode_label},
        {"dymo",    "lw-450",   "99012", "DYMO label, 62 x 29 mm, 300 dpi",    "-",   encode_label},
    };

    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        const struct family *family = &families[i];

        if (!atl_driver_find(family->driver))
            continue;
        take(bench, family->driver, family->model, family->media);
        measure(bench, family->what, family->work, latin, ROUNDS, family->aim);
    }
}

// A photograph-like logo, dithered once as a template's loader does.
static struct atl_bitmap make_logo(void)
{
    struct atl_picture picture = {0};
    struct atl_bitmap logo = {0};
    struct atl_error err;

    check(atl_picture_init(&picture, 384, 200, &err), &err);
    for (uint32_t y = 0; y < 200; y++) {
        for (uint32_t x = 0; x < 384; x++)
            memset(picture.pixels + (y * 384 + x) * 3, (int)((x * y / 37 + x) % 256), 3);
    }
    check(atl_bitmap_from_picture(&picture, 384, ATL_TONE_DITHER, &logo, &err), &err);
    atl_picture_free(&picture);
    return logo;
}

int main(void)
{
    static struct bench bench;
    struct atl_bitmap logo = make_logo();
    struct atl_error err;
    double start;
    size_t bytes;

    printf("%-42s | %7s | %7s | %5s | %7s\n", "what (CPU ms, every ticket new)", "median", "best",
           "aim", "bytes");
    bench.logo = &logo;
    take(&bench, "escpos", "tm-t20", NULL);
    fill(&bench.ticket, &logo, latin, 0);
    start = cpu_ms();
    check(atl_raster_open(&bench.raster, &err), &err);
    bytes = draw(&bench);
    row("first ticket of a process, all raster", cpu_ms() - start, cpu_ms() - start, "60", bytes);
    measure(&bench, "ESC/POS, native letters", encode, latin, ROUNDS, "0.5");
    measure(&bench, "all raster", draw, latin, ROUNDS, "2");
    measure(&bench, "all raster, Japanese", draw, japanese, ROUNDS, "2");
    measure(&bench, "ESC/POS, Japanese, all lines drawn", encode, japanese, ROUNDS, "2");
    measure_families(&bench);
    measure(&bench, "preview as PNG", preview, latin, ROUNDS, "-");
    measure(&bench, "guest's proof, 900 pixels", proof, latin, 30, "-");
    atl_raster_close(bench.raster);
    atl_bitmap_free(&logo);
    return 0;
}

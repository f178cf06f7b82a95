// SPDX-License-Identifier: Apache-2.0
#include "bench/label.h"

#include <stdio.h>

static void place(struct bench_label *label, int i, struct atl_box box)
{
    box.rows = &label->rows[i];
    box.row_count = 1;
    label->boxes[i] = box;
}

static void write_text(struct bench_label *label, int i, uint8_t scale)
{
    label->spans[i] =
        (struct atl_span){.text = label->texts[i], .scale_x = scale, .scale_y = scale};
    label->cells[i] = (struct atl_cell){.spans = &label->spans[i], .span_count = 1};
    label->rows[i] =
        (struct atl_row){.kind = ATL_ROW_TEXT, .cells = &label->cells[i], .cell_count = 1};
}

// Places and sizes of printer-templates/bag-62x29.ticket.
void bench_label_fill(struct bench_label *label, int round)
{
    static const struct atl_box places[BENCH_LABEL_BOXES] = {
        {2000,  3100,  37000, 3600,  ATL_FIT_SHRINK_CLIP, ATL_VALIGN_MIDDLE, NULL, 0},
        {2000,  6700,  37000, 6600,  ATL_FIT_SHRINK,      ATL_VALIGN_MIDDLE, NULL, 0},
        {2000,  13300, 37000, 6000,  ATL_FIT_SHRINK_CLIP, ATL_VALIGN_TOP,    NULL, 0},
        {2000,  19400, 37000, 6500,  ATL_FIT_SHRINK_CLIP, ATL_VALIGN_BOTTOM, NULL, 0},
        {40500, 3100,  19400, 18700, ATL_FIT_WRAP,        ATL_VALIGN_MIDDLE, NULL, 0},
    };
    static const uint8_t scales[] = {1, 3, 1, 1};

    snprintf(label->texts[0], sizeof label->texts[0], "Maison Hirondelle %d", round % 7);
    snprintf(label->texts[1], sizeof label->texts[1], "K%d-2A1/%d", round % 1000, 1 + round % 3);
    snprintf(label->texts[2], sizeof label->texts[2], "Sac en toile \u00e9crue n\u00b0 %d", round);
    snprintf(label->texts[3], sizeof label->texts[3], "\u00c0 laver \u00e0 30 \u00b0C, %d", round);
    snprintf(label->texts[4], sizeof label->texts[4], "K7F-2A1/%d", round);
    for (int i = 0; i < 4; i++)
        write_text(label, i, scales[i]);
    label->rows[4] = (struct atl_row){.kind = ATL_ROW_QR,
                                      .align = ATL_ALIGN_CENTRE,
                                      .qr_text = label->texts[4],
                                      .qr_level = 'H',
                                      .qr_module_um = 400};
    for (int i = 0; i < BENCH_LABEL_BOXES; i++)
        place(label, i, places[i]);
    label->row = (struct atl_row){.kind = ATL_ROW_BOXES,
                                  .boxes = label->boxes,
                                  .box_count = BENCH_LABEL_BOXES,
                                  .height_um = 29000};
    label->page = (struct atl_page){.width_um = 62000,
                                    .height_um = 29000,
                                    .font_um = 2470, // 7 points
                                    .language = "fr",
                                    .rows = &label->row,
                                    .row_count = 1};
}

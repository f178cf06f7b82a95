// SPDX-License-Identifier: Apache-2.0
// {code: …; option: …}: which code, how fine and how high. What can never fit on its paper or in
// its box is refused when the template is loaded; a text that is too long for it, when it is
// filled.
#include "plugin/render/bars.h"
#include "plugin/render/qr.h"
#include "plugin/render/template_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    MODULE_UM_MIN = 165, // two dots of a 300 dpi head: no reader sees less
    QR_MODULE_UM_MIN = 250,
    MODULE_UM_MAX = 2000,
    HEIGHT_UM_MIN = 3000,
    HEIGHT_UM_MAX = 60000,
    QR_SIDE_LEAST = 21,
    QR_MODULE_UM = 375,
    DOT_UM = 125, // of 203 dpi, which the grammar counts in
    DPI = 203,
};

static atl_code fail(const struct atl_template_layout *layout, struct atl_error *err,
                     const char *sentence, const char *value)
{
    return atl_template_fail(err, layout->tmpl, layout->line, "%s, not \"%.40s\"", sentence, value);
}

static const struct {
    const char *name;
    enum atl_code_kind kind;
    enum atl_bars bars;
} CODES[] = {
    {"qrcode",  ATL_CODE_QR,   ATL_BARS_CODE128},
    {"code128", ATL_CODE_BARS, ATL_BARS_CODE128},
    {"ean",     ATL_CODE_BARS, ATL_BARS_EAN13  },
    {"ean13",   ATL_CODE_BARS, ATL_BARS_EAN13  },
    {"jan",     ATL_CODE_BARS, ATL_BARS_EAN13  },
};

// A plain number of one to three digits, or 0.
static uint32_t number_of(const char *word)
{
    uint32_t value = 0;

    if (strlen(word) > 3)
        return 0;
    for (; *word; word++) {
        if (*word < '0' || *word > '9')
            return 0;
        value = value * 10 + (uint32_t)(*word - '0');
    }
    return value;
}

// Of the grammar: 3 to 8 is the cell of a QR code in dots, 2 to 4 the bar, 24 to 240 its height.
static bool set_number(struct atl_template_code *code, uint32_t value)
{
    if (value >= 24 && value <= 240) {
        code->height_um = value * DOT_UM;
        return true;
    }
    if (value < (code->kind == ATL_CODE_BARS ? 2u : 3u) ||
        value > (code->kind == ATL_CODE_BARS ? 4u : 8u))
        return false;
    code->module_um = value * DOT_UM;
    return true;
}

static bool set_option_word(struct atl_template_code *code, const char *word)
{
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++) {
        if (strcasecmp(word, CODES[i].name) == 0) {
            code->kind = CODES[i].kind;
            code->bars = CODES[i].bars;
            return true;
        }
    }
    if (strlen(word) == 1 && strchr("LMQHlmqh", *word))
        code->qr_level = (char)(*word & ~0x20);
    else if (strcasecmp(word, "hri") == 0 || strcasecmp(word, "nohri") == 0)
        code->has_words = strcasecmp(word, "hri") == 0;
    else if (number_of(word))
        return set_number(code, number_of(word));
    else
        return strcasecmp(word, "auto") == 0;
    return true;
}

atl_code atl_template_option(struct atl_template_layout *layout, const char *value,
                             struct atl_error *err)
{
    struct atl_template_code code = layout->code;
    char text[64], *rest = text, *word;

    if ((size_t)snprintf(text, sizeof text, "%s", value) >= sizeof text)
        return fail(layout, err, "option is qrcode, auto, and L, M, Q or H", value);
    code.kind = ATL_CODE_NONE;
    code.has_words = false;
    code.module_um = code.height_um = 0;
    while ((word = atl_template_next_word(&rest))) {
        if (!set_option_word(&code, word))
            return fail(layout, err,
                        "option is qrcode with auto or 3 to 8 and L, M, Q or H; or code128 or ean "
                        "with 2 to 4, hri and a height of 24 to 240",
                        word);
    }
    layout->code = code;
    return ATL_OK;
}

atl_code atl_template_min(struct atl_template_layout *layout, const char *value,
                          struct atl_error *err)
{
    const bool is_bars = layout->code.kind == ATL_CODE_BARS;
    uint32_t um;

    if (!atl_template_measure(value, "mm", &um) ||
        um < (is_bars ? MODULE_UM_MIN : QR_MODULE_UM_MIN) || um > MODULE_UM_MAX)
        return fail(layout, err,
                    is_bars ? "min is the narrowest bar, 0.17mm to 2mm"
                            : "min is the smallest module, 0.25mm to 2mm",
                    value);
    layout->code.module_um = um;
    return ATL_OK;
}

atl_code atl_template_height(struct atl_template_layout *layout, const char *value,
                             struct atl_error *err)
{
    uint32_t um;

    if (!atl_template_measure(value, "mm", &um) || um < HEIGHT_UM_MIN || um > HEIGHT_UM_MAX)
        return fail(layout, err, "height is that of bars, 3mm to 60mm", value);
    layout->code.height_um = um;
    return ATL_OK;
}

static uint32_t box_height(const struct atl_template_layout *layout)
{
    return layout->box_count ? layout->boxes[layout->box_count - 1].height_um : 0;
}

// Even the smallest symbol there is has to fit.
static atl_code qr_row(const struct atl_template_layout *layout, struct atl_row *row,
                       struct atl_error *err)
{
    const uint32_t module_um = layout->code.module_um ? layout->code.module_um : QR_MODULE_UM;
    const uint32_t side_um = (QR_SIDE_LEAST + 2 * ATL_QR_QUIET_MODULES) * module_um;
    const uint32_t high_um = box_height(layout);
    const uint32_t room_um = high_um && high_um < layout->width_um ? high_um : layout->width_um;

    if (side_um > room_um)
        return atl_template_fail(err, layout->tmpl, layout->line,
                                 "the smallest QR code of that min is %u.%u mm wide and high, and "
                                 "there are %u.%u mm",
                                 side_um / 1000, side_um % 1000 / 100, room_um / 1000,
                                 room_um % 1000 / 100);
    row->kind = ATL_ROW_QR;
    row->qr_level = layout->code.qr_level;
    row->qr_module_um = module_um;
    return ATL_OK;
}

// A field that is not filled yet stands for the shortest text there is.
static atl_code bars_row(const struct atl_template_layout *layout, const char *text, bool is_sample,
                         struct atl_row *row, struct atl_error *err)
{
    const struct atl_template_code *code = &layout->code;
    const char *sample = code->bars == ATL_BARS_EAN13 ? "000000000000" : "0";
    struct atl_error why = {0};
    struct atl_bars_code made;
    uint32_t dots;
    atl_code rc = atl_bars_make(code->bars, is_sample ? sample : text, &made, &why);

    if (!rc)
        rc = atl_bars_fit(&made, (uint32_t)((uint64_t)layout->width_um * DPI / 25400), DPI,
                          code->module_um, &dots, &why);
    if (rc)
        return atl_template_fail(err, layout->tmpl, layout->line, "%s", why.text);
    row->kind = ATL_ROW_BARS;
    row->qr_text = NULL;
    row->bars_text = is_sample ? sample : text;
    row->bars = code->bars;
    row->bars_module_um = code->module_um;
    row->has_bars_words = code->has_words;
    row->height_um = code->height_um;
    return ATL_OK;
}

atl_code atl_template_code_row(struct atl_template_layout *layout, const char *text, bool is_sample,
                               struct atl_row *row, struct atl_error *err)
{
    row->qr_text = text;
    switch (layout->code.kind) {
    case ATL_CODE_QR:
        return qr_row(layout, row, err);
    case ATL_CODE_BARS:
        return *text || is_sample ? bars_row(layout, text, is_sample, row, err) : ATL_OK;
    case ATL_CODE_NONE:
        break;
    }
    return atl_template_fail(err, layout->tmpl, layout->line,
                             "name the code: {code: …; option: qrcode, auto, M; min: 0.4mm}, or "
                             "option: code128, hri");
}

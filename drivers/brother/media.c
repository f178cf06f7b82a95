// SPDX-License-Identifier: Apache-2.0
// Which roll a page is meant for. Nothing is made narrower or wider: a code that is scaled is not
// read, so a paper of another size is refused.
#include "drivers/brother/parts.h"

#include <stdio.h>
#include <string.h>

enum { NEAR_UM = 1000 }; // makers round: a label of 102 x 152 mm says that it is 153 mm long

static const char *const two_colour_ids[] = {"62red"};

bool brother_media_is_red(const struct atl_media *media)
{
    for (size_t i = 0; i < sizeof two_colour_ids / sizeof two_colour_ids[0]; i++) {
        if (strcmp(media->id, two_colour_ids[i]) == 0)
            return true;
    }
    return false;
}

static bool is_near(uint32_t a_um, uint32_t b_um)
{
    return a_um < b_um ? b_um - a_um <= NEAR_UM / 2 : a_um - b_um <= NEAR_UM / 2;
}

static bool is_near_long(uint32_t a_um, uint32_t b_um)
{
    return a_um < b_um ? b_um - a_um <= NEAR_UM : a_um - b_um <= NEAR_UM;
}

// How well they go together; 0: not at all.
enum suit {
    SUIT_NOT,
    SUIT_SHORT, // the page of a roll, on labels: as long as it is not too long
    SUIT_ROLL,  // cut off a continuous roll
    SUIT_SAME,  // a label of just that size
};

static enum suit suits(const struct atl_model *model, const struct atl_media *media,
                       const struct atl_page *page)
{
    if (model->quirks & BROTHER_QUIRK_TAPE) // a label lies along the tape
        return page->height_um && is_near(page->height_um, media->width_um) ? SUIT_ROLL : SUIT_NOT;
    if (!is_near(page->width_um, media->width_um))
        return SUIT_NOT;
    if (!media->length_um)
        return SUIT_ROLL;
    if (!page->height_um)
        return SUIT_SHORT;
    return is_near_long(page->height_um, media->length_um) ? SUIT_SAME : SUIT_NOT;
}

// 62, 38.1
static void write_mm(uint32_t um, char *out, size_t size)
{
    const uint32_t tenths = (um + 50) / 100;

    (void)snprintf(out, size, tenths % 10 ? "%u.%u" : "%u", tenths / 10, tenths % 10);
}

void brother_size_write(uint32_t width_um, uint32_t length_um, char out[BROTHER_SIZE_BYTES])
{
    char width[12], length[12];

    write_mm(width_um, width, sizeof width);
    write_mm(length_um, length, sizeof length);
    if (length_um)
        (void)snprintf(out, BROTHER_SIZE_BYTES, "%s x %s mm", width, length);
    else
        (void)snprintf(out, BROTHER_SIZE_BYTES, "%s mm, continuous", width);
}

static void write_page_size(const struct atl_page *page, char out[BROTHER_SIZE_BYTES])
{
    brother_size_write(page->width_um, page->height_um, out);
    if (!page->height_um)
        (void)snprintf(out, BROTHER_SIZE_BYTES, "%u mm wide", (page->width_um + 500) / 1000);
}

static atl_code fail_unsuited(const struct atl_model *model, const struct atl_page *page,
                              struct atl_error *err)
{
    const bool is_tape = model->quirks & BROTHER_QUIRK_TAPE;
    char wanted[BROTHER_SIZE_BYTES], has[BROTHER_SIZE_BYTES], names[120] = "";

    write_page_size(page, wanted);
    if (model->media_count == 1) {
        brother_size_write(model->media[0].width_um, model->media[0].length_um, has);
        return atl_fail(err, ATL_E_INVALID,
                        "this paper is %s, and the %s is set to %s: choose other templates, or "
                        "another media",
                        wanted, model->name, has);
    }
    for (size_t i = 0; i < model->media_count; i++) {
        const size_t used = strlen(names);

        (void)snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "",
                       model->media[i].id);
    }
    return atl_fail(err, ATL_E_INVALID, "this paper is %s, and the %s takes %s %s mm%s", wanted,
                    model->name, is_tape ? "tape of" : "rolls of", names,
                    is_tape ? ", as labels that are as high as the tape is wide" : "");
}

atl_code brother_media_for(const struct atl_model *model, const struct atl_page *page,
                           const struct atl_media **out, struct atl_error *err)
{
    const struct atl_media *best = NULL;
    enum suit best_suit = SUIT_NOT;

    for (size_t i = 0; i < model->media_count; i++) {
        const enum suit suit = suits(model, &model->media[i], page);

        // Which labels a roll's page would be for, only the configuration can say.
        if (suit == SUIT_SHORT && model->media_count > 1)
            continue;
        if (suit > best_suit) {
            best = &model->media[i];
            best_suit = suit;
        }
    }
    if (!best)
        return fail_unsuited(model, page, err);
    *out = best;
    return ATL_OK;
}

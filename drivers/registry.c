// SPDX-License-Identifier: Apache-2.0
// The only list of drivers, and what follows from their tables.
#include "drivers/driver.h"

#include <stdio.h>
#include <string.h>

extern const struct atl_driver atl_driver_embroidery;
extern const struct atl_driver atl_driver_escpos;

static const struct atl_driver *const drivers[] = {
    &atl_driver_escpos,
    &atl_driver_embroidery,
};

const struct atl_driver *atl_driver_find(const char *name)
{
    for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++) {
        if (strcmp(drivers[i]->name, name) == 0)
            return drivers[i];
    }
    return NULL;
}

const struct atl_driver *atl_driver_at(size_t index)
{
    return index < sizeof drivers / sizeof drivers[0] ? drivers[index] : NULL;
}

const struct atl_model *atl_model_find(const struct atl_driver *driver, const char *id)
{
    if (!id || !*id)
        return driver->model_count ? &driver->models[0] : NULL;
    for (size_t i = 0; i < driver->model_count; i++) {
        if (strcmp(driver->models[i].id, id) == 0)
            return &driver->models[i];
    }
    return NULL;
}

static enum atl_proof weaker(enum atl_proof a, enum atl_proof b)
{
    return a < b ? a : b;
}

static enum atl_proof proof_of_model(const struct atl_model *model)
{
    if (model->quirks & ATL_QUIRK_NO_STATUS)
        return ATL_PROOF_TAKEN;
    return model->quirks & ATL_QUIRK_NAMES_JOBS ? ATL_PROOF_FINISHED : ATL_PROOF_IDLE;
}

static enum atl_proof proof_of_link(const struct atl_link *link)
{
    switch (link->carries) {
    case ATL_LINK_CARRIES_NOTHING:
        return ATL_PROOF_NONE;
    case ATL_LINK_CARRIES_BYTES:
        return ATL_PROOF_TAKEN;
    case ATL_LINK_CARRIES_ANSWERS:
        return ATL_PROOF_FINISHED;
    }
    return ATL_PROOF_NONE;
}

enum atl_proof atl_driver_proof(const struct atl_driver *driver, const struct atl_model *model,
                                const struct atl_link *link)
{
    enum atl_proof proof = weaker(driver->proof, proof_of_model(model));

    if (!driver->confirm)
        proof = weaker(proof, ATL_PROOF_TAKEN);
    return weaker(proof, proof_of_link(link));
}

static const struct trouble_words {
    uint32_t trouble;
    const char *words;
} trouble_words[] = {
    {ATL_TROUBLE_MEDIA_OUT,    "paper is out: put in a new roll"                               },
    {ATL_TROUBLE_COVER_OPEN,   "the cover is open: close it"                                   },
    {ATL_TROUBLE_JAM,          "the cutter is stuck: switch it off, clear the paper, switch on"},
    {ATL_TROUBLE_THREAD_BREAK, "a thread broke: thread it again"                               },
    {ATL_TROUBLE_RIBBON_OUT,   "the ribbon is out: put in a new one"                           },
    {ATL_TROUBLE_PAUSED,       "it is paused: press its pause button"                          },
    {ATL_TROUBLE_TAKE_LABEL,   "the last label is still in its mouth: take it"                 },
    {ATL_TROUBLE_WRONG_MEDIA,  "another roll is loaded than it is set to: change the roll"     },
    {ATL_TROUBLE_HOT,          "its head is hot: it goes on by itself when it has cooled down" },
    {ATL_TROUBLE_OTHER,        "it reports an error: switch it off and on again"               },
    {ATL_TROUBLE_OFFLINE,      "it is offline: look at its lamps"                              },
    {ATL_TROUBLE_MEDIA_LOW,    "paper is nearly out: have a roll ready"                        },
};

// What follows from a worse trouble is not said beside it.
static uint32_t worth_saying(uint32_t trouble)
{
    const uint32_t stops = ATL_TROUBLE_MEDIA_OUT | ATL_TROUBLE_COVER_OPEN | ATL_TROUBLE_JAM |
                           ATL_TROUBLE_THREAD_BREAK | ATL_TROUBLE_OTHER | ATL_TROUBLE_WRONG_MEDIA |
                           ATL_TROUBLE_RIBBON_OUT | ATL_TROUBLE_PAUSED | ATL_TROUBLE_TAKE_LABEL;

    if (trouble & stops)
        trouble &= ~(uint32_t)ATL_TROUBLE_OFFLINE;
    if (trouble & ATL_TROUBLE_MEDIA_OUT)
        trouble &= ~(uint32_t)ATL_TROUBLE_MEDIA_LOW;
    return trouble;
}

void atl_trouble_words(uint32_t trouble, char *out, size_t size)
{
    size_t used = 0;

    if (!size)
        return;
    out[0] = 0;
    trouble = worth_saying(trouble);
    for (size_t i = 0; i < sizeof trouble_words / sizeof trouble_words[0]; i++) {
        const char *words = trouble_words[i].words;
        const char *joint = used ? "; " : "";

        if (!(trouble & trouble_words[i].trouble) ||
            used + strlen(joint) + strlen(words) + 1 > size)
            continue;
        used += (size_t)snprintf(out + used, size - used, "%s%s", joint, words);
    }
}

// SPDX-License-Identifier: Apache-2.0
// The only list of drivers, and what follows from their tables.
#include "drivers/driver.h"

#include <string.h>

extern const struct atl_driver atl_driver_brother;
extern const struct atl_driver atl_driver_dymo;
extern const struct atl_driver atl_driver_embroidery;
extern const struct atl_driver atl_driver_escpos;
extern const struct atl_driver atl_driver_star;
extern const struct atl_driver atl_driver_zpl;

// clang-format off
static const struct atl_driver *const drivers[] = {
    &atl_driver_escpos,
    &atl_driver_brother,
    &atl_driver_dymo,
    &atl_driver_star,
    &atl_driver_embroidery,
    &atl_driver_zpl,
};
// clang-format on

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

uint32_t atl_driver_dots(const struct atl_driver *driver, const struct atl_model *model,
                         const struct atl_page *page)
{
    static const struct {
        uint32_t paper_um;
        uint32_t dots; // at 203 dpi
    } rolls[] = {
        {80000, 576},
        {58000, 384},
        {62000, 471},
    };
    uint64_t dots = ((uint64_t)page->width_um * model->dpi + 12700) / 25400;

    if (driver->duty != ATL_DUTY_LABEL || model->media_count)
        return model->width_dots;
    for (size_t i = 0; !page->height_um && i < sizeof rolls / sizeof rolls[0]; i++) {
        if (page->width_um == rolls[i].paper_um)
            dots = (uint64_t)rolls[i].dots * model->dpi / 203;
    }
    return dots < model->width_dots ? (uint32_t)dots : model->width_dots;
}

bool atl_driver_is_mute(const struct atl_model *model, const struct atl_link *link)
{
    return model->quirks & ATL_QUIRK_NO_STATUS || link->carries != ATL_LINK_CARRIES_ANSWERS;
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

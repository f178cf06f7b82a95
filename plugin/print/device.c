// SPDX-License-Identifier: Apache-2.0
#include "plugin/print/device.h"

#include "plugin/render/raster.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BYTES_MAX = 16 * 1024 * 1024, CHUNK_BYTES = 4096, STALL_MS = 10000, CONFIRM_MS = 15000 };

// Names for "there is no …; there are …".
static void add_name(char *list, size_t size, const char *name)
{
    const size_t used = strlen(list);

    (void)snprintf(list + used, size - used, "%s%s", used ? ", " : "", name);
}

// A model's name says which language it speaks; a name that several have is the first's.
static const char *driver_of(const char *model)
{
    for (size_t i = 0; model && atl_driver_at(i); i++) {
        const struct atl_driver *driver = atl_driver_at(i);

        if ((driver->duty == ATL_DUTY_TICKET || driver->duty == ATL_DUTY_LABEL) &&
            atl_model_find(driver, model))
            return driver->name;
    }
    return "escpos";
}

static atl_code find_driver(const struct print_options *options, struct print_device *out,
                            struct atl_error *err)
{
    const char *name = options->driver ? options->driver : driver_of(options->model);
    char names[160] = "";

    out->driver = atl_driver_find(name);
    if (out->driver &&
        (out->driver->duty == ATL_DUTY_TICKET || out->driver->duty == ATL_DUTY_LABEL))
        return ATL_OK;
    for (size_t i = 0; atl_driver_at(i); i++) {
        const enum atl_duty duty = atl_driver_at(i)->duty;

        if (duty == ATL_DUTY_TICKET || duty == ATL_DUTY_LABEL)
            add_name(names, sizeof names, atl_driver_at(i)->name);
    }
    return atl_fail(err, ATL_E_INVALID,
                    "--driver: there is no driver \"%.40s\" that prints; there "
                    "are: %s",
                    name, names);
}

static uint32_t width_of(const struct atl_model *model)
{
    return (uint32_t)model->width_dots * 25400 / model->dpi;
}

// The first that prints no wider than the paper is, and not much less.
static const struct atl_model *model_for(const struct atl_driver *driver, uint32_t width_um)
{
    for (size_t i = 0; i < driver->model_count; i++) {
        const uint32_t width = width_of(&driver->models[i]);

        if (width_um && width <= width_um && width_um - width <= 16000)
            return &driver->models[i];
    }
    return &driver->models[0];
}

static atl_code find_media(const struct print_options *options, struct print_device *out,
                           struct atl_error *err)
{
    char names[200] = "";

    if (!options->media)
        return ATL_OK;
    for (size_t i = 0; i < out->model.media_count; i++) {
        if (strcmp(out->model.media[i].id, options->media) == 0) {
            out->model.media = &out->model.media[i];
            out->model.media_count = 1;
            return ATL_OK;
        }
        add_name(names, sizeof names, out->model.media[i].id);
    }
    if (!names[0])
        return atl_fail(err, ATL_E_INVALID, "--media: the %s takes any paper up to its width",
                        out->model.name);
    return atl_fail(err, ATL_E_INVALID, "--media: the %s has no \"%.20s\"; it has: %s",
                    out->model.name, options->media, names);
}

atl_code print_device_find(const struct print_options *options, uint32_t width_um,
                           struct print_device *out, struct atl_error *err)
{
    struct print_device made = {.is_named = options->model != NULL,
                                .is_drawn = options->driver || options->model || options->media};
    const struct atl_model *model;
    atl_code rc = find_driver(options, &made, err);

    if (rc)
        return rc;
    model = options->model ? atl_model_find(made.driver, options->model)
                           : model_for(made.driver, width_um);
    if (!model) {
        char names[300] = "";

        for (size_t i = 0; i < made.driver->model_count; i++)
            add_name(names, sizeof names, made.driver->models[i].id);
        return atl_fail(err, ATL_E_INVALID, "--model: %s has no model \"%.40s\"; it has: %s",
                        made.driver->name, options->model, names);
    }
    made.model = *model;
    rc = find_media(options, &made, err);
    if (!rc)
        *out = made;
    return rc;
}

atl_code print_link_open(const struct print_options *options, struct atl_link **out,
                         struct atl_error *err)
{
    const char *to = options->to;
    char path[1024], uri[1100];
    struct atl_error why = {0};
    atl_code rc;

    if (strchr(to, ':') && to[0] != '/' && to[0] != '.')
        return atl_link_open(to, out, err);
    if (strcmp(to, "-") == 0)
        to = "/dev/stdout";
    if (to[0] == '/')
        (void)snprintf(path, sizeof path, "%s", to);
    else if (!getcwd(path, sizeof path - strlen(to) - 2))
        return atl_fail(err, ATL_E_IO, "--to %s: no folder to begin in", to);
    else
        (void)snprintf(path + strlen(path), sizeof path - strlen(path), "/%s", to);
    (void)snprintf(uri, sizeof uri, "file:%s", path);
    rc = atl_link_open(uri, out, &why);
    return rc ? atl_fail(err, rc, "--to: %s", why.text) : ATL_OK;
}

// ---- send ----

static atl_code send_all(struct atl_link *link, const struct atl_buf *bytes, struct atl_error *err)
{
    for (size_t at = 0; at < bytes->len; at += CHUNK_BYTES) {
        const size_t left = bytes->len - at;
        const bool has_more = left > CHUNK_BYTES;
        atl_code rc = atl_link_write_piece(link, bytes->data + at, has_more ? CHUNK_BYTES : left,
                                           has_more, STALL_MS, err);

        if (rc)
            return atl_wrap(err, rc, "after %llu of %zu bytes, and part of it may be printed",
                            (unsigned long long)link->accepted_bytes, bytes->len);
    }
    return ATL_OK;
}

static atl_code settle(const struct print_device *device, struct atl_link *link, size_t bytes,
                       char *fate, size_t fate_size, struct atl_error *err)
{
    const enum atl_proof proof = atl_driver_proof(device->driver, &device->model, link);
    char evidence[200] = "";
    atl_code rc;

    if (proof < ATL_PROOF_IDLE) {
        (void)snprintf(fate, fate_size, "sent, %zu bytes; %s", bytes,
                       proof == ATL_PROOF_NONE ? "nobody is there to say that it was printed"
                                               : "this printer cannot prove that it was printed");
        return ATL_OK;
    }
    rc = device->driver->confirm(link, &device->model, CONFIRM_MS, evidence, sizeof evidence, err);
    if (rc == ATL_E_BUSY) // it goes on by itself
        rc = device->driver->confirm(link, &device->model, CONFIRM_MS, evidence, sizeof evidence,
                                     err);
    if (!rc)
        (void)snprintf(fate, fate_size, "printed, %zu bytes; %s", bytes, evidence);
    return rc;
}

static atl_code look_first(const struct print_device *device, struct atl_link *link,
                           const struct atl_page *page, struct atl_error *err)
{
    const bool is_silent = atl_driver_is_mute(&device->model, link);
    uint32_t trouble = 0;
    char words[400];
    atl_code rc = ATL_OK;

    if (!is_silent && device->driver->status)
        rc = device->driver->status(link, &device->model, &trouble, err);
    trouble &= ~(uint32_t)ATL_TROUBLE_MEDIA_LOW;
    if (!rc && trouble) {
        atl_trouble_words(trouble, words, sizeof words);
        return atl_fail(err, ATL_E_DEVICE, "nothing was sent: %s", words);
    }
    if (!rc && !is_silent && device->driver->fits)
        rc = device->driver->fits(link, &device->model, page, err);
    return rc;
}

atl_code print_send(const struct print_device *device, struct atl_link *link,
                    const struct atl_page *page, char *fate, size_t fate_size,
                    struct atl_error *err)
{
    struct atl_raster *raster = NULL;
    struct atl_rasteriser rasteriser;
    struct atl_buf bytes;
    atl_code rc = atl_raster_open(&raster, err);

    if (rc)
        return rc;
    rasteriser = atl_raster_rasteriser(raster);
    atl_buf_init(&bytes, BYTES_MAX);
    if (!device->driver->encode)
        rc = atl_fail(err, ATL_E_UNSUPPORTED, "%s prints no paper", device->driver->name);
    if (!rc)
        rc = device->driver->encode(page, &device->model, &rasteriser, &bytes, err);
    if (!rc)
        rc = atl_buf_check(&bytes, err);
    if (!rc)
        rc = look_first(device, link, page, err);
    if (!rc)
        rc = send_all(link, &bytes, err);
    if (!rc)
        rc = settle(device, link, bytes.len, fate, fate_size, err);
    atl_buf_free(&bytes);
    atl_raster_close(raster);
    return rc;
}

// ---- status ----

static atl_code ask(const struct print_device *device, struct atl_link *link, struct atl_error *err)
{
    uint32_t trouble = 0;
    char words[400];
    atl_code rc;

    if (!device->driver->status)
        return atl_fail(err, ATL_E_UNSUPPORTED, "%s has no question for it", device->driver->name);
    if (link->carries != ATL_LINK_CARRIES_ANSWERS)
        return atl_fail(err, ATL_E_UNSUPPORTED,
                        "no answer comes back over this link: ask a printer, as usb:… or tcp:…");
    rc = device->driver->status(link, &device->model, &trouble, err);
    if (rc)
        return rc;
    atl_trouble_words(trouble, words, sizeof words);
    printf("%s: %s\n", device->model.name, words[0] ? words : "it is ready");
    return trouble & ~(uint32_t)ATL_TROUBLE_MEDIA_LOW
               ? atl_fail(err, ATL_E_DEVICE, "it cannot print now: %s", words)
               : ATL_OK;
}

// The first model that answers, when none was named: the very first may be one that never does.
static void take_one_that_answers(struct print_device *device)
{
    for (size_t i = 0; !device->is_named && i < device->driver->model_count; i++) {
        if (!(device->driver->models[i].quirks & ATL_QUIRK_NO_STATUS)) {
            device->model = device->driver->models[i];
            return;
        }
    }
}

atl_code print_status(const struct print_options *options, struct atl_error *err)
{
    struct print_device device;
    struct atl_link *link = NULL;
    atl_code rc = print_device_find(options, 0, &device, err);

    if (rc)
        return rc;
    take_one_that_answers(&device);
    rc = print_link_open(options, &link, err);
    if (rc)
        return rc;
    rc = ask(&device, link, err);
    link->ops->close(link);
    return rc;
}

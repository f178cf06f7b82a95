// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/print_lane.h"

#include "drivers/trouble.h"
#include "plugin/agent/doorbell.h"
#include "plugin/agent/log.h"
#include "plugin/agent/print_parts.h"
#include "plugin/agent/print_preview.h"
#include "plugin/render/bitmap.h"
#include "plugin/store/devices.h"
#include "plugin/store/jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { STALL_MS = 5000 }; // no progress for so long, and the printer is not well

// A printer that cannot tell what it is loaded with believes its configuration.
static atl_code load_media(struct atl_print_lane *lane, struct atl_error *err)
{
    const struct atl_config_printer *printer = lane->setup.printer;
    const struct atl_media *media = atl_media_find(lane->model, printer->media);

    if (!printer->media[0])
        return ATL_OK;
    if (!media)
        return atl_fail(err, ATL_E_INVALID,
                        "[printer %s] media: the %s has no \"%s\"; see drivers/%s/README.md",
                        printer->name, lane->model->name, printer->media, printer->driver);
    lane->loaded = *lane->model;
    lane->loaded.media = media;
    lane->loaded.media_count = 1;
    lane->model = &lane->loaded;
    return ATL_OK;
}

static atl_code find_driver(struct atl_print_lane *lane, struct atl_error *err)
{
    const struct atl_config_printer *printer = lane->setup.printer;

    lane->driver = atl_driver_find(printer->driver);
    if (!lane->driver)
        return atl_fail(err, ATL_E_INVALID,
                        "[printer %s] driver: there is no driver \"%s\"; for instance escpos",
                        printer->name, printer->driver);
    lane->model = atl_model_find(lane->driver, printer->model);
    if (!lane->model)
        return atl_fail(err, ATL_E_INVALID,
                        "[printer %s] model: the driver %s has no model \"%s\"; see "
                        "drivers/%s/README.md",
                        printer->name, printer->driver, printer->model, printer->driver);
    return load_media(lane, err);
}

void print_forget_resync(struct atl_print_lane *lane)
{
    atl_buf_free(&lane->resync);
    atl_buf_init(&lane->resync, PRINT_BYTES_MAX);
    lane->resync_at = 0;
}

atl_code print_plan_resync(struct atl_print_lane *lane, struct atl_error *err)
{
    print_forget_resync(lane);
    return lane->driver->resync ? lane->driver->resync(NULL, 0, 0, &lane->resync, err) : ATL_OK;
}

// A lane that was killed took along what it knew of the printer: a job of which nobody knows how
// far it got may have left it in the middle of a picture.
static atl_code plan_first_resync(struct atl_print_lane *lane, struct atl_error *err)
{
    struct atl_job_counts counts = {0};
    atl_code rc = atl_jobs_count(lane->setup.store, lane->setup.printer->name, &counts, err);

    if (!rc && (counts.sending || counts.unknown))
        rc = print_plan_resync(lane, err);
    return rc;
}

atl_code atl_print_lane_open(const struct atl_print_setup *setup, struct atl_print_lane **out,
                             struct atl_error *err)
{
    struct atl_print_lane *lane = calloc(1, sizeof *lane);
    atl_code rc;

    if (!lane)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    lane->setup = *setup;
    if (!lane->setup.now_ms)
        lane->setup.now_ms = atl_clock_now_ms;
    lane->watch_fd = -1;
    atl_buf_init(&lane->bytes, PRINT_BYTES_MAX);
    atl_buf_init(&lane->resync, PRINT_BYTES_MAX);
    rc = find_driver(lane, err);
    if (!rc && setup->driver)
        lane->driver = setup->driver;
    if (!rc)
        rc = atl_raster_open(&lane->raster, err);
    if (!rc)
        rc = plan_first_resync(lane, err);
    if (rc) {
        atl_print_lane_close(lane);
        return rc;
    }
    lane->watch_fd = atl_link_watch(setup->printer->link);
    *out = lane;
    return ATL_OK;
}

void print_close_link(struct atl_link **link)
{
    if (*link)
        (*link)->ops->close(*link);
    *link = NULL;
}

void atl_print_lane_close(struct atl_print_lane *lane)
{
    if (!lane)
        return;
    print_close_link(&lane->link);
    if (lane->watch_fd >= 0)
        close(lane->watch_fd);
    atl_buf_free(&lane->bytes);
    atl_buf_free(&lane->resync);
    atl_raster_close(lane->raster);
    free(lane);
}

void print_beat(const struct atl_print_lane *lane)
{
    if (lane->setup.process)
        atl_process_beat(lane->setup.process);
}

// ---- How the printer is ----

// What the port says, which needs no language. False: nothing is wrong there, or it says nothing.
bool print_port_trouble(struct atl_link *link, char *words, size_t size)
{
    static const struct {
        uint32_t flag, trouble;
    } rows[] = {
        {ATL_LINK_PORT_PAPER_OUT, ATL_TROUBLE_MEDIA_OUT},
        {ATL_LINK_PORT_OFFLINE,   ATL_TROUBLE_OFFLINE  },
        {ATL_LINK_PORT_ERROR,     ATL_TROUBLE_OFFLINE  }, // its lamps say more
    };
    struct atl_error err = {0};
    uint32_t flags = 0, trouble = 0;

    if (!link->ops->port || link->ops->port(link, &flags, &err))
        return false;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        trouble |= flags & rows[i].flag ? rows[i].trouble : 0;
    atl_trouble_words(trouble, words, size);
    return trouble != 0;
}

// Paper that runs low is told, and still prints.
atl_code print_ask(const struct atl_driver *driver, const struct atl_model *model,
                   struct atl_link *link, char *low, size_t low_size, struct atl_error *err)
{
    char words[ATL_NOTE_SIZE];
    uint32_t trouble = 0;
    atl_code rc;

    if (!driver->status || atl_driver_is_mute(model, link))
        return ATL_OK;
    rc = driver->status(link, model, &trouble, err);
    if (rc == ATL_E_TIMEOUT && print_port_trouble(link, words, sizeof words))
        return atl_fail(err, ATL_E_DEVICE, "%s", words); // some are silent just then
    if (rc)
        return rc;
    atl_trouble_words(trouble & ATL_TROUBLE_MEDIA_LOW, low, low_size);
    trouble &= ~(uint32_t)ATL_TROUBLE_MEDIA_LOW;
    if (!trouble)
        return ATL_OK;
    atl_trouble_words(trouble, words, sizeof words);
    return atl_fail(err, ATL_E_DEVICE, "%s", words);
}

void print_tell(const char *trouble, void *ctx)
{
    struct atl_print_lane *lane = ctx;
    struct atl_error err = {0};
    uint32_t bits;

    if (!trouble[0])
        trouble = lane->low;
    bits = atl_trouble_find(trouble);
    if (!bits && trouble[0])
        bits = lane->way;
    (void)snprintf(lane->trouble, sizeof lane->trouble, "%s", trouble);
    if (atl_devices_report(lane->setup.store, lane->setup.printer->name, bits, trouble,
                           lane->setup.now_ms(), &err))
        atl_log(ATL_LOG_WARN, "lane", "trouble not written down", "device=%s why=%s",
                lane->setup.printer->name, atl_log_value(err.text).text);
    if (lane->setup.process)
        atl_doorbell_ring(lane->setup.process->run, "serve"); // the till hears of it
}

static atl_code open_link(struct atl_print_lane *lane, struct atl_error *err)
{
    const struct atl_print_setup *setup = &lane->setup;
    atl_code rc = setup->open_link ? setup->open_link(setup->open_link_ctx, &lane->link, err)
                                   : atl_link_open(setup->printer->link, &lane->link, err);

    lane->way = atl_trouble_of_code(rc);
    if (rc == ATL_E_NOT_FOUND) // what is not there may come
        rc = ATL_E_AWAY;
    if (rc == ATL_E_BUSY ||
        rc == ATL_E_CONFLICT) // held by another program, or one of two: a person
        rc = ATL_E_DEVICE;
    if (rc && err)
        err->code = rc;
    return rc;
}

static atl_code write_bytes(const struct atl_print_lane *lane, const struct atl_buf *bytes,
                            size_t from, struct atl_error *err)
{
    atl_code rc = ATL_OK;

    for (size_t at = from; !rc && at < bytes->len; at += PRINT_CHUNK_BYTES) {
        const size_t left = bytes->len - at;
        const bool has_more = left > PRINT_CHUNK_BYTES;

        rc = atl_link_write_piece(lane->link, bytes->data + at, has_more ? PRINT_CHUNK_BYTES : left,
                                  has_more, STALL_MS, err);
        print_beat(lane);
    }
    return rc;
}

// Before anything else, a question too: a printer that waits for the rest of a command would take
// the question for it. What is interrupted itself goes on where it stopped.
static atl_code write_resync(struct atl_print_lane *lane, struct atl_error *err)
{
    const uint64_t before = lane->link->accepted_bytes;
    const atl_code rc = write_bytes(lane, &lane->resync, lane->resync_at, err);

    lane->resync_at += (size_t)(lane->link->accepted_bytes - before);
    if (!rc)
        print_forget_resync(lane);
    return rc;
}

atl_code print_open_and_ask(struct atl_print_lane *lane, struct atl_error *err)
{
    atl_code rc = lane->link ? ATL_OK : open_link(lane, err);

    if (rc)
        return rc;
    lane->low[0] = '\0';
    rc = write_resync(lane, err);
    if (!rc)
        rc = print_ask(lane->driver, lane->model, lane->link, lane->low, sizeof lane->low, err);
    if (rc) {
        lane->way = atl_trouble_of_code(rc);
        print_close_link(&lane->link);
    }
    return rc;
}

atl_code print_tend(struct atl_print_lane *lane, bool *has_news, struct atl_error *err)
{
    atl_code rc;

    *has_news = false;
    if (!lane->link || !lane->link->ops->tend)
        return ATL_OK;
    rc = lane->link->ops->tend(lane->link, has_news, err);
    if (rc) {
        lane->way = atl_trouble_of_code(rc);
        print_close_link(&lane->link);
    }
    return rc;
}

// While the printer is open, its own descriptor; while it is not, the one that hears of printers
// that are plugged in.
static int wake_fd(void *ctx)
{
    const struct atl_print_lane *lane = ctx;

    if (!lane->link)
        return lane->watch_fd;
    return lane->link->ops->wake_fd ? lane->link->ops->wake_fd(lane->link) : -1;
}

atl_code atl_print_probe(const struct atl_config_printer *printer, struct atl_error *err)
{
    struct atl_print_lane lane = {.setup = {.printer = printer}};
    atl_code rc = find_driver(&lane, err);

    if (!rc)
        rc = print_open_and_ask(&lane, err);
    print_close_link(&lane.link);
    return rc;
}

// ---- The job ----

static atl_code prepare(const struct atl_job *job, void *ctx, struct atl_error *err)
{
    struct atl_print_lane *lane = ctx;
    const struct atl_rasteriser rasteriser = atl_raster_rasteriser(lane->raster);
    bool has_news;
    atl_code rc;

    lane->is_sound = false;
    lane->page = NULL;
    lane->unfit = NULL;
    atl_buf_free(&lane->bytes);
    atl_buf_init(&lane->bytes, PRINT_BYTES_MAX);
    // A printer that was pulled is looked for in every socket.
    (void)!print_tend(lane, &has_news, err);
    rc = print_open_and_ask(lane, err);
    print_beat(lane);
    if (!rc)
        rc = lane->setup.document(lane->setup.document_ctx, lane->setup.store, job, lane->model,
                                  &lane->page, err);
    if (!rc && lane->driver->fits && lane->link->carries == ATL_LINK_CARRIES_ANSWERS) {
        lane->way = ATL_TROUBLE_WRONG_MEDIA;
        rc = lane->driver->fits(lane->link, lane->model, lane->page, err);
        lane->unfit = rc ? lane->page : NULL;
    }
    if (!rc)
        rc = lane->driver->encode(lane->page, lane->model, &rasteriser, &lane->bytes, err);
    if (!rc)
        rc = atl_buf_check(&lane->bytes, err);
    lane->is_sound = !rc;
    return rc;
}

enum atl_proof print_proof(void *ctx)
{
    const struct atl_print_lane *lane = ctx;

    return atl_driver_proof(lane->driver, lane->model, lane->link);
}

// ---- The picture of the paper ----

// As people see it: a roll with its margins, a label as it is read.
static atl_code draw_paper(const struct atl_print_lane *lane, struct atl_bitmap *out,
                           struct atl_error *err)
{
    const struct atl_rasteriser rasteriser = atl_raster_rasteriser(lane->raster);
    const struct atl_model *model = lane->model;

    if (lane->page->height_um && model->media_count == 1)
        return atl_media_draw(model->media, lane->page, model->dpi, &rasteriser, out, err);
    return atl_raster_page(lane->raster, lane->page,
                           atl_driver_dots(lane->driver, model, lane->page), model->dpi,
                           ATL_RASTER_PAPER, out, err);
}

static atl_code keep_preview(const struct atl_print_lane *lane, const struct atl_job *job,
                             struct atl_error *err)
{
    struct atl_bitmap bitmap = {0};
    atl_code rc = draw_paper(lane, &bitmap, err);

    if (!rc)
        rc = atl_print_preview(&bitmap, lane->model->dpi, job, lane->setup.printer->previews, err);
    atl_bitmap_free(&bitmap);
    return rc;
}

// A preview that cannot be kept is no reason for anything.
static void settle(const struct atl_job *job, enum atl_job_state state, void *ctx)
{
    struct atl_print_lane *lane = ctx;
    struct atl_error err = {0};

    if (lane->link && (!lane->is_sound || !lane->link->ops->tend))
        print_close_link(&lane->link);
    if (state == ATL_JOB_QUEUED || !lane->page || !lane->setup.printer->previews[0])
        return;
    if (keep_preview(lane, job, &err))
        atl_log(ATL_LOG_WARN, "lane", "no preview", "code=%s why=%s", job->code,
                atl_log_value(err.text).text);
}

const struct atl_lane_work atl_print_work = {
    .prepare = prepare,
    .proof = print_proof,
    .send = print_send,
    .settle = settle,
    .look = print_look,
    .wake_fd = wake_fd,
    .tell = print_tell,
};

// SPDX-License-Identifier: Apache-2.0
// Checks of what must be there before anything runs.
#include "drivers/driver.h"
#include "plugin/agent/doctor.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/process.h"
#include "plugin/agent/sync.h"
#include "plugin/core/hash.h"
#include "plugin/render/template.h"
#include "plugin/store/store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { MB = 1000 * 1000, UNUSED_BYTES_MAX = 64 * 1024 };

// ---- Folders and disk ----

static enum atl_finding check_folder(const char *path, bool is_private, char *text, size_t size)
{
    struct stat is;

    if (stat(path, &is) != 0)
        return atl_find(ATL_FINDING_NOTE, text, size,
                        "%s: %s; the agent makes it when it starts, if it may", path,
                        strerror(errno));
    if (!S_ISDIR(is.st_mode))
        return atl_find(ATL_FINDING_WRONG, text, size, "%s is not a folder; move it away", path);
    if (access(path, W_OK | X_OK) != 0)
        return atl_find(ATL_FINDING_WRONG, text, size,
                        "%s cannot be written by user %u: it belongs to user %u; chown it, or run "
                        "this as that user",
                        path, (unsigned)geteuid(), (unsigned)is.st_uid);
    if (is_private && (is.st_mode & 077))
        return atl_find(ATL_FINDING_WRONG, text, size,
                        "%s may be opened by others (mode %04o): chmod 700 %s", path,
                        (unsigned)(is.st_mode & 07777), path);
    return atl_find(ATL_FINDING_OK, text, size, "%s", path);
}

static enum atl_finding check_data(const struct atl_config *config, char *text, size_t size)
{
    return check_folder(config->data, true, text, size);
}

static enum atl_finding check_run(const struct atl_config *config, char *text, size_t size)
{
    return check_folder(config->run, false, text, size);
}

static enum atl_finding check_disk(const struct atl_config *config, char *text, size_t size)
{
    struct statvfs is;
    int64_t free_bytes;

    if (statvfs(config->data, &is) != 0)
        return ATL_FINDING_NONE; // said by the folder's own line
    free_bytes = (int64_t)is.f_bavail * (int64_t)is.f_frsize;
    if (free_bytes < ATL_STORE_STOP_BYTES)
        return atl_find(ATL_FINDING_WRONG, text, size,
                        "%lld MB free at %s; only orders are still written: make room now",
                        (long long)(free_bytes / MB), config->data);
    if (free_bytes < ATL_STORE_WARN_BYTES)
        return atl_find(ATL_FINDING_NOTE, text, size, "%lld MB free at %s; make room soon",
                        (long long)(free_bytes / MB), config->data);
    return atl_find(ATL_FINDING_OK, text, size, "%lld MB free", (long long)(free_bytes / MB));
}

// ---- Time ----

static enum atl_finding check_zone(const struct atl_config *config, char *text, size_t size)
{
    static struct atl_zone zone;
    struct atl_error err = {0};
    char time[ATL_TIME_CAP];

    if (atl_config_zone(config, &zone, &err))
        return atl_find(ATL_FINDING_WRONG, text, size, "%s", err.text);
    atl_time_format_local(&zone, atl_clock_now_ms(), time);
    return atl_find(ATL_FINDING_OK, text, size, "%s, where it is %.16s now", config->zone, time);
}

// ---- Templates ----

struct template_list {
    const char *name; // "claim"
    enum atl_paper paper;
};
static const struct template_list template_list[] = {
    {"claim", ATL_PAPER_CLAIM},
    {"gift",  ATL_PAPER_GIFT },
    {"tag",   ATL_PAPER_TAG  },
    {"bag",   ATL_PAPER_BAG  },
};

// Whether the printer has labels or a roll of that size. Its driver is asked to write an empty
// paper without anybody who draws: it says so before it misses one. A driver or model that is not
// known has a check of its own.
static atl_code check_paper(const struct atl_config_printer *printer,
                            const struct atl_template *tmpl, struct atl_error *err)
{
    const struct atl_driver *driver = atl_driver_find(printer->driver);
    const struct atl_model *found = driver ? atl_model_find(driver, printer->model) : NULL;
    const struct atl_page page = {.width_um = atl_template_paper_um(tmpl),
                                  .height_um = atl_template_height_um(tmpl)};
    const struct atl_media *media = found ? atl_media_find(found, printer->media) : NULL;
    struct atl_model model;
    struct atl_buf unused;
    atl_code rc;

    if (!media || driver->duty != ATL_DUTY_LABEL)
        return ATL_OK;
    model = *found;
    if (printer->media[0]) {
        model.media = media;
        model.media_count = 1;
    }
    atl_buf_init(&unused, UNUSED_BYTES_MAX);
    rc = driver->encode(&page, &model, NULL, &unused, err);
    atl_buf_free(&unused);
    return rc == ATL_E_INVALID ? rc : ATL_OK;
}

// One template with the words of every language that guests may choose.
static atl_code load_template(const struct atl_config *config,
                              const struct atl_config_printer *printer, const char *file,
                              struct atl_error *err)
{
    const char *own = config->own_templates[0] ? config->own_templates : NULL;
    const struct atl_template_folders folders = {own, config->templates};
    struct atl_template *tmpl = NULL;
    atl_code rc = atl_template_load_file(&folders, file, &tmpl, err);

    for (size_t i = 0; !rc && i < config->guest_language_count; i++) {
        struct atl_words_file words = {0};

        rc = atl_words_file_load(own, config->templates, config->guest_languages[i], &words, err);
        if (!rc)
            rc = atl_template_check_words(tmpl, &words, err);
        atl_words_file_free(&words);
    }
    if (!rc && check_paper(printer, tmpl, err))
        rc = atl_wrap(err, ATL_E_INVALID, "[printer %s] %s", printer->name, file);
    atl_template_close(tmpl);
    return rc;
}

static atl_code load_templates_of(const struct atl_config *config,
                                  const struct atl_config_printer *printer, size_t *count,
                                  struct atl_error *err)
{
    for (size_t i = 0; i < sizeof template_list / sizeof template_list[0]; i++) {
        char file[64];
        atl_code rc;

        if (!(printer->papers & (uint32_t)template_list[i].paper))
            continue;
        (void)snprintf(file, sizeof file, "%s%s%s.ticket", template_list[i].name,
                       printer->templates[0] ? "-" : "", printer->templates);
        rc = load_template(config, printer, file, err);
        if (rc)
            return rc;
        ++*count;
    }
    return ATL_OK;
}

static enum atl_finding check_templates(const struct atl_config *config, char *text, size_t size)
{
    struct atl_error err = {0};
    size_t count = 0;

    for (size_t i = 0; i < config->printer_count; i++)
        if (load_templates_of(config, &config->printers[i], &count, &err))
            return atl_find(ATL_FINDING_WRONG, text, size, "%s", err.text);
    return atl_find(ATL_FINDING_OK, text, size, "%zu read, with the words of %zu languages", count,
                    config->guest_language_count);
}

// ---- The key ----

static enum atl_finding check_key(const struct atl_config *config, char *text, size_t size)
{
    struct atl_sync_key key;
    struct atl_error err = {0};
    char store[64];
    bool is_ours;

    if (!config->cloud_url[0])
        return ATL_FINDING_NONE;
    if (atl_sync_key_read(config->cloud_key_file, &key, &err))
        return atl_find(ATL_FINDING_WRONG, text, size, "%s", err.text);
    (void)snprintf(store, sizeof store, "%s/%s", config->retailer, config->store);
    is_ours = strcmp(store, key.store) == 0;
    if (!is_ours)
        (void)atl_find(
            ATL_FINDING_WRONG, text, size,
            "it is the key of %s, and this shop is %s; correct [shop] retailer and store",
            key.store, store);
    else
        (void)atl_find(ATL_FINDING_OK, text, size, "%s", config->cloud_key_file);
    atl_hash_wipe(&key, sizeof key);
    return is_ours ? ATL_FINDING_OK : ATL_FINDING_WRONG;
}

const struct atl_check atl_doctor_machine[] = {
    {"data folder", check_data     },
    {"run folder",  check_run      },
    {"disk",        check_disk     },
    {"time zone",   check_zone     },
    {"templates",   check_templates},
    {"cloud's key", check_key      },
    {NULL,          NULL           },
};

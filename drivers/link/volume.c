// SPDX-License-Identifier: Apache-2.0
// The way in: what the caller asks is checked here, then the scheme's row does the work in a child.
#include "drivers/link/volume.h"

#include "drivers/link/usb_watch.h"
#include "drivers/link/volume_parts.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct scheme {
    const char *name;
    volume_fn deliver;
    unsigned arrival; // USB_WATCH_* that may be what it waits for
} schemes[] = {
    {"dir",         dir_deliver,              0               },
    {"volume",      volume_deliver_removable, USB_WATCH_DISK  },
 // Its disk comes back each time that the kernel's driver does, which we had asked away.
    {"usb-storage", volume_deliver_usb,       USB_WATCH_DEVICE},
};

static const struct scheme *scheme_of(const char *uri, const char **rest)
{
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t len = strlen(schemes[i].name);

        if (strncmp(uri, schemes[i].name, len) == 0 && uri[len] == ':') {
            *rest = uri + len + 1;
            return &schemes[i];
        }
    }
    return NULL;
}

int atl_volume_watch(const char *uri)
{
    const char *rest;
    const struct scheme *scheme = scheme_of(uri, &rest);

    return scheme && scheme->arrival ? usb_watch_open() : -1;
}

bool atl_volume_watch_drain(const char *uri, int fd)
{
    const char *rest;
    const struct scheme *scheme = scheme_of(uri, &rest);

    return scheme && usb_watch_drain(fd) & scheme->arrival;
}

void volume_working_name(const char *name, char out[VOLUME_WORKING_NAME_CAP])
{
    uint32_t hash = 2166136261u;

    for (; *name; name++)
        hash = (hash ^ (uint8_t)*name) * 16777619u;
    snprintf(out, VOLUME_WORKING_NAME_CAP, "ATL_%04X.TMP",
             (unsigned)((hash >> 16 ^ hash) & 0xffff));
}

bool volume_is_working_name(const char *name)
{
    static const char pattern[] = "ATL_hhhh.TMP";

    if (strlen(name) != sizeof pattern - 1)
        return false;
    for (size_t i = 0; pattern[i]; i++) {
        if (pattern[i] == 'h' ? !isxdigit((unsigned char)name[i])
                              : toupper((unsigned char)name[i]) != pattern[i])
            return false;
    }
    return true;
}

// Capitals, digits, _ and one point: what atl_machine_file_name() makes. Nothing else may become
// part of a path.
static bool is_file_name(const char *name)
{
    const char *allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    size_t stem = strspn(name, allowed);
    size_t end;

    if (!stem || name[stem] != '.')
        return false;
    end = strspn(name + stem + 1, allowed);
    return end && end <= 3 && !name[stem + 1 + end] && stem + end + 2 <= ATL_MACHINE_FILE_NAME_CAP;
}

static atl_code check_names(const char *const *names, size_t count, struct atl_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_file_name(names[i]) || volume_is_working_name(names[i]))
            return atl_fail(err, ATL_E_INVALID,
                            "\"%.40s\" is no name of a design: take the name that the machine's "
                            "rule makes of the piece's code",
                            names[i]);
    }
    return ATL_OK;
}

static atl_code check(const struct atl_delivery *what, struct atl_error *err)
{
    atl_code rc;

    if (!what->name_count)
        return atl_fail(err, ATL_E_INVALID, "a design without a name cannot be delivered");
    if (!what->len || what->len > ATL_DELIVERY_MAX_BYTES)
        return atl_fail(err, ATL_E_INVALID, "%s has %zu bytes: a design has 1 to %d",
                        what->names[0], what->len, ATL_DELIVERY_MAX_BYTES);
    if (what->plan) {
        rc = atl_machine_check(what->machine, what->plan, what->hoop, err);
        if (rc)
            return rc;
    }
    rc = check_names(what->names, what->name_count, err);
    return rc ? rc : check_names(what->finished, what->finished_count, err);
}

static struct atl_volume_options complete(const struct atl_volume_options *options)
{
    struct atl_volume_options full = options ? *options : (struct atl_volume_options){0};
    struct {
        const char **field;
        const char *value;
    } const paths[] = {
        {&full.sys_path,       "/sys"                },
        {&full.dev_path,       "/dev"                },
        {&full.udev_path,      "/run/udev/data"      },
        {&full.mountinfo_path, "/proc/self/mountinfo"},
        {&full.mount_path,     "/run/atelier/volume" },
        {&full.udisksctl,      "udisksctl"           },
    };

    if (!full.appear_ms)
        full.appear_ms = 30 * 1000;
    if (!full.slow_ms)
        full.slow_ms = 60 * 1000;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (!*paths[i].field)
            *paths[i].field = paths[i].value;
    }
    return full;
}

atl_code atl_volume_deliver(const char *uri, const struct atl_delivery *what,
                            const struct atl_volume_options *options,
                            struct atl_delivery_report *report, struct atl_error *err)
{
    struct atl_volume_options full = complete(options);
    struct volume_job job = {.what = what, .options = &full, .report = report, .parent = -1};
    const struct scheme *scheme;
    const char *rest;
    atl_code rc;

    *report = (struct atl_delivery_report){0};
    snprintf(report->where, sizeof report->where, "%s", uri);
    rc = check(what, err);
    if (rc)
        return rc;
    scheme = scheme_of(uri, &rest);
    if (scheme)
        return volume_run_guarded(scheme->deliver, rest, &job, err);
    return atl_fail(err, ATL_E_UNSUPPORTED,
                    "a design cannot be delivered to \"%.80s\": write dir:/path, volume:LABEL, "
                    "volume:auto or usb-storage:VENDOR:PRODUCT",
                    uri);
}

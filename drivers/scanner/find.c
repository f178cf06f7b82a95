// SPDX-License-Identifier: Apache-2.0
#include "drivers/scanner/find.h"

#include "drivers/scanner.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/input-event-codes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEVICES "/sys/bus/usb/devices"

enum { PATH_CAP = 200, NAME_CAP = 48 };

// Calls `each` with every name of a folder that begins so.
typedef void (*each_fn)(const char *folder, const char *name, void *context);

static void for_each(const char *folder, const char *start, each_fn each, void *context)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;

    while (dir && (entry = readdir(dir)))
        if (strncmp(entry->d_name, start, strlen(start)) == 0 && entry->d_name[0] != '.' &&
            strlen(entry->d_name) < NAME_CAP)
            each(folder, entry->d_name, context);
    if (dir)
        closedir(dir);
}

static struct scanner_node *add_node(struct scanner_nodes *nodes, enum scanner_way way,
                                     const char *folder, const char *name)
{
    struct scanner_node *node;

    if (nodes->count == SCANNER_NODES_MAX)
        return NULL;
    node = &nodes->nodes[nodes->count];
    node->way = way;
    if (snprintf(node->path, sizeof node->path, "%s/%s", folder, name) >= (int)sizeof node->path)
        return NULL;
    nodes->count++;
    return node;
}

// …/input/input5/event3
static void add_event(const char *folder, const char *name, void *context)
{
    (void)folder;
    (void)add_node(context, SCANNER_BY_KEYS, "/dev/input", name);
}

// Whether it has the keys that a code ends and begins with: a mouse, or a few keys for the volume,
// have not. The last word of the file is keys 0 to 63.
static bool can_type(const char *folder)
{
    const unsigned long long needed = 1ull << KEY_1 | 1ull << KEY_ENTER;
    char path[PATH_CAP], text[512];
    const char *last;
    ssize_t len;
    int fd;

    if (snprintf(path, sizeof path, "%s/capabilities/key", folder) >= (int)sizeof path)
        return false;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    len = read(fd, text, sizeof text - 1);
    close(fd);
    text[len > 0 ? len : 0] = '\0';
    last = strrchr(text, ' ');
    return (strtoull(last ? last : text, NULL, 16) & needed) == needed;
}

static void look_into_input(const char *folder, const char *name, void *context)
{
    char path[PATH_CAP];

    if (snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path && can_type(path))
        for_each(path, "event", add_event, context);
}

struct raw {
    struct scanner_nodes *nodes;
    struct scanner_report report;
};

static void add_raw(const char *folder, const char *name, void *context)
{
    const struct raw *raw = context;
    struct scanner_node *node = add_node(raw->nodes, SCANNER_BY_REPORTS, "/dev", name);

    (void)folder;
    if (node)
        node->report = raw->report;
}

static bool read_report(const char *folder, struct scanner_report *out)
{
    uint8_t bytes[SCANNER_DESCRIPTOR_MAX];
    char path[PATH_CAP];
    size_t used = 0;
    ssize_t got = 0;
    int fd;

    if (snprintf(path, sizeof path, "%s/report_descriptor", folder) >= (int)sizeof path)
        return false;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    while (used < sizeof bytes && (got = read(fd, bytes + used, sizeof bytes - used)) > 0)
        used += (size_t)got;
    close(fd);
    return scanner_report_parse(bytes, used, out);
}

// "0003:0C2E:0901.0004", what the kernel's HID makes of an interface.
static void look_into_hid(const char *folder, const char *name, void *context)
{
    struct raw raw = {.nodes = context};
    char path[PATH_CAP], inner[PATH_CAP];

    if (!strchr(name, '.') || snprintf(path, sizeof path, "%s/%s", folder, name) >= PATH_CAP)
        return;
    if (read_report(path, &raw.report)) {
        if (snprintf(inner, sizeof inner, "%s/hidraw", path) < (int)sizeof inner)
            for_each(inner, "hidraw", add_raw, &raw);
        return;
    }
    if (snprintf(inner, sizeof inner, "%s/input", path) < (int)sizeof inner)
        for_each(inner, "input", look_into_input, context);
}

// "1-2:1.0", an interface.
static void look_into_interface(const char *folder, const char *name, void *context)
{
    char path[PATH_CAP];

    if (snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path)
        for_each(path, "0003:", look_into_hid, context);
}

void scanner_nodes_find(const char *port, struct scanner_nodes *out)
{
    char start[USB_PORT_CAP + 1];

    out->count = 0;
    (void)snprintf(start, sizeof start, "%.31s:", port);
    for_each(DEVICES, start, look_into_interface, out);
}

atl_code scanner_fail_mute(const struct usb_seen *seen, struct atl_error *err)
{
    const struct atl_scanner_model *model =
        atl_scanner_model_find(seen->ids.vendor, seen->ids.product);

    if (model && model->cure)
        return atl_fail(err, ATL_E_UNSUPPORTED, "%.60s: %s", seen->words, model->cure);
    return atl_fail(err, ATL_E_UNSUPPORTED,
                    "%.60s on port %s is neither a keyboard nor a scanner of HID-POS: scan \"USB "
                    "HID POS\" or \"USB HID keyboard\" out of its manual",
                    seen->words, seen->port);
}

atl_code scanner_name_parse(const char *link, struct usb_name *out, struct atl_error *err)
{
    if (strncmp(link, "usb:", 4) != 0 || usb_name_parse(link + 4, out, NULL))
        return atl_fail(err, ATL_E_INVALID,
                        "%.60s names no scanner: write usb:VID:PID, usb:VID:PID:SERIAL or "
                        "usb:VID:PID@PORT, as \"atelier-agent scans --devices\" shows it",
                        link);
    return ATL_OK;
}

static atl_code fail_to_find(const struct usb_name *name, const struct usb_seen *list, size_t count,
                             struct atl_error *err)
{
    for (size_t i = 0; name->has_ids && i < count; i++)
        if (memcmp(&list[i].ids, &name->ids, sizeof name->ids) == 0)
            return atl_fail(
                err, ATL_E_NOT_FOUND,
                "the scanner is not plugged in; there is another %.40s on port %s: correct "
                "link, see \"atelier-agent scans --devices\"",
                list[i].words, list[i].port);
    return atl_fail(err, ATL_E_NOT_FOUND,
                    "the scanner is not plugged in: put its USB cable, or its base's, back in");
}

atl_code scanner_find(const struct usb_name *name, struct usb_seen *out, struct atl_error *err)
{
    struct usb_seen list[USB_SEEN_MAX];
    const struct usb_seen *found = NULL;
    size_t count = 0;

    usb_find_all(list, USB_SEEN_MAX, &count);
    for (size_t i = 0; i < count; i++) {
        if (!usb_name_fits(name, &list[i].ids, list[i].serial, list[i].port))
            continue;
        if (found)
            return atl_fail(err, ATL_E_CONFLICT,
                            "two devices fit, on ports %s and %s: say in link which, by serial "
                            "number or port (\"atelier-agent scans --devices\")",
                            found->port, list[i].port);
        found = &list[i];
    }
    if (!found)
        return fail_to_find(name, list, count, err);
    *out = *found;
    return ATL_OK;
}

// SPDX-License-Identifier: Apache-2.0
// Scanners for people: which are plugged in, and how the one of a link is.
#include "drivers/scanner/node.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_keyboard(const struct scanner_nodes *nodes)
{
    for (size_t i = 0; i < nodes->count; i++) {
        if (nodes->nodes[i].way == SCANNER_BY_KEYS)
            return true;
    }
    return false;
}

static void say(const struct usb_seen *seen, const struct scanner_nodes *nodes, char *out,
                size_t size)
{
    (void)snprintf(out, size, "%s on port %s%s%s, %s", seen->words, seen->port,
                   seen->serial[0] ? ", serial number " : "", seen->serial,
                   is_keyboard(nodes) ? "as a keyboard" : "HID-POS");
}

void atl_scanner_list(struct atl_scanner_listed *list, size_t cap, size_t *count)
{
    struct usb_seen seen[USB_SEEN_MAX];
    struct scanner_nodes nodes;
    size_t seen_count = 0;

    *count = 0;
    usb_find_all(seen, USB_SEEN_MAX, &seen_count);
    for (size_t i = 0; i < seen_count && *count < cap; i++) {
        const struct atl_scanner_model *model =
            atl_scanner_model_find(seen[i].ids.vendor, seen[i].ids.product);
        struct atl_scanner_listed *one = &list[*count];

        scanner_nodes_find(seen[i].port, &nodes);
        if (!nodes.count && !(model && model->cure))
            continue;
        usb_name_write(&seen[i].ids, seen[i].serial, seen[i].port, one->link);
        one->is_keyboard = is_keyboard(&nodes);
        one->is_known = model || !one->is_keyboard;
        if (nodes.count)
            say(&seen[i], &nodes, one->words, sizeof one->words);
        else
            (void)snprintf(one->words, sizeof one->words, "%.40s: %s", seen[i].words, model->cure);
        ++*count;
    }
}

// Opened and given back at once; a lane that runs has it, and would be disturbed.
static atl_code try_nodes(const struct scanner_nodes *nodes, struct atl_error *err)
{
    for (size_t i = 0; i < nodes->count; i++) {
        struct scanner_open node;
        const atl_code rc = scanner_node_open(&nodes->nodes[i], atl_key_layout_find(NULL),
                                              NODE_PAUSE_MS, &node, err);

        if (rc)
            return rc;
        scanner_node_close(&node);
    }
    return ATL_OK;
}

atl_code atl_scanner_look(const char *link, long own_pid, char *words, size_t size,
                          struct atl_error *err)
{
    struct scanner_nodes nodes;
    struct usb_name name;
    struct usb_seen seen;
    atl_code rc = scanner_name_parse(link, &name, err);

    if (!rc)
        rc = scanner_find(&name, &seen, err);
    if (rc)
        return rc;
    scanner_nodes_find(seen.port, &nodes);
    if (!nodes.count)
        return scanner_fail_mute(&seen, err);
    rc = own_pid ? ATL_OK : try_nodes(&nodes, err);
    if (!rc) {
        char what[224];

        say(&seen, &nodes, what, sizeof what);
        (void)snprintf(words, size, "%s%s", what, own_pid ? ", read by its lane" : "");
    }
    return rc;
}

// SPDX-License-Identifier: Apache-2.0
#include "drivers/scanner/node.h"

#include "drivers/link/usb_holder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

// The kernel says that it is grabbed, and not by whom: whoever has it open.
enum { HOLDERS_MAX = 3 };

static atl_code fail_to_open(const char *path, struct atl_error *err)
{
    if (errno == EACCES || errno == EPERM)
        return atl_fail(err, ATL_E_IO,
                        "user %u may not read %s: install 60-atelier-usb.rules below "
                        "/etc/udev/rules.d with a line for this scanner, and plug it in anew",
                        (unsigned)geteuid(), path);
    return atl_fail(err, ATL_E_IO, "open %s: %s", path, strerror(errno));
}

static atl_code fail_to_grab(const char *path, struct atl_error *err)
{
    struct usb_holder holders[HOLDERS_MAX];
    char names[HOLDERS_MAX * 56] = "";
    size_t count, used = 0;

    if (errno != EBUSY)
        return atl_fail(err, ATL_E_IO, "grab %s: %s", path, strerror(errno));
    count = usb_holders_of_node(path, holders, HOLDERS_MAX);
    for (size_t i = 0; i < count && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s (pid %ld)",
                                 i ? " or " : "", holders[i].name, (long)holders[i].pid);
    if (!count)
        return atl_fail(err, ATL_E_BUSY,
                        "another program has grabbed %s; \"sudo atelier-agent doctor\" shows "
                        "which: end it",
                        path);
    return atl_fail(err, ATL_E_BUSY, "%s has been grabbed by %s: end that program", path, names);
}

// The kernel's clock at the moment of the key is ours: how late we read does not matter.
static atl_code open_keys(const struct scanner_node *node, const struct atl_key_layout *layout,
                          int64_t pause_ms, struct scanner_open *out, struct atl_error *err)
{
    int clock = CLOCK_MONOTONIC;
    atl_code rc;

    out->fd = open(node->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (out->fd < 0)
        return fail_to_open(node->path, err);
    if (ioctl(out->fd, EVIOCGRAB, 1) != 0)
        rc = fail_to_grab(node->path, err);
    else if (ioctl(out->fd, EVIOCSCLOCKID, &clock) != 0)
        rc = atl_fail(err, ATL_E_IO, "set the clock of %s: %s", node->path, strerror(errno));
    else
        rc = ATL_OK;
    if (rc)
        close(out->fd);
    else
        scanner_keys_init(&out->keys, layout, pause_ms);
    return rc;
}

static atl_code open_reports(const struct scanner_node *node, struct scanner_open *out,
                             struct atl_error *err)
{
    out->fd = open(node->path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (out->fd < 0) // without its beep, then
        out->fd = open(node->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (out->fd < 0)
        return fail_to_open(node->path, err);
    scanner_pos_init(&out->pos, &node->report);
    return ATL_OK;
}

atl_code scanner_node_open(const struct scanner_node *node, const struct atl_key_layout *layout,
                           int64_t pause_ms, struct scanner_open *out, struct atl_error *err)
{
    out->way = node->way;
    out->event_count = out->event_at = 0;
    return node->way == SCANNER_BY_KEYS ? open_keys(node, layout, pause_ms, out, err)
                                        : open_reports(node, out, err);
}

void scanner_node_close(struct scanner_open *node)
{
    close(node->fd); // lets go of the grab
}

static int64_t time_of(const struct input_event *event)
{
    return (int64_t)event->input_event_sec * 1000 + event->input_event_usec / 1000;
}

// What is held now, after events were lost.
static void ask_state(struct scanner_open *node)
{
    uint8_t bits[KEY_CNT / 8] = {0};

    (void)ioctl(node->fd, EVIOCGKEY(sizeof bits), bits);
    scanner_keys_state(&node->keys, bits, sizeof bits);
}

static bool decode_events(struct scanner_open *node, struct atl_scanned *out)
{
    while (node->event_at < node->event_count) {
        const struct input_event *event = &node->events[node->event_at];
        bool is_taken;
        const bool is_code = scanner_keys_feed(&node->keys, event, time_of(event), &is_taken, out);

        node->event_at += is_taken;
        if (node->keys.must_ask_state && !node->keys.is_dropping)
            ask_state(node);
        if (is_code)
            return true;
    }
    return false;
}

static bool is_end(ssize_t got, bool *is_gone)
{
    if (got > 0)
        return false;
    *is_gone = got == 0 || (errno != EAGAIN && errno != EINTR);
    return true;
}

static bool read_keys(struct scanner_open *node, int64_t now_ms, struct atl_scanned *out,
                      bool *is_gone)
{
    for (;;) {
        ssize_t got;

        if (decode_events(node, out))
            return true;
        got = read(node->fd, node->events, sizeof node->events);
        if (is_end(got, is_gone))
            return !*is_gone && scanner_keys_rest(&node->keys, now_ms, out);
        node->event_at = 0;
        node->event_count = (size_t)got / sizeof node->events[0];
    }
}

static bool read_reports(struct scanner_open *node, int64_t now_ms, struct atl_scanned *out,
                         bool *is_gone)
{
    uint8_t bytes[SCANNER_REPORT_MAX];

    for (;;) {
        const ssize_t got = read(node->fd, bytes, sizeof bytes);

        if (is_end(got, is_gone))
            return !*is_gone && scanner_pos_rest(&node->pos, now_ms, out);
        if (scanner_pos_feed(&node->pos, bytes, (size_t)got, now_ms, out))
            return true;
    }
}

bool scanner_node_read(struct scanner_open *node, int64_t now_ms, struct atl_scanned *out,
                       bool *is_gone)
{
    *is_gone = false;
    return node->way == SCANNER_BY_KEYS ? read_keys(node, now_ms, out, is_gone)
                                        : read_reports(node, now_ms, out, is_gone);
}

bool scanner_node_torn(struct scanner_open *node, struct atl_scanned *out)
{
    return node->way == SCANNER_BY_KEYS ? scanner_keys_torn(&node->keys, out)
                                        : scanner_pos_torn(&node->pos, out);
}

int64_t scanner_node_wait_ms(const struct scanner_open *node, int64_t now_ms)
{
    return node->way == SCANNER_BY_KEYS ? scanner_keys_wait_ms(&node->keys, now_ms)
                                        : scanner_pos_wait_ms(&node->pos, now_ms);
}

void scanner_node_beep(struct scanner_open *node)
{
    uint8_t bytes[SCANNER_REPORT_MAX];
    const size_t len =
        node->way == SCANNER_BY_REPORTS ? scanner_pos_beep(&node->pos.report, bytes) : 0;

    if (len) // a scanner that does not want to beep is no reason to stop
        (void)!write(node->fd, bytes, len);
}

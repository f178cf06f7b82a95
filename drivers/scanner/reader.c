// SPDX-License-Identifier: Apache-2.0
// A scanner as the shop knows it: by its name, whether it is plugged in or not.
#include "drivers/link/usb_watch.h"
#include "drivers/scanner/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_AGAIN_MS = 1000 }; // where nobody tells us that something was plugged in

struct atl_scanner {
    struct usb_name name;
    const struct atl_key_layout *layout;
    struct usb_seen seen; // the device that is open
    struct scanner_open nodes[SCANNER_NODES_MAX];
    size_t node_count; // 0: it is not there, or cannot be had
    int watch_fd;      // -1: nobody tells
    int epoll_fd;
    bool has_news;
    int64_t look_ms; // look for it then
    struct atl_error trouble;
};

static int64_t monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool wake_by(const struct atl_scanner *scanner, int fd)
{
    struct epoll_event event = {.events = EPOLLIN};

    return epoll_ctl(scanner->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

atl_code atl_scanner_open(const char *link, const struct atl_key_layout *layout,
                          struct atl_scanner **out, struct atl_error *err)
{
    struct atl_scanner *scanner = calloc(1, sizeof *scanner);
    atl_code rc;

    if (!scanner)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    scanner->layout = layout;
    scanner->has_news = true;
    scanner->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    scanner->watch_fd = usb_watch_open();
    rc = scanner_name_parse(link, &scanner->name, err);
    if (!rc &&
        (scanner->epoll_fd < 0 || (scanner->watch_fd >= 0 && !wake_by(scanner, scanner->watch_fd))))
        rc = atl_fail(err, ATL_E_IO, "no more descriptors");
    if (rc)
        atl_scanner_close(scanner);
    else
        *out = scanner;
    return rc;
}

static void let_go(struct atl_scanner *scanner)
{
    for (size_t i = 0; i < scanner->node_count; i++)
        scanner_node_close(&scanner->nodes[i]);
    scanner->node_count = 0;
}

void atl_scanner_close(struct atl_scanner *scanner)
{
    if (!scanner)
        return;
    let_go(scanner);
    if (scanner->watch_fd >= 0)
        close(scanner->watch_fd);
    if (scanner->epoll_fd >= 0)
        close(scanner->epoll_fd);
    free(scanner);
}

// ---- coming and going ----

static atl_code open_nodes(struct atl_scanner *scanner, const struct scanner_nodes *nodes,
                           const struct atl_scanner_model *model, struct atl_error *err)
{
    const int64_t pause_ms = model && model->pause_ms ? model->pause_ms : NODE_PAUSE_MS;
    atl_code rc = ATL_OK;

    for (size_t i = 0; !rc && i < nodes->count; i++) {
        struct scanner_open *node = &scanner->nodes[scanner->node_count];

        rc = scanner_node_open(&nodes->nodes[i], scanner->layout, pause_ms, node, err);
        if (rc)
            break;
        scanner->node_count++;
        if (!wake_by(scanner, node->fd))
            rc = atl_fail(err, ATL_E_IO, "no more descriptors");
    }
    if (rc)
        let_go(scanner);
    return rc;
}

static atl_code take(struct atl_scanner *scanner, struct atl_error *err)
{
    const struct atl_scanner_model *model;
    struct scanner_nodes nodes;
    atl_code rc = scanner_find(&scanner->name, &scanner->seen, err);

    if (rc)
        return rc;
    model = atl_scanner_model_find(scanner->seen.ids.vendor, scanner->seen.ids.product);
    scanner_nodes_find(scanner->seen.port, &nodes);
    return nodes.count ? open_nodes(scanner, &nodes, model, err)
                       : scanner_fail_mute(&scanner->seen, err);
}

static void look_for_it(struct atl_scanner *scanner, int64_t now_ms)
{
    struct atl_error err = {0};

    scanner->look_ms = now_ms + LOOK_AGAIN_MS;
    (void)take(scanner, &err);
    scanner->trouble = err; // "" when all is well
}

// True: a code was coming, and is torn.
static bool lose_it(struct atl_scanner *scanner, struct atl_scanned *out)
{
    bool is_torn = false;

    for (size_t i = 0; i < scanner->node_count && !is_torn; i++)
        is_torn = scanner_node_torn(&scanner->nodes[i], out);
    let_go(scanner);
    (void)atl_fail(&scanner->trouble, ATL_E_NOT_FOUND,
                   "the scanner (%s) was unplugged: put its USB cable back in",
                   scanner->seen.words);
    scanner->look_ms = 0;
    return is_torn;
}

// ---- reading ----

bool atl_scanner_next(struct atl_scanner *scanner, struct atl_scanned *out)
{
    const int64_t now_ms = monotonic_ms();
    bool is_gone = false;

    if (scanner->watch_fd >= 0 &&
        usb_watch_drain(scanner->watch_fd) & (USB_WATCH_USB | USB_WATCH_INPUT))
        scanner->has_news = true;
    if (!scanner->node_count && (scanner->has_news || now_ms >= scanner->look_ms))
        look_for_it(scanner, now_ms);
    else if (scanner->node_count && scanner->has_news && !usb_is_there(&scanner->seen))
        is_gone = true;
    scanner->has_news = false;
    for (size_t i = 0; i < scanner->node_count && !is_gone; i++) {
        if (scanner_node_read(&scanner->nodes[i], now_ms, out, &is_gone))
            return true;
    }
    return is_gone && lose_it(scanner, out);
}

int atl_scanner_wake_fd(const struct atl_scanner *scanner)
{
    return scanner->epoll_fd;
}

int64_t atl_scanner_wait_ms(const struct atl_scanner *scanner)
{
    const int64_t now_ms = monotonic_ms();
    int64_t wait_ms = INT64_MAX;

    if (!scanner->node_count)
        return scanner->look_ms > now_ms ? scanner->look_ms - now_ms : 0;
    for (size_t i = 0; i < scanner->node_count; i++) {
        const int64_t node_ms = scanner_node_wait_ms(&scanner->nodes[i], now_ms);

        wait_ms = node_ms < wait_ms ? node_ms : wait_ms;
    }
    return wait_ms;
}

const char *atl_scanner_trouble(const struct atl_scanner *scanner)
{
    return scanner->trouble.text;
}

void atl_scanner_refuse(struct atl_scanner *scanner)
{
    for (size_t i = 0; i < scanner->node_count; i++)
        scanner_node_beep(&scanner->nodes[i]);
}

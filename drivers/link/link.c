// SPDX-License-Identifier: Apache-2.0
#include "drivers/link.h"

#include "drivers/link/parts.h"
#include "drivers/link/usb_watch.h"

#include <poll.h>
#include <string.h>

enum { DRAIN_BYTES = 256, DRAIN_READS = 256 };

static const struct scheme {
    const char *name;
    atl_code (*open)(const char *rest, struct atl_link **out, struct atl_error *err);
} schemes[] = {
    {"file",   atl_link_open_file  },
    {"tcp",    atl_link_open_tcp   },
    {"usb",    atl_link_open_usb   },
    {"replay", atl_link_open_replay},
    {"record", atl_link_open_record},
};

int64_t atl_link_now_ms(const struct atl_link *link)
{
    return link->ops->now_ms ? link->ops->now_ms(link) : link_now_ms();
}

void atl_link_pause(struct atl_link *link, unsigned ms)
{
    if (link->ops->pause)
        link->ops->pause(link, ms);
    else
        (void)poll(NULL, 0, (int)ms);
}

atl_code atl_link_write_piece(struct atl_link *link, const void *bytes, size_t len, bool has_more,
                              unsigned timeout_ms, struct atl_error *err)
{
    atl_code rc;

    link->has_more = has_more;
    rc = link->ops->write(link, bytes, len, timeout_ms, err);
    link->has_more = false;
    return rc;
}

atl_code atl_link_read_until(struct atl_link *link, void *bytes, size_t cap, size_t *got,
                             int64_t deadline_ms, struct atl_error *err)
{
    const int64_t left_ms = deadline_ms - atl_link_now_ms(link);

    return link->ops->read(link, bytes, cap, got, left_ms < 1 ? 1 : (unsigned)left_ms, err);
}

void atl_link_drain(struct atl_link *link)
{
    uint8_t rest[DRAIN_BYTES];
    size_t got;

    for (int i = 0; i < DRAIN_READS; i++) {
        if (link->ops->read(link, rest, sizeof rest, &got, 0, NULL))
            return;
    }
}

int atl_link_watch(const char *uri)
{
    return strncmp(uri, "usb:", 4) == 0 ? usb_watch_open() : -1;
}

bool atl_link_watch_drain(int fd)
{
    return usb_watch_drain(fd) & USB_WATCH_USB;
}

atl_code atl_link_open(const char *uri, struct atl_link **out, struct atl_error *err)
{
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t len = strlen(schemes[i].name);

        if (strncmp(uri, schemes[i].name, len) == 0 && uri[len] == ':')
            return schemes[i].open(uri + len + 1, out, err);
    }
    return atl_fail(
        err, ATL_E_UNSUPPORTED,
        "there is no link \"%s\": write usb:VID:PID:SERIAL, tcp:HOST:PORT or file:/path", uri);
}

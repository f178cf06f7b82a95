// SPDX-License-Identifier: Apache-2.0
// A printer on USB.
#include "drivers/link.h"
#include "drivers/link/parts.h"
#include "drivers/link/usb_pipes.h"
#include "drivers/link/usb_quirks.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { CLOSE_LATE_MS = 1000 };

struct usb_link {
    struct atl_link base;
    struct usb_device device;
    struct usb_pipes *pipes;
    int wake_fd;
    int64_t written_ms; // when the last byte was taken; 0: never
};

static atl_code usb_write(struct atl_link *link, const void *bytes, size_t len, unsigned timeout_ms,
                          struct atl_error *err)
{
    struct usb_link *self = (struct usb_link *)link;
    const atl_code rc =
        usb_pipes_write(self->pipes, bytes, len, timeout_ms, &link->accepted_bytes, err);

    self->written_ms = link_now_ms();
    return rc;
}

static atl_code usb_read(struct atl_link *link, void *bytes, size_t cap, size_t *got,
                         unsigned timeout_ms, struct atl_error *err)
{
    return usb_pipes_read(((struct usb_link *)link)->pipes, bytes, cap, got, timeout_ms, err);
}

static void usb_close(struct atl_link *link)
{
    struct usb_link *self = (struct usb_link *)link;
    const int64_t quiet_ms = self->written_ms + CLOSE_LATE_MS;

    if (self->device.quirks & USB_QUIRK_CLOSE_LATE && self->written_ms)
        while (!self->pipes->is_gone && link_now_ms() < quiet_ms)
            usb_pipes_pump(self->pipes, quiet_ms);
    usb_pipes_close(self->pipes);
    usb_device_close(&self->device);
    if (self->wake_fd >= 0)
        close(self->wake_fd);
    free(self);
}

static const struct atl_link_ops usb_ops = {
    .scheme = "usb",
    .write = usb_write,
    .read = usb_read,
    .close = usb_close,
};

atl_code atl_link_open_usb(const char *name, struct atl_link **out, struct atl_error *err)
{
    struct usb_link *self = calloc(1, sizeof *self);
    struct usb_name wanted;
    struct usb_seen seen;
    atl_code rc;

    if (!self)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a link");
    rc = usb_name_parse(name, &wanted, err);
    if (!rc)
        rc = usb_find(&wanted, true, &seen, err);
    if (!rc)
        rc = usb_device_open(&seen, &self->device, err);
    if (!rc) {
        rc = usb_pipes_open(&self->device, &self->pipes, err);
        if (rc)
            usb_device_close(&self->device);
    }
    if (rc) {
        free(self);
        return rc;
    }
    self->wake_fd = -1;
    self->base = (struct atl_link){.ops = &usb_ops,
                                   .carries = self->pipes->in ? ATL_LINK_CARRIES_ANSWERS
                                                              : ATL_LINK_CARRIES_BYTES};
    *out = &self->base;
    return ATL_OK;
}

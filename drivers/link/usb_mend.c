// SPDX-License-Identifier: Apache-2.0
// What helps a pipe that stopped. See the picture in usb_pipes.h.
#include "drivers/link/parts.h"
#include "drivers/link/usb_pipes.h"

#include <stdio.h>
#include <string.h>

enum {
    IN_TROUBLES_MAX = 8,
    GONE_MS = 400, // so long after an error the kernel has said whether the device is gone
    LOOK_MS = 20,
};

// Text that grows by one fact.
static void say(struct usb_pipes *pipes, const char *what)
{
    const size_t used = strlen(pipes->said);

    if (!strstr(pipes->said, what))
        (void)snprintf(pipes->said + used, sizeof pipes->said - used, "%s%s", used ? ", " : "",
                       what);
}

bool usb_mend_is_gone(struct usb_pipes *pipes)
{
    const int64_t deadline = link_now_ms() + GONE_MS;

    while (!pipes->is_gone && link_now_ms() < deadline) {
        if (!usb_is_there(&pipes->device->seen))
            pipes->is_gone = true;
        else
            usb_pipes_pump(pipes, link_now_ms() + LOOK_MS);
    }
    return pipes->is_gone;
}

void usb_mend_in(struct usb_pipes *pipes)
{
    const int trouble = pipes->in_trouble;

    if (!trouble || pipes->is_gone || pipes->is_in_over)
        return;
    pipes->in_trouble = 0;
    if (trouble == LIBUSB_TRANSFER_ERROR && !usb_is_there(&pipes->device->seen)) {
        pipes->is_gone = true;
        return;
    }
    if (++pipes->in_troubles > IN_TROUBLES_MAX) {
        say(pipes, "its answers stay halted");
        pipes->is_in_over = true;
        return;
    }
    if (trouble == LIBUSB_TRANSFER_STALL) {
        say(pipes, "a halt of its answers was cleared");
        if (libusb_clear_halt(pipes->device->handle, pipes->device->seen.printer.in) ==
            LIBUSB_ERROR_NO_DEVICE)
            pipes->is_gone = true;
    }
    usb_pipes_listen(pipes);
}

// First in the printer's words, which also empty its buffer, then the whole device, which not every
// printer takes as a reason to forget. What comes back with other descriptors is another device to
// the kernel.
static void reset(struct usb_pipes *pipes)
{
    int rc;

    (void)usb_device_soft_reset(pipes->device);
    rc = libusb_reset_device(pipes->device->handle);
    if (rc == LIBUSB_ERROR_NOT_FOUND || rc == LIBUSB_ERROR_NO_DEVICE)
        pipes->is_gone = true;
}

bool usb_mend_out(struct usb_pipes *pipes, int step)
{
    const uint8_t endpoint = pipes->device->seen.printer.out;
    int rc;

    switch (step) {
    case 0:
        say(pipes, "a halt was cleared");
        rc = libusb_clear_halt(pipes->device->handle, endpoint);
        break;
    case 1:
        say(pipes, "the interface was taken anew");
        usb_pipes_stop_listening(pipes);
        rc = usb_device_claim_again(pipes->device);
        if (!rc)
            rc = libusb_clear_halt(pipes->device->handle, endpoint);
        usb_pipes_listen(pipes);
        break;
    default:
        say(pipes, "the device was reset");
        usb_pipes_stop_listening(pipes);
        reset(pipes);
        usb_pipes_listen(pipes);
        return false; // its buffer is empty now: the rest would be half a ticket
    }
    if (rc == LIBUSB_ERROR_NO_DEVICE)
        pipes->is_gone = true;
    return !pipes->is_gone;
}

// SPDX-License-Identifier: Apache-2.0
#include "drivers/link/usb_pipes.h"

#include "drivers/link/parts.h"
#include "drivers/link/usb_quirks.h"

#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

enum {
    REAP_MS = 3000,        // for the kernel to give a cancelled transfer back
    LONGEST_PUMP_MS = 500, // libusb is asked anew at least so often
};

static atl_code fail_gone(const struct usb_pipes *pipes, struct atl_error *err)
{
    return atl_fail(err, ATL_E_IO,
                    "%s on port %s was unplugged or switched off: plug it in, it is found again",
                    pipes->device->seen.words, pipes->device->seen.port);
}

// ---- What came ----

static void keep(struct usb_pipes *pipes, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        pipes->ring[(pipes->ring_at + pipes->ring_count) % USB_RING_BYTES] = bytes[i];
        if (pipes->ring_count < USB_RING_BYTES)
            pipes->ring_count++;
        else
            pipes->ring_at = (pipes->ring_at + 1) % USB_RING_BYTES;
    }
}

static size_t take(struct usb_pipes *pipes, uint8_t *out, size_t cap)
{
    const size_t len = cap < pipes->ring_count ? cap : pipes->ring_count;

    for (size_t i = 0; i < len; i++)
        out[i] = pipes->ring[(pipes->ring_at + i) % USB_RING_BYTES];
    pipes->ring_at = (pipes->ring_at + len) % USB_RING_BYTES;
    pipes->ring_count -= len;
    return len;
}

// ---- Transfers ----

static void LIBUSB_CALL in_ended(struct libusb_transfer *transfer)
{
    struct usb_pipes *pipes = transfer->user_data;

    pipes->is_in_pending = false;
    if (transfer->actual_length > 0) {
        keep(pipes, pipes->in_bytes, (size_t)transfer->actual_length);
        pipes->in_troubles = 0;
    }
    if (transfer->status == LIBUSB_TRANSFER_NO_DEVICE)
        pipes->is_gone = true;
    else if (transfer->status != LIBUSB_TRANSFER_COMPLETED)
        pipes->in_trouble = (int)transfer->status;
    else
        usb_pipes_listen(pipes);
}

static void LIBUSB_CALL out_ended(struct libusb_transfer *transfer)
{
    struct usb_pipes *pipes = transfer->user_data;

    pipes->is_out_pending = false;
    if (transfer->status == LIBUSB_TRANSFER_NO_DEVICE)
        pipes->is_gone = true;
}

void usb_pipes_listen(struct usb_pipes *pipes)
{
    int rc;

    if (!pipes->in || pipes->is_in_pending || pipes->is_in_over || pipes->is_gone)
        return;
    rc = libusb_submit_transfer(pipes->in);
    pipes->is_in_pending = rc == 0;
    if (rc == LIBUSB_ERROR_NO_DEVICE)
        pipes->is_gone = true;
    else if (rc)
        pipes->in_trouble = LIBUSB_TRANSFER_ERROR;
}

void usb_pipes_pump(struct usb_pipes *pipes, int64_t deadline_ms)
{
    int64_t left_ms = deadline_ms - link_now_ms();
    struct timeval wait;

    left_ms = left_ms < 0 ? 0 : left_ms > LONGEST_PUMP_MS ? LONGEST_PUMP_MS : left_ms;
    wait = (struct timeval){.tv_sec = left_ms / 1000, .tv_usec = left_ms % 1000 * 1000};
    (void)libusb_handle_events_timeout_completed(pipes->device->context, &wait, NULL);
}

// Cancels and waits for the end: nothing may be freed, closed or sent on before.
static void reap(struct usb_pipes *pipes, struct libusb_transfer *transfer, const bool *is_pending)
{
    const int64_t deadline = link_now_ms() + REAP_MS;

    if (!*is_pending)
        return;
    (void)libusb_cancel_transfer(transfer);
    while (*is_pending && link_now_ms() < deadline)
        usb_pipes_pump(pipes, deadline);
    pipes->is_lost = pipes->is_lost || *is_pending;
}

void usb_pipes_stop_listening(struct usb_pipes *pipes)
{
    const bool was_over = pipes->is_in_over;

    if (!pipes->in)
        return;
    pipes->is_in_over = true;
    reap(pipes, pipes->in, &pipes->is_in_pending);
    pipes->is_in_over = was_over;
    pipes->in_trouble = 0;
}

// ---- Out ----

// One chunk, to its end or the deadline. Returns LIBUSB_TRANSFER_*, TIMED_OUT when it was
// cancelled; *took is right in each case.
static int send_chunk(struct usb_pipes *pipes, const uint8_t *bytes, size_t len, bool is_last,
                      unsigned timeout_ms, size_t *took)
{
    const struct usb_printer *printer = &pipes->device->seen.printer;
    const int64_t deadline = link_now_ms() + timeout_ms;
    struct libusb_transfer *out = pipes->out;
    int rc;

    *took = 0;
    libusb_fill_bulk_transfer(out, pipes->device->handle, printer->out, (uint8_t *)(uintptr_t)bytes,
                              (int)len, out_ended, pipes, 0);
    out->flags = 0;
    if (is_last && pipes->device->quirks & USB_QUIRK_ZERO_PACKET)
        out->flags = LIBUSB_TRANSFER_ADD_ZERO_PACKET;
    rc = libusb_submit_transfer(out);
    if (rc == LIBUSB_ERROR_NO_DEVICE)
        return LIBUSB_TRANSFER_NO_DEVICE;
    if (rc)
        return LIBUSB_TRANSFER_ERROR;
    pipes->is_out_pending = true;
    do {
        usb_pipes_pump(pipes, deadline);
        usb_mend_in(pipes);
    } while (pipes->is_out_pending && link_now_ms() < deadline);
    reap(pipes, out, &pipes->is_out_pending);
    if (pipes->is_lost)
        return LIBUSB_TRANSFER_ERROR;
    *took = out->actual_length > 0 ? (size_t)out->actual_length : 0;
    return out->status == LIBUSB_TRANSFER_CANCELLED ? LIBUSB_TRANSFER_TIMED_OUT : (int)out->status;
}

static atl_code fail_to_send(struct usb_pipes *pipes, int status, unsigned timeout_ms, size_t left,
                             struct atl_error *err)
{
    const struct usb_seen *seen = &pipes->device->seen;

    if (status == LIBUSB_TRANSFER_NO_DEVICE || usb_mend_is_gone(pipes))
        return fail_gone(pipes, err);
    if (status == LIBUSB_TRANSFER_TIMED_OUT)
        return atl_fail(err, ATL_E_TIMEOUT,
                        "%s took nothing for %u ms, %zu bytes left: look at its paper, its cover "
                        "and its lamps",
                        seen->words, timeout_ms, left);
    if (status == LIBUSB_TRANSFER_STALL)
        return atl_fail(err, ATL_E_IO,
                        "%s refuses data%s%s: switch it off and on, what it had is lost",
                        seen->words, pipes->said[0] ? ": " : "", pipes->said);
    return atl_fail(err, ATL_E_IO, "the connection to %s is bad: look at its USB cable and hub",
                    seen->words);
}

atl_code usb_pipes_write(struct usb_pipes *pipes, const void *bytes, size_t len,
                         unsigned timeout_ms, uint64_t *accepted, struct atl_error *err)
{
    const uint8_t *at = bytes;
    int step = 0;

    while (len) {
        const size_t size = len < USB_CHUNK_BYTES ? len : USB_CHUNK_BYTES;
        size_t took = 0;
        int status;

        if (pipes->is_gone || pipes->is_lost)
            return fail_gone(pipes, err);
        status = send_chunk(pipes, at, size, size == len, timeout_ms, &took);
        at += took;
        len -= took;
        *accepted += took;
        if (took)
            step = 0;
        if ((status == LIBUSB_TRANSFER_COMPLETED || status == LIBUSB_TRANSFER_TIMED_OUT) && took)
            continue; // it is slow, and goes on: the rest gets a deadline of its own
        if (status == LIBUSB_TRANSFER_STALL && usb_mend_out(pipes, step++))
            continue;
        return fail_to_send(pipes, status, timeout_ms, len, err);
    }
    return ATL_OK;
}

// ---- In ----

atl_code usb_pipes_read(struct usb_pipes *pipes, void *bytes, size_t cap, size_t *got,
                        unsigned timeout_ms, struct atl_error *err)
{
    const int64_t deadline = link_now_ms() + timeout_ms;
    const struct usb_seen *seen = &pipes->device->seen;

    for (;;) {
        if (pipes->ring_count) {
            *got = take(pipes, bytes, cap);
            return ATL_OK;
        }
        if (pipes->is_gone)
            return fail_gone(pipes, err);
        if (!pipes->in || pipes->is_in_over)
            return atl_fail(err, ATL_E_IO, "%s gives no more answers%s%s: switch it off and on",
                            seen->words, pipes->said[0] ? ": " : "", pipes->said);
        usb_pipes_pump(pipes, deadline);
        usb_mend_in(pipes);
        if (!pipes->ring_count && !pipes->is_gone && link_now_ms() >= deadline)
            return atl_fail(err, ATL_E_TIMEOUT, "%s gave no answer in %u ms", seen->words,
                            timeout_ms);
    }
}

atl_code usb_pipes_tend(struct usb_pipes *pipes, struct atl_error *err)
{
    usb_pipes_pump(pipes, 0);
    usb_mend_in(pipes);
    if (pipes->is_gone || pipes->is_lost || !usb_is_there(&pipes->device->seen)) {
        pipes->is_gone = true;
        return fail_gone(pipes, err);
    }
    return ATL_OK;
}

// ---- Begin and end ----

atl_code usb_pipes_open(struct usb_device *device, struct usb_pipes **out, struct atl_error *err)
{
    const struct usb_printer *printer = &device->seen.printer;
    const bool is_read = printer->in && !(device->quirks & USB_QUIRK_ONE_WAY);
    struct usb_pipes *pipes = calloc(1, sizeof *pipes);

    if (pipes) {
        pipes->device = device;
        pipes->out = libusb_alloc_transfer(0);
        pipes->in = is_read ? libusb_alloc_transfer(0) : NULL;
    }
    if (!pipes || !pipes->out || (is_read && !pipes->in)) {
        usb_pipes_close(pipes);
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a printer");
    }
    if (pipes->in) {
        // Whole packets only: a packet that does not fit is lost as a whole.
        const int whole = USB_TAKE_BYTES / printer->in_packet_bytes * printer->in_packet_bytes;

        libusb_fill_bulk_transfer(pipes->in, device->handle, printer->in, pipes->in_bytes, whole,
                                  in_ended, pipes, 0);
        usb_pipes_listen(pipes);
    }
    *out = pipes;
    return ATL_OK;
}

void usb_pipes_close(struct usb_pipes *pipes)
{
    if (!pipes)
        return;
    usb_pipes_stop_listening(pipes);
    if (pipes->is_lost) // the kernel may still write there
        return;
    libusb_free_transfer(pipes->in);
    libusb_free_transfer(pipes->out);
    free(pipes);
}

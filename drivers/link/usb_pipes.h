// SPDX-License-Identifier: Apache-2.0
// The two bulk pipes of a printer, on transfers that this file ends itself: a deadline for each
// chunk out, and one transfer in that is always pending, so that a printer which speaks unasked
// never waits for us.
//
// What comes out of a halt, in this order, and every step is said in the text of a failure:
//
//     stalled --> clear the halt --> take the interface anew --> reset the device --> give up
//                 and go on          and go on                   the write has failed: what the
//                 where it stopped   where it stopped            printer had is lost, too
//
// A step that brought bytes forward begins the ladder anew.
#ifndef ATL_DRIVERS_LINK_USB_PIPES_H
#define ATL_DRIVERS_LINK_USB_PIPES_H

#include "drivers/link/usb_device.h"

enum { USB_RING_BYTES = 8192, USB_CHUNK_BYTES = 16 * 1024, USB_TAKE_BYTES = 4096 };

struct usb_pipes {
    struct usb_device *device; // borrowed; outlives the pipes
    struct libusb_transfer *out;
    struct libusb_transfer *in; // NULL: the printer has no such pipe, or it is not to be read
    bool is_out_pending;
    bool is_in_pending;
    bool is_in_over;      // cancelled by us, or past mending: not submitted again
    int in_trouble;       // LIBUSB_TRANSFER_* that ended the last one badly; 0: none
    unsigned in_troubles; // one after the other, without a byte between them
    bool is_gone;         // unplugged
    bool is_lost;         // a transfer could not be reaped: its memory is left to the kernel
    char said[96];        // what was done about halts; "" when there was none
    // What came and was not read yet; the oldest goes when it is full.
    uint8_t ring[USB_RING_BYTES];
    size_t ring_at;
    size_t ring_count;
    uint8_t in_bytes[USB_TAKE_BYTES];
};

// Takes the pipes of a claimed device into use. *out is unchanged on failure.
ATL_MUST_USE atl_code usb_pipes_open(struct usb_device *device, struct usb_pipes **out,
                                     struct atl_error *err);

// Cancels and reaps everything, then frees. The device stays open. NULL is fine.
void usb_pipes_close(struct usb_pipes *pipes);

// As in struct atl_link_ops; *accepted grows by what the printer took.
ATL_MUST_USE atl_code usb_pipes_write(struct usb_pipes *pipes, const void *bytes, size_t len,
                                      unsigned timeout_ms, uint64_t *accepted,
                                      struct atl_error *err);
ATL_MUST_USE atl_code usb_pipes_read(struct usb_pipes *pipes, void *bytes, size_t cap, size_t *got,
                                     unsigned timeout_ms, struct atl_error *err);

// Takes in what has come, mends what is halted, waits for nothing. ATL_E_IO: it is unplugged.
ATL_MUST_USE atl_code usb_pipes_tend(struct usb_pipes *pipes, struct atl_error *err);

// ---- for usb_mend.c ----

// Lets libusb work until something ended or the deadline is there.
void usb_pipes_pump(struct usb_pipes *pipes, int64_t deadline_ms);
// Submits the transfer in, where there is one and none is pending.
void usb_pipes_listen(struct usb_pipes *pipes);
// Cancels the transfer in and waits for its end.
void usb_pipes_stop_listening(struct usb_pipes *pipes);

// Mends the pipe in, as far as it can be.
void usb_mend_in(struct usb_pipes *pipes);
// The step number `step` (from 0) out of a halt of the pipe out. True: go on where it stopped.
bool usb_mend_out(struct usb_pipes *pipes, int step);
// Whether an error was the cable: asked for a moment, because the kernel hears of it later.
bool usb_mend_is_gone(struct usb_pipes *pipes);

#endif

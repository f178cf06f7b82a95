// SPDX-License-Identifier: Apache-2.0
// A printer whose every reaction is decided here: the kernel of the guest does the USB
// (FunctionFS), this is the firmware. One process a printer, told over a socket what happens to it:
// paper, cover, cable, power, and the faults of cheap ones.
//
//   the host's bytes -> [gadget: a packet at a time] -> input buffer -> mechanism -> papers
//                            ^ questions that a real printer answers at once, even while it stands
#ifndef ATL_TESTS_USB_BENCH_PRINTER_H
#define ATL_TESTS_USB_BENCH_PRINTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
    PACKET_BYTES = 512,
    BUFFER_BYTES = 4096, // like the receive buffer of a small receipt printer
    ANSWER_BYTES = 256,
    ANSWERS_MAX = 64,
    STRIP_BYTES = 1 << 20,
};

struct printer;

// One language: what is a question, and where a paper ends.
struct printer_language {
    const char *name;
    // A byte arrives, before it is printed: what is answered in real time.
    void (*hear)(struct printer *printer, uint8_t byte);
    // Takes what it can off the front of the input buffer: the bytes taken, 0 when more must come.
    size_t (*work)(struct printer *printer, const uint8_t *bytes, size_t len);
    // Paper, cover or power changed: what is said unasked. NULL: nothing.
    void (*changed)(struct printer *printer);
};

// A printer that can be bought. Ids and strings are plausible, not captured from devices.
struct printer_model {
    const char *name;
    uint16_t vendor, product;
    const char *maker, *title;
    const char *device_id; // IEEE 1284, without its length
    const struct printer_language *language;
    uint8_t protocol; // of the interface: 1 one way, 2 both ways
    bool is_full_speed;
    bool is_vendor_class; // 0xff instead of printer
};

extern const struct printer_language printer_escpos, printer_zpl, printer_brother;

const struct printer_model *printer_model_find(const char *name);

// How it is; a test sets these.
struct printer_state {
    bool is_paper_out, is_paper_low, is_cover_open;
    bool is_silent;       // answers nothing
    bool is_held;         // takes no more packets: the host sees NAK
    bool stalls_requests; // class requests on endpoint 0
    long paper_left;      // bytes until the roll ends; -1: it does not
    long unplug_in;       // bytes until the cable is pulled; -1: it is not
    long unplug_in_ms;    // after the next byte of a job; -1
    unsigned bytes_a_ms;  // of the mechanism; 0: as fast as it can
    unsigned packet_ms;   // pause after each packet
    int media_mm;
};

struct printer {
    const struct printer_model *model;
    const char *name, *serial, *folder;
    struct printer_state state;

    uint8_t buffer[BUFFER_BYTES]; // taken, not yet printed
    size_t buffered;
    uint8_t strip[STRIP_BYTES]; // the paper that is being made
    size_t strip_len;
    uint8_t last[4];     // as heard
    size_t picture_left; // bytes of it that are still to come
    bool is_torn;        // off in the middle of a picture: its rest is no new paper
    bool tells_unasked;  // ASB
    unsigned papers;     // whole or not
    uint64_t received, printed;
    int received_fd; // a file: everything that came over the cable
    FILE *moments;   // a line a packet: its place in `received`, and when it was read, ns; or NULL

    uint8_t answers[ANSWERS_MAX][ANSWER_BYTES];
    size_t answer_len[ANSWERS_MAX];
    size_t answer_count;

    // Counted for the tests.
    unsigned plugged_times, unplugged_times, resets, answered;
};

// ---- inside: printer_firmware.c ----

void printer_take(struct printer *printer, const uint8_t *bytes, size_t len);

// The mechanism works for ms milliseconds. True: there is more to do.
bool printer_work(struct printer *printer, unsigned ms);

void printer_answer(struct printer *printer, const void *bytes, size_t len);

// Puts bytes on the paper that is being made, and ends it. A paper that was torn off or whose
// printer lost power is no whole one.
void printer_put(struct printer *printer, const uint8_t *bytes, size_t len);
void printer_end_paper(struct printer *printer, bool is_whole);

// What is in the buffer is lost, and the half paper is torn off.
void printer_power_cycle(struct printer *printer);

bool printer_stands(const struct printer *printer); // no paper, or open

// ---- the cable: gadget.c ----

struct gadget;

// Makes the gadget and its function; plugged in nowhere yet. NULL: said on stderr.
struct gadget *gadget_open(struct printer *printer);
void gadget_close(struct gadget *gadget);

// "dummy_udc.0"; false: said on stderr.
bool gadget_plug(struct gadget *gadget, const char *port);
void gadget_unplug(struct gadget *gadget);
bool gadget_is_enabled(const struct gadget *gadget); // the host has chosen its configuration

// Halts the endpoint to the host, or the one from it.
bool gadget_halt(struct gadget *gadget, bool to_host);

// What to poll for, and what to do when it says so.
int gadget_events_fd(const struct gadget *gadget);
int gadget_done_fd(const struct gadget *gadget);
void gadget_events(struct gadget *gadget);
void gadget_done(struct gadget *gadget);

// Takes a packet more, and says an answer more, where that is possible now.
void gadget_go_on(struct gadget *gadget);

#endif

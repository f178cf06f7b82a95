// SPDX-License-Identifier: Apache-2.0
// USB printers without a kernel's USB, without root and without a virtual machine: umockdev leads
// what this process reads in /sys and asks of /dev/bus/usb to the devices below. Every URB waits
// until its device can end it; faults happen at exact bytes.
//
// The devices answer on a thread of umockdev's: what a test reads or changes of them while a link
// is open stands between usb_mock_lock() and usb_mock_unlock().
#ifndef ATL_TESTS_DRIVERS_USB_MOCK_H
#define ATL_TESTS_DRIVERS_USB_MOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { USB_MOCK_PAPER_MAX = 1 << 20, USB_MOCK_ANSWER_MAX = 16 * 1024, USB_MOCK_NEVER = -1 };

struct usb_mock {
    // ---- What it is. Set before it is plugged in. ----
    const char *port; // "1-1"; one of bus 1
    unsigned address; // 2..127, another one for each
    const uint8_t *descriptors;
    size_t descriptors_len;
    const char *maker, *product, *serial; // NULL: it has none
    const uint8_t *device_id;             // what GET_DEVICE_ID answers, with its length
    size_t device_id_len;

    // ---- What it does. -1: never. ----
    int port_status;        // of GET_PORT_STATUS; -1: that is stalled
    long gone_after_out;    // the cable is pulled after so many bytes of paper
    long gone_after_in;     // … after so many bytes of answers
    long hold_after_out;    // takes no more than that, as long as this says so
    long hold_step;         // how much further it goes after each transfer that was cancelled
    long stall_after_out;   // halts its pipe there, once
    long break_after_out;   // an error on the wire there, once, without being unplugged
    int stall_cure;         // 1: a cleared halt, 2: a new claim, 3: a reset, 4: nothing
    int stall_in;           // halts the next so many transfers in
    bool is_busy;           // somebody else has claimed it
    bool has_kernel_driver; // usblp
    bool answers_echo;      // answers each 16 bytes of paper with one letter
    uint8_t status[4];      // answers DLE EOT n with status[n - 1], GS r 1 with 0; 0: is silent
    uint8_t answer[USB_MOCK_ANSWER_MAX]; // what it says next, in packets of its pipe
    size_t answer_len;
    bool answer_overflows; // its next packet is longer than was asked for

    // ---- What happened. ----
    uint8_t *paper; // every byte that it took; USB_MOCK_PAPER_MAX
    size_t paper_len;
    size_t answered;
    bool is_gone, is_claimed, is_halted, is_in_halted;
    unsigned opens, claims, clears, resets, soft_resets, attaches, submits, reaps, discards;
    unsigned in_pending, out_pending;
    unsigned zero_packets;

    // ---- Its own. ----
    struct usb_mock_urb *first, *ended;
    void *ioctls;
    char node[40], sys[64];
};

// An Epson TM-T20II as far as descriptors go: high speed, OUT 01, IN 82, both of 64 bytes.
// Everything else is "never" and "well".
void usb_mock_init(struct usb_mock *mock, const char *port, unsigned address, const char *serial);

// Builds device, configuration, one interface and its endpoints; returns the length. in 0: none.
size_t usb_mock_descriptors(uint8_t out[64], uint16_t vendor, uint16_t product, uint8_t class_code,
                            uint8_t protocol, uint8_t out_endpoint, uint8_t in_endpoint,
                            uint16_t packet_bytes);

// Starts this program anew under umockdev when it is not; returns the exit code to end with when
// that cannot be done, and says SKIP and why; -1: all is well.
int usb_mock_enter(char **argv);
void usb_mock_begin(void); // before each test: no device is there
void usb_mock_end(void);

void usb_mock_plug(struct usb_mock *mock);
void usb_mock_unplug(struct usb_mock *mock); // frees what it has; its paper stays
void usb_mock_free(struct usb_mock *mock);   // the paper, too

void usb_mock_lock(void);
void usb_mock_unlock(void);

// Says something unasked.
void usb_mock_say(struct usb_mock *mock, const void *bytes, size_t len);

#endif

// SPDX-License-Identifier: Apache-2.0
// Readers of bar codes. What they deliver is bytes that somebody else printed: nothing here knows
// what a code means, and nothing of it is ever a key of a keyboard to the rest of the machine.
//
//     keyboard (evdev): key codes --scanner/keys.c, layout.c--> struct atl_scanned
//     HID-POS (hidraw): reports ----scanner/report.c, pos.c---> struct atl_scanned
//
// A scanner is grabbed as long as it is open: no text box, no console and no other program sees its
// keys. A grab that fails is a trouble, and nothing is read then. [one-thread]
#ifndef ATL_DRIVERS_SCANNER_H
#define ATL_DRIVERS_SCANNER_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ATL_SCANNER_CODE_MAX = 512 };

// A key that was pressed; or a letter by its number, as some scanners type (Alt and the keypad).
struct atl_stroke {
    uint16_t key; // of linux/input-event-codes.h; 0: it is a letter
    bool is_shifted;
    bool is_altgr;
    char letter;
};

// What became of a code. All but WHOLE and OPEN are no code: it has to be scanned again, or is not
// ours.
enum atl_scanned_how {
    ATL_SCANNED_WHOLE,
    ATL_SCANNED_OPEN,     // nothing came after it that ends it, only silence
    ATL_SCANNED_LOST,     // the kernel's buffer was full: keys are missing
    ATL_SCANNED_TORN,     // unplugged in the middle, or its next part never came
    ATL_SCANNED_LONG,     // longer than ATL_SCANNER_CODE_MAX
    ATL_SCANNED_COMMANDS, // it presses Ctrl, Alt, function keys: a code that wants to be a hand
};

struct atl_scanned {
    enum atl_scanned_how how;
    char text[ATL_SCANNER_CODE_MAX + 1]; // NUL-terminated; any bytes but NUL. Never log it
    size_t len;
    char aim[4];                                     // "]Q1", where the scanner says it
    struct atl_stroke strokes[ATL_SCANNER_CODE_MAX]; // of a keyboard: the same, as keys
    size_t stroke_count;
};

// ---- Layouts: which letter a scanner means by a key is a setting in the scanner, not in Linux
// ----

struct atl_key_layout;

// "us", "gb", "fr", "be", "de", "es", "it", "jp"; NULL or "": us. NULL: there is none of that name.
const struct atl_key_layout *atl_key_layout_find(const char *name);
const struct atl_key_layout *atl_key_layout_at(size_t index); // NULL: no more
const char *atl_key_layout_name(const struct atl_key_layout *layout);
const char *atl_key_layout_words(const struct atl_key_layout *layout); // "French (AZERTY)"

// Its letters, cut at cap - 1; keys without a letter of ASCII become '~'. Returns the length.
size_t atl_key_layout_text(const struct atl_key_layout *layout, const struct atl_stroke *strokes,
                           size_t count, char *text, size_t cap);

// ---- Models ----

struct atl_scanner_model {
    uint16_t vendor;
    uint16_t product; // 0: whatever that maker makes
    const char *name;
    const char *cure;  // it is set to a language that nothing here reads; NULL: it is not
    uint16_t pause_ms; // the longest between two keys of one code; 0: as all others
};

// The row that fits best; NULL: nobody has heard of it, which is no reason not to read it.
const struct atl_scanner_model *atl_scanner_model_find(uint16_t vendor, uint16_t product);
const struct atl_scanner_model *atl_scanner_model_at(size_t index); // NULL: no more

// ---- A scanner ----

struct atl_scanner;

// `link` is usb:VID:PID, usb:VID:PID:SERIAL, usb:VID:PID@PORT or usb:port=PORT. Nothing is opened
// yet, so an unplugged scanner is no failure. *out is the caller's to close.
ATL_MUST_USE atl_code atl_scanner_open(const char *link, const struct atl_key_layout *layout,
                                       struct atl_scanner **out, struct atl_error *err);
void atl_scanner_close(struct atl_scanner *scanner); // gives it back; NULL is fine

// Takes what came, finds and grabs the scanner when it was plugged in. True: *out is a code. Call
// it until it says false, when wake_fd() is readable or wait_ms() is over.
bool atl_scanner_next(struct atl_scanner *scanner, struct atl_scanned *out);
int atl_scanner_wake_fd(const struct atl_scanner *scanner);
int64_t atl_scanner_wait_ms(const struct atl_scanner *scanner);

// "": it is there, grabbed and read; else in words, with the cure. The scanner's.
const char *atl_scanner_trouble(const struct atl_scanner *scanner);

// Beeps "no", where the device has such a beep and takes it from us.
void atl_scanner_refuse(struct atl_scanner *scanner);

// ---- For people ----

enum { ATL_SCANNER_LIST_MAX = 16 };

struct atl_scanner_listed {
    char link[96];    // as the configuration wants it
    char words[224];  // "Honeywell Voyager 1450g on port 1-2, HID-POS"
    bool is_known;    // a row of ours, or HID-POS; false: may be a person's keyboard
    bool is_keyboard; // its keys are read, and grabbed
};
void atl_scanner_list(struct atl_scanner_listed *list, size_t cap, size_t *count);

// How the scanner of a link is, without taking it from whoever has it. own_pid: the lane that may
// have it; 0: none. ATL_OK and in words which one it is; or why it cannot be read, with the cure.
ATL_MUST_USE atl_code atl_scanner_look(const char *link, long own_pid, char *words, size_t size,
                                       struct atl_error *err);

#endif

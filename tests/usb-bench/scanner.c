// SPDX-License-Identifier: Apache-2.0
// usb-scanner: the hand and the voice of a scanner whose cable is a gadget of Linux, somebody who
// listens to its keys, and the codes of a shop.
#include "plugin/core/code.h"
#include "plugin/store/pieces.h"
#include "tests/drivers/scanner_fingers.h"
#include "tests/support/scanner_descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

// A boot keyboard (HID 1.11, appendix B): modifiers, a byte of nothing, six keys.
static const uint8_t keyboard_descriptor[] = {
    0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x05, 0x07, 0x19, 0xe0, 0x29, 0xe7, 0x15, 0x00, 0x25,
    0x01, 0x75, 0x01, 0x95, 0x08, 0x81, 0x02, 0x95, 0x01, 0x75, 0x08, 0x81, 0x03, 0x95, 0x06,
    0x75, 0x08, 0x15, 0x00, 0x25, 0x65, 0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00, 0xc0,
};

// The keys of HID from usage 4 on, as Linux calls them.
static const uint8_t usages[] = {
    KEY_A,          KEY_B,         KEY_C,          KEY_D,         KEY_E,         KEY_F,
    KEY_G,          KEY_H,         KEY_I,          KEY_J,         KEY_K,         KEY_L,
    KEY_M,          KEY_N,         KEY_O,          KEY_P,         KEY_Q,         KEY_R,
    KEY_S,          KEY_T,         KEY_U,          KEY_V,         KEY_W,         KEY_X,
    KEY_Y,          KEY_Z,         KEY_1,          KEY_2,         KEY_3,         KEY_4,
    KEY_5,          KEY_6,         KEY_7,          KEY_8,         KEY_9,         KEY_0,
    KEY_ENTER,      KEY_ESC,       KEY_BACKSPACE,  KEY_TAB,       KEY_SPACE,     KEY_MINUS,
    KEY_EQUAL,      KEY_LEFTBRACE, KEY_RIGHTBRACE, KEY_BACKSLASH, KEY_BACKSLASH, KEY_SEMICOLON,
    KEY_APOSTROPHE, KEY_GRAVE,     KEY_COMMA,      KEY_DOT,       KEY_SLASH,
};
static const uint8_t modifiers[] = {KEY_LEFTCTRL,  KEY_LEFTSHIFT,  KEY_LEFTALT,  KEY_LEFTMETA,
                                    KEY_RIGHTCTRL, KEY_RIGHTSHIFT, KEY_RIGHTALT, KEY_RIGHTMETA};

static int fail(const char *what)
{
    fprintf(stderr, "usb-scanner: %s: %s\n", what, strerror(errno));
    return 1;
}

static int describe(const char *kind)
{
    const bool is_keyboard = strcmp(kind, "keyboard") == 0;

    return is_keyboard ? !fwrite(keyboard_descriptor, sizeof keyboard_descriptor, 1, stdout)
                       : !fwrite(hidpos_descriptor, sizeof hidpos_descriptor, 1, stdout);
}

// ---- a keyboard ----

static void move(uint8_t report[8], const struct input_event *event)
{
    for (size_t i = 0; i < sizeof modifiers; i++) {
        if (modifiers[i] == event->code)
            report[0] = (uint8_t)(event->value ? report[0] | 1u << i : report[0] & ~(1u << i));
    }
    for (size_t i = 0; i < sizeof usages; i++) {
        if (usages[i] == event->code)
            report[2] = event->value ? (uint8_t)(i + 4) : 0;
    }
}

static int send_keys(int fd, const struct fingers *fingers)
{
    uint8_t report[8] = {0};

    for (size_t i = 0; i < fingers->count; i++) {
        if (fingers->events[i].type != EV_KEY)
            continue;
        move(report, &fingers->events[i]);
        if (write(fd, report, sizeof report) != sizeof report)
            return fail("its keys are not taken");
    }
    return 0;
}

// Each text is a code with Enter behind it; "^o" is Ctrl and O; a last word "-" leaves Enter out.
static int type(const char *node, const char *country, char **texts)
{
    static struct fingers fingers;
    const int fd = open(node, O_RDWR | O_CLOEXEC);

    if (fd < 0)
        return fail(node);
    for (; *texts; texts++) {
        const bool is_command = texts[0][0] == '^';

        if (is_command)
            fingers_key(&fingers, KEY_LEFTCTRL, 1);
        fingers_type(&fingers, country, texts[0] + is_command);
        if (is_command)
            fingers_key(&fingers, KEY_LEFTCTRL, 0);
        if (texts[1] && strcmp(texts[1], "-") == 0)
            break;
        fingers_end(&fingers);
    }
    return send_keys(fd, &fingers);
}

// ---- HID-POS ----

static int say(const char *node, char **texts)
{
    const int fd = open(node, O_RDWR | O_CLOEXEC);

    if (fd < 0)
        return fail(node);
    for (; *texts; texts++) {
        const char *at = *texts;

        do {
            uint8_t report[HIDPOS_REPORT_BYTES] = {2, 0, ']', 'Q', '1'};
            const size_t len = strnlen(at, HIDPOS_DATA_BYTES);

            report[1] = (uint8_t)len;
            memcpy(report + HIDPOS_DATA_AT, at, len);
            at += len;
            report[HIDPOS_REPORT_BYTES - 1] = *at != '\0';
            if (write(fd, report, sizeof report) != sizeof report)
                return fail("its reports are not taken");
        } while (*at);
    }
    return 0;
}

// What it is told: a line a report.
static int hear(const char *node)
{
    const int fd = open(node, O_RDWR | O_CLOEXEC);
    uint8_t report[HIDPOS_REPORT_BYTES];
    ssize_t len;

    if (fd < 0)
        return fail(node);
    while ((len = read(fd, report, sizeof report)) > 0) {
        for (ssize_t i = 0; i < len; i++)
            printf("%02x%s", report[i], i + 1 < len ? " " : "\n");
        (void)fflush(stdout);
    }
    return 0;
}

// ---- others ----

// Somebody else who has the keyboard open: says each key that it is shown; or has it grabbed.
static int spy(const char *node, bool is_grabbed)
{
    const int fd = open(node, O_RDONLY | O_CLOEXEC);
    struct input_event event;

    if (fd < 0)
        return fail(node);
    if (is_grabbed && ioctl(fd, EVIOCGRAB, 1) != 0)
        return fail("grab");
    printf("listening\n");
    (void)fflush(stdout);
    while (read(fd, &event, sizeof event) == (ssize_t)sizeof event) {
        if (event.type != EV_KEY)
            continue;
        printf("key %u %d\n", event.code, event.value);
        (void)fflush(stdout);
    }
    return 0;
}

static int print_tag(const char *path, const char *code)
{
    struct atl_store *store = NULL;
    struct atl_error err = {0};
    char out[ATL_TAG_CODE_CAP];
    struct atl_piece piece;
    struct atl_tag tag = {.unit = 1};
    atl_code rc = atl_store_open(path, ATL_STORE_READER, &store, &err);

    if (!rc)
        rc = atl_pieces_find_number(store, code, 1, &piece, &err);
    if (!rc) {
        tag.revision = (uint32_t)piece.tag_revision;
        (void)snprintf(tag.order_code, sizeof tag.order_code, "%s", code);
        rc = atl_tag_code_make(atl_store_tag_key(store), &tag, piece.signature.hash, out, &err);
    }
    if (rc)
        fprintf(stderr, "usb-scanner: %s\n", err.text);
    else
        printf("%s\n", out);
    atl_store_close(store);
    return rc != 0;
}

static int print_wall(const char *act)
{
    char code[ATL_NAME_CODE_CAP];

    if (atl_action_code_make(act, code, NULL))
        return 1;
    printf("%s\n", code);
    return 0;
}

int main(int argc, char **argv)
{
    const char *word = argc > 2 ? argv[1] : "";

    if (strcmp(word, "describe") == 0)
        return describe(argv[2]);
    if (strcmp(word, "type") == 0 && argc > 4)
        return type(argv[2], argv[3], argv + 4);
    if (strcmp(word, "say") == 0)
        return say(argv[2], argv + 3);
    if (strcmp(word, "hear") == 0)
        return hear(argv[2]);
    if (strcmp(word, "spy") == 0 || strcmp(word, "grab") == 0)
        return spy(argv[2], word[0] == 'g');
    if (strcmp(word, "tag") == 0 && argc > 3)
        return print_tag(argv[2], argv[3]);
    if (strcmp(word, "wall") == 0)
        return print_wall(argv[2]);
    fprintf(stderr,
            "usb-scanner describe keyboard|hidpos | type NODE COUNTRY TEXT… | say NODE TEXT… "
            "| hear NODE | spy NODE | grab NODE | tag STORE CODE | wall ACT\n");
    return 2;
}

// SPDX-License-Identifier: Apache-2.0
// A rogue scanner: any bytes as its report descriptor, as its reports, and as its keys. Nothing is
// read or written outside, what is found lies inside of a report, and a code is never too long.
#include "drivers/scanner/keys.h"
#include "drivers/scanner/pos.h"

#include <stdlib.h>
#include <string.h>

static void must_be_whole(const struct atl_scanned *code)
{
    if (code->len > ATL_SCANNER_CODE_MAX || code->text[code->len] ||
        memchr(code->text, 0, code->len) || code->stroke_count > ATL_SCANNER_CODE_MAX ||
        strnlen(code->aim, sizeof code->aim) == sizeof code->aim)
        abort();
}

// The first byte is the length of the descriptor; reports follow, each with its length before it.
static void be_hidpos(const uint8_t *bytes, size_t len)
{
    static struct scanner_pos pos;
    static struct atl_scanned code;
    static uint8_t beep[SCANNER_REPORT_MAX];
    const size_t descriptor = len && bytes[0] < len ? bytes[0] : 0;
    struct scanner_report report;

    if (!scanner_report_parse(bytes + 1, descriptor, &report))
        return;
    if (!report.data_bytes || report.data_at + report.data_bytes > SCANNER_REPORT_MAX ||
        scanner_pos_beep(&report, beep) > SCANNER_REPORT_MAX)
        abort();
    scanner_pos_init(&pos, &report);
    for (size_t at = 1 + descriptor; at < len;) {
        const size_t said = bytes[at++];
        const size_t size = said < len - at ? said : len - at;
        uint8_t *exact = malloc(size + 1); // its end is the end that the sanitizer sees

        if (!exact)
            return;
        memcpy(exact + 1, bytes + at, size);
        if (scanner_pos_feed(&pos, exact + 1, size, (int64_t)at, &code))
            must_be_whole(&code);
        free(exact);
        at += size;
    }
    if (scanner_pos_torn(&pos, &code))
        must_be_whole(&code);
}

// Four bytes are an event: type, key, value, and the time since the last one.
static void be_keyboard(const uint8_t *bytes, size_t len)
{
    static struct scanner_keys keys;
    static struct atl_scanned code;
    int64_t now_ms = 0;

    scanner_keys_init(&keys, atl_key_layout_at(len % 8), 250);
    for (size_t at = 0; at + 4 <= len; at += 4) {
        const struct input_event event = {
            .type = bytes[at] & 3, .code = bytes[at + 1], .value = bytes[at + 2] & 3};
        bool is_taken = false;

        now_ms += bytes[at + 3];
        for (int tries = 0; !is_taken; tries++) {
            if (tries == 2)
                abort();
            if (scanner_keys_feed(&keys, &event, now_ms, &is_taken, &code))
                must_be_whole(&code);
        }
    }
    if (scanner_keys_torn(&keys, &code))
        must_be_whole(&code);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    be_hidpos(data, size);
    be_keyboard(data, size);
    return 0;
}

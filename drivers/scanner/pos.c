// SPDX-License-Identifier: Apache-2.0
#include "drivers/scanner/pos.h"

#include <string.h>

void scanner_pos_init(struct scanner_pos *pos, const struct scanner_report *report)
{
    memset(pos, 0, sizeof *pos);
    pos->report = *report;
}

static bool finish(struct scanner_pos *pos, enum atl_scanned_how how, struct atl_scanned *out)
{
    const bool is_code = pos->is_coming && (pos->len || how != ATL_SCANNED_WHOLE);

    if (is_code) {
        out->how = pos->is_long ? ATL_SCANNED_LONG : how;
        memcpy(out->text, pos->text, pos->len);
        out->text[pos->len] = '\0';
        out->len = pos->len;
        memcpy(out->aim, pos->aim, sizeof out->aim);
        out->stroke_count = 0;
    }
    pos->len = 0;
    pos->is_coming = pos->is_long = false;
    pos->aim[0] = '\0';
    return is_code;
}

static void add_bytes(struct scanner_pos *pos, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (pos->len == ATL_SCANNER_CODE_MAX) {
            pos->is_long = true;
            return;
        }
        pos->text[pos->len++] = bytes[i] ? (char)bytes[i] : '\1'; // NUL would end it early
    }
}

// The symbology, as "]Q1"; some leave the bracket out.
static void read_aim(struct scanner_pos *pos, const uint8_t *bytes, size_t len)
{
    size_t used = 0;

    pos->aim[0] = '\0';
    for (size_t i = 0; i < 3; i++) {
        const uint16_t at = pos->report.aim_at[i];

        if (at < len && bytes[at] > ' ' && bytes[at] < 0x7f)
            pos->aim[used++] = (char)bytes[at];
    }
    pos->aim[used] = '\0';
}

// How many of the data bytes are the code.
static size_t count_of(const struct scanner_report *report, const uint8_t *bytes, size_t len)
{
    const size_t there = len - report->data_at;
    size_t count = there < report->data_bytes ? there : report->data_bytes;

    if (report->count_at < len)
        return bytes[report->count_at] < count ? bytes[report->count_at] : count;
    while (count && !bytes[report->data_at + count - 1])
        count--;
    return count;
}

bool scanner_pos_feed(struct scanner_pos *pos, const uint8_t *bytes, size_t len, int64_t now_ms,
                      struct atl_scanned *out)
{
    const struct scanner_report *report = &pos->report;

    if ((report->has_id && (!len || bytes[0] != report->id)) || len <= report->data_at)
        return false;
    if (!pos->is_coming)
        read_aim(pos, bytes, len);
    pos->is_coming = true;
    pos->last_ms = now_ms;
    add_bytes(pos, bytes + report->data_at, count_of(report, bytes, len));
    if (report->more_at < len && (bytes[report->more_at] & report->more_mask))
        return false;
    return finish(pos, ATL_SCANNED_WHOLE, out);
}

bool scanner_pos_rest(struct scanner_pos *pos, int64_t now_ms, struct atl_scanned *out)
{
    return pos->is_coming && now_ms - pos->last_ms > SCANNER_PART_MS &&
           finish(pos, ATL_SCANNED_TORN, out);
}

bool scanner_pos_torn(struct scanner_pos *pos, struct atl_scanned *out)
{
    return finish(pos, ATL_SCANNED_TORN, out);
}

int64_t scanner_pos_wait_ms(const struct scanner_pos *pos, int64_t now_ms)
{
    const int64_t wait_ms = pos->last_ms + SCANNER_PART_MS + 1 - now_ms;

    if (!pos->is_coming)
        return INT64_MAX;
    return wait_ms > 0 ? wait_ms : 0;
}

size_t scanner_pos_beep(const struct scanner_report *report, uint8_t out[SCANNER_REPORT_MAX])
{
    if (!report->beep_bytes || report->beep_at >= report->beep_bytes)
        return 0;
    memset(out, 0, report->beep_bytes);
    out[0] = report->beep_id;
    out[report->beep_at] |= report->beep_mask;
    return report->beep_bytes;
}

// SPDX-License-Identifier: Apache-2.0
// HID-POS reports become codes. A long code comes in several; the last one says so by not saying
// that more follow. Pure: reports and clock are handed in.
#ifndef ATL_DRIVERS_SCANNER_POS_H
#define ATL_DRIVERS_SCANNER_POS_H

#include "drivers/scanner.h"
#include "drivers/scanner/report.h"

enum { SCANNER_PART_MS = 1000 }; // the next part of a code comes sooner, or never

struct scanner_pos {
    struct scanner_report report;
    char text[ATL_SCANNER_CODE_MAX + 1];
    size_t len;
    char aim[4];
    bool is_coming, is_long;
    int64_t last_ms;
};

void scanner_pos_init(struct scanner_pos *pos, const struct scanner_report *report);

// One report as hidraw gives it. True: a code has ended, and is in *out. Reports of other ids, and
// what is no code, are passed over.
bool scanner_pos_feed(struct scanner_pos *pos, const uint8_t *bytes, size_t len, int64_t now_ms,
                      struct atl_scanned *out);

// True: the next part did not come, or the scanner is gone: the code is torn.
bool scanner_pos_rest(struct scanner_pos *pos, int64_t now_ms, struct atl_scanned *out);
bool scanner_pos_torn(struct scanner_pos *pos, struct atl_scanned *out);
int64_t scanner_pos_wait_ms(const struct scanner_pos *pos, int64_t now_ms);

// The report that beeps. Returns its length; 0: the scanner has no beep of ours.
size_t scanner_pos_beep(const struct scanner_report *report, uint8_t out[SCANNER_REPORT_MAX]);

#endif

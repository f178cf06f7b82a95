// SPDX-License-Identifier: Apache-2.0
// Where a HID-POS scanner's reports have the code: read out of its report descriptor (HID 1.11,
// usage page 8C of the HID point of sale tables). Pure, bounded, and believes nothing: what a
// descriptor says outside of its own reports is no scanner.
#ifndef ATL_DRIVERS_SCANNER_REPORT_H
#define ATL_DRIVERS_SCANNER_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCANNER_DESCRIPTOR_MAX = 4096, SCANNER_REPORT_MAX = 1024, SCANNER_NOWHERE = 0xffff };

// Places count from the first byte that hidraw gives, which is the report's id where there are ids.
struct scanner_report {
    bool has_id;
    uint8_t id;
    uint16_t data_at;
    uint16_t data_bytes; // not 0
    uint16_t count_at;   // how many of them there are; NOWHERE: zeros fill the rest
    uint16_t aim_at[3];  // each may be NOWHERE
    uint16_t more_at;    // NOWHERE: a code is one report
    uint8_t more_mask;
    // The beep that says "no", in a report to the scanner; beep_bytes 0: there is none.
    uint8_t beep_id; // 0 without ids
    uint16_t beep_bytes;
    uint16_t beep_at;
    uint8_t beep_mask;
};

// False: no bar code scanner that gives decoded data. *out is unchanged then.
bool scanner_report_parse(const uint8_t *descriptor, size_t len, struct scanner_report *out);

#endif

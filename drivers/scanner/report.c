// SPDX-License-Identifier: Apache-2.0
#include "drivers/scanner/report.h"

#include <string.h>

enum {
    PAGE_DESKTOP = 0x01,
    PAGE_SCANNER = 0x8c,
    BYTE_COUNT = PAGE_DESKTOP << 16 | 0x3b,
    ERROR_BEEP = PAGE_SCANNER << 16 | 0x85,
    NOT_ON_FILE_BEEP = PAGE_SCANNER << 16 | 0x87,
    AIM_FIRST = PAGE_SCANNER << 16 | 0xfb,
    AIM_LAST = PAGE_SCANNER << 16 | 0xfd,
    DECODED_DATA = PAGE_SCANNER << 16 | 0xfe,
    DATA_CONTINUED = PAGE_SCANNER << 16 | 0xff,

    USAGES_MAX = 64,
    REPORTS_MAX = 16,
    STACK_MAX = 4,
    BITS_MAX = SCANNER_REPORT_MAX * 8,
    IS_CONSTANT = 1,
};

struct globals {
    uint32_t page, size_bits, count;
    uint8_t id;
};

// A report that grows as the descriptor is read.
struct growing {
    uint8_t id;
    uint32_t in_bits, out_bits; // with the id
    struct scanner_report at;
};

struct reading {
    struct globals now, stack[STACK_MAX];
    size_t depth;
    uint32_t usages[USAGES_MAX]; // of the next main item; a page of its own in the upper half
    bool has_page[USAGES_MAX];
    size_t usage_count;
    uint32_t first;
    bool is_range;
    bool has_ids;
    struct growing reports[REPORTS_MAX];
    size_t report_count;
};

static struct growing *report_of(struct reading *r, uint8_t id)
{
    struct growing *report;

    for (size_t i = 0; i < r->report_count; i++) {
        if (r->reports[i].id == id)
            return &r->reports[i];
    }
    if (r->report_count == REPORTS_MAX)
        return NULL;
    report = &r->reports[r->report_count++];
    *report = (struct growing){
        .id = id,
        .in_bits = r->has_ids ? 8 : 0,
        .out_bits = 8, // hidraw wants the id always, 0 where there is none
        .at = {.data_at = SCANNER_NOWHERE,
               .count_at = SCANNER_NOWHERE,
               .more_at = SCANNER_NOWHERE,
               .aim_at = {SCANNER_NOWHERE, SCANNER_NOWHERE, SCANNER_NOWHERE}},
    };
    return report;
}

static uint32_t usage_at(const struct reading *r, size_t index)
{
    return r->has_page[index] ? r->usages[index] : r->now.page << 16 | (r->usages[index] & 0xffff);
}

static void put_once(uint16_t *place, uint32_t bit)
{
    if (*place == SCANNER_NOWHERE)
        *place = (uint16_t)(bit / 8);
}

// `span` elements of one usage, the first at `bit`.
static void note_input(struct growing *report, uint32_t usage, uint32_t bit, uint32_t size_bits,
                       uint32_t span)
{
    struct scanner_report *at = &report->at;
    const bool is_bytes = size_bits == 8 && bit % 8 == 0;

    if (usage == DATA_CONTINUED && at->more_at == SCANNER_NOWHERE) {
        at->more_at = (uint16_t)(bit / 8);
        at->more_mask = (uint8_t)(1u << bit % 8);
    }
    if (!is_bytes)
        return;
    if (usage == BYTE_COUNT)
        put_once(&at->count_at, bit);
    if (usage >= AIM_FIRST && usage <= AIM_LAST)
        put_once(&at->aim_at[usage - AIM_FIRST], bit);
    if (usage == DECODED_DATA && at->data_at == SCANNER_NOWHERE) {
        at->data_at = (uint16_t)(bit / 8);
        at->data_bytes = (uint16_t)span;
    }
}

static void note_output(struct growing *report, uint32_t usage, uint32_t bit)
{
    struct scanner_report *at = &report->at;
    const bool is_better = usage == ERROR_BEEP && !at->beep_id;

    if (is_better || (usage == NOT_ON_FILE_BEEP && !at->beep_mask)) {
        at->beep_at = (uint16_t)(bit / 8);
        at->beep_mask = (uint8_t)(1u << bit % 8);
        at->beep_id = usage == ERROR_BEEP; // for now: that no better one can come
    }
}

static bool add_fields(struct reading *r, bool is_input, uint32_t flags)
{
    struct growing *report = report_of(r, r->now.id);
    uint32_t *bits = !report ? NULL : is_input ? &report->in_bits : &report->out_bits;
    const uint64_t size = (uint64_t)r->now.size_bits * r->now.count;

    if (!bits || size > BITS_MAX || *bits + size > BITS_MAX)
        return false;
    for (size_t i = 0; i < r->usage_count && i < r->now.count && !(flags & IS_CONSTANT); i++) {
        const uint32_t bit = *bits + (uint32_t)i * r->now.size_bits;
        const uint32_t span = i + 1 == r->usage_count ? r->now.count - (uint32_t)i : 1;

        if (is_input)
            note_input(report, usage_at(r, i), bit, r->now.size_bits, span);
        else
            note_output(report, usage_at(r, i), bit);
    }
    *bits += (uint32_t)size;
    return true;
}

static void add_usage(struct reading *r, uint32_t usage, bool has_page)
{
    if (r->usage_count == USAGES_MAX)
        return;
    r->usages[r->usage_count] = usage;
    r->has_page[r->usage_count++] = has_page;
}

static void add_range(struct reading *r, uint32_t last, bool has_page)
{
    for (uint32_t usage = r->first; r->is_range && usage <= last && r->usage_count < USAGES_MAX;
         usage++)
        add_usage(r, usage, has_page);
    r->is_range = false;
}

enum item {
    MAIN_INPUT = 0x80,
    MAIN_OUTPUT = 0x90,
    MAIN_COLLECTION = 0xa0,
    MAIN_FEATURE = 0xb0,
    MAIN_END = 0xc0,
    GLOBAL_PAGE = 0x04,
    GLOBAL_SIZE = 0x74,
    GLOBAL_ID = 0x84,
    GLOBAL_COUNT = 0x94,
    GLOBAL_PUSH = 0xa4,
    GLOBAL_POP = 0xb4,
    LOCAL_USAGE = 0x08,
    LOCAL_FIRST = 0x18,
    LOCAL_LAST = 0x28,
    LONG_ITEM = 0xfe,
};

static bool take_main(struct reading *r, uint8_t item, uint32_t value)
{
    bool is_good = true;

    if (item == MAIN_INPUT || item == MAIN_OUTPUT)
        is_good = add_fields(r, item == MAIN_INPUT, value);
    r->usage_count = 0;
    r->is_range = false;
    return is_good;
}

// False: what follows has no meaning any more.
static bool take_item(struct reading *r, uint8_t item, uint32_t value, bool is_long)
{
    switch (item) {
    case MAIN_INPUT:
    case MAIN_OUTPUT:
    case MAIN_COLLECTION:
    case MAIN_FEATURE:
    case MAIN_END:
        return take_main(r, item, value);
    case GLOBAL_PAGE:
        r->now.page = value & 0xffff;
        return true;
    case GLOBAL_SIZE:
        r->now.size_bits = value;
        return value <= BITS_MAX;
    case GLOBAL_COUNT:
        r->now.count = value;
        return value <= BITS_MAX;
    case GLOBAL_ID:
        r->now.id = (uint8_t)value;
        r->has_ids = true;
        return value > 0 && value <= 255;
    case GLOBAL_PUSH:
        if (r->depth == STACK_MAX)
            return false;
        r->stack[r->depth++] = r->now;
        return true;
    case GLOBAL_POP:
        if (!r->depth)
            return false;
        r->now = r->stack[--r->depth];
        return true;
    case LOCAL_USAGE:
        add_usage(r, value, is_long);
        return true;
    case LOCAL_FIRST:
        r->first = value;
        r->is_range = true;
        return true;
    case LOCAL_LAST:
        add_range(r, value, is_long);
        return true;
    default:
        return true;
    }
}

static bool read_items(struct reading *r, const uint8_t *bytes, size_t len)
{
    static const uint8_t sizes[] = {0, 1, 2, 4};
    size_t at = 0;

    while (at < len) {
        const uint8_t prefix = bytes[at++];
        size_t size = sizes[prefix & 3];
        uint32_t value = 0;

        if (prefix == LONG_ITEM) { // its own length, a tag, and nothing that anybody has defined
            if (at + 2 > len || bytes[at] > len - at - 2)
                return false;
            at += 2u + bytes[at];
            continue;
        }
        if (size > len - at)
            return false;
        for (size_t i = 0; i < size; i++)
            value |= (uint32_t)bytes[at + i] << 8 * i;
        at += size;
        if (!take_item(r, prefix & 0xfc, value, size == 4))
            return false;
    }
    return true;
}

static void find_beep(const struct reading *r, struct scanner_report *out)
{
    out->beep_bytes = 0;
    for (size_t i = 0; i < r->report_count && !out->beep_bytes; i++) {
        const struct growing *report = &r->reports[i];

        if (!report->at.beep_mask)
            continue;
        out->beep_id = report->id;
        out->beep_at = report->at.beep_at;
        out->beep_mask = report->at.beep_mask;
        out->beep_bytes = (uint16_t)((report->out_bits + 7) / 8);
    }
}

bool scanner_report_parse(const uint8_t *descriptor, size_t len, struct scanner_report *out)
{
    struct reading r = {.report_count = 0};

    if (len > SCANNER_DESCRIPTOR_MAX || !read_items(&r, descriptor, len))
        return false;
    for (size_t i = 0; i < r.report_count; i++) {
        const struct growing *report = &r.reports[i];

        if (report->at.data_at == SCANNER_NOWHERE || !report->at.data_bytes)
            continue;
        *out = report->at;
        out->has_id = r.has_ids;
        out->id = report->id;
        find_beep(&r, out);
        return true;
    }
    return false;
}

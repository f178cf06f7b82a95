// SPDX-License-Identifier: Apache-2.0
// A sale as a line of the journal, so that a damaged one is known as such:
//
//   uuid state number day training code employee paid_ms paid_minor last_ref kept LINE… #checksum
//
// with tabs between them, and a LINE is ref|sku|name|variant|quantity|price|voided|units, each unit
// its flags:service. The flags: 1 customised, 2 signed, 4 voided, 8 returned.
#include "sdk-shim/till/till.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { SUM_BYTES = 2 + 16 }; // TAB '#' and sixteen digits

// FNV-1a: it finds accidents, and nobody attacks a till's own file with one.
static uint64_t sum_of(const char *text, size_t len)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < len; i++)
        sum = (sum ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return sum;
}

struct out {
    char *text;
    size_t room;
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void put(struct out *out, const char *fmt, ...)
{
    va_list args;
    int len;

    va_start(args, fmt);
    len = vsnprintf(out->text + out->used, out->room - out->used, fmt, args);
    va_end(args);
    out->used += len < 0 ? 0 : (size_t)len;
    if (out->used >= out->room)
        out->used = out->room - 1; // full, which the writer sees at the end
}

static void put_line(struct out *out, const struct till_line *line)
{
    put(out, "\t%s|%s|%s|%s|%d|%lld|%d|", line->ref, line->sku, line->name, line->variant,
        line->quantity, line->price_minor, line->is_voided);
    for (int unit = 1; unit <= line->quantity; unit++) {
        const struct till_unit *of = &line->units[unit];

        put(out, "%d:%lld,",
            of->is_customised | of->is_signed << 1 | of->is_voided << 2 | of->is_returned << 3,
            of->service_minor);
    }
}

size_t till_record_write(const struct till_sale *sale, char *out, size_t room)
{
    struct out to = {out, room, 0};

    put(&to, "%s\t%d\t%lld\t%s\t%d\t%s\t%s\t%lld\t%lld\t%d\t", sale->uuid, (int)sale->state,
        sale->sequence, sale->business_day, sale->is_training, sale->code, sale->employee,
        sale->paid_ms, sale->paid_minor, sale->last_ref);
    for (uint32_t i = 0; i < sale->kept_bytes; i++)
        put(&to, "%02x", sale->kept[i]);
    for (int i = 0; i < sale->line_count; i++)
        put_line(&to, &sale->lines[i]);
    put(&to, "\t#%016" PRIx64, sum_of(out, to.used));
    return to.used + 1 < room ? to.used : 0;
}

// ---- reading it back ----

static char *field(char **at, char end)
{
    char *begin = *at;
    char *stop = strchr(begin, end);

    if (stop) {
        *stop = '\0';
        *at = stop + 1;
    } else {
        *at = begin + strlen(begin);
    }
    return begin;
}

static long long number(char **at, char end)
{
    return strtoll(field(at, end), NULL, 10);
}

static void copy(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text);
}

static void read_units(char *at, struct till_line *line)
{
    for (int unit = 1; unit <= line->quantity && *at; unit++) {
        struct till_unit *of = &line->units[unit];
        const long long bits = number(&at, ':');

        of->is_customised = bits & 1;
        of->is_signed = bits >> 1 & 1;
        of->is_voided = bits >> 2 & 1;
        of->is_returned = bits >> 3 & 1;
        of->service_minor = number(&at, ',');
    }
}

static void read_line(char *at, struct till_line *line)
{
    long long quantity;

    copy(line->ref, sizeof line->ref, field(&at, '|'));
    copy(line->sku, sizeof line->sku, field(&at, '|'));
    copy(line->name, sizeof line->name, field(&at, '|'));
    copy(line->variant, sizeof line->variant, field(&at, '|'));
    quantity = number(&at, '|');
    line->quantity = quantity < 0 || quantity > TILL_UNITS_MAX ? 0 : (int)quantity;
    line->price_minor = number(&at, '|');
    line->is_voided = number(&at, '|') == 1;
    read_units(at, line);
}

static void read_kept(const char *hex, struct till_sale *sale)
{
    char two[3] = "";

    while (hex[0] && hex[1] && sale->kept_bytes < sizeof sale->kept) {
        memcpy(two, hex, 2);
        sale->kept[sale->kept_bytes++] = (uint8_t)strtoul(two, NULL, 16);
        hex += 2;
    }
}

static bool sum_is_right(char *text)
{
    const size_t len = strlen(text);
    char sum[SUM_BYTES + 1];
    char *at;

    if (len < SUM_BYTES)
        return false;
    at = text + len - SUM_BYTES;
    snprintf(sum, sizeof sum, "\t#%016" PRIx64, sum_of(text, len - SUM_BYTES));
    if (strcmp(at, sum) != 0)
        return false;
    *at = '\0';
    return true;
}

bool till_record_read(char *text, struct till_sale *sale)
{
    char *at = text;

    memset(sale, 0, sizeof *sale);
    if (!sum_is_right(text))
        return false;
    copy(sale->uuid, sizeof sale->uuid, field(&at, '\t'));
    sale->state = (enum till_state)number(&at, '\t');
    sale->sequence = number(&at, '\t');
    copy(sale->business_day, sizeof sale->business_day, field(&at, '\t'));
    sale->is_training = number(&at, '\t') == 1;
    copy(sale->code, sizeof sale->code, field(&at, '\t'));
    copy(sale->employee, sizeof sale->employee, field(&at, '\t'));
    sale->paid_ms = number(&at, '\t');
    sale->paid_minor = number(&at, '\t');
    sale->last_ref = (int)number(&at, '\t');
    read_kept(field(&at, '\t'), sale);
    while (*at && sale->line_count < TILL_LINES_MAX)
        read_line(field(&at, '\t'), &sale->lines[sale->line_count++]);
    return strlen(sale->uuid) == 36 && sale->state <= TILL_VOID;
}

// SPDX-License-Identifier: Apache-2.0
// Reads TZif (RFC 8536, versions 1 to 4) from bytes that may be anything.
#include "plugin/core/zone_footer.h"

#include <string.h>

enum { HEADER_BYTES = 44, TYPE_BYTES = 6 };

struct header {
    uint8_t version;
    uint32_t utc_count, std_count, leap_count, time_count, type_count, char_count;
};

struct reader {
    const uint8_t *at;
    size_t left;
};

static uint64_t big_endian(const uint8_t *bytes, size_t count)
{
    uint64_t value = 0;

    for (size_t i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

// The next `count` bytes, or NULL when there are fewer.
static const uint8_t *take(struct reader *in, uint64_t count)
{
    const uint8_t *bytes = in->at;

    if (count > in->left)
        return NULL;
    in->at += count;
    in->left -= (size_t)count;
    return bytes;
}

static bool read_header(struct reader *in, struct header *out)
{
    const uint8_t *bytes = take(in, HEADER_BYTES);
    uint32_t *const counts[] = {&out->utc_count,  &out->std_count,  &out->leap_count,
                                &out->time_count, &out->type_count, &out->char_count};

    if (!bytes || memcmp(bytes, "TZif", 4) != 0)
        return false;
    out->version = bytes[4];
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        *counts[i] = (uint32_t)big_endian(bytes + 20 + 4 * i, 4);
    return true;
}

static uint64_t block_bytes(const struct header *head, size_t time_bytes)
{
    return (uint64_t)head->time_count * (time_bytes + 1) + (uint64_t)head->type_count * TYPE_BYTES +
           head->char_count + (uint64_t)head->leap_count * (time_bytes + 4) + head->std_count +
           head->utc_count;
}

static int64_t as_time(const uint8_t *bytes, size_t time_bytes)
{
    uint64_t value = big_endian(bytes, time_bytes);

    if (time_bytes == 4 && value >> 31)
        value |= 0xFFFFFFFF00000000u;
    return value >> 63 ? -(int64_t)(~value) - 1 : (int64_t)value;
}

static atl_code corrupt(struct atl_error *err, const char *what)
{
    return atl_fail(err, ATL_E_CORRUPT, "zone: %s", what);
}

static atl_code read_times(struct reader *in, const struct header *head, size_t time_bytes,
                           struct atl_zone *out, struct atl_error *err)
{
    const uint8_t *times = take(in, (uint64_t)head->time_count * time_bytes);
    const uint8_t *types = take(in, head->time_count);

    if (!times || !types)
        return corrupt(err, "it ends within its transitions");
    for (uint32_t i = 0; i < head->time_count; i++) {
        out->at_s[i] = as_time(times + i * time_bytes, time_bytes);
        out->type_of[i] = types[i];
        if (types[i] >= head->type_count)
            return corrupt(err, "a transition to a type that it does not have");
        if (i && out->at_s[i] <= out->at_s[i - 1])
            return corrupt(err, "its transitions do not ascend");
    }
    out->transition_count = head->time_count;
    return ATL_OK;
}

static atl_code read_type(const uint8_t *row, const uint8_t *names, uint32_t char_count,
                          struct atl_zone_type *out, struct atl_error *err)
{
    int64_t offset = as_time(row, 4);
    const uint8_t *end;
    size_t len;

    if (offset < -89999 || offset > 93599 || row[4] > 1 || row[5] >= char_count)
        return corrupt(err, "a type that makes no sense");
    end = memchr(names + row[5], 0, char_count - row[5]);
    if (!end)
        return corrupt(err, "an abbreviation without an end");
    len = (size_t)(end - (names + row[5]));
    if (len >= ATL_ZONE_ABBREVIATION_CAP)
        return corrupt(err, "an abbreviation that is too long");
    *out = (struct atl_zone_type){.offset_s = (int32_t)offset, .is_dst = row[4]};
    memcpy(out->abbreviation, names + row[5], len);
    return ATL_OK;
}

static atl_code read_types(struct reader *in, const struct header *head, struct atl_zone *out,
                           struct atl_error *err)
{
    const uint8_t *rows = take(in, (uint64_t)head->type_count * TYPE_BYTES);
    const uint8_t *names = take(in, head->char_count);

    if (!rows || !names)
        return corrupt(err, "it ends within its types");
    for (uint32_t i = 0; i < head->type_count; i++) {
        atl_code rc =
            read_type(rows + (size_t)i * TYPE_BYTES, names, head->char_count, &out->types[i], err);

        if (rc)
            return rc;
    }
    out->type_count = head->type_count;
    return ATL_OK;
}

static atl_code read_block(struct reader *in, const struct header *head, size_t time_bytes,
                           struct atl_zone *out, struct atl_error *err)
{
    atl_code rc;

    if (!head->type_count)
        return corrupt(err, "it has no type");
    if (head->leap_count)
        return atl_fail(err, ATL_E_UNSUPPORTED,
                        "zone: it counts leap seconds; take the file outside of right/");
    if (head->time_count > ATL_ZONE_TRANSITIONS_MAX || head->type_count > ATL_ZONE_TYPES_MAX)
        return atl_fail(err, ATL_E_UNSUPPORTED, "zone: %u transitions of %u types are too many",
                        head->time_count, head->type_count);
    rc = read_times(in, head, time_bytes, out, err);
    if (rc)
        return rc;
    rc = read_types(in, head, out, err);
    if (rc)
        return rc;
    if (!take(in, (uint64_t)head->std_count + head->utc_count))
        return corrupt(err, "it ends within its indicators");
    return ATL_OK;
}

static atl_code read_last_line(struct reader *in, struct atl_zone *out, struct atl_error *err)
{
    const uint8_t *start = take(in, 1);
    const uint8_t *end = start ? memchr(in->at, '\n', in->left) : NULL;

    if (!start || *start != '\n' || !end)
        return corrupt(err, "its last line is missing");
    return atl_zone_footer_parse((const char *)in->at, (size_t)(end - in->at), out, err);
}

atl_code atl_zone_parse(const uint8_t *bytes, size_t len, struct atl_zone *out,
                        struct atl_error *err)
{
    struct reader in = {bytes, len};
    struct header head;
    struct atl_zone zone = {0};
    atl_code rc;

    if (!read_header(&in, &head))
        return corrupt(err, "not a TZif file");
    if (head.version == 0) {
        rc = read_block(&in, &head, 4, &zone, err);
    } else {
        if (!take(&in, block_bytes(&head, 4)) || !read_header(&in, &head))
            return corrupt(err, "its second part is missing");
        rc = read_block(&in, &head, 8, &zone, err);
        if (!rc)
            rc = read_last_line(&in, &zone, err);
    }
    if (!rc)
        *out = zone;
    return rc;
}

// SPDX-License-Identifier: Apache-2.0
// What changes a volume. Every function keeps the order of fat.h: a folder never names clusters
// that are not on the medium, and clusters are given back after nothing names them.
#include "drivers/link/fat_parts.h"

#include <string.h>

enum {
    DELETED = 0xe5,
    INFO_FREE = 488,
    INFO_NEXT = 492,
    STATE_DIRTY = 1,
};

static atl_code flush(struct fat_volume *volume, struct atl_error *err)
{
    return volume->disk->flush(volume->disk, err);
}

// The mark in the boot sector, which is all that FAT12 has and all that some systems look at.
static atl_code mark_boot(struct fat_volume *volume, bool is_dirty, struct atl_error *err)
{
    uint8_t *state = volume->sector + (volume->bits == 32 ? 65 : 37);
    atl_code rc = fat_read_sectors(volume, 0, 1, volume->sector, err);

    if (rc || ((*state & STATE_DIRTY) != 0) == is_dirty)
        return rc;
    *state = (uint8_t)(is_dirty ? *state | STATE_DIRTY : *state & ~STATE_DIRTY);
    return fat_write_sectors(volume, 0, 1, volume->sector, err);
}

// FAT32's counts are only a hint. While something changes they say "unknown", so that they are
// never wrong, wherever the cable is pulled.
static atl_code write_info(struct fat_volume *volume, uint32_t free_count, uint32_t next,
                           struct atl_error *err)
{
    uint8_t *info = volume->sector;
    atl_code rc;

    if (!volume->info_sector)
        return ATL_OK;
    rc = fat_read_sectors(volume, volume->info_sector, 1, info, err);
    if (rc || fat_get32(info) != 0x41615252 || fat_get32(info + 484) != 0x61417272)
        return rc;
    fat_put32(info + INFO_FREE, free_count);
    fat_put32(info + INFO_NEXT, next);
    return fat_write_sectors(volume, volume->info_sector, 1, info, err);
}

atl_code fat_begin(struct fat_volume *volume, struct atl_error *err)
{
    atl_code rc = mark_boot(volume, true, err);

    if (!rc)
        rc = write_info(volume, 0xffffffff, 0xffffffff, err);
    if (rc)
        return rc;
    fat_note_clean(volume, false);
    rc = fat_table_write(volume, err);
    return rc ? rc : flush(volume, err);
}

atl_code fat_end(struct fat_volume *volume, struct atl_error *err)
{
    atl_code rc = fat_table_write(volume, err);

    // With lost clusters the count is a matter of opinion: it stays unknown.
    if (!rc && !volume->was_dirty)
        rc = write_info(volume, volume->free_count, volume->next_free, err);
    if (!rc)
        rc = flush(volume, err);
    if (rc || volume->was_dirty)
        return rc;
    fat_note_clean(volume, true);
    rc = fat_table_write(volume, err);
    if (!rc)
        rc = mark_boot(volume, false, err);
    return rc ? rc : flush(volume, err);
}

static atl_code pack_name(const char *name, uint8_t out[11], struct atl_error *err)
{
    const char *point = strchr(name, '.');
    size_t stem = point ? (size_t)(point - name) : strlen(name);
    size_t ending = point ? strlen(point + 1) : 0;
    const char *allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    if (!stem || stem > 8 || ending > 3 || strspn(name, allowed) != stem ||
        (point && strspn(point + 1, allowed) != ending))
        return atl_fail(err, ATL_E_INVALID,
                        "%.40s: a name here has up to 8 letters or digits, a point and 3 more: "
                        "take the name rule dos",
                        name);
    memset(out, ' ', 11);
    memcpy(out, name, stem);
    if (point)
        memcpy(out + 8, point + 1, ending);
    for (size_t i = 0; i < 11; i++) {
        if (out[i] >= 'a' && out[i] <= 'z')
            out[i] = (uint8_t)(out[i] - 'a' + 'A');
    }
    return ATL_OK;
}

static void put_time(uint8_t *entry, time_t now)
{
    struct tm day;
    uint32_t date, clock;

    if (!localtime_r(&now, &day) || day.tm_year < 80 || day.tm_year > 80 + 127)
        day = (struct tm){.tm_year = 80, .tm_mday = 1};
    date =
        (uint32_t)(day.tm_year - 80) << 9 | (uint32_t)(day.tm_mon + 1) << 5 | (uint32_t)day.tm_mday;
    clock = (uint32_t)day.tm_hour << 11 | (uint32_t)day.tm_min << 5 | (uint32_t)day.tm_sec / 2;
    fat_put16(entry + 14, clock);
    fat_put16(entry + 16, date);
    fat_put16(entry + 18, date);
    fat_put16(entry + 22, clock);
    fat_put16(entry + 24, date);
}

static void fill_entry(uint8_t *entry, const uint8_t name[11], uint8_t attributes, uint32_t first,
                       uint32_t size_bytes, time_t now)
{
    memset(entry, 0, FAT_ENTRY_BYTES);
    memcpy(entry, name, 11);
    entry[11] = attributes;
    put_time(entry, now);
    fat_put16(entry + 20, first >> 16);
    fat_put16(entry + 26, first);
    fat_put32(entry + 28, size_bytes);
}

// A free entry of the folder. What stands behind the end mark is not zero on every stick, so when
// the mark itself is taken the next entry becomes the mark first, in this sector or the next one.
struct room {
    struct fat_place place; // sector 0: the folder is full
    bool is_end;
    uint32_t sector_after; // 0: none, or not needed
    uint32_t last_cluster;
};

static atl_code find_room(struct fat_volume *volume, struct fat_folder folder, struct room *out,
                          struct atl_error *err)
{
    struct fat_cursor cursor;
    uint32_t sector;

    *out = (struct room){
        {0, 0},
        false, 0, 0
    };
    fat_cursor_start(volume, folder, &cursor);
    for (;;) {
        atl_code rc = fat_cursor_next(volume, &cursor, &sector, err);

        out->last_cluster = cursor.cluster;
        if (rc || !sector)
            return rc;
        if (out->place.sector) {
            out->sector_after = sector;
            return ATL_OK;
        }
        for (uint32_t at = 0; at < volume->sector_bytes; at += FAT_ENTRY_BYTES) {
            const uint8_t *entry = volume->sector + at;

            if (entry[0] != 0 && entry[0] != DELETED)
                continue;
            out->place = (struct fat_place){sector, at};
            out->is_end = entry[0] == 0;
            if (!out->is_end || at + FAT_ENTRY_BYTES < volume->sector_bytes)
                return ATL_OK;
            break;
        }
    }
}

static atl_code write_zeros(struct fat_volume *volume, uint32_t sector, uint32_t count,
                            struct atl_error *err)
{
    memset(volume->sector, 0, volume->sector_bytes);
    for (uint32_t i = 0; i < count; i++) {
        atl_code rc = fat_write_sectors(volume, sector + i, 1, volume->sector, err);

        if (rc)
            return rc;
    }
    return ATL_OK;
}

// One more cluster for a folder: empty on the medium and ended in the table before the folder
// reaches it.
static atl_code grow(struct fat_volume *volume, uint32_t last_cluster, struct room *out,
                     struct atl_error *err)
{
    uint32_t fresh = 0;
    atl_code rc;

    rc = fat_chain_take(volume, 1, &fresh, err);
    if (!rc)
        rc = write_zeros(volume, fat_cluster_sector(volume, fresh), volume->cluster_sectors, err);
    if (!rc)
        rc = fat_table_write(volume, err);
    if (!rc)
        rc = flush(volume, err);
    if (rc)
        return rc;
    fat_entry_set(volume, last_cluster, fresh);
    *out = (struct room){
        .place = {fat_cluster_sector(volume, fresh), 0}
    };
    rc = fat_table_write(volume, err);
    return rc ? rc : flush(volume, err);
}

static atl_code fail_no_entry(struct atl_error *err)
{
    return atl_fail(err, ATL_E_FULL,
                    "its folder takes no more files: remove designs at the machine");
}

// Whether a new entry can be had at all, so that nothing is written for a file that has no place.
static atl_code check_entry_room(struct fat_volume *volume, struct fat_folder folder,
                                 struct atl_error *err)
{
    struct room room;
    atl_code rc = find_room(volume, folder, &room, err);

    return !rc && !room.place.sector && !room.last_cluster ? fail_no_entry(err) : rc;
}

static atl_code add_entry(struct fat_volume *volume, struct fat_folder folder,
                          const uint8_t entry[FAT_ENTRY_BYTES], struct atl_error *err)
{
    struct room room;
    atl_code rc = find_room(volume, folder, &room, err);

    if (!rc && !room.place.sector)
        rc = room.last_cluster ? grow(volume, room.last_cluster, &room, err) : fail_no_entry(err);
    if (!rc && room.sector_after)
        rc = write_zeros(volume, room.sector_after, 1, err);
    if (!rc)
        rc = fat_read_sectors(volume, room.place.sector, 1, volume->sector, err);
    if (rc)
        return rc;
    if (room.is_end)
        memset(volume->sector + room.place.offset, 0, volume->sector_bytes - room.place.offset);
    memcpy(volume->sector + room.place.offset, entry, FAT_ENTRY_BYTES);
    rc = fat_write_sectors(volume, room.place.sector, 1, volume->sector, err);
    return rc ? rc : flush(volume, err);
}

// How many clusters from this one on follow each other on the medium, up to what is wanted: a stick
// takes one large write much faster than many small ones.
static uint32_t run_length(const struct fat_volume *volume, uint32_t first, size_t wanted)
{
    uint32_t length = 1;

    while (length < wanted && fat_entry(volume, first + length - 1) == first + length)
        length++;
    return length;
}

static atl_code write_run(struct fat_volume *volume, uint32_t first, const uint8_t *bytes,
                          size_t len, struct atl_error *err)
{
    uint32_t whole = (uint32_t)(len / volume->sector_bytes);
    size_t left = len % volume->sector_bytes;
    uint32_t sector = fat_cluster_sector(volume, first);
    atl_code rc = whole ? fat_write_sectors(volume, sector, whole, bytes, err) : ATL_OK;

    if (rc || !left)
        return rc;
    memset(volume->sector, 0, volume->sector_bytes);
    memcpy(volume->sector, bytes + len - left, left);
    return fat_write_sectors(volume, sector + whole, 1, volume->sector, err);
}

static atl_code write_data(struct fat_volume *volume, uint32_t first, const void *bytes, size_t len,
                           struct atl_error *err)
{
    const uint8_t *at = bytes;
    size_t size = fat_cluster_bytes(volume);

    for (uint32_t cluster = first; len;) {
        uint32_t clusters = run_length(volume, cluster, (len + size - 1) / size);
        size_t part = len < clusters * size ? len : clusters * size;
        atl_code rc = write_run(volume, cluster, at, part, err);

        if (rc)
            return rc;
        at += part;
        len -= part;
        cluster = fat_entry(volume, cluster + clusters - 1);
    }
    return ATL_OK;
}

// The entry takes the new chain in one sector; whoever reads sees the old file or the new one.
static atl_code turn_entry(struct fat_volume *volume, const struct fat_slot *slot, uint32_t first,
                           uint32_t size_bytes, time_t now, struct atl_error *err)
{
    struct fat_place place = slot->places[slot->place_count - 1];
    atl_code rc = fat_read_sectors(volume, place.sector, 1, volume->sector, err);
    uint8_t *entry = volume->sector + place.offset;

    if (rc)
        return rc;
    put_time(entry, now);
    fat_put16(entry + 20, volume->bits == 32 ? first >> 16 : 0);
    fat_put16(entry + 26, first);
    fat_put32(entry + 28, size_bytes);
    rc = fat_write_sectors(volume, place.sector, 1, volume->sector, err);
    return rc ? rc : flush(volume, err);
}

static atl_code give_back(struct fat_volume *volume, uint32_t first, struct atl_error *err)
{
    atl_code rc;

    fat_chain_free(volume, first);
    rc = fat_table_write(volume, err);
    return rc ? rc : flush(volume, err);
}

static atl_code store_chain(struct fat_volume *volume, const void *bytes, size_t len,
                            uint32_t *first, struct atl_error *err)
{
    uint32_t size = fat_cluster_bytes(volume);
    uint32_t taken = 0;
    atl_code rc = ATL_OK;

    if (len)
        rc = fat_chain_take(volume, (uint32_t)((len + size - 1) / size), &taken, err);
    if (!rc)
        rc = write_data(volume, taken, bytes, len, err);
    if (!rc)
        rc = fat_table_write(volume, err);
    if (!rc)
        rc = flush(volume, err);
    if (!rc)
        *first = taken;
    return rc;
}

atl_code fat_put(struct fat_volume *volume, struct fat_folder folder, const char *name,
                 const void *bytes, size_t len, time_t now, struct atl_error *err)
{
    struct fat_slot old = {.place_count = 0};
    uint8_t packed[11], entry[FAT_ENTRY_BYTES];
    uint32_t first = 0, old_length = 0;
    atl_code rc = pack_name(name, packed, err);

    if (!rc) {
        rc = fat_find_slot(volume, folder, name, &old, err);
        rc = rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
    }
    if (!rc && old.place_count && old.found.is_folder)
        rc = atl_fail(err, ATL_E_INVALID, "%s is a folder on it: remove it at the machine", name);
    // Before anything is written: an old file whose chain is damaged cannot be given back.
    if (!rc)
        rc = fat_chain_length(volume, old.found.first_cluster, &old_length, err);
    if (!rc && !old.place_count)
        rc = check_entry_room(volume, folder, err);
    if (!rc)
        rc = store_chain(volume, bytes, len, &first, err);
    if (rc)
        return rc;
    if (old.place_count) {
        rc = turn_entry(volume, &old, first, (uint32_t)len, now, err);
        return rc ? rc : give_back(volume, old.found.first_cluster, err);
    }
    fill_entry(entry, packed, FAT_ATTRIBUTE_ARCHIVE, first, (uint32_t)len, now);
    return add_entry(volume, folder, entry, err);
}

// "." and ".." of a folder in a cluster of its own; a parent that is the root is cluster 0.
static atl_code store_folder(struct fat_volume *volume, struct fat_folder parent, time_t now,
                             uint32_t *first, struct atl_error *err)
{
    uint32_t sector, taken = 0;
    uint32_t above = parent.cluster == volume->root_cluster ? 0 : parent.cluster;
    atl_code rc = fat_chain_take(volume, 1, &taken, err);

    if (rc)
        return rc;
    sector = fat_cluster_sector(volume, taken);
    rc = write_zeros(volume, sector, volume->cluster_sectors, err);
    fill_entry(volume->sector, (const uint8_t *)".          ", FAT_ATTRIBUTE_FOLDER, taken, 0, now);
    fill_entry(volume->sector + FAT_ENTRY_BYTES, (const uint8_t *)"..         ",
               FAT_ATTRIBUTE_FOLDER, above, 0, now);
    if (!rc)
        rc = fat_write_sectors(volume, sector, 1, volume->sector, err);
    if (!rc)
        rc = fat_table_write(volume, err);
    if (!rc)
        rc = flush(volume, err);
    if (!rc)
        *first = taken;
    return rc;
}

atl_code fat_make_folder(struct fat_volume *volume, struct fat_folder parent, const char *name,
                         time_t now, struct fat_folder *out, struct atl_error *err)
{
    uint8_t packed[11], entry[FAT_ENTRY_BYTES];
    uint32_t first = 0;
    atl_code rc = pack_name(name, packed, err);

    if (!rc)
        rc = check_entry_room(volume, parent, err);
    if (!rc)
        rc = store_folder(volume, parent, now, &first, err);
    if (rc)
        return rc;
    fill_entry(entry, packed, FAT_ATTRIBUTE_FOLDER, first, 0, now);
    rc = add_entry(volume, parent, entry, err);
    if (!rc)
        out->cluster = first;
    return rc;
}

atl_code fat_remove(struct fat_volume *volume, struct fat_folder folder, const char *name,
                    struct atl_error *err)
{
    struct fat_slot slot;
    uint32_t length;
    atl_code rc = fat_find_slot(volume, folder, name, &slot, err);

    if (!rc && slot.found.is_folder)
        rc = atl_fail(err, ATL_E_INVALID, "%s is a folder on it: remove it at the machine", name);
    if (!rc)
        rc = fat_chain_length(volume, slot.found.first_cluster, &length, err);
    // The long name goes first: without it the file is still there under its short one. Entries
    // of one sector go in one write.
    for (size_t i = 0; !rc && i < slot.place_count;) {
        uint32_t sector = slot.places[i].sector;

        rc = fat_read_sectors(volume, sector, 1, volume->sector, err);
        for (; i < slot.place_count && slot.places[i].sector == sector; i++)
            volume->sector[slot.places[i].offset] = DELETED;
        if (!rc)
            rc = fat_write_sectors(volume, sector, 1, volume->sector, err);
        if (!rc)
            rc = flush(volume, err);
    }
    return rc ? rc : give_back(volume, slot.found.first_cluster, err);
}

static atl_code compare_cluster(struct fat_volume *volume, uint32_t cluster, const uint8_t *bytes,
                                size_t len, bool *is_same, struct atl_error *err)
{
    uint32_t sectors = (uint32_t)((len + volume->sector_bytes - 1) / volume->sector_bytes);
    atl_code rc = fat_read_sectors(volume, fat_cluster_sector(volume, cluster), sectors,
                                   volume->cluster, err);

    *is_same = !rc && memcmp(volume->cluster, bytes, len) == 0;
    return rc;
}

atl_code fat_compare(struct fat_volume *volume, struct fat_folder folder, const char *name,
                     const void *bytes, size_t len, struct atl_error *err)
{
    const uint8_t *at = bytes;
    size_t size = fat_cluster_bytes(volume), left = len;
    struct fat_slot slot;
    uint32_t cluster;
    bool is_same;
    atl_code rc = fat_find_slot(volume, folder, name, &slot, err);

    if (rc)
        return rc;
    is_same = slot.found.size_bytes == len;
    for (cluster = slot.found.first_cluster; is_same && left;) {
        size_t part = left < size ? left : size;

        is_same = fat_is_cluster(volume, cluster);
        if (is_same)
            rc = compare_cluster(volume, cluster, at, part, &is_same, err);
        if (rc)
            return rc;
        at += part;
        left -= part;
        cluster = is_same ? fat_entry(volume, cluster) : 0;
    }
    if (!is_same)
        return atl_fail(err, ATL_E_IO,
                        "%s reads back as something else than was written: remove it at the "
                        "machine, and take another stick",
                        name);
    return ATL_OK;
}

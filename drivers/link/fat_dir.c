// SPDX-License-Identifier: Apache-2.0
// Folders: their sectors one after the other, their entries with short and long names.
#include "drivers/link/fat_parts.h"

#include <string.h>
#include <strings.h>

enum {
    DELETED = 0xe5,
    LONG_LAST = 0x40,
    LONG_LETTERS = 13,
};

void fat_cursor_start(struct fat_volume *volume, struct fat_folder folder,
                      struct fat_cursor *cursor)
{
    uint32_t cluster = folder.cluster;

    if (!cluster && volume->bits == 32)
        cluster = volume->root_cluster;
    *cursor = (struct fat_cursor){.cluster = cluster};
    if (!cluster) {
        cursor->sector = volume->root_start;
        cursor->left = volume->root_sectors;
    } else if (fat_is_cluster(volume, cluster)) {
        cursor->sector = fat_cluster_sector(volume, cluster);
        cursor->left = volume->cluster_sectors;
        cursor->walked = 1;
    }
}

atl_code fat_cursor_next(struct fat_volume *volume, struct fat_cursor *cursor, uint32_t *at,
                         struct atl_error *err)
{
    uint32_t limit = FAT_FOLDER_BYTES_MAX / fat_cluster_bytes(volume) + 1;

    *at = 0;
    if (!cursor->left && cursor->cluster) {
        uint32_t next = cursor->walked ? fat_entry(volume, cursor->cluster) : FAT_BAD;

        if (next == FAT_END)
            return ATL_OK;
        if (!fat_is_cluster(volume, next) || ++cursor->walked > limit)
            return fat_fail_damaged(err, "a folder has no end");
        cursor->cluster = next;
        cursor->sector = fat_cluster_sector(volume, next);
        cursor->left = volume->cluster_sectors;
    }
    if (!cursor->left)
        return ATL_OK;
    cursor->left--;
    *at = cursor->sector++;
    return fat_read_sectors(volume, *at, 1, volume->sector, err);
}

static uint8_t checksum(const uint8_t *short_name)
{
    unsigned sum = 0;

    for (size_t i = 0; i < 11; i++)
        sum = (((sum & 1) << 7 | sum >> 1) + short_name[i]) & 0xff;
    return (uint8_t)sum;
}

static char shown(uint32_t letter)
{
    return letter >= ' ' && letter <= '~' ? (char)letter : '?';
}

static size_t take_part(char *out, size_t len, const uint8_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[len + i] = shown(from[i]);
    len += count;
    while (len && out[len - 1] == ' ')
        len--;
    return len;
}

// In capitals, as it is stored: names that differ in case only are the same name.
static void take_short_name(struct fat_found *found, const uint8_t *entry)
{
    size_t len = take_part(found->name, 0, entry, 8);

    if (memcmp(entry + 8, "   ", 3) != 0) {
        found->name[len++] = '.';
        len = take_part(found->name, len, entry + 8, 3);
    }
    found->name[len] = 0;
}

// The long name's entries stand in front of the short one, the name's end first.
struct long_name {
    uint8_t sum;
    uint8_t next; // number of the entry that must follow; 0: complete
    size_t count; // entries
    char text[FAT_LONG_ENTRIES_MAX * LONG_LETTERS + 1];
};

static void take_long_part(struct long_name *name, const uint8_t *entry)
{
    static const uint8_t places[LONG_LETTERS] = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
    unsigned number = entry[0] & 0x3f;

    if (entry[0] & LONG_LAST) {
        *name = (struct long_name){.sum = entry[13], .next = (uint8_t)number};
        if (!number || number > FAT_LONG_ENTRIES_MAX)
            *name = (struct long_name){0};
    }
    if (!name->next || number != name->next || entry[13] != name->sum) {
        *name = (struct long_name){0};
        return;
    }
    for (size_t i = 0; i < LONG_LETTERS; i++) {
        uint32_t letter = fat_get16(entry + places[i]);

        name->text[(number - 1) * LONG_LETTERS + i] =
            letter == 0 || letter == 0xffff ? 0 : shown(letter);
    }
    name->count++;
    name->next = (uint8_t)(number - 1);
}

static void take_entry(struct fat_slot *slot, const struct long_name *name, const uint8_t *entry)
{
    struct fat_found *found = &slot->found;
    bool has_long = name->count && !name->next && name->sum == checksum(entry);
    struct fat_place self = slot->places[slot->place_count - 1];
    size_t longs = has_long ? name->count : 0;

    take_short_name(found, entry);
    found->long_name[0] = 0;
    if (has_long)
        memcpy(found->long_name, name->text, sizeof name->text);
    found->is_folder = (entry[11] & FAT_ATTRIBUTE_FOLDER) != 0;
    found->first_cluster = fat_get16(entry + 20) << 16 | fat_get16(entry + 26);
    found->size_bytes = fat_get32(entry + 28);
    // Only the long entries that belong to it, which are the last ones seen.
    memmove(slot->places, slot->places + (slot->place_count - 1 - longs),
            longs * sizeof slot->places[0]);
    slot->places[longs] = self;
    slot->place_count = longs + 1;
}

static void remember(struct fat_slot *slot, uint32_t sector, uint32_t offset)
{
    if (slot->place_count > FAT_LONG_ENTRIES_MAX) {
        memmove(slot->places, slot->places + 1, FAT_LONG_ENTRIES_MAX * sizeof slot->places[0]);
        slot->place_count = FAT_LONG_ENTRIES_MAX;
    }
    slot->places[slot->place_count++] = (struct fat_place){sector, offset};
}

struct walk {
    struct fat_slot slot;
    struct long_name name;
    bool is_over;
};

static void step(struct fat_volume *volume, struct walk *walk, uint32_t sector, uint32_t offset,
                 bool (*visit)(void *context, const struct fat_slot *slot), void *context)
{
    uint8_t entry[FAT_ENTRY_BYTES];

    memcpy(entry, volume->sector + offset, sizeof entry);
    if (entry[0] == 0) {
        walk->is_over = true;
        return;
    }
    if (entry[0] != DELETED && (entry[11] & 0x3f) == FAT_ATTRIBUTES_LONG_NAME) {
        take_long_part(&walk->name, entry);
        remember(&walk->slot, sector, offset);
        return;
    }
    if (entry[0] != DELETED && entry[0] != '.' && !(entry[11] & FAT_ATTRIBUTE_LABEL)) {
        remember(&walk->slot, sector, offset);
        if (entry[0] == 0x05) // how an E5 that is a letter is written
            entry[0] = DELETED;
        take_entry(&walk->slot, &walk->name, entry);
        if (volume->bits != 32)
            walk->slot.found.first_cluster &= 0xffff;
        walk->is_over = !visit(context, &walk->slot);
    }
    walk->slot.place_count = 0;
    walk->name = (struct long_name){0};
}

atl_code fat_walk(struct fat_volume *volume, struct fat_folder folder,
                  bool (*visit)(void *context, const struct fat_slot *slot), void *context,
                  struct atl_error *err)
{
    struct walk walk = {0};
    struct fat_cursor cursor;
    uint32_t sector;

    fat_cursor_start(volume, folder, &cursor);
    while (!walk.is_over) {
        atl_code rc = fat_cursor_next(volume, &cursor, &sector, err);

        if (rc || !sector)
            return rc;
        for (uint32_t at = 0; !walk.is_over && at < volume->sector_bytes; at += FAT_ENTRY_BYTES)
            step(volume, &walk, sector, at, visit, context);
    }
    return ATL_OK;
}

struct listing {
    bool (*visit)(void *context, const struct fat_found *found);
    void *context;
};

static bool list_one(void *context, const struct fat_slot *slot)
{
    const struct listing *listing = context;

    return listing->visit(listing->context, &slot->found);
}

atl_code fat_list(struct fat_volume *volume, struct fat_folder folder,
                  bool (*visit)(void *context, const struct fat_found *found), void *context,
                  struct atl_error *err)
{
    struct listing listing = {visit, context};

    return fat_walk(volume, folder, list_one, &listing, err);
}

struct wanted {
    const char *name;
    struct fat_slot *out;
    bool is_found;
};

static bool is_wanted(void *context, const struct fat_slot *slot)
{
    struct wanted *wanted = context;

    wanted->is_found = strcasecmp(slot->found.name, wanted->name) == 0 ||
                       strcasecmp(slot->found.long_name, wanted->name) == 0;
    if (wanted->is_found)
        *wanted->out = *slot;
    return !wanted->is_found;
}

atl_code fat_find_slot(struct fat_volume *volume, struct fat_folder folder, const char *name,
                       struct fat_slot *out, struct atl_error *err)
{
    struct fat_slot slot;
    struct wanted wanted = {.name = name, .out = &slot};
    atl_code rc = fat_walk(volume, folder, is_wanted, &wanted, err);

    if (!rc && !wanted.is_found)
        rc = atl_fail(err, ATL_E_NOT_FOUND, "%s is not on it", name);
    if (!rc)
        *out = slot;
    return rc;
}

atl_code fat_find(struct fat_volume *volume, struct fat_folder folder, const char *name,
                  struct fat_found *out, struct atl_error *err)
{
    struct fat_slot slot;
    atl_code rc = fat_find_slot(volume, folder, name, &slot, err);

    if (!rc)
        *out = slot.found;
    return rc;
}

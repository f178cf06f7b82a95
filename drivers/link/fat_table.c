// SPDX-License-Identifier: Apache-2.0
// The allocation table, held in memory: entries of three widths, chains, and writing back.
#include "drivers/link/fat_parts.h"

#include <string.h>

static const struct width {
    unsigned bits;
    uint32_t mask;
    uint32_t bad;
    uint32_t end;   // this and above
    uint32_t clean; // in entry 1; 0: not noted there
    uint32_t sound;
} widths[] = {
    {12, 0xfff,      0xff7,      0xff8,      0,          0         },
    {16, 0xffff,     0xfff7,     0xfff8,     0x8000,     0x4000    },
    {32, 0x0fffffff, 0x0ffffff7, 0x0ffffff8, 0x08000000, 0x04000000},
};

static const struct width *width_of(const struct fat_volume *volume)
{
    return &widths[volume->bits == 12 ? 0 : volume->bits == 16 ? 1 : 2];
}

uint32_t fat_get16(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

uint32_t fat_get32(const uint8_t *at)
{
    return fat_get16(at) | fat_get16(at + 2) << 16;
}

void fat_put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

void fat_put32(uint8_t *at, uint32_t value)
{
    fat_put16(at, value);
    fat_put16(at + 2, value >> 16);
}

static size_t offset_of(const struct fat_volume *volume, uint32_t cluster)
{
    return (size_t)cluster * volume->bits / 8;
}

static uint32_t raw_entry(const struct fat_volume *volume, uint32_t cluster)
{
    const uint8_t *at = volume->table + offset_of(volume, cluster);

    if (volume->bits == 32)
        return fat_get32(at);
    if (volume->bits == 16)
        return fat_get16(at);
    return fat_get16(at) >> (cluster % 2 ? 4 : 0) & 0xfff;
}

static void set_raw_entry(struct fat_volume *volume, uint32_t cluster, uint32_t value)
{
    size_t offset = offset_of(volume, cluster);
    uint8_t *at = volume->table + offset;
    size_t last = offset + (volume->bits == 32 ? 3 : 1);

    if (volume->bits == 32)
        fat_put32(at, value);
    else if (volume->bits == 16)
        fat_put16(at, value);
    else if (cluster % 2)
        fat_put16(at, (fat_get16(at) & 0x000f) | value << 4);
    else
        fat_put16(at, (fat_get16(at) & 0xf000) | value);
    volume->is_touched[offset / volume->sector_bytes] = true;
    volume->is_touched[last / volume->sector_bytes] = true;
}

bool fat_is_cluster(const struct fat_volume *volume, uint32_t cluster)
{
    return cluster >= FAT_FIRST_CLUSTER && cluster - FAT_FIRST_CLUSTER < volume->cluster_count;
}

uint32_t fat_entry(const struct fat_volume *volume, uint32_t cluster)
{
    const struct width *width = width_of(volume);
    uint32_t value = raw_entry(volume, cluster) & width->mask;

    if (value == FAT_FREE)
        return FAT_FREE;
    if (value >= width->end)
        return FAT_END;
    return fat_is_cluster(volume, value) ? value : FAT_BAD;
}

void fat_entry_set(struct fat_volume *volume, uint32_t cluster, uint32_t value)
{
    const struct width *width = width_of(volume);
    uint32_t kept = raw_entry(volume, cluster) & ~width->mask; // the upper four of 32 are not ours
    uint32_t before = fat_entry(volume, cluster);

    if (before == FAT_FREE && value != FAT_FREE)
        volume->free_count--;
    if (before != FAT_FREE && value == FAT_FREE)
        volume->free_count++;
    set_raw_entry(volume, cluster, (volume->bits == 32 ? kept : 0) | (value & width->mask));
}

static bool is_noted(const struct fat_volume *volume, uint32_t bit)
{
    return !bit || (raw_entry(volume, 1) & bit);
}

bool fat_is_noted_clean(const struct fat_volume *volume)
{
    return is_noted(volume, width_of(volume)->clean);
}

bool fat_is_noted_sound(const struct fat_volume *volume)
{
    return is_noted(volume, width_of(volume)->sound);
}

void fat_note_clean(struct fat_volume *volume, bool is_clean)
{
    uint32_t bit = width_of(volume)->clean;
    uint32_t value = raw_entry(volume, 1);

    if (bit && is_noted(volume, bit) != is_clean)
        set_raw_entry(volume, 1, is_clean ? value | bit : value & ~bit);
}

atl_code fat_table_write(struct fat_volume *volume, struct atl_error *err)
{
    for (uint32_t copy = 0; copy < volume->table_copies; copy++) {
        uint32_t start = volume->table_start + copy * volume->table_sectors;

        if (!volume->is_mirrored && copy != volume->table_active)
            continue;
        for (uint32_t i = 0; i < volume->used_sectors; i++) {
            const uint8_t *bytes = volume->table + (size_t)i * volume->sector_bytes;
            atl_code rc = ATL_OK;

            if (volume->is_touched[i])
                rc = fat_write_sectors(volume, start + i, 1, bytes, err);
            if (rc)
                return rc;
        }
    }
    memset(volume->is_touched, 0, volume->used_sectors * sizeof *volume->is_touched);
    return ATL_OK;
}

atl_code fat_chain_length(const struct fat_volume *volume, uint32_t first, uint32_t *out,
                          struct atl_error *err)
{
    uint32_t length = 0;

    for (uint32_t at = first; first && at != FAT_END; at = fat_entry(volume, at)) {
        if (!fat_is_cluster(volume, at) || fat_entry(volume, at) == FAT_FREE)
            return fat_fail_damaged(err, "a file leaves what belongs to it");
        if (++length > volume->cluster_count)
            return fat_fail_damaged(err, "a file runs in a circle");
    }
    *out = length;
    return ATL_OK;
}

atl_code fat_chain_take(struct fat_volume *volume, uint32_t count, uint32_t *first,
                        struct atl_error *err)
{
    uint32_t at = volume->next_free;
    uint32_t previous = 0;

    if (count > volume->free_count)
        return atl_fail(err, ATL_E_FULL,
                        "it is full: remove designs at the machine, or take another stick");
    for (uint32_t taken = 0; taken < count; at++) {
        if (!fat_is_cluster(volume, at))
            at = FAT_FIRST_CLUSTER;
        if (fat_entry(volume, at) != FAT_FREE)
            continue;
        fat_entry_set(volume, at, FAT_END);
        if (previous)
            fat_entry_set(volume, previous, at);
        else
            *first = at;
        previous = at;
        taken++;
    }
    volume->next_free = at;
    return ATL_OK;
}

void fat_chain_free(struct fat_volume *volume, uint32_t first)
{
    uint32_t at = first;

    while (fat_is_cluster(volume, at)) {
        uint32_t next = fat_entry(volume, at);

        if (next == FAT_FREE)
            return;
        fat_entry_set(volume, at, FAT_FREE);
        at = next;
    }
}

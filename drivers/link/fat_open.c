// SPDX-License-Identifier: Apache-2.0
// Finds the volume on a disk, believes its boot sector as far as the sizes agree, and loads the
// allocation table.
#include "drivers/link/fat_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    PARTITIONS = 446,
    PARTITION_BYTES = 16,
    PARTITION_COUNT = 4,
    READ_BYTES_MAX = 64 * 1024,
    STATE_DIRTY = 1,
    STATE_ERRORS = 2,
};

atl_code fat_fail_damaged(struct atl_error *err, const char *what)
{
    return atl_fail(err, ATL_E_UNSUPPORTED,
                    "it has to be repaired first, %s: let the machine format it, or a computer "
                    "check it",
                    what);
}

static bool fits(const struct fat_volume *volume, uint32_t sector, uint32_t count)
{
    return sector <= volume->sector_count && count <= volume->sector_count - sector;
}

atl_code fat_read_sectors(struct fat_volume *volume, uint32_t sector, uint32_t count, void *out,
                          struct atl_error *err)
{
    uint32_t blocks = volume->sector_bytes / volume->disk->block_bytes;

    if (!fits(volume, sector, count))
        return fat_fail_damaged(err, "it points beyond its own end");
    return volume->disk->read(volume->disk, volume->start_block + (uint64_t)sector * blocks,
                              count * blocks, out, err);
}

atl_code fat_write_sectors(struct fat_volume *volume, uint32_t sector, uint32_t count,
                           const void *bytes, struct atl_error *err)
{
    uint32_t blocks = volume->sector_bytes / volume->disk->block_bytes;

    if (!fits(volume, sector, count))
        return fat_fail_damaged(err, "it points beyond its own end");
    return volume->disk->write(volume->disk, volume->start_block + (uint64_t)sector * blocks,
                               count * blocks, bytes, err);
}

uint32_t fat_cluster_sector(const struct fat_volume *volume, uint32_t cluster)
{
    return volume->data_start + (cluster - FAT_FIRST_CLUSTER) * volume->cluster_sectors;
}

static bool is_power_of_two(uint32_t value)
{
    return value && !(value & (value - 1));
}

// A boot sector of FAT, as far as one sector can say.
static bool is_boot_sector(const uint8_t *boot)
{
    uint32_t bytes = fat_get16(boot + 11);

    return fat_get16(boot + 510) == 0xaa55 && is_power_of_two(bytes) && bytes >= 512 &&
           bytes <= 4096 && is_power_of_two(boot[13]) && fat_get16(boot + 14) && boot[16] >= 1 &&
           boot[16] <= 4 && boot[21] >= 0xf0 && memcmp(boot + 3, "EXFAT   ", 8) != 0 &&
           memcmp(boot + 3, "NTFS    ", 8) != 0;
}

static atl_code fail_foreign(const uint8_t *boot, struct atl_error *err)
{
    static const struct {
        size_t at;
        const char *magic;
        const char *name;
    } kinds[] = {
        {3, "EXFAT   ", "exFAT"},
        {3, "NTFS    ", "NTFS" },
        {0, "EFI PART", "GPT"  },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (memcmp(boot + kinds[i].at, kinds[i].magic, 8) == 0)
            return atl_fail(err, ATL_E_UNSUPPORTED,
                            "it is formatted as %s, which the machine does not read: let the "
                            "machine format it, or format it as FAT32",
                            kinds[i].name);
    }
    return atl_fail(err, ATL_E_UNSUPPORTED,
                    "there is no FAT file system on it: let the machine format it, or format it "
                    "as FAT32");
}

static bool is_fat_partition(uint8_t kind)
{
    return memchr("\x01\x04\x06\x0b\x0c\x0e", kind, 6) != NULL;
}

// The boot sector of the volume is in `block` when this returns ATL_OK.
static atl_code find_start(struct fat_disk *disk, uint8_t *block, uint64_t *start,
                           struct atl_error *err)
{
    uint8_t partitions[PARTITIONS + PARTITION_COUNT * PARTITION_BYTES];
    atl_code rc = disk->read(disk, 0, 1, block, err);
    bool was_gpt = false;

    *start = 0;
    if (rc || is_boot_sector(block))
        return rc;
    if (fat_get16(block + 510) != 0xaa55)
        return fail_foreign(block, err);
    memcpy(partitions, block, sizeof partitions);
    // The first one with a known kind counts, as it does for everybody; kind 07 is looked at so
    // that the sentence says what it is.
    for (size_t i = 0; i < PARTITION_COUNT; i++) {
        const uint8_t *row = partitions + PARTITIONS + i * PARTITION_BYTES;
        uint32_t first = fat_get32(row + 8);

        was_gpt |= row[4] == 0xee;
        if ((!is_fat_partition(row[4]) && row[4] != 0x07) || !first || first >= disk->block_count)
            continue;
        rc = disk->read(disk, first, 1, block, err);
        if (rc)
            return rc;
        *start = first;
        return is_boot_sector(block) ? ATL_OK : fail_foreign(block, err);
    }
    return was_gpt ? fail_foreign((const uint8_t *)"EFI PART   ", err) : fail_foreign(block, err);
}

static atl_code fail_sizes(struct atl_error *err)
{
    return atl_fail(err, ATL_E_CORRUPT,
                    "the sizes in its boot sector contradict each other: let the machine format "
                    "it, or format it as FAT32");
}

// FAT32 is what has no 16 bit table size: this is how Linux and the machines tell, not by the
// number of clusters alone.
static void take_kind(struct fat_volume *volume, const uint8_t *boot)
{
    volume->bits = !fat_get16(boot + 22) ? 32 : volume->cluster_count < 4085 ? 12 : 16;
    volume->is_mirrored = true;
    if (volume->bits == 32) {
        uint32_t flags = fat_get16(boot + 40);

        volume->is_mirrored = !(flags & 0x80);
        volume->table_active = flags & 0x80 ? flags & 0x0f : 0;
        volume->root_cluster = fat_get32(boot + 44);
        volume->info_sector = fat_get16(boot + 48);
        if (volume->info_sector == 0xffff || volume->info_sector >= volume->table_start)
            volume->info_sector = 0;
    }
    memcpy(volume->label, boot + (volume->bits == 32 ? 71 : 43), FAT_LABEL_CAP - 1);
    for (size_t i = FAT_LABEL_CAP - 1; i > 0 && strchr(" ", volume->label[i - 1]); i--)
        volume->label[i - 1] = 0;
    for (char *at = volume->label; *at; at++) {
        if (*at < ' ' || *at > '~')
            *at = '?';
    }
}

static atl_code take_sizes(struct fat_volume *volume, const uint8_t *boot, struct atl_error *err)
{
    const struct fat_disk *disk = volume->disk;
    uint32_t root_entries = fat_get16(boot + 17);
    uint32_t sectors = fat_get16(boot + 19) ? fat_get16(boot + 19) : fat_get32(boot + 32);
    uint64_t data, blocks;

    volume->sector_bytes = fat_get16(boot + 11);
    volume->cluster_sectors = boot[13];
    volume->table_start = fat_get16(boot + 14);
    volume->table_copies = boot[16];
    volume->table_sectors = fat_get16(boot + 22) ? fat_get16(boot + 22) : fat_get32(boot + 36);
    volume->sector_count = sectors;
    if (volume->sector_bytes < disk->block_bytes)
        return fail_sizes(err);
    blocks = (uint64_t)sectors * (volume->sector_bytes / disk->block_bytes);
    volume->root_sectors =
        (root_entries * FAT_ENTRY_BYTES + volume->sector_bytes - 1) / volume->sector_bytes;
    data = (uint64_t)volume->table_start + (uint64_t)volume->table_copies * volume->table_sectors;
    if (!volume->table_sectors || !sectors || blocks > disk->block_count - volume->start_block ||
        data + volume->root_sectors >= sectors)
        return fail_sizes(err);
    volume->root_start = (uint32_t)data;
    volume->data_start = (uint32_t)data + volume->root_sectors;
    volume->cluster_count = (sectors - volume->data_start) / volume->cluster_sectors;
    return ATL_OK;
}

// Clusters that the table has no entry for do not exist.
static atl_code limit_clusters(struct fat_volume *volume, struct atl_error *err)
{
    uint64_t table_bytes = (uint64_t)volume->table_sectors * volume->sector_bytes;
    uint64_t entries = table_bytes * 8 / volume->bits;
    uint64_t used;

    if (entries < FAT_FIRST_CLUSTER + 1 || !volume->cluster_count ||
        volume->table_active >= volume->table_copies)
        return fail_sizes(err);
    if (volume->cluster_count > entries - FAT_FIRST_CLUSTER)
        volume->cluster_count = (uint32_t)(entries - FAT_FIRST_CLUSTER);
    if (volume->bits == 32 ? !fat_is_cluster(volume, volume->root_cluster) : !volume->root_sectors)
        return fail_sizes(err);
    used = ((uint64_t)volume->cluster_count + FAT_FIRST_CLUSTER) * volume->bits / 8 + 2;
    if (used > table_bytes)
        used = table_bytes;
    if (used > FAT_TABLE_BYTES_MAX)
        return atl_fail(err, ATL_E_UNSUPPORTED,
                        "it is too large for a machine: take a stick of 32 GB or less");
    volume->used_sectors = (uint32_t)((used + volume->sector_bytes - 1) / volume->sector_bytes);
    return ATL_OK;
}

static atl_code load_table(struct fat_volume *volume, struct atl_error *err)
{
    uint32_t start = volume->table_start + volume->table_active * volume->table_sectors;
    uint32_t piece = READ_BYTES_MAX / volume->sector_bytes;
    size_t cluster_bytes = (size_t)volume->cluster_sectors * volume->sector_bytes;

    // Three bytes more: the last entry is read with its neighbour.
    volume->table = calloc((size_t)volume->used_sectors * volume->sector_bytes + 4, 1);
    volume->is_touched = calloc(volume->used_sectors + 1, sizeof *volume->is_touched);
    volume->sector = calloc(1, volume->sector_bytes);
    volume->cluster = calloc(1, cluster_bytes);
    if (!volume->table || !volume->is_touched || !volume->sector || !volume->cluster)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for the table of a volume");
    for (uint32_t at = 0; at < volume->used_sectors; at += piece) {
        uint32_t left = volume->used_sectors - at;
        atl_code rc = fat_read_sectors(volume, start + at, left < piece ? left : piece,
                                       volume->table + (size_t)at * volume->sector_bytes, err);

        if (rc)
            return rc;
    }
    volume->next_free = FAT_FIRST_CLUSTER;
    for (uint32_t i = 0; i < volume->cluster_count; i++)
        volume->free_count += fat_entry(volume, FAT_FIRST_CLUSTER + i) == FAT_FREE;
    return ATL_OK;
}

static atl_code look_at_state(struct fat_volume *volume, uint8_t state, struct atl_error *err)
{
    uint32_t lost = 0;
    atl_code rc;

    if ((state & STATE_ERRORS) || !fat_is_noted_sound(volume))
        return fat_fail_damaged(err, "errors are noted on it");
    if (!(state & STATE_DIRTY) && fat_is_noted_clean(volume))
        return ATL_OK;
    rc = fat_check(volume, &lost, err);
    // Nothing was lost and nothing is wrong: then it may be marked clean in the end.
    volume->was_dirty = lost > 0;
    return rc;
}

static atl_code fill(struct fat_volume *volume, uint8_t *block, struct atl_error *err)
{
    atl_code rc = find_start(volume->disk, block, &volume->start_block, err);

    if (!rc)
        rc = take_sizes(volume, block, err);
    if (rc)
        return rc;
    take_kind(volume, block);
    rc = limit_clusters(volume, err);
    if (!rc)
        rc = load_table(volume, err);
    return rc ? rc : look_at_state(volume, block[volume->bits == 32 ? 65 : 37], err);
}

atl_code fat_open(struct fat_disk *disk, struct fat_volume **out, struct atl_error *err)
{
    struct fat_volume *volume = NULL;
    uint8_t *block = NULL;
    atl_code rc;

    if (disk->block_bytes < 512 || disk->block_bytes > 4096 ||
        !is_power_of_two(disk->block_bytes) || !disk->block_count)
        return atl_fail(err, ATL_E_UNSUPPORTED, "it has blocks of %u bytes: take another stick",
                        (unsigned)disk->block_bytes);
    volume = calloc(1, sizeof *volume);
    block = calloc(1, disk->block_bytes);
    if (volume && block) {
        volume->disk = disk;
        rc = fill(volume, block, err);
    } else {
        rc = atl_fail(err, ATL_E_NOMEM, "out of memory for a volume");
    }
    free(block);
    if (rc) {
        fat_close(volume);
        return rc;
    }
    *out = volume;
    return ATL_OK;
}

void fat_close(struct fat_volume *volume)
{
    if (!volume)
        return;
    free(volume->table);
    free(volume->is_touched);
    free(volume->sector);
    free(volume->cluster);
    free(volume);
}

unsigned fat_bits(const struct fat_volume *volume)
{
    return volume->bits;
}

void fat_label(const struct fat_volume *volume, char out[FAT_LABEL_CAP])
{
    memcpy(out, volume->label, FAT_LABEL_CAP);
}

uint32_t fat_cluster_bytes(const struct fat_volume *volume)
{
    return volume->cluster_sectors * volume->sector_bytes;
}

uint64_t fat_free_bytes(const struct fat_volume *volume)
{
    return (uint64_t)volume->free_count * fat_cluster_bytes(volume);
}

bool fat_was_dirty(const struct fat_volume *volume)
{
    return volume->was_dirty;
}

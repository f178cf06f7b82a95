// SPDX-License-Identifier: Apache-2.0
// What the parts of the FAT writer share; nobody else includes it.
#ifndef ATL_DRIVERS_LINK_FAT_PARTS_H
#define ATL_DRIVERS_LINK_FAT_PARTS_H

#include "drivers/link/fat.h"

enum {
    FAT_ENTRY_BYTES = 32,
    FAT_LONG_ENTRIES_MAX = 20,
    FAT_FOLDER_BYTES_MAX = 65536 * FAT_ENTRY_BYTES,
    FAT_TABLE_BYTES_MAX = 64 * 1024 * 1024, // FAT32 of 16 million clusters
    FAT_FIRST_CLUSTER = 2,
    FAT_ATTRIBUTE_LABEL = 0x08,
    FAT_ATTRIBUTE_FOLDER = 0x10,
    FAT_ATTRIBUTE_ARCHIVE = 0x20,
    FAT_ATTRIBUTES_LONG_NAME = 0x0f,
};

// What an entry of the table says, whatever its width.
#define FAT_FREE 0u
#define FAT_BAD  0xfffffff0u
#define FAT_END  0xffffffffu

struct fat_volume {
    struct fat_disk *disk; // borrowed
    uint64_t start_block;
    uint32_t sector_bytes;
    uint32_t sector_count;
    uint32_t cluster_sectors;
    uint32_t table_start; // sectors, as all that follow
    uint32_t table_sectors;
    uint32_t table_copies;
    uint32_t table_active; // 0 and is_mirrored, or the one copy that counts
    bool is_mirrored;
    uint32_t root_start; // the root of FAT12 and FAT16
    uint32_t root_sectors;
    uint32_t root_cluster; // of FAT32
    uint32_t data_start;
    uint32_t info_sector; // FAT32's counts; 0: none
    uint32_t cluster_count;
    unsigned bits;
    char label[FAT_LABEL_CAP];
    bool was_dirty;
    uint32_t free_count;
    uint32_t next_free; // where to look first

    uint8_t *table;        // owned: the active copy, as far as clusters go
    bool *is_touched;      // owned: by sector of the table, differs from the disk
    uint32_t used_sectors; // sectors of `table`
    uint8_t *sector;       // owned: one, for read, change, write
    uint8_t *cluster;      // owned: one, for walks and data
};

uint32_t fat_get16(const uint8_t *at);
uint32_t fat_get32(const uint8_t *at);
void fat_put16(uint8_t *at, uint32_t value);
void fat_put32(uint8_t *at, uint32_t value);

atl_code fat_read_sectors(struct fat_volume *volume, uint32_t sector, uint32_t count, void *out,
                          struct atl_error *err);
atl_code fat_write_sectors(struct fat_volume *volume, uint32_t sector, uint32_t count,
                           const void *bytes, struct atl_error *err);
uint32_t fat_cluster_sector(const struct fat_volume *volume, uint32_t cluster);
bool fat_is_cluster(const struct fat_volume *volume, uint32_t cluster);
atl_code fat_fail_damaged(struct atl_error *err, const char *what);

// The table in memory.
uint32_t fat_entry(const struct fat_volume *volume, uint32_t cluster);
void fat_entry_set(struct fat_volume *volume, uint32_t cluster, uint32_t value);
atl_code fat_table_write(struct fat_volume *volume, struct atl_error *err);
// The raw bits of entry 1, where cleanness is noted. 12 bits have none.
bool fat_is_noted_clean(const struct fat_volume *volume);
bool fat_is_noted_sound(const struct fat_volume *volume);
void fat_note_clean(struct fat_volume *volume, bool is_clean);
// The chain's length, 0 for none. ATL_E_UNSUPPORTED: it leaves the disk, ends in a free cluster
// or runs in a circle.
atl_code fat_chain_length(const struct fat_volume *volume, uint32_t first, uint32_t *out,
                          struct atl_error *err);
// Links `count` free clusters, in memory only. ATL_E_FULL leaves the table as it was.
atl_code fat_chain_take(struct fat_volume *volume, uint32_t count, uint32_t *first,
                        struct atl_error *err);
void fat_chain_free(struct fat_volume *volume, uint32_t first);

// One sector of a folder after the other. cluster 0: the fixed root.
struct fat_cursor {
    uint32_t cluster; // 0: the fixed root
    uint32_t sector;  // the next one to read
    uint32_t left;    // sectors left in this cluster or root
    uint32_t walked;  // clusters
    bool has_ended;
};
void fat_cursor_start(struct fat_volume *volume, struct fat_folder folder,
                      struct fat_cursor *cursor);
// Reads the next sector into volume->sector and sets *at; *at is 0 when the folder has no more.
atl_code fat_cursor_next(struct fat_volume *volume, struct fat_cursor *cursor, uint32_t *at,
                         struct atl_error *err);

struct fat_place {
    uint32_t sector;
    uint32_t offset;
};

// A file's entries with their places, the long name's first.
struct fat_slot {
    struct fat_found found;
    struct fat_place places[FAT_LONG_ENTRIES_MAX + 1];
    size_t place_count; // the last one is the short entry
};

// Calls visit for each, until it returns false.
atl_code fat_walk(struct fat_volume *volume, struct fat_folder folder,
                  bool (*visit)(void *context, const struct fat_slot *slot), void *context,
                  struct atl_error *err);
atl_code fat_find_slot(struct fat_volume *volume, struct fat_folder folder, const char *name,
                       struct fat_slot *out, struct atl_error *err);

#endif

// SPDX-License-Identifier: Apache-2.0
// FAT12, FAT16 and FAT32 on a disk that nobody has mounted: enough to find a folder, see what is
// in it, and write, replace and remove small files with 8.3 names. Long names of others are read,
// kept, and removed only together with their file.
//
// What is on the disk is somebody else's: sizes, chains and entries are believed as far as they
// were checked, and every walk has an end.
//
// Order of writes. Where there is an arrow the disk is asked to write down what it has cached:
//
//     mark dirty -> data into free clusters, then their chain -> the folder's entry, one sector
//     -> old chains freed -> mark clean ->
//
// A cable pulled at any byte therefore leaves the file missing or whole, the dirty mark, and at
// worst clusters that belong to nobody.
#ifndef ATL_DRIVERS_LINK_FAT_H
#define ATL_DRIVERS_LINK_FAT_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

// Whole blocks of some medium.
struct fat_disk {
    uint32_t block_bytes; // 512, 1024, 2048 or 4096
    uint64_t block_count;
    void *context;
    atl_code (*read)(struct fat_disk *disk, uint64_t block, uint32_t count, void *out,
                     struct atl_error *err);
    atl_code (*write)(struct fat_disk *disk, uint64_t block, uint32_t count, const void *bytes,
                      struct atl_error *err);
    // What was written before is on the medium before what is written after.
    atl_code (*flush)(struct fat_disk *disk, struct atl_error *err);
};

struct fat_volume;

enum { FAT_LABEL_CAP = 12 };

// The whole disk ("superfloppy") or the first FAT partition of its MBR. The caller owns *out and
// ends it with fat_close(); the disk must live as long. Writes nothing.
// ATL_E_UNSUPPORTED: exFAT, NTFS, GPT, no file system, noted errors, or a dirty volume on which
// two files share a cluster. ATL_E_CORRUPT: its sizes contradict each other.
ATL_MUST_USE atl_code fat_open(struct fat_disk *disk, struct fat_volume **out,
                               struct atl_error *err);
void fat_close(struct fat_volume *volume);

unsigned fat_bits(const struct fat_volume *volume); // 12, 16 or 32
void fat_label(const struct fat_volume *volume, char out[FAT_LABEL_CAP]);
uint64_t fat_free_bytes(const struct fat_volume *volume);
uint32_t fat_cluster_bytes(const struct fat_volume *volume);
bool fat_was_dirty(const struct fat_volume *volume);

// A folder by its first cluster; 0 is the root.
struct fat_folder {
    uint32_t cluster;
};

struct fat_found {
    char name[13];       // "K7F2A1_2.PES", capitals
    char long_name[261]; // what others see, letters beyond ASCII as '?'; "" when it has none
    bool is_folder;
    uint32_t first_cluster; // 0 for an empty file
    uint32_t size_bytes;
};

// Calls visit for each file and folder, but for ".", ".." and the label, until it returns false.
ATL_MUST_USE atl_code fat_list(struct fat_volume *volume, struct fat_folder folder,
                               bool (*visit)(void *context, const struct fat_found *found),
                               void *context, struct atl_error *err);
// ATL_E_NOT_FOUND: no such name, long or short, of either case.
ATL_MUST_USE atl_code fat_find(struct fat_volume *volume, struct fat_folder folder,
                               const char *name, struct fat_found *out, struct atl_error *err);

// Changes stand between these two. The second one marks the volume clean, if it was or if nothing
// is wrong with it.
ATL_MUST_USE atl_code fat_begin(struct fat_volume *volume, struct atl_error *err);
ATL_MUST_USE atl_code fat_end(struct fat_volume *volume, struct atl_error *err);

// name is 8.3, written in capitals. The file is on the medium, whole, when this returns ATL_OK; a
// file of that name is replaced. ATL_E_FULL: no clusters, or no entry in a root that cannot grow.
ATL_MUST_USE atl_code fat_put(struct fat_volume *volume, struct fat_folder folder, const char *name,
                              const void *bytes, size_t len, time_t now, struct atl_error *err);
ATL_MUST_USE atl_code fat_make_folder(struct fat_volume *volume, struct fat_folder parent,
                                      const char *name, time_t now, struct fat_folder *out,
                                      struct atl_error *err);
// A file, by its long or short name. ATL_E_NOT_FOUND, ATL_E_INVALID: it is a folder.
ATL_MUST_USE atl_code fat_remove(struct fat_volume *volume, struct fat_folder folder,
                                 const char *name, struct atl_error *err);
// Reads from the disk again, and compares. ATL_E_IO: it is not the same.
ATL_MUST_USE atl_code fat_compare(struct fat_volume *volume, struct fat_folder folder,
                                  const char *name, const void *bytes, size_t len,
                                  struct atl_error *err);

// Every folder and chain: ATL_E_UNSUPPORTED says what has to be repaired. *lost is the number of
// clusters that are in use and belong to nobody, which harms nothing.
ATL_MUST_USE atl_code fat_check(struct fat_volume *volume, uint32_t *lost, struct atl_error *err);

#endif

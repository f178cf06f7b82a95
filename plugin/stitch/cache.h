// SPDX-License-Identifier: Apache-2.0
// Digitised letters, kept in memory and in a folder, so that an order costs almost nothing.
//
// The key is what a letter is made of, all of it: its outline in mm, the height, the numbers of the
// cloth, and the build of this code. So a new version of a font or of the program finds nothing of
// the old one, letters that a script joins are kept as the word they are, and no font file has to
// be hashed. A plan is bit for bit the same with and without a cache.
//
// In the folder a letter is a file, 0600, written under another name and renamed. What is read is
// believed only when it belongs to this user and its checksum, build, key and every number in it
// are right; else it is digitised anew and written over. Several processes may share a folder. The
// folder never fails a design: a full disk only costs time. [one-thread]
#ifndef ATL_STITCH_CACHE_H
#define ATL_STITCH_CACHE_H

#include "plugin/stitch/letter.h"

struct atl_cache;

// 0: 8 MiB of memory, 64 MiB of files. What is over the limit is forgotten, the oldest first.
struct atl_cache_limits {
    size_t memory_bytes;
    size_t disk_bytes;
};

// folder NULL: memory only; else it is made (0700) where only its last part is missing. *out is
// closed with atl_cache_close(). ATL_E_IO: the folder cannot be used; go on without one.
ATL_MUST_USE atl_code atl_cache_open(const char *folder, const struct atl_cache_limits *limits,
                                     struct atl_cache **out, struct atl_error *err);
void atl_cache_close(struct atl_cache *cache); // NULL is fine

// The letter from the cache, or digitised and kept. cache NULL: digitised.
ATL_MUST_USE atl_code atl_cache_letter(struct atl_cache *cache, const struct atl_contours *contours,
                                       double height_mm, const struct atl_fabric *fabric,
                                       struct atl_arena *arena, struct atl_letter *out,
                                       struct atl_error *err);

struct atl_cache_counts {
    uint32_t from_memory;
    uint32_t from_disk;
    uint32_t made;
    uint32_t damaged; // files that were not believed
    uint32_t written;
    uint32_t unwritten; // files that could not be
};
struct atl_cache_counts atl_cache_counts(const struct atl_cache *cache);

#endif

// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/cache.h"

#include "plugin/core/hash.h"
#include "plugin/stitch/cache_build.h"
#include "plugin/stitch/cache_code.h"
#include "plugin/stitch/cache_disk.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    SLOTS = 2048,
    MEMORY_BYTES = 8 << 20,
    DISK_BYTES = 64 << 20,
    MARK = 0x01020304, // reads as another number where bytes lie the other way round
};

// In front of a letter in a file; the checksum is over all that follows it.
struct header {
    uint8_t checksum[ATL_HASH_BYTES];
    char magic[8];
    uint32_t mark;
    uint32_t len;
    uint8_t build[ATL_HASH_BYTES];
    uint8_t key[ATL_HASH_BYTES];
};

static const char magic[8] = "ATLETTER";

struct slot {
    uint8_t key[ATL_HASH_BYTES];
    uint8_t *bytes; // owned; NULL: empty
    size_t len;
};

struct atl_cache {
    struct slot slots[SLOTS];
    size_t hand; // the slot that is looked at first when room is needed
    size_t used;
    size_t limit;
    uint8_t build[ATL_HASH_BYTES];
    struct atl_cache_disk disk;
    struct atl_cache_counts counts;
};

atl_code atl_cache_open(const char *folder, const struct atl_cache_limits *limits,
                        struct atl_cache **out, struct atl_error *err)
{
    struct atl_cache *cache = calloc(1, sizeof *cache);
    atl_code rc = ATL_OK;

    if (!cache)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a cache of letters");
    cache->limit = limits && limits->memory_bytes ? limits->memory_bytes : MEMORY_BYTES;
    cache->disk.folder = -1;
    atl_hash_sha256(ATL_CACHE_BUILD, sizeof ATL_CACHE_BUILD - 1, cache->build);
    if (folder)
        rc = atl_cache_disk_open(folder,
                                 limits && limits->disk_bytes ? limits->disk_bytes : DISK_BYTES,
                                 &cache->disk, err);
    if (rc) {
        atl_cache_close(cache);
        return rc;
    }
    *out = cache;
    return ATL_OK;
}

void atl_cache_close(struct atl_cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        free(cache->slots[i].bytes);
    atl_cache_disk_close(&cache->disk);
    free(cache);
}

struct atl_cache_counts atl_cache_counts(const struct atl_cache *cache)
{
    return cache->counts;
}

// ---- What a letter is made of ----

static void add_double(struct atl_hash *hash, double v)
{
    atl_hash_add(hash, &v, sizeof v);
}

static void key_of(const struct atl_cache *cache, const struct atl_contours *contours,
                   double height_mm, const struct atl_fabric *fabric, uint8_t key[ATL_HASH_BYTES])
{
    struct atl_hash hash;

    atl_hash_init(&hash);
    atl_hash_add(&hash, cache->build, sizeof cache->build);
    add_double(&hash, height_mm);
    // All numbers as they lie there. Bytes between them might differ: then a letter is made twice.
    atl_hash_add(&hash, (const char *)fabric + sizeof fabric->name,
                 sizeof *fabric - sizeof fabric->name);
    atl_hash_add_number(&hash, (int64_t)contours->count);
    for (size_t i = 0; i < contours->count; i++)
        atl_hash_add_number(&hash, (int64_t)contours->starts[i]);
    atl_hash_add(&hash, contours->points.p, contours->points.n * sizeof *contours->points.p);
    atl_hash_end(&hash, key);
}

// ---- Memory ----

static struct slot *slot_of(struct atl_cache *cache, const uint8_t *key)
{
    return &cache->slots[(key[0] | key[1] << 8) % SLOTS];
}

static void forget(struct atl_cache *cache, struct slot *slot)
{
    cache->used -= slot->bytes ? slot->len : 0;
    free(slot->bytes);
    *slot = (struct slot){0};
}

static void keep(struct atl_cache *cache, const uint8_t *key, const uint8_t *bytes, size_t len)
{
    struct slot *slot = slot_of(cache, key);
    uint8_t *copy;

    if (len > cache->limit / 4)
        return;
    forget(cache, slot);
    for (size_t i = 0; i < SLOTS && cache->used + len > cache->limit; i++) {
        forget(cache, &cache->slots[cache->hand]);
        cache->hand = (cache->hand + 1) % SLOTS;
    }
    copy = malloc(len);
    if (!copy)
        return;
    memcpy(copy, bytes, len);
    memcpy(slot->key, key, sizeof slot->key);
    slot->bytes = copy;
    slot->len = len;
    cache->used += len;
}

static bool from_memory(struct atl_cache *cache, const uint8_t *key, struct atl_arena *arena,
                        struct atl_letter *out)
{
    struct slot *slot = slot_of(cache, key);

    if (!slot->bytes || memcmp(slot->key, key, sizeof slot->key))
        return false;
    if (!atl_cache_decode(slot->bytes, slot->len, arena, out))
        return false;
    cache->counts.from_memory++;
    return true;
}

// ---- Disk ----

static void seal(const struct header *header, const uint8_t *bytes, size_t len,
                 uint8_t out[ATL_HASH_BYTES])
{
    struct atl_hash hash;

    atl_hash_init(&hash);
    atl_hash_add(&hash, header->magic, sizeof *header - offsetof(struct header, magic));
    atl_hash_add(&hash, bytes, len);
    atl_hash_end(&hash, out);
}

static struct header header_of(const struct atl_cache *cache, const uint8_t *key,
                               const uint8_t *bytes, size_t len)
{
    struct header header = {.mark = MARK, .len = (uint32_t)len};

    memcpy(header.magic, magic, sizeof magic);
    memcpy(header.build, cache->build, sizeof header.build);
    memcpy(header.key, key, sizeof header.key);
    seal(&header, bytes, len, header.checksum);
    return header;
}

// The same file that we would write: any other header, length or byte is another one.
static bool is_right(const struct atl_cache *cache, const uint8_t *key, const struct atl_buf *file)
{
    struct header want;

    if (file->len < sizeof want)
        return false;
    want = header_of(cache, key, file->data + sizeof want, file->len - sizeof want);
    return !memcmp(&want, file->data, sizeof want);
}

static bool from_disk(struct atl_cache *cache, const uint8_t *key, struct atl_arena *arena,
                      struct atl_letter *out)
{
    struct atl_buf file;
    bool is_good = false;

    if (cache->disk.folder < 0)
        return false;
    atl_buf_init(&file, ATL_CACHE_FILE_MAX_BYTES);
    if (atl_cache_disk_read(&cache->disk, key, &file)) {
        const size_t head = sizeof(struct header);

        is_good = is_right(cache, key, &file) &&
                  atl_cache_decode(file.data + head, file.len - head, arena, out);
        if (is_good)
            keep(cache, key, file.data + head, file.len - head);
        cache->counts.from_disk += is_good;
        cache->counts.damaged += !is_good;
    }
    atl_buf_free(&file);
    return is_good;
}

static void write_file(struct atl_cache *cache, const uint8_t *key, const struct atl_buf *letter)
{
    struct header header = header_of(cache, key, letter->data, letter->len);
    struct atl_buf file;

    atl_buf_init(&file, ATL_CACHE_FILE_MAX_BYTES);
    atl_buf_add(&file, &header, sizeof header);
    atl_buf_add(&file, letter->data, letter->len);
    if (!file.failed && atl_cache_disk_write(&cache->disk, key, file.data, file.len))
        cache->counts.written++;
    else
        cache->counts.unwritten++;
    atl_buf_free(&file);
}

static void put(struct atl_cache *cache, const uint8_t *key, const struct atl_letter *letter)
{
    struct atl_buf bytes;

    atl_buf_init(&bytes, ATL_CACHE_FILE_MAX_BYTES - sizeof(struct header));
    atl_cache_encode(letter, &bytes);
    if (!bytes.failed) {
        keep(cache, key, bytes.data, bytes.len);
        if (cache->disk.folder >= 0)
            write_file(cache, key, &bytes);
    }
    atl_buf_free(&bytes);
}

atl_code atl_cache_letter(struct atl_cache *cache, const struct atl_contours *contours,
                          double height_mm, const struct atl_fabric *fabric,
                          struct atl_arena *arena, struct atl_letter *out, struct atl_error *err)
{
    uint8_t key[ATL_HASH_BYTES];
    atl_code rc;

    if (!cache)
        return atl_letter_make(contours, height_mm, fabric, arena, out, err);
    key_of(cache, contours, height_mm, fabric, key);
    if (from_memory(cache, key, arena, out) || from_disk(cache, key, arena, out))
        return ATL_OK;
    rc = atl_letter_make(contours, height_mm, fabric, arena, out, err);
    if (rc)
        return rc;
    cache->counts.made++;
    put(cache, key, out);
    return ATL_OK;
}

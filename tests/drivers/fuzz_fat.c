// SPDX-License-Identifier: Apache-2.0
// Any bytes as a disk: it is refused with a sentence, or a design can be put there, found again as
// the same and removed; nothing is read or written outside, and every walk has an end. The input is
// pairs of (where, what) laid over a small sound FAT, so that the fuzzer gets past the boot sector.
#include "drivers/link/fat.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 512, BLOCKS = 256 };

struct memory {
    uint8_t bytes[BLOCKS * BLOCK];
    unsigned moves;
};

static atl_code move_limit(struct memory *memory, uint64_t block, uint32_t count,
                           struct atl_error *err)
{
    if (block + count > BLOCKS)
        abort();
    // Far more than any walk of a disk of this size may take.
    if (++memory->moves > 400000)
        abort();
    return count ? ATL_OK : atl_fail(err, ATL_E_INVALID, "nothing to move");
}

static atl_code memory_read(struct fat_disk *disk, uint64_t block, uint32_t count, void *out,
                            struct atl_error *err)
{
    struct memory *memory = disk->context;
    atl_code rc = move_limit(memory, block, count, err);

    if (!rc)
        memcpy(out, memory->bytes + block * BLOCK, (size_t)count * BLOCK);
    return rc;
}

static atl_code memory_write(struct fat_disk *disk, uint64_t block, uint32_t count,
                             const void *bytes, struct atl_error *err)
{
    struct memory *memory = disk->context;
    atl_code rc = move_limit(memory, block, count, err);

    if (!rc)
        memcpy(memory->bytes + block * BLOCK, bytes, (size_t)count * BLOCK);
    return rc;
}

static atl_code memory_flush(struct fat_disk *disk, struct atl_error *err)
{
    (void)disk;
    (void)err;
    return ATL_OK;
}

// Bit 7 of the first byte of the input makes it FAT32, bit 6 FAT16-like by a wide table.
static void lay_out(uint8_t *bytes, bool is_wide)
{
    static const uint8_t boot[] = {0xeb, 0x3c, 0x90, 'M', 'S', 'D', 'O', 'S', '5', '.',  '0', 0,
                                   2,    1,    4,    0,   2,   16,  0,   0,   1,   0xf8, 3,   0};

    memcpy(bytes, boot, sizeof boot);
    if (is_wide) {
        bytes[17] = 0; // no fixed root
        bytes[22] = 0; // FAT32 has its table's size elsewhere
        bytes[36] = 3;
        bytes[44] = 2; // the root
        bytes[48] = 1; // the counts
        memcpy(bytes + BLOCK, "RRaA", 4);
        memcpy(bytes + BLOCK + 484, "rrAa", 4);
    }
    memcpy(bytes + 510, "\x55\xaa", 2);
    for (size_t copy = 0; copy < 2; copy++)
        memcpy(bytes + (4 + copy * 3) * BLOCK, "\xf8\xff\xff\x0f\xff\xff\xff\x0f\xff\xff\xff\x0f",
               is_wide ? 12 : 3);
}

static bool count_one(void *context, const struct fat_found *found)
{
    unsigned *count = context;

    if (!memchr(found->name, 0, sizeof found->name) ||
        !memchr(found->long_name, 0, sizeof found->long_name))
        abort();
    return ++*count < 100000;
}

static void try_to_deliver(struct fat_volume *volume)
{
    static const uint8_t design[1500] = {1, 2, 3};
    struct fat_folder root = {0}, folder = {0};
    struct fat_found found;
    unsigned count = 0;

    (void)!fat_list(volume, root, count_one, &count, NULL);
    if (fat_find(volume, root, "EMB", &found, NULL) == ATL_OK && found.is_folder)
        folder.cluster = found.first_cluster;
    if (fat_begin(volume, NULL) ||
        fat_put(volume, folder, "NEW.DST", design, sizeof design, 1764000000, NULL))
        return;
    // A disk whose folders lie over its files may eat what was written; it must then say so.
    (void)!fat_compare(volume, folder, "NEW.DST", design, sizeof design, NULL);
    (void)!fat_remove(volume, folder, "NEW.DST", NULL);
    (void)!fat_end(volume, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct memory *memory = calloc(1, sizeof *memory);
    struct fat_disk disk = {BLOCK, BLOCKS, memory, memory_read, memory_write, memory_flush};
    struct fat_volume *volume = NULL;
    struct atl_error err = {0};
    atl_code rc;

    if (!memory)
        return 0;
    if (size)
        lay_out(memory->bytes, data[0] & 0x80);
    for (size_t i = 1; i + 2 < size; i += 3) {
        size_t at = ((size_t)data[i] << 8 | data[i + 1]) % (16 * BLOCK);

        memory->bytes[at] = data[i + 2];
    }
    rc = fat_open(&disk, &volume, &err);
    if (rc && (volume || !err.text[0]))
        abort();
    if (!rc)
        try_to_deliver(volume);
    fat_close(volume);
    free(memory);
    return 0;
}

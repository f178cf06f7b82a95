// SPDX-License-Identifier: Apache-2.0
// FAT images for tests: made by mkfs.vfat, judged by fsck.vfat and mtools, which know nothing of
// our writer. An image is a file that is also in memory, so that a test changes it and a judge
// reads it without copying.
#ifndef ATL_TESTS_SUPPORT_FAT_IMAGE_H
#define ATL_TESTS_SUPPORT_FAT_IMAGE_H

#include "drivers/link/fat.h"

enum { FAT_IMAGE_OUTPUT_CAP = 16 * 1024 };

struct fat_image {
    char path[64];  // in the test's folder
    uint8_t *bytes; // the file, shared
    size_t len;
    uint8_t *pristine;    // as fat_image_keep() saw it
    bool *is_touched;     // by block: by the disk or by fat_image_poke()
    size_t start_bytes;   // of the volume: behind an MBR or 0
    struct fat_disk disk; // reads and writes `bytes`, and counts
    uint32_t writes;      // blocks since fat_image_restore()
    uint32_t flushes;
    uint32_t writes_left; // then the medium is gone; UINT32_MAX: for ever
    bool is_write_protected;
};

// False: mkfs.vfat, fsck.vfat or mtools are not installed; the test says SKIP with its reason.
bool fat_image_can(void);
// kind: "12", "16" or "32"; with_mbr puts the volume into a partition. `more` are further options
// of mkfs.vfat, separated by blanks, or NULL.
void fat_image_make(struct fat_image *image, const char *path, const char *kind, unsigned kb,
                    bool with_mbr, const char *more);
void fat_image_free(struct fat_image *image);
void fat_image_keep(struct fat_image *image);    // what restore goes back to
void fat_image_restore(struct fat_image *image); // and the counts are 0
// As restore, much faster, when nobody wrote to `bytes` but the disk and poke.
void fat_image_undo(struct fat_image *image);
void fat_image_poke(struct fat_image *image, uint64_t block, const void *bytes);

// Runs a program with the arguments, words by blanks; "@" stands for the image as mtools or fsck
// want it. Returns its exit code; what it said is in out.
int fat_image_run(const struct fat_image *image, const char *command,
                  char out[FAT_IMAGE_OUTPUT_CAP]);

enum fat_verdict {
    FAT_VERDICT_CLEAN,
    FAT_VERDICT_LOST,  // only the dirty mark, lost clusters, unknown counts, copies that differ
    FAT_VERDICT_BROKEN // anything else: printed
};
enum fat_verdict fat_image_judge(const struct fat_image *image, bool must_tell);

#endif

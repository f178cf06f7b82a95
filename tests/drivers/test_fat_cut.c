// SPDX-License-Identifier: Apache-2.0
// The cable is pulled out after every block that is written, and the disk's own cache loses any of
// what it was not asked to write down. Whatever is left, fsck.vfat finds lost clusters at most and
// the name is missing or whole. A writer that writes the folder's entry first is caught by the
// same judge.
#include "drivers/link/fat.h"
#include "tests/support/fat_image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { NOW = 1764000000, NEW_BYTES = 9000, OLD_BYTES = 5000, WRITES_MAX = 4096, BLOCK = 512 };

// Everything that was written, in order, with the flush it came after.
struct log {
    struct fat_image *image;
    struct {
        uint64_t block;
        uint32_t epoch;
        uint8_t bytes[BLOCK];
    } * rows;
    size_t count;
    uint32_t epoch;
};

static atl_code log_read(struct fat_disk *disk, uint64_t block, uint32_t count, void *out,
                         struct atl_error *err)
{
    struct log *log = disk->context;

    return log->image->disk.read(&log->image->disk, block, count, out, err);
}

static atl_code log_write(struct fat_disk *disk, uint64_t block, uint32_t count, const void *bytes,
                          struct atl_error *err)
{
    struct log *log = disk->context;

    for (uint32_t i = 0; i < count; i++) {
        assert_true(log->count < WRITES_MAX);
        log->rows[log->count].block = block + i;
        log->rows[log->count].epoch = log->epoch;
        memcpy(log->rows[log->count++].bytes, (const uint8_t *)bytes + (size_t)i * BLOCK, BLOCK);
    }
    return log->image->disk.write(&log->image->disk, block, count, bytes, err);
}

static atl_code log_flush(struct fat_disk *disk, struct atl_error *err)
{
    struct log *log = disk->context;

    (void)err;
    log->epoch++;
    return ATL_OK;
}

static uint8_t new_bytes[NEW_BYTES], old_bytes[OLD_BYTES];

static void fill(void)
{
    for (size_t i = 0; i < NEW_BYTES; i++)
        new_bytes[i] = (uint8_t)(i * 7 + i / 256 + 1);
    for (size_t i = 0; i < OLD_BYTES; i++)
        old_bytes[i] = (uint8_t)(i * 13 + 5);
}

static void ok(atl_code rc, const struct atl_error *err)
{
    if (rc)
        print_error("%s\n", err->text);
    assert_int_equal(rc, ATL_OK);
}

// One whole delivery: a sewn design goes, a folder is made when it is missing, one design comes.
static void deliver(struct fat_disk *disk, bool in_folder)
{
    struct fat_volume *volume = NULL;
    struct fat_folder folder = {0};
    struct fat_found found;
    struct atl_error err = {0};
    atl_code rc;

    ok(fat_open(disk, &volume, &err), &err);
    ok(fat_begin(volume, &err), &err);
    rc = fat_remove(volume, folder, "SEWN.DST", &err);
    assert_true(rc == ATL_OK || rc == ATL_E_NOT_FOUND);
    if (in_folder) {
        rc = fat_find(volume, folder, "EMB", &found, &err);
        if (rc == ATL_E_NOT_FOUND)
            rc = fat_make_folder(volume, folder, "EMB", NOW, &folder, &err);
        else
            folder.cluster = found.first_cluster;
        ok(rc, &err);
    }
    ok(fat_put(volume, folder, "NEW.DST", new_bytes, NEW_BYTES, NOW, &err), &err);
    ok(fat_end(volume, &err), &err);
    fat_close(volume);
}

static struct log logged(struct fat_image *image, bool in_folder)
{
    struct log log = {.image = image};
    struct fat_disk disk = image->disk;

    log.rows = calloc(WRITES_MAX, sizeof *log.rows);
    assert_non_null(log.rows);
    disk.context = &log;
    disk.read = log_read;
    disk.write = log_write;
    disk.flush = log_flush;
    deliver(&disk, in_folder);
    return log;
}

static void apply(struct fat_image *image, const struct log *log, size_t row)
{
    fat_image_poke(image, log->rows[row].block, log->rows[row].bytes);
}

enum what_is_there { NOTHING, OLD, NEW, HALF };

static enum what_is_there what_is_there(const struct fat_image *image, const char *path)
{
    char command[128], out[FAT_IMAGE_OUTPUT_CAP];
    uint8_t back[NEW_BYTES + 1];
    size_t len;
    FILE *file;

    snprintf(command, sizeof command, "mcopy -n -o -i @ ::%s back.bin", path);
    if (fat_image_run(image, command, out) != 0)
        return NOTHING;
    file = fopen("back.bin", "r");
    if (!file)
        return NOTHING;
    len = fread(back, 1, sizeof back, file);
    fclose(file);
    unlink("back.bin");
    if (len == NEW_BYTES && memcmp(back, new_bytes, len) == 0)
        return NEW;
    return len == OLD_BYTES && memcmp(back, old_bytes, len) == 0 ? OLD : HALF;
}

// True: what was left is what a pulled cable may leave.
static bool is_bearable(const struct fat_image *image, const char *path, bool was_there)
{
    enum fat_verdict verdict = fat_image_judge(image, false);
    enum what_is_there what = what_is_there(image, path);

    return verdict != FAT_VERDICT_BROKEN && what != HALF &&
           (was_there ? what != NOTHING : what != OLD);
}

static const struct shape {
    const char *kind;
    unsigned kb;
    const char *more;
    bool in_folder;
    bool replaces;
    unsigned others; // files that fill the folder up to its edge
} shapes[] = {
    {"12", 720,   NULL,         false, false, 0 },
    {"12", 1440,  "-s 1",       true,  false, 0 },
    {"12", 1440,  "-s 1",       false, true,  0 },
    {"16", 8192,  "-s 1 -r 64", false, false, 0 },
    {"16", 8192,  "-s 1",       true,  false, 0 },
    {"16", 8192,  "-s 1",       true,  true,  0 },
    {"32", 36864, "-s 1",       false, false, 15}, // the root grows
    {"32", 36864, "-s 1",       true,  false, 0 },
    {"32", 36864, "-s 1",       false, true,  0 },
};

static void furnish(struct fat_image *image, const struct shape *shape)
{
    struct fat_volume *volume = NULL;
    struct fat_folder root = {0}, folder = {0};
    struct atl_error err = {0};
    char name[16];

    ok(fat_open(&image->disk, &volume, &err), &err);
    ok(fat_begin(volume, &err), &err);
    if (!shape->others)
        ok(fat_put(volume, root, "SEWN.DST", old_bytes, OLD_BYTES, NOW, &err), &err);
    for (unsigned i = 0; i < shape->others; i++) {
        snprintf(name, sizeof name, "D%u.DST", i);
        ok(fat_put(volume, root, name, old_bytes, 600, NOW, &err), &err);
    }
    if (shape->replaces && shape->in_folder)
        ok(fat_make_folder(volume, root, "EMB", NOW, &folder, &err), &err);
    if (shape->replaces)
        ok(fat_put(volume, folder, "NEW.DST", old_bytes, OLD_BYTES, NOW, &err), &err);
    ok(fat_end(volume, &err), &err);
    fat_close(volume);
    assert_int_equal(fat_image_judge(image, true), FAT_VERDICT_CLEAN);
    fat_image_keep(image);
}

static void make(struct fat_image *image, const struct shape *shape)
{
    fat_image_make(image, "cut.img", shape->kind, shape->kb, false, shape->more);
    furnish(image, shape);
}

static void a_cable_pulled_after_any_block_leaves_the_name_missing_or_whole(void **state)
{
    size_t cuts = 0;

    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const char *path = shapes[i].in_folder ? "EMB/NEW.DST" : "NEW.DST";
        struct fat_image image;
        struct log log;

        make(&image, &shapes[i]);
        log = logged(&image, shapes[i].in_folder);
        assert_int_equal(fat_image_judge(&image, true), FAT_VERDICT_CLEAN);
        assert_int_equal(what_is_there(&image, path), NEW);
        fat_image_undo(&image);
        for (size_t cut = 0; cut < log.count; cut++, cuts++) {
            if (!is_bearable(&image, path, shapes[i].replaces)) {
                fat_image_judge(&image, true);
                fail_msg("FAT%s, shape %zu: broken after %zu of %zu blocks", shapes[i].kind, i, cut,
                         log.count);
            }
            apply(&image, &log, cut);
        }
        free(log.rows);
        fat_image_free(&image);
    }
    printf("%zu cuts\n", cuts);
    assert_true(cuts > 200);
}

static void after_any_cut_the_next_delivery_succeeds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const char *path = shapes[i].in_folder ? "EMB/NEW.DST" : "NEW.DST";
        struct fat_image image;
        struct log log;

        make(&image, &shapes[i]);
        log = logged(&image, shapes[i].in_folder);
        for (size_t cut = 0; cut < log.count; cut += 3) {
            fat_image_undo(&image);
            for (size_t row = 0; row < cut; row++)
                apply(&image, &log, row);
            deliver(&image.disk, shapes[i].in_folder);
            assert_int_equal(what_is_there(&image, path), NEW);
            assert_int_not_equal(fat_image_judge(&image, false), FAT_VERDICT_BROKEN);
        }
        free(log.rows);
        fat_image_free(&image);
    }
}

// A cache may write what it holds in any order, and lose the rest; what was flushed is there.
static void a_disk_that_caches_may_lose_any_of_what_was_not_flushed(void **state)
{
    uint32_t seed = 1;

    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const char *path = shapes[i].in_folder ? "EMB/NEW.DST" : "NEW.DST";
        struct fat_image image;
        struct log log;

        make(&image, &shapes[i]);
        log = logged(&image, shapes[i].in_folder);
        for (uint32_t epoch = 0; epoch < log.epoch; epoch++) {
            for (unsigned attempt = 0; attempt < 6; attempt++) {
                fat_image_undo(&image);
                for (size_t row = 0; row < log.count; row++) {
                    seed = seed * 1664525u + 1013904223u;
                    if (log.rows[row].epoch < epoch || (log.rows[row].epoch == epoch && seed >> 31))
                        apply(&image, &log, row);
                }
                if (!is_bearable(&image, path, shapes[i].replaces)) {
                    fat_image_judge(&image, true);
                    fail_msg("FAT%s, shape %zu: broken in epoch %u", shapes[i].kind, i,
                             (unsigned)epoch);
                }
            }
        }
        free(log.rows);
        fat_image_free(&image);
    }
}

static bool holds_new_entry(const struct log *log, size_t row)
{
    for (size_t at = 0; at < BLOCK; at += 32) {
        if (memcmp(log->rows[row].bytes + at, "NEW     DST", 11) == 0)
            return true;
    }
    return false;
}

// The control. The same blocks, the folder's entry first: at some cut the name must stand there
// without its bytes, and the judge must say so.
static void a_writer_that_writes_the_entry_first_is_caught(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const char *path = shapes[i].in_folder ? "EMB/NEW.DST" : "NEW.DST";
        struct fat_image image;
        struct log log;
        unsigned caught = 0;

        if (shapes[i].in_folder)
            continue;
        make(&image, &shapes[i]);
        log = logged(&image, false);
        fat_image_undo(&image);
        for (size_t row = 0; row < log.count; row++) {
            if (holds_new_entry(&log, row))
                apply(&image, &log, row);
        }
        for (size_t cut = 0; cut < log.count; cut++) {
            caught += !is_bearable(&image, path, shapes[i].replaces);
            if (!holds_new_entry(&log, cut))
                apply(&image, &log, cut);
        }
        assert_true(caught > 0);
        free(log.rows);
        fat_image_free(&image);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cable_pulled_after_any_block_leaves_the_name_missing_or_whole),
        cmocka_unit_test(after_any_cut_the_next_delivery_succeeds),
        cmocka_unit_test(a_disk_that_caches_may_lose_any_of_what_was_not_flushed),
        cmocka_unit_test(a_writer_that_writes_the_entry_first_is_caught),
    };

    fill();
    return fat_image_can() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}

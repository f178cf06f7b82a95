// SPDX-License-Identifier: Apache-2.0
// The FAT writer against tools that know nothing of it: mkfs.vfat makes, fsck.vfat and mtools
// judge after each operation.
#include "drivers/link/fat.h"
#include "tests/support/fat_image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { NOW = 1764000000, DESIGN_BYTES = 61234 };

static const struct shape {
    const char *kind;
    unsigned kb;
    bool with_mbr;
    const char *more;
} shapes[] = {
    {"12", 1440,  false, "-s 1"        },
    {"12", 4096,  true,  "-s 4"        },
    {"16", 8192,  false, "-s 1 -r 64"  },
    {"16", 8192,  true,  "-s 2"        },
    {"32", 36864, false, "-s 1"        },
    {"32", 36864, true,  "-s 1"        },
    {"16", 16384, false, "-S 2048 -s 1"},
};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

static void make(struct fat_image *image, const struct shape *shape)
{
    fat_image_make(image, "fat.img", shape->kind, shape->kb, shape->with_mbr, shape->more);
}

static void design(uint8_t *out, size_t len, unsigned seed)
{
    for (size_t i = 0; i < len; i++) {
        seed = seed * 1103515245u + 12345u;
        out[i] = (uint8_t)(seed >> 16);
    }
}

static struct fat_volume *opened(struct fat_image *image)
{
    struct fat_volume *volume = NULL;
    struct atl_error err = {0};

    if (fat_open(&image->disk, &volume, &err))
        print_error("%s\n", err.text);
    assert_non_null(volume);
    return volume;
}

static void ok(atl_code rc, const struct atl_error *err)
{
    if (rc)
        print_error("%s\n", err->text);
    assert_int_equal(rc, ATL_OK);
}

static void put_one(struct fat_image *image, struct fat_folder folder, const char *name,
                    const void *bytes, size_t len)
{
    struct fat_volume *volume = opened(image);
    struct atl_error err = {0};

    ok(fat_begin(volume, &err), &err);
    ok(fat_put(volume, folder, name, bytes, len, NOW, &err), &err);
    ok(fat_end(volume, &err), &err);
    ok(fat_compare(volume, folder, name, bytes, len, &err), &err);
    fat_close(volume);
}

static void assert_clean(const struct fat_image *image)
{
    assert_int_equal(fat_image_judge(image, true), FAT_VERDICT_CLEAN);
}

// mtools' reading of the file, byte for byte.
static void assert_mtools_reads(const struct fat_image *image, const char *name, const void *bytes,
                                size_t len)
{
    char command[128], out[FAT_IMAGE_OUTPUT_CAP];
    uint8_t *back = malloc(len + 1);
    FILE *file;

    snprintf(command, sizeof command, "mcopy -n -o -i @ ::%s back.bin", name);
    if (fat_image_run(image, command, out))
        print_error("%s\n", out);
    file = fopen("back.bin", "r");
    assert_non_null(file);
    assert_int_equal(fread(back, 1, len + 1, file), len);
    fclose(file);
    unlink("back.bin");
    assert_memory_equal(back, bytes, len);
    free(back);
}

static void mtools(const struct fat_image *image, const char *command)
{
    char out[FAT_IMAGE_OUTPUT_CAP];

    if (fat_image_run(image, command, out)) {
        print_error("%s: %s\n", command, out);
        fail();
    }
}

static void a_file_of_any_length_is_read_by_others(void **state)
{
    static const size_t lengths[] = {1, 511, 512, 513, 4096, DESIGN_BYTES};
    uint8_t bytes[DESIGN_BYTES];

    (void)state;
    design(bytes, sizeof bytes, 1);
    for (size_t i = 0; i < SHAPES; i++) {
        struct fat_image image;

        make(&image, &shapes[i]);
        for (size_t j = 0; j < sizeof lengths / sizeof lengths[0]; j++) {
            char name[16];

            snprintf(name, sizeof name, "K7F2A%u_2.PES", (unsigned)j);
            put_one(&image, (struct fat_folder){0}, name, bytes, lengths[j]);
            assert_clean(&image);
            assert_mtools_reads(&image, name, bytes, lengths[j]);
        }
        fat_image_free(&image);
    }
}

static void a_volume_says_what_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < SHAPES; i++) {
        struct fat_image image;
        struct fat_volume *volume;
        char label[FAT_LABEL_CAP];

        make(&image, &shapes[i]);
        volume = opened(&image);
        fat_label(volume, label);
        assert_string_equal(label, "STITCH");
        assert_int_equal(fat_bits(volume), atoi(shapes[i].kind));
        assert_false(fat_was_dirty(volume));
        assert_int_equal(image.writes, 0);
        fat_close(volume);
        fat_image_free(&image);
    }
}

static void a_file_is_replaced_and_removed_and_its_place_is_given_back(void **state)
{
    uint8_t bytes[DESIGN_BYTES], other[DESIGN_BYTES];

    (void)state;
    design(bytes, sizeof bytes, 2);
    design(other, sizeof other, 3);
    for (size_t i = 0; i < SHAPES; i++) {
        struct fat_image image;
        struct fat_volume *volume;
        struct atl_error err = {0};
        uint64_t before;

        make(&image, &shapes[i]);
        volume = opened(&image);
        before = fat_free_bytes(volume);
        fat_close(volume);
        put_one(&image, (struct fat_folder){0}, "A.DST", bytes, sizeof bytes);
        put_one(&image, (struct fat_folder){0}, "B.DST", bytes, 700);
        put_one(&image, (struct fat_folder){0}, "A.DST", other, sizeof other - 4000);
        assert_clean(&image);
        assert_mtools_reads(&image, "A.DST", other, sizeof other - 4000);
        assert_mtools_reads(&image, "B.DST", bytes, 700);
        volume = opened(&image);
        ok(fat_begin(volume, &err), &err);
        ok(fat_remove(volume, (struct fat_folder){0}, "a.dst", &err), &err);
        ok(fat_remove(volume, (struct fat_folder){0}, "B.DST", &err), &err);
        assert_int_equal(fat_remove(volume, (struct fat_folder){0}, "B.DST", &err),
                         ATL_E_NOT_FOUND);
        ok(fat_end(volume, &err), &err);
        assert_int_equal(fat_free_bytes(volume), before);
        fat_close(volume);
        assert_clean(&image);
        fat_image_free(&image);
    }
}

static void a_folder_is_made_and_grows(void **state)
{
    uint8_t bytes[600];

    (void)state;
    design(bytes, sizeof bytes, 4);
    for (size_t i = 0; i < SHAPES; i++) {
        struct fat_image image;
        struct fat_volume *volume;
        struct fat_folder outer = {0}, inner = {0};
        struct atl_error err = {0};
        char name[32];

        make(&image, &shapes[i]);
        volume = opened(&image);
        ok(fat_begin(volume, &err), &err);
        ok(fat_make_folder(volume, outer, "EMB", NOW, &outer, &err), &err);
        ok(fat_make_folder(volume, outer, "Embf", NOW, &inner, &err), &err);
        for (unsigned j = 0; j < 150; j++) {
            snprintf(name, sizeof name, "D%u.JEF", j);
            ok(fat_put(volume, inner, name, bytes, sizeof bytes, NOW, &err), &err);
        }
        ok(fat_end(volume, &err), &err);
        fat_close(volume);
        assert_clean(&image);
        assert_mtools_reads(&image, "EMB/EMBF/D0.JEF", bytes, sizeof bytes);
        assert_mtools_reads(&image, "EMB/EMBF/D149.JEF", bytes, sizeof bytes);
        fat_image_free(&image);
    }
}

static void what_stands_behind_the_end_of_a_folder_does_not_come_to_light(void **state)
{
    uint8_t bytes[100], zeros[32] = {0};

    (void)state;
    design(bytes, sizeof bytes, 5);
    for (unsigned used = 0; used < 40; used++) {
        struct fat_image image;
        char out[FAT_IMAGE_OUTPUT_CAP];
        uint8_t *root;

        fat_image_make(&image, "fat.img", "16", 8192, false, "-s 1 -r 64");
        root = image.bytes +
               (size_t)(image.bytes[14] + image.bytes[22] * 2 + image.bytes[23] * 512) * 512;
        assert_memory_equal(root, "STITCH ", 7);
        memset(root + 32, 'X', 63 * 32);
        for (unsigned i = 1; i <= used; i++) {
            memset(root + (size_t)i * 32, 0, 32);
            snprintf((char *)root + (size_t)i * 32, 12, "OLD%-5uDST", i);
            root[(size_t)i * 32 + 11] = 0x20;
        }
        memcpy(root + (size_t)(used + 1) * 32, zeros, 32);
        put_one(&image, (struct fat_folder){0}, "NEW.DST", bytes, sizeof bytes);
        mtools(&image, "mtype -i @ ::NEW.DST");
        assert_int_equal(fat_image_run(&image, "mdir -b -i @ ::", out), 0);
        assert_null(strstr(out, "XXXX"));
        fat_image_free(&image);
    }
}

static void long_names_of_others_are_kept(void **state)
{
    uint8_t bytes[3000];
    FILE *file;

    (void)state;
    design(bytes, sizeof bytes, 6);
    file = fopen("long.bin", "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, sizeof bytes, file), sizeof bytes);
    fclose(file);
    for (size_t i = 0; i < SHAPES; i++) {
        struct fat_image image;
        struct fat_volume *volume;
        struct fat_found found;
        struct atl_error err = {0};

        make(&image, &shapes[i]);
        mtools(&image, "mcopy -i @ long.bin ::Grandmother_s-flowers-with-a-long-name.dst");
        mtools(&image, "mcopy -i @ long.bin ::another_one_that_is_sewn.dst");
        put_one(&image, (struct fat_folder){0}, "K7F2A1_2.DST", bytes, sizeof bytes);
        assert_clean(&image);
        assert_mtools_reads(&image, "Grandmother_s-flowers-with-a-long-name.dst", bytes,
                            sizeof bytes);
        volume = opened(&image);
        ok(fat_find(volume, (struct fat_folder){0}, "GRANDMOTHER_S-FLOWERS-WITH-A-LONG-NAME.DST",
                    &found, &err),
           &err);
        assert_string_equal(found.long_name, "Grandmother_s-flowers-with-a-long-name.dst");
        assert_string_equal(found.name, "GRANDM~1.DST");
        ok(fat_begin(volume, &err), &err);
        ok(fat_remove(volume, (struct fat_folder){0}, "another_one_that_is_sewn.dst", &err), &err);
        ok(fat_put(volume, (struct fat_folder){0}, "NEXT.DST", bytes, sizeof bytes, NOW, &err),
           &err);
        ok(fat_end(volume, &err), &err);
        fat_close(volume);
        assert_clean(&image);
        assert_mtools_reads(&image, "Grandmother_s-flowers-with-a-long-name.dst", bytes,
                            sizeof bytes);
        fat_image_free(&image);
    }
    unlink("long.bin");
}

static void a_full_volume_is_said_before_it_is_touched(void **state)
{
    uint8_t bytes[DESIGN_BYTES];
    struct fat_image image;
    struct fat_volume *volume;
    struct atl_error err = {0};
    atl_code rc = ATL_OK;
    char name[16];

    (void)state;
    design(bytes, sizeof bytes, 7);
    fat_image_make(&image, "fat.img", "12", 720, false, NULL);
    volume = opened(&image);
    ok(fat_begin(volume, &err), &err);
    for (unsigned i = 0; !rc && i < 100; i++) {
        uint32_t writes = image.writes;

        snprintf(name, sizeof name, "D%u.DST", i);
        rc = fat_put(volume, (struct fat_folder){0}, name, bytes, sizeof bytes, NOW, &err);
        if (rc)
            assert_int_equal(image.writes, writes);
    }
    assert_int_equal(rc, ATL_E_FULL);
    assert_non_null(strstr(err.text, "full"));
    ok(fat_end(volume, &err), &err);
    fat_close(volume);
    assert_clean(&image);
    fat_image_free(&image);
}

static void a_root_that_cannot_grow_is_said(void **state)
{
    struct fat_image image;
    struct fat_volume *volume;
    struct atl_error err = {0};
    atl_code rc = ATL_OK;
    unsigned count = 0;

    (void)state;
    fat_image_make(&image, "fat.img", "16", 8192, false, "-s 1 -r 32");
    volume = opened(&image);
    ok(fat_begin(volume, &err), &err);
    for (; !rc && count < 100; count++) {
        char name[16];

        snprintf(name, sizeof name, "D%u.DST", count);
        rc = fat_put(volume, (struct fat_folder){0}, name, "x", 1, NOW, &err);
    }
    assert_int_equal(rc, ATL_E_FULL);
    assert_non_null(strstr(err.text, "no more files"));
    assert_int_equal(count, 32); // 31 and the label
    ok(fat_end(volume, &err), &err);
    fat_close(volume);
    assert_clean(&image);
    fat_image_free(&image);
}

static void assert_refused(struct fat_image *image, atl_code code, const char *words)
{
    struct fat_volume *volume = NULL;
    struct atl_error err = {0};

    assert_int_equal(fat_open(&image->disk, &volume, &err), code);
    assert_null(volume);
    if (!strstr(err.text, words))
        print_error("\"%s\" is not in \"%s\"\n", words, err.text);
    assert_non_null(strstr(err.text, words));
    assert_int_equal(image->writes, 0);
}

static void other_file_systems_are_refused_by_name(void **state)
{
    struct fat_image image;

    (void)state;
    fat_image_make(&image, "fat.img", "16", 8192, true, "-s 1");
    memcpy(image.bytes + image.start_bytes + 3, "EXFAT   ", 8);
    assert_refused(&image, ATL_E_UNSUPPORTED, "exFAT");
    memcpy(image.bytes + image.start_bytes + 3, "NTFS    ", 8);
    assert_refused(&image, ATL_E_UNSUPPORTED, "NTFS");
    image.bytes[446 + 4] = 0xee;
    assert_refused(&image, ATL_E_UNSUPPORTED, "GPT");
    image.bytes[446 + 4] = 0x83;
    assert_refused(&image, ATL_E_UNSUPPORTED, "no FAT file system");
    memset(image.bytes, 0, image.len);
    assert_refused(&image, ATL_E_UNSUPPORTED, "no FAT file system");
    fat_image_free(&image);
}

static void sizes_that_contradict_are_refused(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
    } lies[] = {
        {16, 4   }, // copies
        {23, 0xff}, // a table larger than the disk
        {20, 0xff}, // sectors beyond the disk
        {22, 1   }, // a table of one sector: fewer clusters, not refused
    };
    struct fat_image image;

    (void)state;
    fat_image_make(&image, "fat.img", "16", 8192, false, "-s 1");
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        struct fat_volume *volume = NULL;

        fat_image_restore(&image);
        image.bytes[lies[i].at] = lies[i].value;
        if (!fat_open(&image.disk, &volume, NULL))
            assert_true(fat_free_bytes(volume) <= image.len);
        fat_close(volume);
    }
    fat_image_restore(&image);
    image.bytes[20] = 0xff;
    assert_refused(&image, ATL_E_CORRUPT, "contradict");
    fat_image_free(&image);
}

static size_t table_at(const struct fat_image *image)
{
    const uint8_t *boot = image->bytes + image->start_bytes;

    return image->start_bytes + (size_t)(boot[14] | boot[15] << 8) * 512;
}

static void a_dirty_volume_is_looked_at_first(void **state)
{
    uint8_t bytes[3000];
    struct fat_image image;
    struct fat_volume *volume;
    struct atl_error err = {0};
    uint8_t *table;

    (void)state;
    design(bytes, sizeof bytes, 8);
    fat_image_make(&image, "fat.img", "16", 8192, false, "-s 1");
    put_one(&image, (struct fat_folder){0}, "A.DST", bytes, sizeof bytes);
    put_one(&image, (struct fat_folder){0}, "B.DST", bytes, sizeof bytes);
    image.bytes[37] |= 1;
    fat_image_keep(&image);
    // Dirty and sound: taken, and clean in the end.
    put_one(&image, (struct fat_folder){0}, "C.DST", bytes, sizeof bytes);
    assert_clean(&image);
    // Dirty with lost clusters: taken, and the mark stays, because it is true.
    fat_image_restore(&image);
    table = image.bytes + table_at(&image);
    memcpy(table + 2 * 100, "\xff\xff", 2);
    volume = opened(&image);
    assert_true(fat_was_dirty(volume));
    ok(fat_begin(volume, &err), &err);
    ok(fat_put(volume, (struct fat_folder){0}, "C.DST", bytes, sizeof bytes, NOW, &err), &err);
    ok(fat_end(volume, &err), &err);
    fat_close(volume);
    assert_int_equal(fat_image_judge(&image, true), FAT_VERDICT_LOST);
    // Dirty with two files in one place.
    fat_image_restore(&image);
    memcpy(table + 2 * 3, table + 2 * 9, 2);
    assert_refused(&image, ATL_E_UNSUPPORTED, "repaired");
    // A file in a circle.
    fat_image_restore(&image);
    memcpy(table + 2 * 3, "\x02\x00", 2);
    assert_refused(&image, ATL_E_UNSUPPORTED, "circle");
    // Errors that somebody noted.
    fat_image_restore(&image);
    table[3] &= 0xbf;
    assert_refused(&image, ATL_E_UNSUPPORTED, "errors are noted");
    fat_image_free(&image);
}

static void a_disk_that_is_write_protected_is_left_alone(void **state)
{
    struct fat_image image;
    struct fat_volume *volume;
    struct atl_error err = {0};

    (void)state;
    fat_image_make(&image, "fat.img", "32", 36864, false, "-s 1");
    image.is_write_protected = true;
    volume = opened(&image);
    assert_int_equal(fat_begin(volume, &err), ATL_E_DEVICE);
    fat_close(volume);
    assert_memory_equal(image.bytes, image.pristine, image.len);
    fat_image_free(&image);
}

static void names_that_do_not_fit_are_refused(void **state)
{
    static const char *const names[] = {"NINECHARS.PES", "A.PESX", "",   ".PES",
                                        "A B.PES",       "A/B",    "..", "A.P.ES"};
    struct fat_image image;
    struct fat_volume *volume;

    (void)state;
    fat_image_make(&image, "fat.img", "12", 720, false, NULL);
    volume = opened(&image);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(fat_put(volume, (struct fat_folder){0}, names[i], "x", 1, NOW, NULL),
                         ATL_E_INVALID);
    assert_int_equal(image.writes, 0);
    fat_close(volume);
    fat_image_free(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_of_any_length_is_read_by_others),
        cmocka_unit_test(a_volume_says_what_it_is),
        cmocka_unit_test(a_file_is_replaced_and_removed_and_its_place_is_given_back),
        cmocka_unit_test(a_folder_is_made_and_grows),
        cmocka_unit_test(what_stands_behind_the_end_of_a_folder_does_not_come_to_light),
        cmocka_unit_test(long_names_of_others_are_kept),
        cmocka_unit_test(a_full_volume_is_said_before_it_is_touched),
        cmocka_unit_test(a_root_that_cannot_grow_is_said),
        cmocka_unit_test(other_file_systems_are_refused_by_name),
        cmocka_unit_test(sizes_that_contradict_are_refused),
        cmocka_unit_test(a_dirty_volume_is_looked_at_first),
        cmocka_unit_test(a_disk_that_is_write_protected_is_left_alone),
        cmocka_unit_test(names_that_do_not_fit_are_refused),
    };

    return fat_image_can() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}

// SPDX-License-Identifier: Apache-2.0
// Removable volumes in a made-up /sys: which one is meant, and how it is mounted and let go by a
// made-up udisksctl that keeps a made-up mountinfo. Where the kernel has FAT and this is root, a
// real image on a loop device is mounted as well.
#include "drivers/link/volume_find.h"
#include "drivers/link/volume_mount.h"
#include "tests/support/fat_image.h"
#include "tests/support/tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATH_CAP = 400 };

struct bench {
    char home[PATH_CAP];
    char sys[PATH_CAP + 16], dev[PATH_CAP + 16], udev[PATH_CAP + 16], mountinfo[PATH_CAP + 16],
        udisksctl[PATH_CAP + 16], media[PATH_CAP + 16], mounts[PATH_CAP + 16];
    struct atl_machine machine;
    struct atl_volume_options options;
    struct atl_delivery_report report;
    struct atl_error err;
    unsigned begun;
};

static void make_folders(const char *path)
{
    char part[PATH_CAP * 4];

    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        mkdir(part, 0755);
    }
    mkdir(path, 0755);
}

ATL_PRINTF(3, 4)
static void put(const char *folder, const char *name, const char *format, ...)
{
    char path[PATH_CAP * 5];
    va_list rest;
    FILE *file;

    make_folders(folder);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    va_start(rest, format);
    vfprintf(file, format, rest);
    va_end(rest);
    assert_int_equal(fclose(file), 0);
}

static void start(struct bench *bench)
{
    memset(bench, 0, sizeof *bench);
    assert_non_null(getcwd(bench->home, sizeof bench->home - 16));
    strncat(bench->home, "/bench", 8);
    tree_remove(bench->home);
    snprintf(bench->sys, sizeof bench->sys, "%s/sys", bench->home);
    snprintf(bench->dev, sizeof bench->dev, "%s/dev", bench->home);
    snprintf(bench->udev, sizeof bench->udev, "%s/udev", bench->home);
    snprintf(bench->media, sizeof bench->media, "%s/my media", bench->home);
    snprintf(bench->mounts, sizeof bench->mounts, "%s/mounts", bench->home);
    snprintf(bench->mountinfo, sizeof bench->mountinfo, "%s/mountinfo", bench->home);
    snprintf(bench->udisksctl, sizeof bench->udisksctl, "%s/udisksctl", bench->home);
    make_folders(bench->dev);
    make_folders(bench->media);
    put(bench->home, "mountinfo", "22 1 0:21 / /proc rw - proc proc rw\n");
    bench->machine = (struct atl_machine){.name = "Test machine"};
    bench->options = (struct atl_volume_options){.appear_ms = 20,
                                                 .slow_ms = 20000,
                                                 .mount = ATL_VOLUME_MOUNT_UDISKS,
                                                 .sys_path = bench->sys,
                                                 .dev_path = bench->dev,
                                                 .udev_path = bench->udev,
                                                 .mountinfo_path = bench->mountinfo,
                                                 .mount_path = bench->mounts,
                                                 .udisksctl = bench->udisksctl};
}

struct disk {
    const char *name;      // "sdz"
    const char *partition; // "sdz1", or NULL
    unsigned major, minor;
    const char *ids; // "04f9:2100", or NULL: not on USB
    const char *serial;
    bool is_removable, is_write_protected, is_empty;
    const char *fs_type, *label, *uuid; // NULL: udev knows nothing
};

static void plug_in(const struct bench *bench, const struct disk *disk)
{
    char device[PATH_CAP * 2], block[PATH_CAP * 3], link[PATH_CAP * 3], part[PATH_CAP * 4];
    const char *volume = disk->partition ? disk->partition : disk->name;

    snprintf(device, sizeof device, "%s/devices/pci0/usb1/1-%u", bench->sys, disk->minor);
    snprintf(block, sizeof block, "%s/1-%u:1.0/host/block/%s", device, disk->minor, disk->name);
    if (disk->ids) {
        put(device, "idVendor", "%.4s\n", disk->ids);
        put(device, "idProduct", "%.4s\n", disk->ids + 5);
        put(device, "serial", "%s\n", disk->serial ? disk->serial : "");
    }
    put(block, "removable", "%d\n", disk->is_removable);
    put(block, "ro", "%d\n", disk->is_write_protected);
    put(block, "size", "%d\n", disk->is_empty ? 0 : 62500000);
    put(block, "dev", "%u:%u\n", disk->major, disk->minor);
    snprintf(link, sizeof link, "%s/class/block", bench->sys);
    make_folders(link);
    snprintf(link, sizeof link, "%s/class/block/%s", bench->sys, disk->name);
    assert_int_equal(symlink(block, link), 0);
    if (disk->partition) {
        snprintf(part, sizeof part, "%s/%s", block, disk->partition);
        put(part, "partition", "1\n");
        put(part, "size", "%d\n", 62400000);
        put(part, "dev", "%u:%u\n", disk->major, disk->minor + 1);
        snprintf(link, sizeof link, "%s/class/block/%s", bench->sys, disk->partition);
        assert_int_equal(symlink(part, link), 0);
    }
    put(bench->dev, volume, "%s", "");
    if (disk->fs_type) {
        char name[32];

        snprintf(name, sizeof name, "b%u:%u", disk->major,
                 disk->minor + (disk->partition ? 1u : 0u));
        put(bench->udev, name,
            "S:disk/by-label/X\nE:ID_FS_TYPE=%s\nE:ID_FS_LABEL=%s\n"
            "E:ID_FS_UUID=%s\n",
            disk->fs_type, disk->label, disk->uuid);
    }
}

static const struct disk brother = {"sdy", "sdy1", 8,     240,    "04f9:2100", "E12345",
                                    true,  false,  false, "vfat", "BROTHER",   "1A2B-3C4D"};
static const struct disk stick = {"sdz", NULL,  65,    16,     "0951:1666", "KINGSTON1",
                                  true,  false, false, "vfat", "STITCH",    "5E6F-7081"};
static const struct disk inner = {"sda", "sda1", 8,     0,      NULL,     NULL,
                                  false, false,  false, "vfat", "STITCH", "9999-9999"};

static atl_code find(struct bench *bench, const char *rest, struct volume_seen *out)
{
    struct volume_wanted wanted;
    atl_code rc = volume_wanted_parse(rest, &bench->machine, &wanted, &bench->err);

    return rc ? rc : volume_find(&bench->options, &wanted, out, &bench->err);
}

static void a_volume_is_found_by_each_of_its_names(void **state)
{
    static const struct {
        const char *rest;
        const char *name; // NULL: not found
    } rows[] = {
        {"BROTHER",             "sdy1"},
        {"brother",             "sdy1"},
        {"label=BROTHER",       "sdy1"},
        {"1a2b-3c4d",           "sdy1"},
        {"uuid=1A2B-3C4D",      "sdy1"},
        {"04f9:2100",           "sdy1"},
        {"04F9:2100:E12345",    "sdy1"},
        {"usb=04f9:2100",       "sdy1"},
        {"04f9:2100:OTHER",     NULL  },
        {"04f9:2101",           NULL  },
        {"STITCH",              "sdz" }, // not the one that is built in
        {"0951:1666:KINGSTON1", "sdz" },
        {"label=1A2B-3C4D",     NULL  },
        {"9999-9999",           NULL  },
    };
    struct volume_seen seen;
    struct bench bench;

    (void)state;
    start(&bench);
    plug_in(&bench, &brother);
    plug_in(&bench, &stick);
    plug_in(&bench, &inner);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        atl_code rc = find(&bench, rows[i].rest, &seen);

        if (rc != (rows[i].name ? ATL_OK : ATL_E_NOT_FOUND))
            print_error("%s: %s\n", rows[i].rest, bench.err.text);
        assert_int_equal(rc, rows[i].name ? ATL_OK : ATL_E_NOT_FOUND);
        if (!rc)
            assert_string_equal(seen.name, rows[i].name);
        else
            assert_non_null(strstr(bench.err.text, "BROTHER (sdy1, usb 04f9:2100)"));
    }
    assert_int_equal(find(&bench, "1A2B-3C4D", &seen), ATL_OK);
    assert_string_equal(seen.disk, "sdy");
    assert_string_equal(seen.number, "8:241");
}

static void the_machines_profile_names_its_volume(void **state)
{
    struct volume_seen seen;
    struct bench bench;

    (void)state;
    start(&bench);
    plug_in(&bench, &brother);
    plug_in(&bench, &stick);
    assert_int_equal(find(&bench, "auto", &seen), ATL_E_INVALID);
    assert_non_null(strstr(bench.err.text, "names no volume"));
    bench.machine.usb_vendor = 0x04f9;
    bench.machine.usb_product = 0x2100;
    assert_int_equal(find(&bench, "auto", &seen), ATL_OK);
    assert_string_equal(seen.label, "BROTHER");
    snprintf(bench.machine.volume_label, sizeof bench.machine.volume_label, "STITCH");
    assert_int_equal(find(&bench, "auto", &seen), ATL_E_NOT_FOUND);
    bench.machine.usb_vendor = 0;
    assert_int_equal(find(&bench, "auto", &seen), ATL_OK);
    assert_string_equal(seen.name, "sdz");
}

static void what_cannot_be_taken_is_said(void **state)
{
    struct disk other = stick;
    struct volume_seen seen;
    struct bench bench;

    (void)state;
    start(&bench);
    assert_int_equal(find(&bench, "STITCH", &seen), ATL_E_NOT_FOUND);
    assert_non_null(strstr(bench.err.text, "plug the stick in"));
    assert_int_equal(find(&bench, "TOOLONGALABEL", &seen), ATL_E_INVALID);
    assert_int_equal(find(&bench, "", &seen), ATL_E_INVALID);
    plug_in(&bench, &stick);
    other.name = "sdx";
    other.minor = 32;
    plug_in(&bench, &other);
    assert_int_equal(find(&bench, "STITCH", &seen), ATL_E_CONFLICT);
    assert_non_null(strstr(bench.err.text, "more than one volume fits"));
    other.name = "sdw";
    other.minor = 48;
    other.label = "EXTRA";
    other.fs_type = "exfat";
    plug_in(&bench, &other);
    assert_int_equal(find(&bench, "EXTRA", &seen), ATL_E_UNSUPPORTED);
    assert_non_null(strstr(bench.err.text, "formatted as exfat"));
    other.name = "sdv";
    other.minor = 64;
    other.label = "EMPTY";
    other.is_empty = true;
    plug_in(&bench, &other);
    assert_int_equal(find(&bench, "EMPTY", &seen), ATL_E_NOT_FOUND);
}

// udev has not looked yet, or is not there.
static void without_udev_the_first_sector_is_read(void **state)
{
    struct disk bare = stick;
    struct fat_image image;
    struct volume_seen seen;
    struct bench bench;
    char path[PATH_CAP * 2];

    (void)state;
    start(&bench);
    bare.fs_type = NULL;
    plug_in(&bench, &bare);
    assert_int_equal(find(&bench, "0951:1666", &seen), ATL_E_UNSUPPORTED);
    if (!fat_image_can())
        skip();
    fat_image_make(&image, "find.img", "32", 36864, false, NULL);
    snprintf(path, sizeof path, "%s/sdz", bench.dev);
    unlink(path);
    assert_int_equal(link(image.path, path), 0);
    assert_int_equal(find(&bench, "STITCH", &seen), ATL_OK);
    assert_string_equal(seen.uuid, "1A2B-3C4D");
    fat_image_free(&image);
}

// ---- Mounting ----

static void make_udisksctl(const struct bench *bench, const char *says)
{
    put(bench->home, "udisksctl",
        "#!/bin/sh\n"
        "echo \"$@\" >>'%s/calls'\n"
        "if [ -n '%s' ]; then echo '%s' >&2; exit 1; fi\n"
        "case $1 in\n"
        "mount) printf '%%s\\n' '36 22 65:16 / %s/my\\040media rw,nosuid shared:1 - vfat /dev/sdz "
        "rw' "
        ">>'%s' ;;\n"
        "unmount) sed -i '/ vfat /d' '%s' ;;\n"
        "esac\n",
        bench->home, says, says, bench->home, bench->mountinfo, bench->mountinfo);
    assert_int_equal(chmod(bench->udisksctl, 0755), 0);
}

static atl_code begin(void *context, const char *where, const char *name, struct atl_error *err)
{
    struct bench *bench = context;

    (void)where;
    (void)name;
    (void)err;
    bench->begun++;
    return ATL_OK;
}

static atl_code deliver(struct bench *bench, const char *uri)
{
    static const char *const names[] = {"K7F2A1_2.PES"};
    struct atl_delivery what = {.machine = &bench->machine,
                                .names = names,
                                .name_count = 1,
                                .bytes = "a design",
                                .len = 8,
                                .begin = begin,
                                .context = bench};

    bench->begun = 0;
    bench->err = (struct atl_error){0};
    return atl_volume_deliver(uri, &what, &bench->options, &bench->report, &bench->err);
}

static bool has_said(const struct bench *bench, const char *words)
{
    char path[PATH_CAP * 2], text[4096];
    size_t len;
    FILE *file;

    snprintf(path, sizeof path, "%s/calls", bench->home);
    file = fopen(path, "r");
    if (!file)
        return false;
    len = fread(text, 1, sizeof text - 1, file);
    text[len] = 0;
    fclose(file);
    return strstr(text, words) != NULL;
}

// The made-up device node is no FAT: where it can be read it is looked at, so it is taken away.
static void hide_node(const struct bench *bench)
{
    char path[PATH_CAP * 2];

    snprintf(path, sizeof path, "%s/sdz", bench->dev);
    unlink(path);
}

static void a_volume_is_mounted_written_unmounted_and_powered_off(void **state)
{
    char path[PATH_CAP * 2];
    struct bench bench;

    (void)state;
    start(&bench);
    plug_in(&bench, &stick);
    hide_node(&bench);
    make_udisksctl(&bench, "");
    if (deliver(&bench, "volume:STITCH"))
        print_error("%s\n", bench.err.text);
    assert_int_equal(bench.err.code, ATL_OK);
    assert_int_equal(bench.report.state, ATL_DELIVERY_WHOLE);
    assert_true(bench.report.is_let_go && bench.report.is_ejected);
    assert_string_equal(bench.report.where, "STITCH (sdz, usb 0951:1666)");
    snprintf(path, sizeof path, "%s/K7F2A1_2.PES", bench.media);
    assert_int_equal(access(path, F_OK), 0);
    assert_true(has_said(&bench, "mount --no-user-interaction -b"));
    assert_true(has_said(&bench, "unmount --no-user-interaction -b"));
    assert_true(has_said(&bench, "power-off --no-user-interaction -b"));
}

static void a_refusal_after_mounting_unmounts_again(void **state)
{
    struct bench bench;

    (void)state;
    start(&bench);
    plug_in(&bench, &stick);
    hide_node(&bench);
    make_udisksctl(&bench, "");
    put(bench.media, "K7F2A1_2.PES", "another design");
    assert_int_equal(deliver(&bench, "volume:STITCH"), ATL_E_CONFLICT);
    assert_int_equal(bench.report.state, ATL_DELIVERY_UNTOUCHED);
    assert_int_equal(bench.begun, 0);
    assert_true(has_said(&bench, "unmount"));
}

static void what_somebody_has_mounted_is_used_and_left_where_that_is_asked(void **state)
{
    struct bench bench;

    (void)state;
    start(&bench);
    plug_in(&bench, &stick);
    make_udisksctl(&bench, "");
    put(bench.home, "mountinfo", "36 22 65:16 / %s/my\\040media rw - vfat /dev/sdz rw\n",
        bench.home);
    bench.options.mount = ATL_VOLUME_MOUNT_NEVER;
    assert_int_equal(deliver(&bench, "volume:STITCH"), ATL_OK);
    assert_false(bench.report.is_let_go);
    assert_non_null(strstr(bench.report.let_go_why, "eject it on the desktop"));
    assert_false(has_said(&bench, "mount"));
}

static void what_is_in_the_way_of_mounting_is_said(void **state)
{
    static const struct {
        const char *says;
        atl_code code;
        const char *words;
    } rows[] = {
        {"Error mounting: GDBus.Error:org.freedesktop.UDisks2.Error.NotAuthorized: no", ATL_E_IO,
         "polkit"                                                                                                                     },
        {"Error mounting /dev/sdz: wrong fs type, bad option",                          ATL_E_UNSUPPORTED, "not FAT"                  },
        {"Error mounting /dev/sdz: /dev/sdz is write-protected",                        ATL_E_DEVICE,      "switch"                   },
        {"Error connecting to the udisks daemon: no",                                   ATL_E_IO,          "systemctl start udisks2"  },
        {"Something nobody has seen",                                                   ATL_E_IO,          "Something nobody has seen"},
    };
    struct bench bench;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        start(&bench);
        plug_in(&bench, &stick);
        hide_node(&bench);
        make_udisksctl(&bench, rows[i].says);
        assert_int_equal(deliver(&bench, "volume:STITCH"), rows[i].code);
        if (!strstr(bench.err.text, rows[i].words))
            print_error("%s\n", bench.err.text);
        assert_non_null(strstr(bench.err.text, rows[i].words));
        assert_int_equal(bench.report.state, ATL_DELIVERY_UNTOUCHED);
    }
    unlink(bench.udisksctl);
    assert_int_equal(deliver(&bench, "volume:STITCH"), ATL_E_UNSUPPORTED);
    assert_non_null(strstr(bench.err.text, "install udisks2"));
}

static void write_protection_and_damage_are_said_before_mounting(void **state)
{
    struct disk protected_stick = stick;
    struct bench bench;

    (void)state;
    start(&bench);
    protected_stick.is_write_protected = true;
    plug_in(&bench, &protected_stick);
    make_udisksctl(&bench, "");
    assert_int_equal(deliver(&bench, "volume:STITCH"), ATL_E_DEVICE);
    assert_non_null(strstr(bench.err.text, "switch"));
    start(&bench);
    plug_in(&bench, &stick);
    put(bench.dev, "sdz", "%s", "no FAT, whatever udev says");
    assert_int_equal(truncate(strcat(bench.dev, "/sdz"), 1024 * 1024), 0);
    bench.dev[strlen(bench.dev) - 4] = 0;
    make_udisksctl(&bench, "");
    assert_int_equal(deliver(&bench, "volume:STITCH"), ATL_E_UNSUPPORTED);
    assert_non_null(strstr(bench.err.text, "no FAT file system"));
    start(&bench);
    plug_in(&bench, &stick);
    hide_node(&bench);
    put(bench.home, "mountinfo", "36 22 65:16 / %s/my\\040media ro - vfat /dev/sdz ro\n",
        bench.home);
    assert_int_equal(deliver(&bench, "volume:STITCH"), ATL_E_DEVICE);
    assert_non_null(strstr(bench.err.text, "mounted read-only"));
}

// ---- A real one ----

static bool kernel_has_fat(void)
{
    FILE *file = fopen("/proc/filesystems", "r");
    char line[128];
    bool has = false;

    while (file && fgets(line, sizeof line, file))
        has |= strstr(line, "\tvfat") != NULL;
    if (file)
        fclose(file);
    return has;
}

// The loop device, or -1; *number is its own.
static int attach(const char *image, int *number)
{
    int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC), file, loop = -1;
    char path[32];

    *number = control < 0 ? -1 : ioctl(control, LOOP_CTL_GET_FREE);
    file = open(image, O_RDWR | O_CLOEXEC);
    snprintf(path, sizeof path, "/dev/loop%d", *number);
    if (*number >= 0 && file >= 0)
        loop = open(path, O_RDWR | O_CLOEXEC);
    if (loop >= 0 && ioctl(loop, LOOP_SET_FD, file)) {
        close(loop);
        loop = -1;
    }
    if (file >= 0)
        close(file);
    if (control >= 0)
        close(control);
    return loop;
}

static void a_real_image_is_mounted_by_root(void **state)
{
    struct disk loop_disk = stick;
    struct fat_image image;
    struct bench bench;
    struct stat facts;
    char from[32], to[PATH_CAP * 2], out[FAT_IMAGE_OUTPUT_CAP];
    int number, loop;

    (void)state;
    if (!fat_image_can() || geteuid() != 0 || !kernel_has_fat()) {
        printf("SKIP: mounting wants root and a kernel with vfat; tests/usb-bench has both\n");
        skip();
    }
    fat_image_make(&image, "find.img", "32", 36864, false, NULL);
    loop = attach(image.path, &number);
    if (loop < 0) {
        fat_image_free(&image);
        printf("SKIP: there is no loop device\n");
        skip();
    }
    start(&bench);
    snprintf(from, sizeof from, "/dev/loop%d", number);
    assert_int_equal(fstat(loop, &facts), 0);
    loop_disk.major = major(facts.st_rdev);
    loop_disk.minor = minor(facts.st_rdev);
    plug_in(&bench, &loop_disk);
    hide_node(&bench);
    snprintf(to, sizeof to, "%s/sdz", bench.dev);
    assert_int_equal(symlink(from, to), 0);
    bench.options.mount = ATL_VOLUME_MOUNT_DIRECT;
    bench.options.mountinfo_path = "/proc/self/mountinfo";
    if (deliver(&bench, "volume:STITCH"))
        print_error("%s\n", bench.err.text);
    ioctl(loop, LOOP_CLR_FD);
    close(loop);
    assert_int_equal(bench.err.code, ATL_OK);
    assert_true(bench.report.is_let_go);
    assert_int_equal(fat_image_judge(&image, true), FAT_VERDICT_CLEAN);
    assert_int_equal(fat_image_run(&image, "mtype -i @ ::K7F2A1_2.PES", out), 0);
    assert_string_equal(out, "a design");
    fat_image_free(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_volume_is_found_by_each_of_its_names),
        cmocka_unit_test(the_machines_profile_names_its_volume),
        cmocka_unit_test(what_cannot_be_taken_is_said),
        cmocka_unit_test(without_udev_the_first_sector_is_read),
        cmocka_unit_test(a_volume_is_mounted_written_unmounted_and_powered_off),
        cmocka_unit_test(a_refusal_after_mounting_unmounts_again),
        cmocka_unit_test(what_somebody_has_mounted_is_used_and_left_where_that_is_asked),
        cmocka_unit_test(what_is_in_the_way_of_mounting_is_said),
        cmocka_unit_test(write_protection_and_damage_are_said_before_mounting),
        cmocka_unit_test(a_real_image_is_mounted_by_root),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

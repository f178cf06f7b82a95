// SPDX-License-Identifier: Apache-2.0
// The block devices of /sys that somebody can pull out.
#include "drivers/link/volume_find.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECTOR_BYTES = 512, UDEV_BYTES_MAX = 16 * 1024, USB_DEPTH_MAX = 16 };

// A small text file of /sys; "" when it is not there.
static bool read_text(const char *folder, const char *name, char *out, size_t size)
{
    char path[PATH_MAX];
    ssize_t len = -1;
    int fd;

    out[0] = 0;
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return false;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    len = read(fd, out, size - 1);
    close(fd);
    out[len < 0 ? 0 : len] = 0;
    out[strcspn(out, "\n")] = 0;
    return len >= 0;
}

static bool is_yes(const char *folder, const char *name)
{
    char text[8];

    return read_text(folder, name, text, sizeof text) && strcmp(text, "1") == 0;
}

// Upwards from the block device to the USB device that carries it, if one does.
static void find_usb(const char *device, const char *sys_path, struct volume_seen *out)
{
    char folder[PATH_MAX], vendor[8], product[8];
    char *slash;

    snprintf(folder, sizeof folder, "%s", device);
    for (int i = 0; i < USB_DEPTH_MAX && (slash = strrchr(folder, '/')); i++) {
        *slash = 0;
        if (strlen(folder) <= strlen(sys_path))
            return;
        if (read_text(folder, "idVendor", vendor, sizeof vendor) &&
            read_text(folder, "idProduct", product, sizeof product)) {
            out->usb_vendor = (uint16_t)strtoul(vendor, NULL, 16);
            out->usb_product = (uint16_t)strtoul(product, NULL, 16);
            read_text(folder, "serial", out->serial, sizeof out->serial);
            return;
        }
    }
}

static void take_udev_line(const char *line, struct volume_seen *out)
{
    struct {
        const char *key;
        char *field;
        size_t size;
    } const rows[] = {
        {"E:ID_FS_LABEL=", out->label,   sizeof out->label  },
        {"E:ID_FS_UUID=",  out->uuid,    sizeof out->uuid   },
        {"E:ID_FS_TYPE=",  out->fs_type, sizeof out->fs_type},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t len = strlen(rows[i].key);

        if (strncmp(line, rows[i].key, len) == 0)
            snprintf(rows[i].field, rows[i].size, "%s", line + len);
    }
}

static void ask_udev(const struct atl_volume_options *options, struct volume_seen *out)
{
    char path[PATH_MAX], line[512];
    FILE *file;

    snprintf(path, sizeof path, "%s/b%s", options->udev_path, out->number);
    file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        take_udev_line(line, out);
    }
    if (file)
        fclose(file);
}

static void take_boot_sector(const uint8_t *boot, struct volume_seen *out)
{
    size_t at = boot[22] || boot[23] ? 39 : 67; // FAT32 has no 16 bit table size
    size_t len = 11;

    if (memcmp(boot + 3, "EXFAT   ", 8) == 0 || memcmp(boot + 3, "NTFS    ", 8) == 0) {
        snprintf(out->fs_type, sizeof out->fs_type, "%s", boot[3] == 'E' ? "exfat" : "ntfs");
        return;
    }
    if (boot[510] != 0x55 || boot[511] != 0xaa || boot[21] < 0xf0 || !boot[16] || boot[16] > 4)
        return;
    snprintf(out->fs_type, sizeof out->fs_type, "vfat");
    snprintf(out->uuid, sizeof out->uuid, "%02X%02X-%02X%02X", boot[at + 3], boot[at + 2],
             boot[at + 1], boot[at]);
    while (len && (boot[at + 4 + len - 1] == ' ' || !boot[at + 4 + len - 1]))
        len--;
    if (len && strncmp((const char *)boot + at + 4, "NO NAME", 7) != 0)
        snprintf(out->label, sizeof out->label, "%.*s", (int)len, (const char *)boot + at + 4);
}

static void read_boot_sector(const struct atl_volume_options *options, struct volume_seen *out)
{
    uint8_t boot[SECTOR_BYTES];
    char path[PATH_MAX];
    int fd;

    snprintf(path, sizeof path, "%s/%s", options->dev_path, out->name);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return;
    if (read(fd, boot, sizeof boot) == (ssize_t)sizeof boot)
        take_boot_sector(boot, out);
    close(fd);
}

// A disk whose partitions are volumes is none itself.
static bool has_partitions(const char *device, const char *name)
{
    DIR *folder = opendir(device);
    const struct dirent *entry;
    bool has = false;

    while (folder && !has && (entry = readdir(folder))) {
        char path[PATH_MAX];

        if (strncmp(entry->d_name, name, strlen(name)) != 0)
            continue;
        has = snprintf(path, sizeof path, "%s/%s/partition", device, entry->d_name) <
                  (int)sizeof path &&
              access(path, F_OK) == 0;
    }
    if (folder)
        closedir(folder);
    return has;
}

static bool look_at(const struct atl_volume_options *options, const char *name,
                    struct volume_seen *out)
{
    struct volume_seen seen = {.disk = ""};
    char link[PATH_MAX], device[PATH_MAX], disk[PATH_MAX], size[24], partition[8];
    char root[PATH_MAX];
    bool is_partition;

    if (strlen(name) >= sizeof seen.name || !realpath(options->sys_path, root) ||
        snprintf(link, sizeof link, "%s/class/block/%s", root, name) >= (int)sizeof link ||
        !realpath(link, device))
        return false;
    snprintf(seen.name, sizeof seen.name, "%.31s", name);
    is_partition = read_text(device, "partition", partition, sizeof partition);
    snprintf(disk, sizeof disk, "%s", device);
    if (is_partition)
        *strrchr(disk, '/') = 0;
    snprintf(seen.disk, sizeof seen.disk, "%.31s", strrchr(disk, '/') + 1);
    find_usb(device, root, &seen);
    if (!seen.usb_vendor && !is_yes(disk, "removable"))
        return false;
    if (!read_text(device, "size", size, sizeof size) || !strtoull(size, NULL, 10) ||
        !read_text(device, "dev", seen.number, sizeof seen.number))
        return false;
    if (!is_partition && has_partitions(device, name))
        return false;
    seen.is_write_protected = is_yes(disk, "ro") || is_yes(device, "ro");
    ask_udev(options, &seen);
    if (!seen.fs_type[0])
        read_boot_sector(options, &seen);
    *out = seen;
    return true;
}

size_t volume_list(const struct atl_volume_options *options, struct volume_seen *out, size_t cap)
{
    char path[PATH_MAX];
    const struct dirent *entry;
    size_t count = 0;
    DIR *folder;

    snprintf(path, sizeof path, "%s/class/block", options->sys_path);
    folder = opendir(path);
    while (folder && count < cap && (entry = readdir(folder)))
        count += entry->d_name[0] != '.' && look_at(options, entry->d_name, &out[count]);
    if (folder)
        closedir(folder);
    return count;
}

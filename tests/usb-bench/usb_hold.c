// SPDX-License-Identifier: Apache-2.0
// usb-hold SERIAL: another program that has a printer's interface claimed, until it is killed.
// Says "held" when it has it. What it does it does by the kernel's own interface, so that it is
// nothing of ours that is tested against itself.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEVICES "/sys/bus/usb/devices"

enum { LINE_BYTES = 128, PATH_BYTES = 512 };

static bool read_line(const char *device, const char *name, char line[LINE_BYTES])
{
    char path[PATH_BYTES];
    FILE *file;
    bool is_good;

    (void)snprintf(path, sizeof path, DEVICES "/%s/%s", device, name);
    file = fopen(path, "re");
    if (!file)
        return false;
    is_good = fgets(line, LINE_BYTES, file) != NULL;
    (void)fclose(file);
    line[strcspn(line, "\n")] = '\0';
    return is_good;
}

// The node of the device with that serial number.
static bool find(const char *serial, char path[PATH_BYTES])
{
    DIR *folder = opendir(DEVICES);
    const struct dirent *entry;
    char line[LINE_BYTES], bus[LINE_BYTES], number[LINE_BYTES];
    bool is_found = false;

    if (!folder)
        return false;
    while (!is_found && (entry = readdir(folder))) {
        is_found = entry->d_name[0] != '.' && read_line(entry->d_name, "serial", line) &&
                   strcmp(line, serial) == 0 && read_line(entry->d_name, "busnum", bus) &&
                   read_line(entry->d_name, "devnum", number);
    }
    closedir(folder);
    if (is_found)
        (void)snprintf(path, PATH_BYTES, "/dev/bus/usb/%03ld/%03ld", strtol(bus, NULL, 10),
                       strtol(number, NULL, 10));
    return is_found;
}

int main(int argc, char **argv)
{
    struct usbdevfs_ioctl take = {.ifno = 0, .ioctl_code = USBDEVFS_DISCONNECT};
    unsigned interface = 0;
    char path[PATH_BYTES];
    int fd;

    if (argc != 2 || !find(argv[1], path)) {
        fprintf(stderr, "usage: usb-hold SERIAL, of a device that is plugged in\n");
        return 2;
    }
    fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 || (ioctl(fd, USBDEVFS_IOCTL, &take) < 0 && errno != ENODATA) ||
        ioctl(fd, USBDEVFS_CLAIMINTERFACE, &interface) != 0) {
        fprintf(stderr, "usb-hold: %s: %s\n", path, strerror(errno));
        return 1;
    }
    puts("held");
    (void)fflush(stdout);
    pause();
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "drivers/link/usb_find.h"

#include "drivers/link/usb_1284.h"
#include "drivers/link/usb_quirks.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEVICES "/sys/bus/usb/devices"

enum { PATH_CAP = 160, DESCRIPTORS_MAX = 16 * 1024, CLASS_HUB = 9, CLASS_AT = 4 };

// A file of the device's folder; the length, 0 when it is not there.
static size_t read_attribute(const char *port, const char *name, uint8_t *out, size_t size)
{
    char path[PATH_CAP];
    size_t used = 0;
    ssize_t got = 0;
    int fd;

    (void)snprintf(path, sizeof path, DEVICES "/%s/%s", port, name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    while (used < size && (got = read(fd, out + used, size - used)) > 0)
        used += (size_t)got;
    close(fd);
    return used;
}

static unsigned read_number(const char *port, const char *name)
{
    uint8_t text[16] = {0};

    (void)read_attribute(port, name, text, sizeof text - 1);
    return (unsigned)strtoul((const char *)text, NULL, 10);
}

static void read_text(const char *port, const char *name, char *out, size_t size)
{
    uint8_t text[256];
    size_t len = read_attribute(port, name, text, sizeof text);

    if (len && text[len - 1] == '\n')
        len--;
    usb_text_clean(text, len, out, size);
}

// "EPSON TM-T20II", without saying the maker twice.
static void read_words(const char *port, struct usb_seen *seen)
{
    char maker[USB_WORDS_CAP / 2], product[USB_WORDS_CAP / 2];

    read_text(port, "manufacturer", maker, sizeof maker);
    read_text(port, "product", product, sizeof product);
    if (maker[0] && strncmp(product, maker, strlen(maker)) == 0)
        maker[0] = '\0';
    (void)snprintf(seen->words, sizeof seen->words, "%s%s%s", maker,
                   maker[0] && product[0] ? " " : "", product);
    if (!seen->words[0])
        (void)snprintf(seen->words, sizeof seen->words, "a device without a name");
}

// The kernel's driver at the printer's interface.
static void read_driver(struct usb_seen *seen)
{
    char path[PATH_CAP], target[PATH_CAP];
    const char *name;
    ssize_t len;

    (void)snprintf(path, sizeof path, DEVICES "/%s:%u.%u/driver", seen->port,
                   seen->printer.configuration, seen->printer.interface);
    len = readlink(path, target, sizeof target - 1);
    if (len <= 0)
        return;
    target[len] = '\0';
    name = strrchr(target, '/');
    name = name ? name + 1 : target;
    usb_text_clean((const uint8_t *)name, strlen(name), seen->driver, sizeof seen->driver);
}

static bool look_at(const char *port, struct usb_seen *out)
{
    uint8_t bytes[DESCRIPTORS_MAX];
    const size_t len = read_attribute(port, "descriptors", bytes, sizeof bytes);
    struct usb_seen seen = {0};

    if (!usb_descriptors_ids(bytes, len, &seen.ids) || bytes[CLASS_AT] == CLASS_HUB)
        return false;
    memcpy(seen.port, port, strlen(port) + 1);
    seen.bus = (uint8_t)read_number(port, "busnum");
    seen.address = (uint8_t)read_number(port, "devnum");
    read_text(port, "serial", seen.serial, sizeof seen.serial);
    read_words(port, &seen);
    seen.is_printer =
        usb_descriptors_printer(bytes, len, (uint8_t)read_number(port, "bConfigurationValue"),
                                usb_quirks_of(&seen.ids) & USB_QUIRK_VENDOR_CLASS, &seen.printer);
    if (seen.is_printer)
        read_driver(&seen);
    *out = seen;
    return true;
}

static int by_port(const void *a, const void *b)
{
    return strverscmp(((const struct usb_seen *)a)->port, ((const struct usb_seen *)b)->port);
}

void usb_find_all(struct usb_seen *list, size_t cap, size_t *count)
{
    DIR *folder = opendir(DEVICES);
    const struct dirent *entry;

    *count = 0;
    if (!folder)
        return;
    while (*count < cap && (entry = readdir(folder)))
        if (usb_port_is_valid(entry->d_name) && look_at(entry->d_name, &list[*count]))
            ++*count;
    closedir(folder);
    qsort(list, *count, sizeof *list, by_port);
}

bool usb_is_there(const struct usb_seen *seen)
{
    struct usb_seen now;

    return look_at(seen->port, &now) && now.bus == seen->bus && now.address == seen->address;
}

void usb_node_path(const struct usb_seen *seen, char out[USB_NODE_CAP])
{
    (void)snprintf(out, USB_NODE_CAP, "/dev/bus/usb/%03u/%03u", seen->bus, seen->address);
}

// ---- One of them ----

// What was meant, for sentences.
static void name_words(const struct usb_name *name, char *out, size_t size)
{
    int used = 0;

    if (name->has_ids)
        used = snprintf(out, size, "%04x:%04x", name->ids.vendor, name->ids.product);
    if (name->serial[0])
        (void)snprintf(out + used, size - (size_t)used, " with the serial number %.40s",
                       name->serial);
    else if (name->port[0])
        (void)snprintf(out + used, size - (size_t)used, "%son port %s", used ? " " : "a printer ",
                       name->port);
}

static atl_code fail_to_find(const struct usb_name *name, const struct usb_seen *list, size_t count,
                             struct atl_error *err)
{
    const struct usb_name model = {.has_ids = true, .ids = name->ids};
    char words[96] = "";

    name_words(name, words, sizeof words);
    for (size_t i = 0; name->has_ids && i < count; i++) {
        const struct usb_seen *seen = &list[i];

        if (!usb_name_fits(&model, &seen->ids, seen->serial, seen->port))
            continue;
        if (usb_name_fits(name, &seen->ids, seen->serial, seen->port))
            return atl_fail(err, ATL_E_NOT_FOUND,
                            "%s on port %s is no printer at present: if it has a mode switch "
                            "(P-Lite), switch it to printing",
                            words, seen->port);
        return atl_fail(err, ATL_E_NOT_FOUND,
                        "%s is not plugged in; there is one on port %s%s%.24s: correct link, see "
                        "\"atelier-print --list\"",
                        words, seen->port, seen->serial[0] ? " with the serial number " : "",
                        seen->serial);
    }
    return atl_fail(err, ATL_E_NOT_FOUND,
                    "%s is not plugged in: is it switched on, and its USB cable in?", words);
}

atl_code usb_find(const struct usb_name *name, bool printers_only, struct usb_seen *out,
                  struct atl_error *err)
{
    struct usb_seen list[USB_SEEN_MAX];
    const struct usb_seen *found = NULL;
    size_t count = 0;

    usb_find_all(list, USB_SEEN_MAX, &count);
    for (size_t i = 0; i < count; i++) {
        const struct usb_seen *seen = &list[i];

        if (!usb_name_fits(name, &seen->ids, seen->serial, seen->port) ||
            (printers_only && !seen->is_printer))
            continue;
        if (found)
            return atl_fail(err, ATL_E_CONFLICT,
                            "two devices are %04x:%04x, on ports %s and %s: say in link which, by "
                            "serial number or port (\"atelier-print --list\")",
                            found->ids.vendor, found->ids.product, found->port, seen->port);
        found = seen;
    }
    if (!found)
        return fail_to_find(name, list, count, err);
    *out = *found;
    return ATL_OK;
}

// SPDX-License-Identifier: Apache-2.0
#include "drivers/link/usb_list.h"

#include "drivers/link/usb_1284.h"
#include "drivers/link/usb_device.h"
#include "drivers/link/usb_holder.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { ID_BYTES = 1024 };

// What a printer says it speaks, and what we call that. The first row that is found counts.
static const struct {
    const char *command;
    const char *driver;
} languages[] = {
    {"ESC/POS",  "escpos" },
    {"EPSON",    "escpos" },
    {"STR_T",    "star"   },
    {"STAR",     "star"   },
    {"ZPL",      "zpl"    },
    {"ESCLABEL", "zpl"    },
    {"PT-CBP",   "brother"},
};

// What its maker mostly makes.
static const struct {
    uint16_t vendor;
    uint16_t product; // 0: any
    const char *driver;
} makers[] = {
    {0x04b8, 0,      "escpos" },
    {0x0519, 0,      "star"   },
    {0x0a5f, 0,      "zpl"    },
    {0x04f9, 0,      "brother"},
    {0x0922, 0,      "dymo"   },
    {0x2730, 0,      "escpos" },
    {0x0416, 0x5011, "escpos" },
    {0x0483, 0x5743, "escpos" },
    {0x0456, 0x0808, "escpos" },
    {0x0471, 0x0055, "escpos" },
    {0x0fe6, 0x811e, "escpos" },
    {0x1fc9, 0x2016, "escpos" },
    {0x6868, 0x0500, "escpos" },
};

#define DYMO_550                                                                                   \
    "of the LabelWriter 550 family, which is not supported: it speaks another language than the "  \
    "450, and prints on the maker's own labels only"

#define P_LITE                                                                                     \
    "it is in the mode P-Lite, a memory stick and no printer: hold its P-Lite key until "          \
    "the green lamp is off"
#define EDITOR_LITE                                                                                \
    "it is in the mode Editor Lite, a memory stick and no printer: hold its Editor Lite key "      \
    "until the green lamp is off"

// Printers that are plugged in as something else, and what they are as a printer. A whole maker
// cannot stand here: Brother's embroidery machines are memory sticks, too.
static const struct {
    struct usb_ids ids;
    struct usb_ids printer;
    const char *cure;
} disguises[] = {
    {{0x04f9, 0x2030}, {0x04f9, 0x202c}, P_LITE     }, // PT-1230PC
    {{0x04f9, 0x2031}, {0x04f9, 0x202d}, P_LITE     }, // PT-2430PC
    {{0x04f9, 0x2064}, {0x04f9, 0x2061}, P_LITE     }, // PT-P700
    {{0x04f9, 0x2065}, {0x04f9, 0x2062}, P_LITE     }, // PT-P750W
    {{0x04f9, 0x2049}, {0x04f9, 0x2042}, EDITOR_LITE}, // QL-700
    {{0x04f9, 0x209e}, {0x04f9, 0x209b}, EDITOR_LITE}, // QL-800
};

// Printers that none of our drivers can use, though it looks so.
static const struct {
    struct usb_ids ids;
    const char *why;
} strangers[] = {
    {{0x0922, 0x0052}, DYMO_550},
    {{0x0922, 0x0053}, DYMO_550},
    {{0x0922, 0x0054}, DYMO_550},
};

static void guess_driver(const struct usb_seen *seen, const struct usb_1284 *id,
                         struct atl_usb_listed *out)
{
    out->driver = "";
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++)
        if (strcasestr(id->commands, languages[i].command)) {
            out->driver = languages[i].driver;
            return;
        }
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++)
        if (makers[i].vendor == seen->ids.vendor &&
            (!makers[i].product || makers[i].product == seen->ids.product)) {
            out->driver = makers[i].driver;
            out->is_guess = true;
            return;
        }
}

const char *atl_usb_rules_path(void)
{
    static const char *const paths[] = {
        "/etc/udev/rules.d/" ATL_USB_RULES_FILE,
        "/run/udev/rules.d/" ATL_USB_RULES_FILE,
        "/usr/local/lib/udev/rules.d/" ATL_USB_RULES_FILE,
        "/usr/lib/udev/rules.d/" ATL_USB_RULES_FILE,
        "/lib/udev/rules.d/" ATL_USB_RULES_FILE,
    };

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (access(paths[i], R_OK) == 0)
            return paths[i];
    return NULL;
}

// usblp has asked already, when it has the printer.
static bool read_kernels_id(const struct usb_seen *seen, struct usb_1284 *out)
{
    char path[160];
    uint8_t bytes[ID_BYTES] = {0, 0};
    ssize_t len;
    int fd;

    (void)snprintf(path, sizeof path, "/sys/bus/usb/devices/%s:%u.%u/ieee1284_id", seen->port,
                   seen->printer.configuration, seen->printer.interface);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    len = read(fd, bytes + 2, sizeof bytes - 2);
    close(fd);
    usb_1284_parse(bytes, len > 0 ? (size_t)len + 2 : 0, out);
    return len > 0;
}

static void ask_device(const struct usb_seen *seen, struct usb_1284 *id, char *note, size_t size)
{
    struct usb_device device = {.fd = -1};
    struct atl_error err = {0};
    uint8_t bytes[ID_BYTES];
    int len;

    if (usb_device_open(seen, &device, &err)) {
        (void)snprintf(note, size, "%.*s", (int)size - 1, err.text);
        return;
    }
    len = usb_device_id(&device, bytes, sizeof bytes);
    usb_1284_parse(bytes, len > 0 ? (size_t)len : 0, id);
    usb_device_close(&device);
}

static void say_holder(const struct usb_seen *seen, char *note, size_t size)
{
    struct atl_error err = {0};

    (void)usb_holder_fail(seen, &err);
    (void)snprintf(note, size, "%.*s", (int)size - 1, err.text);
}

static bool has_driver(const struct usb_seen *seen, const char *name)
{
    return strcmp(seen->driver, name) == 0;
}

static const char *find_stranger(const struct usb_ids *ids)
{
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
        if (memcmp(&strangers[i].ids, ids, sizeof *ids) == 0)
            return strangers[i].why;
    return NULL;
}

static void list_printer(const struct usb_seen *seen, struct atl_usb_listed *out)
{
    struct usb_1284 id = {0};
    const char *why;

    out->is_printer = true;
    if (!read_kernels_id(seen, &id)) {
        if (has_driver(seen, "usbfs"))
            say_holder(seen, out->note, sizeof out->note);
        else
            ask_device(seen, &id, out->note, sizeof out->note);
    }
    why = find_stranger(&seen->ids);
    if (why)
        (void)snprintf(out->note, sizeof out->note, "%s", why);
    else
        guess_driver(seen, &id, out);
}

static const char *find_disguise(const struct usb_ids *ids)
{
    for (size_t i = 0; i < sizeof disguises / sizeof disguises[0]; i++)
        if (memcmp(&disguises[i].ids, ids, sizeof *ids) == 0)
            return disguises[i].cure;
    return NULL;
}

// A printer that is not there may be there as something else.
static const char *find_disguised(const struct usb_ids *printer)
{
    struct usb_seen seen[USB_SEEN_MAX];
    size_t count = 0;

    usb_find_all(seen, USB_SEEN_MAX, &count);
    for (size_t i = 0; i < sizeof disguises / sizeof disguises[0]; i++) {
        if (memcmp(&disguises[i].printer, printer, sizeof *printer) != 0)
            continue;
        for (size_t k = 0; k < count; k++) {
            if (memcmp(&disguises[i].ids, &seen[k].ids, sizeof seen[k].ids) == 0)
                return disguises[i].cure;
        }
    }
    return NULL;
}

void atl_usb_list(struct atl_usb_listed *list, size_t cap, size_t *count)
{
    struct usb_seen seen[USB_SEEN_MAX];
    size_t seen_count = 0;

    *count = 0;
    usb_find_all(seen, USB_SEEN_MAX, &seen_count);
    for (size_t i = 0; i < seen_count && *count < cap; i++) {
        const char *cure = find_disguise(&seen[i].ids);
        struct atl_usb_listed one = {.driver = ""};

        if (!seen[i].is_printer && !cure)
            continue;
        usb_name_write(&seen[i].ids, seen[i].serial, seen[i].port, one.uri);
        memcpy(one.words, seen[i].words, sizeof one.words);
        memcpy(one.serial, seen[i].serial, sizeof one.serial);
        memcpy(one.port, seen[i].port, sizeof one.port);
        if (seen[i].is_printer)
            list_printer(&seen[i], &one);
        else
            (void)snprintf(one.note, sizeof one.note, "%s", cure);
        list[(*count)++] = one;
    }
}

atl_code atl_usb_look(const char *uri, long own_pid, char *words, size_t size,
                      struct atl_error *err)
{
    struct usb_device device = {.fd = -1};
    struct usb_holder holder = {0};
    struct usb_name name;
    struct usb_seen seen;
    const char *cure;
    atl_code rc = usb_name_parse(strncmp(uri, "usb:", 4) == 0 ? uri + 4 : uri, &name, err);

    if (!rc)
        rc = usb_find(&name, true, &seen, err);
    if (rc) {
        cure = name.has_ids ? find_disguise(&name.ids) : NULL;
        if (!cure && name.has_ids && rc == ATL_E_NOT_FOUND)
            cure = find_disguised(&name.ids);
        return cure && rc == ATL_E_NOT_FOUND ? atl_fail(err, rc, "%s", cure) : rc;
    }
    cure = find_stranger(&seen.ids);
    if (cure)
        return atl_fail(err, ATL_E_UNSUPPORTED, "%s is %s", seen.words, cure);
    if (has_driver(&seen, "usbfs") || own_pid) {
        if (usb_holder_find(&seen, &holder) && !holder.is_guess && (long)holder.pid != own_pid)
            return usb_holder_fail(&seen, err);
    } else {
        rc = usb_device_open(&seen, &device, err);
        if (rc)
            return rc;
        usb_device_close(&device);
    }
    (void)snprintf(words, size, "%s on port %s%s%s%s", seen.words, seen.port,
                   seen.serial[0] ? ", serial number " : "", seen.serial,
                   own_pid ? ", in use by its lane" : "");
    return ATL_OK;
}

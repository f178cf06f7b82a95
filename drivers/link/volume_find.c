// SPDX-License-Identifier: Apache-2.0
// The one volume that is meant, waited for.
#include "drivers/link/volume_find.h"

#include "drivers/link/parts.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LOOK_EACH_MS = 250 };

#define HEX "0123456789abcdefABCDEF"

static bool parse_usb(const char *text, struct volume_wanted *out)
{
    const char *serial;

    if (strspn(text, HEX) != 4 || text[4] != ':' || strspn(text + 5, HEX) != 4 ||
        (text[9] && text[9] != ':'))
        return false;
    serial = text[9] ? text + 10 : "";
    if (strlen(serial) >= sizeof out->text)
        return false;
    *out = (struct volume_wanted){
        .way = VOLUME_BY_USB,
        .usb_vendor = (uint16_t)strtoul(text, NULL, 16),
        .usb_product = (uint16_t)strtoul(text + 5, NULL, 16),
    };
    snprintf(out->text, sizeof out->text, "%s", serial);
    return true;
}

static bool parse_uuid(const char *text, struct volume_wanted *out)
{
    if (strlen(text) != 9 || strspn(text, HEX) != 4 || text[4] != '-' || strspn(text + 5, HEX) != 4)
        return false;
    *out = (struct volume_wanted){.way = VOLUME_BY_UUID};
    snprintf(out->text, sizeof out->text, "%s", text);
    return true;
}

static bool parse_label(const char *text, struct volume_wanted *out)
{
    if (!*text || strlen(text) > 11 || strpbrk(text, ":/"))
        return false;
    *out = (struct volume_wanted){.way = VOLUME_BY_LABEL};
    snprintf(out->text, sizeof out->text, "%s", text);
    return true;
}

static atl_code parse_auto(const struct atl_machine *machine, struct volume_wanted *out,
                           struct atl_error *err)
{
    if (!machine->volume_label[0] && !machine->usb_vendor)
        return atl_fail(err, ATL_E_INVALID,
                        "the profile of %s names no volume: write volume:LABEL, or give the "
                        "profile a line volume_label or usb",
                        machine->name);
    *out = (struct volume_wanted){.way = VOLUME_BY_PROFILE,
                                  .usb_vendor = machine->usb_vendor,
                                  .usb_product = machine->usb_product};
    snprintf(out->text, sizeof out->text, "%s", machine->volume_label);
    return ATL_OK;
}

atl_code volume_wanted_parse(const char *rest, const struct atl_machine *machine,
                             struct volume_wanted *out, struct atl_error *err)
{
    static const struct {
        const char *prefix;
        bool (*parse)(const char *text, struct volume_wanted *out);
    } ways[] = {
        {"usb=",   parse_usb  },
        {"uuid=",  parse_uuid },
        {"label=", parse_label},
        {"",       parse_usb  },
        {"",       parse_uuid },
        {"",       parse_label},
    };

    if (strcmp(rest, "auto") == 0)
        return parse_auto(machine, out, err);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        size_t len = strlen(ways[i].prefix);

        if (strncmp(rest, ways[i].prefix, len) == 0 && ways[i].parse(rest + len, out))
            return ATL_OK;
    }
    return atl_fail(err, ATL_E_INVALID,
                    "\"%.60s\" is no volume: write its label (11 letters at most), its serial "
                    "number 1A2B-3C4D, its USB id 04f9:2100, or auto",
                    rest);
}

static bool fits_usb(const struct volume_wanted *wanted, const struct volume_seen *seen)
{
    return seen->usb_vendor == wanted->usb_vendor && seen->usb_product == wanted->usb_product;
}

static bool fits(const struct volume_wanted *wanted, const struct volume_seen *seen)
{
    switch (wanted->way) {
    case VOLUME_BY_LABEL:
        return strcasecmp(wanted->text, seen->label) == 0;
    case VOLUME_BY_UUID:
        return strcasecmp(wanted->text, seen->uuid) == 0;
    case VOLUME_BY_USB:
        return fits_usb(wanted, seen) && (!wanted->text[0] || !strcmp(wanted->text, seen->serial));
    case VOLUME_BY_PROFILE:
        return (!wanted->usb_vendor || fits_usb(wanted, seen)) &&
               (!wanted->text[0] || strcasecmp(wanted->text, seen->label) == 0);
    }
    return false;
}

void volume_words(const struct volume_seen *seen, char *out, size_t size)
{
    char usb[24] = "";

    if (seen->usb_vendor)
        snprintf(usb, sizeof usb, ", usb %04x:%04x", seen->usb_vendor, seen->usb_product);
    snprintf(out, size, "%s (%s%s)", seen->label[0] ? seen->label : "without a label", seen->name,
             usb);
}

static atl_code fail_none(const struct volume_seen *list, size_t count, struct atl_error *err)
{
    char others[120] = "";
    size_t len = 0;

    for (size_t i = 0; i < count && len < sizeof others; i++) {
        char words[80];

        volume_words(&list[i], words, sizeof words);
        len += (size_t)snprintf(others + len, sizeof others - len, "%s%s", i ? ", " : "", words);
    }
    if (count)
        return atl_fail(err, ATL_E_NOT_FOUND,
                        "no such volume is plugged in, but %s: plug the right one in, or write "
                        "its name",
                        others);
    return atl_fail(err, ATL_E_NOT_FOUND,
                    "no volume is plugged in: plug the stick in, or switch the machine on and see "
                    "to its cable");
}

static atl_code fail_kind(const struct volume_seen *seen, struct atl_error *err)
{
    char words[80];

    volume_words(seen, words, sizeof words);
    return atl_fail(err, ATL_E_UNSUPPORTED,
                    "%s is formatted as %s, not as FAT, which is what machines read: let the "
                    "machine format it, or format it as FAT32",
                    words, seen->fs_type[0] ? seen->fs_type : "nothing that is known");
}

static atl_code fail_many(const struct volume_seen *a, const struct volume_seen *b,
                          struct atl_error *err)
{
    char one[80], other[80];

    volume_words(a, one, sizeof one);
    volume_words(b, other, sizeof other);
    return atl_fail(err, ATL_E_CONFLICT,
                    "more than one volume fits, %s and %s: pull one out, or write the serial "
                    "number %s",
                    one, other, a->uuid[0] ? a->uuid : a->serial);
}

// Of those that fit the ones with FAT count; a disk's other partitions are nobody's business.
static atl_code look(const struct atl_volume_options *options, const struct volume_wanted *wanted,
                     struct volume_seen *out, struct atl_error *err)
{
    struct volume_seen list[VOLUMES_MAX];
    size_t count = volume_list(options, list, VOLUMES_MAX);
    const struct volume_seen *found = NULL, *foreign = NULL;

    for (size_t i = 0; i < count; i++) {
        if (!fits(wanted, &list[i]))
            continue;
        if (strcmp(list[i].fs_type, "vfat") != 0) {
            foreign = &list[i];
            continue;
        }
        if (found)
            return fail_many(found, &list[i], err);
        found = &list[i];
    }
    if (!found)
        return foreign ? fail_kind(foreign, err) : fail_none(list, count, err);
    *out = *found;
    return ATL_OK;
}

atl_code volume_find(const struct atl_volume_options *options, const struct volume_wanted *wanted,
                     struct volume_seen *out, struct atl_error *err)
{
    int64_t deadline = link_now_ms() + options->appear_ms;
    atl_code before = ATL_OK;

    for (;;) {
        struct atl_error why = {0};
        atl_code rc = look(options, wanted, out, &why);
        bool is_late = link_now_ms() >= deadline;

        if (!rc)
            return ATL_OK;
        // A disk that was plugged in this moment shows itself part by part: what stands in the
        // way must be seen twice.
        if (is_late || (rc != ATL_E_NOT_FOUND && rc == before))
            return atl_fail(err, rc, "%s", why.text);
        before = rc;
        poll(NULL, 0, LOOK_EACH_MS);
    }
}

// SPDX-License-Identifier: Apache-2.0
// Reads a machine's profile: rows of keys, each with the place it fills.
#include "drivers/embroidery/text_file.h"
#include "drivers/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A setter returns NULL, or what is wrong with the value.
typedef const char *(*set_fn)(struct atl_machine *machine, const char *value);

static const char *set_text(char *out, size_t size, const char *value)
{
    if (strlen(value) >= size)
        return "the value is too long";
    snprintf(out, size, "%s", value);
    return NULL;
}

static const char *set_count(uint32_t *out, const char *value, long low, long high)
{
    long number;

    if (!text_number(value, low, high, &number))
        return "the value is no number, too small or too large";
    *out = (uint32_t)number;
    return NULL;
}

static const char *set_name(struct atl_machine *machine, const char *value)
{
    return set_text(machine->name, sizeof machine->name, value);
}

static const char *set_format(struct atl_machine *machine, const char *value)
{
    machine->format = atl_stitch_format_find(value);
    return machine->format ? NULL : "there is no such format: dst, pes, exp, jef or vp3";
}

static const char *set_folder(struct atl_machine *machine, const char *value)
{
    const char *allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-/";

    if (*value == '/' || strstr(value, "//") || strspn(value, allowed) != strlen(value))
        return "a folder on the volume, of letters, digits, _ - and /, without / at its start";
    return set_text(machine->folder, sizeof machine->folder, value);
}

static const char *set_folder_make(struct atl_machine *machine, const char *value)
{
    machine->folder_make = strcmp(value, "yes") == 0;
    return machine->folder_make || !strcmp(value, "no") ? NULL : "yes or no";
}

static const char *set_files_max(struct atl_machine *machine, const char *value)
{
    return set_count(&machine->files_max, value, 1, 10000);
}

static const char *set_name_rule(struct atl_machine *machine, const char *value)
{
    machine->name_rule = strcmp(value, "dos") == 0 ? ATL_NAME_DOS : ATL_NAME_LONG;
    return machine->name_rule == ATL_NAME_DOS || !strcmp(value, "long") ? NULL : "dos or long";
}

static const char *set_volume_label(struct atl_machine *machine, const char *value)
{
    return set_text(machine->volume_label, sizeof machine->volume_label, value);
}

static const char *set_usb(struct atl_machine *machine, const char *value)
{
    if (strlen(value) != 9 || value[4] != ':' || strspn(value, "0123456789abcdef") != 4 ||
        strspn(value + 5, "0123456789abcdef") != 4)
        return "write vendor and product as four hexadecimal digits each: 04f9:2100";
    machine->usb_vendor = (uint16_t)strtoul(value, NULL, 16);
    machine->usb_product = (uint16_t)strtoul(value + 5, NULL, 16);
    return NULL;
}

// "130 x 180", in mm, at most 1000.
static bool parse_size(const char *text, struct atl_hoop *hoop)
{
    const char *by = strstr(text, " x ");
    char width[8];
    long mm[2];

    if (!by || (size_t)(by - text) >= sizeof width)
        return false;
    snprintf(width, sizeof width, "%.*s", (int)(by - text), text);
    if (!text_number(width, 10, 1000, &mm[0]) || !text_number(by + 3, 10, 1000, &mm[1]))
        return false;
    hoop->width_dmm = (int32_t)mm[0] * 10;
    hoop->height_dmm = (int32_t)mm[1] * 10;
    return true;
}

static const char *add_hoop(struct atl_machine *machine, const char *value)
{
    struct atl_hoop *hoop = &machine->hoops[machine->hoop_count];
    size_t len = strcspn(value, " ");

    if (machine->hoop_count == ATL_MACHINE_HOOPS_MAX)
        return "12 hoops at most";
    if (len >= sizeof hoop->name || !value[len] || !parse_size(value + len + 1, hoop))
        return "write the hoop's name and its size in mm: hoop = 130x180 130 x 180";
    snprintf(hoop->name, sizeof hoop->name, "%.*s", (int)len, value);
    if (atl_machine_hoop(machine, hoop->name))
        return "there is a hoop of that name already";
    machine->hoop_count++;
    return NULL;
}

static const char *set_stitches_max(struct atl_machine *machine, const char *value)
{
    return set_count(&machine->stitches_max, value, 100, 10000000);
}

static const char *set_colours_max(struct atl_machine *machine, const char *value)
{
    return set_count(&machine->colours_max, value, 1, 1000);
}

static const char *set_needles(struct atl_machine *machine, const char *value)
{
    return set_count(&machine->needles, value, 1, 32);
}

static const char *set_speed(struct atl_machine *machine, const char *value)
{
    return set_count(&machine->speed.stitches_per_minute, value, 50, 5000);
}

static const char *set_colour_change(struct atl_machine *machine, const char *value)
{
    return set_count(&machine->speed.colour_change_s, value, 0, 600);
}

static const char *set_trim(struct atl_machine *machine, const char *value)
{
    return set_count(&machine->speed.trim_s, value, 0, 60);
}

static const char *set_dst_trim_jumps(struct atl_machine *machine, const char *value)
{
    uint32_t jumps;
    const char *why = set_count(&jumps, value, 2, 8);

    if (!why)
        machine->rules.dst_trim_jumps = (uint8_t)jumps;
    return why;
}

static const char *set_dst_co(struct atl_machine *machine, const char *value)
{
    static const char *const names[] = {"at-least-one", "changes", "colours"};

    for (size_t i = 0; i < 3; i++) {
        if (strcmp(value, names[i]) == 0) {
            machine->rules.dst_co = (enum atl_dst_co)i;
            return NULL;
        }
    }
    return "at-least-one, changes or colours";
}

static const char *set_dst_end(struct atl_machine *machine, const char *value)
{
    machine->rules.dst_ends_1a = strcmp(value, "f3-1a") == 0;
    return machine->rules.dst_ends_1a || !strcmp(value, "f3") ? NULL : "f3 or f3-1a";
}

static const char *set_pes_version(struct atl_machine *machine, const char *value)
{
    machine->rules.pes_version = strcmp(value, "6") == 0 ? 6 : 1;
    return machine->rules.pes_version == 6 || !strcmp(value, "1") ? NULL : "1 or 6";
}

static const char *set_tried(struct atl_machine *machine, const char *value)
{
    machine->is_tried = strcmp(value, "yes") == 0;
    return machine->is_tried || !strcmp(value, "no") ? NULL : "yes or no";
}

static const char *set_source(struct atl_machine *machine, const char *value)
{
    return set_text(machine->source, sizeof machine->source, value);
}

static const char *set_unconfirmed(struct atl_machine *machine, const char *value)
{
    return set_text(machine->unconfirmed, sizeof machine->unconfirmed, value);
}

static const struct key {
    const char *name;
    set_fn set;
    bool is_needed;
    bool may_repeat;
    const char *only; // needed for this format
} keys[] = {
    {"name",            set_name,           true,  false, NULL },
    {"format",          set_format,         true,  false, NULL },
    {"folder",          set_folder,         false, false, NULL },
    {"folder_make",     set_folder_make,    false, false, NULL },
    {"files_max",       set_files_max,      false, false, NULL },
    {"name_rule",       set_name_rule,      true,  false, NULL },
    {"volume_label",    set_volume_label,   false, false, NULL },
    {"usb",             set_usb,            false, false, NULL },
    {"hoop",            add_hoop,           true,  true,  NULL },
    {"stitches_max",    set_stitches_max,   true,  false, NULL },
    {"colours_max",     set_colours_max,    true,  false, NULL },
    {"needles",         set_needles,        true,  false, NULL },
    {"speed",           set_speed,          true,  false, NULL },
    {"colour_change_s", set_colour_change,  true,  false, NULL },
    {"trim_s",          set_trim,           true,  false, NULL },
    {"dst_trim_jumps",  set_dst_trim_jumps, false, false, "dst"},
    {"dst_co",          set_dst_co,         false, false, "dst"},
    {"dst_end",         set_dst_end,        false, false, "dst"},
    {"pes_version",     set_pes_version,    false, false, "pes"},
    {"tried",           set_tried,          true,  false, NULL },
    {"source",          set_source,         true,  false, NULL },
    {"unconfirmed",     set_unconfirmed,    false, false, NULL },
};
enum { KEY_COUNT = sizeof keys / sizeof keys[0] };

// Parts "key = value" in place. False: there is no " = ".
static bool split(char *line, char **value)
{
    char *equals = strchr(line, '=');
    char *end = equals;

    if (!equals)
        return false;
    while (end > line && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *end = 0;
    *value = equals + 1 + strspn(equals + 1, " \t");
    return true;
}

static const char *set(struct atl_machine *machine, const char *key, const char *value,
                       bool seen[KEY_COUNT])
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strcmp(keys[i].name, key) != 0)
            continue;
        if (seen[i] && !keys[i].may_repeat)
            return "it is there already";
        if (!*value)
            return "it has no value";
        seen[i] = true;
        return keys[i].set(machine, value);
    }
    return "there is no such key";
}

static atl_code check_needed(const struct atl_machine *machine, const char *name,
                             const bool seen[KEY_COUNT], struct atl_error *err)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        const char *only = keys[i].only;
        bool is_needed =
            keys[i].is_needed || (only && machine->format && !strcmp(machine->format->name, only));

        if (is_needed && !seen[i])
            return atl_fail(err, ATL_E_INVALID, "%s: it has no line \"%s = …\"", name,
                            keys[i].name);
    }
    return ATL_OK;
}

atl_code atl_machine_parse(const char *name, const char *text, size_t len, struct atl_machine *out,
                           struct atl_error *err)
{
    struct text_lines lines = {.text = text, .len = len};
    struct atl_machine machine = {.rules = atl_stitch_rules_default};
    bool seen[KEY_COUNT] = {false};
    size_t id_len = strcspn(name, ".");
    atl_code rc = ATL_OK;
    char line[256];

    if (!id_len || id_len >= sizeof machine.id)
        return atl_fail(err, ATL_E_INVALID, "%s: the file's name is too long for a machine", name);
    memcpy(machine.id, name, id_len);
    while (!rc && text_line_next(&lines, name, line, sizeof line, &rc, err)) {
        char *value = line;
        const char *why = "write key = value";

        if (split(line, &value))
            why = set(&machine, line, value, seen);
        if (why)
            rc = atl_fail(err, ATL_E_INVALID, "%s:%u: %.40s: %s", name, lines.number, line, why);
    }
    if (!rc)
        rc = check_needed(&machine, name, seen, err);
    if (!rc)
        *out = machine;
    return rc;
}

atl_code atl_machine_load(const char *path, struct atl_machine *out, struct atl_error *err)
{
    char *text = NULL;
    size_t len = 0;
    atl_code rc = text_file_read(path, ATL_MACHINE_MAX_BYTES, &text, &len, err);

    if (!rc)
        rc = atl_machine_parse(text_file_name(path), text, len, out, err);
    free(text);
    return rc;
}

// SPDX-License-Identifier: Apache-2.0
// The table of keys is in config_keys.c; this file walks the lines and finishes the whole.
#include "plugin/agent/config.h"

#include "plugin/agent/config_keys.h"
#include "plugin/agent/nearest.h"

#include <errno.h>
#include <ini.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_KEYS = 64 };

// What is known while a file is read. The first mistake counts; the rest is read over.
struct reading {
    struct atl_config config;
    const char *file;
    FILE *stream;
    int line;
    // [0]: sections that stand once; then printers, machines, scanners
    bool seen[ATL_CONFIG_MAX_PRINTERS + ATL_CONFIG_MAX_MACHINES + ATL_CONFIG_MAX_SCANNERS + 1]
             [MAX_KEYS];
    struct atl_error mistake;
};

// "FILE:LINE: [section] key: cause; cure", once.
static int fail_at(struct reading *r, const char *section, const char *key, const char *cause)
{
    if (!r->mistake.code)
        (void)atl_fail(&r->mistake, ATL_E_INVALID, "%.100s:%d: [%.40s] %.40s: %s", r->file, r->line,
                       section, key, cause);
    return 0;
}

static int fail_section(struct reading *r, const char *section)
{
    const char *names[8];
    const size_t count = atl_config_sections(names, sizeof names / sizeof names[0]);
    const char *nearest = atl_nearest(section, names, count);
    char cause[160];

    (void)snprintf(cause, sizeof cause, "there is no such section; %s%s%s",
                   nearest ? "did you mean ["
                           : "there are shop, paths, cloud, workshop, keep, "
                             "printer NAME, machine NAME and scanner NAME",
                   nearest ? nearest : "", nearest ? "]?" : "");
    return fail_at(r, section, "", cause);
}

static int fail_key(struct reading *r, const char *section, const char *kind, const char *key)
{
    const char *names[MAX_KEYS];
    const size_t count = atl_config_key_names(kind, names, MAX_KEYS);
    const char *nearest = atl_nearest(key, names, count);
    char cause[120];

    (void)snprintf(cause, sizeof cause, "there is no such key%s%s%s",
                   nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                   nearest ? "\"?" : "");
    return fail_at(r, section, key, cause);
}

static bool is_name(const char *text, size_t max)
{
    const size_t len = strlen(text);

    return len > 0 && len < max && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

// Sections of which there may be several, each with a name, which is the first of its fields.
static const struct named {
    const char *kind;
    size_t seen_from; // its rows of `seen`
    size_t offset;    // of the first in the configuration
    size_t size;
    size_t name_size;
    size_t count_at; // offset of how many there are
    size_t max;
} named[] = {
#define NAMED(kind, member, seen_from, max)                                                        \
    {                                                                                              \
        kind, seen_from, offsetof(struct atl_config, member##s),                                   \
            sizeof((struct atl_config *)0)->member##s[0],                                          \
            sizeof((struct atl_config *)0)->member##s[0].name,                                     \
            offsetof(struct atl_config, member##_count), max                                       \
    }
    NAMED("printer", printer, 1, ATL_CONFIG_MAX_PRINTERS),
    NAMED("machine", machine, 1 + ATL_CONFIG_MAX_PRINTERS, ATL_CONFIG_MAX_MACHINES),
    NAMED("scanner", scanner, 1 + ATL_CONFIG_MAX_PRINTERS + ATL_CONFIG_MAX_MACHINES,
          ATL_CONFIG_MAX_SCANNERS),
#undef NAMED
};

static const struct named *named_kind(const char *section)
{
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        const size_t len = strlen(named[i].kind);

        if (strncmp(section, named[i].kind, len) == 0 && section[len] == ' ')
            return &named[i];
    }
    return NULL;
}

// The row of "[printer NAME]", a new one when it is first met; -1 after a mistake.
static int index_of(struct reading *r, const struct named *kind, const char *section,
                    const char *name)
{
    size_t *count = (size_t *)(void *)((char *)&r->config + kind->count_at);
    char *first = (char *)&r->config + kind->offset;
    char cause[96];

    for (size_t i = 0; i < *count; i++)
        if (strcmp(first + i * kind->size, name) == 0)
            return (int)i;
    if (!is_name(name, kind->name_size)) {
        (void)snprintf(cause, sizeof cause,
                       "a %s's name is made of a-z, 0-9 and -, at most 23 of them", kind->kind);
        fail_at(r, section, "", cause);
        return -1;
    }
    if (*count == kind->max) {
        (void)snprintf(cause, sizeof cause, "there are at most %zu %ss", kind->max, kind->kind);
        fail_at(r, section, "", cause);
        return -1;
    }
    if (kind == &named[0])
        r->config.printers[*count] = atl_config_new_printer();
    (void)snprintf(first + *count * kind->size, kind->name_size, "%s", name);
    return (int)(*count)++;
}

// Where the section's keys go, and its row of `seen`. NULL after a mistake.
static void *place_of(struct reading *r, const char *section, const char **kind, int *seen)
{
    const struct named *row = named_kind(section);
    int index;

    *kind = section;
    *seen = 0;
    if (!row)
        return &r->config;
    index = index_of(r, row, section, section + strlen(row->kind) + 1);
    if (index < 0)
        return NULL;
    *kind = row->kind;
    *seen = (int)row->seen_from + index;
    return (char *)&r->config + row->offset + (size_t)index * row->size;
}

static int set_key(struct reading *r, const char *section, const char *key, const char *value)
{
    const char *kind;
    const char *cause;
    int seen, row;
    void *base = place_of(r, section, &kind, &seen);

    if (!base)
        return 0;
    if (!atl_config_has_section(kind))
        return fail_section(r, section);
    row = atl_config_key_find(kind, key);
    if (row < 0)
        return fail_key(r, section, kind, key);
    if (r->seen[seen][row])
        return fail_at(r, section, key, "it is given twice; write it once, on one line");
    r->seen[seen][row] = true;
    cause = atl_config_key_set(row, base, value);
    return cause ? fail_at(r, section, key, cause) : 1;
}

static int on_pair(void *user, const char *section, const char *key, const char *value)
{
    struct reading *r = user;

    if (r->mistake.code)
        return 0;
    return set_key(r, section, key, value);
}

// As fgets; counts lines, which inih does not tell, and notices what does not fit, which it would
// take for two lines.
static char *next_line(char *line, int size, void *user)
{
    struct reading *r = user;
    size_t len;

    if (!fgets(line, size, r->stream))
        return NULL;
    r->line++;
    len = strlen(line);
    if (len + 1 == (size_t)size && line[len - 1] != '\n')
        fail_at(r, "", "", "the line is longer than 198 bytes; shorten it");
    return line;
}

static bool is_named(const char *section)
{
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (strcmp(section, named[i].kind) == 0)
            return true;
    return false;
}

static const char *find_missing(const struct reading *r, const char **section)
{
    const int count = atl_config_key_count();

    for (int row = 0; row < count; row++)
        if (atl_config_key_is_needed(row, section) && !is_named(*section) && !r->seen[0][row])
            return atl_config_key_name(row);
    return NULL;
}

static bool has_hours(const struct atl_config *config)
{
    for (size_t i = 0; i < 7; i++)
        if (config->hours.week[i].count)
            return true;
    return false;
}

static atl_code check_machines(const struct reading *r, struct atl_error *err)
{
    const struct atl_config *config = &r->config;

    for (size_t i = 0; i < config->machine_count; i++) {
        const struct atl_config_machine *machine = &config->machines[i];

        if (!machine->profile[0])
            return atl_fail(err, ATL_E_INVALID,
                            "%s: [machine %s] profile: it is missing; for instance brother-pr1055x",
                            r->file, machine->name);
        if (!machine->link[0])
            return atl_fail(err, ATL_E_INVALID,
                            "%s: [machine %s] link: it is missing; for instance volume:auto",
                            r->file, machine->name);
        if (atl_config_printer_find(config, machine->name))
            return atl_fail(err, ATL_E_INVALID,
                            "%s: [machine %s]: a printer has this name, too; name one of them "
                            "differently",
                            r->file, machine->name);
    }
    return ATL_OK;
}

static atl_code check_scanners(const struct reading *r, struct atl_error *err)
{
    const struct atl_config *config = &r->config;

    for (size_t i = 0; i < config->scanner_count; i++) {
        const char *name = config->scanners[i].name;

        if (!config->scanners[i].link[0])
            return atl_fail(
                err, ATL_E_INVALID,
                "%s: [scanner %s] link: it is missing; \"atelier-agent scans --devices\" "
                "shows what can be written there",
                r->file, name);
        if (atl_config_printer_find(config, name) || atl_config_machine_find(config, name))
            return atl_fail(err, ATL_E_INVALID,
                            "%s: [scanner %s]: a printer or machine has this name, too; name one "
                            "of them differently",
                            r->file, name);
    }
    return ATL_OK;
}

// What can be judged only when all lines were read.
static atl_code check_whole(const struct reading *r, struct atl_error *err)
{
    const struct atl_config *config = &r->config;
    const char *section = "";
    const char *key = find_missing(r, &section);
    atl_code rc;

    if (key)
        return atl_fail(err, ATL_E_INVALID, "%s: [%s] %s: it is missing; add the line \"%s = …\"",
                        r->file, section, key, key);
    if (!has_hours(config))
        return atl_fail(err, ATL_E_INVALID,
                        "%s: [shop] hours.mon: the shop is never open; say when, for instance "
                        "\"hours.mon = 10:00-19:00\"",
                        r->file);
    if (config->cloud_url[0] && !config->page_base[0])
        return atl_fail(err, ATL_E_INVALID,
                        "%s: [cloud] page_base: it is missing; say where guests find their page, "
                        "for instance HTTPS://STATUS.EXAMPLE.COM",
                        r->file);
    for (size_t i = 0; i < config->printer_count; i++) {
        const struct atl_config_printer *printer = &config->printers[i];

        if (!printer->link[0])
            return atl_fail(err, ATL_E_INVALID,
                            "%s: [printer %s] link: it is missing; for instance "
                            "tcp:192.168.1.50:9100",
                            r->file, printer->name);
        if (printer->backup[0] && !atl_config_printer_find(config, printer->backup))
            return atl_fail(err, ATL_E_INVALID, "%s: [printer %s] backup: there is no printer %s",
                            r->file, printer->name, printer->backup);
    }
    rc = check_machines(r, err);
    return rc ? rc : check_scanners(r, err);
}

static atl_code read_lines(struct reading *r, struct atl_error *err)
{
    const int rc = ini_parse_stream(next_line, r, on_pair, r);

    if (r->mistake.code) {
        if (err)
            *err = r->mistake;
        return r->mistake.code;
    }
    if (rc > 0)
        return atl_fail(
            err, ATL_E_INVALID,
            "%s:%d: this is neither \"[section]\" nor \"key = value\"; a comment begins "
            "with # or ;",
            r->file, rc);
    if (rc < 0 || ferror(r->stream))
        return atl_fail(err, ATL_E_IO, "%s: cannot be read", r->file);
    return check_whole(r, err);
}

static FILE *open_file(const char *file, struct atl_error *err)
{
    FILE *stream = fopen(file, "re");

    if (!stream)
        (void)atl_fail(err, errno == ENOENT ? ATL_E_NOT_FOUND : ATL_E_IO,
                       "%s: %s; name the shop's file with --config, or copy packaging/atelier.ini "
                       "there",
                       file, strerror(errno));
    return stream;
}

// Absolute: sentences name the file to people who stand elsewhere, and so do our processes.
static atl_code keep_name(const char *file, struct atl_config *config, struct atl_error *err)
{
    char here[ATL_CONFIG_PATH_BYTES] = "";
    int len;

    if (file[0] != '/' && !getcwd(here, sizeof here))
        return atl_fail(err, ATL_E_IO, "%s: the folder we are in has no name: %s", file,
                        strerror(errno));
    len = snprintf(config->file, sizeof config->file, "%s%s%s", here, here[0] ? "/" : "", file);
    if (len < 0 || (size_t)len >= sizeof config->file)
        return atl_fail(err, ATL_E_INVALID, "the configuration's path is too long");
    return ATL_OK;
}

atl_code atl_config_read(const char *file, struct atl_config *out, struct atl_error *err)
{
    struct reading *r;
    atl_code rc;

    r = calloc(1, sizeof *r);
    if (!r)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    r->file = file;
    r->stream = open_file(file, err);
    if (!r->stream) {
        rc = err ? err->code : ATL_E_IO;
        goto out;
    }
    atl_config_set_defaults(&r->config);
    rc = keep_name(file, &r->config, err);
    if (!rc)
        rc = read_lines(r, err);
    (void)fclose(r->stream);
    if (!rc)
        *out = r->config;
out:
    free(r);
    return rc;
}

const char *atl_config_file(const char *given)
{
    const char *from_environment = getenv("ATELIER_CONFIG");

    if (given)
        return given;
    return from_environment && from_environment[0] ? from_environment : ATL_CONFIG_DEFAULT_FILE;
}

const struct atl_config_printer *atl_config_printer_find(const struct atl_config *config,
                                                         const char *name)
{
    for (size_t i = 0; i < config->printer_count; i++)
        if (strcmp(config->printers[i].name, name) == 0)
            return &config->printers[i];
    return NULL;
}

const struct atl_config_machine *atl_config_machine_find(const struct atl_config *config,
                                                         const char *name)
{
    for (size_t i = 0; i < config->machine_count; i++)
        if (strcmp(config->machines[i].name, name) == 0)
            return &config->machines[i];
    return NULL;
}

const struct atl_config_scanner *atl_config_scanner_find(const struct atl_config *config,
                                                         const char *name)
{
    for (size_t i = 0; i < config->scanner_count; i++)
        if (strcmp(config->scanners[i].name, name) == 0)
            return &config->scanners[i];
    return NULL;
}

const struct atl_config_printer *atl_config_printer_for(const struct atl_config *config,
                                                        enum atl_paper paper)
{
    for (size_t i = 0; i < config->printer_count; i++)
        if (config->printers[i].papers & (uint32_t)paper)
            return &config->printers[i];
    return NULL;
}

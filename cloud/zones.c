// SPDX-License-Identifier: Apache-2.0
#include "cloud/zones.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME_CAP = 64, FILE_MAX = 64 * 1024, ZONES_MAX = 600 };

struct entry {
    struct entry *next;
    char name[NAME_CAP];
    bool is_known; // false: asked for, and not there
    struct atl_zone zone;
};

struct atl_zones {
    const char *folder; // borrowed
    struct entry *first;
    size_t count;
    struct atl_zone utc;
};

struct atl_zones *atl_zones_open(const char *folder)
{
    struct atl_zones *zones = calloc(1, sizeof *zones);
    if (!zones)
        return NULL;
    zones->folder = folder;
    atl_zone_init_utc(&zones->utc);
    return zones;
}

void atl_zones_close(struct atl_zones *zones)
{
    if (!zones)
        return;
    for (struct entry *entry = zones->first, *next; entry; entry = next) {
        next = entry->next;
        free(entry);
    }
    free(zones);
}

// "Europe/Paris": no way out of the folder.
static bool is_name(const char *name)
{
    size_t len = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");
    return len > 0 && name[len] == '\0' && len < NAME_CAP && name[0] != '/';
}

static bool read_zone(const char *folder, struct entry *entry)
{
    char path[512];
    uint8_t *bytes = malloc(FILE_MAX);
    (void)snprintf(path, sizeof path, "%s/%s", folder, entry->name);
    int fd = bytes ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t len = fd < 0 ? -1 : read(fd, bytes, FILE_MAX);
    bool ok = len > 0 && !atl_zone_parse(bytes, (size_t)len, &entry->zone, NULL);
    if (fd >= 0)
        close(fd);
    free(bytes);
    return ok;
}

const struct atl_zone *atl_zones_find(struct atl_zones *zones, const char *name)
{
    if (!is_name(name))
        return NULL;
    for (struct entry *entry = zones->first; entry; entry = entry->next)
        if (strcmp(entry->name, name) == 0)
            return entry->is_known ? &entry->zone : NULL;
    struct entry *entry = zones->count < ZONES_MAX ? calloc(1, sizeof *entry) : NULL;
    if (!entry)
        return NULL;
    memcpy(entry->name, name, strlen(name) + 1);
    entry->is_known = read_zone(zones->folder, entry);
    entry->next = zones->first;
    zones->first = entry;
    zones->count++;
    return entry->is_known ? &entry->zone : NULL;
}

const struct atl_zone *atl_zones_utc(const struct atl_zones *zones)
{
    return &zones->utc;
}

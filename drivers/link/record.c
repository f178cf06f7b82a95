// SPDX-License-Identifier: Apache-2.0
// A recorder around another link. What it writes, replay.c reads; whoever records fills in device
// and firmware in the first lines. A recording of a real ticket holds what the ticket says: record
// made-up orders only.
#include "drivers/link.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BYTES_A_LINE = 32, PATH_BYTES = 512 };

struct record_link {
    struct atl_link base;
    struct atl_link *inner; // owned
    FILE *tape;
};

static void put(struct record_link *self, char kind, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (i % BYTES_A_LINE == 0)
            fprintf(self->tape, "%s%c", i ? "\n" : "", kind);
        fprintf(self->tape, " %02x", bytes[i]);
    }
    if (len)
        fputc('\n', self->tape);
    fflush(self->tape);
}

static void put_failure(struct record_link *self, atl_code rc)
{
    if (rc == ATL_E_TIMEOUT || rc == ATL_E_IO) {
        fputs(rc == ATL_E_TIMEOUT ? "! timeout\n" : "! gone\n", self->tape);
        fflush(self->tape);
    }
}

static atl_code record_write(struct atl_link *link, const void *bytes, size_t len,
                             unsigned timeout_ms, struct atl_error *err)
{
    struct record_link *self = (struct record_link *)link;
    uint64_t before = self->inner->accepted_bytes;
    atl_code rc = atl_link_write_piece(self->inner, bytes, len, link->has_more, timeout_ms, err);

    if (self->inner->accepted_bytes > before)
        put(self, '>', bytes, (size_t)(self->inner->accepted_bytes - before));
    link->accepted_bytes = self->inner->accepted_bytes;
    if (rc)
        put_failure(self, rc);
    return rc;
}

static atl_code record_read(struct atl_link *link, void *bytes, size_t cap, size_t *got,
                            unsigned timeout_ms, struct atl_error *err)
{
    struct record_link *self = (struct record_link *)link;
    atl_code rc = self->inner->ops->read(self->inner, bytes, cap, got, timeout_ms, err);

    if (!rc)
        put(self, '<', bytes, *got);
    else if (timeout_ms)
        put_failure(self, rc);
    return rc;
}

static void record_close(struct atl_link *link)
{
    struct record_link *self = (struct record_link *)link;

    self->inner->ops->close(self->inner);
    fclose(self->tape);
    free(self);
}

static const struct atl_link_ops record_ops = {
    .scheme = "record",
    .write = record_write,
    .read = record_read,
    .close = record_close,
};

static const struct atl_link_ops record_one_way_ops = {
    .scheme = "record",
    .write = record_write,
    .close = record_close,
};

static void put_head(FILE *tape, const struct atl_link *inner)
{
    struct tm day;
    time_t now = time(NULL);
    char date[16] = "?";

    if (gmtime_r(&now, &day))
        strftime(date, sizeof date, "%Y-%m-%d", &day);
    fprintf(tape, "# device: (fill in)\n# firmware: (fill in)\n# date: %s, over %s\n", date,
            inner->ops->scheme);
    fflush(tape);
}

atl_code atl_link_record(const char *path, struct atl_link *inner, struct atl_link **out,
                         struct atl_error *err)
{
    struct record_link *self = calloc(1, sizeof *self);
    int fd;

    if (!self)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a link");
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    self->tape = fd < 0 ? NULL : fdopen(fd, "w");
    if (!self->tape) {
        atl_code rc = atl_fail(err, ATL_E_IO, "%s: %s", path, strerror(errno));

        if (fd >= 0)
            close(fd);
        free(self);
        return rc;
    }
    put_head(self->tape, inner);
    self->base = (struct atl_link){
        .ops = inner->ops->read ? &record_ops : &record_one_way_ops,
        .carries = inner->carries,
        .accepted_bytes = inner->accepted_bytes,
    };
    self->inner = inner; // now owned by the recorder
    *out = &self->base;
    return ATL_OK;
}

atl_code atl_link_open_record(const char *path_and_uri, struct atl_link **out,
                              struct atl_error *err)
{
    const char *comma = strchr(path_and_uri, ',');
    size_t len = comma ? (size_t)(comma - path_and_uri) : 0;
    struct atl_link *inner = NULL;
    char path[PATH_BYTES];
    atl_code rc;

    if (!len || len >= sizeof path)
        return atl_fail(err, ATL_E_INVALID, "record:%s: write record:/path,LINK", path_and_uri);
    if (strncmp(comma + 1, "record:", 7) == 0)
        return atl_fail(err, ATL_E_INVALID, "a recorder records no recorder");
    memcpy(path, path_and_uri, len);
    path[len] = 0;
    rc = atl_link_open(comma + 1, &inner, err);
    if (rc)
        return rc;
    rc = atl_link_record(path, inner, out, err);
    if (rc)
        inner->ops->close(inner);
    return rc;
}

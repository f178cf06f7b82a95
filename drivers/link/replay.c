// SPDX-License-Identifier: Apache-2.0
// Replays a recorded conversation, so that driver tests need no hardware.
//
//   # MADE UP …, or: device, firmware and date of the recording     (first lines)
//   > 1b 40        bytes that the driver must write
//   < 12           bytes that the device answers
//   ! timeout      the answer, or the taking of bytes, that never came
//   ! gone         the device was unplugged
//
// How bytes were cut into transfers is chance: several lines of one direction are one stream.
#include "drivers/link.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 512 };

struct replay_link {
    struct atl_link base;
    FILE *script;
    unsigned line_no;
    char kind;                     // of the line in hand; 0: the next one must be read
    uint8_t bytes[LINE_BYTES / 2]; // of that line
    size_t at, len;
    char word[16]; // of a '!' line
};

// Parses "1b 40" into bytes; returns the count, or -1 on anything that is not hex.
static int parse_hex(const char *text, uint8_t *bytes, int cap)
{
    int count = 0;
    char *end;

    for (;;) {
        while (isspace((unsigned char)*text))
            text++;
        if (!*text)
            return count;
        unsigned long value = strtoul(text, &end, 16);
        if (end == text || value > 0xff || count == cap)
            return -1;
        bytes[count++] = (uint8_t)value;
        text = end;
    }
}

static atl_code parse_line(struct replay_link *self, const char *line, struct atl_error *err)
{
    int count = 0;

    if (line[0] == '!') {
        size_t skip = 1 + strspn(line + 1, " ");

        strncpy(self->word, line + skip, sizeof self->word - 1);
        self->word[strcspn(self->word, " \r\n")] = 0;
    } else if (line[0] == '>' || line[0] == '<') {
        count = parse_hex(line + 1, self->bytes, (int)sizeof self->bytes);
    } else {
        count = -1;
    }
    if (count < 0)
        return atl_fail(err, ATL_E_INVALID, "replay: line %u is not of a recording", self->line_no);
    self->kind = line[0];
    self->at = 0;
    self->len = (size_t)count;
    return ATL_OK;
}

// Makes sure that a line with something left is in hand.
static atl_code have_line(struct replay_link *self, struct atl_error *err)
{
    char line[LINE_BYTES];

    while (!self->kind || (self->kind != '!' && self->at == self->len)) {
        atl_code rc;

        if (!fgets(line, sizeof line, self->script))
            return atl_fail(err, ATL_E_IO, "replay: the recording ends at line %u", self->line_no);
        self->line_no++;
        if (line[0] == '#' || line[0] == '\n')
            continue;
        rc = parse_line(self, line, err);
        if (rc)
            return rc;
    }
    return ATL_OK;
}

// The line in hand must be of that kind; a recorded trouble is returned as what it was.
static atl_code want(struct replay_link *self, char kind, struct atl_error *err)
{
    atl_code rc = have_line(self, err);

    if (rc)
        return rc;
    if (self->kind == '!') {
        self->kind = 0;
        return strcmp(self->word, "gone") == 0
                   ? atl_fail(err, ATL_E_IO, "replay: the device is gone, line %u", self->line_no)
                   : atl_fail(err, ATL_E_TIMEOUT, "replay: recorded timeout, line %u",
                              self->line_no);
    }
    if (self->kind != kind)
        return atl_fail(err, ATL_E_IO, "replay: line %u is '%c', the driver wants '%c'",
                        self->line_no, self->kind, kind);
    return ATL_OK;
}

static atl_code replay_write(struct atl_link *link, const void *bytes, size_t len,
                             unsigned timeout_ms, struct atl_error *err)
{
    struct replay_link *self = (struct replay_link *)link;
    const uint8_t *at = bytes;

    (void)timeout_ms;
    while (len) {
        atl_code rc = want(self, '>', err);
        size_t n;

        if (rc)
            return rc;
        n = self->len - self->at < len ? self->len - self->at : len;
        if (memcmp(self->bytes + self->at, at, n) != 0)
            return atl_fail(err, ATL_E_IO, "replay: %zu bytes from %02x differ from line %u", n,
                            at[0], self->line_no);
        self->at += n;
        at += n;
        len -= n;
        link->accepted_bytes += n;
    }
    return ATL_OK;
}

static atl_code replay_read(struct atl_link *link, void *bytes, size_t cap, size_t *got,
                            unsigned timeout_ms, struct atl_error *err)
{
    struct replay_link *self = (struct replay_link *)link;
    atl_code rc;
    size_t n;

    rc = have_line(self, err);
    // Reading what is there already is no event on the wire: nothing was recorded for it.
    if (timeout_ms == 0 && (rc || self->kind != '<'))
        return atl_fail(err, ATL_E_TIMEOUT, "replay: nothing is there");
    if (!rc)
        rc = want(self, '<', err);
    if (rc)
        return rc;
    n = self->len - self->at < cap ? self->len - self->at : cap;
    memcpy(bytes, self->bytes + self->at, n);
    self->at += n;
    *got = n;
    return ATL_OK;
}

static void replay_close(struct atl_link *link)
{
    struct replay_link *self = (struct replay_link *)link;

    fclose(self->script);
    free(self);
}

static const struct atl_link_ops replay_ops = {
    .scheme = "replay",
    .write = replay_write,
    .read = replay_read,
    .close = replay_close,
};

atl_code atl_link_open_replay(const char *path, struct atl_link **out, struct atl_error *err)
{
    struct replay_link *self = calloc(1, sizeof *self);

    if (!self)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a link");
    self->base = (struct atl_link){.ops = &replay_ops, .carries = ATL_LINK_CARRIES_ANSWERS};
    self->script = fopen(path, "re");
    if (!self->script) {
        free(self);
        return atl_fail(err, ATL_E_NOT_FOUND, "%s: %s", path, strerror(errno));
    }
    *out = &self->base;
    return ATL_OK;
}

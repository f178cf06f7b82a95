// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catalogue_open.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct source {
    const struct catalogue_change *change;
    bool sells_all;
    bool was_changed;
};

static void add_changed(struct atl_buf *out, const char *text, size_t len, const char *find,
                        const char *replace)
{
    const char *found = memmem(text, len, find, strlen(find));

    assert_non_null(found);
    atl_buf_add(out, text, (size_t)(found - text));
    atl_buf_add(out, replace, strlen(replace));
    found += strlen(find);
    atl_buf_add(out, found, len - (size_t)(found - text));
}

static atl_code read_file(void *ctx, const char *path, struct atl_buf *out, struct atl_error *err)
{
    struct source *source = ctx;
    const struct catalogue_change *change = source->change;
    static char text[256 * 1024];
    char whole[1024];
    size_t len;
    FILE *file;

    snprintf(whole, sizeof(whole), "%s/catalogue/%s", ATL_SOURCE_DIR, path);
    file = fopen(whole, "rb");
    if (!file)
        return atl_fail(err, ATL_E_NOT_FOUND, "cannot open %s", path);
    len = fread(text, 1, sizeof(text), file);
    fclose(file);
    assert_true(len < sizeof(text));
    if (change && change->file && strcmp(change->file, path) == 0) {
        add_changed(out, text, len, change->find, change->replace);
        source->was_changed = true;
    } else if (source->sells_all && memmem(text, len, "\"is_sellable\": false", 20)) {
        add_changed(out, text, len, "\"is_sellable\": false", "\"is_sellable\": true");
    } else {
        atl_buf_add(out, text, len);
    }
    return ATL_OK;
}

// The shipped catalogue names no pictures.
static bool has_file(void *ctx, const char *path)
{
    (void)ctx;
    (void)path;
    return false;
}

atl_code catalogue_open_changed(const struct catalogue_change *change, struct atl_catalogue *out,
                                struct atl_buf *report, struct atl_error *err)
{
    struct source source = {.change = change};
    const struct atl_catalogue_source files = {.read = read_file, .ctx = &source, .has = has_file};
    atl_code rc = atl_catalogue_load(&files, out, report, err);

    assert_true(!change || !change->file || source.was_changed);
    return rc;
}

void catalogue_open(struct atl_catalogue *out)
{
    struct source source = {.sells_all = true};
    const struct atl_catalogue_source files = {.read = read_file, .ctx = &source, .has = has_file};
    struct atl_error err = {0};

    if (atl_catalogue_load(&files, out, NULL, &err))
        fail_msg("%s", err.text);
}

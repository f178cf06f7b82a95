// SPDX-License-Identifier: Apache-2.0
// The guest's page as HTML: no request to anybody, no inline style attribute, one style element
// and one script element, whose hashes stand in the Content-Security-Policy.
#ifndef ATL_CLOUD_PAGE_HTML_H
#define ATL_CLOUD_PAGE_HTML_H

#include "cloud/story.h"
#include "plugin/core/buf.h"

enum {
    ATL_PAGE_MAX_BYTES = 64 * 1024, // the aim is 14 KiB
    ATL_PAGE_ROWS_MAX = 24,         // further pieces are counted, not listed
    ATL_PAGE_VERSION_CAP = 17,
};

struct atl_page {
    const struct atl_view *view; // NULL: nobody knows this link
    const struct atl_story *story;
    const struct atl_zone *zone;
    bool has_zone; // false: the zone is unknown here, and times say "UTC"
    enum atl_lang lang;
    int64_t now_ms;
};

// Appends the whole document. `version` gets 16 hex digits that change with any byte of it; they
// stand in the page, too.
ATL_MUST_USE atl_code atl_page_write(const struct atl_page *page, struct atl_buf *out,
                                     char version[ATL_PAGE_VERSION_CAP], struct atl_error *err);

// "default-src 'none'; …" with the hashes; static after the first call's buffer is filled.
void atl_page_policy(char *out, size_t cap);

#endif

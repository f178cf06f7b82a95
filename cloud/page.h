// SPDX-License-Identifier: Apache-2.0
// GET /O/<TOKEN>: from a link to an answer. Pages are kept ready by (link, language) as long as
// neither the ledger nor the clock makes them say something else.
#ifndef ATL_CLOUD_PAGE_H
#define ATL_CLOUD_PAGE_H

#include "cloud/http.h"
#include "cloud/ledger.h"
#include "cloud/zones.h"

struct atl_pages;

// Ledger and zones are borrowed until close. `slots`: how many pages are kept, about 10 KB each.
struct atl_pages *atl_pages_open(struct atl_ledger *ledger, struct atl_zones *zones, size_t slots,
                                 bool is_https); // NULL: out of memory
void atl_pages_close(struct atl_pages *pages);   // accepts NULL

// Answers any path that is not of the API. A browser's EventSource on a page's own address gets a
// stream that says when the page has changed.
enum atl_http_next atl_pages_handle(struct atl_pages *pages, struct atl_http_request *req,
                                    struct atl_http_reply **reply);
size_t atl_pages_stream(struct atl_pages *pages, struct atl_http_request *req, char *buf,
                        size_t cap);

// What streams of this order wait for.
uint64_t atl_pages_wait_key(int64_t order_id);

#endif

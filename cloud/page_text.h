// SPDX-License-Identifier: Apache-2.0
// Sentences, times and counts of the page, escaped into its HTML unless a line says otherwise.
#ifndef ATL_CLOUD_PAGE_TEXT_H
#define ATL_CLOUD_PAGE_TEXT_H

#include "cloud/page_html.h"

enum { ATL_PAGE_TEXT_MAX = 4096 }; // bytes of one text

void atl_page_add_text(struct atl_buf *out, const char *text);
void atl_page_add_escaped(struct atl_buf *out, struct atl_buf *text); // frees text
const char *atl_page_text_of(const struct atl_buf *buf); // "" when it is empty or failed
// With spaces that do not break; not escaped.
void atl_page_add_unbroken(struct atl_buf *out, const char *text);

void atl_page_add_words(struct atl_buf *out, const struct atl_page *page, enum atl_words_id id);
// A sentence with its values; `piece` may be NULL. The first one does not escape.
void atl_page_sentence(struct atl_buf *out, const struct atl_page *page, enum atl_words_id id,
                       const struct atl_view_piece *piece);
void atl_page_add_sentence(struct atl_buf *out, const struct atl_page *page, enum atl_words_id id,
                           const struct atl_view_piece *piece);
// The first sentence of a text as the heading, what follows below it.
void atl_page_add_speech(struct atl_buf *out, const char *text);
void atl_page_add_count(struct atl_buf *out, const struct atl_page *page, enum atl_words_id id,
                        uint32_t n, uint32_t m);
typedef void (*atl_page_time_fn)(struct atl_buf *out, const struct atl_words_clock *clock,
                                 int64_t at_ms);
// A sentence whose one value, `name`, is a time.
void atl_page_add_time(struct atl_buf *out, const struct atl_page *page, enum atl_words_id id,
                       const char *name, atl_page_time_fn format, int64_t at_ms);
void atl_page_add_range(struct atl_buf *out, const struct atl_page *page,
                        const struct atl_view_range *range, bool is_sentence);

#endif

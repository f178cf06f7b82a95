// SPDX-License-Identifier: Apache-2.0
// Printer templates: from a text that a shop can edit, and the fields of one paper, to a page.
//
//   *.ticket --parse--> template --page(data, words)--> rows of a page
//
// A template is ReceiptLine (the OFSC grammar) behind a logic-less pass of {{fields}}, with a few
// properties of our own; printer-templates/README.md is its manual. Everything that can be wrong
// with a template is found when it is loaded: an unknown field, a missing word, a bad property;
// errors read "claim.ticket:12: …" and name the cure. What is substituted is data: no value can
// become a row, a column, a style, a code or a cut. [one-thread]
#ifndef ATL_RENDER_TEMPLATE_H
#define ATL_RENDER_TEMPLATE_H

#include "plugin/render/data.h"
#include "plugin/render/page.h"
#include "plugin/render/template_fields.h"
#include "plugin/render/words_file.h"

enum {
    ATL_TEMPLATE_MAX_BYTES = 64 * 1024,
    ATL_TEMPLATE_PAGE_LIMIT_BYTES = 8 * 1024 * 1024, // one page with its images
    ATL_TEMPLATE_DEPTH_MAX = 8,                      // sections inside sections
    ATL_TEMPLATE_ROWS_MAX = 5000,
};

struct atl_template;

// Where {file: logo.png} is looked for: first the shop's own folder, then the shipped one. NULL or
// both NULL: a template that names a file is refused.
struct atl_template_folders {
    const char *dir_override;
    const char *dir_shipped;
};

// `text` is copied. *out is the caller's to close. `name` stands in errors.
ATL_MUST_USE atl_code atl_template_parse(const char *name, const char *text, size_t len,
                                         const struct atl_template_folders *folders,
                                         struct atl_template **out, struct atl_error *err);

// `name` is a file name without folders: "claim.ticket". The shop's own file wins. The path that
// was read stands in errors. ATL_E_NOT_FOUND: in neither folder.
ATL_MUST_USE atl_code atl_template_load_file(const struct atl_template_folders *folders,
                                             const char *name, struct atl_template **out,
                                             struct atl_error *err);

void atl_template_close(struct atl_template *tmpl); // NULL is fine

enum atl_template_kind atl_template_kind(const struct atl_template *tmpl);
uint32_t atl_template_paper_um(const struct atl_template *tmpl);  // 80000, 58000; 62000
uint32_t atl_template_height_um(const struct atl_template *tmpl); // of a label; 0: a roll

// Every {{i18n.key}} of the template is in these words: part of loading, once a language.
// ATL_E_INVALID: "claim.ticket:9: the words of "fr" have no key totl; did you mean total?"
ATL_MUST_USE atl_code atl_template_check_words(const struct atl_template *tmpl,
                                               const struct atl_words_file *words,
                                               struct atl_error *err);

// Fills the template. data and words are borrowed for the call; the page holds copies of all that
// it needs. *out is the caller's to free with atl_page_free().
// ATL_E_INVALID: the data lacks a required field, or has one that does not exist; a word is
// missing. ATL_E_NOMEM: the page would be larger than the limits above.
ATL_MUST_USE atl_code atl_template_page(const struct atl_template *tmpl,
                                        const struct atl_data *data,
                                        const struct atl_words_file *words, struct atl_page **out,
                                        struct atl_error *err);

// Only for pages of atl_template_page(). NULL is fine.
void atl_page_free(struct atl_page *page);

#endif

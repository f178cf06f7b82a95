// SPDX-License-Identifier: Apache-2.0
// The parts of document.c: what one paper is about, and who fills its fields.
#ifndef ATL_AGENT_DOCUMENT_PARTS_H
#define ATL_AGENT_DOCUMENT_PARTS_H

#include "plugin/agent/shop_pos.h"
#include "plugin/core/words.h"
#include "plugin/render/data.h"
#include "plugin/render/template_fields.h"

// Everything about one job, read from the store. Times on paper are whole dates, because
// nobody knows on which day it is read.
struct atl_paper_about {
    struct atl_shop *shop;
    struct atl_arena *arena;
    const struct atl_job *job;
    const char *language; // of the paper, BCP 47
    enum atl_lang lang;   // the same
    struct atl_words_clock clock;
    struct atl_order order;
    struct atl_piece *pieces; // all of the order
    size_t count;
    const struct atl_piece *piece; // of a tag
    uint32_t width_dots;           // of the printer, for pictures
    struct atl_bitmap proof;       // drawn here, freed by document.c
};

// Fields that every paper has.
void atl_paper_put_shop(struct atl_paper_about *about, struct atl_data_group *root);

void atl_paper_put_claim(struct atl_paper_about *about, struct atl_data_group *root);
void atl_paper_put_gift(struct atl_paper_about *about, struct atl_data_group *root);
ATL_MUST_USE atl_code atl_paper_put_bag(struct atl_paper_about *about, struct atl_data_group *root,
                                        struct atl_error *err);
ATL_MUST_USE atl_code atl_paper_put_tag(struct atl_paper_about *about, struct atl_data_group *root,
                                        struct atl_error *err);

// What a sheet says, out of the JSON that lies beside its job.
ATL_MUST_USE atl_code atl_paper_put_sheet(struct atl_paper_about *about,
                                          enum atl_template_kind kind, struct atl_data *data,
                                          struct atl_error *err);

// What a tag says of an embroidery and its stitches.
ATL_MUST_USE atl_code atl_paper_put_design(struct atl_paper_about *about,
                                           const struct atl_product *product,
                                           const struct atl_answer *answers, size_t count,
                                           struct atl_data_group *root, struct atl_error *err);

// A sentence of core/words with one value; of the arena, never NULL.
const char *atl_paper_words(struct atl_paper_about *about, enum atl_lang lang, enum atl_words_id id,
                            const char *name, const char *value);

// "mardi 1 décembre 15 h – 16 h 30"; "" for none.
const char *atl_paper_range(struct atl_paper_about *about, struct atl_range range);

// The answers of a piece as labels and values, but for the role that stands large.
void atl_paper_put_details(struct atl_paper_about *about, const struct atl_product *product,
                           const struct atl_answer *answers, size_t count,
                           struct atl_data_group *group);

#endif

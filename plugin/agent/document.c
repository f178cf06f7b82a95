// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/document.h"

#include "plugin/agent/document_parts.h"
#include "plugin/render/bitmap.h"
#include "plugin/render/template.h"
#include "plugin/store/orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENTS = ATL_TEMPLATE_KIND_COUNT, LANGUAGES = ATL_LANG_COUNT };

struct atl_documents {
    const struct atl_config *config;
    const struct atl_config_printer *printer;
    struct atl_shop shop; // its store is the lane's, for the length of a call
    struct atl_template *templates[DOCUMENTS];
    struct atl_words_file words[LANGUAGES];
    bool has_words[LANGUAGES];
    struct atl_page *page; // of the last call
};

// ---- open ----

static atl_code load_words(struct atl_documents *documents, const struct atl_config *config,
                           struct atl_error *err)
{
    const char *own = config->own_templates[0] ? config->own_templates : NULL;

    for (int lang = 0; lang < LANGUAGES; lang++) {
        const atl_code rc =
            atl_words_file_load(own, config->templates, atl_lang_tag((enum atl_lang)lang),
                                &documents->words[lang], err);

        if (rc)
            return rc;
        documents->has_words[lang] = true;
    }
    return ATL_OK;
}

static atl_code load_template(struct atl_documents *documents, const struct atl_config *config,
                              const struct atl_config_printer *printer, enum atl_template_kind kind,
                              struct atl_error *err)
{
    const struct atl_template_folders folders = {
        .dir_override = config->own_templates[0] ? config->own_templates : NULL,
        .dir_shipped = config->templates,
    };
    char name[96];
    atl_code rc;

    snprintf(name, sizeof name, "%s%s%s.ticket", atl_template_kind_name(kind),
             printer->templates[0] ? "-" : "", printer->templates);
    rc = atl_template_load_file(&folders, name, &documents->templates[kind], err);
    for (int lang = 0; !rc && lang < LANGUAGES; lang++)
        rc = atl_template_check_words(documents->templates[kind], &documents->words[lang], err);
    if (rc) {
        atl_template_close(documents->templates[kind]);
        documents->templates[kind] = NULL;
    }
    return rc;
}

atl_code atl_documents_open(const struct atl_config *config,
                            const struct atl_config_printer *printer, struct atl_documents **out,
                            struct atl_error *err)
{
    static const uint32_t papers[DOCUMENTS] = {
        [ATL_TEMPLATE_CLAIM] = ATL_PAPER_CLAIM, [ATL_TEMPLATE_GIFT] = ATL_PAPER_GIFT,
        [ATL_TEMPLATE_TAG] = ATL_PAPER_TAG,     [ATL_TEMPLATE_BAG] = ATL_PAPER_BAG,
        [ATL_TEMPLATE_RUN] = ATL_PAPER_RUN,     [ATL_TEMPLATE_CODES] = ATL_PAPER_CODES,
        [ATL_TEMPLATE_ROLL] = ATL_PAPER_ROLL,   [ATL_TEMPLATE_SEATS] = ATL_PAPER_SEATS,
    };
    struct atl_documents *documents = calloc(1, sizeof *documents);
    atl_code rc;

    if (!documents)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    documents->config = config;
    documents->printer = printer;
    rc = atl_shop_load(config, &documents->shop, err);
    if (!rc)
        rc = load_words(documents, config, err);
    for (int kind = 0; !rc && kind < DOCUMENTS; kind++) {
        if (printer->papers & papers[kind])
            rc = load_template(documents, config, printer, (enum atl_template_kind)kind, err);
    }
    if (rc)
        atl_documents_close(documents);
    else
        *out = documents;
    return rc;
}

void atl_documents_close(struct atl_documents *documents)
{
    if (!documents)
        return;
    atl_page_free(documents->page);
    for (int kind = 0; kind < DOCUMENTS; kind++)
        atl_template_close(documents->templates[kind]);
    for (int lang = 0; lang < LANGUAGES; lang++) {
        if (documents->has_words[lang])
            atl_words_file_free(&documents->words[lang]);
    }
    documents->shop.store = NULL; // the lane's
    atl_shop_close(&documents->shop);
    free(documents);
}

// ---- one paper ----

static atl_code template_of(struct atl_documents *documents, const struct atl_job *job,
                            enum atl_template_kind *out, struct atl_error *err)
{
    atl_code rc;

    switch (job->document) {
    case ATL_DOCUMENT_CLAIM:
        *out = ATL_TEMPLATE_CLAIM;
        break;
    case ATL_DOCUMENT_GIFT:
        *out = ATL_TEMPLATE_GIFT;
        break;
    case ATL_DOCUMENT_TAG:
        *out = ATL_TEMPLATE_TAG;
        break;
    case ATL_DOCUMENT_BAG:
        *out = ATL_TEMPLATE_BAG;
        break;
    case ATL_DOCUMENT_RUN:
        *out = ATL_TEMPLATE_RUN;
        break;
    case ATL_DOCUMENT_CODES:
        *out = ATL_TEMPLATE_CODES;
        break;
    case ATL_DOCUMENT_ROLL:
        *out = ATL_TEMPLATE_ROLL;
        break;
    case ATL_DOCUMENT_SEATS:
        *out = ATL_TEMPLATE_SEATS;
        break;
    case ATL_DOCUMENT_STITCHES:
        return atl_fail(err, ATL_E_UNSUPPORTED, "a design is for a machine, not for a printer");
    }
    if (documents->templates[*out])
        return ATL_OK;
    // A person moved it here, or the configuration changed since.
    rc = load_template(documents, documents->config, documents->printer, *out, err);
    if (rc)
        return atl_wrap(err, ATL_E_INVALID, "printer %s has no template for it",
                        documents->printer->name);
    return ATL_OK;
}

// A tag is for the workshop, tickets and labels for the guest.
static const char *language_of(const struct atl_paper_about *about)
{
    const struct atl_config *config = about->shop->config;

    if (about->job->document == ATL_DOCUMENT_TAG)
        return config->language;
    return about->order.wish.language[0] ? about->order.wish.language : config->guest_languages[0];
}

static atl_code read_about(struct atl_paper_about *about, struct atl_error *err)
{
    struct atl_store *store = about->shop->store;
    atl_code rc;

    if (atl_document_is_sheet(about->job->document)) {
        about->language = about->shop->config->language;
        about->lang = atl_lang_of(about->language);
        return ATL_OK;
    }
    about->pieces = atl_arena_get(about->arena, ATL_SHOP_PIECES_MAX, sizeof *about->pieces);
    rc = atl_arena_check(about->arena, err);
    if (!rc)
        rc = atl_orders_find(store, about->job->order_id, &about->order, err);
    if (!rc)
        rc = atl_pieces_of_order(store, about->order.id, about->pieces, ATL_SHOP_PIECES_MAX,
                                 &about->count, err);
    if (rc)
        return rc;
    if (about->order.erased_ms)
        return atl_fail(err, ATL_E_NOT_FOUND, "order %s was erased: there is nothing to print",
                        about->order.code);
    for (size_t i = 0; i < about->count; i++) {
        if (strcmp(about->pieces[i].id, about->job->piece_id) == 0)
            about->piece = &about->pieces[i];
    }
    if ((about->job->document == ATL_DOCUMENT_TAG || about->job->document == ATL_DOCUMENT_BAG) &&
        !about->piece)
        return atl_fail(err, ATL_E_NOT_FOUND, "the piece of this %s is not there",
                        atl_document_name(about->job->document));
    about->language = language_of(about);
    about->lang = atl_lang_of(about->language);
    about->clock = (struct atl_words_clock){about->lang, &about->shop->zone, 0};
    return ATL_OK;
}

static atl_code fill(struct atl_paper_about *about, enum atl_template_kind kind,
                     struct atl_data *data, struct atl_error *err)
{
    atl_code rc = ATL_OK;

    if (atl_document_is_sheet(about->job->document))
        return atl_paper_put_sheet(about, kind, data, err);
    atl_paper_put_shop(about, data->root);
    if (about->job->document == ATL_DOCUMENT_TAG)
        rc = atl_paper_put_tag(about, data->root, err);
    else if (about->job->document == ATL_DOCUMENT_BAG)
        rc = atl_paper_put_bag(about, data->root, err);
    else if (about->job->document == ATL_DOCUMENT_GIFT)
        atl_paper_put_gift(about, data->root);
    else
        atl_paper_put_claim(about, data->root);
    return rc ? rc : atl_data_check(data, err);
}

atl_code atl_documents_page(struct atl_documents *documents, struct atl_store *store,
                            const struct atl_job *job, const struct atl_model *model,
                            const struct atl_page **page, struct atl_error *err)
{
    struct atl_paper_about about = {.shop = &documents->shop, .job = job};
    enum atl_template_kind kind = ATL_TEMPLATE_CLAIM;
    struct atl_arena arena;
    struct atl_data data;
    atl_code rc;

    atl_arena_init(&arena, ATL_SHOP_ARENA_BYTES);
    atl_data_init(&data);
    documents->shop.store = store;
    about.arena = &arena;
    about.width_dots = model->width_dots;
    rc = template_of(documents, job, &kind, err);
    if (!rc)
        rc = read_about(&about, err);
    if (!rc)
        rc = fill(&about, kind, &data, err);
    if (!rc) {
        atl_page_free(documents->page);
        documents->page = NULL;
        rc = atl_template_page(documents->templates[kind], &data, &documents->words[about.lang],
                               &documents->page, err);
    }
    if (!rc)
        *page = documents->page;
    atl_bitmap_free(&about.proof);
    atl_data_free(&data);
    atl_arena_free(&arena);
    return rc;
}

// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/signoff.h"

#include "plugin/core/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CANONICAL_MAX_BYTES = 512 * 1024 }; // 64 answers of 4 KiB, and room

static const char magic[] = "atelier-signed"; // with its NUL

// The answers, ascending by name, on the caller's stack.
struct sorted {
    const struct atl_answer *rows[ATL_ANSWERS_MAX];
    size_t count;
};

static int by_name(const void *a, const void *b)
{
    const struct atl_answer *const *left = a;
    const struct atl_answer *const *right = b;

    return strcmp((*left)->name, (*right)->name);
}

// Priority and a note to the workshop change when and how, but not what is made.
static bool changes_the_thing(const struct atl_product *product, const char *name)
{
    const struct atl_field *field = product ? atl_product_field(product, name) : NULL;

    return !field || (field->role != ATL_ROLE_RUSH && field->role != ATL_ROLE_NOTE);
}

static atl_code sort(const struct atl_product *product, const struct atl_answer *answers,
                     size_t count, struct sorted *out, struct atl_error *err)
{
    out->count = 0;
    if (count > ATL_ANSWERS_MAX)
        return atl_fail(err, ATL_E_INVALID, "more than %d answers", ATL_ANSWERS_MAX);
    for (size_t i = 0; i < count; i++) {
        if (changes_the_thing(product, answers[i].name))
            out->rows[out->count++] = &answers[i];
    }
    if (out->count)
        qsort(out->rows, out->count, sizeof(out->rows[0]), by_name);
    for (size_t i = 1; i < out->count; i++) {
        if (strcmp(out->rows[i - 1]->name, out->rows[i]->name) == 0)
            return atl_fail(err, ATL_E_INVALID, "%s is answered twice", out->rows[i]->name);
    }
    return ATL_OK;
}

static void add_frame(struct atl_buf *out, const void *bytes, size_t len)
{
    const uint8_t head[4] = {(uint8_t)len, (uint8_t)(len >> 8), (uint8_t)(len >> 16),
                             (uint8_t)(len >> 24)};

    atl_buf_add(out, head, sizeof(head));
    atl_buf_add(out, bytes, len);
}

static void add_text(struct atl_buf *out, const char *text)
{
    add_frame(out, text ? text : "", text ? strlen(text) : 0);
}

static void add_number(struct atl_buf *out, size_t number)
{
    char digits[24];

    snprintf(digits, sizeof(digits), "%zu", number);
    add_text(out, digits);
}

static void add_answers(struct atl_buf *out, const struct sorted *sorted)
{
    add_number(out, sorted->count);
    for (size_t i = 0; i < sorted->count; i++) {
        add_text(out, sorted->rows[i]->name);
        add_text(out, sorted->rows[i]->value);
    }
}

const char *atl_proof_kind_name(enum atl_proof_kind kind)
{
    switch (kind) {
    case ATL_PROOF_KIND_NONE:
        return "none";
    case ATL_PROOF_KIND_LAYOUT:
        return "layout";
    case ATL_PROOF_KIND_STITCHES:
        return "stitches";
    }
    return "unknown";
}

atl_code atl_signoff_encode(const struct atl_signoff *signoff, struct atl_buf *out,
                            struct atl_error *err)
{
    bool has_proof = signoff->proof_kind != ATL_PROOF_KIND_NONE;
    struct sorted sorted;
    atl_code rc;

    if (has_proof != (signoff->proof_digest != NULL))
        return atl_fail(err, ATL_E_INVALID, "a proof of kind %s %s a digest",
                        atl_proof_kind_name(signoff->proof_kind), has_proof ? "needs" : "has no");
    rc = sort(signoff->product, signoff->answers, signoff->answer_count, &sorted, err);
    if (rc)
        return rc;
    atl_buf_add(out, magic, sizeof(magic));
    add_number(out, ATL_SIGNOFF_VERSION);
    add_text(out, atl_kind_name(signoff->product->kind));
    add_text(out, signoff->product->sku);
    add_text(out, signoff->variant);
    add_answers(out, &sorted);
    add_text(out, atl_proof_kind_name(signoff->proof_kind));
    add_frame(out, signoff->proof_digest, has_proof ? ATL_SIGNOFF_HASH_BYTES : 0);
    return atl_buf_check(out, err);
}

atl_code atl_signoff_hash(const struct atl_signoff *signoff, uint8_t hash[ATL_SIGNOFF_HASH_BYTES],
                          struct atl_error *err)
{
    struct atl_buf bytes;
    atl_code rc;

    atl_buf_init(&bytes, CANONICAL_MAX_BYTES);
    rc = atl_signoff_encode(signoff, &bytes, err);
    if (!rc)
        atl_hash_sha256(bytes.data, bytes.len, hash);
    atl_buf_free(&bytes);
    return rc;
}

// The guest's words pass through this buffer: it is wiped before it is given back.
atl_code atl_signoff_text_mac(const uint8_t *salt, size_t salt_len,
                              const struct atl_answer *answers, size_t count,
                              uint8_t mac[ATL_SIGNOFF_HASH_BYTES], struct atl_error *err)
{
    struct sorted sorted;
    struct atl_buf bytes;
    atl_code rc = sort(NULL, answers, count, &sorted, err);

    if (rc)
        return rc;
    atl_buf_init(&bytes, CANONICAL_MAX_BYTES);
    add_answers(&bytes, &sorted);
    rc = atl_buf_check(&bytes, err);
    if (!rc)
        atl_hash_hmac(salt, salt_len, bytes.data, bytes.len, mac);
    if (bytes.data)
        atl_hash_wipe(bytes.data, bytes.cap);
    atl_buf_free(&bytes);
    return rc;
}

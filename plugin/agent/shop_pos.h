// SPDX-License-Identifier: Apache-2.0
// The use-cases behind the calls of a POS, in the structs of its ABI. serve reads a question,
// opens a transaction where the call changes something, calls one of these, keeps the answer
// under the call's key and commits: so none of them begins or commits. Texts that are handed out
// live in the call's arena.
#ifndef ATL_AGENT_SHOP_POS_H
#define ATL_AGENT_SHOP_POS_H

#include "plugin/agent/proofs.h"
#include "plugin/agent/shop.h"
#include "plugin/agent/shop_words.h"
#include "plugin/store/drafts.h"
#include "plugin/store/pieces.h"
#include "sdk-shim/atelier_pos.h"

// One call: who asks, about which sale and line. Borrowed for the call.
struct atl_shop_call {
    struct atl_arena *arena;
    const char *language; // of the till's staff, BCP 47; never NULL
    const struct atl_pos_transaction *txn;
    const struct atl_pos_line *line; // NULL: about the sale
};

// ---- shop_line.c: judging ----

ATL_MUST_USE atl_code atl_shop_offer(struct atl_shop *shop, const struct atl_shop_call *call,
                                     struct atl_pos_form *form, struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_order_offer(struct atl_shop *shop, const struct atl_shop_call *call,
                                           struct atl_pos_form *form, struct atl_error *err);

// One unit as it was judged.
struct atl_shop_unit {
    uint32_t unit_index;
    struct atl_form_result result;
    int64_t price_minor;
    int32_t work_s;
    struct atl_range promise;
    bool has_picture;
    struct atl_proof_wish wish;
    struct atl_proof_view proof;
};

// Answers to one unit, or with unit_index 0 to the numbered list.
struct atl_shop_judged {
    const struct atl_product *product;
    struct atl_shop_unit *units; // of the arena
    size_t count;
    bool is_allowed;
};

ATL_MUST_USE atl_code atl_shop_judge(struct atl_shop *shop, const struct atl_shop_call *call,
                                     const struct atl_pos_answers *answers,
                                     struct atl_shop_judged *out, struct atl_error *err);

// As the ABI wants it. The number of a list's proof is made from those of its units.
ATL_MUST_USE atl_code atl_shop_judgement(struct atl_shop *shop, const struct atl_shop_call *call,
                                         const struct atl_shop_judged *judged,
                                         struct atl_pos_judgement *out, struct atl_error *err);

ATL_MUST_USE atl_code atl_shop_preview(struct atl_shop *shop, const struct atl_shop_call *call,
                                       const struct atl_pos_answers *answers,
                                       struct atl_pos_image *image, struct atl_error *err);

// The number of a numbered list's proof: that of the only unit, or a hash of all.
int64_t atl_shop_list_number(const int64_t *numbers, size_t count);

// The language in which this sale's guest reads.
const char *atl_shop_guest_language(struct atl_shop *shop, const struct atl_shop_call *call);

// The SHA-256 of what is signed: product, answers and picture.
ATL_MUST_USE atl_code atl_shop_signed_hash(const struct atl_product *product, const char *variant,
                                           const struct atl_answer_set *answers,
                                           const struct atl_proof_ref *proof,
                                           uint8_t hash[ATL_DIGEST_BYTES], struct atl_error *err);

// What staff can find a unit by later: folded words and initials of its text, of the arena.
ATL_MUST_USE atl_code atl_shop_find_text(const struct atl_shop *shop,
                                         const struct atl_shop_call *call, const char *sku,
                                         const struct atl_answer_set *answers,
                                         struct atl_find_text *out, struct atl_error *err);

// ---- shop_draft.c: before money was taken; shop_wish.c: the questions of the order ----

ATL_MUST_USE atl_code atl_shop_capture(struct atl_shop *shop, const struct atl_shop_call *call,
                                       const struct atl_pos_answers *answers,
                                       struct atl_pos_judgement *judgement, struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_sign(struct atl_shop *shop, const struct atl_shop_call *call,
                                    const struct atl_pos_signature *signature,
                                    struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_order_answers(struct atl_shop *shop,
                                             const struct atl_shop_call *call,
                                             const struct atl_pos_answers *answers,
                                             struct atl_pos_verdict *verdict,
                                             struct atl_error *err);
// The sale as the store knows it, brought up to date from the call; a new one when it is new.
ATL_MUST_USE atl_code atl_shop_sale(struct atl_shop *shop, const struct atl_shop_call *call,
                                    struct atl_sale *out, struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_line_changed(struct atl_shop *shop, const struct atl_shop_call *call,
                                            struct atl_pos_verdict *verdict, struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_line_voided(struct atl_shop *shop, const struct atl_shop_call *call,
                                           const struct atl_pos_event *event,
                                           struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_suspend(struct atl_shop *shop, const struct atl_shop_call *call,
                                       bool is_suspended, struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_state(struct atl_shop *shop, const struct atl_shop_call *call,
                                     struct atl_pos_state *state, struct atl_error *err);

// The picture of the draft is looked at once more: it was drawn meanwhile, and the digest of what
// was really drawn is what is signed. Writes nothing.
ATL_MUST_USE atl_code atl_shop_look_again(struct atl_shop *shop, const struct atl_shop_call *call,
                                          struct atl_draft *draft, struct atl_error *err);

// Whether the draft may be tendered as it is; *say and *code are set when it may not.
bool atl_shop_draft_is_complete(const struct atl_shop *shop, const struct atl_draft *draft,
                                enum atl_say *say, const char **code);

// ---- shop_tender.c ----

ATL_MUST_USE atl_code atl_shop_before_tender(struct atl_shop *shop,
                                             const struct atl_shop_call *call,
                                             struct atl_pos_verdict *verdict,
                                             struct atl_error *err);
// *order_id is the new order's, or that of an earlier call for the same transaction.
ATL_MUST_USE atl_code atl_shop_tendered(struct atl_shop *shop, const struct atl_shop_call *call,
                                        const struct atl_pos_tender *tender,
                                        struct atl_pos_receipt *receipt,
                                        char order_id[ATL_ORDER_ID_SIZE], struct atl_error *err);

// ---- shop_after.c: after money was taken ----

// capture() and sign() of a tendered sale come here by themselves.
ATL_MUST_USE atl_code atl_shop_amend(struct atl_shop *shop, const struct atl_shop_call *call,
                                     const struct atl_draft *draft, struct atl_piece *piece,
                                     struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_voided(struct atl_shop *shop, const struct atl_shop_call *call,
                                      const struct atl_pos_event *event,
                                      struct atl_pos_verdict *verdict, struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_returned(struct atl_shop *shop, const struct atl_shop_call *call,
                                        const struct atl_pos_return *units,
                                        struct atl_pos_verdict *verdict, struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_collect(struct atl_shop *shop, const struct atl_shop_call *call,
                                       const struct atl_pos_collect *collect,
                                       struct atl_pos_verdict *verdict, struct atl_pos_order *order,
                                       struct atl_error *err);

// A paper again, on the POS's wish.
ATL_MUST_USE atl_code atl_shop_reprint_pos(struct atl_shop *shop, const struct atl_shop_call *call,
                                           const struct atl_pos_reprint *reprint,
                                           struct atl_error *err);

// ---- shop_view.c: looking ----

ATL_MUST_USE atl_code atl_shop_view(struct atl_shop *shop, const struct atl_shop_call *call,
                                    const struct atl_order *order, struct atl_pos_order *out,
                                    struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_scan(struct atl_shop *shop, const struct atl_shop_call *call,
                                    const char *text, struct atl_pos_order *out,
                                    struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_find(struct atl_shop *shop, const struct atl_shop_call *call,
                                    const struct atl_pos_query *query, struct atl_pos_list *out,
                                    struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_status(struct atl_shop *shop, const struct atl_shop_call *call,
                                      struct atl_pos_order *out, struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_health(struct atl_shop *shop, const struct atl_shop_call *call,
                                      struct atl_pos_health *out, struct atl_error *err);

// The worst trouble with the papers of a kind, in words; NULL: they print.
const char *atl_shop_paper_trouble(struct atl_shop *shop, const struct atl_shop_call *call,
                                   enum atl_paper paper);

#endif

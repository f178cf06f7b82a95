// SPDX-License-Identifier: Apache-2.0
#include "plugin/wire/pos_tables.h"

enum { TEXT = ATL_POS_TEXT_MAX_BYTES, KEY = ATL_POS_KEY_MAX_BYTES, CHOICES = 32 * 1024 };

// A row a line, in columns.
// clang-format off
#define AT(s, f)             ((uint16_t)offsetof(struct atl_pos_##s, f))
#define I32(s, f)            {#f, ATL_POS_I32, AT(s, f), 0, 0, 0, NULL}
#define I64(s, f)            {#f, ATL_POS_I64, AT(s, f), 0, 0, 0, NULL}
#define TXT(s, f, max)       {#f, ATL_POS_TEXT, AT(s, f), 0, 0, max, NULL}
#define NEED(s, f, max)      {#f, ATL_POS_NEEDED, AT(s, f), 0, 0, max, NULL}
#define BYTES(s, f, n, max)  {#f, ATL_POS_BYTES, AT(s, f), AT(s, n), 0, max, NULL}
#define SQUARE(s, f, n, max) {#f, ATL_POS_SQUARE, AT(s, f), AT(s, n), 0, max, NULL}
#define TEXTS(s, f, n, max)  {#f, ATL_POS_TEXTS, AT(s, f), AT(s, n), 0, max, NULL}
#define ARRAY(s, f, n, step, max, element) \
    {#f, ATL_POS_ARRAY, AT(s, f), AT(s, n), AT(s, step), max, &element}

#define COUNT(rows)   (sizeof(rows) / sizeof((rows)[0]))
#define END(s, last)  (uint16_t)(offsetof(struct atl_pos_##s, last) + sizeof(((struct atl_pos_##s *)0)->last))

// STRUCT: begins with its size. ELEMENT: does not, the array tells it. `last` ends version 1.0.
#define STRUCT(s, last) \
    _Static_assert(sizeof(struct atl_pos_##s) <= ATL_POS_STRUCT_MAX_BYTES, "too large"); \
    static const struct atl_pos_table s = {#s, sizeof(struct atl_pos_##s), END(s, last), true, s##_rows, COUNT(s##_rows)}
#define ELEMENT(s, last) \
    _Static_assert(sizeof(struct atl_pos_##s) <= ATL_POS_STRUCT_MAX_BYTES, "too large"); \
    static const struct atl_pos_table s = {#s, sizeof(struct atl_pos_##s), END(s, last), false, s##_rows, COUNT(s##_rows)}

static const struct atl_pos_row hello_rows[] = {
    I32(hello, abi), TXT(hello, version, KEY), TXT(hello, language, KEY),
};
STRUCT(hello, language);

static const struct atl_pos_row transaction_rows[] = {
    I32(transaction, is_training),
    TXT(transaction, store, KEY),
    TXT(transaction, workstation, KEY),
    TXT(transaction, business_day, KEY),
    NEED(transaction, uuid, KEY),
    TXT(transaction, currency, KEY),
    I64(transaction, sequence),
};
STRUCT(transaction, sequence);

static const struct atl_pos_row line_rows[] = {
    I32(line, quantity),
    I32(line, unit_index),
    NEED(line, line_ref, KEY),
    TXT(line, sku, KEY),
    TXT(line, variant, TEXT),
    TXT(line, employee_ref, KEY),
    I64(line, price_minor),
};
STRUCT(line, price_minor);

static const struct atl_pos_row event_rows[] = {
    I32(event, unit_index),
    NEED(event, key, KEY),
    TXT(event, line_ref, KEY),
    TXT(event, employee_ref, KEY),
    I64(event, at_ms),
};
STRUCT(event, at_ms);

static const struct atl_pos_row field_rows[] = {
    NEED(field, name, KEY),
    TXT(field, label, TEXT),
    TXT(field, help, TEXT),
    TXT(field, choices, CHOICES),
    TXT(field, preset, TEXT),
    I32(field, kind),
    I32(field, is_required),
    I32(field, max_characters),
};
ELEMENT(field, reserved);

static const struct atl_pos_row form_rows[] = {
    ARRAY(form, fields, field_count, field_size, ATL_POS_FIELDS_MAX, field),
    I32(form, may_follow),
    TXT(form, page_url, TEXT),
    I64(form, price_minor),
    I64(form, promise_from_ms),
    I64(form, promise_until_ms),
    TXT(form, title, TEXT),
    TXT(form, consent, TEXT),
    I32(form, sign_off),
    I32(form, non_returnable),
};
STRUCT(form, non_returnable);

static const struct atl_pos_row answer_rows[] = {
    NEED(answer, name, KEY), TXT(answer, value, TEXT), I32(answer, unit_index),
};
ELEMENT(answer, reserved);

static const struct atl_pos_row override_rows[] = {
    NEED(override, code, KEY),
    TXT(override, field, KEY),
    NEED(override, employee_ref, KEY),
    TXT(override, reason, TEXT),
};
ELEMENT(override, reason);

static const struct atl_pos_row answers_rows[] = {
    ARRAY(answers, answers, answer_count, answer_size, ATL_POS_ANSWERS_MAX, answer),
    ARRAY(answers, overrides, override_count, override_size, ATL_POS_OVERRIDES_MAX, override),
    I32(answers, details_follow),
    TXT(answers, slip_code, KEY),
};
STRUCT(answers, slip_code);

static const struct atl_pos_row finding_rows[] = {
    TXT(finding, field, KEY),
    TXT(finding, code, KEY),
    TXT(finding, staff_text, TEXT),
    TXT(finding, guest_text, TEXT),
    TXT(finding, proposal, TEXT),
    I32(finding, may_be_overruled),
    I32(finding, was_overruled),
    I32(finding, unit_index),
};
ELEMENT(finding, reserved);

static const struct atl_pos_row judgement_rows[] = {
    I32(judgement, is_allowed),
    ARRAY(judgement, findings, finding_count, finding_size, ATL_POS_FINDINGS_MAX, finding),
    I32(judgement, proof_state),
    I32(judgement, needs_sign_off),
    I64(judgement, proof_number),
    I64(judgement, price_minor),
    I64(judgement, promise_from_ms),
    I64(judgement, promise_until_ms),
    I64(judgement, held_until_ms),
    TXT(judgement, slip_code, KEY),
    TXT(judgement, spelling, TEXT),
    I32(judgement, tag_revision),
};
STRUCT(judgement, reserved);

static const struct atl_pos_row verdict_rows[] = {
    I32(verdict, is_allowed),
    TXT(verdict, code, KEY),
    TXT(verdict, reason, TEXT),
    TXT(verdict, guest_text, TEXT),
    TXT(verdict, field, KEY),
    TXT(verdict, line_ref, KEY),
    I32(verdict, unit_index),
    TXT(verdict, warning, TEXT),
};
STRUCT(verdict, warning);

static const struct atl_pos_row image_rows[] = {
    I32(image, proof_state),
    BYTES(image, png, png_bytes, ATL_POS_INLINE_MAX),
    I64(image, proof_number),
};
STRUCT(image, proof_number);

static const struct atl_pos_row signature_rows[] = {
    I32(signature, how),
    NEED(signature, key, KEY),
    TXT(signature, employee_ref, KEY),
    I64(signature, proof_number),
    I64(signature, at_ms),
};
STRUCT(signature, at_ms);

static const struct atl_pos_row tender_rows[] = {
    ARRAY(tender, lines, line_count, line_size, ATL_POS_LINES_MAX, line),
    NEED(tender, key, KEY),
    TXT(tender, employee_ref, KEY),
    I64(tender, at_ms),
};
STRUCT(tender, at_ms);

static const struct atl_pos_row receipt_rows[] = {
    TEXTS(receipt, texts, text_count, ATL_POS_TEXTS_MAX),
    TXT(receipt, code, KEY),
    TXT(receipt, url, TEXT),
    I32(receipt, qr_width),
    SQUARE(receipt, qr_modules, qr_width, 177), // version 40 is the largest there is
    I32(receipt, held_count),
    I64(receipt, promise_from_ms),
    I64(receipt, promise_until_ms),
    TXT(receipt, warning, TEXT),
};
STRUCT(receipt, warning);

static const struct atl_pos_row state_rows[] = {
    BYTES(state, bytes, byte_count, ATL_POS_STATE_MAX_BYTES),
};
STRUCT(state, bytes);

static const struct atl_pos_row unit_rows[] = {
    NEED(unit, line_ref, KEY), I32(unit, unit_index),
};
ELEMENT(unit, reserved);

static const struct atl_pos_row return_rows[] = {
    ARRAY(return, units, unit_count, unit_size, ATL_POS_UNITS_MAX, unit),
    I32(return, is_defect),
    NEED(return, key, KEY),
    TXT(return, employee_ref, KEY),
    I64(return, at_ms),
};
// `return` is a word of C, so this one is spelt out.
static const struct atl_pos_table returned = {
    "return", sizeof(struct atl_pos_return), END(return, at_ms), true, return_rows, COUNT(return_rows)};

static const struct atl_pos_row collect_rows[] = {
    I32(collect, how),
    NEED(collect, key, KEY),
    NEED(collect, piece_code, KEY),
    TXT(collect, proof, TEXT),
    TXT(collect, employee_ref, KEY),
    I64(collect, at_ms),
};
STRUCT(collect, at_ms);

static const struct atl_pos_row reprint_rows[] = {
    I32(reprint, paper),
    NEED(reprint, key, KEY),
    NEED(reprint, code, KEY),
    TXT(reprint, employee_ref, KEY),
    I64(reprint, at_ms),
    I32(reprint, replaces_link),
};
STRUCT(reprint, reserved);

static const struct atl_pos_row query_rows[] = {
    TXT(query, business_day, KEY),
    TXT(query, sku, KEY),
    TXT(query, variant, TEXT),
    TXT(query, initials, KEY),
    TXT(query, words, TEXT),
};
STRUCT(query, words);

static const struct atl_pos_row piece_rows[] = {
    TXT(piece, code, KEY),
    TXT(piece, line_ref, KEY),
    TXT(piece, stage, KEY),
    TXT(piece, sentence, TEXT),
    TXT(piece, place, TEXT),
    I32(piece, unit_index),
    I32(piece, attempt),
    I32(piece, version),
    I32(piece, is_final),
    I64(piece, promise_from_ms),
    I64(piece, promise_until_ms),
    TXT(piece, what, TEXT),
    I32(piece, tag_revision),
};
ELEMENT(piece, reserved);

static const struct atl_pos_row order_rows[] = {
    ARRAY(order, pieces, piece_count, piece_size, ATL_POS_PIECES_MAX, piece),
    I32(order, ready_count),
    TXT(order, code, KEY),
    TXT(order, transaction_uuid, KEY),
    TXT(order, sentence, TEXT),
    TXT(order, warning, TEXT),
    I64(order, promise_from_ms),
    I64(order, promise_until_ms),
    I32(order, is_gift),
    I32(order, is_training),
};
STRUCT(order, is_training);

static const struct atl_pos_row list_rows[] = {
    ARRAY(list, orders, order_count, order_size, ATL_POS_ORDERS_MAX, order),
    I32(list, is_cut),
};
STRUCT(list, is_cut);

static const struct atl_pos_row health_rows[] = {
    I32(health, is_agent_up),
    I32(health, waiting_count),
    I32(health, held_count),
    I32(health, unknown_count),
    I64(health, unsent_ms),
    TXT(health, sentence, TEXT),
};
STRUCT(health, sentence);

static const struct atl_pos_row notice_rows[] = {
    I32(notice, kind),
    TXT(notice, transaction_uuid, KEY),
    TXT(notice, line_ref, KEY),
    TXT(notice, piece_code, KEY),
    I32(notice, unit_index),
    TXT(notice, sentence, TEXT),
};
STRUCT(notice, reserved);

#define ASK(f)   ((uint16_t)offsetof(struct atl_pos_ask, f))
#define REPLY(f) ((uint16_t)offsetof(struct atl_pos_reply, f))

static const struct atl_pos_part_row parts[ATL_POS_PART_COUNT] = {
    [ATL_POS_PART_KEY]       = {NULL, ASK(key), 0},
    [ATL_POS_PART_TEXT]      = {NULL, ASK(text), 0},
    [ATL_POS_PART_HELLO]     = {&hello, ASK(hello), 0},
    [ATL_POS_PART_TXN]       = {&transaction, ASK(txn), 0},
    [ATL_POS_PART_LINE]      = {&line, ASK(line), 0},
    [ATL_POS_PART_ANSWERS]   = {&answers, ASK(answers), 0},
    [ATL_POS_PART_SIGNATURE] = {&signature, ASK(signature), 0},
    [ATL_POS_PART_EVENT]     = {&event, ASK(event), 0},
    [ATL_POS_PART_TENDER]    = {&tender, ASK(tender), 0},
    [ATL_POS_PART_STATE]     = {&state, ASK(state), REPLY(state)},
    [ATL_POS_PART_RETURN]    = {&returned, ASK(units), 0},
    [ATL_POS_PART_COLLECT]   = {&collect, ASK(collect), 0},
    [ATL_POS_PART_QUERY]     = {&query, ASK(query), 0},
    [ATL_POS_PART_REPRINT]   = {&reprint, ASK(reprint), 0},
    [ATL_POS_PART_FORM]      = {&form, 0, REPLY(form)},
    [ATL_POS_PART_JUDGEMENT] = {&judgement, 0, REPLY(judgement)},
    [ATL_POS_PART_IMAGE]     = {&image, 0, REPLY(image)},
    [ATL_POS_PART_VERDICT]   = {&verdict, 0, REPLY(verdict)},
    [ATL_POS_PART_RECEIPT]   = {&receipt, 0, REPLY(receipt)},
    [ATL_POS_PART_ORDER]     = {&order, 0, REPLY(order)},
    [ATL_POS_PART_LIST]      = {&list, 0, REPLY(list)},
    [ATL_POS_PART_HEALTH]    = {&health, 0, REPLY(health)},
    [ATL_POS_PART_NOTICE]    = {&notice, 0, 0},
};

#define P(part) ATL_POS_PART_##part

static const struct atl_pos_call calls[ATL_FRAME_KIND_COUNT] = {
    [ATL_FRAME_HELLO]         = {"hello", {P(HELLO)}, {0}},
    [ATL_FRAME_OFFER]         = {"offer", {P(TXN), P(LINE)}, {P(FORM)}},
    [ATL_FRAME_CHECK]         = {"check", {P(TXN), P(LINE), P(ANSWERS)}, {P(JUDGEMENT)}},
    [ATL_FRAME_PREVIEW]       = {"preview", {P(TXN), P(LINE), P(ANSWERS)}, {P(IMAGE)}},
    [ATL_FRAME_SIGN]          = {"sign", {P(TXN), P(LINE), P(SIGNATURE)}, {0}},
    [ATL_FRAME_CAPTURE]       = {"capture", {P(KEY), P(TXN), P(LINE), P(ANSWERS)}, {P(JUDGEMENT)}},
    [ATL_FRAME_ORDER_OFFER]   = {"order_offer", {P(TXN)}, {P(FORM)}},
    [ATL_FRAME_ORDER_ANSWERS] = {"order_answers", {P(KEY), P(TXN), P(ANSWERS)}, {P(VERDICT)}},
    [ATL_FRAME_LINE_CHANGED]  = {"line_changed", {P(KEY), P(TXN), P(LINE)}, {P(VERDICT)}},
    [ATL_FRAME_LINE_VOIDED]   = {"line_voided", {P(TXN), P(EVENT)}, {0}},
    [ATL_FRAME_BEFORE_TENDER] = {"before_tender", {P(TXN)}, {P(VERDICT)}},
    [ATL_FRAME_TENDERED]      = {"tendered", {P(TXN), P(TENDER)}, {P(RECEIPT)}},
    [ATL_FRAME_SUSPENDED]     = {"suspended", {P(TXN), P(EVENT)}, {0}},
    [ATL_FRAME_RESUMED]       = {"resumed", {P(TXN), P(EVENT), P(STATE) | ATL_POS_OPTIONAL}, {0}},
    [ATL_FRAME_VOIDED]        = {"voided", {P(TXN), P(EVENT)}, {P(VERDICT)}},
    [ATL_FRAME_RETURNED]      = {"returned", {P(TXN), P(RETURN)}, {P(VERDICT)}},
    [ATL_FRAME_COLLECT]       = {"collect", {P(COLLECT)}, {P(VERDICT), P(ORDER)}},
    [ATL_FRAME_SCAN]          = {"scan", {P(TEXT)}, {P(ORDER)}},
    [ATL_FRAME_FIND]          = {"find", {P(QUERY)}, {P(LIST)}},
    [ATL_FRAME_STATUS]        = {"status", {P(TXN)}, {P(ORDER)}},
    [ATL_FRAME_REPRINT]       = {"reprint", {P(REPRINT)}, {0}},
    [ATL_FRAME_STATE]         = {"state", {P(TXN)}, {P(STATE)}},
    [ATL_FRAME_HEALTH]        = {"health", {0}, {P(HEALTH)}},
};
// clang-format on

const struct atl_pos_part_row *atl_pos_part_find(unsigned part)
{
    return part < ATL_POS_PART_COUNT ? &parts[part] : NULL;
}

const struct atl_pos_call *atl_pos_call_find(uint16_t kind)
{
    return kind < ATL_FRAME_KIND_COUNT && calls[kind].name ? &calls[kind] : NULL;
}

// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/order.h"

#include <string.h>

atl_code atl_answer_set_add(struct atl_answer_set *set, const char *name, const char *value,
                            struct atl_error *err)
{
    const size_t name_len = strlen(name) + 1;
    const size_t value_len = strlen(value ? value : "") + 1;
    size_t count = 0;
    size_t at = 0;

    while (at < set->len) {
        at += strlen(set->bytes + at) + 1;
        count++;
    }
    if (count / 2 >= ATL_ANSWERS_MAX)
        return atl_fail(err, ATL_E_NOMEM, "more than %d answers", ATL_ANSWERS_MAX);
    if (name_len + value_len > sizeof set->bytes - set->len)
        return atl_fail(err, ATL_E_NOMEM, "answers are over %d bytes together: %s does not fit",
                        ATL_ANSWER_SET_BYTES, name);
    memcpy(set->bytes + set->len, name, name_len);
    memcpy(set->bytes + set->len + name_len, value ? value : "", value_len);
    set->len += name_len + value_len;
    return ATL_OK;
}

atl_code atl_answer_set_fill(struct atl_answer_set *set, const struct atl_answer *answers,
                             size_t count, struct atl_error *err)
{
    struct atl_answer_set fresh = {0};

    for (size_t i = 0; i < count; i++) {
        const atl_code rc = atl_answer_set_add(&fresh, answers[i].name, answers[i].value, err);
        if (rc)
            return rc;
    }
    *set = fresh;
    return ATL_OK;
}

size_t atl_answer_set_list(const struct atl_answer_set *set, struct atl_answer out[ATL_ANSWERS_MAX])
{
    size_t count = 0;

    for (size_t at = 0; at < set->len && count < ATL_ANSWERS_MAX; count++) {
        out[count].name = set->bytes + at;
        at += strlen(set->bytes + at) + 1;
        out[count].value = set->bytes + at;
        at += strlen(set->bytes + at) + 1;
    }
    return count;
}

const char *atl_answer_set_find(const struct atl_answer_set *set, const char *name)
{
    struct atl_answer list[ATL_ANSWERS_MAX];

    return atl_answers_find(list, atl_answer_set_list(set, list), name);
}

atl_code atl_answer_set_parse(struct atl_answer_set *set, const void *bytes, size_t len,
                              struct atl_error *err)
{
    struct atl_answer_set fresh = {.len = len};
    size_t texts = 0;

    if (len > sizeof fresh.bytes)
        return atl_fail(err, ATL_E_CORRUPT, "answers of %zu bytes are too large", len);
    if (len)
        memcpy(fresh.bytes, bytes, len);
    for (size_t i = 0; i < len; i++)
        texts += fresh.bytes[i] == 0;
    if (texts % 2 || texts / 2 > ATL_ANSWERS_MAX || (len && fresh.bytes[len - 1]))
        return atl_fail(err, ATL_E_CORRUPT, "answers are not pairs of name and value");
    *set = fresh;
    return ATL_OK;
}

bool atl_document_is_sheet(enum atl_document document)
{
    return document >= ATL_DOCUMENT_RUN && document <= ATL_DOCUMENT_LAST;
}

const char *atl_document_name(enum atl_document document)
{
    switch (document) {
    case ATL_DOCUMENT_CLAIM:
        return "claim";
    case ATL_DOCUMENT_GIFT:
        return "gift";
    case ATL_DOCUMENT_TAG:
        return "tag";
    case ATL_DOCUMENT_BAG:
        return "bag";
    case ATL_DOCUMENT_STITCHES:
        return "stitches";
    case ATL_DOCUMENT_RUN:
        return "run";
    case ATL_DOCUMENT_CODES:
        return "codes";
    case ATL_DOCUMENT_ROLL:
        return "roll";
    case ATL_DOCUMENT_SEATS:
        return "seats";
    }
    return "unknown";
}

const char *atl_job_state_name(enum atl_job_state state)
{
    switch (state) {
    case ATL_JOB_QUEUED:
        return "queued";
    case ATL_JOB_SENDING:
        return "sending";
    case ATL_JOB_SENT:
        return "sent";
    case ATL_JOB_CONFIRMED:
        return "confirmed";
    case ATL_JOB_UNKNOWN:
        return "unknown";
    case ATL_JOB_FAILED:
        return "failed";
    case ATL_JOB_HELD:
        return "held";
    case ATL_JOB_EXPIRED:
        return "expired";
    case ATL_JOB_CANCELLED:
        return "cancelled";
    }
    return "none";
}

bool atl_job_is_over(enum atl_job_state state)
{
    return state == ATL_JOB_SENT || state == ATL_JOB_CONFIRMED || state == ATL_JOB_EXPIRED ||
           state == ATL_JOB_CANCELLED;
}

const char *atl_event_kind_name(enum atl_event_kind kind)
{
    switch (kind) {
    case ATL_EVENT_OPENED:
        return "opened";
    case ATL_EVENT_ACT:
        return "act";
    case ATL_EVENT_UNDO:
        return "undo";
    case ATL_EVENT_AMENDED:
        return "amended";
    case ATL_EVENT_PLACED:
        return "placed";
    case ATL_EVENT_PROMISED:
        return "promised";
    case ATL_EVENT_TOLD:
        return "told";
    case ATL_EVENT_TAG_BOUND:
        return "tag_bound";
    case ATL_EVENT_REISSUED:
        return "reissued";
    case ATL_EVENT_OVERRULED:
        return "overruled";
    case ATL_EVENT_COPIED:
        return "copied";
    case ATL_EVENT_REQUEST:
        return "request";
    case ATL_EVENT_ERASED:
        return "erased";
    case ATL_EVENT_SALVAGED:
        return "salvaged";
    }
    return "unknown";
}

// By number; a test holds that none is missing.
static const char *const act_names[ATL_ACT_COUNT] = {
    [ATL_ACT_TENDER] = "tender",
    [ATL_ACT_TENDER_LATER] = "tender_later",
    [ATL_ACT_TENDER_UNSIGNED] = "tender_unsigned",
    [ATL_ACT_SIGN] = "sign",
    [ATL_ACT_EXPIRE] = "expire",
    [ATL_ACT_VOID] = "void",
    [ATL_ACT_START] = "start",
    [ATL_ACT_DONE] = "done",
    [ATL_ACT_PASS] = "pass",
    [ATL_ACT_HAND_OVER] = "hand_over",
    [ATL_ACT_DISPOSE] = "dispose",
    [ATL_ACT_RETURN] = "return",
    [ATL_ACT_REMAKE] = "remake",
    [ATL_ACT_HOLD] = "hold",
    [ATL_ACT_RESUME] = "resume",
    [ATL_ACT_CANCEL] = "cancel",
    [ATL_ACT_CANCEL_ACCEPT] = "cancel_accept",
    [ATL_ACT_CANCEL_REFUSE] = "cancel_refuse",
    [ATL_ACT_CHECK_IN] = "check_in",
    [ATL_ACT_ATTEND] = "attend",
    [ATL_ACT_MISS] = "miss",
    [ATL_ACT_MOVE] = "move",
    [ATL_ACT_REBOOK] = "rebook",
};

const char *atl_act_name(enum atl_act act)
{
    return (unsigned)act < ATL_ACT_COUNT ? act_names[act] : "unknown";
}

enum atl_act atl_act_by_name(const char *name)
{
    for (int act = 0; act < ATL_ACT_COUNT; act++) {
        if (strcmp(act_names[act], name) == 0)
            return (enum atl_act)act;
    }
    return ATL_ACT_COUNT;
}

// What a stage means for the order at a glance.
enum share { OPEN, READY, IN_HAND, GONE };

static enum share share_of(enum atl_stage stage)
{
    switch (stage) {
    case ATL_STAGE_READY:
    case ATL_STAGE_UNCOLLECTED:
    case ATL_STAGE_CHECKED_IN:
        return READY;
    case ATL_STAGE_COLLECTED:
    case ATL_STAGE_ATTENDED:
        return IN_HAND;
    case ATL_STAGE_CANCELLED:
    case ATL_STAGE_DROPPED:
    case ATL_STAGE_DISPOSED:
    case ATL_STAGE_RETURNED:
    case ATL_STAGE_NO_SHOW:
        return GONE;
    case ATL_STAGE_NONE:
    case ATL_STAGE_DRAFT:
    case ATL_STAGE_AWAITING_DETAILS:
    case ATL_STAGE_CONFIRMED:
    case ATL_STAGE_IN_PRODUCTION:
    case ATL_STAGE_QUALITY_CHECK:
    case ATL_STAGE_ON_HOLD:
    case ATL_STAGE_CANCEL_REQUESTED:
    case ATL_STAGE_MOVED:
    case ATL_STAGE_COUNT:
    case ATL_STAGE_BACK:
        break;
    }
    return OPEN;
}

struct atl_order_sum atl_order_sum(const struct atl_piece *pieces, size_t count)
{
    struct atl_order_sum sum = {0};

    for (size_t i = 0; i < count; i++) {
        const struct atl_range *promise = &pieces[i].promise;
        const enum share share = share_of(pieces[i].progress.stage);
        sum.ready_count += share == READY || share == IN_HAND;
        sum.collected_count += share == IN_HAND;
        sum.gone_count += share == GONE;
        sum.open_count += share == OPEN;
        if (share == OPEN && promise->until_ms &&
            (!sum.next.until_ms || promise->until_ms < sum.next.until_ms))
            sum.next = *promise;
    }
    return sum;
}

bool atl_piece_may_be_amended(const struct atl_piece *piece)
{
    const enum atl_stage stage =
        piece->progress.stage == ATL_STAGE_ON_HOLD ? piece->progress.back : piece->progress.stage;

    return stage == ATL_STAGE_AWAITING_DETAILS || stage == ATL_STAGE_CONFIRMED;
}

bool atl_piece_may_be_sewn(const struct atl_piece *piece)
{
    return piece->kind == ATL_KIND_EMBROIDERY && (piece->progress.stage == ATL_STAGE_CONFIRMED ||
                                                  piece->progress.stage == ATL_STAGE_IN_PRODUCTION);
}

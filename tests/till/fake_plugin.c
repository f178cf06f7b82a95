// SPDX-License-Identifier: Apache-2.0
// A plugin of a few lines, scripted by the environment, that writes down what it is asked:
//
//   FAKE_LOG=FILE          a line a call that changes something: its name, key and what it said
//   FAKE_TENDERED="TIMEOUT OK"
//                          what the calls of this process answer in turn, then OK; the same for
//                          OFFER, CHECK, CAPTURE, SIGN, BEFORE, RETURNED, VOIDED, SUSPENDED, …
//                          KILL: the till dies while the call is on its way
//   FAKE_VETO=CODE         before_tender says no
//   FAKE_NO_RETURN=1       returned says no
//   FAKE_NOTICE=PIECE      a piece moved, from the start
//
// The text "bad" is refused and a manager may allow it; "wide" is refused for good, "Wide" would
// do. A unit costs 15.00, in gold 18.00.
#include "sdk-shim/atelier_pos.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { FINDINGS_MAX = 64 };

static struct atl_pos_finding findings[FINDINGS_MAX];
static char state[64];
static char sentence[64];
static int notices = -1;
static bool is_told;

// ---- the script and the log ----

static const struct {
    const char *name;
    int32_t code;
} codes[] = {
    {"OK",          ATL_POS_OK           },
    {"INVALID",     ATL_POS_E_INVALID    },
    {"IO",          ATL_POS_E_IO         },
    {"TIMEOUT",     ATL_POS_E_TIMEOUT    },
    {"BUSY",        ATL_POS_E_BUSY       },
    {"NOT_FOUND",   ATL_POS_E_NOT_FOUND  },
    {"UNSUPPORTED", ATL_POS_E_UNSUPPORTED},
    {"AWAY",        ATL_POS_E_AWAY       },
    {"CONFLICT",    ATL_POS_E_CONFLICT   },
    {"FULL",        ATL_POS_E_FULL       },
};

// The next word of FAKE_<CALL>, which is eaten.
static int32_t scripted(const char *call)
{
    char name[40];
    char *words;
    size_t len;

    snprintf(name, sizeof name, "FAKE_%s", call);
    words = getenv(name);
    if (!words)
        return ATL_POS_OK;
    words += strspn(words, " ");
    len = strcspn(words, " ");
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (len == strlen(codes[i].name) && strncmp(words, codes[i].name, len) == 0) {
            memset(words, ' ', len);
            snprintf(sentence, sizeof sentence, "as the test said, %s", codes[i].name);
            return codes[i].code;
        }
    }
    if (len == 4 && strncmp(words, "KILL", 4) == 0)
        (void)raise(SIGKILL);
    return ATL_POS_OK;
}

__attribute__((format(printf, 2, 3))) static int32_t answer(const char *call, const char *fmt, ...)
{
    const char *path = getenv("FAKE_LOG");
    FILE *file = path ? fopen(path, "ae") : NULL;
    va_list args;

    if (file) {
        fprintf(file, "%s ", call);
        va_start(args, fmt);
        vfprintf(file, fmt, args);
        va_end(args);
        fprintf(file, "\n");
        fclose(file);
    }
    sentence[0] = '\0';
    return scripted(call);
}

static const char *shown(const char *text)
{
    return text ? text : "-";
}

// ---- answers ----

static const char *find(const struct atl_pos_answers *answers, const char *name, uint32_t unit)
{
    const char *common = NULL;

    for (uint32_t i = 0; i < answers->answer_count; i++) {
        const struct atl_pos_answer *at = &answers->answers[i];

        if (strcmp(at->name, name) != 0)
            continue;
        if (at->unit_index && at->unit_index == unit)
            return at->value;
        if (!at->unit_index)
            common = at->value;
    }
    return common;
}

static void refuse(struct atl_pos_judgement *out, uint32_t unit, const char *code, bool allowable,
                   const char *proposal)
{
    findings[out->finding_count++] = (struct atl_pos_finding){
        .field = "text",
        .code = code,
        .staff_text = "that will not do",
        .guest_text = "may it be another one?",
        .proposal = proposal,
        .may_be_overruled = allowable,
        .unit_index = unit,
    };
    out->is_allowed = 0;
}

static void judge_unit(const struct atl_pos_answers *answers, uint32_t unit, uint32_t named,
                       struct atl_pos_judgement *out)
{
    const char *text = find(answers, "text", unit);
    const char *thread = find(answers, "thread", unit);
    bool allows = false;

    for (uint32_t i = 0; i < answers->override_count; i++)
        allows |= strcmp(answers->overrides[i].code, "profanity") == 0;
    out->price_minor += thread && strcmp(thread, "gold") == 0 ? 1800 : 1500;
    if (answers->details_follow || out->finding_count == FINDINGS_MAX)
        return;
    if (!text || !text[0])
        refuse(out, named, "required", false, NULL);
    else if (strcmp(text, "bad") == 0 && !allows)
        refuse(out, named, "profanity", true, NULL);
    else if (strcmp(text, "wide") == 0)
        refuse(out, named, "too_wide", false, "Wide");
}

static void judge(const struct atl_pos_line *line, const struct atl_pos_answers *answers,
                  struct atl_pos_judgement *out)
{
    const uint32_t first = line->unit_index ? line->unit_index : 1;
    const uint32_t last = line->unit_index ? line->unit_index : (uint32_t)line->quantity;

    *out = (struct atl_pos_judgement){.size = sizeof *out,
                                      .is_allowed = 1,
                                      .finding_size = sizeof findings[0],
                                      .findings = findings,
                                      .proof_state = ATL_POS_PROOF_READY,
                                      .proof_number = 7};
    for (uint32_t unit = first; unit <= last; unit++)
        judge_unit(answers, unit, line->unit_index ? 0 : unit, out);
}

// ---- calls ----

static int32_t fake_open(const struct atl_pos_host *host, const char *path, atl_pos_till *out,
                         char *text, uint32_t size)
{
    (void)host;
    (void)path;
    *out = 0;
    if (scripted("OPEN")) {
        snprintf(text, size, "there is no room");
        return ATL_POS_E_FULL;
    }
    notices = eventfd(getenv("FAKE_NOTICE") != NULL, EFD_CLOEXEC | EFD_NONBLOCK);
    *out = 1;
    return ATL_POS_OK;
}

static int32_t fake_close(atl_pos_till till)
{
    (void)till;
    return notices >= 0 && close(notices) ? ATL_POS_E_IO : ATL_POS_OK;
}

static const struct atl_pos_field fields[] = {
    {.name = "text",                                                        .label = "Words", .kind = ATL_POS_FIELD_TEXT, .is_required = 1},
    { .name = "thread",
     .label = "Thread",
     .choices = "navy\tNavy\ngold\tShimmering gold\ngreen\tForest green\n",
     .preset = "navy",
     .kind = ATL_POS_FIELD_CHOICE,
     .is_required = 1},
};
static const struct atl_pos_field order_fields[] = {
    {.name = "language",
     .label = "Guest's language",
     .choices = "en\tEnglish\nfr\tFrançais\n",
     .kind = ATL_POS_FIELD_CHOICE},
    {.name = "gift",                  .label = "It is a gift",            .kind = ATL_POS_FIELD_CHECKBOX},
};

static int32_t fake_offer(atl_pos_till till, const struct atl_pos_transaction *txn,
                          const struct atl_pos_line *line, struct atl_pos_form *form)
{
    const bool is_made = strncmp(line->sku, "TOTE", 4) == 0;

    (void)till;
    (void)txn;
    *form = (struct atl_pos_form){.size = sizeof *form,
                                  .field_size = sizeof fields[0],
                                  .fields = fields,
                                  .field_count = is_made ? 2 : 0,
                                  .price_minor = 1500,
                                  .title = "Embroidery",
                                  .consent = "Made for you."};
    return scripted("OFFER");
}

static int32_t fake_check(atl_pos_till till, const struct atl_pos_transaction *txn,
                          const struct atl_pos_line *line, const struct atl_pos_answers *answers,
                          struct atl_pos_judgement *judgement)
{
    (void)till;
    (void)txn;
    judge(line, answers, judgement);
    return scripted("CHECK");
}

static int32_t fake_preview(atl_pos_till till, const struct atl_pos_transaction *txn,
                            const struct atl_pos_line *line, const struct atl_pos_answers *answers,
                            struct atl_pos_image *image)
{
    static const uint8_t png[] = {0x89, 'P', 'N', 'G'};

    (void)till;
    (void)txn;
    (void)line;
    (void)answers;
    *image = (struct atl_pos_image){.size = sizeof *image,
                                    .proof_state = ATL_POS_PROOF_READY,
                                    .png = png,
                                    .png_bytes = sizeof png,
                                    .proof_number = 7};
    return scripted("PREVIEW");
}

static int32_t fake_sign(atl_pos_till till, const struct atl_pos_transaction *txn,
                         const struct atl_pos_line *line, const struct atl_pos_signature *signature)
{
    (void)till;
    (void)txn;
    return answer("SIGN", "key=%s line=%s unit=%u how=%d number=%lld", signature->key,
                  line->line_ref, line->unit_index, signature->how,
                  (long long)signature->proof_number);
}

static int32_t fake_capture(atl_pos_till till, const char *key,
                            const struct atl_pos_transaction *txn, const struct atl_pos_line *line,
                            const struct atl_pos_answers *answers,
                            struct atl_pos_judgement *judgement)
{
    char texts[600] = "";

    (void)till;
    (void)txn;
    for (uint32_t i = 0; i < answers->answer_count; i++)
        snprintf(texts + strlen(texts), sizeof texts - strlen(texts), " %u.%s=%s",
                 answers->answers[i].unit_index, answers->answers[i].name,
                 answers->answers[i].value);
    for (uint32_t i = 0; i < answers->override_count; i++)
        snprintf(texts + strlen(texts), sizeof texts - strlen(texts), " %s-by-%s",
                 answers->overrides[i].code, answers->overrides[i].employee_ref);
    judge(line, answers, judgement);
    return answer("CAPTURE", "key=%s line=%s unit=%u%s", key, line->line_ref, line->unit_index,
                  texts);
}

static int32_t fake_order_offer(atl_pos_till till, const struct atl_pos_transaction *txn,
                                struct atl_pos_form *form)
{
    (void)till;
    (void)txn;
    *form = (struct atl_pos_form){.size = sizeof *form,
                                  .field_size = sizeof order_fields[0],
                                  .fields = order_fields,
                                  .field_count = 2};
    return ATL_POS_OK;
}

static int32_t fake_order_answers(atl_pos_till till, const char *key,
                                  const struct atl_pos_transaction *txn,
                                  const struct atl_pos_answers *answers,
                                  struct atl_pos_verdict *verdict)
{
    (void)till;
    (void)txn;
    *verdict = (struct atl_pos_verdict){.size = sizeof *verdict, .is_allowed = 1};
    return answer("ORDER", "key=%s language=%s gift=%s", key, shown(find(answers, "language", 0)),
                  shown(find(answers, "gift", 0)));
}

static int32_t fake_line_changed(atl_pos_till till, const char *key,
                                 const struct atl_pos_transaction *txn,
                                 const struct atl_pos_line *line, struct atl_pos_verdict *verdict)
{
    (void)till;
    (void)txn;
    *verdict = (struct atl_pos_verdict){.size = sizeof *verdict, .is_allowed = 1};
    return answer("CHANGED", "key=%s line=%s quantity=%d", key, line->line_ref, line->quantity);
}

static int32_t fake_line_voided(atl_pos_till till, const struct atl_pos_transaction *txn,
                                const struct atl_pos_event *event)
{
    (void)till;
    (void)txn;
    return answer("LINE_VOIDED", "key=%s line=%s unit=%u", event->key, event->line_ref,
                  event->unit_index);
}

static int32_t fake_before(atl_pos_till till, const struct atl_pos_transaction *txn,
                           struct atl_pos_verdict *verdict)
{
    const char *veto = getenv("FAKE_VETO");

    (void)till;
    (void)txn;
    *verdict = (struct atl_pos_verdict){.size = sizeof *verdict,
                                        .is_allowed = !veto,
                                        .code = veto,
                                        .reason = "show it to the guest first",
                                        .line_ref = "L1",
                                        .unit_index = 1};
    return scripted("BEFORE");
}

static int32_t fake_tendered(atl_pos_till till, const struct atl_pos_transaction *txn,
                             const struct atl_pos_tender *tender, struct atl_pos_receipt *receipt)
{
    static const char *const texts[] = {"Your order AAA-111"};
    char lines[300] = "";

    (void)till;
    for (uint32_t i = 0; i < tender->line_count; i++)
        snprintf(lines + strlen(lines), sizeof lines - strlen(lines), " %s:%d",
                 tender->lines[i].line_ref, tender->lines[i].quantity);
    *receipt = (struct atl_pos_receipt){.size = sizeof *receipt,
                                        .text_count = 1,
                                        .texts = texts,
                                        .code = "AAA-111",
                                        .url = "HTTP://SHOP/O/AAA"};
    return answer("TENDERED", "key=%s sequence=%lld at=%lld by=%s training=%d%s", tender->key,
                  (long long)txn->sequence, (long long)tender->at_ms, tender->employee_ref,
                  txn->is_training, lines);
}

static int32_t fake_suspended(atl_pos_till till, const struct atl_pos_transaction *txn,
                              const struct atl_pos_event *event)
{
    (void)till;
    return answer("SUSPENDED", "key=%s uuid=%s", event->key, txn->uuid);
}

static int32_t fake_resumed(atl_pos_till till, const struct atl_pos_transaction *txn,
                            const struct atl_pos_event *event, const struct atl_pos_state *kept)
{
    (void)till;
    return answer("RESUMED", "key=%s uuid=%s state=%.*s", event->key, txn->uuid,
                  kept ? (int)kept->byte_count : 1, kept ? (const char *)kept->bytes : "-");
}

static int32_t fake_voided(atl_pos_till till, const struct atl_pos_transaction *txn,
                           const struct atl_pos_event *event, struct atl_pos_verdict *verdict)
{
    (void)till;
    *verdict = (struct atl_pos_verdict){.size = sizeof *verdict, .is_allowed = 1};
    return answer("VOIDED", "key=%s uuid=%s", event->key, txn->uuid);
}

static int32_t fake_returned(atl_pos_till till, const struct atl_pos_transaction *txn,
                             const struct atl_pos_return *units, struct atl_pos_verdict *verdict)
{
    const bool is_no = getenv("FAKE_NO_RETURN") != NULL;
    char names[300] = "";

    (void)till;
    (void)txn;
    for (uint32_t i = 0; i < units->unit_count; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), " %s.%u",
                 units->units[i].line_ref, units->units[i].unit_index);
    *verdict = (struct atl_pos_verdict){
        .size = sizeof *verdict, .is_allowed = !is_no, .code = "made_to_order", .reason = "no"};
    return answer("RETURNED", "key=%s defect=%d%s", units->key, units->is_defect, names);
}

static void put_order(struct atl_pos_order *order)
{
    *order = (struct atl_pos_order){.size = sizeof *order,
                                    .piece_size = sizeof(struct atl_pos_piece),
                                    .code = "AAA-111",
                                    .sentence = "0 of 1 ready"};
}

static int32_t fake_collect(atl_pos_till till, const struct atl_pos_collect *collect,
                            struct atl_pos_verdict *verdict, struct atl_pos_order *order)
{
    (void)till;
    *verdict = (struct atl_pos_verdict){.size = sizeof *verdict, .is_allowed = 1};
    put_order(order);
    return answer("COLLECT", "key=%s piece=%s how=%d proof=%s", collect->key, collect->piece_code,
                  collect->how, shown(collect->proof));
}

static int32_t fake_scan(atl_pos_till till, const char *text, struct atl_pos_order *order)
{
    (void)till;
    (void)text;
    put_order(order);
    return scripted("SCAN");
}

static int32_t fake_find(atl_pos_till till, const struct atl_pos_query *query,
                         struct atl_pos_list *list)
{
    (void)till;
    *list = (struct atl_pos_list){.size = sizeof *list, .order_size = sizeof(struct atl_pos_order)};
    return answer("FIND", "words=%s", shown(query->words));
}

static int32_t fake_status(atl_pos_till till, const struct atl_pos_transaction *txn,
                           struct atl_pos_order *order)
{
    (void)till;
    (void)txn;
    put_order(order);
    return scripted("STATUS");
}

static int32_t fake_reprint(atl_pos_till till, const struct atl_pos_reprint *reprint)
{
    (void)till;
    return answer("REPRINT", "key=%s paper=%d code=%s lost=%d", reprint->key, reprint->paper,
                  reprint->code, reprint->replaces_link);
}

static int32_t fake_state(atl_pos_till till, const struct atl_pos_transaction *txn,
                          struct atl_pos_state *out)
{
    (void)till;
    snprintf(state, sizeof state, "kept|%s", txn->uuid); // a bar, as in the journal's own lines
    *out = (struct atl_pos_state){.size = sizeof *out,
                                  .byte_count = (uint32_t)strlen(state),
                                  .bytes = (const uint8_t *)state};
    return scripted("STATE");
}

static int32_t fake_health(atl_pos_till till, struct atl_pos_health *health)
{
    (void)till;
    *health =
        (struct atl_pos_health){.size = sizeof *health, .is_agent_up = getenv("FAKE_DOWN") == NULL};
    return ATL_POS_OK;
}

static int32_t fake_next_event(atl_pos_till till, struct atl_pos_notice *notice)
{
    uint64_t count;

    (void)till;
    if (is_told || !getenv("FAKE_NOTICE"))
        return ATL_POS_E_NOT_FOUND;
    is_told = true;
    if (read(notices, &count, sizeof count) < 0)
        return ATL_POS_E_NOT_FOUND;
    *notice = (struct atl_pos_notice){
        .size = sizeof *notice, .kind = ATL_POS_NOTICE_STAGE, .piece_code = getenv("FAKE_NOTICE")};
    return ATL_POS_OK;
}

static int32_t fake_event_fd(atl_pos_till till)
{
    (void)till;
    return notices;
}

static const char *fake_error_text(atl_pos_till till)
{
    (void)till;
    return sentence;
}

static const struct atl_pos_plugin plugin = {
    sizeof plugin,    ATL_POS_ABI,        "1.0.0-fake",      fake_open,        fake_close,
    fake_offer,       fake_check,         fake_preview,      fake_sign,        fake_capture,
    fake_order_offer, fake_order_answers, fake_line_changed, fake_line_voided, fake_before,
    fake_tendered,    fake_suspended,     fake_resumed,      fake_voided,      fake_returned,
    fake_collect,     fake_scan,          fake_find,         fake_status,      fake_reprint,
    fake_state,       fake_health,        fake_next_event,   fake_event_fd,    fake_error_text,
};

const struct atl_pos_plugin *atl_pos_entry(uint32_t host_abi)
{
    return getenv("FAKE_REFUSES") || host_abi >> 16 != ATL_POS_ABI_MAJOR ? NULL : &plugin;
}

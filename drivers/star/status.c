// SPDX-License-Identifier: Apache-2.0
// The conversation. Answers are blocks that say what they are: an automatic status, or a document's
// number; either may come unasked.
#include "drivers/star/parts.h"

#include <stdio.h>
#include <string.h>

enum {
    STATUS_TIMEOUT_MS = 500,
    POLL_MS = 200,
    NOISE_MAX = 1024, // bytes that are no answer, or not ours
    DOCUMENT_BYTES = 8,
    COUNTER_STEPS = 31,
};

enum kind {
    KIND_ASB,
    KIND_DOCUMENT, // ESC GS ETX s n1 n2 count NUL
};

struct answer {
    enum kind kind;
    struct star_asb asb;
    uint8_t document[DOCUMENT_BYTES];
};

struct reader {
    struct atl_link *link;
    unsigned noise;
};

static atl_code read_byte(struct reader *reader, int64_t deadline_ms, uint8_t *byte,
                          struct atl_error *err)
{
    const int64_t left = deadline_ms - atl_link_now_ms(reader->link);
    size_t got = 0;

    if (reader->noise++ >= NOISE_MAX)
        return atl_fail(err, ATL_E_IO, "it talks without answering");
    // At least one millisecond: 0 would only look at what is there already.
    return reader->link->ops->read(reader->link, byte, 1, &got, left < 1 ? 1 : (unsigned)left, err);
}

// The header codes the length in four bits around a gap; 0: it is no header.
static size_t asb_length(uint8_t header)
{
    const size_t len = (header >> 1 & 0x07) | (header >> 2 & 0x08);

    return (header & 0x91) == 0x01 && len >= STAR_ASB_MIN ? len : 0;
}

// Takes one byte into an automatic status. A byte that cannot stand there ends the block; it may be
// the header of the next one.
static bool take_asb(struct star_asb *asb, uint8_t byte)
{
    if (asb->len && (byte & 0x91) != 0)
        asb->len = 0;
    if (!asb->len && !asb_length(byte))
        return false;
    asb->bytes[asb->len++] = byte;
    return asb->len == asb_length(asb->bytes[0]);
}

static atl_code next_answer(struct reader *reader, int64_t deadline_ms, struct answer *answer,
                            struct atl_error *err)
{
    static const uint8_t head[] = {0x1b, 0x1d, 0x03};
    size_t len = 0; // of a document's number

    *answer = (struct answer){.kind = KIND_ASB};
    for (;;) {
        uint8_t byte = 0;
        atl_code rc = read_byte(reader, deadline_ms, &byte, err);

        if (rc)
            return rc;
        if (len < sizeof head && byte != head[len])
            len = 0;
        if (len >= sizeof head || byte == head[len]) {
            answer->document[len++] = byte;
            answer->kind = KIND_DOCUMENT;
            if (len == DOCUMENT_BYTES)
                return ATL_OK;
            continue;
        }
        if (take_asb(&answer->asb, byte)) {
            answer->kind = KIND_ASB;
            return ATL_OK;
        }
    }
}

// Throws away what came before the question.
static void drain(struct atl_link *link)
{
    uint8_t rest[64];
    size_t got;

    for (int i = 0; i < 64; i++) {
        if (link->ops->read(link, rest, sizeof rest, &got, 0, NULL))
            return;
    }
}

static atl_code next_asb(struct reader *reader, int64_t deadline_ms, struct star_asb *asb,
                         struct atl_error *err)
{
    struct answer answer;
    atl_code rc;

    do
        rc = next_answer(reader, deadline_ms, &answer, err);
    while (!rc && answer.kind != KIND_ASB);
    if (!rc)
        *asb = answer.asb;
    return rc;
}

// ESC ACK SOH is obeyed on arrival, also while it prints or has no paper.
static atl_code ask(struct reader *reader, struct star_asb *asb, struct atl_error *err)
{
    static const uint8_t question[] = {0x1b, 0x06, 0x01};
    struct atl_link *link = reader->link;
    atl_code rc;

    drain(link);
    rc = link->ops->write(link, question, sizeof question, STATUS_TIMEOUT_MS, err);
    return rc ? rc : next_asb(reader, atl_link_now_ms(link) + STATUS_TIMEOUT_MS, asb, err);
}

static bool is_mute(const struct atl_link *link, const struct atl_model *model)
{
    return model->quirks & ATL_QUIRK_NO_STATUS || !link->ops->read;
}

atl_code star_status(struct atl_link *link, const struct atl_model *model, uint32_t *trouble,
                     struct atl_error *err)
{
    struct reader reader = {.link = link};
    struct star_asb asb;
    atl_code rc;

    // The model first: one that is never asked needs no link.
    if (model->quirks & ATL_QUIRK_NO_STATUS || is_mute(link, model)) {
        *trouble = ATL_TROUBLE_NONE;
        return ATL_OK;
    }
    rc = ask(&reader, &asb, err);
    if (rc)
        return atl_wrap(err, rc, "%s: status query", model->name);
    *trouble = star_asb_trouble(&asb);
    return ATL_OK;
}

// ---- Proof ----

// Both wait until all before them is printed. The number comes back with the document's answer; it
// is of the count of bytes, so the next job has another one.
static atl_code ask_document(struct reader *reader, int64_t deadline_ms, char *said, size_t size,
                             struct atl_error *err)
{
    const uint64_t count = reader->link->accepted_bytes;
    const uint8_t question[] = {
        0x17, 0x1b, 0x1d, 0x03, 0x01, (uint8_t)count, (uint8_t)(count >> 8)};
    struct answer answer = {.kind = KIND_ASB};
    atl_code rc =
        reader->link->ops->write(reader->link, question, sizeof question, STATUS_TIMEOUT_MS, err);

    // An answer to a question that nobody waits for any more may come first.
    while (!rc && (answer.kind != KIND_DOCUMENT || memcmp(answer.document, question + 1, 6) != 0))
        rc = next_answer(reader, deadline_ms, &answer, err);
    if (!rc)
        snprintf(said, size, "document %02x%02x printed, number %u", question[6], question[5],
                 answer.document[6]);
    return rc;
}

// A printer that cannot name documents counts ETB from 0 after ESC RS E. An earlier question may
// still be in its buffer; so each job is counted to another number, and not to the one that the
// counter shows already.
static atl_code ask_counter(struct reader *reader, int64_t deadline_ms, char *said, size_t size,
                            struct atl_error *err)
{
    struct atl_link *link = reader->link;
    uint8_t question[4 + COUNTER_STEPS] = {0x1b, 0x1e, 'E', 0};
    unsigned steps = 1 + (unsigned)(link->accepted_bytes * 7 % COUNTER_STEPS);
    struct star_asb asb;
    atl_code rc = ask(reader, &asb, err);

    if (rc)
        return rc;
    if (star_asb_counter(&asb) < 0)
        return atl_fail(err, ATL_E_IO, "its status has no counter");
    if (star_asb_counter(&asb) == (int)steps)
        steps = 1 + steps % COUNTER_STEPS;
    memset(question + 4, 0x17, steps);
    rc = link->ops->write(link, question, 4 + steps, STATUS_TIMEOUT_MS, err);
    while (!rc && star_asb_counter(&asb) != (int)steps) {
        int64_t until_ms = atl_link_now_ms(link) + POLL_MS;

        if (until_ms > deadline_ms + POLL_MS)
            return atl_fail(err, ATL_E_TIMEOUT, "its counter stays at %d", star_asb_counter(&asb));
        reader->noise = 0;
        rc = next_asb(reader, until_ms, &asb, err); // one that comes unasked, or none
        if (rc == ATL_E_TIMEOUT)
            rc = ask(reader, &asb, err);
    }
    if (!rc)
        snprintf(said, size, "ETB counted to %u", steps);
    return rc;
}

static atl_code trouble_of(const struct atl_model *model, const struct star_asb *asb,
                           struct atl_error *err)
{
    const uint32_t trouble = star_asb_trouble(asb);
    char words[160];
    char names[96];

    if (!(trouble & ~(uint32_t)ATL_TROUBLE_MEDIA_LOW))
        return ATL_OK;
    atl_trouble_words(trouble, words, sizeof words);
    star_asb_names(asb, names, sizeof names);
    return atl_fail(err, ATL_E_DEVICE, "%s: %s (%s)", model->name, words, names);
}

// No answer is no error of the link: a printer without paper prints nothing, and says why.
static atl_code explain(struct reader *reader, const struct atl_model *model, atl_code why,
                        struct atl_error *err)
{
    struct star_asb asb;

    reader->noise = 0;
    if (why == ATL_E_TIMEOUT && !ask(reader, &asb, NULL) && trouble_of(model, &asb, err))
        return ATL_E_DEVICE;
    return atl_wrap(err, why, "%s: waiting for its word", model->name);
}

atl_code star_confirm(struct atl_link *link, const struct atl_model *model, unsigned timeout_ms,
                      char *evidence, size_t evidence_size, struct atl_error *err)
{
    const int64_t deadline_ms = atl_link_now_ms(link) + timeout_ms;
    struct reader reader = {.link = link};
    char said[48] = "";
    char hex[3 * STAR_ASB_MAX + 1] = "";
    struct star_asb asb = {.len = 0};
    atl_code rc;

    if (is_mute(link, model))
        return atl_fail(err, ATL_E_UNSUPPORTED, "%s cannot say what it printed", model->name);
    drain(link);
    rc = model->quirks & ATL_QUIRK_NAMES_JOBS
             ? ask_document(&reader, deadline_ms, said, sizeof said, err)
             : ask_counter(&reader, deadline_ms, said, sizeof said, err);
    if (rc)
        return explain(&reader, model, rc, err);
    reader.noise = 0;
    rc = ask(&reader, &asb, err);
    if (rc)
        return atl_wrap(err, rc, "%s: status query", model->name);
    rc = trouble_of(model, &asb, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < asb.len; i++)
        snprintf(hex + 3 * i, sizeof hex - 3 * i, " %02x", asb.bytes[i]);
    snprintf(evidence, evidence_size, "%s; ETB %d; ASB%s", said, star_asb_counter(&asb), hex);
    return ATL_OK;
}

// SPDX-License-Identifier: Apache-2.0
// The conversation. Answers are blocks that say what they are: an automatic status, or a document's
// number; either may come unasked.
#include "drivers/star/parts.h"

#include <stdio.h>
#include <string.h>

enum {
    STATUS_TIMEOUT_MS = 500,
    POLL_MS = 200,    // the counter is looked at so often
    LOOK_MS = 1000,   // and the status, while a document's number is waited for
    NOISE_MAX = 1024, // bytes that are no answer, or not ours
    DOCUMENT_BYTES = 8,
    COUNTER_STEPS = 31,
    QUESTION_BYTES = 4 + COUNTER_STEPS,
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
    size_t got = 0;

    if (reader->noise++ >= NOISE_MAX)
        return atl_fail(err, ATL_E_IO, "it talks without answering");
    return atl_link_read_until(reader->link, byte, 1, &got, deadline_ms, err);
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

// What is asked for a proof, and how its answer is known.
struct question {
    uint8_t bytes[QUESTION_BYTES];
    size_t len;
    int count; // the ETB counter comes to that; -1: the document's number comes back
};

static bool is_word(const struct question *question, const struct answer *answer)
{
    if (!question->len)
        return false;
    if (answer->kind == KIND_ASB)
        return question->count >= 0 && star_asb_counter(&answer->asb) == question->count;
    return question->count < 0 && memcmp(answer->document, question->bytes + 1, 6) == 0;
}

// ESC ACK SOH is obeyed on arrival, also while it prints or has no paper. The answer is a status,
// or the word that was waited for (question NULL: none). Half of it, in a buffer that was full, is
// passed over when it is asked again.
static atl_code ask(struct reader *reader, const struct question *question, struct answer *answer,
                    struct atl_error *err)
{
    static const uint8_t bytes[] = {0x1b, 0x06, 0x01};
    atl_code rc =
        reader->link->ops->write(reader->link, bytes, sizeof bytes, STATUS_TIMEOUT_MS, err);
    const int64_t deadline_ms = atl_link_now_ms(reader->link) + STATUS_TIMEOUT_MS;

    reader->noise = 0;
    while (!rc) {
        rc = next_answer(reader, deadline_ms, answer, err);
        if (!rc && (answer->kind == KIND_ASB || (question && is_word(question, answer))))
            break;
    }
    return rc;
}

atl_code star_status(struct atl_link *link, const struct atl_model *model, uint32_t *trouble,
                     struct atl_error *err)
{
    struct reader reader = {.link = link};
    struct answer answer;
    atl_code rc;

    if (atl_driver_is_mute(model, link)) {
        *trouble = ATL_TROUBLE_NONE;
        return ATL_OK;
    }
    atl_link_drain(link);
    rc = ask(&reader, NULL, &answer, err);
    if (rc)
        return atl_wrap(err, rc, "%s: status query", model->name);
    *trouble = star_asb_trouble(&answer.asb);
    return ATL_OK;
}

// ---- Proof ----

static atl_code check_trouble(const struct atl_model *model, const struct star_asb *asb,
                              struct atl_error *err)
{
    const uint32_t trouble = star_asb_trouble(asb);
    char names[96];

    if (!(trouble & ~(uint32_t)ATL_TROUBLE_MEDIA_LOW))
        return ATL_OK;
    star_asb_names(asb, names, sizeof names);
    return atl_trouble_fail(model, trouble, names, err);
}

// ETB and ESC GS ETX 1 wait until all before them is printed. The number comes back with the
// document's answer; it is of the count of bytes, so each question has another one.
static void name_document(const struct atl_link *link, struct question *question)
{
    const uint64_t count = link->accepted_bytes;
    const uint8_t bytes[] = {0x17, 0x1b, 0x1d, 0x03, 0x01, (uint8_t)count, (uint8_t)(count >> 8)};

    question->count = -1;
    question->len = sizeof bytes;
    memcpy(question->bytes, bytes, sizeof bytes);
}

// A printer that cannot name documents counts ETB from 0 after ESC RS E. An earlier question may
// still be in its buffer; so each job is counted to another number, and not to the one that the
// counter shows already.
static atl_code name_count(const struct atl_link *link, const struct star_asb *asb,
                           struct question *question, struct atl_error *err)
{
    static const uint8_t clear[] = {0x1b, 0x1e, 'E', 0};
    unsigned steps = 1 + (unsigned)(link->accepted_bytes * 7 % COUNTER_STEPS);

    if (star_asb_counter(asb) < 0)
        return atl_fail(err, ATL_E_IO, "its status has no counter");
    if (star_asb_counter(asb) == (int)steps)
        steps = 1 + steps % COUNTER_STEPS;
    question->count = (int)steps;
    question->len = sizeof clear + steps;
    memcpy(question->bytes, clear, sizeof clear);
    memset(question->bytes + sizeof clear, 0x17, steps);
    return ATL_OK;
}

// Half a question would be the beginning of whatever comes next: so it is only asked when all is
// well and the buffer empties. A document is asked for again each time, as its answer may have been
// lost; a counter stays.
static atl_code put_question(const struct reader *reader, const struct atl_model *model,
                             const struct star_asb *asb, struct question *question,
                             struct atl_error *err)
{
    struct atl_link *link = reader->link;
    const uint64_t before = link->accepted_bytes;
    atl_code rc = ATL_OK;

    if (model->quirks & ATL_QUIRK_NAMES_JOBS)
        name_document(link, question);
    else if (question->len)
        return ATL_OK;
    else
        rc = name_count(link, asb, question, err);
    if (!rc)
        rc = link->ops->write(link, question->bytes, question->len, STATUS_TIMEOUT_MS, err);
    if (rc == ATL_E_TIMEOUT && link->accepted_bytes != before)
        return atl_wrap(err, ATL_E_IO, "it took half of a question");
    return rc;
}

// No word is no error of the link: a printer without paper prints nothing, and a long ticket takes
// its time. The status says which of the two, and silence to that as well is reported at once.
static atl_code ask_word(struct reader *reader, const struct atl_model *model, int64_t deadline_ms,
                         struct question *question, struct answer *answer, struct atl_error *err)
{
    const int64_t step_ms = model->quirks & ATL_QUIRK_NAMES_JOBS ? LOOK_MS : POLL_MS;

    for (;;) {
        atl_code rc = ask(reader, question, answer, err);
        int64_t now_ms;

        if (rc || is_word(question, answer))
            return rc;
        rc = check_trouble(model, &answer->asb, err);
        now_ms = atl_link_now_ms(reader->link);
        if (!rc && question->len && now_ms >= deadline_ms)
            rc = atl_fail(err, ATL_E_TIMEOUT, "it is well and does not say so");
        if (!rc)
            rc = put_question(reader, model, &answer->asb, question, err);
        if (rc)
            return rc;
        reader->noise = 0;
        do
            rc = next_answer(reader, now_ms + step_ms, answer, err);
        while (!rc && !is_word(question, answer));
        if (rc != ATL_E_TIMEOUT)
            return rc;
    }
}

static void say(const struct question *question, const struct answer *word,
                const struct star_asb *asb, char *evidence, size_t size)
{
    char hex[3 * STAR_ASB_MAX + 1] = "";
    char said[48];

    if (question->count < 0)
        snprintf(said, sizeof said, "document %02x%02x printed, number %u", word->document[5],
                 word->document[4], word->document[6]);
    else
        snprintf(said, sizeof said, "ETB counted to %d", question->count);
    for (size_t i = 0; i < asb->len; i++)
        snprintf(hex + 3 * i, sizeof hex - 3 * i, " %02x", asb->bytes[i]);
    snprintf(evidence, size, "%s; ETB %d; ASB%s", said, star_asb_counter(asb), hex);
}

atl_code star_confirm(struct atl_link *link, const struct atl_model *model, unsigned timeout_ms,
                      char *evidence, size_t evidence_size, struct atl_error *err)
{
    const int64_t deadline_ms = atl_link_now_ms(link) + timeout_ms;
    struct reader reader = {.link = link};
    struct question question = {.count = -1};
    struct answer word = {.kind = KIND_ASB};
    struct answer last = {.kind = KIND_ASB};
    atl_code rc;

    if (atl_driver_is_mute(model, link))
        return atl_fail(err, ATL_E_UNSUPPORTED, "%s cannot say what it printed", model->name);
    atl_link_drain(link);
    rc = ask_word(&reader, model, deadline_ms, &question, &word, err);
    if (rc == ATL_E_DEVICE)
        return rc;
    if (rc)
        return atl_wrap(err, rc, "%s: waiting for its word", model->name);
    rc = ask(&reader, NULL, &last, err);
    if (rc)
        return atl_wrap(err, rc, "%s: status query", model->name);
    rc = check_trouble(model, &last.asb, err);
    if (!rc)
        say(&question, &word, &last.asb, evidence, evidence_size);
    return rc;
}

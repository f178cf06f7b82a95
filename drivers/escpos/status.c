// SPDX-License-Identifier: Apache-2.0
// The conversation. Answers carry no name: never are two questions open at once.
#include "drivers/escpos/parts.h"

#include <stdio.h>
#include <string.h>

enum {
    STATUS_TIMEOUT_MS = 500,
    WORD_TIMEOUT_MS = 1000, // after so long without its word it is asked why
    NOISE_MAX = 64,
    QUESTIONS = 4,
    BLOCK_BYTES = 7,
};

// DLE EOT n: each answer is one byte; each bit means one trouble. Bits are tested, never values:
// a printer without paper says "near its end" as well.
static const struct status_bit {
    uint8_t query;
    uint8_t mask;
    uint32_t trouble;
} status_bits[] = {
    {1, 0x08, ATL_TROUBLE_OFFLINE   },
    {2, 0x04, ATL_TROUBLE_COVER_OPEN},
    {2, 0x20, ATL_TROUBLE_MEDIA_OUT },
    {2, 0x40, ATL_TROUBLE_OTHER     },
    {3, 0x04, ATL_TROUBLE_OTHER     },
    {3, 0x08, ATL_TROUBLE_JAM       },
    {3, 0x20, ATL_TROUBLE_OTHER     },
    {3, 0x40, ATL_TROUBLE_HOT       },
    {4, 0x0c, ATL_TROUBLE_MEDIA_LOW },
    {4, 0x60, ATL_TROUBLE_MEDIA_OUT },
};

// What kind of answer a byte can be; facts of the maker's reference.
enum kind {
    KIND_STATUS, // DLE EOT
    KIND_FENCE,  // GS r
    KIND_BLOCK,  // 37 22 …: process id
};

static bool is_kind(uint8_t byte, enum kind kind)
{
    switch (kind) {
    case KIND_STATUS:
        return (byte & 0x93) == 0x12;
    case KIND_FENCE:
        return (byte & 0x90) == 0;
    case KIND_BLOCK:
        return byte == 0x37;
    }
    return false;
}

static bool is_flow_control(uint8_t byte)
{
    return byte == 0x11 || byte == 0x13;
}

// The first byte of an automatic status (four bytes) that nobody asked for.
static bool is_automatic(uint8_t byte)
{
    return (byte & 0x93) == 0x10;
}

// Reads on to the first byte of that kind; flow control, automatic status and what was asked for
// long ago are stepped over.
static atl_code read_kind(struct atl_link *link, enum kind kind, int64_t deadline_ms,
                          uint8_t *answer, struct atl_error *err)
{
    unsigned skip = 0;

    for (int i = 0; i < NOISE_MAX; i++) {
        uint8_t byte = 0;
        size_t got = 0;
        atl_code rc = atl_link_read_until(link, &byte, 1, &got, deadline_ms, err);

        if (rc)
            return rc;
        if (skip) {
            skip--;
        } else if (is_flow_control(byte)) {
            continue;
        } else if (is_kind(byte, kind)) {
            *answer = byte;
            return ATL_OK;
        } else if (is_automatic(byte)) {
            skip = 3;
        } else if (kind == KIND_STATUS && is_kind(byte, KIND_BLOCK)) {
            skip = BLOCK_BYTES - 1;
        } else if (kind == KIND_STATUS && byte <= 0x0f) { // of a fence
            continue;
        } else {
            return atl_fail(err, ATL_E_IO, "byte %02x is not the answer", byte);
        }
    }
    return atl_fail(err, ATL_E_IO, "it talks without answering");
}

static uint32_t trouble_of(uint8_t query, uint8_t answer)
{
    uint32_t trouble = ATL_TROUBLE_NONE;

    for (size_t i = 0; i < sizeof status_bits / sizeof status_bits[0]; i++) {
        if (status_bits[i].query == query && (answer & status_bits[i].mask))
            trouble |= status_bits[i].trouble;
    }
    return trouble;
}

// "Error" says nothing when what is wrong has been named.
static uint32_t tidied(uint32_t trouble)
{
    const uint32_t named =
        ATL_TROUBLE_JAM | ATL_TROUBLE_COVER_OPEN | ATL_TROUBLE_MEDIA_OUT | ATL_TROUBLE_HOT;

    return trouble & named ? trouble & ~(uint32_t)ATL_TROUBLE_OTHER : trouble;
}

// All four questions, one after the other.
static atl_code ask_all(struct atl_link *link, const struct atl_model *model,
                        uint8_t answers[QUESTIONS], uint32_t *trouble, struct atl_error *err)
{
    uint32_t found = ATL_TROUBLE_NONE;

    for (uint8_t query = 1; query <= QUESTIONS; query++) {
        const uint8_t question[] = {0x10, 0x04, query};
        atl_code rc = link->ops->write(link, question, sizeof question, STATUS_TIMEOUT_MS, err);

        if (!rc)
            rc = read_kind(link, KIND_STATUS, atl_link_now_ms(link) + STATUS_TIMEOUT_MS,
                           &answers[query - 1], err);
        if (rc)
            return atl_wrap(err, rc, "%s: status query %u", model->name, query);
        found |= trouble_of(query, answers[query - 1]);
    }
    *trouble = tidied(found);
    return ATL_OK;
}

atl_code escpos_status(struct atl_link *link, const struct atl_model *model, uint32_t *trouble,
                       struct atl_error *err)
{
    uint8_t answers[QUESTIONS] = {0};

    if (atl_driver_is_mute(model, link)) {
        *trouble = ATL_TROUBLE_NONE;
        return ATL_OK;
    }
    atl_link_drain(link);
    return ask_all(link, model, answers, trouble, err);
}

static bool is_stopped(uint32_t trouble)
{
    return trouble & ~(uint32_t)ATL_TROUBLE_MEDIA_LOW;
}

static atl_code read_block(struct atl_link *link, int64_t deadline_ms, uint8_t block[BLOCK_BYTES],
                           struct atl_error *err)
{
    size_t got = 0;
    atl_code rc = read_kind(link, KIND_BLOCK, deadline_ms, &block[0], err);

    for (size_t i = 1; !rc && i < BLOCK_BYTES; i++)
        rc = atl_link_read_until(link, &block[i], 1, &got, deadline_ms, err);
    return rc;
}

// GS ( H: the printer gives the number back when all before it has been printed. The number is the
// count of bytes, so it grows, in four characters of 20..7E; the answer to an earlier question
// comes before this one's.
static atl_code ask_number(struct atl_link *link, int64_t deadline_ms, char *evidence, size_t size,
                           struct atl_error *err)
{
    uint8_t question[] = {0x1d, '(', 'H', 6, 0, '0', '0', 0, 0, 0, 0};
    uint64_t count = link->accepted_bytes;
    uint8_t block[BLOCK_BYTES] = {0};
    atl_code rc;

    for (int i = 10; i >= 7; i--, count /= 64)
        question[i] = (uint8_t)(0x30 + count % 64);
    rc = link->ops->write(link, question, sizeof question, STATUS_TIMEOUT_MS, err);
    for (int i = 0; !rc && i < NOISE_MAX; i++) {
        rc = read_block(link, deadline_ms, block, err);
        if (!rc && memcmp(block + 2, question + 7, 4) >= 0)
            break;
    }
    if (rc)
        return rc;
    if (block[1] != 0x22 || memcmp(block + 2, question + 7, 4) != 0 || block[6] != 0)
        return atl_fail(err, ATL_E_IO, "it named another job than %.4s", (char *)question + 7);
    snprintf(evidence, size, "GS ( H %.4s printed", (char *)question + 7);
    return ATL_OK;
}

// GS r 1 is answered in the order of the data: whoever answers has worked through all before it.
static atl_code ask_fence(struct atl_link *link, int64_t deadline_ms, char *evidence, size_t size,
                          struct atl_error *err)
{
    static const uint8_t question[] = {0x1d, 'r', 1};
    uint8_t answer = 0;
    atl_code rc = link->ops->write(link, question, sizeof question, STATUS_TIMEOUT_MS, err);

    if (!rc)
        rc = read_kind(link, KIND_FENCE, deadline_ms, &answer, err);
    if (rc)
        return rc;
    snprintf(evidence, size, "GS r 1 %02x", answer);
    return ATL_OK;
}

// Asks for the printer's word until it comes. No answer is no error of the link: a printer without
// paper is offline and executes nothing, and a long ticket takes its time. The real-time questions
// say which of the two, and silence to those as well is reported at once.
static atl_code ask_word(struct atl_link *link, const struct atl_model *model, int64_t deadline_ms,
                         char *word, size_t size, struct atl_error *err)
{
    for (;;) {
        const int64_t now_ms = atl_link_now_ms(link);
        const int64_t until_ms =
            deadline_ms - now_ms < WORD_TIMEOUT_MS ? deadline_ms : now_ms + WORD_TIMEOUT_MS;
        const atl_code rc = model->quirks & ATL_QUIRK_NAMES_JOBS
                                ? ask_number(link, until_ms, word, size, err)
                                : ask_fence(link, until_ms, word, size, err);
        uint8_t answers[QUESTIONS];
        uint32_t trouble = 0;

        if (!rc)
            return ATL_OK;
        if (rc != ATL_E_TIMEOUT || ask_all(link, model, answers, &trouble, NULL))
            return atl_wrap(err, rc, "%s: waiting for its word", model->name);
        if (is_stopped(trouble))
            return atl_trouble_fail(model, trouble, "", err);
        if (atl_link_now_ms(link) >= deadline_ms)
            return atl_wrap(err, rc, "%s: waiting for its word", model->name);
    }
}

atl_code escpos_confirm(struct atl_link *link, const struct atl_model *model, unsigned timeout_ms,
                        char *evidence, size_t evidence_size, struct atl_error *err)
{
    const int64_t deadline_ms = atl_link_now_ms(link) + timeout_ms;
    char word[32] = "";
    uint8_t answers[QUESTIONS] = {0};
    uint32_t trouble = 0;
    atl_code rc;

    if (atl_driver_is_mute(model, link))
        return atl_fail(err, ATL_E_UNSUPPORTED, "%s cannot say what it printed", model->name);
    atl_link_drain(link);
    rc = ask_word(link, model, deadline_ms, word, sizeof word, err);
    if (!rc)
        rc = ask_all(link, model, answers, &trouble, err);
    if (rc)
        return rc;
    if (is_stopped(trouble))
        return atl_trouble_fail(model, trouble, "", err);
    snprintf(evidence, evidence_size, "%s; DLE EOT %02x %02x %02x %02x", word, answers[0],
             answers[1], answers[2], answers[3]);
    return ATL_OK;
}

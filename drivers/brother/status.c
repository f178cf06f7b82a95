// SPDX-License-Identifier: Apache-2.0
// The conversation: 32 bytes, to a question or unasked. While it prints it is never asked.
#include "drivers/brother/parts.h"

#include <stdio.h>
#include <string.h>

enum {
    ASK_MS = 1000,
    AT_ONCE = -1, // in place of a deadline
    INVALIDATE_MAX = 400,
    NOISE_MAX = 256,   // bytes that belong to no answer, before it is called babble
    ANSWERS_MAX = 64,  // of one conversation
    MARK_BYTES = 3,    // 80 20 42: how each answer begins
    WIDTH_MIN_BYTE = 1 // of what is loaded; 0: nothing is
};

// Places in an answer.
enum {
    AT_ERROR_1 = 8,
    AT_ERROR_2 = 9,
    AT_WIDTH = 10,
    AT_KIND = 11,
    AT_LENGTH = 17,
    AT_TYPE = 18,
    AT_PHASE = 19,
    AT_NOTICE = 22,
    AT_INKS = 25,
};

enum {
    TYPE_REPLY = 0,
    TYPE_PRINTED = 1,
    TYPE_ERROR = 2,
    TYPE_OFF = 4,
    TYPE_NOTICE = 5,
    TYPE_PHASE = 6,
    PHASE_RECEIVING = 0,
    PHASE_PRINTING = 1,
    NOTICE_COOLING = 3,
    NOTICE_COOL = 4,
    KIND_NONE = 0x00,
    KIND_ROLL = 0x0a,
    KIND_LABELS = 0x0b,
    KIND_ROLL_NEW = 0x4a, // as said by some of the newer models
    KIND_LABELS_NEW = 0x4b,
    KIND_STRANGE = 0xff,
    INKS_TWO = 0x80, // seen on QL-800 with a black and red roll: 81; with a black one: 01
};

// Every bit of the two bytes that say what is wrong.
static const struct error_bit {
    uint8_t at;
    uint8_t mask;
    uint32_t trouble;
    const char *name;
} error_bits[] = {
    {AT_ERROR_1, 0x01, ATL_TROUBLE_MEDIA_OUT,   "no media"             },
    {AT_ERROR_1, 0x02, ATL_TROUBLE_MEDIA_OUT,   "end of media"         },
    {AT_ERROR_1, 0x04, ATL_TROUBLE_JAM,         "cutter jam"           },
    {AT_ERROR_1, 0x08, ATL_TROUBLE_OTHER,       "weak battery"         },
    {AT_ERROR_1, 0x10, ATL_TROUBLE_OFFLINE,     "in use"               },
    {AT_ERROR_1, 0x20, ATL_TROUBLE_OFFLINE,     "turned off"           },
    {AT_ERROR_1, 0x40, ATL_TROUBLE_OTHER,       "high-voltage adapter" },
    {AT_ERROR_1, 0x80, ATL_TROUBLE_OTHER,       "fan"                  },
    {AT_ERROR_2, 0x01, ATL_TROUBLE_WRONG_MEDIA, "wrong media"          },
    {AT_ERROR_2, 0x02, ATL_TROUBLE_OTHER,       "expansion buffer full"},
    {AT_ERROR_2, 0x04, ATL_TROUBLE_OTHER,       "communication"        },
    {AT_ERROR_2, 0x08, ATL_TROUBLE_OTHER,       "buffer full"          },
    {AT_ERROR_2, 0x10, ATL_TROUBLE_COVER_OPEN,  "cover open"           },
    {AT_ERROR_2, 0x20, ATL_TROUBLE_HOT,         "too hot, or cancelled"},
    {AT_ERROR_2, 0x40, ATL_TROUBLE_MEDIA_OUT,   "cannot feed"          },
    {AT_ERROR_2, 0x80, ATL_TROUBLE_OTHER,       "system"               },
};

// ---- Reading ----

struct reader {
    struct atl_link *link;
    uint8_t bytes[BROTHER_ANSWER_BYTES];
    size_t len;
    unsigned noise;
    bool is_hot;
};

// Answers always begin alike; what does not belong to one is stepped over.
static void align(struct reader *reader)
{
    static const uint8_t mark[MARK_BYTES] = {0x80, 0x20, 'B'};

    while (reader->len) {
        const size_t known = reader->len < MARK_BYTES ? reader->len : (size_t)MARK_BYTES;

        if (memcmp(reader->bytes, mark, known) == 0)
            return;
        memmove(reader->bytes, reader->bytes + 1, --reader->len);
        reader->noise++;
    }
}

static void hear(struct reader *reader, const uint8_t *bytes)
{
    if (bytes[AT_TYPE] != TYPE_NOTICE)
        return;
    if (bytes[AT_NOTICE] == NOTICE_COOLING)
        reader->is_hot = true;
    if (bytes[AT_NOTICE] == NOTICE_COOL)
        reader->is_hot = false;
}

static atl_code read_some(struct reader *reader, int64_t deadline_ms, struct atl_error *err)
{
    uint8_t *at = reader->bytes + reader->len;
    const size_t cap = sizeof reader->bytes - reader->len;
    size_t got = 0;
    const atl_code rc = deadline_ms == AT_ONCE
                            ? reader->link->ops->read(reader->link, at, cap, &got, 0, err)
                            : atl_link_read_until(reader->link, at, cap, &got, deadline_ms, err);

    reader->len += rc ? 0 : got;
    return rc;
}

// The next answer. AT_ONCE: only what is there already.
static atl_code read_answer(struct reader *reader, int64_t deadline_ms,
                            struct brother_answer *answer, struct atl_error *err)
{
    while (reader->len < BROTHER_ANSWER_BYTES) {
        const atl_code rc = read_some(reader, deadline_ms, err);

        if (rc)
            return rc;
        align(reader);
        if (reader->noise > NOISE_MAX)
            return atl_fail(err, ATL_E_IO, "it talks, and in another language than the QL and PT");
    }
    memcpy(answer->bytes, reader->bytes, sizeof answer->bytes);
    reader->len = 0;
    hear(reader, answer->bytes);
    return ATL_OK;
}

// ---- What an answer says ----

static bool is_nothing_loaded(const uint8_t *bytes)
{
    return bytes[AT_WIDTH] < WIDTH_MIN_BYTE || bytes[AT_KIND] == KIND_NONE;
}

// What its two error bytes and its type say.
static uint32_t said_trouble(const struct brother_answer *answer)
{
    const uint32_t named = ATL_TROUBLE_JAM | ATL_TROUBLE_COVER_OPEN | ATL_TROUBLE_MEDIA_OUT |
                           ATL_TROUBLE_WRONG_MEDIA | ATL_TROUBLE_HOT;
    const uint8_t *bytes = answer->bytes;
    uint32_t trouble = bytes[AT_TYPE] == TYPE_OFF ? ATL_TROUBLE_OFFLINE : ATL_TROUBLE_NONE;

    for (size_t i = 0; i < sizeof error_bits / sizeof error_bits[0]; i++) {
        if (bytes[error_bits[i].at] & error_bits[i].mask)
            trouble |= error_bits[i].trouble;
    }
    if (bytes[AT_KIND] == KIND_STRANGE)
        trouble |= ATL_TROUBLE_WRONG_MEDIA;
    // "Error" says nothing when what is wrong has been named.
    return trouble & named ? trouble & ~(uint32_t)ATL_TROUBLE_OTHER : trouble;
}

uint32_t brother_trouble(const struct brother_answer *answer)
{
    const uint32_t trouble = said_trouble(answer);

    // Just after it was plugged in it is "in use" and has seen no roll yet; with its cover open it
    // cannot see one.
    if (is_nothing_loaded(answer->bytes) &&
        !(trouble & (ATL_TROUBLE_OFFLINE | ATL_TROUBLE_COVER_OPEN)))
        return trouble | ATL_TROUBLE_MEDIA_OUT;
    return trouble;
}

// "end of media, cover open"
static void name_errors(const uint8_t *bytes, char *out, size_t size)
{
    out[0] = 0;
    for (size_t i = 0; i < sizeof error_bits / sizeof error_bits[0]; i++) {
        const size_t used = strlen(out);

        if (bytes[error_bits[i].at] & error_bits[i].mask)
            (void)snprintf(out + used, size - used, "%s%s", used ? ", " : "", error_bits[i].name);
    }
}

static atl_code fail_trouble(const struct atl_model *model, const struct brother_answer *answer,
                             uint32_t trouble, struct atl_error *err)
{
    char names[60];

    name_errors(answer->bytes, names, sizeof names);
    return atl_trouble_fail(model, trouble, names, err);
}

// ---- Asking ----

// What came unasked since it was heard last.
static void hear_all(struct reader *reader)
{
    struct brother_answer answer;

    for (int i = 0; i < ANSWERS_MAX && !read_answer(reader, AT_ONCE, &answer, NULL); i++)
        continue;
    reader->len = 0;
    reader->noise = 0;
}

static bool is_reply(const struct brother_answer *answer)
{
    const uint8_t type = answer->bytes[AT_TYPE];

    return type == TYPE_REPLY || type == TYPE_ERROR || type == TYPE_OFF;
}

// ESC i S, behind NUL: a printer that was left in the middle of a row would take the question for
// dots. NUL ends the row, and is nothing to a printer that is well.
static atl_code put_question(struct reader *reader, const struct atl_model *model,
                             struct atl_error *err)
{
    uint8_t bytes[INVALIDATE_MAX + 3] = {0};
    const size_t nuls = brother_head_of(model).invalidate_bytes;

    memcpy(bytes + nuls, "\x1biS", 3);
    return reader->link->ops->write(reader->link, bytes, nuls + 3, ASK_MS, err);
}

atl_code brother_ask(struct atl_link *link, const struct atl_model *model,
                     struct brother_answer *answer, bool *is_hot, struct atl_error *err)
{
    struct reader reader = {.link = link};
    struct atl_error why = {0};
    atl_code rc;

    hear_all(&reader);
    *is_hot = reader.is_hot;
    rc = put_question(&reader, model, &why);
    for (int i = 0; !rc && i < ANSWERS_MAX; i++) {
        rc = read_answer(&reader, atl_link_now_ms(link) + ASK_MS, answer, &why);
        *is_hot = reader.is_hot;
        if (!rc && is_reply(answer))
            return ATL_OK;
    }
    if (!rc)
        rc = atl_fail(&why, ATL_E_IO, "it talks without answering");
    return atl_fail(err, rc, "%s: asked how it is: %s", model->name, why.text);
}

atl_code brother_status(struct atl_link *link, const struct atl_model *model, uint32_t *trouble,
                        struct atl_error *err)
{
    struct brother_answer answer;
    bool is_hot = false;
    atl_code rc;

    if (atl_driver_is_mute(model, link)) {
        *trouble = ATL_TROUBLE_NONE;
        return ATL_OK;
    }
    rc = brother_ask(link, model, &answer, &is_hot, err);
    if (rc == ATL_E_TIMEOUT && is_hot) { // while it cools down it does not answer
        *trouble = ATL_TROUBLE_HOT;
        return ATL_OK;
    }
    if (rc)
        return rc;
    *trouble = brother_trouble(&answer) | (is_hot ? (uint32_t)ATL_TROUBLE_HOT : 0);
    return ATL_OK;
}

// ---- Before the first byte ----

static bool is_mm(uint8_t said, uint32_t um)
{
    const uint32_t said_um = said * 1000u;

    return said_um < um ? um - said_um <= 1000 : said_um - um <= 1000;
}

static bool is_loaded(const struct atl_model *model, const struct atl_media *media,
                      const uint8_t *bytes)
{
    const uint8_t kind = bytes[AT_KIND];
    const bool is_labels = kind == KIND_LABELS || kind == KIND_LABELS_NEW;
    const bool is_roll = kind == KIND_ROLL || kind == KIND_ROLL_NEW;

    // Widths of rolls are told apart by less than what a label's length is rounded by.
    if (bytes[AT_WIDTH] != media->width_um / 1000)
        return false;
    if (model->quirks & BROTHER_QUIRK_TAPE)
        return !is_labels && !is_roll;
    return media->length_um ? is_labels && is_mm(bytes[AT_LENGTH], media->length_um) : is_roll;
}

static bool is_red_loaded(const struct atl_model *model, const uint8_t *bytes)
{
    return model->quirks & BROTHER_QUIRK_TWO_INKS && bytes[AT_INKS] & INKS_TWO;
}

static atl_code fail_roll(const struct atl_model *model, const struct atl_media *media,
                          const uint8_t *bytes, struct atl_error *err)
{
    char wanted[BROTHER_SIZE_BYTES], loaded[BROTHER_SIZE_BYTES];

    brother_size_write(media->width_um, media->length_um, wanted);
    brother_size_write(bytes[AT_WIDTH] * 1000u, bytes[AT_LENGTH] * 1000u, loaded);
    return atl_fail(err, ATL_E_DEVICE,
                    "%s: this paper is for %s, and it is loaded with %s: change "
                    "the %s",
                    model->name, wanted, loaded,
                    model->quirks & BROTHER_QUIRK_TAPE ? "tape" : "roll");
}

static atl_code check_inks(const struct atl_model *model, const struct atl_media *media,
                           const uint8_t *bytes, struct atl_error *err)
{
    if (is_red_loaded(model, bytes) && !brother_media_is_red(media))
        return atl_fail(err, ATL_E_DEVICE,
                        "%s: it is loaded with a roll of two colours: put in a black one, or "
                        "write media = 62red in its section",
                        model->name);
    if (!is_red_loaded(model, bytes) && brother_media_is_red(media))
        return atl_fail(err, ATL_E_DEVICE,
                        "%s: it is set to a roll of two colours and loaded with a black one: "
                        "change the roll, or write media = 62 in its section",
                        model->name);
    return ATL_OK;
}

atl_code brother_fits(struct atl_link *link, const struct atl_model *model,
                      const struct atl_page *page, struct atl_error *err)
{
    const struct atl_media *media = NULL;
    struct brother_answer answer;
    bool is_hot = false;
    uint32_t trouble;
    atl_code rc;

    if (atl_driver_is_mute(model, link))
        return ATL_OK;
    rc = brother_media_for(model, page, &media, err);
    if (!rc)
        rc = brother_ask(link, model, &answer, &is_hot, err);
    if (rc)
        return rc;
    trouble = brother_trouble(&answer);
    if (trouble)
        return fail_trouble(model, &answer, trouble, err);
    // Its word about the paper before would be taken for its word about this one.
    if (answer.bytes[AT_PHASE] == PHASE_PRINTING)
        return atl_fail(err, ATL_E_DEVICE, "%s: it still prints the paper before", model->name);
    if (!is_loaded(model, media, answer.bytes))
        return fail_roll(model, media, answer.bytes, err);
    return check_inks(model, media, answer.bytes, err);
}

// ---- After the last byte ----

// The paper is out of the machine when it receives again after it completed: "completed" alone is
// said when the data are worked through.
static bool is_out(const struct brother_answer *answer, bool is_printed)
{
    return is_printed && answer->bytes[AT_TYPE] == TYPE_PHASE &&
           answer->bytes[AT_PHASE] == PHASE_RECEIVING;
}

// One answer, and what it means for the paper. ATL_E_BUSY: it has to cool down.
static atl_code hear_of_paper(struct reader *reader, const struct atl_model *model,
                              int64_t deadline_ms, bool is_printed, struct brother_answer *answer,
                              struct atl_error *err)
{
    const bool was_hot = reader->is_hot;
    struct atl_error why = {0};
    atl_code rc = read_answer(reader, deadline_ms, answer, &why);
    uint32_t trouble;
    char words[160];

    if (rc)
        return atl_fail(err, rc, "%s: waiting for its word, %s: %s", model->name,
                        is_printed ? "which said only that the data are printed"
                                   : "which did not come",
                        why.text);
    trouble = said_trouble(answer) & ~(uint32_t)ATL_TROUBLE_HOT; // that goes on by itself
    if (trouble || answer->bytes[AT_TYPE] == TYPE_ERROR)
        return fail_trouble(model, answer, trouble ? trouble : (uint32_t)ATL_TROUBLE_OTHER, err);
    if (was_hot || !reader->is_hot || is_printed)
        return ATL_OK;
    atl_trouble_words(ATL_TROUBLE_HOT, words, sizeof words);
    return atl_fail(err, ATL_E_BUSY, "%s: %s", model->name, words);
}

// What it says of its own accord: printing; printing completed; receiving. It is never asked.
atl_code brother_confirm(struct atl_link *link, const struct atl_model *model, unsigned timeout_ms,
                         char *evidence, size_t evidence_size, struct atl_error *err)
{
    struct reader reader = {.link = link};
    const int64_t deadline_ms = atl_link_now_ms(link) + timeout_ms;
    struct brother_answer answer;
    bool is_printed = false;

    if (atl_driver_is_mute(model, link))
        return atl_fail(err, ATL_E_UNSUPPORTED, "%s cannot say what it printed", model->name);
    for (int i = 0; i < ANSWERS_MAX; i++) {
        atl_code rc = hear_of_paper(&reader, model, deadline_ms, is_printed, &answer, err);

        if (rc)
            return rc;
        is_printed = is_printed || answer.bytes[AT_TYPE] == TYPE_PRINTED;
        if (is_out(&answer, is_printed)) {
            (void)snprintf(evidence, evidence_size,
                           "printing completed, then receiving; errors %02x %02x, %u x %u mm",
                           answer.bytes[AT_ERROR_1], answer.bytes[AT_ERROR_2],
                           answer.bytes[AT_WIDTH], answer.bytes[AT_LENGTH]);
            return ATL_OK;
        }
    }
    return atl_fail(err, ATL_E_IO, "%s: it talks without coming to an end", model->name);
}

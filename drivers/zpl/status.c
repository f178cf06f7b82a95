// SPDX-License-Identifier: Apache-2.0
// The conversation. Both questions are obeyed on arrival, also while a label is printed; in the
// middle of dots a tilde ends them, so they are asked between jobs only.
#include "drivers/zpl/parts.h"

#include <stdio.h>
#include <string.h>

enum {
    ANSWER_TIMEOUT_MS = 500,
    POLL_MS = 100,
    NOISE_MAX = 2048, // bytes of an answer and around it
    FRAMES_MAX = 8,   // answers to earlier questions that may come first
    UM_PER_INCH = 25400,
    GAP_UM_MAX = 5000, // some count the gap as part of the label
};

// ---- Frames ----

struct reader {
    struct atl_link *link;
    int64_t deadline_ms;
    unsigned noise;
    char bytes[128]; // read ahead; what is left of them after the answer is nothing
    size_t at, len;
};

static atl_code next_byte(struct reader *reader, char *byte, struct atl_error *err)
{
    atl_code rc = ATL_OK;

    if (reader->noise++ >= NOISE_MAX)
        return atl_fail(err, ATL_E_IO, "it talks without answering");
    if (reader->at == reader->len) {
        reader->at = reader->len = 0;
        rc = atl_link_read_until(reader->link, reader->bytes, sizeof reader->bytes, &reader->len,
                                 reader->deadline_ms, err);
    }
    if (!rc)
        *byte = reader->bytes[reader->at++];
    return rc;
}

// What stands between STX and ETX; what stands outside is stepped over.
static atl_code next_frame(struct reader *reader, char frame[ZPL_FRAME_BYTES],
                           struct atl_error *err)
{
    size_t len = 0;
    char byte = 0;
    atl_code rc = ATL_OK;

    while (!rc && byte != 0x02)
        rc = next_byte(reader, &byte, err);
    while (!rc) {
        rc = next_byte(reader, &byte, err);
        if (!rc && byte == 0x03)
            break;
        if (!rc && (byte == 0x02 || !byte || len + 1 == ZPL_FRAME_BYTES))
            rc = atl_fail(err, ATL_E_IO, "its answer is cut or too long");
        frame[len++] = byte;
    }
    frame[rc ? 0 : len] = '\0';
    return rc;
}

static atl_code ask(struct atl_link *link, const char *question, struct reader *reader,
                    struct atl_error *err)
{
    atl_link_drain(link);
    reader->link = link;
    reader->noise = 0;
    reader->at = reader->len = 0;
    reader->deadline_ms = atl_link_now_ms(link) + ANSWER_TIMEOUT_MS;
    return link->ops->write(link, question, strlen(question), ANSWER_TIMEOUT_MS, err);
}

// ---- The two questions ----

static atl_code ask_status(struct atl_link *link, struct zpl_host_status *out,
                           struct atl_error *err)
{
    struct zpl_host_status made = {.words = ""};
    struct reader reader;
    char frame[ZPL_FRAME_BYTES];
    uint32_t errors, warnings;
    atl_code rc = ask(link, "~HS\n", &reader, err);

    for (int i = 0; !rc && i < FRAMES_MAX; i++) {
        rc = next_frame(&reader, frame, err);
        if (rc || !zpl_parse_errors(frame, &errors, &warnings)) // a late answer
            break;
    }
    if (!rc && !zpl_parse_one(frame, &made))
        rc = atl_fail(err, ATL_E_IO, "its first line is not one of ~HS");
    if (!rc)
        rc = next_frame(&reader, frame, err);
    if (!rc && !zpl_parse_two(frame, &made))
        rc = atl_fail(err, ATL_E_IO, "its second line is not one of ~HS");
    if (!rc)
        rc = next_frame(&reader, frame, err);
    if (rc)
        return atl_wrap(err, rc, "status ~HS");
    *out = made;
    return ATL_OK;
}

static atl_code ask_errors(struct atl_link *link, uint32_t *trouble, struct atl_error *err)
{
    struct reader reader;
    char frame[ZPL_FRAME_BYTES];
    uint32_t errors = 0, warnings = 0;
    atl_code rc = ask(link, "~HQES\n", &reader, err);

    for (int i = 0; !rc && i < FRAMES_MAX; i++) {
        rc = next_frame(&reader, frame, err);
        if (!rc && zpl_parse_errors(frame, &errors, &warnings)) {
            *trouble = zpl_trouble_of_errors(errors, warnings);
            return ATL_OK;
        }
    }
    if (!rc)
        rc = atl_fail(err, ATL_E_IO, "no list of errors is in its answer");
    return atl_wrap(err, rc, "status ~HQES");
}

// Some answer nothing to ~HS just when they are in trouble, and others do not know ~HQES: one
// answer of the two is enough.
atl_code zpl_status(struct atl_link *link, const struct atl_model *model, uint32_t *trouble,
                    struct atl_error *err)
{
    struct zpl_host_status status;
    struct atl_error why = {0};
    uint32_t errors = 0, found = 0;
    atl_code first, second;

    if (atl_driver_is_mute(model, link)) {
        *trouble = ATL_TROUBLE_NONE;
        return ATL_OK;
    }
    first = ask_status(link, &status, err);
    if (first && first != ATL_E_TIMEOUT)
        return atl_wrap(err, first, "%s", model->name);
    second = ask_errors(link, &errors, &why);
    if (second && second != ATL_E_TIMEOUT)
        return atl_fail(err, second, "%s: %s", model->name, why.text);
    if (first && second)
        return atl_wrap(err, first, "%s", model->name);
    if (!first)
        found |= zpl_trouble_of_status(&status);
    if (!second)
        found |= errors;
    *trouble = zpl_tidied(found);
    return ATL_OK;
}

// ---- Media ----

static uint32_t um_of(uint32_t dots, const struct atl_model *model)
{
    return (uint32_t)((uint64_t)dots * UM_PER_INCH / model->dpi);
}

// A printer that looks for gaps knows how long its labels are; how wide they are none can see.
static atl_code compare(const struct zpl_host_status *status, const struct atl_model *model,
                        const struct atl_page *page, struct atl_error *err)
{
    const uint32_t loaded_um = um_of(status->one[ZPL_LENGTH_DOTS], model);

    if (status->two[ZPL_SETTINGS] & ZPL_IS_CONTINUOUS)
        return ATL_OK;
    if (!page->height_um)
        return atl_fail(err, ATL_E_DEVICE,
                        "%s is set to labels of %u mm, and this paper is %u mm wide and as long as "
                        "its text: load a roll without gaps and set it to continuous media, or "
                        "print it elsewhere",
                        model->name, loaded_um / 1000, page->width_um / 1000);
    if (loaded_um + ATL_MEDIA_SLACK_UM < page->height_um ||
        loaded_um > page->height_um + ATL_MEDIA_SLACK_UM + GAP_UM_MAX)
        return atl_fail(err, ATL_E_DEVICE,
                        "%s is loaded with labels %u mm long, and this one is %u x %u mm: change "
                        "the roll, or let it measure the one that is in",
                        model->name, (loaded_um + 500) / 1000, page->width_um / 1000,
                        page->height_um / 1000);
    return ATL_OK;
}

// Who does not answer this question cannot be asked what is loaded.
atl_code zpl_fits(struct atl_link *link, const struct atl_model *model, const struct atl_page *page,
                  struct atl_error *err)
{
    struct zpl_host_status status;
    atl_code rc;

    if (atl_driver_is_mute(model, link))
        return ATL_OK;
    rc = ask_status(link, &status, err);
    if (rc == ATL_E_TIMEOUT)
        return ATL_OK;
    return rc ? atl_wrap(err, rc, "%s", model->name) : compare(&status, model, page, err);
}

// ---- Confirmation ----

// Nothing is in it any more. A label that waits to be taken is one that was printed: the job began
// with nothing waiting.
static bool is_done(const struct zpl_host_status *status)
{
    return !status->one[ZPL_FORMATS] && !status->one[ZPL_PARTIAL] && !status->two[ZPL_LABELS_LEFT];
}

static uint32_t stopping(uint32_t trouble)
{
    return zpl_tidied(trouble) & ~(uint32_t)(ATL_TROUBLE_MEDIA_LOW | ATL_TROUBLE_TAKE_LABEL);
}

// Some are silent to ~HS just when they are in trouble; the list of errors or the port may say
// which.
static uint32_t ask_elsewhere(struct atl_link *link)
{
    uint32_t trouble = 0, port = 0;

    if (!ask_errors(link, &trouble, NULL))
        return stopping(trouble);
    if (link->ops->port && !link->ops->port(link, &port, NULL) && port & ATL_LINK_PORT_PAPER_OUT)
        return ATL_TROUBLE_MEDIA_OUT;
    return ATL_TROUBLE_NONE;
}

// Its counters are what it has: after the last byte it may still be reading it, so it has to say
// twice that nothing is left.
static atl_code wait_until_done(struct atl_link *link, unsigned timeout_ms,
                                struct zpl_host_status *status, uint32_t *trouble,
                                struct atl_error *err)
{
    const int64_t deadline_ms = atl_link_now_ms(link) + timeout_ms;
    int clean = 0;

    for (unsigned i = 0; i <= timeout_ms / POLL_MS && atl_link_now_ms(link) < deadline_ms; i++) {
        atl_code rc = ask_status(link, status, err);
        uint8_t byte;
        size_t got;

        if (rc && rc != ATL_E_TIMEOUT)
            return rc;
        *trouble = rc ? ask_elsewhere(link) : stopping(zpl_trouble_of_status(status));
        if (*trouble)
            return ATL_E_DEVICE;
        if (rc) // silence is reported at once; whoever has more patience asks again
            return rc;
        clean = is_done(status) ? clean + 1 : 0;
        if (clean == 2)
            return ATL_OK;
        (void)link->ops->read(link, &byte, 1, &got, POLL_MS, NULL); // time passes
    }
    return atl_fail(err, ATL_E_TIMEOUT, "it did not say that nothing is left to print");
}

atl_code zpl_confirm(struct atl_link *link, const struct atl_model *model, unsigned timeout_ms,
                     char *evidence, size_t evidence_size, struct atl_error *err)
{
    struct zpl_host_status status = {.words = ""};
    uint32_t trouble = 0;
    atl_code rc;

    if (atl_driver_is_mute(model, link))
        return atl_fail(err, ATL_E_UNSUPPORTED, "%s cannot say what it printed", model->name);
    rc = wait_until_done(link, timeout_ms, &status, &trouble, err);
    if (!rc && !ask_errors(link, &trouble, NULL) && stopping(trouble)) // a cutter stands only there
        rc = ATL_E_DEVICE;
    if (rc == ATL_E_DEVICE)
        return atl_trouble_fail(model, stopping(trouble), "", err);
    if (rc)
        return atl_wrap(err, rc, "%s: waiting for its word", model->name);
    (void)snprintf(evidence, evidence_size, "~HS twice %s", status.words);
    return ATL_OK;
}

// SPDX-License-Identifier: Apache-2.0
// The common part of both ends, and writing. Reading is in pos_get.c.
#include "plugin/wire/pos.h"

#include "plugin/wire/pos_tables.h"
#include "plugin/wire/pos_utf8.h"

#include <string.h>

_Static_assert((int)ATL_POS_E_TIMEOUT == (int)ATL_E_TIMEOUT, "the ABI's codes are ours");
_Static_assert((int)ATL_POS_E_FULL == (int)ATL_E_FULL, "the ABI's codes are ours");

// Where a struct goes, and what is at hand to say what was wrong with it.
struct put {
    struct atl_frame *frame;
    bool is_ours; // of this build: sizes need no look
    struct atl_error *err;
};

// A copy of a struct of whatever version, with room for the largest there is.
union any_struct {
    uint8_t bytes[ATL_POS_STRUCT_MAX_BYTES];
    int64_t alignment;
};

static uint32_t u32_at(const void *bytes, size_t at)
{
    uint32_t value;

    memcpy(&value, (const char *)bytes + at, sizeof value);
    return value;
}

static const void *pointer_at(const void *bytes, size_t at)
{
    const void *value;

    memcpy(&value, (const char *)bytes + at, sizeof value);
    return value;
}

const char *atl_pos_call_name(uint16_t kind)
{
    const struct atl_pos_call *call = atl_pos_call_find(kind);

    return call ? call->name : kind == ATL_FRAME_NOTICE ? "notice" : "unknown";
}

atl_code atl_pos_import(void *ours, uint32_t our_size, const void *theirs, uint32_t min_size,
                        struct atl_error *err)
{
    uint32_t size;

    if (!theirs)
        return atl_fail(err, ATL_E_INVALID, "a required struct is NULL");
    size = u32_at(theirs, 0);
    if (size < min_size)
        return atl_fail(err, ATL_E_INVALID, "a struct of %u bytes is too small", size);
    memset(ours, 0, our_size);
    memcpy(ours, theirs, size < our_size ? size : our_size);
    return ATL_OK;
}

void atl_pos_export(void *theirs, const void *ours, uint32_t our_size)
{
    const size_t past_size = sizeof(uint32_t);
    uint32_t size = u32_at(theirs, 0);

    if (size > our_size)
        size = our_size;
    memcpy((char *)theirs + past_size, (const char *)ours + past_size, size - past_size);
}

static atl_code put_text(const struct put *put, const struct atl_pos_table *table,
                         const struct atl_pos_row *row, const char *text)
{
    const size_t len = text ? strnlen(text, row->max + 1) : 0;

    if (len > row->max)
        return atl_fail(put->err, ATL_E_INVALID, "%s.%s is longer than %u bytes", table->name,
                        row->name, row->max);
    if (!len && row->type == ATL_POS_NEEDED)
        return atl_fail(put->err, ATL_E_INVALID, "%s.%s is missing", table->name, row->name);
    if (!atl_pos_is_utf8(text, len))
        return atl_fail(put->err, ATL_E_INVALID, "%s.%s is not UTF-8", table->name, row->name);
    atl_frame_put_bytes(put->frame, text, len);
    return ATL_OK;
}

static atl_code put_bytes(const struct put *put, const struct atl_pos_table *table,
                          const struct atl_pos_row *row, const void *bytes, uint32_t count)
{
    if (count > row->max || (count && !bytes))
        return atl_fail(put->err, ATL_E_INVALID, "%s.%s has %u of at most %u, or is NULL",
                        table->name, row->name, count, row->max);
    atl_frame_put_bytes(put->frame, bytes,
                        row->type == ATL_POS_SQUARE ? (size_t)count * count : count);
    return ATL_OK;
}

static atl_code put_texts(const struct put *put, const struct atl_pos_table *table,
                          const struct atl_pos_row *row, const void *texts, uint32_t count)
{
    const struct atl_pos_row line = {.name = row->name, .max = ATL_POS_TEXT_MAX_BYTES};
    atl_code rc = ATL_OK;

    if (count > row->max || (count && !texts))
        return atl_fail(put->err, ATL_E_INVALID, "%s.%s has %u of at most %u, or is NULL",
                        table->name, row->name, count, row->max);
    atl_frame_put_i32(put->frame, (int32_t)count);
    for (uint32_t i = 0; !rc && i < count; i++)
        rc = put_text(put, table, &line, pointer_at(texts, i * sizeof(char *)));
    return rc;
}

static atl_code put_struct(const struct put *put, const struct atl_pos_table *table,
                           const void *theirs, uint32_t their_size);

// The depth is that of the tables: a list of orders of pieces.
static atl_code put_array(const struct put *put, const struct atl_pos_table *table,
                          const struct atl_pos_row *row, const void *ours)
{
    const char *elements = pointer_at(ours, row->at);
    const uint32_t count = u32_at(ours, row->count_at);
    const uint32_t step = put->is_ours ? row->element->size : u32_at(ours, row->step_at);
    atl_code rc = ATL_OK;

    if (count > row->max || (count && !elements))
        return atl_fail(put->err, ATL_E_INVALID, "%s.%s has %u of at most %u, or is NULL",
                        table->name, row->name, count, row->max);
    if (count && (step < row->element->min_size || step > ATL_POS_STEP_MAX_BYTES))
        return atl_fail(put->err, ATL_E_INVALID, "%s.%s has elements of %u bytes", table->name,
                        row->name, step);
    atl_frame_put_i32(put->frame, (int32_t)count);
    for (uint32_t i = 0; !rc && i < count; i++)
        rc = put_struct(put, row->element, elements + (size_t)i * step, step);
    return rc;
}

static atl_code put_row(const struct put *put, const struct atl_pos_table *table,
                        const struct atl_pos_row *row, const void *ours)
{
    int64_t number;

    switch (row->type) {
    case ATL_POS_I32:
        atl_frame_put_i32(put->frame, (int32_t)u32_at(ours, row->at));
        return ATL_OK;
    case ATL_POS_I64:
        memcpy(&number, (const char *)ours + row->at, sizeof number);
        atl_frame_put_i64(put->frame, number);
        return ATL_OK;
    case ATL_POS_TEXT:
    case ATL_POS_NEEDED:
        return put_text(put, table, row, pointer_at(ours, row->at));
    case ATL_POS_BYTES:
    case ATL_POS_SQUARE:
        return put_bytes(put, table, row, pointer_at(ours, row->at), u32_at(ours, row->count_at));
    case ATL_POS_TEXTS:
        return put_texts(put, table, row, pointer_at(ours, row->at), u32_at(ours, row->count_at));
    case ATL_POS_ARRAY:
        break;
    }
    return put_array(put, table, row, ours);
}

// their_size is what the caller knows of it; a struct that says a smaller size is believed.
static atl_code put_struct(const struct put *put, const struct atl_pos_table *table,
                           const void *theirs, uint32_t their_size)
{
    union any_struct ours = {{0}};
    uint32_t size = put->is_ours ? table->size : their_size;
    size_t opened;
    atl_code rc = ATL_OK;

    if (!put->is_ours && table->has_size && u32_at(theirs, 0) < size)
        size = u32_at(theirs, 0);
    if (size < table->min_size)
        return atl_fail(put->err, ATL_E_INVALID, "%s: a struct of %u bytes is too small",
                        table->name, size);
    memcpy(ours.bytes, theirs, size < table->size ? size : table->size);
    opened = atl_frame_open_group(put->frame);
    for (size_t i = 0; !rc && i < table->row_count; i++)
        rc = put_row(put, table, &table->rows[i], ours.bytes);
    atl_frame_close_group(put->frame, opened);
    return rc;
}

static atl_code put_part(const struct put *put, uint8_t part, const void *value)
{
    static const struct atl_pos_table call = {.name = "call"};
    const unsigned number = part & ~(unsigned)ATL_POS_OPTIONAL;
    const struct atl_pos_table *table = atl_pos_part_find(number)->table;
    const bool is_key = number == ATL_POS_PART_KEY;
    const struct atl_pos_row text = {.name = is_key ? "key" : "text",
                                     .type = ATL_POS_NEEDED,
                                     .max =
                                         is_key ? ATL_POS_KEY_MAX_BYTES : ATL_POS_TEXT_MAX_BYTES};

    if (!table)
        return put_text(put, &call, &text, value);
    if (value)
        return put_struct(put, table, value, UINT32_MAX);
    if (!(part & ATL_POS_OPTIONAL))
        return atl_fail(put->err, ATL_E_INVALID, "%s is NULL", table->name);
    atl_frame_close_group(put->frame, atl_frame_open_group(put->frame));
    return ATL_OK;
}

static atl_code check_length(const struct atl_frame *frame, struct atl_error *err)
{
    if (frame->is_bad)
        return atl_fail(err, ATL_E_NOMEM, "it is more than %d bytes", ATL_FRAME_MAX_BYTES);
    return ATL_OK;
}

atl_code atl_pos_put_ask(struct atl_frame *frame, uint16_t kind, uint32_t number,
                         const void *const parts[ATL_POS_PARTS_MAX], struct atl_error *err)
{
    const struct atl_frame_head head = {
        .version = ATL_FRAME_VERSION, .kind = kind, .number = number};
    const struct atl_pos_call *call = atl_pos_call_find(kind);
    const struct put put = {.frame = frame, .err = err};
    atl_code rc = ATL_OK;

    if (!call)
        return atl_fail(err, ATL_E_UNSUPPORTED, "there is no call %u", kind);
    atl_frame_begin(frame, &head);
    for (size_t i = 0; !rc && i < ATL_POS_PARTS_MAX && call->asks[i]; i++)
        rc = put_part(&put, call->asks[i], parts[i]);
    return rc ? rc : check_length(frame, err);
}

// A picture that is too long for the frame: into a file, and out of the struct.
static atl_code take_picture_out(struct atl_pos_image *image, int *file_fd, struct atl_error *err)
{
    if (image->png_bytes > ATL_PACKET_FILE_MAX_BYTES || !image->png)
        return atl_fail(err, ATL_E_NOMEM, "a picture of %u bytes", image->png_bytes);
    *file_fd = atl_packet_file_make(image->png, image->png_bytes, err);
    image->png = NULL;
    image->png_bytes = 0;
    return *file_fd < 0 ? ATL_E_NOMEM : ATL_OK;
}

static void begin_answer(struct atl_frame *frame, const struct atl_pos_ask *ask, atl_code code)
{
    const bool is_known =
        ask->version >= ATL_FRAME_VERSION_OLDEST && ask->version <= ATL_FRAME_VERSION;
    const struct atl_frame_head head = {.version = is_known ? ask->version : ATL_FRAME_VERSION,
                                        .kind = ask->kind,
                                        .number = ask->number,
                                        .code = code};

    atl_frame_begin(frame, &head);
}

atl_code atl_pos_put_reply(struct atl_frame *frame, const struct atl_pos_ask *ask,
                           const struct atl_pos_reply *reply, int *file_fd, struct atl_error *err)
{
    const struct atl_pos_call *call = atl_pos_call_find(ask->kind);
    const struct put put = {.frame = frame, .is_ours = true, .err = err};
    struct atl_pos_image image = reply->image;
    const uint32_t png_bytes = image.png_bytes;
    atl_code rc = ATL_OK;

    *file_fd = -1;
    if (!call)
        return atl_fail(err, ATL_E_UNSUPPORTED, "there is no call %u", ask->kind);
    if (ask->kind == ATL_FRAME_PREVIEW && png_bytes > ATL_POS_INLINE_MAX)
        rc = take_picture_out(&image, file_fd, err);
    begin_answer(frame, ask, ATL_OK);
    for (size_t i = 0; !rc && i < ATL_POS_REPLIES_MAX && call->replies[i]; i++) {
        const struct atl_pos_part_row *part = atl_pos_part_find(call->replies[i]);
        const void *ours = (const char *)reply + part->reply_at;

        rc = put_struct(&put, part->table, ours == &reply->image ? &image : ours, UINT32_MAX);
    }
    if (ask->kind == ATL_FRAME_PREVIEW)
        atl_frame_put_i32(frame, *file_fd < 0 ? 0 : (int32_t)png_bytes);
    return rc ? rc : check_length(frame, err);
}

void atl_pos_put_refusal(struct atl_frame *frame, const struct atl_pos_ask *ask, atl_code code,
                         const char *sentence)
{
    const size_t most = sizeof((struct atl_error *)0)->text - 1;
    size_t len = sentence ? strnlen(sentence, most) : 0;

    while (len && !atl_pos_is_utf8(sentence, len))
        len--; // cut within a letter, or never was one
    begin_answer(frame, ask, code ? code : ATL_E_INVALID);
    atl_frame_put_bytes(frame, sentence, len);
}

atl_code atl_pos_put_notice(struct atl_frame *frame, const struct atl_pos_notice *notice,
                            struct atl_error *err)
{
    const struct atl_frame_head head = {.version = ATL_FRAME_VERSION, .kind = ATL_FRAME_NOTICE};
    const struct put put = {.frame = frame, .is_ours = true, .err = err};
    atl_code rc;

    atl_frame_begin(frame, &head);
    rc = put_struct(&put, atl_pos_part_find(ATL_POS_PART_NOTICE)->table, notice, UINT32_MAX);
    return rc ? rc : check_length(frame, err);
}

// SPDX-License-Identifier: Apache-2.0
// Reading. Whatever is said to be an array or a text is looked at before room is taken for it.
#include "plugin/wire/pos.h"
#include "plugin/wire/pos_tables.h"
#include "plugin/wire/pos_utf8.h"

#include <stdalign.h>
#include <string.h>

struct get {
    struct atl_frame *frame;
    struct atl_pos_arena *arena;
    struct atl_error *err;
};

static void set_u32(void *ours, size_t at, uint32_t value)
{
    memcpy((char *)ours + at, &value, sizeof value);
}

static void set_pointer(void *ours, size_t at, const void *value)
{
    memcpy((char *)ours + at, &value, sizeof value);
}

// Zeroed and aligned; NULL when the arena is full.
static void *take(struct atl_pos_arena *arena, size_t len)
{
    const size_t step = alignof(max_align_t);
    const size_t at = (arena->used + step - 1) / step * step;

    if (at > arena->size || len > arena->size - at)
        return NULL;
    arena->used = at + len;
    return memset(arena->bytes + at, 0, len);
}

// *out is NULL for an empty text.
static atl_code get_text(const struct get *get, const struct atl_pos_table *table,
                         const struct atl_pos_row *row, const char **out)
{
    char *text = (char *)get->arena->bytes + get->arena->used;
    const size_t left = get->arena->size - get->arena->used;
    const size_t cap = left < row->max + 1 ? left : row->max + 1;
    const size_t len = atl_frame_get_text(get->frame, text, cap);

    if (get->frame->is_bad)
        return atl_fail(get->err, ATL_E_INVALID, "%s.%s is cut short, or longer than %u bytes",
                        table->name, row->name, row->max);
    if (!len && row->type == ATL_POS_NEEDED)
        return atl_fail(get->err, ATL_E_INVALID, "%s.%s is missing", table->name, row->name);
    if (!atl_pos_is_utf8(text, len))
        return atl_fail(get->err, ATL_E_INVALID, "%s.%s is not UTF-8", table->name, row->name);
    *out = len ? text : NULL;
    get->arena->used += len ? len + 1 : 0;
    return ATL_OK;
}

static atl_code get_bytes(const struct get *get, const struct atl_pos_table *table,
                          const struct atl_pos_row *row, void *ours)
{
    const bool is_square = row->type == ATL_POS_SQUARE;
    const size_t most = is_square ? (size_t)row->max * row->max : row->max;
    const size_t left = get->arena->size - get->arena->used;
    uint8_t *bytes = get->arena->bytes + get->arena->used;
    const size_t len = atl_frame_get_bytes(get->frame, bytes, left < most ? left : most);
    uint32_t width;

    if (get->frame->is_bad)
        return atl_fail(get->err, ATL_E_INVALID, "%s.%s is cut short or too long", table->name,
                        row->name);
    memcpy(&width, (const char *)ours + row->count_at, sizeof width);
    if (is_square && (width > row->max || (size_t)width * width != len))
        return atl_fail(get->err, ATL_E_INVALID, "%s.%s is %zu bytes for a width of %u",
                        table->name, row->name, len, width);
    if (!is_square)
        set_u32(ours, row->count_at, (uint32_t)len);
    set_pointer(ours, row->at, len ? bytes : NULL);
    get->arena->used += len;
    return ATL_OK;
}

// Each element takes at least the four bytes of its length: a count that the frame cannot hold is
// seen before room is taken.
static atl_code get_count(const struct get *get, const struct atl_pos_table *table,
                          const struct atl_pos_row *row, uint32_t *out)
{
    const uint32_t count = (uint32_t)atl_frame_get_i32(get->frame);

    if (get->frame->is_bad || count > row->max || count > (get->frame->len - get->frame->at) / 4)
        return atl_fail(get->err, ATL_E_INVALID, "%s.%s has %u of at most %u", table->name,
                        row->name, count, row->max);
    *out = count;
    return ATL_OK;
}

static atl_code get_texts(const struct get *get, const struct atl_pos_table *table,
                          const struct atl_pos_row *row, void *ours)
{
    const struct atl_pos_row line = {.name = row->name, .max = ATL_POS_TEXT_MAX_BYTES};
    const char **texts = NULL;
    uint32_t count;
    atl_code rc = get_count(get, table, row, &count);

    if (!rc && count) {
        texts = take(get->arena, count * sizeof *texts);
        if (!texts)
            rc = atl_fail(get->err, ATL_E_NOMEM, "no room for %s.%s", table->name, row->name);
    }
    for (uint32_t i = 0; !rc && i < count; i++) {
        rc = get_text(get, table, &line, &texts[i]);
        if (!rc && !texts[i])
            texts[i] = ""; // an empty line is a line
    }
    if (rc)
        return rc;
    set_u32(ours, row->count_at, count);
    set_pointer(ours, row->at, texts);
    return ATL_OK;
}

static atl_code get_struct(const struct get *get, const struct atl_pos_table *table, void *ours);

// The depth is that of the tables: a list of orders of pieces.
static atl_code get_array(const struct get *get, const struct atl_pos_table *table,
                          const struct atl_pos_row *row, void *ours)
{
    char *elements = NULL;
    uint32_t count;
    atl_code rc = get_count(get, table, row, &count);

    if (!rc && count) {
        elements = take(get->arena, (size_t)count * row->element->size);
        if (!elements)
            rc = atl_fail(get->err, ATL_E_NOMEM, "no room for %s.%s", table->name, row->name);
    }
    for (uint32_t i = 0; !rc && i < count; i++)
        rc = get_struct(get, row->element, elements + (size_t)i * row->element->size);
    if (rc)
        return rc;
    set_u32(ours, row->count_at, count);
    set_u32(ours, row->step_at, row->element->size);
    set_pointer(ours, row->at, elements);
    return ATL_OK;
}

static atl_code get_row(const struct get *get, const struct atl_pos_table *table,
                        const struct atl_pos_row *row, void *ours)
{
    const char *text;
    int64_t number;
    atl_code rc;

    switch (row->type) {
    case ATL_POS_I32:
        set_u32(ours, row->at, (uint32_t)atl_frame_get_i32(get->frame));
        return ATL_OK;
    case ATL_POS_I64:
        number = atl_frame_get_i64(get->frame);
        memcpy((char *)ours + row->at, &number, sizeof number);
        return ATL_OK;
    case ATL_POS_TEXT:
    case ATL_POS_NEEDED:
        rc = get_text(get, table, row, &text);
        if (!rc)
            set_pointer(ours, row->at, text);
        return rc;
    case ATL_POS_BYTES:
    case ATL_POS_SQUARE:
        return get_bytes(get, table, row, ours);
    case ATL_POS_TEXTS:
        return get_texts(get, table, row, ours);
    case ATL_POS_ARRAY:
        break;
    }
    return get_array(get, table, row, ours);
}

// `ours` is zeroed. What an older writer did not have stays so; what a newer one has is skipped.
static atl_code get_struct(const struct get *get, const struct atl_pos_table *table, void *ours)
{
    const size_t entered = atl_frame_enter_group(get->frame);
    atl_code rc = ATL_OK;

    if (table->has_size)
        set_u32(ours, 0, table->size);
    for (size_t i = 0; !rc && i < table->row_count; i++) {
        if (!atl_frame_is_at_end(get->frame))
            rc = get_row(get, table, &table->rows[i], ours);
        else if (table->rows[i].type == ATL_POS_NEEDED)
            rc = atl_fail(get->err, ATL_E_INVALID, "%s ends before its %s", table->name,
                          table->rows[i].name);
    }
    if (!rc && get->frame->is_bad)
        rc = atl_fail(get->err, ATL_E_INVALID, "%s is cut short", table->name);
    atl_frame_leave_group(get->frame, entered);
    return rc;
}

static atl_code begin_read(struct atl_frame *frame, struct atl_frame_head *head,
                           struct atl_error *err)
{
    atl_frame_begin_read(frame, head);
    if (frame->len < ATL_FRAME_HEAD_BYTES)
        return atl_fail(err, ATL_E_INVALID, "a frame of %zu bytes has no head", frame->len);
    if (frame->is_bad)
        return atl_fail(err, ATL_E_UNSUPPORTED, "frames of version %u are not spoken here",
                        head->version);
    return ATL_OK;
}

// True when the part came. An absent one ends the frame or is an empty group.
static bool is_present(struct atl_frame *frame)
{
    static const uint8_t empty[4] = {0};

    if (frame->len - frame->at < sizeof empty)
        return false;
    if (memcmp(frame->bytes + frame->at, empty, sizeof empty) != 0)
        return true;
    frame->at += sizeof empty;
    return false;
}

static atl_code get_part(const struct get *get, uint8_t part, struct atl_pos_ask *ask)
{
    static const struct atl_pos_table call = {.name = "call"};
    const unsigned number = part & ~(unsigned)ATL_POS_OPTIONAL;
    const struct atl_pos_part_row *row = atl_pos_part_find(number);
    const bool is_key = number == ATL_POS_PART_KEY;
    const struct atl_pos_row text = {.name = is_key ? "key" : "text",
                                     .type = ATL_POS_NEEDED,
                                     .max =
                                         is_key ? ATL_POS_KEY_MAX_BYTES : ATL_POS_TEXT_MAX_BYTES};

    if (!is_present(get->frame)) {
        if (part & ATL_POS_OPTIONAL)
            return ATL_OK;
        return atl_fail(get->err, ATL_E_INVALID, "%s lacks its %s", atl_pos_call_name(ask->kind),
                        row->table ? row->table->name : text.name);
    }
    ask->present |= 1u << number;
    if (!row->table)
        return get_text(get, &call, &text, is_key ? &ask->key : &ask->text);
    return get_struct(get, row->table, (char *)ask + row->ask_at);
}

// Wherever the ABI has the key, the agent finds it in one place.
static void find_key(struct atl_pos_ask *ask)
{
    const char *const keys[] = {ask->signature.key, ask->event.key,   ask->tender.key,
                                ask->units.key,     ask->collect.key, ask->reprint.key};

    for (size_t i = 0; !ask->key && i < sizeof keys / sizeof keys[0]; i++)
        ask->key = keys[i];
}

atl_code atl_pos_get_ask(struct atl_frame *frame, struct atl_pos_arena *arena,
                         struct atl_pos_ask *ask, struct atl_error *err)
{
    const struct get get = {.frame = frame, .arena = arena, .err = err};
    const struct atl_pos_call *call;
    struct atl_frame_head head = {0};
    atl_code rc = begin_read(frame, &head, err);

    *ask = (struct atl_pos_ask){.version = head.version, .kind = head.kind, .number = head.number};
    call = atl_pos_call_find(head.kind);
    if (!rc && !call)
        rc = atl_fail(err, ATL_E_UNSUPPORTED, "there is no call %u", head.kind);
    for (size_t i = 0; !rc && i < ATL_POS_PARTS_MAX && call->asks[i]; i++)
        rc = get_part(&get, call->asks[i], ask);
    find_key(ask);
    return rc;
}

atl_code atl_pos_check_outs(uint16_t kind, void *const outs[ATL_POS_REPLIES_MAX],
                            struct atl_error *err)
{
    const struct atl_pos_call *call = atl_pos_call_find(kind);

    for (size_t i = 0; call && i < ATL_POS_REPLIES_MAX && call->replies[i]; i++) {
        const struct atl_pos_table *table = atl_pos_part_find(call->replies[i])->table;
        uint32_t size = 0;

        if (!outs[i])
            return atl_fail(err, ATL_E_INVALID, "%s to fill is NULL", table->name);
        memcpy(&size, outs[i], sizeof size);
        if (size < table->min_size)
            return atl_fail(err, ATL_E_INVALID, "%s: a struct of %u bytes is too small",
                            table->name, size);
    }
    return ATL_OK;
}

static atl_code get_picture(struct atl_frame *frame, const struct atl_packet_file *file,
                            struct atl_pos_image *image, struct atl_error *err)
{
    const uint32_t len = atl_frame_is_at_end(frame) ? 0 : (uint32_t)atl_frame_get_i32(frame);

    if (!len)
        return ATL_OK;
    if (!file || file->len != len)
        return atl_fail(err, ATL_E_INVALID, "the picture of %u bytes did not come along", len);
    image->png = file->bytes;
    image->png_bytes = len;
    return ATL_OK;
}

// Room for one answer of any kind.
union any_reply {
    uint8_t bytes[ATL_POS_STRUCT_MAX_BYTES];
    struct atl_pos_image image;
    int64_t alignment;
};

atl_code atl_pos_get_reply(struct atl_frame *frame, uint16_t kind,
                           const struct atl_packet_file *file, struct atl_pos_arena *arena,
                           void *const outs[ATL_POS_REPLIES_MAX], struct atl_error *err)
{
    const struct get get = {.frame = frame, .arena = arena, .err = err};
    const struct atl_pos_call *call = atl_pos_call_find(kind);
    union any_reply ours[ATL_POS_REPLIES_MAX] = {{{0}}};
    atl_code rc = ATL_OK;

    for (size_t i = 0; !rc && call && i < ATL_POS_REPLIES_MAX && call->replies[i]; i++) {
        const struct atl_pos_table *table = atl_pos_part_find(call->replies[i])->table;

        if (is_present(frame))
            rc = get_struct(&get, table, ours[i].bytes);
        else
            rc = atl_fail(err, ATL_E_INVALID, "the answer lacks its %s", table->name);
    }
    if (!rc && kind == ATL_FRAME_PREVIEW)
        rc = get_picture(frame, file, &ours[0].image, err);
    for (size_t i = 0; !rc && call && i < ATL_POS_REPLIES_MAX && call->replies[i]; i++)
        atl_pos_export(outs[i], ours[i].bytes, atl_pos_part_find(call->replies[i])->table->size);
    return rc;
}

atl_code atl_pos_get_refusal(struct atl_frame *frame, const struct atl_frame_head *head,
                             struct atl_error *err)
{
    char text[sizeof err->text];
    const size_t len = atl_frame_get_text(frame, text, sizeof text);

    if (head->code <= ATL_OK || head->code > ATL_E_FULL || frame->is_bad)
        return atl_fail(err, ATL_E_IO, "a refusal of code %d makes no sense", head->code);
    if (!len || !atl_pos_is_utf8(text, len))
        return atl_fail(err, head->code, "refused: %s", atl_code_name(head->code));
    return atl_fail(err, head->code, "%s", text);
}

atl_code atl_pos_get_notice(struct atl_frame *frame, struct atl_pos_arena *arena,
                            struct atl_pos_notice *notice, struct atl_error *err)
{
    const struct get get = {.frame = frame, .arena = arena, .err = err};
    struct atl_pos_notice ours = {0};
    atl_code rc;

    rc = get_struct(&get, atl_pos_part_find(ATL_POS_PART_NOTICE)->table, &ours);
    if (!rc)
        *notice = ours;
    return rc;
}

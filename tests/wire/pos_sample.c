// SPDX-License-Identifier: Apache-2.0
#include "tests/wire/pos_sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *take(struct sample *sample, size_t len)
{
    const size_t at = (sample->used + 15) / 16 * 16;

    if (at + len > sizeof sample->bytes)
        abort(); // the test asks for more than there is
    sample->used = at + len;
    return memset(sample->bytes + at, 0, len);
}

static const char *make_text(struct sample *sample, const char *name, size_t max)
{
    char *text = take(sample, max + 1);
    size_t len;

    snprintf(text, max + 1, "%s-%u é", name, sample->next_value++);
    len = strlen(text);
    while (len < sample->text_bytes && len < max)
        text[len++] = 'x';
    text[len] = '\0';
    sample->used -= max - len; // what was not needed
    return text;
}

static void set(void *out, size_t at, const void *value, size_t len)
{
    memcpy((char *)out + at, value, len);
}

static void set_u32(void *out, size_t at, uint32_t value)
{
    set(out, at, &value, sizeof value);
}

static void set_pointer(void *out, size_t at, const void *value)
{
    set(out, at, &value, sizeof value);
}

static void fill_array(struct sample *sample, const struct atl_pos_row *row, void *out)
{
    const uint32_t count = sample->elements < row->max ? sample->elements : row->max;
    char *elements = take(sample, (size_t)count * row->element->size);

    for (uint32_t i = 0; i < count; i++)
        sample_fill(sample, row->element, elements + (size_t)i * row->element->size);
    set_u32(out, row->count_at, count);
    set_u32(out, row->step_at, row->element->size);
    set_pointer(out, row->at, count ? elements : NULL);
}

static void fill_texts(struct sample *sample, const struct atl_pos_row *row, void *out)
{
    const char **texts = take(sample, sample->elements * sizeof *texts);

    for (uint32_t i = 0; i < sample->elements; i++)
        texts[i] = make_text(sample, row->name, 64);
    set_u32(out, row->count_at, sample->elements);
    set_pointer(out, row->at, texts);
}

static void fill_bytes(struct sample *sample, const struct atl_pos_row *row, void *out)
{
    const bool is_square = row->type == ATL_POS_SQUARE;
    const uint32_t count = 21;
    const uint32_t len = is_square ? count * count : count;
    uint8_t *bytes = take(sample, len);

    for (uint32_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)(sample->next_value++ & 1);
    set_u32(out, row->count_at, count);
    set_pointer(out, row->at, bytes);
}

static void fill_row(struct sample *sample, const struct atl_pos_row *row, void *out)
{
    int64_t number;

    switch (row->type) {
    case ATL_POS_I32:
        set_u32(out, row->at, sample->next_value++);
        break;
    case ATL_POS_I64:
        number = INT64_MIN + sample->next_value++;
        set(out, row->at, &number, sizeof number);
        break;
    case ATL_POS_TEXT:
    case ATL_POS_NEEDED:
        set_pointer(out, row->at, make_text(sample, row->name, row->max));
        break;
    case ATL_POS_BYTES:
    case ATL_POS_SQUARE:
        fill_bytes(sample, row, out);
        break;
    case ATL_POS_TEXTS:
        fill_texts(sample, row, out);
        break;
    case ATL_POS_ARRAY:
        fill_array(sample, row, out);
        break;
    }
}

void sample_fill(struct sample *sample, const struct atl_pos_table *table, void *out)
{
    memset(out, 0, table->size);
    if (table->has_size)
        set_u32(out, 0, table->size);
    for (size_t i = 0; i < table->row_count; i++)
        fill_row(sample, &table->rows[i], out);
}

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

static bool is_same_text(const char *one, const char *two)
{
    return one && two ? strcmp(one, two) == 0 : one == two;
}

static const char *difference_in_array(const struct atl_pos_row *row, const void *one,
                                       const void *two)
{
    const char *elements = pointer_at(one, row->at);
    const char *others = pointer_at(two, row->at);
    const uint32_t count = u32_at(one, row->count_at);
    const char *found = count == u32_at(two, row->count_at) ? NULL : row->name;

    for (uint32_t i = 0; !found && i < count; i++) {
        if (row->type == ATL_POS_ARRAY)
            found = sample_difference(row->element, elements + (size_t)i * row->element->size,
                                      others + (size_t)i * row->element->size);
        else if (!is_same_text(pointer_at(elements, i * sizeof(char *)),
                               pointer_at(others, i * sizeof(char *))))
            found = row->name;
    }
    return found;
}

static bool is_same_row(const struct atl_pos_row *row, const void *one, const void *two)
{
    const uint32_t count = row->count_at ? u32_at(one, row->count_at) : 0;
    const size_t len = row->type == ATL_POS_SQUARE ? (size_t)count * count : count;

    switch (row->type) {
    case ATL_POS_I32:
        return u32_at(one, row->at) == u32_at(two, row->at);
    case ATL_POS_I64:
        return memcmp((const char *)one + row->at, (const char *)two + row->at, 8) == 0;
    case ATL_POS_TEXT:
    case ATL_POS_NEEDED:
        return is_same_text(pointer_at(one, row->at), pointer_at(two, row->at));
    case ATL_POS_BYTES:
    case ATL_POS_SQUARE:
        return count == u32_at(two, row->count_at) &&
               (!len || memcmp(pointer_at(one, row->at), pointer_at(two, row->at), len) == 0);
    case ATL_POS_TEXTS:
    case ATL_POS_ARRAY:
        break;
    }
    return difference_in_array(row, one, two) == NULL;
}

const char *sample_difference(const struct atl_pos_table *table, const void *one, const void *two)
{
    for (size_t i = 0; i < table->row_count; i++) {
        if (!is_same_row(&table->rows[i], one, two))
            return table->rows[i].name;
    }
    return NULL;
}

// SPDX-License-Identifier: Apache-2.0
// Forms as a screen draws them, and how answers are said to people.
#include "plugin/core/form.h"

#include "plugin/core/form_words.h"

#include <stdlib.h>
#include <string.h>

enum { CHOICES_MAX_BYTES = 64 * 1024 };

// value TAB label NEWLINE, repeated. What could break the lines was refused at loading.
static const char *join_choices(const struct atl_catalogue *catalogue,
                                const struct atl_field *field, const char *language,
                                struct atl_arena *arena)
{
    struct atl_buf text;
    const char *copy = NULL;

    atl_buf_init(&text, CHOICES_MAX_BYTES);
    for (size_t i = 0; i < field->choice_count; i++) {
        const char *label = atl_local_in(catalogue, &field->choices[i].label, language);

        atl_buf_addf(&text, "%s\t%s\n", field->choices[i].value,
                     label ? label : field->choices[i].value);
    }
    if (!text.failed && text.data)
        copy = atl_arena_bytes(arena, text.data, text.len);
    atl_buf_free(&text);
    return copy;
}

atl_code atl_form_make(const struct atl_catalogue *catalogue, const struct atl_product *product,
                       const char *language, struct atl_arena *arena, struct atl_form *out,
                       struct atl_error *err)
{
    size_t count = product->is_sellable ? product->field_count : 0;
    struct atl_form_field *fields = atl_arena_get(arena, count, sizeof(*fields));
    atl_code rc;

    for (size_t i = 0; fields && i < count; i++) {
        const struct atl_field *field = &product->fields[i];

        fields[i] = (struct atl_form_field){
            .name = field->name,
            .label = atl_local_in(catalogue, &field->label, language),
            .preset = field->preset,
            .kind = field->kind,
            .is_required = field->is_required && !field->when_field,
            .max_count = field->kind == ATL_FIELD_TEXT ? field->max_count : 0,
        };
        if (field->kind == ATL_FIELD_CHOICE)
            fields[i].choices = join_choices(catalogue, field, language, arena);
    }
    rc = atl_arena_check(arena, err);
    if (rc)
        return rc;
    *out = (struct atl_form){.fields = fields, .count = count};
    return ATL_OK;
}

const char *atl_form_say(const struct atl_catalogue *catalogue, const struct atl_field *field,
                         const char *value, const char *language)
{
    const struct atl_choice *choice;
    const char *label;

    if (!value)
        return "";
    if (field->kind == ATL_FIELD_CHECKBOX)
        return atl_form_words_yes(strcmp(value, "yes") == 0, atl_lang_of(language));
    choice = atl_field_choice(field, value);
    label = choice ? atl_local_in(catalogue, &choice->label, language) : NULL;
    return label ? label : value;
}

// ---- The questions about an order ----

struct order_choice {
    const char *value;
    const char *label[ATL_LANG_COUNT];
};
static const struct order_choice hand_overs[] = {
    {"ticket", {"Whoever has the ticket", "Toute personne avec le ticket", "お控えをお持ちの方"}},
    {"buyer",  {"Only the buyer", "L'acheteur seulement", "ご購入者様のみ"}                       },
};

struct order_field {
    const char *name;
    enum atl_field_kind kind;
    int32_t max_count;
    const char *label[ATL_LANG_COUNT];
};
static const struct order_field order_fields[] = {
    {"language",  ATL_FIELD_CHOICE,   0,  {"Guest's language", "Langue du client", "お客様の言語"}  },
    {"gift",      ATL_FIELD_CHECKBOX, 0,  {"It is a gift", "C'est un cadeau", "贈り物"}                },
    {"needed_by", ATL_FIELD_TEXT,     16, {"Needed by", "Pour le", "ご希望日"}                        },
    {"hand_over", ATL_FIELD_CHOICE,   0,  {"Who may collect", "Qui peut retirer", "お受け取り"}      },
    {"contact",   ATL_FIELD_TEXT,     64, {"Telephone or e-mail", "Téléphone ou e-mail", "ご連絡先"}},
};
enum { ORDER_FIELD_COUNT = sizeof(order_fields) / sizeof(order_fields)[0] };

static struct atl_local localise(const struct atl_catalogue *catalogue, const char *const *labels)
{
    struct atl_local local = {0};

    for (size_t i = 0; i < catalogue->language_count; i++)
        local.in[i] = labels[atl_lang_of(catalogue->languages[i])];
    return local;
}

// A language is called by its own name, whoever reads it.
static void add_languages(const struct atl_catalogue *catalogue, struct atl_arena *arena,
                          struct atl_field *field)
{
    struct atl_choice *choices = atl_arena_get(arena, catalogue->language_count, sizeof(*choices));

    field->choices = choices;
    for (size_t i = 0; choices && i < catalogue->language_count; i++) {
        const char *code = catalogue->languages[i];
        enum atl_lang lang;

        choices[i].value = code;
        choices[i].label.in[0] = atl_lang_find(code, &lang) ? atl_lang_name(lang) : code;
    }
    field->choice_count = choices ? catalogue->language_count : 0;
}

static void add_hand_overs(const struct atl_catalogue *catalogue, struct atl_arena *arena,
                           struct atl_field *field)
{
    const size_t count = sizeof(hand_overs) / sizeof(hand_overs)[0];
    struct atl_choice *choices = atl_arena_get(arena, count, sizeof(*choices));

    field->choices = choices;
    for (size_t i = 0; choices && i < count; i++) {
        choices[i].value = hand_overs[i].value;
        choices[i].label = localise(catalogue, hand_overs[i].label);
    }
    field->choice_count = choices ? count : 0;
}

const struct atl_product *atl_form_order_product(const struct atl_catalogue *catalogue,
                                                 struct atl_arena *arena)
{
    struct atl_product *product = atl_arena_get(arena, 1, sizeof(*product));
    struct atl_field *fields = atl_arena_get(arena, ORDER_FIELD_COUNT, sizeof(*fields));

    if (!product || !fields)
        return NULL;
    for (size_t i = 0; i < ORDER_FIELD_COUNT; i++) {
        fields[i].name = order_fields[i].name;
        fields[i].kind = order_fields[i].kind;
        fields[i].max_count = order_fields[i].max_count;
        fields[i].label = localise(catalogue, order_fields[i].label);
        if (strcmp(fields[i].name, "language") == 0)
            add_languages(catalogue, arena, &fields[i]);
        if (strcmp(fields[i].name, "hand_over") == 0)
            add_hand_overs(catalogue, arena, &fields[i]);
    }
    product->sku = "";
    product->is_sellable = true;
    product->fields = fields;
    product->field_count = ORDER_FIELD_COUNT;
    return product;
}

atl_code atl_form_make_order(const struct atl_catalogue *catalogue, const char *language,
                             struct atl_arena *arena, struct atl_form *out, struct atl_error *err)
{
    const struct atl_product *product = atl_form_order_product(catalogue, arena);

    if (!product)
        return atl_arena_check(arena, err);
    return atl_form_make(catalogue, product, language, arena, out, err);
}

// ---- "Needed by" ----

// So many digits as a number; false when one is none.
static bool read_digits(const char *text, size_t len, int32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

bool atl_form_needed_by(const char *value, struct atl_civil *out)
{
    struct atl_civil civil = {.hour = 23, .minute = 59};
    size_t len = strlen(value);

    if ((len != 10 && len != 16) || value[4] != '-' || value[7] != '-' ||
        !read_digits(value, 4, &civil.year) || !read_digits(value + 5, 2, &civil.month) ||
        !read_digits(value + 8, 2, &civil.day) ||
        !atl_date_is_valid(civil.year, civil.month, civil.day))
        return false;
    if (len == 16 &&
        (value[10] != 'T' || value[13] != ':' || !read_digits(value + 11, 2, &civil.hour) ||
         !read_digits(value + 14, 2, &civil.minute) || civil.hour > 23 || civil.minute > 59))
        return false;
    *out = civil;
    return true;
}

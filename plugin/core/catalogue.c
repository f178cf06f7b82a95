// SPDX-License-Identifier: Apache-2.0
// Looking things up in a loaded catalogue. Tables are small and in the editor's order, so every
// search walks them.
#include "plugin/core/catalogue.h"

#include "plugin/core/text.h"

#include <string.h>
#include <strings.h>

enum { RGB_NATURAL = 0xEFE6D3 }; // unbleached cotton, where the catalogue says no colour

void atl_catalogue_free(struct atl_catalogue *catalogue)
{
    struct atl_arena arena = catalogue->arena; // it owns the array that the struct points to

    atl_arena_free(&arena);
    *catalogue = (struct atl_catalogue){0};
}

const struct atl_product *atl_catalogue_product(const struct atl_catalogue *catalogue,
                                                const char *sku)
{
    for (size_t i = 0; sku && i < catalogue->product_count; i++) {
        if (strcmp(catalogue->products[i].sku, sku) == 0)
            return &catalogue->products[i];
    }
    return NULL;
}

const struct atl_font *atl_catalogue_font(const struct atl_catalogue *catalogue, const char *id)
{
    for (size_t i = 0; id && i < catalogue->font_count; i++) {
        if (strcmp(catalogue->fonts[i].id, id) == 0)
            return &catalogue->fonts[i];
    }
    return NULL;
}

const struct atl_word_list *atl_catalogue_list(const struct atl_catalogue *catalogue,
                                               const char *id)
{
    for (size_t i = 0; id && i < catalogue->list_count; i++) {
        if (strcmp(catalogue->lists[i].id, id) == 0)
            return &catalogue->lists[i];
    }
    return NULL;
}

// "fr-CA" is asked for, "fr" is there: the part before the first dash counts.
static bool is_same_or_parent(const char *there, const char *asked)
{
    size_t len = strlen(there);

    return strncasecmp(there, asked, len) == 0 && (asked[len] == 0 || asked[len] == '-');
}

const char *atl_local_in(const struct atl_catalogue *catalogue, const struct atl_local *local,
                         const char *language)
{
    for (size_t i = 0; language && i < catalogue->language_count; i++) {
        if (local->in[i] && is_same_or_parent(catalogue->languages[i], language))
            return local->in[i];
    }
    return local->in[0];
}

const struct atl_field *atl_product_field(const struct atl_product *product, const char *name)
{
    for (size_t i = 0; name && i < product->field_count; i++) {
        if (strcmp(product->fields[i].name, name) == 0)
            return &product->fields[i];
    }
    return NULL;
}

const struct atl_field *atl_product_role(const struct atl_product *product, enum atl_role role)
{
    for (size_t i = 0; i < product->field_count; i++) {
        if (product->fields[i].role == role)
            return &product->fields[i];
    }
    return NULL;
}

const struct atl_variant *atl_product_variant(const struct atl_product *product, const char *name)
{
    for (size_t i = 0; name && i < product->variant_count; i++) {
        if (strcmp(product->variants[i].name, name) == 0)
            return &product->variants[i];
    }
    return NULL;
}

const struct atl_session *atl_product_session(const struct atl_product *product, const char *id)
{
    for (size_t i = 0; id && i < product->session_count; i++) {
        if (strcmp(product->sessions[i].id, id) == 0)
            return &product->sessions[i];
    }
    return NULL;
}

const struct atl_choice *atl_field_choice(const struct atl_field *field, const char *value)
{
    for (size_t i = 0; value && i < field->choice_count; i++) {
        if (strcmp(field->choices[i].value, value) == 0)
            return &field->choices[i];
    }
    return NULL;
}

const char *atl_product_value(const struct atl_product *product, enum atl_role role,
                              const struct atl_answer *answers, size_t count)
{
    const struct atl_field *field = atl_product_role(product, role);

    return field ? atl_answers_find(answers, count, field->name) : NULL;
}

const struct atl_choice *atl_product_chosen(const struct atl_product *product, enum atl_role role,
                                            const struct atl_answer *answers, size_t count)
{
    const struct atl_field *field = atl_product_role(product, role);

    return field ? atl_field_choice(field, atl_answers_find(answers, count, field->name)) : NULL;
}

// A field asks only about an earlier one, so the chain is as short as the form.
bool atl_field_applies(const struct atl_field *field, const struct atl_answer *answers,
                       size_t count)
{
    for (; field->when_field; field = field->when_field) {
        const char *value = atl_answers_find(answers, count, field->when_field->name);

        if (!value || strcmp(value, field->when_value) != 0)
            return false;
    }
    return true;
}

size_t atl_product_lines(const struct atl_product *product, const struct atl_answer *answers,
                         size_t count, const char *lines[ATL_TEXT_LINES_MAX])
{
    static const enum atl_role roles[ATL_TEXT_LINES_MAX] = {ATL_ROLE_TEXT, ATL_ROLE_TEXT2,
                                                            ATL_ROLE_TEXT3};
    size_t found = 0;

    for (size_t i = 0; i < ATL_TEXT_LINES_MAX; i++) {
        const char *text = atl_product_value(product, roles[i], answers, count);

        if (text && text[0])
            lines[found++] = text;
    }
    return found;
}

enum atl_arrangement atl_product_arrangement(const struct atl_product *product,
                                             const struct atl_answer *answers, size_t count)
{
    const struct atl_choice *layout = atl_product_chosen(product, ATL_ROLE_LAYOUT, answers, count);

    return layout ? layout->arrangement : ATL_ARRANGEMENT_LINES;
}

uint32_t atl_product_rgb(const struct atl_product *product, const char *variant)
{
    const struct atl_variant *found = atl_product_variant(product, variant);

    if (found && found->has_rgb)
        return found->rgb;
    return product->has_rgb ? product->rgb : RGB_NATURAL;
}

void atl_product_area(const struct atl_product *product, const struct atl_answer *answers,
                      size_t count, int32_t *width_um, int32_t *height_um)
{
    const struct atl_choice *place = atl_product_chosen(product, ATL_ROLE_PLACE, answers, count);

    *width_um = place && place->width_um ? place->width_um : product->width_um;
    *height_um = place && place->field_um ? place->field_um : product->height_um;
}

int64_t atl_product_units(const struct atl_product *product, const struct atl_answer *answers,
                          size_t count)
{
    const struct atl_choice *height = atl_product_chosen(product, ATL_ROLE_HEIGHT, answers, count);
    const char *lines[ATL_TEXT_LINES_MAX];
    const size_t line_count = atl_product_lines(product, answers, count, lines);
    int64_t height_um = height ? height->height_um : 0;
    int64_t letters = 0;

    for (size_t i = 0; i < line_count; i++)
        letters += (int64_t)atl_text_graphemes(lines[i], strlen(lines[i]));
    return product->units.fixed + letters * product->units.per_letter_mm * height_um / 1000;
}

const char *atl_kind_name(enum atl_kind kind)
{
    switch (kind) {
    case ATL_KIND_EMBROIDERY:
        return "embroidery";
    case ATL_KIND_NAME_NUMBER:
        return "name-number";
    case ATL_KIND_DESIGN:
        return "design";
    case ATL_KIND_SEAT:
        return "seat";
    case ATL_KIND_COUNT:
        break;
    }
    return "unknown";
}

const char *atl_role_name(enum atl_role role)
{
    switch (role) {
    case ATL_ROLE_NONE:
        return "none";
    case ATL_ROLE_TEXT:
        return "text";
    case ATL_ROLE_NUMBER:
        return "number";
    case ATL_ROLE_FONT:
        return "font";
    case ATL_ROLE_HEIGHT:
        return "height";
    case ATL_ROLE_THREAD:
        return "thread";
    case ATL_ROLE_PLACE:
        return "place";
    case ATL_ROLE_DESIGN:
        return "design";
    case ATL_ROLE_COLOUR:
        return "colour";
    case ATL_ROLE_SESSION:
        return "session";
    case ATL_ROLE_RUSH:
        return "rush";
    case ATL_ROLE_NOTE:
        return "note";
    case ATL_ROLE_TEXT2:
        return "text2";
    case ATL_ROLE_TEXT3:
        return "text3";
    case ATL_ROLE_LAYOUT:
        return "layout";
    case ATL_ROLE_COUNT:
        break;
    }
    return "unknown";
}

const char *atl_field_kind_name(enum atl_field_kind kind)
{
    switch (kind) {
    case ATL_FIELD_TEXT:
        return "text";
    case ATL_FIELD_CHOICE:
        return "choice";
    case ATL_FIELD_CHECKBOX:
        return "checkbox";
    }
    return "unknown";
}

const char *atl_arrangement_name(enum atl_arrangement arrangement)
{
    static const char *const names[ATL_ARRANGEMENT_COUNT] = {"lines", "arc", "monogram"};

    return (unsigned)arrangement < ATL_ARRANGEMENT_COUNT ? names[arrangement] : "unknown";
}

const char *atl_border_name(enum atl_border border)
{
    static const char *const names[ATL_BORDER_COUNT] = {"none", "circle", "diamond", "square"};

    return (unsigned)border < ATL_BORDER_COUNT ? names[border] : "unknown";
}

const char *atl_characters_name(enum atl_characters characters)
{
    switch (characters) {
    case ATL_CHARACTERS_ANY:
        return "any";
    case ATL_CHARACTERS_NAME:
        return "name";
    case ATL_CHARACTERS_CAPITALS:
        return "capitals";
    case ATL_CHARACTERS_DIGITS:
        return "digits";
    case ATL_CHARACTERS_INITIALS:
        return "initials";
    case ATL_CHARACTERS_COUNT:
        break;
    }
    return "unknown";
}

const char *atl_sign_off_name(enum atl_sign_off sign_off)
{
    switch (sign_off) {
    case ATL_SIGN_OFF_BEFORE_PAYMENT:
        return "before_payment";
    case ATL_SIGN_OFF_BEFORE_MAKING:
        return "before_making";
    case ATL_SIGN_OFF_NONE:
        return "none";
    case ATL_SIGN_OFF_COUNT:
        break;
    }
    return "unknown";
}

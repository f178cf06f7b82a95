// SPDX-License-Identifier: Apache-2.0
// The questions of a product: its fields, their choices, and what must fit together in them.
#include "plugin/wire/catalogue_load.h"

#include "plugin/core/text.h"

#include <stddef.h>
#include <string.h>

enum { NAME_MAX_BYTES = 40, PATH_MAX_BYTES = 200, LENGTH_MAX_UM = 2000000 };

// What a field's object holds, before it is looked up and checked.
struct field_text {
    const char *name;
    int kind;
    int role;
    bool is_required;
    int32_t min;
    int32_t max;
    int32_t from;
    int32_t to;
    int characters;
    const char *preset;
};

static const char *const kind_names[] = {"none", "text", "choice", "checkbox", NULL};
static const char *const role_names[] = {"none",  "text",   "number", "font",    "height", "thread",
                                         "place", "design", "colour", "session", "rush",   "note",
                                         "text2", "text3",  "layout", NULL};
static const char *const arrangement_names[] = {"lines", "arc", "monogram", NULL};
static const char *const border_names[] = {"none", "circle", "diamond", "square", NULL};
static const char *const characters_names[] = {"any",    "name",     "capitals",
                                               "digits", "initials", NULL};

static const struct atl_json_row field_rows[] = {
    ATL_JSON_NEED(struct field_text, name, TEXT, 1, NAME_MAX_BYTES),
    ATL_JSON_NEED_NAME(struct field_text, kind, kind_names),
    ATL_JSON_MAY_NAME(struct field_text, role, role_names),
    ATL_JSON_MAY(struct field_text, is_required, BOOL, 0, 0),
    ATL_JSON_MAY(struct field_text, min, INT32, 0, ATL_TEXT_GRAPHEMES_MAX),
    ATL_JSON_MAY(struct field_text, max, INT32, 1, ATL_TEXT_GRAPHEMES_MAX),
    ATL_JSON_MAY(struct field_text, from, INT32, 0, 999999),
    ATL_JSON_MAY(struct field_text, to, INT32, 1, 999999),
    ATL_JSON_MAY_NAME(struct field_text, characters, characters_names),
    ATL_JSON_MAY(struct field_text, preset, TEXT, 1, 200),
    ATL_JSON_KEY("label", true),
    ATL_JSON_KEY("help", false),
    ATL_JSON_KEY("choices", false),
    ATL_JSON_KEY("word_lists", false),
    ATL_JSON_KEY("when", false),
};

// ---- Choices ----

struct choice_text {
    const char *value;
    int64_t price_minor;
    uint32_t rgb;
    const char *thread;
    const char *chart;
    int32_t height_um;
    int32_t room_width_um;
    int32_t room_height_um;
    const char *image;
    const char *font;
    int layout;
    int frame;
    int32_t arc_radius_um;
};

static const struct atl_json_row choice_rows[] = {
    ATL_JSON_NEED(struct choice_text, value, TEXT, 1, NAME_MAX_BYTES),
    ATL_JSON_MAY(struct choice_text, price_minor, INT64, -1000000000000, 1000000000000),
    ATL_JSON_MAY(struct choice_text, rgb, RGB, 0, 0),
    ATL_JSON_MAY(struct choice_text, thread, TEXT, 1, NAME_MAX_BYTES),
    ATL_JSON_MAY(struct choice_text, chart, TEXT, 1, NAME_MAX_BYTES),
    ATL_JSON_MAY(struct choice_text, height_um, INT32, 1000, LENGTH_MAX_UM),
    ATL_JSON_MAY(struct choice_text, room_width_um, INT32, 1000, LENGTH_MAX_UM),
    ATL_JSON_MAY(struct choice_text, room_height_um, INT32, 1000, LENGTH_MAX_UM),
    ATL_JSON_MAY(struct choice_text, image, TEXT, 1, PATH_MAX_BYTES),
    ATL_JSON_MAY(struct choice_text, font, TEXT, 1, NAME_MAX_BYTES),
    ATL_JSON_MAY_NAME(struct choice_text, layout, arrangement_names),
    ATL_JSON_MAY_NAME(struct choice_text, frame, border_names),
    ATL_JSON_MAY(struct choice_text, arc_radius_um, INT32, -LENGTH_MAX_UM, LENGTH_MAX_UM),
    ATL_JSON_KEY("label", true),
};

// What a choice must say for its field's role.
static void check_choice_role(struct atl_loading *loading, const struct atl_json_at *at,
                              enum atl_role role, const struct atl_choice *choice)
{
    struct atl_json_reader *reader = &loading->reader;

    if (role == ATL_ROLE_FONT && !choice->font)
        atl_json_fault(reader, at, "needs a font, by its id in catalogue.json");
    if (role == ATL_ROLE_HEIGHT && !choice->height_um)
        atl_json_fault(reader, at, "needs height_um: 25000 is 25 mm");
    if (role == ATL_ROLE_THREAD && (!choice->has_rgb || !choice->thread))
        atl_json_fault(reader, at, "needs rgb and the thread's number");
    if (choice->arrangement == ATL_ARRANGEMENT_ARC && !choice->arc_um)
        atl_json_fault(reader, at, "an arc needs arc_radius_um: 60000 is 60 mm");
    if (choice->arrangement != ATL_ARRANGEMENT_ARC && choice->arc_um)
        atl_json_fault(reader, at, "arc_radius_um is of an arc");
    if (choice->arrangement != ATL_ARRANGEMENT_MONOGRAM && choice->border != ATL_BORDER_NONE)
        atl_json_fault(reader, at, "a frame is of a monogram");
}

static void load_choice(struct atl_loading *loading, const struct atl_json_at *at,
                        enum atl_role role, struct atl_choice *choice)
{
    struct choice_text text = {.value = ""};
    struct atl_json_at rgb = atl_json_find(at, "rgb");

    atl_json_read(&loading->reader, at, ATL_ROWS(choice_rows), &text);
    atl_load_check_name(loading, at, text.value);
    atl_load_check_image(loading, at, text.image);
    *choice = (struct atl_choice){
        .value = text.value ? text.value : "",
        .price_minor = text.price_minor,
        .has_rgb = rgb.value,
        .rgb = text.rgb,
        .thread = text.thread,
        .chart = text.chart,
        .height_um = text.height_um,
        .width_um = text.room_width_um,
        .field_um = text.room_height_um,
        .image = text.image,
        .arrangement = (enum atl_arrangement)text.layout,
        .border = (enum atl_border)text.frame,
        .arc_um = text.arc_radius_um,
        .font = atl_catalogue_font(loading->catalogue, text.font),
    };
    atl_load_local(loading, at, "label", true, &choice->label);
    if (text.font && !choice->font)
        atl_json_fault(&loading->reader, at, "no font of catalogue.json has the id %s", text.font);
    check_choice_role(loading, at, role, choice);
}

static void load_choices(struct atl_loading *loading, const struct atl_json_at *at,
                         struct atl_field *field)
{
    struct atl_json_at list = atl_json_find(at, "choices");
    struct atl_json_at item = {0};
    size_t count = atl_json_count(&loading->reader, &list, 0, ATL_CHOICES_MAX);
    struct atl_choice *choices = atl_arena_get(&loading->catalogue->arena, count, sizeof(*choices));

    field->choices = choices;
    while (choices && field->choice_count < count && atl_json_next(&list, &item)) {
        struct atl_choice *choice = &choices[field->choice_count];

        load_choice(loading, &item, field->role, choice);
        if (choice->value[0] && atl_field_choice(field, choice->value))
            atl_json_fault(&loading->reader, &item, "the value %s stands there twice",
                           choice->value);
        field->choice_count++;
    }
}

// The choices of a session field are the product's sessions.
static void take_sessions(struct atl_loading *loading, const struct atl_product *product,
                          struct atl_field *field)
{
    struct atl_choice *choices =
        atl_arena_get(&loading->catalogue->arena, product->session_count, sizeof(*choices));

    for (size_t i = 0; choices && i < product->session_count; i++)
        choices[i] = (struct atl_choice){.value = product->sessions[i].id,
                                         .label = product->sessions[i].label,
                                         .session = &product->sessions[i]};
    field->choices = choices;
    field->choice_count = choices ? product->session_count : 0;
}

// ---- References ----

static void load_word_lists(struct atl_loading *loading, const struct atl_json_at *at,
                            struct atl_field *field)
{
    struct atl_json_at list = atl_json_find(at, "word_lists");
    struct atl_json_at item = {0};
    size_t count = atl_json_count(&loading->reader, &list, 0, ATL_WORD_LISTS_MAX);
    const struct atl_word_list **lists =
        atl_arena_get(&loading->catalogue->arena, count, sizeof(struct atl_word_list *));

    field->lists = lists;
    for (size_t i = 0; lists && i < count && atl_json_next(&list, &item); i++) {
        const char *id = atl_json_text(&loading->reader, &item, 1, NAME_MAX_BYTES);
        const struct atl_word_list *found = atl_catalogue_list(loading->catalogue, id);

        if (found)
            lists[field->list_count++] = found;
        else if (id)
            atl_json_fault(&loading->reader, &item, "no word list of catalogue.json has the id %s",
                           id);
    }
}

static bool can_be(const struct atl_field *field, const char *value)
{
    if (field->kind == ATL_FIELD_CHECKBOX)
        return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0;
    return field->kind == ATL_FIELD_TEXT || atl_field_choice(field, value);
}

static void load_when(struct atl_loading *loading, const struct atl_json_at *at,
                      const struct atl_product *product, struct atl_field *field)
{
    struct when {
        const char *field;
        const char *is;
    };
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct when, field, TEXT, 1, NAME_MAX_BYTES),
        ATL_JSON_NEED(struct when, is, TEXT, 1, NAME_MAX_BYTES),
    };
    struct atl_json_at found = atl_json_find(at, "when");
    struct when when = {0};

    if (!found.value)
        return;
    atl_json_read(&loading->reader, &found, ATL_ROWS(rows), &when);
    if (!when.field || !when.is)
        return;
    field->when_field = atl_product_field(product, when.field); // of those before this one
    field->when_value = when.is;
    if (!field->when_field)
        atl_json_fault(&loading->reader, &found, "no earlier field has the name %s", when.field);
    else if (field->when_field->kind == ATL_FIELD_TEXT || !can_be(field->when_field, when.is))
        atl_json_fault(&loading->reader, &found, "the field %s can never be %s", when.field,
                       when.is);
}

// ---- What must fit together ----

static void check_text_field(struct atl_loading *loading, const struct atl_json_at *at,
                             const struct atl_field *field)
{
    struct atl_json_reader *reader = &loading->reader;

    if (field->choice_count)
        atl_json_fault(reader, at, "a text has no choices");
    if (field->min_count > field->max_count)
        atl_json_fault(reader, at, "min is greater than max");
    if (field->min_value > field->max_value)
        atl_json_fault(reader, at, "from is greater than to");
    if (field->max_value && field->characters != ATL_CHARACTERS_DIGITS)
        atl_json_fault(reader, at, "from and to need \"characters\": \"digits\"");
    if (field->characters == ATL_CHARACTERS_DIGITS && field->max_count > 6)
        atl_json_fault(reader, at, "a number needs a max of at most 6 digits");
}

static void check_field(struct atl_loading *loading, const struct atl_json_at *at,
                        const struct atl_field *field)
{
    struct atl_json_reader *reader = &loading->reader;
    const bool must_choose = field->role == ATL_ROLE_FONT || field->role == ATL_ROLE_HEIGHT ||
                             field->role == ATL_ROLE_THREAD || field->role == ATL_ROLE_SESSION;

    if (field->kind == ATL_FIELD_TEXT)
        check_text_field(loading, at, field);
    else if (field->list_count || field->min_count || field->max_count || field->max_value ||
             field->characters != ATL_CHARACTERS_ANY)
        atl_json_fault(reader, at, "min, max, from, to, characters, word_lists are for texts");
    if (field->kind == ATL_FIELD_CHOICE && !field->choice_count)
        atl_json_fault(reader, at, "a choice needs choices");
    if ((must_choose || field->role == ATL_ROLE_LAYOUT) && field->kind != ATL_FIELD_CHOICE)
        atl_json_fault(reader, at, "a field of role %s must be a choice",
                       atl_role_name(field->role));
    if (field->role == ATL_ROLE_RUSH && field->kind != ATL_FIELD_CHECKBOX)
        atl_json_fault(reader, at, "a field of role rush must be a checkbox");
    if ((field->role == ATL_ROLE_TEXT || field->role == ATL_ROLE_NUMBER ||
         field->role == ATL_ROLE_TEXT2 || field->role == ATL_ROLE_TEXT3) &&
        field->kind != ATL_FIELD_TEXT)
        atl_json_fault(reader, at, "a field of role %s must be a text", atl_role_name(field->role));
    if (field->preset && !can_be(field, field->preset))
        atl_json_fault(reader, at, "the preset %s is none of the choices", field->preset);
}

static void load_field(struct atl_loading *loading, const struct atl_json_at *at,
                       const struct atl_product *product, struct atl_field *field)
{
    struct field_text text = {.name = "", .kind = ATL_FIELD_TEXT};

    atl_json_read(&loading->reader, at, ATL_ROWS(field_rows), &text);
    atl_load_check_name(loading, at, text.name);
    if (text.kind == 0)
        atl_json_fault(&loading->reader, at, "kind must be text, choice or checkbox");
    if (text.kind == ATL_FIELD_TEXT && !text.max)
        text.max = ATL_TEXT_GRAPHEMES_MAX;
    *field = (struct atl_field){
        .name = text.name ? text.name : "",
        .kind = text.kind ? (enum atl_field_kind)text.kind : ATL_FIELD_TEXT,
        .role = (enum atl_role)text.role,
        .is_required = text.is_required,
        .min_count = text.min,
        .max_count = text.max,
        .min_value = text.from,
        .max_value = text.to,
        .characters = (enum atl_characters)text.characters,
        .preset = text.preset,
    };
    atl_load_local(loading, at, "label", true, &field->label);
    atl_load_local(loading, at, "help", false, &field->help);
    load_choices(loading, at, field);
    if (field->role == ATL_ROLE_SESSION && field->choice_count)
        atl_json_fault(&loading->reader, at, "the choices of a session are the sessions");
    if (field->role == ATL_ROLE_SESSION)
        take_sessions(loading, product, field);
    load_word_lists(loading, at, field);
    load_when(loading, at, product, field);
    check_field(loading, at, field);
}

static void check_unique(struct atl_loading *loading, const struct atl_json_at *at,
                         const struct atl_product *product, const struct atl_field *field)
{
    if (field->name[0] && atl_product_field(product, field->name))
        atl_json_fault(&loading->reader, at, "the name %s stands there twice", field->name);
    if (field->role != ATL_ROLE_NONE && field->role != ATL_ROLE_COLOUR &&
        field->role != ATL_ROLE_NOTE && atl_product_role(product, field->role))
        atl_json_fault(&loading->reader, at, "an earlier field has the role %s already",
                       atl_role_name(field->role));
}

void atl_load_fields(struct atl_loading *loading, const struct atl_json_at *list,
                     struct atl_product *product)
{
    struct atl_json_at item = {0};
    size_t count = atl_json_count(&loading->reader, list, 1, ATL_FIELDS_MAX);
    struct atl_field *fields = atl_arena_get(&loading->catalogue->arena, count, sizeof(*fields));

    product->fields = fields;
    while (fields && product->field_count < count && atl_json_next(list, &item)) {
        struct atl_field *field = &fields[product->field_count];

        load_field(loading, &item, product, field);
        check_unique(loading, &item, product, field);
        product->field_count++;
    }
}

// SPDX-License-Identifier: Apache-2.0
// One product's file, and what must fit together in it.
#include "plugin/wire/catalogue_load.h"

#include <stddef.h>
#include <string.h>

enum { NAME_MAX_BYTES = 40, PATH_MAX_BYTES = 200, LENGTH_MAX_UM = 2000000, DAY_S = 86400 };

static const char *const kind_names[] = {"embroidery", "name-number", "design", "seat", NULL};
static const char *const sign_off_names[] = {"before_payment", "before_making", "none", NULL};

static const struct atl_json_row product_rows[] = {
    ATL_JSON_NEED(struct atl_product, sku, TEXT, 1, NAME_MAX_BYTES),
    ATL_JSON_NEED_NAME(struct atl_product, kind, kind_names),
    ATL_JSON_NEED(struct atl_product, is_sellable, BOOL, 0, 0),
    ATL_JSON_MAY(struct atl_product, rgb, RGB, 0, 0),
    ATL_JSON_MAY(struct atl_product, image, TEXT, 1, PATH_MAX_BYTES),
    ATL_JSON_NEED_NAME(struct atl_product, sign_off, sign_off_names),
    ATL_JSON_MAY(struct atl_product, may_follow, BOOL, 0, 0),
    ATL_JSON_MAY(struct atl_product, is_returnable, BOOL, 0, 0),
    ATL_JSON_MAY(struct atl_product, is_child, BOOL, 0, 0),
    ATL_JSON_MAY(struct atl_product, lead_days, INT32, 0, 365),
    ATL_JSON_KEY("name", true),
    ATL_JSON_KEY("what", true),
    ATL_JSON_KEY("care", false),
    ATL_JSON_KEY("variants", false),
    ATL_JSON_KEY("form", true),
    ATL_JSON_KEY("prices", true),
    ATL_JSON_KEY("work", true),
    ATL_JSON_KEY("room", false),
    ATL_JSON_KEY("cloth", false),
    ATL_JSON_KEY("needs", false),
    ATL_JSON_KEY("sessions", false),
};

// ---- Variants ----

static void load_variants(struct atl_loading *loading, const struct atl_json_at *at,
                          struct atl_product *product)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct atl_variant, name, TEXT, 1, 96),
        ATL_JSON_MAY(struct atl_variant, rgb, RGB, 0, 0),
        ATL_JSON_MAY(struct atl_variant, image, TEXT, 1, PATH_MAX_BYTES),
        ATL_JSON_KEY("label", true),
    };
    struct atl_json_at list = atl_json_find(at, "variants");
    struct atl_json_at item = {0};
    size_t count = atl_json_count(&loading->reader, &list, 0, ATL_VARIANTS_MAX);
    struct atl_variant *variants =
        atl_arena_get(&loading->catalogue->arena, count, sizeof(*variants));

    product->variants = variants;
    while (variants && product->variant_count < count && atl_json_next(&list, &item)) {
        struct atl_variant *variant = &variants[product->variant_count];
        struct atl_json_at rgb = atl_json_find(&item, "rgb");

        atl_json_read(&loading->reader, &item, ATL_ROWS(rows), variant);
        variant->name = variant->name ? variant->name : "";
        variant->has_rgb = rgb.value;
        atl_load_local(loading, &item, "label", true, &variant->label);
        atl_load_check_image(loading, &item, variant->image);
        if (variant->name[0] && atl_product_variant(product, variant->name))
            atl_json_fault(&loading->reader, &item, "the variant stands there twice");
        product->variant_count++;
    }
}

// ---- Sessions ----

static void load_sessions(struct atl_loading *loading, const struct atl_json_at *at,
                          struct atl_product *product)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct atl_session, id, TEXT, 1, NAME_MAX_BYTES),
        ATL_JSON_NEED_AS("start", struct atl_session, start_ms, TIME, 0, 0),
        ATL_JSON_NEED(struct atl_session, minutes, INT32, 1, 1440),
        ATL_JSON_NEED(struct atl_session, capacity, INT32, 1, 10000),
        ATL_JSON_KEY("label", true),
        ATL_JSON_KEY("place", true),
    };
    struct atl_json_at list = atl_json_find(at, "sessions");
    struct atl_json_at item = {0};
    size_t count = atl_json_count(&loading->reader, &list, 0, ATL_SESSIONS_MAX);
    struct atl_session *sessions =
        atl_arena_get(&loading->catalogue->arena, count, sizeof(*sessions));

    product->sessions = sessions;
    while (sessions && product->session_count < count && atl_json_next(&list, &item)) {
        struct atl_session *session = &sessions[product->session_count];

        atl_json_read(&loading->reader, &item, ATL_ROWS(rows), session);
        session->id = session->id ? session->id : "";
        atl_load_check_name(loading, &item, session->id);
        atl_load_local(loading, &item, "label", true, &session->label);
        atl_load_local(loading, &item, "place", true, &session->place);
        if (session->id[0] && atl_product_session(product, session->id))
            atl_json_fault(&loading->reader, &item, "the session %s stands there twice",
                           session->id);
        product->session_count++;
    }
}

// ---- Prices ----

static void load_letter_price(struct atl_loading *loading, const struct atl_json_at *at,
                              const struct atl_product *product, struct atl_letter_price *price)
{
    struct letters {
        const char *field;
        int32_t over;
        int64_t each_minor;
    };
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct letters, field, TEXT, 1, NAME_MAX_BYTES),
        ATL_JSON_MAY(struct letters, over, INT32, 0, 64),
        ATL_JSON_NEED(struct letters, each_minor, INT64, 0, 1000000000000),
    };
    struct letters letters = {0};

    atl_json_read(&loading->reader, at, ATL_ROWS(rows), &letters);
    *price = (struct atl_letter_price){.field = atl_product_field(product, letters.field),
                                       .over_count = letters.over,
                                       .price_minor = letters.each_minor};
    if (letters.field && (!price->field || price->field->kind != ATL_FIELD_TEXT))
        atl_json_fault(&loading->reader, at, "the form has no text with the name %s",
                       letters.field);
}

static void load_prices(struct atl_loading *loading, const struct atl_json_at *at,
                        struct atl_product *product)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct atl_prices, base_minor, INT64, 0, 1000000000000),
        ATL_JSON_MAY(struct atl_prices, rush_basis_points, INT32, 0, 100000),
        ATL_JSON_MAY(struct atl_prices, staff_basis_points, INT32, 0, 10000),
        ATL_JSON_KEY("letters", false),
    };
    struct atl_json_at found = atl_json_find(at, "prices");
    struct atl_json_at list = atl_json_find(&found, "letters");
    struct atl_json_at item = {0};
    struct atl_prices *prices = &product->prices;
    size_t count;

    if (!found.value) // said already
        return;
    atl_json_read(&loading->reader, &found, ATL_ROWS(rows), prices);
    count = atl_json_count(&loading->reader, &list, 0, ATL_LETTER_PRICES_MAX);
    while (prices->letter_count < count && atl_json_next(&list, &item)) {
        struct atl_letter_price *price = &prices->letters[prices->letter_count];

        load_letter_price(loading, &item, product, price);
        if (!price->field)
            return;
        prices->letter_count++;
    }
    if (prices->rush_basis_points && !atl_product_role(product, ATL_ROLE_RUSH))
        atl_json_fault(&loading->reader, &found,
                       "rush_basis_points needs a checkbox of role rush in the form");
}

// ---- Work, room, needs ----

static void load_work(struct atl_loading *loading, const struct atl_json_at *at,
                      struct atl_product *product)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_MAY_AS("fetch_hoop_s", struct atl_product, work.fetch_hoop_s, INT32, 0, DAY_S),
        ATL_JSON_MAY_AS("units_per_minute", struct atl_product, work.units_per_minute, INT32, 1,
                        100000),
        ATL_JSON_MAY_AS("change_s", struct atl_product, work.change_s, INT32, 0, DAY_S),
        ATL_JSON_MAY_AS("press_set_s", struct atl_product, work.press_set_s, INT32, 0, DAY_S),
        ATL_JSON_MAY_AS("check_s", struct atl_product, work.check_s, INT32, 0, DAY_S),
        ATL_JSON_MAY_AS("pack_s", struct atl_product, work.pack_s, INT32, 0, DAY_S),
        ATL_JSON_MAY_AS("units_fixed", struct atl_product, units.fixed, INT32, 0, 1000000),
        ATL_JSON_MAY_AS("units_per_letter_mm", struct atl_product, units.per_letter_mm, INT32, 0,
                        10000),
    };
    struct atl_json_at work = atl_json_find(at, "work");

    if (work.value)
        atl_json_read(&loading->reader, &work, ATL_ROWS(rows), product);
    if ((product->units.fixed || product->units.per_letter_mm) && !product->work.units_per_minute)
        atl_json_fault(&loading->reader, &work, "units need a speed: units_per_minute");
}

static void load_room(struct atl_loading *loading, const struct atl_json_at *at,
                      struct atl_product *product)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_MAY(struct atl_product, hoop, TEXT, 1, NAME_MAX_BYTES),
        ATL_JSON_NEED(struct atl_product, width_um, INT32, 1000, LENGTH_MAX_UM),
        ATL_JSON_NEED(struct atl_product, height_um, INT32, 1000, LENGTH_MAX_UM),
    };
    struct atl_json_at room = atl_json_find(at, "room");

    if (room.value)
        atl_json_read(&loading->reader, &room, ATL_ROWS(rows), product);
}

// The names of fabrics are those of plugin/stitch, which this does not see: the agent looks.
static void load_cloth(struct atl_loading *loading, const struct atl_json_at *at,
                       struct atl_product *product)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_MAY(struct atl_cloth, fabric, TEXT, 1, NAME_MAX_BYTES),
        ATL_JSON_MAY(struct atl_cloth, trim_s, INT32, 0, 600),
        ATL_JSON_MAY(struct atl_cloth, is_centre_out, BOOL, 0, 0),
        ATL_JSON_MAY(struct atl_cloth, comes_off_press, BOOL, 0, 0),
    };
    struct atl_json_at cloth = atl_json_find(at, "cloth");

    if (!cloth.value)
        return;
    atl_json_read(&loading->reader, &cloth, ATL_ROWS(rows), &product->cloth);
    if (product->kind != ATL_KIND_EMBROIDERY)
        atl_json_fault(&loading->reader, &cloth, "only an embroidery has a cloth");
}

static void load_needs(struct atl_loading *loading, const struct atl_json_at *at,
                       struct atl_product *product)
{
    static const struct {
        const char *name;
        enum atl_needs bit;
    } needs[] = {
        {"stock", ATL_NEEDS_STOCK},
        {"slot",  ATL_NEEDS_SLOT },
        {"seat",  ATL_NEEDS_SEAT },
    };
    struct atl_json_at list = atl_json_find(at, "needs");
    struct atl_json_at item = {0};
    size_t count = atl_json_count(&loading->reader, &list, 0, sizeof(needs) / sizeof(needs)[0]);

    for (size_t i = 0; i < count && atl_json_next(&list, &item); i++) {
        const char *name = atl_json_text(&loading->reader, &item, 1, NAME_MAX_BYTES);
        size_t j = 0;

        while (name && j < sizeof(needs) / sizeof(needs)[0] && strcmp(needs[j].name, name) != 0)
            j++;
        if (j == sizeof(needs) / sizeof(needs)[0])
            atl_json_fault(&loading->reader, &item, "must be one of: stock, slot, seat");
        else if (name)
            product->needs |= (unsigned)needs[j].bit;
    }
}

// ---- What must fit together ----

static void need_role(struct atl_loading *loading, const struct atl_json_at *at,
                      const struct atl_product *product, enum atl_role role)
{
    const struct atl_field *field = atl_product_role(product, role);

    if (!field)
        atl_json_fault(&loading->reader, at, "a product of kind %s needs a field of role %s",
                       atl_kind_name(product->kind), atl_role_name(role));
    else if (role != ATL_ROLE_TEXT && !field->is_required)
        atl_json_fault(&loading->reader, at, "the field %s must be required", field->name);
}

static void check_heights(struct atl_loading *loading, const struct atl_json_at *at,
                          const struct atl_product *product)
{
    const struct atl_field *heights = atl_product_role(product, ATL_ROLE_HEIGHT);
    const struct atl_field *places = atl_product_role(product, ATL_ROLE_PLACE);
    int32_t room_um = product->height_um;

    for (size_t i = 0; places && i < places->choice_count; i++) {
        if (places->choices[i].field_um > room_um)
            room_um = places->choices[i].field_um;
    }
    for (size_t i = 0; heights && room_um && i < heights->choice_count; i++) {
        if (heights->choices[i].height_um > room_um)
            atl_json_fault(&loading->reader, at, "letters of %d um fit no place of it: room %d um",
                           (int)heights->choices[i].height_um, (int)room_um);
    }
}

static void check_kind(struct atl_loading *loading, const struct atl_json_at *at,
                       const struct atl_product *product)
{
    static const enum atl_role embroidery[] = {ATL_ROLE_TEXT, ATL_ROLE_FONT, ATL_ROLE_HEIGHT,
                                               ATL_ROLE_THREAD};

    if (product->kind == ATL_KIND_EMBROIDERY) {
        for (size_t i = 0; i < sizeof(embroidery) / sizeof(embroidery)[0]; i++)
            need_role(loading, at, product, embroidery[i]);
        if (!product->width_um)
            atl_json_fault(&loading->reader, at, "an embroidery needs its room: width and height");
        if (!product->work.units_per_minute)
            atl_json_fault(&loading->reader, at, "an embroidery needs work.units_per_minute");
    }
    if (product->kind == ATL_KIND_SEAT) {
        need_role(loading, at, product, ATL_ROLE_SESSION);
        if (!product->session_count)
            atl_json_fault(&loading->reader, at, "a seat needs sessions");
    } else if (product->session_count) {
        atl_json_fault(&loading->reader, at, "only a seat has sessions");
    }
    if ((product->sign_off == ATL_SIGN_OFF_NONE) != (product->kind == ATL_KIND_SEAT))
        atl_json_fault(&loading->reader, at, "sign_off none is for seats, and only for them");
}

void atl_load_product(struct atl_loading *loading, const struct atl_json_at *at,
                      struct atl_product *product)
{
    struct atl_json_at rgb = atl_json_find(at, "rgb");
    struct atl_json_at form = atl_json_find(at, "form");

    product->is_returnable = true;
    atl_json_read(&loading->reader, at, ATL_ROWS(product_rows), product);
    product->sku = product->sku ? product->sku : "";
    product->has_rgb = rgb.value;
    atl_load_check_name(loading, at, product->sku);
    atl_load_check_image(loading, at, product->image);
    atl_load_local(loading, at, "name", true, &product->name);
    atl_load_local(loading, at, "what", true, &product->what);
    atl_load_local(loading, at, "care", false, &product->care);
    load_variants(loading, at, product);
    load_sessions(loading, at, product);
    load_room(loading, at, product);
    load_work(loading, at, product);
    load_cloth(loading, at, product);
    load_needs(loading, at, product);
    if (form.value)
        atl_load_fields(loading, &form, product);
    load_prices(loading, at, product);
    check_heights(loading, at, product);
    check_kind(loading, at, product);
}

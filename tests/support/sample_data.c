// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sample_data.h"

#include <string.h>

// What differs between the languages.
struct tongue {
    const char *language;
    const char *key_line;
    const char *promise_label;
    const char *promise;
    const char *created;
    const char *follow;
    const char *pin_text;
    const char *collect;
    const char *made_to_order;
    const char *hold;
    const char *copy;
    const char *thanks;
    const char *gift_line;
    const char *total;
    const char *price;
    const char *care;
    const char *acts[3]; // Start, Quality check, Shelf B4
    const char *kinds[2];
    const char *hint;
    const char *class_name;
    const char *when;
    const char *room;
    const char *count;
    const char *here;
};

static const struct tongue TONGUES[] = {
    {"en",
     "We have your order.",            "Ready between",
     "today 15:00–16:30",             "Ordered Tuesday 24 November, 13:05",
     "Scan to see how it is going.",               "With the order's code, it collects without this ticket.",
     "Please bring this ticket.",                        "Made for you, so we cannot take it back, unless something is not right: then please show us.",
     "Please see us at the counter.",                 "Copy 2; replaces the first.",
     "Thank you.",                        "A gift is being made for you.",
     "€52.00",   "€26.00",
     "Wash inside out at 30 °C. Do not iron the embroidery.",                              {"Start", "Quality check", "Shelf B4"},
     {"Act", "Place"},
     "begins the piece that was scanned before",         "Floral class: ikebana",
     "Saturday 5 December, 14:00–16:00", "Salon on the 2nd floor",
     "3 of 12 seats taken",    "Checked in"  },
    {"fr",
     "C'est noté.",                   "Prêt entre",
     "aujourd'hui 15 h – 16 h 30", "Commandé le mardi 24 novembre, 13 h 05",
     "Scannez pour suivre l'avancement.",          "Avec le code de la commande, il suffit au retrait sans ce ticket.",
     "Merci de présenter ce ticket.",                   "Réalisé pour vous : ni repris ni échangé, sauf défaut. Montrez-le-nous.",
     "Passez nous voir au comptoir.",                 "Copie n° 2 ; remplace la première.",
     "Merci.",                            "Un cadeau se prépare pour vous.",
     "52,00 €", "26,00 €",
     "Lavez à l'envers à 30 °C. Ne repassez pas la broderie.",                           {"Commencer", "Contrôle qualité", "Étagère B4"},
     {"Geste", "Lieu"},
     "commence la pièce scannée juste avant",          "Cours floral : ikebana",
     "samedi 5 décembre, 14 h – 16 h",  "Salon du 2e étage",
     "3 places prises sur 12", "Arrivé"     },
    {"ja",
     "ご注文を承りました。", "お渡し予定",
     "本日15:00～16:30",             "11月24日(火) 13:05",
     "進み具合をご覧いただけます。", "お控えがない場合も、番号とPINでお受け取りいただけます。",
     "お受け取りの際にお持ちください。", "お客様専用にお作りするため返品は承れません。不備の際はお申し出ください。",
     "カウンターまでお越しください。", "再発行（2）。以前のお控えに代わります。",
     "ありがとうございます。", "贈り物をお作りしております。",
     "¥8,800",    "¥4,400",
     "裏返して30℃で洗い、刺繍にアイロンをかけないでください。", {"着手", "検品", "棚B4"},
     {"作業", "場所"},
     "直前に読み取った品物に着手します", "フラワーレッスン：生け花",
     "12月5日(土) 14:00～16:00",       "2階サロン",
     "12席中3席",           "来場済み"},
};

static const struct tongue *tongue_of(const char *language)
{
    for (size_t i = 1; i < sizeof TONGUES / sizeof *TONGUES; i++) {
        if (strcmp(TONGUES[i].language, language) == 0)
            return &TONGUES[i];
    }
    return &TONGUES[0];
}

const struct atl_bitmap *sample_bitmap(void)
{
    static uint8_t bits[16] = {0xFF, 0xFF, 0xC0, 0x03, 0xA0, 0x05, 0x90, 0x09,
                               0x90, 0x09, 0xA0, 0x05, 0xC0, 0x03, 0xFF, 0xFF};
    static const struct atl_bitmap BITMAP = {
        .width_dots = 16, .height_dots = 8, .row_bytes = 2, .bits = bits};

    return &BITMAP;
}

static void add_line(struct atl_data_group *group, const char *list, const char *line)
{
    atl_data_text(atl_data_item(group, list), "line", line);
}

static void add_detail(struct atl_data_group *group, const char *label, const char *value)
{
    struct atl_data_group *detail = atl_data_item(group, "details");

    atl_data_text(detail, "label", label);
    atl_data_text(detail, "value", value);
}

static void add_sewing(struct atl_data_group *group, const char *label, const char *value)
{
    struct atl_data_group *fact = atl_data_item(group, "sewing");

    atl_data_text(fact, "label", label);
    atl_data_text(fact, "value", value);
}

static void add_shop(struct atl_data_group *root, const struct tongue *tongue, bool is_full)
{
    struct atl_data_group *shop = atl_data_group(root, "shop");

    atl_data_text(shop, "name", "Maison Lumière");
    add_line(shop, "address", "12, rue des Petits-Champs");
    add_line(shop, "address", "75002 Paris");
    atl_data_text(shop, "phone", "+33 1 23 45 67 89");
    add_line(shop, "hours", "10:00–20:00");
    atl_data_text(root, "language", tongue->language);
    atl_data_flag(root, "is_training", is_full);
    if (is_full)
        atl_data_image(root, "logo", sample_bitmap());
}

static void add_order(struct atl_data_group *root, const struct tongue *tongue, bool is_full)
{
    atl_data_text(root, "copy_text", is_full ? tongue->copy : "");
    atl_data_text(root, "order_code", "K7F-2A1");
}

static void add_guest(struct atl_data_group *root, const struct tongue *tongue)
{
    atl_data_text(root, "url", "HTTPS://AT.EXAMPLE/O/4QWERTY7UIOPASDFGHJKLZXCV2");
    atl_data_text(root, "key_line", tongue->key_line);
    atl_data_text(root, "key_line_shop", tongue == &TONGUES[0] ? "" : TONGUES[0].key_line);
    atl_data_text(root, "promise_label", tongue->promise_label);
    atl_data_text(root, "promise_text", tongue->promise);
    atl_data_text(root, "created_text", tongue->created);
    atl_data_text(root, "collect_text", tongue->collect);
    atl_data_text(root, "follow_text", tongue->follow);
    atl_data_text(root, "thanks_text", tongue->thanks);
}

static void add_piece(struct atl_data_group *root, const struct tongue *tongue, int number,
                      const char *text, bool is_full)
{
    struct atl_data_group *piece = atl_data_item(root, "pieces");

    atl_data_textf(piece, "number", "%d", number);
    atl_data_textf(piece, "code", "K7F-2A1/%d", number);
    atl_data_text(piece, "product", "Tote bag");
    atl_data_text(piece, "variant", "natural, large");
    atl_data_text(piece, "what", "Embroidery");
    atl_data_text(piece, "text", text);
    add_detail(piece, "Lettering", "Comfortaa");
    add_detail(piece, "Thread", "Burgundy");
    atl_data_text(piece, "promise_text", is_full ? tongue->promise : "");
    atl_data_text(piece, "price_text", tongue->price);
    atl_data_text(piece, "hold_text", is_full ? tongue->hold : "");
}

static void fill_claim(struct atl_data_group *root, const struct tongue *tongue, bool is_full)
{
    static const char *const TEXTS[] = {"L'été d'Élodie", "Jo", "Bartholomew of Canterbury"};

    add_order(root, tongue, is_full);
    add_guest(root, tongue);
    atl_data_text(root, "pin", "4071");
    atl_data_text(root, "pin_text", tongue->pin_text);
    atl_data_text(root, "hold_text", is_full ? tongue->hold : "");
    atl_data_text(root, "made_to_order_text", tongue->made_to_order);
    atl_data_text(root, "total_text", tongue->total);
    atl_data_flag(root, "is_gift", is_full);
    atl_data_flag(root, "is_many", is_full);
    for (int i = 0; i < (is_full ? 3 : 1); i++)
        add_piece(root, tongue, i + 1, TEXTS[i], is_full);
}

static void fill_gift(struct atl_data_group *root, const struct tongue *tongue, bool is_full)
{
    add_order(root, tongue, is_full);
    add_guest(root, tongue);
    atl_data_text(root, "key_line", tongue->gift_line);
    atl_data_text(root, "key_line_shop", tongue == &TONGUES[0] ? "" : TONGUES[0].gift_line);
    add_line(root, "what", "Tote bag");
    add_line(root, "what", "Embroidery");
}

static void fill_tag_full(struct atl_data_group *root)
{
    atl_data_text(root, "replaces_text", "replaces tag 1");
    atl_data_text(root, "duplicate_text", "DUPLICATE 2");
    atl_data_text(root, "needed_by_text", "Wednesday 12:00");
    atl_data_text(root, "language_text", "Français");
    atl_data_flag(root, "is_gift", true);
    atl_data_flag(root, "is_rush", true);
    atl_data_flag(root, "is_remake", true);
    atl_data_text(root, "remake_text", "thread break in the É; new blank");
    atl_data_text(root, "attempt", "2");
    atl_data_text(root, "hold_text", "the guest wants to see the colour first");
    atl_data_text(root, "customer_note", "as near to the handle as it goes");
    add_line(root, "hints", "no steam on this canvas");
    atl_data_text(root, "unit_of", "2 / 3");
}

static void fill_tag(struct atl_data_group *root, const struct tongue *tongue, bool is_full)
{
    add_order(root, tongue, is_full);
    atl_data_text(root, "piece_code", "K7F-2A1/2");
    atl_data_text(root, "tag_code", "AT1K7F2A1020HK4P9XW2");
    atl_data_text(root, "tag_revision", is_full ? "2" : "1");
    atl_data_text(root, "product", "Tote bag");
    atl_data_text(root, "variant", "natural, large");
    atl_data_text(root, "text", "L'été d'Élodie");
    add_detail(root, "Lettering", "Comfortaa");
    add_detail(root, "Height", "25 mm");
    add_detail(root, "Thread", "Burgundy 1784");
    add_detail(root, "Place", "front, centre");
    add_sewing(root, "Size", "84.2 × 17.1 mm");
    add_sewing(root, "Hoop", "180x130");
    add_sewing(root, "File", "K7F2A1_2.PES");
    atl_data_image(root, "proof", sample_bitmap());
    atl_data_text(root, "promise_text", tongue->promise);
    if (is_full)
        fill_tag_full(root);
}

// The full one is a gift, which says less.
static void fill_bag(struct atl_data_group *root, const struct tongue *tongue, bool is_full)
{
    add_order(root, tongue, is_full);
    atl_data_text(root, "piece_code", "K7F-2A1/2");
    atl_data_text(root, "unit_of", is_full ? "2 / 3" : "");
    atl_data_text(root, "product", "Tote bag");
    atl_data_text(root, "variant", "natural, large");
    atl_data_text(root, "text", "L'été d'Élodie");
    atl_data_flag(root, "is_gift", is_full);
    atl_data_text(root, "place_text", is_full ? "B4" : "");
    add_line(root, "care", tongue->care);
}

static void fill_codes(struct atl_data_group *root, const struct tongue *tongue)
{
    static const char *const CODES[] = {"UASTARTN", "UAQUALITYCHECKZ", "UPSHELFB4Y"};

    atl_data_text(root, "title", "Atelier 2");
    for (size_t i = 0; i < 3; i++) {
        struct atl_data_group *code = atl_data_item(root, "codes");

        atl_data_text(code, "name", tongue->acts[i]);
        atl_data_text(code, "code", CODES[i]);
        atl_data_text(code, "kind_text", tongue->kinds[i == 2]);
        atl_data_text(code, "hint", i == 0 ? tongue->hint : "");
    }
}

static void fill_roll(struct atl_data_group *root)
{
    for (int i = 0; i < 2; i++) {
        struct atl_data_group *tag = atl_data_item(root, "tags");

        atl_data_textf(tag, "number", "%03d", 17 + i);
        atl_data_textf(tag, "code", "SPARE017K4QW8R2Z%d", i);
    }
}

static void fill_seats(struct atl_data_group *root, const struct tongue *tongue, bool is_full)
{
    static const char *const NAMES[] = {"Élodie Marchand", "山田 花子",
                                        "Bartholomew-Christophe of Canterbury and Lower Saxony"};

    atl_data_text(root, "title", tongue->class_name);
    atl_data_text(root, "session_text", tongue->when);
    atl_data_text(root, "place_name", tongue->room);
    atl_data_text(root, "count_text", tongue->count);
    for (int i = 0; i < (is_full ? 3 : 0); i++) {
        struct atl_data_group *seat = atl_data_item(root, "seats");

        atl_data_textf(seat, "number", "%d", i + 1);
        atl_data_textf(seat, "code", "K7F-2A1/%d", i + 1);
        atl_data_text(seat, "name", NAMES[i]);
        atl_data_text(seat, "note", i == 1 ? "No lilies, please" : "");
        atl_data_text(seat, "stage_text", i == 0 ? tongue->here : "");
    }
}

static void fill_run(struct atl_data_group *root, bool is_full)
{
    static const char *const TEXTS[] = {"L'été d'Élodie", "山田 花子", "MARTIN 10"};

    atl_data_text(root, "title", "R7 · left");
    atl_data_text(root, "product", "Tote bag");
    atl_data_text(root, "thread_text", "Navy 1643");
    atl_data_text(root, "hoop_text", "180x130");
    for (int i = 0; i < (is_full ? 3 : 1); i++) {
        struct atl_data_group *piece = atl_data_item(root, "run");

        atl_data_textf(piece, "position", "%d", i + 1);
        atl_data_textf(piece, "code", "K7F-2A1/%d", i + 1);
        atl_data_text(piece, "text", TEXTS[i]);
        atl_data_text(piece, "variant", is_full ? "Navy canvas" : "");
        atl_data_textf(piece, "file", "K7F2A1_%d.PES", i + 1);
    }
}

void sample_data(struct atl_data *data, enum atl_template_kind kind, const char *language,
                 enum sample_data_case which)
{
    const struct tongue *tongue = tongue_of(language);
    bool is_full = which == SAMPLE_FULL;

    atl_data_init(data);
    add_shop(data->root, tongue, is_full);
    switch (kind) {
    case ATL_TEMPLATE_CLAIM:
        fill_claim(data->root, tongue, is_full);
        break;
    case ATL_TEMPLATE_GIFT:
        fill_gift(data->root, tongue, is_full);
        break;
    case ATL_TEMPLATE_TAG:
        fill_tag(data->root, tongue, is_full);
        break;
    case ATL_TEMPLATE_BAG:
        fill_bag(data->root, tongue, is_full);
        break;
    case ATL_TEMPLATE_CODES:
        fill_codes(data->root, tongue);
        break;
    case ATL_TEMPLATE_ROLL:
        fill_roll(data->root);
        break;
    case ATL_TEMPLATE_SEATS:
        fill_seats(data->root, tongue, is_full);
        break;
    case ATL_TEMPLATE_RUN:
        fill_run(data->root, is_full);
        break;
    case ATL_TEMPLATE_KIND_COUNT:
        break;
    }
}

// Sets the field in every element of the lists above it. The depth is that of the table: two.
static void set_everywhere(struct atl_data_group *group, const char *path,
                           const struct atl_template_field *row, const char *value, size_t items)
{
    const char *dot = strchr(path, '.');
    const struct atl_data_field *parent =
        dot ? atl_data_find(group, path, (size_t)(dot - path)) : NULL;

    if (dot) {
        for (struct atl_data_group *in = parent ? parent->first : NULL; in; in = in->next)
            set_everywhere(in, dot + 1, row, value, items);
        return;
    }
    if (row->type == ATL_DATA_TEXT)
        atl_data_text(group, path, value);
    else if (row->type == ATL_DATA_FLAG)
        atl_data_flag(group, path, true);
    else if (row->type == ATL_DATA_IMAGE)
        atl_data_image(group, path, sample_bitmap());
    else if (row->type == ATL_DATA_GROUP)
        (void)atl_data_group(group, path);
    else
        for (size_t i = 0; i < items; i++)
            (void)atl_data_item(group, path);
}

void sample_data_all(struct atl_data *data, enum atl_template_kind kind, const char *value,
                     size_t items)
{
    size_t count;
    const struct atl_template_field *fields = atl_template_fields(&count);

    atl_data_init(data);
    for (size_t i = 0; i < count; i++) {
        if (fields[i].kinds & (1u << kind))
            set_everywhere(data->root, fields[i].path, &fields[i], value, items);
    }
}

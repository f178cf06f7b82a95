// SPDX-License-Identifier: Apache-2.0
// The shop's catalogue: what may be customized, and how. Loaded once (wire/catalogue_json.h), and
// never changed while a process runs; everything belongs to the catalogue's arena and lives until
// atl_catalogue_free(). After loading, any number of readers may look at it.
//
// Money is in minor units of the catalogue's one currency, lengths in micrometres, durations in
// seconds. NULL and 0 mean "not said" unless a line says otherwise.
#ifndef ATL_CORE_CATALOGUE_H
#define ATL_CORE_CATALOGUE_H

#include "plugin/core/answer.h"
#include "plugin/core/arena.h"
#include "plugin/core/font.h"
#include "plugin/core/promise.h"
#include "plugin/core/screen.h"
#include "plugin/core/stage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ATL_LANGUAGES_MAX = 8,
    ATL_PRODUCTS_MAX = 512,
    ATL_FIELDS_MAX = 32,
    ATL_CHOICES_MAX = 200,
    ATL_VARIANTS_MAX = 200,
    ATL_SESSIONS_MAX = 200,
    ATL_FONTS_MAX = 32,
    ATL_WORD_LISTS_MAX = 16,
};

// A text in each language of the catalogue; in[i] belongs to catalogue->languages[i]. in[0] is
// never NULL, the others may be.
struct atl_local {
    const char *in[ATL_LANGUAGES_MAX];
};

enum atl_field_kind { // the numbers of the ABI
    ATL_FIELD_TEXT = 1,
    ATL_FIELD_CHOICE = 2,
    ATL_FIELD_CHECKBOX = 3,
};

// What an answer means to those who make the piece. At most one field of a product has each role,
// but for NONE and DETAIL.
enum atl_role {
    ATL_ROLE_NONE = 0,
    ATL_ROLE_TEXT,    // the words that are made; personal
    ATL_ROLE_NUMBER,  // the number on a back
    ATL_ROLE_FONT,    // choices name fonts
    ATL_ROLE_HEIGHT,  // choices say height_um of the capitals
    ATL_ROLE_THREAD,  // choices say colour and thread
    ATL_ROLE_PLACE,   // where on the product; choices may say the field's size there
    ATL_ROLE_DESIGN,  // choices name a design
    ATL_ROLE_COLOUR,  // a further colour
    ATL_ROLE_SESSION, // choices are the product's sessions
    ATL_ROLE_RUSH,    // a checkbox: made first, at a surcharge
    ATL_ROLE_NOTE,    // words for the workshop that are not made
    ATL_ROLE_TEXT2,   // a second and a third line of the words
    ATL_ROLE_TEXT3,
    ATL_ROLE_LAYOUT, // how the words stand: in lines, on an arc, as a monogram
    ATL_ROLE_COUNT
};

// Which letters a text field takes. Anything the text policy (text.h) refuses is refused in all.
enum atl_characters {
    ATL_CHARACTERS_ANY = 0,
    ATL_CHARACTERS_NAME,     // letters of any script with their marks, spaces, ' ’ - . ·
    ATL_CHARACTERS_CAPITALS, // A-Z and accented capitals, spaces, ' ’ - .
    ATL_CHARACTERS_DIGITS,   // 0-9
    ATL_CHARACTERS_INITIALS, // letters and . only
    ATL_CHARACTERS_COUNT
};

enum atl_arrangement {
    ATL_ARRANGEMENT_LINES,
    ATL_ARRANGEMENT_ARC,      // one line on a circle
    ATL_ARRANGEMENT_MONOGRAM, // one to three letters
    ATL_ARRANGEMENT_COUNT
};

enum atl_border { // of a monogram
    ATL_BORDER_NONE,
    ATL_BORDER_CIRCLE,
    ATL_BORDER_DIAMOND,
    ATL_BORDER_SQUARE,
    ATL_BORDER_COUNT
};

enum { ATL_TEXT_LINES_MAX = 3, ATL_MONOGRAM_LETTERS_MAX = 3 };

struct atl_choice {
    const char *value;      // stable: "navy"; what an answer holds
    struct atl_local label; // "Bleu nuit"
    int64_t price_minor;    // added to the proposal; may be negative
    bool has_rgb;
    uint32_t rgb;       // 0xRRGGBB
    const char *thread; // the maker's number: "1842"
    const char *chart;  // whose number: "Madeira Polyneon 40"
    int32_t height_um;  // ROLE_HEIGHT: of the capitals
    int32_t width_um;   // ROLE_PLACE: the field there, in place of the product's; 0: the product's
    int32_t field_um;   // ROLE_PLACE: its height
    const char *image;  // file, relative to the catalogue's folder
    enum atl_arrangement arrangement;  // ROLE_LAYOUT
    enum atl_border border;            // ROLE_LAYOUT, of a monogram
    int32_t arc_um;                    // ROLE_LAYOUT: radius; below 0 the words stand below it
    const struct atl_font *font;       // ROLE_FONT
    const struct atl_session *session; // ROLE_SESSION
};

// A word list as loaded, and who may allow one of its words after all.
struct atl_word_list {
    const char *id;        // "marks"
    bool may_be_overruled; // by a manager, recorded
    struct atl_screen_list screen;
};

struct atl_field {
    const char *name;       // stable, a-z 0-9 _: "text"
    struct atl_local label; // "Text to embroider"
    struct atl_local help;  // one sentence for a form; in[0] may be NULL
    enum atl_field_kind kind;
    enum atl_role role;
    bool is_required;  // when it applies
    int32_t min_count; // TEXT: graphemes, as a person counts letters
    int32_t max_count; // TEXT: 1..64
    int32_t min_value; // CHARACTERS_DIGITS: the smallest and largest number; max 0: any
    int32_t max_value;
    enum atl_characters characters;
    const struct atl_choice *choices;
    size_t choice_count;
    const char *preset;                       // the choice or text a form begins with; NULL: none
    const struct atl_word_list *const *lists; // TEXT: screened against these
    size_t list_count;
    // Applies only when that earlier field has that value; NULL: always.
    const struct atl_field *when_field;
    const char *when_value;
};

// So much a letter of one field, over the first so many.
struct atl_letter_price {
    const struct atl_field *field;
    int32_t over_count;
    int64_t price_minor;
};

enum { ATL_LETTER_PRICES_MAX = 4 };

struct atl_prices {
    int64_t base_minor;
    struct atl_letter_price letters[ATL_LETTER_PRICES_MAX];
    size_t letter_count;
    int32_t rush_basis_points;  // put on all before it; 2500 is a quarter more
    int32_t staff_basis_points; // taken off all before it
};

// How many stitches, or whatever the machine counts, until a plan says it exactly.
struct atl_units {
    int32_t fixed;         // of any piece
    int32_t per_letter_mm; // and for each letter and each mm that its capitals are high
};

// What the maker of the stitches has to know about the product.
struct atl_cloth {
    const char *fabric;   // a profile of plugin/stitch/fabric.h: "canvas"; NULL: canvas
    int32_t trim_s;       // what the machine takes to cut the thread once
    bool is_centre_out;   // a cap: sewn from the middle to both sides
    bool comes_off_press; // the design has to be off the hoop before anybody presses it
};

enum atl_sign_off {
    ATL_SIGN_OFF_BEFORE_PAYMENT,
    ATL_SIGN_OFF_BEFORE_MAKING,
    ATL_SIGN_OFF_NONE, // nothing is drawn: a seat
    ATL_SIGN_OFF_COUNT
};

enum atl_needs { // bits: what is scarce and held until a draft expires
    ATL_NEEDS_STOCK = 1,
    ATL_NEEDS_SLOT = 2,
    ATL_NEEDS_SEAT = 4,
};

struct atl_session {
    const char *id; // "ikebana-1205-1400"
    int64_t start_ms;
    int32_t minutes;
    int32_t capacity;
    struct atl_local label; // "Saturday 5 December, 14:00"
    struct atl_local place; // "Salon on the 2nd floor"
};

// "natural/M": a variant as the POS spells it.
struct atl_variant {
    const char *name;
    struct atl_local label;
    bool has_rgb;
    uint32_t rgb; // the fabric, for the proof
    const char *image;
};

struct atl_product {
    const char *sku;
    struct atl_local name; // "Tote bag"
    struct atl_local what; // what the guest's page calls it: "Embroidery"
    struct atl_local care; // how it is washed and kept, for the bag's label; in[0] may be NULL
    enum atl_kind kind;
    bool is_sellable; // false: described, not sold yet; offer() then has no fields
    const struct atl_variant *variants;
    size_t variant_count; // 0: any, or none
    bool has_rgb;
    uint32_t rgb; // of the fabric where no variant says it
    const char *image;
    const struct atl_field *fields;
    size_t field_count;
    struct atl_prices prices;
    struct atl_work work; // promise.h
    struct atl_units units;
    struct atl_cloth cloth; // of an embroidery
    const char *hoop;       // "100x100"
    int32_t width_um;       // the field that can be filled; 0: no limit known
    int32_t height_um;
    enum atl_sign_off sign_off;
    bool may_follow;    // details to follow
    bool is_returnable; // false: made to order, and the ticket says so
    bool is_child;      // no text in anybody's view
    unsigned needs;     // enum atl_needs
    int32_t lead_days;  // made elsewhere: so many open days before anything else; 0: in the shop
    const struct atl_session *sessions;
    size_t session_count;
};

struct atl_catalogue {
    const char *name;                         // "Maison Hirondelle"
    const char *currency;                     // ISO 4217
    const char *version;                      // free text of the editor: "2026-11"
    const char *languages[ATL_LANGUAGES_MAX]; // BCP 47; the first is the fallback
    size_t language_count;
    const struct atl_product *products;
    size_t product_count;
    const struct atl_font *fonts;
    size_t font_count;
    const struct atl_word_list *lists;
    size_t list_count;
    struct atl_arena arena; // owns all of it
};

void atl_catalogue_free(struct atl_catalogue *catalogue); // safe on a zeroed one

// NULL when the shop does not customize it.
const struct atl_product *atl_catalogue_product(const struct atl_catalogue *catalogue,
                                                const char *sku);
const struct atl_font *atl_catalogue_font(const struct atl_catalogue *catalogue, const char *id);
const struct atl_word_list *atl_catalogue_list(const struct atl_catalogue *catalogue,
                                               const char *id);

// The text in the language, or in its parent ("fr-CA" → "fr"), or in the catalogue's first one.
// language NULL is the first one, too. NULL only when the text has none.
const char *atl_local_in(const struct atl_catalogue *catalogue, const struct atl_local *local,
                         const char *language);

// NULL when there is none of that name, role or value. name NULL is none.
const struct atl_field *atl_product_field(const struct atl_product *product, const char *name);
const struct atl_field *atl_product_role(const struct atl_product *product, enum atl_role role);
const struct atl_variant *atl_product_variant(const struct atl_product *product, const char *name);
const struct atl_session *atl_product_session(const struct atl_product *product, const char *id);
const struct atl_choice *atl_field_choice(const struct atl_field *field, const char *value);

// What the answers say for a role: the value, or the choice; NULL when not answered.
const char *atl_product_value(const struct atl_product *product, enum atl_role role,
                              const struct atl_answer *answers, size_t count);
const struct atl_choice *atl_product_chosen(const struct atl_product *product, enum atl_role role,
                                            const struct atl_answer *answers, size_t count);

// The field applies to these answers (its "when" holds).
bool atl_field_applies(const struct atl_field *field, const struct atl_answer *answers,
                       size_t count);

// The lines of the words, in order, empty ones left out; how many there are.
size_t atl_product_lines(const struct atl_product *product, const struct atl_answer *answers,
                         size_t count, const char *lines[ATL_TEXT_LINES_MAX]);

// How they stand; ATL_ARRANGEMENT_LINES where the product does not ask.
enum atl_arrangement atl_product_arrangement(const struct atl_product *product,
                                             const struct atl_answer *answers, size_t count);

// Colour of the fabric of that variant, 0xRRGGBB; that of unbleached cotton when none is said.
uint32_t atl_product_rgb(const struct atl_product *product, const char *variant);

// Width and height of the field that these answers leave (place over product); 0: no limit known.
void atl_product_area(const struct atl_product *product, const struct atl_answer *answers,
                      size_t count, int32_t *width_um, int32_t *height_um);

// How many units (stitches) the answers take, by estimate: until a plan says it exactly.
int64_t atl_product_units(const struct atl_product *product, const struct atl_answer *answers,
                          size_t count);

// Stable names as in the catalogue's file. Never NULL; "unknown" out of range.
const char *atl_kind_name(enum atl_kind kind); // "embroidery", "name-number", "design", "seat"
const char *atl_role_name(enum atl_role role);
const char *atl_field_kind_name(enum atl_field_kind kind);
const char *atl_arrangement_name(enum atl_arrangement arrangement); // "lines", "arc", "monogram"
const char *atl_border_name(enum atl_border border); // "none", "circle", "diamond", "square"
const char *atl_characters_name(enum atl_characters characters);
const char *atl_sign_off_name(enum atl_sign_off sign_off);

#endif

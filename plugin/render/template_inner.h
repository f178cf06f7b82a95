// SPDX-License-Identifier: Apache-2.0
// What the template_*.c files share; nobody else includes it.
//
//   text --header--> kind, paper, font
//        --parts---> pieces of text, fields, words, sections          (once, when loaded)
//        --expand--> one line at a time, values escaped               (once a page)
//        --line----> rows: text with its columns and styles, rules, cuts
//        --property> {…}: codes, images, widths
#ifndef ATL_RENDER_TEMPLATE_INNER_H
#define ATL_RENDER_TEMPLATE_INNER_H

#include "plugin/core/arena.h"
#include "plugin/core/buf.h"
#include "plugin/render/template.h"

enum {
    ATL_TEMPLATE_PARTS_MAX = 2048,
    ATL_TEMPLATE_SECTIONS_MAX = 128,
    ATL_TEMPLATE_COLUMNS_MAX = 7,    // columns of one line: 15 cells with the space around them
    ATL_TEMPLATE_SCALE_MAX = 6,      // the seven ^ of the grammar
    ATL_TEMPLATE_FILES_MAX = 8,      // pictures of one template
    ATL_TEMPLATE_STEPS_MAX = 200000, // parts gone through for one page
    ATL_TEMPLATE_LINE_MAX_BYTES = 65536,
    ATL_TEMPLATE_COLUMN_UM = 1500, // an ordinary letter of a receipt printer

    // Two bytes that neither a template nor a value can contain, written by the expansion.
    ATL_MARK_VALUE = 2, // a value begins here; it may be empty
    ATL_MARK_IMAGE = 1, // the line's image stands here
};

enum atl_part_kind {
    ATL_PART_TEXT,
    ATL_PART_NEWLINE,
    ATL_PART_FIELD,   // {{a.b}}
    ATL_PART_WORD,    // {{i18n.key}}
    ATL_PART_COMMENT, // {{! … }}
    ATL_PART_OPEN,    // {{#a}}
    ATL_PART_UNLESS,  // {{^a}}
    ATL_PART_CLOSE,   // {{/a}}
};

struct atl_template_part {
    enum atl_part_kind kind;
    unsigned line;    // of the file
    const char *text; // TEXT: as written; WORD: the key; else: the path as written
    size_t len;

    // FIELD, OPEN, UNLESS: where to look. `text` is a path inside the scope of that number; the
    // top is scope 0, and each section of a list or group opens the next.
    const struct atl_template_field *field;
    size_t scope;
    size_t scope_opened; // OPEN of a list or group: the number of its scope; else 0
    size_t other;        // OPEN, UNLESS: its CLOSE; CLOSE: what it closes
};

struct atl_template_file {
    const char *name;
    const struct atl_bitmap *image; // in the template's arena; NULL: it is a photograph
    const struct atl_grey *photo;
};

struct atl_template {
    struct atl_arena arena; // owns everything here
    const char *name;
    const char *dir_override; // for {file:}; may be NULL
    const char *dir_shipped;
    enum atl_template_kind kind;
    uint32_t paper_um;
    uint32_t height_um; // of a label; 0: a roll
    uint32_t columns;   // ordinary letters on that paper
    uint32_t font_um;
    const char *font;
    const char *body; // behind the header
    size_t body_len;
    unsigned body_line; // of the file
    struct atl_template_part *parts;
    size_t part_count;
    struct atl_template_file files[ATL_TEMPLATE_FILES_MAX];
    size_t file_count;
};

// "claim.ticket:12: …", ATL_E_INVALID.
atl_code atl_template_fail(struct atl_error *err, const struct atl_template *tmpl, unsigned line,
                           const char *fmt, ...) ATL_PRINTF(4, 5);

// template_header.c: kind, paper and font of `text`; sets body.
ATL_MUST_USE atl_code atl_template_header(struct atl_template *tmpl, const char *text, size_t len,
                                          struct atl_error *err);

// template_parts.c: the body as parts, with every name looked up.
ATL_MUST_USE atl_code atl_template_parts(struct atl_template *tmpl, struct atl_error *err);

// What {option: …}, {min: …} and {height: …} said last.
enum atl_code_kind { ATL_CODE_NONE, ATL_CODE_QR, ATL_CODE_BARS };

struct atl_template_code {
    enum atl_code_kind kind; // NONE: no option was seen
    enum atl_bars bars;
    char qr_level;
    uint32_t module_um; // 0: what is usual for it
    uint32_t height_um; // of bars; 0: what is usual
    bool has_words;
};

// What a page being laid out remembers from line to line.
struct atl_template_layout {
    const struct atl_template *tmpl;
    struct atl_template *loading; // the same while it is being loaded, else NULL: may read files
    struct atl_arena *arena;      // the page's
    struct atl_buf rows;          // struct atl_row, one behind the other
    size_t row_count;

    // The boxes of a label. Rows go into the last one; while it is laid out, `row_count` of a box
    // says how many there are, and where they begin is the sum of those before it.
    struct atl_box boxes[ATL_BOXES_MAX];
    size_t box_count;
    uint32_t columns;     // ordinary letters of the paper, or of the box
    uint32_t width_um;    // that is printed on, of the paper or of the box
    enum atl_align loose; // where a line stands whose spaces say nothing

    // {width: *, 3}: 0 columns is one that shares; is_width_auto: every column does.
    bool is_width_auto;
    uint16_t widths[ATL_TEMPLATE_COLUMNS_MAX];
    bool is_dropped[ATL_TEMPLATE_COLUMNS_MAX]; // {width: 0}
    size_t width_count;
    uint16_t border;      // empty letters between two columns
    enum atl_align align; // of a line that is narrower than the paper
    uint8_t fit_least;    // {fit: shrink 2}: no smaller than this; 0: nothing shrinks
    bool is_clipped;      // {fit: clip}: one line, and no more
    struct atl_template_code code;

    // The line at hand.
    unsigned line;
    bool has_tag;
    const struct atl_bitmap *image;
};

// template_line.c
void atl_template_layout_init(struct atl_template_layout *layout, const struct atl_template *tmpl,
                              struct atl_arena *arena);
void atl_template_layout_free(struct atl_template_layout *layout);
ATL_MUST_USE atl_code atl_template_line(struct atl_template_layout *layout, const char *text,
                                        size_t len, struct atl_error *err);
ATL_MUST_USE atl_code atl_template_row(struct atl_template_layout *layout,
                                       const struct atl_row *row, struct atl_error *err);

// Undoes escapes: appends what `text` means. `literal` are the characters that a backslash may
// stand before. Other escapes than those and \xHH are errors.
ATL_MUST_USE atl_code atl_template_unescape(const struct atl_template_layout *layout,
                                            const char *text, size_t len, const char *literal,
                                            struct atl_buf *out, struct atl_error *err);

// template_property.c: `text` is what stands between the braces of {…}.
ATL_MUST_USE atl_code atl_template_property(struct atl_template_layout *layout, const char *text,
                                            size_t len, enum atl_align align,
                                            struct atl_error *err);

// template_code.c: {code}, {option}, {min}, {height}.
ATL_MUST_USE atl_code atl_template_option(struct atl_template_layout *layout, const char *value,
                                          struct atl_error *err);
ATL_MUST_USE atl_code atl_template_min(struct atl_template_layout *layout, const char *value,
                                       struct atl_error *err);
ATL_MUST_USE atl_code atl_template_height(struct atl_template_layout *layout, const char *value,
                                          struct atl_error *err);
// The row of a code; is_sample: the text is not yet what will be printed.
ATL_MUST_USE atl_code atl_template_code_row(struct atl_template_layout *layout, const char *text,
                                            bool is_sample, struct atl_row *row,
                                            struct atl_error *err);

// template_box.c: {box: x, y, w, h; fit: …; valign: …; align: …} opens a box on a label.
struct atl_template_box {
    const char *place; // "3, 3, 40, 12"
    const char *fit;   // the rest may be NULL
    const char *valign;
    const char *align;
};
ATL_MUST_USE atl_code atl_template_box_open(struct atl_template_layout *layout,
                                            const struct atl_template_box *box,
                                            struct atl_error *err);
// A label's rows as one row of boxes, in the page's arena.
ATL_MUST_USE atl_code atl_template_label(struct atl_template_layout *layout, struct atl_row *out,
                                         struct atl_error *err);

// template_words.c
// Cuts `text` at the next comma or space; returns the word, or NULL at the end.
char *atl_template_next_word(char **text);
// A value out of a few: its number, or -1.
int atl_template_choose(const char *value, const char *const *names, int count);

// template_measure.c: "0.4mm" -> 400; false when it is no length in that unit, or over 1 m.
bool atl_template_measure(const char *text, const char *unit, uint32_t *thousandths);

// template_fit.c: smaller letters, until each cell stands on one line.
ATL_MUST_USE atl_code atl_template_fit(const struct atl_template_layout *layout,
                                       struct atl_span *const *spans, const struct atl_cell *cells,
                                       size_t cell_count, struct atl_error *err);
uint32_t atl_template_columns_of(const char *text); // ordinary letters wide

// template_picture.c: the picture, loaded on first sight.
ATL_MUST_USE atl_code atl_template_picture(struct atl_template_layout *layout, const char *name,
                                           const struct atl_bitmap **out, struct atl_error *err);
// The same as a photograph, to be dithered.
ATL_MUST_USE atl_code atl_template_photo(struct atl_template_layout *layout, const char *name,
                                         const struct atl_grey **out, struct atl_error *err);
ATL_MUST_USE atl_code atl_template_grey_copy(struct atl_arena *arena, const struct atl_grey *from,
                                             const struct atl_grey **out, struct atl_error *err);
ATL_MUST_USE atl_code atl_template_bitmap_copy(struct atl_arena *arena,
                                               const struct atl_bitmap *from,
                                               const struct atl_bitmap **out,
                                               struct atl_error *err);

// template_expand.c: fills the parts and lays out line by line. words NULL: every word is "X".
ATL_MUST_USE atl_code atl_template_expand(struct atl_template_layout *layout,
                                          const struct atl_data *data,
                                          const struct atl_words_file *words,
                                          struct atl_error *err);
void atl_template_escape(struct atl_buf *out, const char *value);

// template_check.c: lays out once for every section with made-up values, so that every line is
// read when the template is loaded.
ATL_MUST_USE atl_code atl_template_check(struct atl_template *tmpl, struct atl_error *err);

#endif

// SPDX-License-Identifier: Apache-2.0
// A receipt printer of Star, MADE UP from the maker's specifications: it executes its buffer in
// order, keeps it while it has no paper and prints on afterwards, and answers ESC ACK SOH on
// arrival, wherever it stands. Which of the three languages it speaks is a fact about its model.
// What it does not know it passes over, as the specifications have it for unknown codes.
#include "tests/support/sim.h"

#include <string.h>

enum {
    ROW_US = 830, // 150 mm/s at 203 dpi
    LINE_US = 32 * ROW_US,
    CUT_US = 300000,
    LINE_BYTES = 512,
    BAND_ROWS = 24,
    WIDE_BYTES = 104,
    BLOCKS = SIM_PAPER_OUT | SIM_COVER_OPEN | SIM_CUTTER_JAM | SIM_HOT | SIM_OFFLINE,
};

enum style { BOLD, UNDERLINED, INVERTED, HIGH, WIDE, PAGE, STYLES };

enum language { LINE, PRNT, GRAPHIC };

struct printer {
    uint8_t arriving[2]; // the last bytes that came, for what is obeyed at once
    bool is_automatic;   // ESC RS a
    uint8_t etb_counter;
    bool is_etb; // executed since the counter was cleared
    uint8_t documents;
    // Lines.
    uint8_t style[STYLES];
    uint8_t shown[STYLES]; // as marked in the line
    char line[LINE_BYTES];
    size_t line_len;
    unsigned columns;
    unsigned spacing_mm;
    uint8_t band[BAND_ROWS * WIDE_BYTES]; // of ESC k, in the line's buffer
    bool has_band;
    unsigned blank_rows; // that ESC I still has to feed; bands have their rows here, too
    unsigned band_at;
    // Dots that are being received.
    uint32_t row_bytes; // of the picture
    uint32_t rows_left;
    uint32_t row_at;
    uint8_t row[256];
    bool is_band; // they go to the line's buffer instead of the paper
    uint8_t dots_before;
    // Rows.
    bool is_raster;
    bool has_rows; // since the last ESC FF
    unsigned eot_mode, ff_mode;
};

static enum language language_of(const struct sim *sim)
{
    static const struct {
        const char *begins;
        enum language language;
    } rows[] = {
        {"raster-",  GRAPHIC},
        {"tsp100",   GRAPHIC},
        {"mc-print", PRNT   },
        {"mpop",     PRNT   },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strncmp(sim_model(sim)->id, rows[i].begins, strlen(rows[i].begins)) == 0)
            return rows[i].language;
    }
    return LINE;
}

static uint32_t wide_bytes(const struct sim *sim)
{
    return ((uint32_t)sim_model(sim)->width_dots + 7) / 8;
}

static void initialise(struct printer *self)
{
    memset(self->style, 0, sizeof self->style);
    memset(self->shown, 0, sizeof self->shown);
    self->line_len = 0;
    self->columns = 0;
    self->spacing_mm = 4;
    self->has_band = false;
}

static void switch_on(struct sim *sim, void *state)
{
    (void)sim;
    initialise(state);
}

// ---- At once ----

// Nine bytes, version 3.
static void send_asb(struct sim *sim, const struct printer *self)
{
    const uint32_t now = sim_conditions(sim);
    const uint8_t n = self->etb_counter;
    const uint8_t asb[] = {
        0x23,
        0x06,
        (uint8_t)((now & SIM_OFFLINE ? 0x40 : 0) | (now & SIM_COVER_OPEN ? 0x20 : 0) |
                  (now & BLOCKS ? 0x08 : 0) | (self->is_etb ? 0x02 : 0)),
        (uint8_t)((now & SIM_HOT ? 0x40 : 0) | (now & SIM_CUTTER_JAM ? 0x08 : 0)),
        0,
        (uint8_t)((now & SIM_PAPER_OUT ? 0x08 : 0) |
                  (now & (SIM_PAPER_OUT | SIM_PAPER_LOW) ? 0x04 : 0)),
        0,
        (uint8_t)((n & 0x07) << 1 | (n & 0x18) << 2),
        0,
    };

    sim_answer(sim, asb, sizeof asb);
}

static void arrive(struct sim *sim, void *state, uint8_t byte)
{
    struct printer *self = state;

    if (self->arriving[0] == 0x1b && self->arriving[1] == 0x06 && byte == 0x01)
        send_asb(sim, self);
    self->arriving[0] = self->arriving[1];
    self->arriving[1] = byte;
}

static void changed(struct sim *sim, void *state, uint32_t before)
{
    const struct printer *self = state;

    if (self->is_automatic && before != sim_conditions(sim))
        send_asb(sim, self);
}

// ---- Letters ----

static void end_line(struct sim *sim, struct printer *self)
{
    self->line[self->line_len] = '\0';
    sim_print_text(sim, self->line);
    self->line_len = 0;
    self->columns = 0;
    memset(self->shown, 0, sizeof self->shown);
}

static void add_mark(struct printer *self)
{
    if (memcmp(self->shown, self->style, sizeof self->style) == 0)
        return;
    memcpy(self->shown, self->style, sizeof self->style);
    self->line[self->line_len++] = '\1';
    for (size_t i = 0; i < sizeof self->style; i++) // no NUL, no line feed
        self->line[self->line_len++] = (char)('A' + self->style[i]);
}

static void letter(struct sim *sim, struct printer *self, uint8_t byte)
{
    // Of a cut that broke off when it was switched off, and of half a question: codes that mean
    // nothing are passed over.
    if ((byte && byte <= 0x06) || byte == 0x1d)
        return;
    if (byte < 0x20 || byte == 0x7f) {
        sim_garbage(sim, "control %02x", byte);
        return;
    }
    self->columns += 1u + self->style[WIDE];
    if (self->columns > sim_model(sim)->columns) {
        sim_garbage(sim, "a line over %u letters", (unsigned)sim_model(sim)->columns);
        return;
    }
    if (self->line_len + 2 + sizeof self->style < sizeof self->line) {
        add_mark(self);
        self->line[self->line_len++] = (char)byte;
    }
}

// ---- Dots ----

static void begin_dots(struct sim *sim, struct printer *self, uint32_t row_bytes, uint32_t rows)
{
    self->row_bytes = row_bytes;
    self->rows_left = rows;
    self->row_at = 0;
    self->dots_before = 0;
    self->is_band = false;
    if (!row_bytes || !rows) // broke off before it began
        self->rows_left = 0;
    else if (self->columns || row_bytes > wide_bytes(sim)) {
        sim_garbage(sim, "a picture of %u bytes by %u rows in column %u", row_bytes, rows,
                    self->columns);
        self->rows_left = row_bytes <= sizeof self->row ? rows : 0;
    }
}

// One byte of them.
static enum sim_step dots(struct sim *sim, struct printer *self, uint32_t *cost_us)
{
    uint8_t byte;

    if (!sim_next(sim, &byte))
        return SIM_HUNGRY;
    sim_is_dots(sim);
    if (self->dots_before == 0x1b && byte == 0x06)
        sim_garbage(sim, "dots that may be obeyed as ESC ACK");
    self->dots_before = byte;
    self->row[self->row_at++] = byte;
    if (self->row_at < self->row_bytes)
        return SIM_WORKED;
    self->row_at = 0;
    self->rows_left--;
    if (self->is_band) {
        uint8_t *row = self->band + (size_t)(BAND_ROWS - 1 - self->rows_left) * WIDE_BYTES;

        memset(row, 0, WIDE_BYTES);
        memcpy(row, self->row, self->row_bytes < WIDE_BYTES ? self->row_bytes : WIDE_BYTES);
        self->has_band = self->has_band || !self->rows_left;
        return SIM_WORKED;
    }
    sim_print_dots(sim, self->row, self->row_bytes);
    *cost_us = ROW_US;
    return SIM_WORKED;
}

// Paper moves by so many rows; what a band has in them is printed, the rest of it is lost.
static void feed(struct printer *self, unsigned rows)
{
    self->blank_rows = rows;
    self->band_at = 0;
}

static enum sim_step feed_row(struct sim *sim, struct printer *self, uint32_t *cost_us)
{
    const bool has_dots = self->has_band && self->band_at < BAND_ROWS;

    sim_print_dots(sim, has_dots ? self->band + (size_t)self->band_at * WIDE_BYTES : NULL,
                   has_dots ? wide_bytes(sim) : 0);
    self->band_at++;
    if (--self->blank_rows == 0)
        self->has_band = false;
    *cost_us = ROW_US;
    return SIM_WORKED;
}

// ---- Commands ----

enum name {
    RESET,
    COUNTRY,
    SPACING_4,
    SPACING_3,
    SET_PAGE,
    SET_SIZE,
    BOLD_ON,
    BOLD_OFF,
    SET_UNDERLINED,
    INVERTED_ON,
    INVERTED_OFF,
    FEED,
    CUT,
    BAND,
    BLOCK,
    CLEAR_COUNTER,
    AUTOMATIC,
    DOCUMENT,
    REAL_TIME,
    RASTER,
    EXECUTE,
};

enum { LINES = 1u << LINE | 1u << PRNT, ALL = LINES | 1u << GRAPHIC };

static const struct command {
    uint8_t bytes[3];
    uint8_t name_len, len;
    uint8_t languages; // bits
    enum name what;
} commands[] = {
    {{0x1b, '@'},        2, 2, LINES,         RESET         },
    {{0x1b, 'R'},        2, 3, LINES,         COUNTRY       },
    {{0x1b, 'z'},        2, 3, LINES,         SPACING_4     },
    {{0x1b, '0'},        2, 2, LINES,         SPACING_3     },
    {{0x1b, 0x1d, 't'},  3, 4, LINES,         SET_PAGE      },
    {{0x1b, 'i'},        2, 4, LINES,         SET_SIZE      },
    {{0x1b, 'E'},        2, 2, LINES,         BOLD_ON       },
    {{0x1b, 'F'},        2, 2, LINES,         BOLD_OFF      },
    {{0x1b, '-'},        2, 3, LINES,         SET_UNDERLINED},
    {{0x1b, '4'},        2, 2, LINES,         INVERTED_ON   },
    {{0x1b, '5'},        2, 2, LINES,         INVERTED_OFF  },
    {{0x1b, 'I'},        2, 3, LINES,         FEED          },
    {{0x1b, 'd'},        2, 3, LINES,         CUT           },
    {{0x1b, 'k'},        2, 4, 1u << LINE,    BAND          },
    {{0x1b, 0x1d, 'S'},  3, 9, 1u << PRNT,    BLOCK         },
    {{0x1b, 0x1e, 'E'},  3, 4, ALL,           CLEAR_COUNTER },
    {{0x1b, 0x1e, 'a'},  3, 4, ALL,           AUTOMATIC     },
    {{0x1b, 0x1d, 0x03}, 3, 6, ALL,           DOCUMENT      },
    {{0x1b, 0x06},       2, 3, ALL,           REAL_TIME     },
    {{0x1b, '*', 'r'},   3, 4, ALL,           RASTER        },
    {{0x1b, 0x0c},       2, 3, 1u << GRAPHIC, EXECUTE       },
};

static void cut(struct sim *sim, uint32_t *cost_us)
{
    sim_paper_ends(sim, true);
    *cost_us = CUT_US;
}

static bool may_end(struct sim *sim, const struct printer *self, const char *what)
{
    if (self->columns || self->has_band)
        sim_garbage(sim, "%s inside a line", what);
    return !self->columns && !self->has_band;
}

static void begin_band(struct sim *sim, struct printer *self, const uint8_t *command)
{
    if (self->spacing_mm != 3)
        sim_garbage(sim, "24 rows on lines of %u mm", self->spacing_mm);
    if (self->has_band)
        sim_garbage(sim, "two pictures in one line");
    begin_dots(sim, self, command[2] | (uint32_t)command[3] << 8, BAND_ROWS);
    self->is_band = true;
    self->has_band = false;
}

// Whoever mends half a question asks for the count alone, s = 0.
static void document(struct sim *sim, struct printer *self, const uint8_t *command)
{
    const uint8_t s = command[3];

    if (s > 1 || !(sim_model(sim)->quirks & ATL_QUIRK_NAMES_JOBS)) {
        sim_garbage(sim, "ESC GS ETX %u, or a printer without", s);
        return;
    }
    self->documents = (uint8_t)(self->documents + s);
    const uint8_t answer[] = {0x1b, 0x1d, 0x03, s, command[4], command[5], self->documents, 0};

    sim_answer(sim, answer, sizeof answer);
}

static void execute_mode(struct sim *sim, struct printer *self, unsigned mode, uint32_t *cost_us)
{
    self->has_rows = false;
    if (mode == 9 || mode == 13)
        cut(sim, cost_us);
    else if (mode != 1)
        sim_garbage(sim, "ESC FF in mode %u", mode);
}

static void set_mode(struct sim *sim, struct printer *self, uint8_t name, unsigned n)
{
    if (name == 'Y') {
        feed(self, n);
        self->has_rows = true;
        return;
    }
    if (self->has_rows) {
        sim_garbage(sim, "ESC * r %c while rows wait", name);
        return;
    }
    if (name == 'E')
        self->eot_mode = n;
    else if (name == 'F')
        self->ff_mode = n;
    else if (name == 'P' ? n != 0 : n > 2)
        sim_garbage(sim, "ESC * r %c %u", name, n);
}

// ESC * r X, some with a number and NUL behind. False: they are not there yet.
static bool raster(struct sim *sim, struct printer *self, uint8_t name, uint32_t *cost_us)
{
    unsigned n = 0;
    size_t ahead = 4;
    uint8_t byte;

    if (strchr("PEFYD", name) && name) {
        for (; sim_peek(sim, ahead, &byte) && byte; ahead++)
            n = byte >= '0' && byte <= '9' && n < 100000 ? n * 10 + byte - '0' : 999999;
        if (!sim_peek(sim, ahead, &byte))
            return false;
        ahead++;
    }
    for (size_t i = 0; i < ahead; i++)
        (void)sim_next(sim, &byte);
    if (language_of(sim) != GRAPHIC) // passed over; what sends it there ends the line with CAN
        return true;
    if (name == 'R' || name == 'A') {
        if (self->has_rows)
            execute_mode(sim, self, self->eot_mode, cost_us);
        self->is_raster = name == 'A';
        self->eot_mode = self->ff_mode = 13;
    } else if (name == 'B') {
        if (self->has_rows && self->is_raster)
            execute_mode(sim, self, self->eot_mode, cost_us);
        self->is_raster = false;
    } else if (name == 'C') {
        self->has_rows = false;
    } else if (ahead > 4 && self->is_raster) {
        set_mode(sim, self, name, n);
    } else if (name) { // NUL: it was broken off
        sim_garbage(sim, "ESC * r %02x", name);
    }
    return true;
}

static void obey(struct sim *sim, struct printer *self, enum name what, const uint8_t *command,
                 uint32_t *cost_us)
{
    switch (what) {
    case RESET:
        (void)may_end(sim, self, "a reset");
        initialise(self);
        return;
    case COUNTRY:
        if (command[2])
            sim_garbage(sim, "the letters of country %u", command[2]);
        return;
    case SPACING_4:
    case SPACING_3:
        self->spacing_mm = what == SPACING_4 ? 4 : 3;
        return;
    case SET_PAGE:
        self->style[PAGE] = command[3] & 0x3f;
        return;
    case SET_SIZE:
        if (command[2] > 5 || command[3] > 5)
            sim_garbage(sim, "letters of size %u by %u", command[2], command[3]);
        self->style[HIGH] = command[2] & 7;
        self->style[WIDE] = command[3] & 7;
        return;
    case BOLD_ON:
    case BOLD_OFF:
        self->style[BOLD] = what == BOLD_ON;
        return;
    case SET_UNDERLINED:
        self->style[UNDERLINED] = command[2] & 1;
        return;
    case INVERTED_ON:
    case INVERTED_OFF:
        self->style[INVERTED] = what == INVERTED_ON;
        return;
    case FEED:
        if (self->columns)
            sim_garbage(sim, "ESC I %u in column %u", command[2], self->columns);
        feed(self, command[2]);
        return;
    case CUT:
        if (may_end(sim, self, "a cut"))
            cut(sim, cost_us);
        return;
    case BAND:
        begin_band(sim, self, command);
        return;
    case BLOCK:
        begin_dots(sim, self, command[4] | (uint32_t)command[5] << 8,
                   command[6] | (uint32_t)command[7] << 8);
        return;
    case CLEAR_COUNTER:
        self->etb_counter = 0;
        self->is_etb = false;
        return;
    case AUTOMATIC:
        self->is_automatic = command[3] & 1;
        return;
    case DOCUMENT:
        document(sim, self, command);
        return;
    case EXECUTE:
        execute_mode(sim, self, command[2] == 0x04 ? self->eot_mode : self->ff_mode, cost_us);
        return;
    case RASTER:
    case REAL_TIME: // was obeyed on arrival
        return;
    }
}

static const struct command *find(const struct sim *sim, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (commands[i].name_len <= len && (commands[i].languages >> language_of(sim) & 1) &&
            memcmp(commands[i].bytes, bytes, commands[i].name_len) == 0)
            return &commands[i];
    }
    return NULL;
}

static enum sim_step command(struct sim *sim, struct printer *self, uint32_t *cost_us)
{
    uint8_t bytes[9] = {0};
    const struct command *command;
    size_t len = 0;

    while (len < sizeof bytes && sim_peek(sim, len, &bytes[len]))
        len++;
    command = find(sim, bytes, len);
    if (!command && len < 3)
        return SIM_HUNGRY;
    if (!command) { // one that is unknown is passed over with its name
        (void)sim_next(sim, &bytes[0]);
        if (bytes[1] == 0x1b) // half a question that was asked again
            return SIM_WORKED;
        (void)sim_next(sim, &bytes[1]);
        if (bytes[1] && bytes[2]) // with NUL somebody mends what broke off
            sim_garbage(sim, "command %02x %02x %02x", bytes[0], bytes[1], bytes[2]);
        return SIM_WORKED;
    }
    if (len < command->len)
        return SIM_HUNGRY;
    if (command->what == RASTER)
        return raster(sim, self, bytes[3], cost_us) ? SIM_WORKED : SIM_HUNGRY;
    for (size_t b = 0; b < command->len; b++)
        (void)sim_next(sim, &bytes[b]);
    obey(sim, self, command->what, bytes, cost_us);
    return SIM_WORKED;
}

static enum sim_step row(struct sim *sim, struct printer *self)
{
    uint8_t head[3];

    if (sim_waiting(sim) < sizeof head)
        return SIM_HUNGRY;
    for (size_t i = 0; i < sizeof head; i++) {
        (void)sim_next(sim, &head[i]);
        if (self->has_rows) // a picture is thousands of heads, all alike
            sim_is_dots(sim);
    }
    self->has_rows = true;
    if (head[1] | head[2])
        begin_dots(sim, self, head[1] | (uint32_t)head[2] << 8, 1);
    return SIM_WORKED;
}

static void etb(struct sim *sim, struct printer *self)
{
    self->etb_counter = (self->etb_counter + 1) & 0x1f;
    self->is_etb = true;
    if (self->is_automatic)
        send_asb(sim, self);
}

static void single(struct sim *sim, struct printer *self, uint8_t byte, uint32_t *cost_us)
{
    const bool is_graphic = language_of(sim) == GRAPHIC;

    if (byte == 0x17) {
        etb(sim, self);
    } else if (byte == 0x00) {
        return; // passed over
    } else if (byte == 0x18) {
        initialise(self);
        self->etb_counter = 0;
        self->is_etb = false;
    } else if (is_graphic) { // outside of raster mode what broke off is passed over
        if (self->is_raster)
            sim_garbage(sim, "byte %02x among rows", byte);
    } else if (byte == 0x07 || byte == 0x1a) {
        (void)may_end(sim, self, "a pulse");
    } else if (byte == '\n' && self->has_band) {
        feed(self, BAND_ROWS);
    } else if (byte == '\n') {
        end_line(sim, self);
        *cost_us = LINE_US;
    } else {
        letter(sim, self, byte);
    }
}

static enum sim_step step(struct sim *sim, void *state, uint32_t *cost_us)
{
    struct printer *self = state;
    uint8_t byte;

    if (sim_conditions(sim) & BLOCKS)
        return SIM_BLOCKED;
    if (self->blank_rows)
        return feed_row(sim, self, cost_us);
    if (self->rows_left)
        return dots(sim, self, cost_us);
    if (!sim_peek(sim, 0, &byte))
        return SIM_HUNGRY;
    if (byte == 0x1b)
        return command(sim, self, cost_us);
    if (byte == 'b' && self->is_raster)
        return row(sim, self);
    (void)sim_next(sim, &byte);
    single(sim, self, byte, cost_us);
    return SIM_WORKED;
}

const struct sim_persona sim_persona_star = {
    .driver = "star",
    .size = sizeof(struct printer),
    .buffer_bytes = 4096,
    .switch_on = switch_on,
    .arrive = arrive,
    .step = step,
    .changed = changed,
};

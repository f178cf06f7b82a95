// SPDX-License-Identifier: Apache-2.0
// A receipt printer of ESC/POS, MADE UP from the maker's reference (Epson TM): it executes its
// buffer in order, keeps it while it has no paper and prints on afterwards, and obeys the real-time
// commands on arrival, wherever they stand.
#include "tests/support/sim.h"

#include <string.h>

enum {
    ROW_US = 830, // 150 mm/s at 203 dpi
    LINE_US = 24 * ROW_US,
    CUT_US = 300000,
    LINE_BYTES = 256,
    BLOCKS = SIM_PAPER_OUT | SIM_COVER_OPEN | SIM_CUTTER_JAM | SIM_HOT | SIM_OFFLINE,
};

struct printer {
    uint8_t arriving[2]; // the last bytes that came, for real-time commands
    uint8_t automatic;   // GS a
    // Styles: bold, underlined, inverted, size, table of letters.
    uint8_t style[5];
    uint8_t shown[5]; // as marked in the line
    char line[LINE_BYTES];
    size_t line_len;
    unsigned columns;
    // A picture.
    uint32_t row_bytes;
    uint32_t rows_left;
    uint32_t row_at;
    uint8_t row[128];
    uint8_t dots_before; // the byte of dots before
};

enum { BOLD, UNDERLINED, INVERTED, SIZE, PAGE };

static void reset(struct printer *self)
{
    memset(self->style, 0, sizeof self->style);
    memset(self->shown, 0, sizeof self->shown);
    self->line_len = 0;
    self->columns = 0;
}

static void switch_on(struct sim *sim, void *state)
{
    (void)sim;
    reset(state);
}

// ---- At once ----

static uint8_t status(uint32_t now, uint8_t question)
{
    switch (question) {
    case 1:
        return now & BLOCKS ? 0x12 | 0x08 : 0x12;
    case 2:
        return (uint8_t)(0x12 | (now & SIM_COVER_OPEN ? 0x04 : 0) |
                         (now & SIM_PAPER_OUT ? 0x20 : 0) |
                         (now & (SIM_CUTTER_JAM | SIM_HOT) ? 0x40 : 0));
    case 3:
        return (uint8_t)(0x12 | (now & SIM_CUTTER_JAM ? 0x08 : 0) | (now & SIM_HOT ? 0x40 : 0));
    default: // without paper it is near its end, too
        return (uint8_t)(0x12 | (now & (SIM_PAPER_LOW | SIM_PAPER_OUT) ? 0x0c : 0) |
                         (now & SIM_PAPER_OUT ? 0x60 : 0));
    }
}

static void arrive(struct sim *sim, void *state, uint8_t byte)
{
    struct printer *self = state;

    if (self->arriving[0] == 0x10 && self->arriving[1] == 0x04 && byte >= 1 && byte <= 4) {
        const uint8_t answer = status(sim_conditions(sim), byte);

        sim_answer(sim, &answer, 1);
    }
    self->arriving[0] = self->arriving[1];
    self->arriving[1] = byte;
}

static void changed(struct sim *sim, void *state, uint32_t before)
{
    const struct printer *self = state;
    const uint32_t now = sim_conditions(sim);
    const uint8_t answer[] = {
        (uint8_t)(0x10 | (now & BLOCKS ? 0x08 : 0) | (now & SIM_COVER_OPEN ? 0x20 : 0)),
        (uint8_t)((now & SIM_CUTTER_JAM ? 0x08 : 0) | (now & SIM_HOT ? 0x40 : 0)),
        (uint8_t)((now & (SIM_PAPER_LOW | SIM_PAPER_OUT) ? 0x03 : 0) |
                  (now & SIM_PAPER_OUT ? 0x0c : 0)),
        0,
    };

    if (self->automatic && before != now)
        sim_answer(sim, answer, sizeof answer);
}

// ---- Letters ----

static enum sim_step end_line(struct sim *sim, struct printer *self, uint32_t *cost_us)
{
    self->line[self->line_len] = '\0';
    sim_print_text(sim, self->line);
    *cost_us = LINE_US;
    self->line_len = 0;
    self->columns = 0;
    memset(self->shown, 0, sizeof self->shown);
    return SIM_WORKED;
}

static void add_mark(struct printer *self)
{
    if (memcmp(self->shown, self->style, sizeof self->style) == 0)
        return;
    memcpy(self->shown, self->style, sizeof self->style);
    self->line[self->line_len++] = '\1';
    for (size_t i = 0; i < sizeof self->style; i++) { // no NUL, no line feed
        self->line[self->line_len++] = (char)('A' + self->style[i] / 16);
        self->line[self->line_len++] = (char)('A' + self->style[i] % 16);
    }
}

static enum sim_step letter(struct sim *sim, struct printer *self, uint8_t byte)
{
    if (byte < 0x20 || byte == 0x7f) {
        sim_garbage(sim, "control %02x", byte);
        return SIM_WORKED;
    }
    self->columns += 1u + (self->style[SIZE] >> 4);
    if (self->columns > sim_model(sim)->columns) {
        sim_garbage(sim, "a line over %u letters", (unsigned)sim_model(sim)->columns);
        return SIM_WORKED;
    }
    if (self->line_len + 2 + 2 * sizeof self->style < sizeof self->line) {
        add_mark(self);
        self->line[self->line_len++] = (char)byte;
    }
    return SIM_WORKED;
}

// ---- Pictures ----

static void begin_picture(struct sim *sim, struct printer *self, const uint8_t *command)
{
    self->row_bytes = command[4] | (uint32_t)command[5] << 8;
    self->rows_left = command[6] | (uint32_t)command[7] << 8;
    self->row_at = 0;
    self->dots_before = 0;
    if (self->columns)
        sim_garbage(sim, "a picture inside a line");
    if (!self->row_bytes || !self->rows_left) { // no dots: what is left of one that was cut off
        self->rows_left = 0;
        return;
    }
    if (command[2] != '0' || command[3] != 0 ||
        self->row_bytes > ((uint32_t)sim_model(sim)->width_dots + 7) / 8 ||
        self->rows_left > sim_model(sim)->band_rows) {
        sim_garbage(sim, "a picture of %u bytes by %u rows", self->row_bytes, self->rows_left);
        self->rows_left = 0;
    }
}

static enum sim_step picture(struct sim *sim, struct printer *self, uint32_t *cost_us)
{
    uint8_t byte;

    if (!sim_next(sim, &byte))
        return SIM_HUNGRY;
    sim_is_dots(sim);
    if (self->dots_before == 0x10 && (byte == 0x04 || byte == 0x05 || byte == 0x14))
        sim_garbage(sim, "dots that are obeyed as DLE %02x", byte);
    self->dots_before = byte;
    self->row[self->row_at++] = byte;
    if (self->row_at < self->row_bytes)
        return SIM_WORKED;
    sim_print_dots(sim, self->row, self->row_bytes);
    self->row_at = 0;
    self->rows_left--;
    *cost_us = ROW_US;
    return SIM_WORKED;
}

// ---- Commands ----

static void set_flag(struct sim *sim, struct printer *self, const uint8_t *command, int which)
{
    if (command[2] > 1)
        sim_garbage(sim, "a style that is neither on nor off: %02x", command[2]);
    self->style[which] = command[2] & 1;
}

static void answer_fence(struct sim *sim)
{
    const uint8_t answer = sim_conditions(sim) & SIM_PAPER_LOW ? 0x03 : 0x00;

    sim_answer(sim, &answer, 1);
}

static void answer_number(struct sim *sim, const uint8_t *command)
{
    const uint8_t answer[] = {0x37, 0x22, command[7], command[8], command[9], command[10], 0};

    if (!command[10]) // was cut off, and filled with NUL
        return;
    if (memcmp(command + 3,
               "\6\0"
               "00",
               4) != 0 ||
        !(sim_model(sim)->quirks & ATL_QUIRK_NAMES_JOBS))
        sim_garbage(sim, "GS ( H on a printer without, or another function of it");
    else
        sim_answer(sim, answer, sizeof answer);
}

enum name {
    RESET,
    COUNTRY,
    SINGLE_BYTE,
    SET_PAGE,
    SET_BOLD,
    SET_UNDERLINED,
    SET_INVERTED,
    SET_SIZE,
    CUT,
    DRAWER,
    RASTER,
    FENCE,
    NUMBER,
    AUTOMATIC,
    REAL_TIME,
};

static const struct command {
    uint8_t lead, name, len;
    enum name what;
} commands[] = {
    {0x1b, '@',  2,  RESET         },
    {0x1b, 'R',  3,  COUNTRY       },
    {0x1c, '.',  2,  SINGLE_BYTE   },
    {0x1b, 't',  3,  SET_PAGE      },
    {0x1b, 'E',  3,  SET_BOLD      },
    {0x1b, '-',  3,  SET_UNDERLINED},
    {0x1d, 'B',  3,  SET_INVERTED  },
    {0x1d, '!',  3,  SET_SIZE      },
    {0x1d, 'V',  4,  CUT           },
    {0x1b, 'p',  5,  DRAWER        },
    {0x1d, 'v',  8,  RASTER        },
    {0x1d, 'r',  3,  FENCE         },
    {0x1d, '(',  11, NUMBER        },
    {0x1d, 'a',  3,  AUTOMATIC     },
    {0x10, 0x04, 3,  REAL_TIME     },
};

static void cut(struct sim *sim, struct printer *self, const uint8_t *command, uint32_t *cost_us)
{
    if (self->columns)
        sim_garbage(sim, "a cut inside a line");
    if (command[2] && command[2] != 65 && command[2] != 66)
        sim_garbage(sim, "a cut of kind %u", command[2]);
    sim_paper_ends(sim, true);
    *cost_us = CUT_US;
}

static void obey(struct sim *sim, struct printer *self, enum name what, const uint8_t *command,
                 uint32_t *cost_us)
{
    switch (what) {
    case RESET:
        reset(self);
        return;
    case COUNTRY:
        if (command[2])
            sim_garbage(sim, "the letters of country %u", command[2]);
        return;
    case SET_PAGE:
        self->style[PAGE] = command[2];
        return;
    case SET_BOLD:
        set_flag(sim, self, command, BOLD);
        return;
    case SET_UNDERLINED:
        set_flag(sim, self, command, UNDERLINED);
        return;
    case SET_INVERTED:
        set_flag(sim, self, command, INVERTED);
        return;
    case SET_SIZE:
        self->style[SIZE] = command[2] & 0x77;
        return;
    case CUT:
        cut(sim, self, command, cost_us);
        return;
    case RASTER:
        begin_picture(sim, self, command);
        return;
    case FENCE:
        answer_fence(sim);
        return;
    case NUMBER:
        answer_number(sim, command);
        return;
    case AUTOMATIC:
        self->automatic = command[2];
        changed(sim, self, ~sim_conditions(sim));
        return;
    case SINGLE_BYTE:
    case DRAWER:
    case REAL_TIME: // was obeyed on arrival
        return;
    }
}

static void take(struct sim *sim, size_t count)
{
    uint8_t byte;

    for (; count; count--)
        (void)sim_next(sim, &byte);
}

static enum sim_step command(struct sim *sim, struct printer *self, uint8_t lead, uint32_t *cost_us)
{
    uint8_t bytes[16] = {lead};

    if (!sim_peek(sim, 1, &bytes[1]))
        return SIM_HUNGRY;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (commands[i].lead != lead || commands[i].name != bytes[1])
            continue;
        if (sim_waiting(sim) < commands[i].len)
            return SIM_HUNGRY;
        for (size_t b = 0; b < commands[i].len; b++)
            (void)sim_peek(sim, b, &bytes[b]);
        // A question that was cut off in the middle, and then asked anew.
        take(sim, commands[i].what == REAL_TIME && bytes[2] == 0x10 ? 2 : commands[i].len);
        obey(sim, self, commands[i].what, bytes, cost_us);
        return SIM_WORKED;
    }
    // What is left of a question or command that was cut off: passed over.
    if (bytes[1] && !(lead == 0x10 && (bytes[1] == 0x04 || bytes[1] == 0x10)))
        sim_garbage(sim, "command %02x %02x", lead, bytes[1]);
    (void)sim_next(sim, &lead);
    return SIM_WORKED;
}

static enum sim_step step(struct sim *sim, void *state, uint32_t *cost_us)
{
    struct printer *self = state;
    uint8_t byte;

    if (sim_conditions(sim) & BLOCKS)
        return SIM_BLOCKED;
    if (self->rows_left)
        return picture(sim, self, cost_us);
    if (!sim_peek(sim, 0, &byte))
        return SIM_HUNGRY;
    if (byte == 0x1b || byte == 0x1c || byte == 0x1d || byte == 0x10)
        return command(sim, self, byte, cost_us);
    (void)sim_next(sim, &byte);
    if (byte == '\n')
        return end_line(sim, self, cost_us);
    return byte ? letter(sim, self, byte) : SIM_WORKED; // NUL is passed over
}

const struct sim_persona sim_persona_escpos = {
    .driver = "escpos",
    .size = sizeof(struct printer),
    .buffer_bytes = 4096,
    .switch_on = switch_on,
    .arrive = arrive,
    .step = step,
    .changed = changed,
};

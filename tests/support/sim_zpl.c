// SPDX-License-Identifier: Apache-2.0
// A label printer of ZPL II, MADE UP from the maker's programming guide. It reads on without media
// and keeps the one label that it has read; what stopped in the middle is printed anew when the
// media is back, if it was told so (^JZ): the maker's default is yes, and somebody switched it off.
// ~HS and ~HQES are answered on arrival.
//
// Loaded with labels of "62x29" (mm), with a roll without gaps of "80mm", or with "" (any roll).
// It also knows the few commands that another host, LPrint, prints pictures with: those are
// garbage when they come from our driver.
#include "tests/support/sim.h"
#include "tests/support/zpl_lexer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FEED_MM_PER_S = 102,
    CUT_US = 400000,
    RENDER_US = 30000,       // a format has been read, and counts as a label only afterwards
    WORD_BYTES = 256 * 1024, // of one command, with its dots
    LENGTH_MAX = 32000,
    PICTURE_MAX = 4 * 1024 * 1024,
    STOPS = SIM_PAPER_OUT | SIM_COVER_OPEN | SIM_RIBBON_OUT,
    // The label in print is finished.
    WAITS = SIM_PAUSED | SIM_LABEL_IN_MOUTH | SIM_OFFLINE | SIM_CUTTER_JAM | SIM_HOT,
};

struct printer {
    char arriving[8]; // the last bytes that came
    char *word;       // the command that is being read
    size_t word_len;
    bool is_open;     // inside ^XA … ^XZ
    bool is_turned;   // ^POI
    unsigned formats; // whole ones that wait in the buffer
    char mode;        // of ^MM
    uint32_t width, length, x, y;
    struct atl_bitmap canvas; // of the format that is open
    struct atl_bitmap stored; // of ~DG
    struct atl_bitmap read;   // the next label, before it counts as one
    struct atl_bitmap label;  // in print
    uint32_t row;             // of it
    bool is_reprinting;       // what stopped in the middle; another program switched it off
};

// ---- Answers ----

static bool is_on(uint32_t now, uint32_t bits)
{
    return now & bits;
}

static uint32_t loaded_dots(const struct sim *sim)
{
    unsigned width, length = 0;

    if (sscanf(sim_media(sim), "%ux%u", &width, &length) != 2)
        return 0;
    return length * sim_model(sim)->dpi * 10 / 254;
}

static void answer_status(struct sim *sim, const struct printer *self)
{
    const uint32_t now = sim_conditions(sim);
    const uint32_t length = loaded_dots(sim);
    const bool is_transfer = now & SIM_RIBBON_OUT;
    char text[128];
    int len;

    len = snprintf(text, sizeof text, "\002030,%d,%d,%04u,%03u,%d,0,%d,000,0,0,%d\3\r\n",
                   is_on(now, SIM_PAPER_OUT),
                   is_on(now, SIM_PAUSED | SIM_OFFLINE | SIM_CUTTER_JAM | STOPS),
                   length ? length : self->length, self->formats, sim_waiting(sim) > 12000,
                   self->is_open, is_on(now, SIM_HOT));
    sim_answer(sim, text, (size_t)len);
    len = snprintf(text, sizeof text, "\002%03d,0,%d,%d,%d,%d,6,%d,%08d,1,000\3\r\n",
                   length ? 0 : 128, is_on(now, SIM_COVER_OPEN), is_on(now, SIM_RIBBON_OUT),
                   is_transfer,
                   self->mode == 'P'   ? 1
                   : self->mode == 'C' ? 3
                                       : 2,
                   is_on(now, SIM_LABEL_IN_MOUTH), self->label.bits != NULL);
    sim_answer(sim, text, (size_t)len);
    sim_answer(sim, "\0021234,0\3\r\n", 10);
}

static void answer_errors(struct sim *sim)
{
    const uint32_t now = sim_conditions(sim);
    const unsigned errors = (now & SIM_PAPER_OUT ? 1u : 0) | (now & SIM_RIBBON_OUT ? 2u : 0) |
                            (now & SIM_COVER_OPEN ? 4u : 0) | (now & SIM_CUTTER_JAM ? 8u : 0) |
                            (now & SIM_HOT ? 0x10u : 0) |
                            (now & (SIM_PAUSED | SIM_OFFLINE) ? 0x10000u : 0);
    const unsigned warnings = now & SIM_PAPER_LOW ? 8 : 0;
    char text[256];
    const int len = snprintf(text, sizeof text,
                             "\2\r\n  PRINTER STATUS\r\n   ERRORS:         %d 00000000 %08X\r\n"
                             "   WARNINGS:       %d 00000000 %08X\r\n\3\r\n",
                             errors != 0, errors, warnings != 0, warnings);

    sim_answer(sim, text, (size_t)len);
}

static bool ends_with(const struct printer *self, const char *word)
{
    const size_t len = strlen(word);

    return memcmp(self->arriving + sizeof self->arriving - len, word, len) == 0;
}

static void arrive(struct sim *sim, void *state, uint8_t byte)
{
    struct printer *self = state;

    memmove(self->arriving, self->arriving + 1, sizeof self->arriving - 1);
    self->arriving[sizeof self->arriving - 1] = (char)byte;
    if (ends_with(self, "~HS"))
        answer_status(sim, self);
    else if (ends_with(self, "~HQES"))
        answer_errors(sim);
    else if (ends_with(self, "^XZ"))
        self->formats++;
}

// ---- Formats ----

static void drop(struct atl_bitmap *bitmap)
{
    free(bitmap->bits);
    *bitmap = (struct atl_bitmap){.bits = NULL};
}

static struct atl_bitmap blank(uint32_t width, uint32_t height)
{
    struct atl_bitmap made = {width, height, (width + 7) / 8, NULL};

    made.bits = calloc(made.row_bytes, height);
    if (!made.bits)
        abort();
    return made;
}

static bool is_black(const struct atl_bitmap *bitmap, uint32_t x, uint32_t y)
{
    return bitmap->bits[(size_t)y * bitmap->row_bytes + x / 8] >> (7 - x % 8) & 1;
}

// What lies beyond the label is not printed.
static uint32_t blit(struct atl_bitmap *onto, uint32_t left, uint32_t top,
                     const struct atl_bitmap *from)
{
    uint32_t lost = 0;

    for (size_t i = 0; i < (size_t)from->row_bytes * from->height_dots; i++) {
        const uint32_t y = top + (uint32_t)(i / from->row_bytes);

        for (unsigned bit = 0; from->bits[i] >> bit; bit++) { // most bytes are white
            const uint32_t x = left + (uint32_t)(i % from->row_bytes) * 8 + 7 - bit;

            if (!(from->bits[i] >> bit & 1))
                continue;
            if (x >= onto->width_dots || y >= onto->height_dots)
                lost++;
            else
                onto->bits[(size_t)y * onto->row_bytes + x / 8] |= (uint8_t)(0x80 >> x % 8);
        }
    }
    return lost;
}

static struct atl_bitmap turned(const struct atl_bitmap *from)
{
    struct atl_bitmap made = blank(from->width_dots, from->height_dots);

    for (uint32_t y = 0; y < from->height_dots; y++) {
        for (uint32_t x = 0; x < from->width_dots; x++) {
            if (is_black(from, from->width_dots - 1 - x, from->height_dots - 1 - y))
                made.bits[(size_t)y * made.row_bytes + x / 8] |= (uint8_t)(0x80 >> x % 8);
        }
    }
    return made;
}

// ---- Commands: what stands behind the three letters of their names ----

static void begin(struct sim *sim, struct printer *self, const char *text)
{
    if (self->is_open || *text)
        sim_garbage(sim, "^XA inside a format");
    drop(&self->canvas);
    self->is_open = true;
    self->is_turned = false;
    self->x = self->y = 0;
}

// A picture waits here until the length is known; LPrint never says it.
static struct atl_bitmap *canvas(struct sim *sim, struct printer *self)
{
    if (!self->canvas.bits)
        self->canvas = blank(self->width ? self->width : sim_model(sim)->width_dots,
                             self->length ? self->length : self->stored.height_dots + 1);
    return &self->canvas;
}

static void end(struct sim *sim, struct printer *self, const char *text)
{
    if (!self->is_open || *text)
        sim_garbage(sim, "^XZ without a format");
    if (self->formats)
        self->formats--;
    if (self->is_open && self->canvas.bits) {
        self->read = self->is_turned ? turned(&self->canvas) : self->canvas;
        if (self->is_turned)
            free(self->canvas.bits);
        self->canvas.bits = NULL;
    }
    self->is_open = false;
}

static void mode(struct sim *sim, struct printer *self, const char *text)
{
    if (!*text || !strchr("TPC", *text))
        sim_garbage(sim, "^MM%.8s", text);
    else
        self->mode = *text;
}

static void width(struct sim *sim, struct printer *self, const char *text)
{
    self->width = (uint32_t)strtoul(text, NULL, 10);
    if (self->width < 2 || self->width > sim_model(sim)->width_dots) {
        sim_garbage(sim, "^PW%.8s", text);
        self->width = sim_model(sim)->width_dots;
    }
}

static void length(struct sim *sim, struct printer *self, const char *text)
{
    self->length = (uint32_t)strtoul(text, NULL, 10);
    if (self->length < 1 || self->length > LENGTH_MAX || self->canvas.bits) {
        sim_garbage(sim, "^LL%.8s", text);
        self->length = self->length > LENGTH_MAX ? LENGTH_MAX : 1;
    }
    (void)canvas(sim, self); // a label may be white
}

static void place(struct sim *sim, struct printer *self, const char *text)
{
    if (sscanf(text, "%u,%u", &self->x, &self->y) != 2 || self->x > LENGTH_MAX ||
        self->y > LENGTH_MAX)
        sim_garbage(sim, "^FO%.12s", text);
}

static void turn(struct sim *sim, struct printer *self, const char *text)
{
    self->is_turned = *text == 'I';
    if (strcmp(text, "N") != 0)
        sim_garbage(sim, "^PO%.8s", text);
}

static void plain(struct sim *sim, struct printer *self, const char *text)
{
    (void)self;
    if (strcmp(text, "N") != 0)
        sim_garbage(sim, "mirrored or reversed");
}

static void reprint(struct sim *sim, struct printer *self, const char *text)
{
    self->is_reprinting = *text == 'Y';
    if (strcmp(text, "Y") != 0 && strcmp(text, "N") != 0)
        sim_garbage(sim, "^JZ%.8s", text);
}

static void home(struct sim *sim, struct printer *self, const char *text)
{
    (void)self;
    if (strcmp(text, "0,0") != 0)
        sim_garbage(sim, "^LH%.12s", text);
}

static void picture(struct sim *sim, struct printer *self, const char *text)
{
    unsigned sent = 0, total = 0, row = 0;
    int used = 0;
    const char *why = "its sizes do not fit together";
    struct atl_bitmap made = {.bits = NULL};

    if (sscanf(text, "A,%u,%u,%u,%n", &sent, &total, &row, &used) == 3 && used && row && total &&
        sent == total && total % row == 0 && total <= 99999 &&
        strncmp(text + used, ":Z64:", 5) == 0) {
        made = blank(row * 8, total / row);
        text += used + 5;
        if (zpl_unpack_z64(text, strlen(text), made.bits, total, &why)) {
            if (blit(canvas(sim, self), self->x, self->y, &made))
                sim_garbage(sim, "dots beyond the label");
            why = NULL;
        }
    }
    if (why) // a picture that is wrong is left out
        sim_garbage(sim, "a picture: %s", why);
    free(made.bits);
}

// ~DGR:NAME.GRF,total,row,dots: keeps a picture. ^XG puts it onto the label, ^ID forgets it.
static void store(struct sim *sim, struct printer *self, const char *text)
{
    const char *sizes = strchr(text, ',');
    unsigned total = 0, row = 0;
    int used = 0;
    const char *why;

    sim_garbage(sim, "~DG");
    drop(&self->stored);
    if (!sizes || sscanf(sizes, ",%u,%u,%n", &total, &row, &used) != 2 || !used || !row || !total ||
        total % row || total > PICTURE_MAX)
        return;
    self->stored = blank(row * 8, total / row);
    if (!zpl_unpack_hex(sizes + used, strlen(sizes + used), row, self->stored.bits, total, &why))
        drop(&self->stored);
}

static void recall(struct sim *sim, struct printer *self, const char *text)
{
    (void)text;
    sim_garbage(sim, "^XG");
    drop(&self->canvas);
    if (!self->stored.bits)
        return;
    self->canvas =
        blank(self->width ? self->width : self->stored.width_dots, self->stored.height_dots);
    (void)blit(&self->canvas, self->x, self->y, &self->stored);
}

static void forget(struct sim *sim, struct printer *self, const char *text)
{
    (void)text;
    sim_garbage(sim, "^ID");
    drop(&self->stored);
}

static void cancel(struct sim *sim, struct printer *self, const char *text)
{
    if (*text)
        sim_garbage(sim, "letters behind ~JX");
    drop(&self->canvas);
    self->is_open = false;
}

static void nothing(struct sim *sim, struct printer *self, const char *text)
{
    (void)sim;
    (void)self;
    (void)text;
}

static const struct command {
    const char *name;
    void (*obey)(struct sim *sim, struct printer *self, const char *text);
} commands[] = {
    {"^XA", begin  },
    {"^XZ", end    },
    {"^MM", mode   },
    {"^PW", width  },
    {"^LL", length },
    {"^LH", home   },
    {"^PO", turn   },
    {"^PM", plain  },
    {"^LR", plain  },
    {"^JZ", reprint},
    {"^FO", place  },
    {"^GF", picture},
    {"^FS", nothing},
    {"~HS", nothing}, // was answered on
  // arrival
    {"~HQ", nothing},
    {"~JX", cancel },
    {"~DG", store  },
    {"^XG", recall },
    {"^ID", forget },
};

static void obey(struct sim *sim, struct printer *self)
{
    char name[4] = "";

    while (self->word_len && strchr("\r\n", self->word[self->word_len - 1]))
        self->word_len--;
    self->word[self->word_len] = '\0';
    if (self->word_len >= 3) {
        memcpy(name, self->word, 3);
        self->word_len = 0;
        for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
            if (strcmp(commands[i].name, name) == 0) {
                commands[i].obey(sim, self, self->word + 3);
                return;
            }
        }
    }
    sim_garbage(sim, "%s is no command", name[0] ? name : "what is shorter than three letters");
    self->word_len = 0;
}

// ---- Work ----

// A command ends where the next begins; ^XZ, ^FS, ~JX and the questions at their last letter.
static bool is_whole(const struct printer *self)
{
    static const char *const whole[] = {"^XA", "^XZ", "^FS", "~HS", "~JX"};

    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        if (self->word_len == 3 && memcmp(self->word, whole[i], 3) == 0)
            return true;
    }
    return self->word_len == 5 && memcmp(self->word, "~HQES", 5) == 0;
}

static enum sim_step read_on(struct sim *sim, struct printer *self, uint32_t *cost_us)
{
    uint8_t byte;

    if (!sim_peek(sim, 0, &byte))
        return SIM_HUNGRY;
    if (byte == '~') // the end of whatever was being said
        self->word_len = 0;
    if (byte == '^' && self->word_len) {
        obey(sim, self);
        return SIM_WORKED;
    }
    (void)sim_next(sim, &byte);
    if (self->word_len > 3 &&
        (memcmp(self->word, "^GF", 3) == 0 || memcmp(self->word, "~DG", 3) == 0))
        sim_is_dots(sim);
    if (!self->word_len && (byte == '\r' || byte == '\n'))
        return SIM_WORKED;
    if (self->word_len + 1 < WORD_BYTES)
        self->word[self->word_len++] = (char)byte;
    if (is_whole(self))
        obey(sim, self);
    *cost_us = self->read.bits ? RENDER_US : 0;
    return SIM_WORKED;
}

static enum sim_step print_on(struct sim *sim, struct printer *self, uint32_t *cost_us)
{
    const struct atl_bitmap *label = &self->label;
    const uint32_t now = sim_conditions(sim);

    if (now & STOPS) {
        if (self->row && !self->is_reprinting)
            drop(&self->label); // half of it is all there ever is
        self->row = 0;          // it is printed anew, on a label of its own
        return SIM_BLOCKED;
    }
    if ((!self->row && now & WAITS) || (self->row == label->height_dots && now & SIM_CUTTER_JAM))
        return SIM_BLOCKED;
    if (self->row < label->height_dots) {
        sim_print_dots(sim, label->bits + (size_t)self->row * label->row_bytes, label->row_bytes);
        self->row++;
        *cost_us = 25400u * 1000 / sim_model(sim)->dpi / FEED_MM_PER_S;
        return SIM_WORKED;
    }
    sim_paper_ends(sim, true);
    *cost_us = self->mode == 'C' ? CUT_US : 1000;
    drop(&self->label);
    return SIM_WORKED;
}

static enum sim_step step(struct sim *sim, void *state, uint32_t *cost_us)
{
    struct printer *self = state;

    if (self->label.bits)
        return print_on(sim, self, cost_us);
    if (!self->read.bits)
        return read_on(sim, self, cost_us);
    self->label = self->read;
    self->read.bits = NULL;
    self->row = 0;
    return SIM_WORKED;
}

static void switch_on(struct sim *sim, void *state)
{
    struct printer *self = state;

    (void)sim;
    self->mode = 'T';
    self->word = calloc(1, WORD_BYTES);
    if (!self->word)
        abort();
}

static void switch_off(struct sim *sim, void *state)
{
    struct printer *self = state;

    (void)sim;
    free(self->word);
    self->word = NULL;
    drop(&self->canvas);
    drop(&self->stored);
    drop(&self->read);
    drop(&self->label);
}

const struct sim_persona sim_persona_zpl = {
    .driver = "zpl",
    .size = sizeof(struct printer),
    .buffer_bytes = 16384,
    .switch_on = switch_on,
    .switch_off = switch_off,
    .arrive = arrive,
    .step = step,
};

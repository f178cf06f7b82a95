// SPDX-License-Identifier: Apache-2.0
// A QL or PT, MADE UP from the command references: it takes a whole paper before it prints it,
// says each change of phase unasked, and throws everything away after an error. "Printing
// completed" is said while the last rows are still inside of it.
#include "tests/support/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROW_US = 770, // 110 mm/s at 300 dpi
    CUT_US = 250000,
    ROW_BYTES_MAX = 162,
    ROWS_MAX = 36000,
    ANSWER_BYTES = 32,
    LATE_ROWS = 30, // from the head to the cutter
    TRIED_ROWS = 60,
    STOPS = SIM_PAPER_OUT | SIM_COVER_OPEN | SIM_CUTTER_JAM | SIM_OFFLINE,
};

enum { REPLY = 0, COMPLETED = 1, ERROR = 2, NOTICE = 5, PHASE = 6 };

struct printer {
    bool is_printing;
    bool is_completed; // of this paper, it was said
    // What it was told of the paper.
    uint8_t media[10];
    uint8_t expanded;
    bool is_packed;
    bool is_broken; // something of it made no sense; whoever prints it now is wrong
    // The row that is coming in.
    uint8_t name;
    uint8_t ink;
    uint32_t wanted, got;
    uint8_t raw[256];
    // The rows that came in, black only: red is only counted.
    uint8_t *rows;
    uint32_t row_count, red_count, row_at;
};

// ---- What it is, and what it is loaded with ----

static bool is_tape(const struct sim *sim)
{
    return sim_model(sim)->dpi == 180;
}

static uint32_t row_bytes(const struct sim *sim)
{
    return is_tape(sim) ? 16 : sim_model(sim)->width_dots > 720 ? ROW_BYTES_MAX : 90;
}

static bool packs(const struct sim *sim)
{
    static const char *const without[] = {"ql-500", "ql-550", "ql-560",
                                          "ql-570", "ql-700", "ql-800"};

    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++) {
        if (strcmp(sim_model(sim)->id, without[i]) == 0)
            return false;
    }
    return true;
}

static bool has_two_inks(const struct sim *sim)
{
    return strncmp(sim_model(sim)->id, "ql-8", 4) == 0;
}

struct loaded {
    uint8_t width_mm, length_mm, kind;
    bool is_red;
};

// "62", "62x29", "d24", "62red", "3.5"
static struct loaded loaded_with(const struct sim *sim)
{
    const char *id = sim_media(sim);
    struct loaded loaded = {.is_red = strstr(id, "red")};
    unsigned width = 0, length = 0;

    if (sscanf(id, "d%u", &width) == 1)
        length = width;
    else if (sscanf(id, "%ux%u", &width, &length) != 2)
        length = 0;
    if (strcmp(id, "3.5") == 0)
        width = 4;
    loaded.width_mm = (uint8_t)width;
    loaded.length_mm = (uint8_t)(length == 152 ? 153 : length); // made in inches
    loaded.kind = is_tape(sim) ? 0x01 : length ? 0x0b : 0x0a;
    return loaded;
}

// ---- Answers ----

static void errors_now(const struct sim *sim, uint8_t out[2])
{
    const uint32_t now = sim_conditions(sim);

    out[0] = (uint8_t)((now & SIM_PAPER_OUT ? 0x01 : 0) | (now & SIM_CUTTER_JAM ? 0x04 : 0) |
                       (now & SIM_OFFLINE ? 0x10 : 0));
    out[1] = (uint8_t)((now & SIM_COVER_OPEN ? 0x10 : 0) | (now & SIM_HOT ? 0x20 : 0));
}

static void say_with(struct sim *sim, const struct printer *self, uint8_t type, uint8_t notice,
                     const uint8_t errors[2])
{
    const bool is_empty = sim_conditions(sim) & (SIM_PAPER_OUT | SIM_COVER_OPEN);
    const struct loaded loaded = loaded_with(sim);
    uint8_t answer[ANSWER_BYTES] = {0x80, 0x20, 'B', '4', '8', '0'};

    answer[8] = errors[0];
    answer[9] = errors[1];
    if (!is_empty) {
        answer[10] = loaded.width_mm;
        answer[11] = loaded.kind;
        answer[17] = loaded.length_mm;
    }
    // An answer to a question is an error, too, while something is wrong.
    answer[18] = type == REPLY && (answer[8] || answer[9]) ? ERROR : type;
    answer[19] = self->is_printing;
    answer[22] = notice;
    if (has_two_inks(sim))
        answer[25] = loaded.is_red ? 0x81 : 0x01;
    sim_answer(sim, answer, sizeof answer);
}

static void say(struct sim *sim, const struct printer *self, uint8_t type, uint8_t notice)
{
    uint8_t errors[2];

    errors_now(sim, errors);
    say_with(sim, self, type, notice, errors);
}

static void forget_paper(struct printer *self)
{
    memset(self->media, 0, sizeof self->media);
    self->expanded = 0;
    self->is_packed = false;
    self->is_broken = false;
    self->name = 0;
    self->row_count = self->red_count = self->row_at = 0;
    self->is_printing = self->is_completed = false;
}

// All that it has is thrown away, and what comes until it is told to begin anew.
static void fail(struct sim *sim, struct printer *self, const uint8_t errors[2])
{
    forget_paper(self);
    sim_paper_ends(sim, false);
    say_with(sim, self, ERROR, 0, errors);
}

static void changed(struct sim *sim, void *state, uint32_t before)
{
    const struct printer *self = state;
    const uint32_t now = sim_conditions(sim);

    if ((before & ~now) & STOPS && !(now & STOPS))
        say(sim, self, PHASE, 0);
    if ((now ^ before) & SIM_COVER_OPEN)
        say(sim, self, NOTICE, now & SIM_COVER_OPEN ? 1 : 2);
    if ((now ^ before) & SIM_HOT)
        say(sim, self, NOTICE, now & SIM_HOT ? 3 : 4);
}

// ---- Printing ----

// In the middle of a paper labels end, and a roll cannot be fed any more.
static void errors_inside(const struct sim *sim, uint8_t out[2])
{
    errors_now(sim, out);
    if (!(sim_conditions(sim) & SIM_PAPER_OUT))
        return;
    out[0] = (uint8_t)(out[0] & ~0x01);
    if (loaded_with(sim).length_mm)
        out[0] |= 0x02;
    else
        out[1] |= 0x40;
}

static void end_paper(struct sim *sim, struct printer *self, uint32_t *cost_us)
{
    sim_paper_ends(sim, true);
    forget_paper(self);
    say(sim, self, PHASE, 0);
    *cost_us = CUT_US;
}

static enum sim_step print_row(struct sim *sim, struct printer *self, uint32_t *cost_us)
{
    const uint32_t len = row_bytes(sim);
    uint8_t errors[2];

    if (sim_conditions(sim) & STOPS) {
        errors_inside(sim, errors);
        fail(sim, self, errors);
        return SIM_WORKED;
    }
    if (!self->is_completed && self->row_at + LATE_ROWS >= self->row_count) {
        self->is_completed = true;
        say(sim, self, COMPLETED, 0);
    }
    if (self->row_at == self->row_count) {
        end_paper(sim, self, cost_us);
        return SIM_WORKED;
    }
    sim_print_dots(sim, self->rows + (size_t)self->row_at++ * len, len);
    *cost_us = ROW_US;
    return SIM_WORKED;
}

static bool is_right_roll(const struct sim *sim, const struct printer *self)
{
    const struct loaded loaded = loaded_with(sim);
    const bool wants_red = self->expanded & 1;

    if (self->media[0] & 0x04 && self->media[2] != loaded.width_mm)
        return false;
    if (!is_tape(sim) && self->media[0] & 0x02 && self->media[1] != loaded.kind)
        return false;
    if (self->media[0] & 0x08 && abs((int)self->media[3] - (int)loaded.length_mm) > 1)
        return false;
    return wants_red == loaded.is_red;
}

static void begin_printing(struct sim *sim, struct printer *self)
{
    const uint32_t rows = self->media[4] | (uint32_t)self->media[5] << 8 |
                          (uint32_t)self->media[6] << 16 | (uint32_t)self->media[7] << 24;
    static const uint8_t wrong_roll[] = {0, 0x01};
    uint8_t errors[2];

    if (self->is_broken)
        sim_garbage(sim, "a paper is printed of which something made no sense");
    if (rows != self->row_count || (self->expanded & 1 && self->red_count != self->row_count))
        sim_garbage(sim, "%u rows, %u red, and %u were said", self->row_count, self->red_count,
                    rows);
    errors_now(sim, errors);
    if (sim_conditions(sim) & STOPS) {
        fail(sim, self, errors);
        return;
    }
    if (!is_right_roll(sim, self)) {
        fail(sim, self, wrong_roll);
        return;
    }
    self->is_printing = true;
    self->row_at = 0;
    say(sim, self, PHASE, 0);
}

// ---- Rows ----

// A cable is pulled in the heads of the first rows; those of a thousand more are like them.
static void take_of_row(struct sim *sim, const struct printer *self, uint8_t *byte)
{
    (void)sim_next(sim, byte);
    if (self->row_count >= TRIED_ROWS)
        sim_is_dots(sim);
}

static size_t unpack(const uint8_t *raw, size_t len, uint8_t *out, size_t cap)
{
    size_t used = 0;

    while (len) {
        const uint8_t head = *raw++;
        const size_t count = head > 128 ? 257u - head : head + 1u;

        len--;
        if (head == 128)
            continue;
        if (count > cap - used || len < (head > 128 ? 1 : count))
            return 0;
        if (head > 128) {
            memset(out + used, *raw++, count);
            len--;
        } else {
            memcpy(out + used, raw, count);
            raw += count;
            len -= count;
        }
        used += count;
    }
    return used;
}

static void keep_row(struct sim *sim, struct printer *self, const uint8_t *pins)
{
    const uint32_t len = row_bytes(sim);

    if (self->row_count == ROWS_MAX) {
        self->is_broken = true;
        return;
    }
    if (!self->rows)
        self->rows = malloc((size_t)ROWS_MAX * len);
    if (!self->rows)
        abort();
    if (pins)
        memcpy(self->rows + (size_t)self->row_count * len, pins, len);
    else
        memset(self->rows + (size_t)self->row_count * len, 0, len);
    self->row_count++;
}

static void end_row(struct sim *sim, struct printer *self)
{
    uint8_t pins[ROW_BYTES_MAX];
    const uint32_t len = row_bytes(sim);
    const uint8_t *row = self->raw;
    size_t got = self->got;

    if (self->is_packed) {
        got = unpack(self->raw, self->got, pins, len);
        row = pins;
    }
    if (got != len || (self->name == 'G') != is_tape(sim) ||
        (self->name == 'w') != (self->expanded & 1))
        self->is_broken = true;
    else if (self->ink == 2)
        self->red_count++;
    else
        keep_row(sim, self, row);
    self->name = 0;
}

static enum sim_step take_dots(struct sim *sim, struct printer *self)
{
    uint8_t byte;

    if (!sim_next(sim, &byte))
        return SIM_HUNGRY;
    sim_is_dots(sim);
    if (self->got < sizeof self->raw)
        self->raw[self->got] = byte;
    if (++self->got == self->wanted)
        end_row(sim, self);
    return SIM_WORKED;
}

static enum sim_step begin_row(struct sim *sim, struct printer *self)
{
    uint8_t bytes[3];

    if (sim_waiting(sim) < sizeof bytes)
        return SIM_HUNGRY;
    for (size_t i = 0; i < sizeof bytes; i++)
        take_of_row(sim, self, &bytes[i]);
    self->name = bytes[0];
    self->ink = bytes[0] == 'w' ? bytes[1] : 1;
    self->wanted = bytes[0] == 'G' ? bytes[1] | (uint32_t)bytes[2] << 8 : bytes[2];
    self->got = 0;
    if (!self->wanted || self->wanted > sizeof self->raw) { // a head that was ended by NUL
        self->is_broken = true;
        self->name = 0;
    }
    return SIM_WORKED;
}

// ---- Commands ----

enum name { RESET, MODE, NOTIFY, MEDIA, CUT, EVERY, EXPANDED, MARGIN, STATUS };

static const struct command {
    char name[3];
    uint8_t len;
    enum name what;
} commands[] = {
    {"@",  2,  RESET   },
    {"ia", 4,  MODE    },
    {"i!", 4,  NOTIFY  },
    {"iz", 13, MEDIA   },
    {"iM", 4,  CUT     },
    {"iA", 4,  EVERY   },
    {"iK", 4,  EXPANDED},
    {"id", 5,  MARGIN  },
    {"iS", 3,  STATUS  },
};

static void obey(struct sim *sim, struct printer *self, enum name what, const uint8_t *bytes)
{
    switch (what) {
    case RESET:
        forget_paper(self);
        return;
    case MEDIA:
        memcpy(self->media, bytes + 3, sizeof self->media);
        return;
    case EXPANDED:
        self->expanded = bytes[3];
        if (bytes[3] & ~0x09 || (bytes[3] & 1 && !has_two_inks(sim)))
            sim_garbage(sim, "ESC i K %02x", bytes[3]);
        return;
    case STATUS:
        say(sim, self, REPLY, 0);
        return;
    case MODE:
        self->is_broken |= bytes[3] != 1; // NUL that end a broken job, or another language
        return;
    case CUT:
    case EVERY:
        if (strcmp(sim_model(sim)->id, "ql-500") == 0)
            sim_garbage(sim, "a cut, and it has no cutter");
        return;
    case NOTIFY:
    case MARGIN:
        return;
    }
}

static enum sim_step command(struct sim *sim, struct printer *self)
{
    uint8_t bytes[16] = {0};

    for (size_t i = 0; i < 3 && sim_peek(sim, i, &bytes[i]); i++)
        continue;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        const size_t known = strlen(commands[i].name);

        if (sim_waiting(sim) <= known &&
            memcmp(bytes + 1, commands[i].name, sim_waiting(sim) - 1) == 0)
            return SIM_HUNGRY; // it may still become this one
        if (memcmp(bytes + 1, commands[i].name, known) != 0)
            continue;
        if (sim_waiting(sim) < commands[i].len)
            return SIM_HUNGRY;
        for (size_t b = 0; b < commands[i].len; b++)
            (void)sim_next(sim, &bytes[b]);
        obey(sim, self, commands[i].what, bytes);
        return SIM_WORKED;
    }
    // NUL behind ESC, or behind ESC i, end a command that was broken off.
    if (bytes[1] && !(bytes[1] == 'i' && !bytes[2]))
        sim_garbage(sim, "command 1b %02x %02x", bytes[1], bytes[2]);
    for (int i = bytes[1] == 'i' ? 2 : 1; i > 0; i--)
        (void)sim_next(sim, &bytes[0]);
    return SIM_WORKED;
}

static enum sim_step set_packing(struct sim *sim, struct printer *self)
{
    uint8_t bytes[2];

    if (sim_waiting(sim) < sizeof bytes)
        return SIM_HUNGRY;
    (void)sim_next(sim, &bytes[0]);
    (void)sim_next(sim, &bytes[1]);
    if (!packs(sim) || (bytes[1] != 2 && bytes[1] != 0))
        sim_garbage(sim, "M %02x", bytes[1]);
    self->is_packed = bytes[1] == 2;
    return SIM_WORKED;
}

static enum sim_step step(struct sim *sim, void *state, uint32_t *cost_us)
{
    struct printer *self = state;
    uint8_t byte;

    if (self->is_printing && sim_conditions(sim) & SIM_HOT)
        return SIM_BLOCKED; // it neither prints on nor answers
    if (self->is_printing)
        return print_row(sim, self, cost_us);
    if (self->name)
        return take_dots(sim, self);
    if (!sim_peek(sim, 0, &byte))
        return SIM_HUNGRY;
    if (byte == 0x1b)
        return command(sim, self);
    if (byte == 'g' || byte == 'G' || byte == 'w')
        return begin_row(sim, self);
    if (byte == 'M')
        return set_packing(sim, self);
    if (byte == 'Z' && packs(sim) && !(self->expanded & 1)) {
        take_of_row(sim, self, &byte);
        keep_row(sim, self, NULL);
        return SIM_WORKED;
    }
    (void)sim_next(sim, &byte);
    if (byte == 0x1a)
        begin_printing(sim, self);
    else if (byte)
        sim_garbage(sim, "%02x is no command", byte);
    else
        sim_is_dots(sim); // one of hundreds of NUL, which are all alike
    return SIM_WORKED;
}

// ---- Power ----

static void switch_on(struct sim *sim, void *state)
{
    (void)sim;
    forget_paper(state);
}

static void switch_off(struct sim *sim, void *state)
{
    struct printer *self = state;

    (void)sim;
    free(self->rows);
    self->rows = NULL;
}

const struct sim_persona sim_persona_brother = {
    .driver = "brother",
    .size = sizeof(struct printer),
    .buffer_bytes = 8192,
    .switch_on = switch_on,
    .switch_off = switch_off,
    .step = step,
    .changed = changed,
};

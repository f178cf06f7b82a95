// SPDX-License-Identifier: Apache-2.0
// A LabelWriter, MADE UP from the maker's technical reference: it works in order, stops without
// labels and goes on when there are new ones, obeys nothing in the middle of a row, and answers one
// byte of which its driver knows that nobody knows what it means.
#include "tests/support/sim.h"

#include <string.h>

enum {
    ESC = 0x1b,
    SYN = 0x16,
    ETB = 0x17,
    ROW_US = 950, // 71 labels of 28 x 89 mm a minute, and their feed
    FEED_US = 250000,
    HEAD_BYTES_MAX = 156,
    CONTINUOUS = 0xffff,
    BLOCKS = SIM_PAPER_OUT | SIM_COVER_OPEN | SIM_HOT | SIM_OFFLINE,
};

struct printer {
    uint32_t row_bytes;
    uint32_t length_dots;
    uint32_t rows;   // on the label that is under the head
    bool is_spoiled; // it was reset in the middle of it
    uint8_t row[HEAD_BYTES_MAX];
    uint8_t kind;     // SYN, ETB: what the row that arrives is; 0: none arrives
    uint32_t dots_at; // of that row
};

static uint32_t head_bytes(const struct sim *sim)
{
    return (sim_model(sim)->width_dots + 7u) / 8;
}

static void reset(struct sim *sim, struct printer *self)
{
    self->row_bytes = head_bytes(sim);
    self->length_dots = 0;
    self->is_spoiled = self->rows != 0;
}

static void switch_on(struct sim *sim, void *state)
{
    reset(sim, state);
}

// ---- Rows ----

static void begin_row(struct sim *sim, struct printer *self, uint8_t kind)
{
    if (!self->length_dots)
        sim_garbage(sim, "a row before the label's length");
    self->kind = kind;
    self->dots_at = 0;
    memset(self->row, 0, sizeof self->row);
}

static void add_run(struct sim *sim, struct printer *self, uint8_t run)
{
    const uint32_t end = self->dots_at + (run & 0x7fu) + 1;

    if (end > self->row_bytes * 8 && run != ESC) // a wake that found the row open
        sim_garbage(sim, "runs of %u dots in a row of %u", end, self->row_bytes * 8);
    for (; self->dots_at < end; self->dots_at++) {
        if (run & 0x80 && self->dots_at / 8 < self->row_bytes)
            self->row[self->dots_at / 8] |= (uint8_t)(0x80u >> self->dots_at % 8);
    }
}

static void count_rows(struct sim *sim, struct printer *self, uint32_t count)
{
    self->rows += count;
    if (self->is_spoiled)
        sim_garbage(sim, "a row on a label that was broken off");
    else if (self->length_dots != CONTINUOUS && self->rows > self->length_dots)
        sim_garbage(sim, "row %u of a label of %u", self->rows, self->length_dots);
}

static enum sim_step row(struct sim *sim, struct printer *self, uint32_t *cost_us)
{
    uint8_t byte;

    if (!sim_next(sim, &byte))
        return SIM_HUNGRY;
    sim_is_dots(sim);
    if (self->kind == SYN) {
        self->row[self->dots_at / 8] = byte;
        self->dots_at += 8;
    } else {
        add_run(sim, self, byte);
    }
    if (self->dots_at < self->row_bytes * 8)
        return SIM_WORKED;
    self->kind = 0;
    sim_print_dots(sim, self->row, self->row_bytes);
    count_rows(sim, self, 1);
    *cost_us = ROW_US;
    return SIM_WORKED;
}

static void skip(struct sim *sim, struct printer *self, const uint8_t *args, uint32_t *cost_us)
{
    if (args[0] != 1 && args[0] != ESC)
        sim_garbage(sim, "ESC f %u", args[0]);
    for (unsigned i = 0; i < args[1]; i++)
        sim_print_dots(sim, NULL, 0);
    count_rows(sim, self, args[1]);
    *cost_us = args[1] * (uint32_t)ROW_US;
}

// ---- Commands ----

static void answer(struct sim *sim)
{
    const uint8_t byte = sim_conditions(sim) & SIM_PAPER_OUT ? 0xa0 : 0x03; // MADE UP

    sim_answer(sim, &byte, 1);
}

static void set_width(struct sim *sim, struct printer *self, uint8_t bytes)
{
    if (!bytes || bytes > head_bytes(sim))
        sim_garbage(sim, "a row of %u bytes", bytes);
    else
        self->row_bytes = bytes;
}

static void feed(struct sim *sim, struct printer *self, uint32_t *cost_us)
{
    sim_paper_ends(sim, true); // spoiled or not, it is out
    self->rows = 0;
    self->is_spoiled = false;
    *cost_us = FEED_US;
}

static const struct command {
    char name;
    uint8_t args;
} commands[] = {
    {'@', 0},
    {'A', 0},
    {'B', 1},
    {'D', 1},
    {'E', 0},
    {'L', 2},
    {'Q', 2},
    {'e', 0},
    {'f', 2},
    {'h', 0},
    {'q', 1},
    {'y', 0},
};

static void obey(struct sim *sim, struct printer *self, const uint8_t *at, uint32_t *cost_us)
{
    const uint32_t rolls = ATL_QUIRK_LEFT_ROLL | ATL_QUIRK_RIGHT_ROLL;
    const bool is_wake = at[2] == ESC || at[3] == ESC; // it ended a command that was broken off

    switch (at[1]) {
    case '@':
        reset(sim, self);
        return;
    case 'A':
        answer(sim);
        return;
    case 'D':
        set_width(sim, self, at[2]);
        return;
    case 'E':
        feed(sim, self, cost_us);
        return;
    case 'L':
        self->length_dots = (uint32_t)at[2] << 8 | at[3];
        return;
    case 'f':
        skip(sim, self, at + 2, cost_us);
        return;
    case 'B':
    case 'Q':
        if (!is_wake && (at[2] || (at[1] == 'Q' && at[3])))
            sim_garbage(sim, "a tab of ESC %c", at[1]);
        return;
    case 'q':
        if (!is_wake && (!(sim_model(sim)->quirks & rolls) || (at[2] != '1' && at[2] != '2')))
            sim_garbage(sim, "roll %02x", at[2]);
        return;
    case 'y':
        if (sim_model(sim)->dpi != 203)
            sim_garbage(sim, "203 dpi on another printer");
        return;
    default: // e, h
        return;
    }
}

static enum sim_step command(struct sim *sim, struct printer *self, uint32_t *cost_us)
{
    uint8_t bytes[4] = {ESC, 0, 0, 0};

    if (!sim_peek(sim, 1, &bytes[1]))
        return SIM_HUNGRY;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (bytes[1] != (uint8_t)commands[i].name)
            continue;
        if (sim_waiting(sim) < 2u + commands[i].args)
            return SIM_HUNGRY;
        for (size_t b = 0; b < 2u + commands[i].args; b++)
            (void)sim_next(sim, &bytes[b]);
        obey(sim, self, bytes, cost_us);
        return SIM_WORKED;
    }
    if (bytes[1] != ESC) // of several, only the last one counts
        sim_garbage(sim, "ESC %02x", bytes[1]);
    (void)sim_next(sim, &bytes[0]);
    return SIM_WORKED;
}

static enum sim_step step(struct sim *sim, void *state, uint32_t *cost_us)
{
    struct printer *self = state;
    uint8_t byte;

    if (sim_conditions(sim) & BLOCKS)
        return SIM_BLOCKED;
    if (self->kind)
        return row(sim, self, cost_us);
    if (!sim_peek(sim, 0, &byte))
        return SIM_HUNGRY;
    if (byte == ESC)
        return command(sim, self, cost_us);
    (void)sim_next(sim, &byte);
    if (byte == SYN || byte == ETB)
        begin_row(sim, self, byte);
    else if (byte)
        sim_garbage(sim, "%02x outside of a row", byte);
    return SIM_WORKED;
}

const struct sim_persona sim_persona_dymo = {
    .driver = "dymo",
    .size = sizeof(struct printer),
    .buffer_bytes = 2048,
    .switch_on = switch_on,
    .step = step,
};

// SPDX-License-Identifier: Apache-2.0
// Three families, as far as a host can notice: questions, and where a paper ends. Written from the
// makers' references, apart from our encoders.
#include "tests/usb-bench/printer.h"

#include <stdio.h>
#include <string.h>

// A command: how many bytes it has with its name, and what is done about it.
struct command {
    char name[4];
    uint8_t name_len;
    uint8_t len;
    void (*obey)(struct printer *printer, const uint8_t *bytes);
    bool is_on_paper; // moves or marks it
};

// The bytes taken; 0: the rest of it has not come yet. What is no command is a letter.
static size_t obey_one(struct printer *printer, const struct command *commands, size_t count,
                       const uint8_t *bytes, size_t len)
{
    bool may_begin = false;

    for (size_t i = 0; i < count; i++) {
        const struct command *command = &commands[i];
        const size_t shared = len < command->name_len ? len : command->name_len;

        if (memcmp(bytes, command->name, shared) != 0)
            continue;
        may_begin = true;
        if (shared < command->name_len || len < command->len)
            continue;
        if (command->is_on_paper)
            printer_put(printer, bytes, command->len);
        if (command->obey)
            command->obey(printer, bytes);
        return command->len;
    }
    if (may_begin)
        return 0;
    if (bytes[0]) // NUL is no letter
        printer_put(printer, bytes, 1);
    return 1;
}

// The rest of a picture: whatever comes are its dots.
static size_t take_picture(struct printer *printer, const uint8_t *bytes, size_t len)
{
    const size_t part = len < printer->picture_left ? len : printer->picture_left;

    if (!printer->is_torn)
        printer_put(printer, bytes, part);
    printer->picture_left -= part;
    printer->is_torn = printer->is_torn && printer->picture_left;
    return part;
}

// ---- ESC/POS ----

static uint8_t paper_bits(const struct printer *printer, uint8_t low, uint8_t out)
{
    return (uint8_t)((printer->state.is_paper_low || printer->state.is_paper_out ? low : 0) |
                     (printer->state.is_paper_out ? out : 0));
}

// DLE EOT n: answered at once, whatever else the printer does.
static void escpos_hear(struct printer *printer, uint8_t byte)
{
    const bool stands = printer_stands(printer);
    uint8_t bits = 0x12;

    if (printer->last[1] != 0x10 || printer->last[2] != 0x04 || byte < 1 || byte > 4)
        return;
    switch (byte) {
    case 1:
        bits |= stands ? 0x08 : 0;
        break;
    case 2:
        bits = (uint8_t)(bits | (printer->state.is_cover_open ? 0x04 : 0) |
                         (printer->state.is_paper_out ? 0x20 : 0));
        break;
    case 4:
        bits |= paper_bits(printer, 0x0c, 0x60);
        break;
    default:
        break;
    }
    printer_answer(printer, &bits, 1);
}

static void escpos_reset(struct printer *printer, const uint8_t *bytes)
{
    (void)bytes;
    printer->tells_unasked = false;
}

static void escpos_cut(struct printer *printer, const uint8_t *bytes)
{
    (void)bytes;
    printer_end_paper(printer, true);
}

static void escpos_paper_sensor(struct printer *printer, const uint8_t *bytes)
{
    const uint8_t answer = paper_bits(printer, 0x03, 0x0c);

    (void)bytes;
    printer_answer(printer, &answer, 1);
}

// GS ( H, function 48: our number comes back when all before it is on the paper.
static void escpos_job_number(struct printer *printer, const uint8_t *bytes)
{
    const uint8_t answer[7] = {0x37, 0x22, bytes[7], bytes[8], bytes[9], bytes[10], 0};

    printer_answer(printer, answer, sizeof answer);
}

static void escpos_changed(struct printer *printer)
{
    const uint8_t answer[4] = {(uint8_t)(0x10 | (printer_stands(printer) ? 0x08 : 0) |
                                         (printer->state.is_cover_open ? 0x20 : 0)),
                               0, paper_bits(printer, 0x03, 0x0c), 0};

    if (printer->tells_unasked)
        printer_answer(printer, answer, sizeof answer);
}

static void escpos_tell_unasked(struct printer *printer, const uint8_t *bytes)
{
    printer->tells_unasked = bytes[2] != 0;
    escpos_changed(printer);
}

static void escpos_picture(struct printer *printer, const uint8_t *bytes)
{
    printer->picture_left = (size_t)(bytes[4] | bytes[5] << 8) * (size_t)(bytes[6] | bytes[7] << 8);
}

static const struct command escpos_commands[] = {
    {"\x1b@",    2, 2,  escpos_reset,        true },
    {"\x1bR",    2, 3,  NULL,                true },
    {"\x1c.",    2, 2,  NULL,                true },
    {"\x1bt",    2, 3,  NULL,                true },
    {"\x1b"
     "E",   2, 3,  NULL,                true },
    {"\x1b-",    2, 3,  NULL,                true },
    {"\x1d"
     "B",   2, 3,  NULL,                true },
    {"\x1d!",    2, 3,  NULL,                true },
    {"\x1dV",    2, 4,  escpos_cut,          true },
    {"\x1bp",    2, 5,  NULL,                true },
    {"\x1dv",    2, 8,  escpos_picture,      true },
    {"\x10\x04", 2, 3,  NULL,                false}, // was answered when it came
    {"\x1dr",    2, 3,  escpos_paper_sensor, false},
    {"\x1d"
     "a",   2, 3,  escpos_tell_unasked, false},
    {"\x1d(H",   3, 11, escpos_job_number,   false},
};

static size_t escpos_work(struct printer *printer, const uint8_t *bytes, size_t len)
{
    if (printer->picture_left)
        return take_picture(printer, bytes, len);
    return obey_one(printer, escpos_commands, sizeof escpos_commands / sizeof escpos_commands[0],
                    bytes, len);
}

const struct printer_language printer_escpos = {
    .name = "escpos", .hear = escpos_hear, .work = escpos_work, .changed = escpos_changed};

// ---- ZPL II ----

static void zpl_hear(struct printer *printer, uint8_t byte)
{
    char text[ANSWER_BYTES];
    int len;

    if (byte != 'S' || printer->last[1] != '~' || printer->last[2] != 'H')
        return;
    len = snprintf(text, sizeof text,
                   "\x02"
                   "030,%d,0,1245,%03zu,%d,0,0,000,0,0,0\x03\r\n\x02"
                   "000,0,%d,0,0,2,6,0,00000000,1,000\x03\r\n\x02"
                   "1234,0\x03\r\n",
                   printer->state.is_paper_out, (size_t)(printer->buffered > 0),
                   printer->buffered == BUFFER_BYTES, printer->state.is_cover_open);
    printer_answer(printer, text, (size_t)len);
}

static void zpl_end(struct printer *printer, const uint8_t *bytes)
{
    (void)bytes;
    printer_end_paper(printer, true);
}

static const struct command zpl_commands[] = {
    {"^XZ", 3, 3, zpl_end, true },
    {"~HS", 3, 3, NULL,    false},
};

static size_t zpl_work(struct printer *printer, const uint8_t *bytes, size_t len)
{
    return obey_one(printer, zpl_commands, sizeof zpl_commands / sizeof zpl_commands[0], bytes,
                    len);
}

const struct printer_language printer_zpl = {.name = "zpl", .hear = zpl_hear, .work = zpl_work};

// ---- Brother's raster ----

static void brother_hear(struct printer *printer, uint8_t byte)
{
    (void)printer; // everything is answered in turn
    (void)byte;
}

// Type 0: asked for; 1: printed; 2: an error; 6: its phase changed.
static void brother_say(struct printer *printer, uint8_t type, uint8_t phase)
{
    uint8_t answer[32] = {0x80, 0x20, 'B', 0x34, 0x41, '0'};

    answer[8] = printer->state.is_paper_out ? 0x01 : 0;
    answer[9] = printer->state.is_cover_open ? 0x10 : 0;
    answer[10] = (uint8_t)printer->state.media_mm;
    answer[11] = printer->state.media_mm ? 0x0a : 0;
    answer[18] = type;
    answer[19] = phase;
    printer_answer(printer, answer, sizeof answer);
}

static void brother_status(struct printer *printer, const uint8_t *bytes)
{
    (void)bytes;
    brother_say(printer, 0, 0);
}

static void brother_changed(struct printer *printer)
{
    if (printer_stands(printer))
        brother_say(printer, 2, 0);
}

static void brother_print(struct printer *printer, const uint8_t *bytes)
{
    (void)bytes;
    printer_end_paper(printer, true);
    brother_say(printer, 6, 1);
    brother_say(printer, 1, 0);
    brother_say(printer, 6, 0);
}

static void brother_row(struct printer *printer, const uint8_t *bytes)
{
    printer->picture_left = bytes[0] == 'g' ? bytes[2] : (size_t)(bytes[1] | bytes[2] << 8);
}

static const struct command brother_commands[] = {
    {"\x1b@",  2, 2,  NULL,           true },
    {"\x1biS", 3, 3,  brother_status, false},
    {"\x1bia", 3, 4,  NULL,           true },
    {"\x1bi!", 3, 4,  NULL,           true },
    {"\x1biz", 3, 13, NULL,           true },
    {"\x1biM", 3, 4,  NULL,           true },
    {"\x1biA", 3, 4,  NULL,           true },
    {"\x1biK", 3, 4,  NULL,           true },
    {"\x1bid", 3, 5,  NULL,           true },
    {"M",      1, 2,  NULL,           true },
    {"g",      1, 3,  brother_row,    true },
    {"G",      1, 3,  brother_row,    true },
    {"Z",      1, 1,  NULL,           true },
    {"\x0c",   1, 1,  brother_print,  true },
    {"\x1a",   1, 1,  brother_print,  true },
};

static size_t brother_work(struct printer *printer, const uint8_t *bytes, size_t len)
{
    if (printer->picture_left)
        return take_picture(printer, bytes, len);
    return obey_one(printer, brother_commands, sizeof brother_commands / sizeof brother_commands[0],
                    bytes, len);
}

const struct printer_language printer_brother = {
    .name = "brother", .hear = brother_hear, .work = brother_work, .changed = brother_changed};

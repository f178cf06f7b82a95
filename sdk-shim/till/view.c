// SPDX-License-Identifier: Apache-2.0
#include "sdk-shim/till/till.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

void till_say(struct till *till, const char *fmt, ...)
{
    const size_t room = TILL_OUTPUT_BYTES - till->output_len;
    va_list args;
    int len;

    va_start(args, fmt);
    len = vsnprintf(till->output + till->output_len, room, fmt, args);
    va_end(args);
    if (len < 0)
        return;
    fputs(till->output + till->output_len, stdout);
    fflush(stdout);
    till->output_len += (size_t)len < room ? (size_t)len : room - 1;
    if (TILL_OUTPUT_BYTES - till->output_len < TILL_LINE_BYTES)
        till->output_len = 0; // somebody talks a lot; only the newest is looked for
}

void till_say_money(struct till *till, long long minor)
{
    till_say(till, "%s%lld.%02lld", minor < 0 ? "-" : "", (minor < 0 ? -minor : minor) / 100,
             (minor < 0 ? -minor : minor) % 100);
}

void till_say_promise(struct till *till, int64_t from_ms, int64_t until_ms)
{
    time_t from = (time_t)(from_ms / 1000);
    time_t until = (time_t)(until_ms / 1000);
    struct tm a, b;
    char text[2][32];

    if (!until_ms || !localtime_r(&from, &a) || !localtime_r(&until, &b)) {
        till_say(till, "no promise");
        return;
    }
    strftime(text[0], sizeof text[0], "%a %d %b %H:%M", &a);
    strftime(text[1], sizeof text[1],
             a.tm_yday == b.tm_yday && a.tm_year == b.tm_year ? "%H:%M" : "%a %d %b %H:%M", &b);
    till_say(till, "ready %s - %s", text[0], text[1]);
}

// Letters far apart and in a frame: what a guest reads from the other side of the counter.
void till_say_large(struct till *till, const char *text)
{
    const char *at = text;
    int letters = 0;

    for (; *at; at++)
        letters += ((unsigned char)*at & 0xc0) != 0x80;
    till_say(till, "\n   +");
    for (int i = 0; i < 2 * letters + 5; i++)
        till_say(till, "-");
    till_say(till, "+\n   |   ");
    for (at = text; *at; at++) {
        till_say(till, "%c", *at);
        if (((unsigned char)at[1] & 0xc0) != 0x80)
            till_say(till, " ");
    }
    till_say(till, "  |\n   +");
    for (int i = 0; i < 2 * letters + 5; i++)
        till_say(till, "-");
    till_say(till, "+\n\n");
}

// Two rows of modules a line of text, dark on light, with the quiet zone.
void till_say_qr(struct till *till, const uint8_t *modules, uint32_t width)
{
    const int side = (int)width;

    for (int y = -4; y < side + 4; y += 2) {
        till_say(till, "   ");
        for (int x = -4; x < side + 4; x++) {
            const bool upper = x >= 0 && x < side && y >= 0 && y < side && modules[y * side + x];
            const bool lower =
                x >= 0 && x < side && y + 1 >= 0 && y + 1 < side && modules[(y + 1) * side + x];

            till_say(till, "%s",
                     upper   ? lower ? " " : "\xe2\x96\x84" // ▄
                     : lower ? "\xe2\x96\x80"               // ▀
                             : "\xe2\x96\x88");             // █
        }
        till_say(till, "\n");
    }
}

void till_say_order(struct till *till, const struct atl_pos_order *order)
{
    till_say(till, "order %s   %s%s%s\n", order->code ? order->code : "-",
             order->sentence ? order->sentence : "", order->is_gift ? "   gift" : "",
             order->is_training ? "   PRACTICE" : "");
    for (uint32_t i = 0; i < order->piece_count; i++) {
        const struct atl_pos_piece *piece =
            (const struct atl_pos_piece *)(const void *)((const char *)order->pieces +
                                                         (size_t)i * order->piece_size);

        till_say(till, "  %s  %-16s %s%s%s  ", piece->code, piece->stage, piece->what,
                 piece->place ? "  at " : "", piece->place ? piece->place : "");
        till_say_promise(till, piece->promise_from_ms, piece->promise_until_ms);
        till_say(till, "\n");
    }
    if (order->warning)
        till_say(till, "  ! %s\n", order->warning);
}

static void say_line(struct till *till, const struct till_line *line)
{
    int count = 0;

    for (int unit = 1; unit <= line->quantity; unit++)
        count += till_unit_is_sold(line, (unsigned)unit);
    till_say(till, "  %s  %d x %s%s%s   ", line->ref + 1, count, line->name,
             line->variant[0] ? ", " : "", line->variant);
    till_say_money(till, line->price_minor * count);
    till_say(till, "\n");
    for (int unit = 1; unit <= line->quantity; unit++) {
        const struct till_unit *of = &line->units[unit];

        if (of->is_returned)
            till_say(till, "     %s.%d came back\n", line->ref + 1, unit);
        if (!of->is_customised || !till_unit_is_sold(line, (unsigned)unit))
            continue;
        till_say(till, "     %s.%d personalisation%s   ", line->ref + 1, unit,
                 of->is_signed ? "" : " (not signed off)");
        till_say_money(till, of->service_minor);
        till_say(till, "\n");
    }
}

void till_say_sale(struct till *till)
{
    const struct till_sale *sale = &till->sale;

    till_say(till, "sale %lld%s\n", sale->sequence, sale->is_training ? "   PRACTICE" : "");
    for (int i = 0; i < sale->line_count; i++) {
        if (!sale->lines[i].is_voided)
            say_line(till, &sale->lines[i]);
    }
    till_say(till, "  total ");
    till_say_money(till, till_sale_total(sale));
    till_say(till, " EUR\n");
}

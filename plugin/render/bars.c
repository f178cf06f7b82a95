// SPDX-License-Identifier: Apache-2.0
// Code 128: ISO/IEC 15417. EAN-13: GS1 General Specifications 5.2. zint of Debian could write both;
// these tables are shorter than what would be told to it, and it chooses the sets of Code 128 by
// rules of thumb.
#include "plugin/render/bars.h"

#include "plugin/render/bitmap.h"

#include <stdio.h>
#include <string.h>

enum {
    UM_PER_INCH = 25400,
    SETS = 3, // A, B, C
    CODE_SHIFT = 98,
    CODE_C = 99,
    CODE_B = 100,
    CODE_A = 101,
    CODE_START_A = 103,
    CODE_STOP = 106,
    FAR = 1000000,
};

// Widths of bars and gaps, a digit a module.
static const char *const PATTERNS[] = {
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312",  "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122",  "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122",  "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123",  "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331",  "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311",  "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411",  "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412",  "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",  "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211",  "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113",  "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
};

static void add_widths(struct atl_bars_code *out, const char *widths)
{
    for (; *widths; widths++) {
        out->widths[out->count++] = (uint8_t)(*widths - '0');
        out->modules = (uint16_t)(out->modules + (*widths - '0'));
    }
}

// ---- Code 128 ----

enum set { SET_A, SET_B, SET_C };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool has_letter(enum set set, unsigned char c)
{
    return set == SET_A ? c < 0x60 : set == SET_B ? c >= 0x20 && c < 0x80 : false;
}

static int value_of(enum set set, unsigned char c)
{
    return set == SET_A && c < 0x20 ? c + 64 : c - 0x20;
}

// What is written next when the text stands at some place, and a set is on.
struct way {
    int cost;        // symbols from here to the end
    bool is_shifted; // one letter of the other set
    enum set to;     // the set that the letter is written in; another one than now: switched first
};

// The cheapest way from every place and set, from the end backwards.
static void find_ways(const char *text, size_t len, struct way ways[][SETS])
{
    for (int set = 0; set < SETS; set++)
        ways[len][set] = (struct way){.to = (enum set)set};
    for (size_t at = len; at--;) {
        const unsigned char c = (unsigned char)text[at];

        for (int now = 0; now < SETS; now++) {
            struct way best = {.cost = FAR};

            for (int to = 0; to < SETS; to++) {
                const bool is_pair =
                    to == SET_C && at + 1 < len && is_digit(text[at]) && is_digit(text[at + 1]);
                const int switched = to != now;
                int cost;

                if (!is_pair && !has_letter((enum set)to, c))
                    continue;
                cost = 1 + switched + ways[at + (is_pair ? 2 : 1)][to].cost;
                if (cost < best.cost)
                    best = (struct way){.cost = cost, .to = (enum set)to};
                if (switched && to != SET_C && now != SET_C &&
                    2 + ways[at + 1][now].cost < best.cost)
                    best = (struct way){2 + ways[at + 1][now].cost, true, (enum set)to};
            }
            ways[at][now] = best;
        }
    }
}

static size_t write_symbols(const char *text, size_t len, struct way ways[][SETS], int *symbols)
{
    static const int SWITCH[] = {CODE_A, CODE_B, CODE_C};
    enum set now = SET_B; // the commonest, where it makes no difference
    size_t count = 0;

    for (int set = 0; set < SETS; set++) {
        if (ways[0][set].cost < ways[0][now].cost)
            now = (enum set)set;
    }
    symbols[count++] = CODE_START_A + (int)now;
    for (size_t at = 0; at < len;) {
        const struct way way = ways[at][now];

        if (way.is_shifted)
            symbols[count++] = CODE_SHIFT;
        else if (way.to != now)
            symbols[count++] = SWITCH[way.to];
        if (way.to == SET_C) {
            symbols[count++] = (text[at] - '0') * 10 + (text[at + 1] - '0');
            at += 2;
        } else {
            symbols[count++] = value_of(way.to, (unsigned char)text[at]);
            at++;
        }
        if (!way.is_shifted)
            now = way.to;
    }
    return count;
}

static atl_code make_code128(const char *text, struct atl_bars_code *out, struct atl_error *err)
{
    struct way ways[ATL_BARS_TEXT_MAX + 1][SETS];
    int symbols[2 * ATL_BARS_TEXT_MAX + 1];
    const size_t len = strlen(text);
    size_t count;
    int sum;

    if (!len || len > ATL_BARS_TEXT_MAX)
        return atl_fail(err, ATL_E_INVALID, "a Code 128 has 1 to %d letters, not %zu",
                        ATL_BARS_TEXT_MAX, len);
    for (size_t i = 0; i < len;
         i++) { // not the text itself: errors are logged, and it is a guest's
        if ((unsigned char)text[i] < 0x20 || (unsigned char)text[i] > 0x7E)
            return atl_fail(err, ATL_E_INVALID,
                            "a Code 128 has letters without accents, digits and signs only, and "
                            "character %zu is none of them: take a QR code",
                            i + 1);
    }
    find_ways(text, len, ways);
    count = write_symbols(text, len, ways, symbols);
    sum = symbols[0];
    for (size_t i = 1; i < count; i++)
        sum = (sum + (int)i * symbols[i]) % 103;
    for (size_t i = 0; i < count; i++)
        add_widths(out, PATTERNS[symbols[i]]);
    add_widths(out, PATTERNS[sum]);
    add_widths(out, PATTERNS[CODE_STOP]);
    out->quiet_left = out->quiet_right = 10;
    snprintf(out->text, sizeof out->text, "%s", text);
    return ATL_OK;
}

// ---- EAN-13 ----

static char check_digit(const char *digits)
{
    int sum = 0;

    for (int i = 0; i < 12; i++)
        sum += (digits[i] - '0') * (i % 2 ? 3 : 1);
    return (char)('0' + (10 - sum % 10) % 10);
}

static atl_code read_ean13(const char *text, char out[14], struct atl_error *err)
{
    size_t len = 0;

    for (; *text; text++) {
        if (*text == ' ' || *text == '-')
            continue;
        if (!is_digit(*text) || len == 13)
            return atl_fail(err, ATL_E_INVALID, "an EAN-13 has 12 or 13 digits and nothing else");
        out[len++] = *text;
    }
    if (len < 12)
        return atl_fail(err, ATL_E_INVALID, "an EAN-13 has 12 or 13 digits, not %zu", len);
    if (len == 13 && out[12] != check_digit(out))
        return atl_fail(err, ATL_E_INVALID,
                        "the last digit of the EAN-13 would have to be %c: a digit is wrong",
                        check_digit(out));
    out[12] = check_digit(out);
    out[13] = '\0';
    return ATL_OK;
}

static atl_code make_ean13(const char *text, struct atl_bars_code *out, struct atl_error *err)
{
    // Widths of a digit in set A; B is the same backwards, C the same with bars and gaps changed.
    static const char *const DIGITS[] = {"3211", "2221", "2122", "1411", "1132",
                                         "1231", "1114", "1312", "1213", "3112"};
    // Which of the six at the left are of set B: that is how the first digit is said.
    static const uint8_t PARITY[] = {0x00, 0x0B, 0x0D, 0x0E, 0x13, 0x19, 0x1C, 0x15, 0x16, 0x1A};
    char digits[14];
    atl_code rc = read_ean13(text, digits, err);

    if (rc)
        return rc;
    add_widths(out, "111");
    for (int i = 1; i <= 12; i++) {
        const char *set_a = DIGITS[digits[i] - '0'];
        const bool is_b = i <= 6 && PARITY[digits[0] - '0'] & 1u << (6 - i);
        const char set_b[] = {set_a[3], set_a[2], set_a[1], set_a[0], '\0'};

        if (i == 7)
            add_widths(out, "11111");
        add_widths(out, is_b ? set_b : set_a);
    }
    add_widths(out, "111");
    out->quiet_left = 11;
    out->quiet_right = 7;
    memcpy(out->text, digits, sizeof digits);
    return ATL_OK;
}

atl_code atl_bars_make(enum atl_bars kind, const char *text, struct atl_bars_code *out,
                       struct atl_error *err)
{
    struct atl_bars_code made = {.kind = kind};
    atl_code rc = kind == ATL_BARS_EAN13 ? make_ean13(text ? text : "", &made, err)
                                         : make_code128(text ? text : "", &made, err);

    if (!rc)
        *out = made;
    return rc;
}

static uint32_t mm10(uint64_t dots, uint32_t dpi)
{
    return (uint32_t)((dots * 254u + dpi / 2) / dpi);
}

atl_code atl_bars_fit(const struct atl_bars_code *code, uint32_t width_dots, uint32_t dpi,
                      uint32_t module_um, uint32_t *module_dots, struct atl_error *err)
{
    const uint64_t um = module_um ? module_um : ATL_BARS_MODULE_UM;
    const uint32_t modules = (uint32_t)code->quiet_left + code->modules + code->quiet_right;
    uint64_t dots;

    if (!dpi || um > UM_PER_INCH)
        return atl_fail(err, ATL_E_INVALID, "a bar of %u um at %u dpi", module_um, dpi);
    // A hundredth of tolerance, as for QR symbols: 0.25 mm are two dots of a "203 dpi" head.
    dots = (um * dpi - um * dpi / 100 + UM_PER_INCH - 1) / UM_PER_INCH;
    if (dots * modules > width_dots)
        return atl_fail(err, ATL_E_INVALID,
                        "the bar code is %u.%u mm wide with bars of %u.%02u mm, and there are "
                        "%u.%u mm: narrower bars (min), a shorter text, or a QR code",
                        mm10(dots * modules, dpi) / 10, mm10(dots * modules, dpi) % 10,
                        (unsigned)um / 1000, (unsigned)um % 1000 / 10, mm10(width_dots, dpi) / 10,
                        mm10(width_dots, dpi) % 10);
    *module_dots = (uint32_t)dots;
    return ATL_OK;
}

atl_code atl_bars_draw(const struct atl_bars_code *code, uint32_t module_dots, uint32_t height_dots,
                       struct atl_bitmap *out, struct atl_error *err)
{
    const uint32_t modules = (uint32_t)code->quiet_left + code->modules + code->quiet_right;
    struct atl_bitmap made = {0};
    uint32_t x = code->quiet_left * module_dots;
    atl_code rc = atl_bitmap_init(&made, modules * module_dots, height_dots, err);

    if (rc)
        return rc;
    for (size_t i = 0; i < code->count; i++) {
        const uint32_t width = code->widths[i] * module_dots;

        if (i % 2 == 0)
            atl_bitmap_fill(&made, x, 0, width, height_dots);
        x += width;
    }
    *out = made;
    return ATL_OK;
}

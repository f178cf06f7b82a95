// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/money.h"

#include <string.h>

// ISO 4217 by digits after the point (2024; funds and metals left out).
static const struct {
    int32_t exponent;
    const char *codes; // each followed by a space
} currencies[] = {
    {0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF "},
    {3, "BHD IQD JOD KWD LYD OMR TND "                                        },
    {4, "CLF UYW "                                                            },
    {2, "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN "
        "BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
        "GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR "
        "LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD "
        "PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
        "SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR "
        "ZMW ZWG "                                                     },
};

int32_t atl_money_exponent(const char *currency)
{
    char code[] = "??? ";

    if (!currency || strlen(currency) != 3 || strchr(currency, ' '))
        return -1;
    memcpy(code, currency, 3);
    for (size_t i = 0; i < sizeof currencies / sizeof currencies[0]; i++) {
        if (strstr(currencies[i].codes, code))
            return currencies[i].exponent;
    }
    return -1;
}

bool atl_money_add(int64_t a_minor, int64_t b_minor, int64_t *out_minor)
{
    int64_t sum;

    if (__builtin_add_overflow(a_minor, b_minor, &sum))
        return false;
    *out_minor = sum;
    return true;
}

bool atl_money_multiply(int64_t a_minor, int64_t times, int64_t *out_minor)
{
    int64_t product;

    if (__builtin_mul_overflow(a_minor, times, &product))
        return false;
    *out_minor = product;
    return true;
}

bool atl_money_percent(int64_t a_minor, int64_t basis_points, int64_t *out_minor)
{
    enum { WHOLE = 10000 };
    int64_t product;
    int64_t rest;

    if (!atl_money_multiply(a_minor, basis_points, &product))
        return false;
    rest = product % WHOLE;
    *out_minor = product / WHOLE + (rest >= WHOLE / 2) - (rest <= -WHOLE / 2);
    return true;
}

// How a language writes an amount.
struct style {
    char language[3];
    bool is_sign_after;
    const char *thousands;
    const char *point;
};

static const struct style styles[] = {
    {"en", false, ",",            "."},
    {"fr", true,  "\xE2\x80\xAF", ","},
    {"ja", false, ",",            "."},
};

static const struct style *find_style(const char *language)
{
    for (size_t i = 0; language && i < sizeof styles / sizeof styles[0]; i++) {
        if ((language[0] | 32) == styles[i].language[0] && language[0] &&
            (language[1] | 32) == styles[i].language[1] &&
            (language[2] == 0 || language[2] == '-' || language[2] == '_'))
            return &styles[i];
    }
    return &styles[0];
}

static const char *find_sign(const char *currency, const struct style *style)
{
    static const struct {
        const char *currency;
        const char *sign;
        bool is_before_only; // where the sign follows the number it would be misread
    } signs[] = {
        {"EUR", "\xE2\x82\xAC", false},
        {"GBP", "\xC2\xA3",     false},
        {"JPY", "\xC2\xA5",     false},
        {"USD", "$",            true },
    };

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (strcmp(currency, signs[i].currency) == 0 &&
            !(signs[i].is_before_only && style->is_sign_after))
            return signs[i].sign;
    }
    return NULL;
}

// Digits of the whole part in groups, then the point and the rest.
static void add_number(struct atl_buf *out, uint64_t minor, int32_t exponent,
                       const struct style *style)
{
    char digits[24];
    size_t count = 0;
    size_t rest = (size_t)exponent;

    do {
        digits[count++] = (char)('0' + minor % 10);
        minor /= 10;
    } while (minor || count <= rest);
    for (size_t i = count; i; i--) {
        if (i == rest)
            atl_buf_add(out, style->point, strlen(style->point));
        else if (i != count && i > rest && (i - rest) % 3 == 0)
            atl_buf_add(out, style->thousands, strlen(style->thousands));
        atl_buf_add(out, &digits[i - 1], 1);
    }
}

void atl_money_format(struct atl_buf *out, int64_t minor, const char *currency,
                      const char *language)
{
    const struct style *style = find_style(language);
    const char *sign = find_sign(currency, style);
    const char *shown = sign ? sign : currency;
    int32_t exponent = atl_money_exponent(currency);
    uint64_t size = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;

    if (minor < 0)
        ATL_BUF_LIT(out, "-");
    if (!style->is_sign_after) {
        atl_buf_add(out, shown, strlen(shown));
        if (!sign)
            ATL_BUF_LIT(out, "\xC2\xA0");
    }
    add_number(out, size, exponent < 0 ? 2 : exponent, style);
    if (style->is_sign_after) {
        ATL_BUF_LIT(out, "\xC2\xA0");
        atl_buf_add(out, shown, strlen(shown));
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "sdk-shim/till/till.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static bool product_read(struct till *till, char *text, const char *path, int number)
{
    struct till_product *product = &till->products[till->product_count];
    char *fields[4] = {text};
    char *end;

    for (int i = 1; i < 4; i++) {
        char *tab = fields[i - 1] ? strchr(fields[i - 1], '\t') : NULL;

        if (tab)
            *tab = '\0';
        fields[i] = tab ? tab + 1 : NULL;
    }
    if (!fields[2] || till->product_count == TILL_PRODUCTS_MAX) {
        till_say(till, "%s:%d: a product is SKU, name, price in cents and variants, with tabs\n",
                 path, number);
        return false;
    }
    snprintf(product->sku, sizeof product->sku, "%.63s", fields[0]);
    snprintf(product->name, sizeof product->name, "%.95s", fields[1]);
    snprintf(product->variants, sizeof product->variants, "%.255s", fields[3] ? fields[3] : "");
    product->price_minor = strtoll(fields[2], &end, 10);
    if (end == fields[2] || *end || product->price_minor < 0) {
        till_say(till, "%s:%d: '%s' is no price in cents\n", path, number, fields[2]);
        return false;
    }
    till->product_count++;
    return true;
}

bool till_products_load(struct till *till, const char *path)
{
    FILE *file = fopen(path, "re");
    char text[1024];
    int number = 0;
    bool ok = true;

    if (!file) {
        till_say(till, "The products cannot be read from %s: %s. Check --products.\n", path,
                 strerror(errno));
        return false;
    }
    while (ok && fgets(text, sizeof text, file)) {
        number++;
        text[strcspn(text, "\r\n")] = '\0';
        if (text[0] && text[0] != '#')
            ok = product_read(till, text, path, number);
    }
    fclose(file);
    return ok;
}

const struct till_product *till_product_find(const struct till *till, const char *sku)
{
    for (int i = 0; i < till->product_count; i++) {
        if (strcmp(till->products[i].sku, sku) == 0)
            return &till->products[i];
    }
    return NULL;
}

static void new_uuid(char out[40])
{
    uint8_t b[16] = {0};

    if (getrandom(b, sizeof b, 0) != sizeof b)
        memcpy(b, &(int64_t){till_now_ms()}, 8);
    b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
    b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
    snprintf(out, 40, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
             b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
             b[14], b[15]);
}

void till_sale_begin(struct till *till)
{
    const time_t now = time(NULL);
    struct tm local;

    memset(&till->sale, 0, sizeof till->sale);
    new_uuid(till->sale.uuid);
    if (localtime_r(&now, &local))
        strftime(till->sale.business_day, sizeof till->sale.business_day, "%Y-%m-%d", &local);
    till->sale.sequence = ++till->last_sequence;
    till->sale.is_training = till->is_training;
}

bool till_place_read(struct till *till, const char *word, struct till_line **line, unsigned *unit)
{
    char *end;
    const char *digits = word[0] == 'L' || word[0] == 'l' ? word + 1 : word;
    const long number = strtol(digits, &end, 10);
    long which = 0;

    if (*end == '.')
        which = strtol(end + 1, &end, 10);
    if (end == digits || *end || number < 1 || number > till->sale.line_count) {
        till_say(till, "There is no line '%s': write 2 for a line, 2.3 for its third unit.\n",
                 word);
        return false;
    }
    *line = &till->sale.lines[number - 1];
    if (which < 0 || which > (*line)->quantity) {
        till_say(till, "Line %ld has %d units: there is no unit %ld.\n", number, (*line)->quantity,
                 which);
        return false;
    }
    *unit = (unsigned)which;
    return true;
}

long long till_sale_total(const struct till_sale *sale)
{
    long long total = 0;

    for (int i = 0; i < sale->line_count; i++) {
        const struct till_line *line = &sale->lines[i];

        if (line->is_voided)
            continue;
        total += line->price_minor * line->quantity;
        for (int unit = 1; unit <= line->quantity; unit++)
            total += line->units[unit].is_voided ? 0 : line->units[unit].service_minor;
    }
    return total;
}

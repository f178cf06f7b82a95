// SPDX-License-Identifier: Apache-2.0
#include "sdk-shim/till/till.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>

// SKU, name, price and variants; tabs between them.
static const char *product_fault(const struct till *till, char *const fields[4])
{
    if (!fields[2])
        return "a product is SKU, name, price in cents and variants, with tabs between them";
    if (!fields[0][0] || !fields[1][0])
        return "the SKU or the name is empty";
    if (strlen(fields[0]) >= sizeof till->products->sku ||
        strlen(fields[1]) >= sizeof till->products->name ||
        (fields[3] && strlen(fields[3]) >= sizeof till->products->variants))
        return "a field is too long: the SKU has 63 bytes, the name 95, the variants 255";
    if (strchr(fields[0], '|') || strchr(fields[1], '|'))
        return "a bar stands between variants only";
    for (int i = 0; i < till->product_count; i++) {
        if (strcmp(till->products[i].sku, fields[0]) == 0)
            return "this SKU stands above already";
    }
    if (till->product_count == TILL_PRODUCTS_MAX)
        return "there are more than 64 products";
    return NULL;
}

static bool product_read(struct till *till, char *text, const char *path, int number)
{
    struct till_product *product = &till->products[till->product_count];
    char *fields[4] = {text};
    const char *fault;
    char *end;

    for (int i = 1; i < 4; i++) {
        char *tab = fields[i - 1] ? strchr(fields[i - 1], '\t') : NULL;

        if (tab)
            *tab = '\0';
        fields[i] = tab ? tab + 1 : NULL;
    }
    fault = product_fault(till, fields);
    if (fault) {
        till_say(till, "%s:%d: %s\n", path, number, fault);
        return false;
    }
    snprintf(product->sku, sizeof product->sku, "%s", fields[0]);
    snprintf(product->name, sizeof product->name, "%s", fields[1]);
    snprintf(product->variants, sizeof product->variants, "%s", fields[3] ? fields[3] : "");
    product->price_minor = strtoll(fields[2], &end, 10);
    if (end == fields[2] || *end || product->price_minor < 0 || product->price_minor > 100000000) {
        till_say(till, "%s:%d: '%s' is no price in cents: write 3900 for 39.00\n", path, number,
                 fields[2]);
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
    if (ok && !till->product_count) {
        till_say(till, "%s has no products: write one a line.\n", path);
        return false;
    }
    return ok;
}

const struct till_product *till_product_find(const struct till *till, const char *sku)
{
    const struct till_product *found = NULL;
    int count = 0;

    for (int i = 0; i < till->product_count; i++) {
        const struct till_product *product = &till->products[i];

        if (strcmp(product->sku, sku) == 0)
            return product;
        if (strncasecmp(product->sku, sku, strlen(sku)) == 0) {
            found = product;
            count++;
        }
    }
    return count == 1 ? found : NULL;
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

    if (till->sale.sequence)
        till_sale_release(till, till->sale.sequence);
    till_journal_refresh(till);
    memset(&till->sale, 0, sizeof till->sale);
    new_uuid(till->sale.uuid);
    if (localtime_r(&now, &local))
        strftime(till->sale.business_day, sizeof till->sale.business_day, "%Y-%m-%d", &local);
    snprintf(till->sale.employee, sizeof till->sale.employee, "%s", till->employee);
    till->sale.is_training = till->is_training;
    till->sale.sequence = till->last_sequence + 1;
    while (!till_sale_claim(till, till->sale.sequence))
        till->sale.sequence++; // another till of this folder has that number at hand
}

struct till_line *till_line_add(struct till *till)
{
    struct till_sale *sale = &till->sale;
    struct till_line *line;
    int kept = 0;

    if (sale->line_count == TILL_LINES_MAX) {
        for (int i = 0; i < sale->line_count; i++) {
            if (!sale->lines[i].is_voided)
                sale->lines[kept++] = sale->lines[i];
        }
        sale->line_count = kept;
    }
    if (sale->line_count == TILL_LINES_MAX)
        return NULL;
    line = &sale->lines[sale->line_count++];
    memset(line, 0, sizeof *line);
    snprintf(line->ref, sizeof line->ref, "L%d", ++sale->last_ref);
    return line;
}

bool till_has_lines(const struct till_sale *sale)
{
    for (int i = 0; i < sale->line_count; i++) {
        if (!sale->lines[i].is_voided)
            return true;
    }
    return false;
}

static struct till_line *last_line(struct till_sale *sale)
{
    for (int i = sale->line_count - 1; i >= 0; i--) {
        if (!sale->lines[i].is_voided)
            return &sale->lines[i];
    }
    return NULL;
}

static struct till_line *numbered_line(struct till_sale *sale, long number)
{
    for (int i = 0; i < sale->line_count; i++) {
        if (strtol(sale->lines[i].ref + 1, NULL, 10) == number)
            return &sale->lines[i];
    }
    return NULL;
}

bool till_place_read(struct till *till, const char *word, struct till_line **line, unsigned *unit)
{
    const char *digits = word && (word[0] == 'L' || word[0] == 'l') ? word + 1 : word;
    long number = 0;
    long which = 0;
    char *end = NULL;

    *unit = 0;
    if (!word) {
        *line = last_line(&till->sale);
        if (!*line)
            till_say(till, "Nothing was sold yet: `sell` first.\n");
        return *line != NULL;
    }
    number = strtol(digits, &end, 10);
    if (*end == '.')
        which = strtol(end + 1, &end, 10);
    *line = end == digits || *end ? NULL : numbered_line(&till->sale, number);
    if (!*line) {
        till_say(till, "There is no line '%s': write 2 for a line, 2.3 for its third unit.\n",
                 word);
        return false;
    }
    if ((*line)->is_voided) {
        till_say(till, "Line %ld was taken out of the sale; `show` lists the others.\n", number);
        return false;
    }
    if (which < 0 || which > (*line)->quantity || (which && (*line)->units[which].is_voided)) {
        till_say(till, "Line %ld has %d unit%s: there is no unit %ld.\n", number, (*line)->quantity,
                 (*line)->quantity == 1 ? "" : "s", which);
        return false;
    }
    *unit = (unsigned)which;
    return true;
}

bool till_unit_is_sold(const struct till_line *line, unsigned unit)
{
    return !line->is_voided && !line->units[unit].is_voided && !line->units[unit].is_returned;
}

long long till_unit_price(const struct till_line *line, unsigned unit)
{
    return line->price_minor + line->units[unit].service_minor;
}

long long till_sale_total(const struct till_sale *sale)
{
    long long total = 0;

    for (int i = 0; i < sale->line_count; i++) {
        const struct till_line *line = &sale->lines[i];

        for (int unit = 1; unit <= line->quantity; unit++) {
            if (till_unit_is_sold(line, (unsigned)unit))
                total += till_unit_price(line, (unsigned)unit);
        }
    }
    return total;
}

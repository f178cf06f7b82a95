// SPDX-License-Identifier: Apache-2.0
// The till's journal: one line of text a state of a sale, appended and made durable. The last line
// of a uuid is what counts. It is written before money is taken (PAID) and after the plugin said
// OK (DONE); a PAID one that is found at the start is told again, with the same key.
#include "sdk-shim/till/till.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static size_t print_line(char *at, size_t room, const struct till_line *line)
{
    int len = snprintf(at, room, "\t%s|%s|%s|%s|%d|%lld|%d|", line->ref, line->sku, line->name,
                       line->variant, line->quantity, line->price_minor, line->is_voided);
    size_t used = len < 0 ? 0 : (size_t)len;

    for (int unit = 1; unit <= line->quantity && used < room; unit++) {
        const struct till_unit *of = &line->units[unit];

        len = snprintf(at + used, room - used, "%d:%lld,",
                       of->is_customised | of->is_signed << 1 | of->is_voided << 2 |
                           of->is_returned << 3,
                       of->service_minor);
        used += len < 0 ? 0 : (size_t)len;
    }
    return used;
}

bool till_journal_put(struct till *till, const struct till_sale *sale)
{
    static const size_t room = 1 << 17;
    char *text = malloc(room);
    size_t used;
    bool ok;

    if (!text)
        return false;
    used = (size_t)snprintf(text, room, "%s\t%d\t%lld\t%s\t%d\t%s", sale->uuid, (int)sale->state,
                            sale->sequence, sale->business_day, sale->is_training, sale->code);
    for (int i = 0; i < sale->line_count && used < room; i++)
        used += print_line(text + used, room - used, &sale->lines[i]);
    ok = used + 1 < room;
    if (ok) {
        text[used++] = '\n';
        ok = write(till->journal_fd, text, used) == (ssize_t)used &&
             fdatasync(till->journal_fd) == 0;
    }
    if (!ok)
        till_say(till, "The till's journal cannot be written: %s. Take no money.\n",
                 strerror(errno));
    free(text);
    return ok;
}

// ---- reading it back ----

static const char *field(char **at, char end)
{
    char *begin = *at;
    char *stop = strchr(begin, end);

    if (stop) {
        *stop = '\0';
        *at = stop + 1;
    } else {
        *at = begin + strlen(begin);
    }
    return begin;
}

static void read_units(char *at, struct till_line *line)
{
    for (int unit = 1; unit <= line->quantity && *at; unit++) {
        struct till_unit *of = &line->units[unit];
        const long bits = strtol(field(&at, ':'), NULL, 10);

        of->is_customised = bits & 1;
        of->is_signed = bits >> 1 & 1;
        of->is_voided = bits >> 2 & 1;
        of->is_returned = bits >> 3 & 1;
        of->service_minor = strtoll(field(&at, ','), NULL, 10);
    }
}

static void read_line(char *at, struct till_line *line)
{
    long quantity;

    snprintf(line->ref, sizeof line->ref, "%s", field(&at, '|'));
    snprintf(line->sku, sizeof line->sku, "%s", field(&at, '|'));
    snprintf(line->name, sizeof line->name, "%s", field(&at, '|'));
    snprintf(line->variant, sizeof line->variant, "%s", field(&at, '|'));
    quantity = strtol(field(&at, '|'), NULL, 10);
    line->quantity = quantity < 0 || quantity > TILL_UNITS_MAX ? 0 : (int)quantity;
    line->price_minor = strtoll(field(&at, '|'), NULL, 10);
    line->is_voided = field(&at, '|')[0] == '1';
    read_units(at, line);
}

static bool read_sale(char *at, struct till_sale *sale)
{
    memset(sale, 0, sizeof *sale);
    snprintf(sale->uuid, sizeof sale->uuid, "%s", field(&at, '\t'));
    sale->state = (enum till_state)strtol(field(&at, '\t'), NULL, 10);
    sale->sequence = strtoll(field(&at, '\t'), NULL, 10);
    snprintf(sale->business_day, sizeof sale->business_day, "%s", field(&at, '\t'));
    sale->is_training = field(&at, '\t')[0] == '1';
    snprintf(sale->code, sizeof sale->code, "%s", field(&at, '\t'));
    while (*at && sale->line_count < TILL_LINES_MAX)
        read_line((char *)(uintptr_t)field(&at, '\t'), &sale->lines[sale->line_count++]);
    return strlen(sale->uuid) == 36;
}

// The newest line of each uuid is kept; when there are too many, the oldest sale is forgotten.
static void remember(struct till *till, const struct till_sale *sale)
{
    for (int i = 0; i < till->past_count; i++) {
        if (strcmp(till->past[i].uuid, sale->uuid) == 0) {
            till->past[i] = *sale;
            return;
        }
    }
    if (till->past_count == TILL_SALES_MAX)
        memmove(till->past, till->past + 1, (size_t)--till->past_count * sizeof *till->past);
    till->past[till->past_count++] = *sale;
}

static void read_journal(struct till *till, FILE *file)
{
    struct till_sale *sale = malloc(sizeof *sale);
    char *text = NULL;
    size_t room = 0;
    ssize_t len;

    while (sale && (len = getline(&text, &room, file)) > 0) {
        if (text[len - 1] != '\n') { // torn by a crash: it was never acted upon
            (void)!write(till->journal_fd, "\n", 1);
            break;
        }
        text[len - 1] = '\0';
        if (!read_sale(text, sale))
            continue;
        if (sale->sequence > till->last_sequence)
            till->last_sequence = sale->sequence;
        remember(till, sale);
    }
    free(text);
    free(sale);
}

static void tell_again(struct till *till)
{
    for (int i = 0; i < till->past_count; i++) {
        struct till_sale *sale = &till->past[i];

        if (sale->state != TILL_PAID)
            continue;
        till_say(till, "Sale %lld was paid before the till stopped: telling the plugin again.\n",
                 sale->sequence);
        (void)till_tell_tendered(till, sale, 3);
    }
}

bool till_journal_open(struct till *till)
{
    char path[TILL_PATH];
    FILE *file;

    snprintf(path, sizeof path, "%s/journal.txt", till->folder);
    till->past = calloc(TILL_SALES_MAX, sizeof *till->past);
    till->journal_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    file = fopen(path, "re");
    if (!till->past || till->journal_fd < 0 || !file) {
        till_say(till, "The till's journal %s cannot be opened: %s. Check --dir.\n", path,
                 strerror(errno));
        if (file)
            fclose(file);
        return false;
    }
    read_journal(till, file);
    fclose(file);
    tell_again(till);
    return true;
}

void till_journal_close(struct till *till)
{
    if (till->journal_fd >= 0)
        close(till->journal_fd);
    till->journal_fd = -1;
    free(till->past);
    till->past = NULL;
}

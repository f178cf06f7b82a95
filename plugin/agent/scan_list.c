// SPDX-License-Identifier: Apache-2.0
// A setting of the store for each scanner: one line a scan, the fields separated by tabs.
#include "plugin/agent/scan_list.h"

#include "plugin/core/buf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_BYTES = 8191, LINE_FIELDS = 7 };

static const char *const outcomes[] = {"opened", "advanced", "placed", "sent",
                                       "bound",  "repeat",   "refused"};

const char *atl_scan_outcome_name(enum atl_scan_outcome outcome)
{
    return outcomes[outcome];
}

static void name_of(const char *scanner, char out[40])
{
    (void)snprintf(out, 40, "scans.%.24s", scanner);
}

// ---- lines ----

static void put_line(struct atl_buf *out, const struct atl_scan_told *told)
{
    atl_buf_addf(out, "%" PRId64 "\t%" PRId64 "\t%d\t%d\t%s\t%d\t", told->number, told->at_ms,
                 (int)told->outcome, (int)told->kind, told->code, (int)told->stage);
    for (const char *at = told->words; *at; at++) {
        const char letter = (unsigned char)*at < ' ' ? ' ' : *at;

        atl_buf_add(out, &letter, 1);
    }
    ATL_BUF_LIT(out, "\n");
}

// The next field of a line, cut out of *rest; NULL: there is none.
static char *next_field(char **rest)
{
    char *field = *rest;

    if (!field)
        return NULL;
    *rest = strchr(field, '\t');
    if (*rest)
        *(*rest)++ = '\0';
    return field;
}

static bool take_line(char *line, struct atl_scan_told *out)
{
    char *fields[LINE_FIELDS];

    for (size_t i = 0; i < LINE_FIELDS; i++) {
        fields[i] = next_field(&line);
        if (!fields[i])
            return false;
    }
    *out = (struct atl_scan_told){
        .number = strtoll(fields[0], NULL, 10),
        .at_ms = strtoll(fields[1], NULL, 10),
        .outcome = (enum atl_scan_outcome)strtol(fields[2], NULL, 10),
        .kind = (enum atl_scan_kind)strtol(fields[3], NULL, 10),
        .stage = (enum atl_stage)strtol(fields[5], NULL, 10),
    };
    (void)snprintf(out->code, sizeof out->code, "%s", fields[4]);
    (void)snprintf(out->words, sizeof out->words, "%s", fields[6]);
    return (unsigned)out->outcome <= ATL_SCAN_REFUSED && (unsigned)out->kind <= ATL_SCAN_SPARE &&
           (unsigned)out->stage < ATL_STAGE_COUNT;
}

atl_code atl_scan_list_get(struct atl_store *store, const char *scanner,
                           struct atl_scan_told out[ATL_SCAN_LIST_MAX], size_t *count,
                           struct atl_error *err)
{
    char name[40], text[LIST_BYTES + 1];
    char *line = text;
    size_t used = 0;
    atl_code rc;

    name_of(scanner, name);
    rc = atl_store_setting_get(store, name, text, sizeof text, err);
    if (rc == ATL_E_NOT_FOUND)
        text[0] = '\0';
    else if (rc)
        return rc;
    while (*line && used < ATL_SCAN_LIST_MAX) {
        char *end = strchr(line, '\n');

        if (!end)
            break;
        *end = '\0';
        used += take_line(line, &out[used]); // what cannot be read is left out
        line = end + 1;
    }
    *count = used;
    return ATL_OK;
}

atl_code atl_scan_list_add(struct atl_store *store, const char *scanner, struct atl_scan_told *told,
                           struct atl_error *err)
{
    struct atl_scan_told *list = calloc(ATL_SCAN_LIST_MAX, sizeof *list);
    struct atl_buf text;
    char name[40];
    size_t count = 0;
    atl_code rc;

    if (!list)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    atl_buf_init(&text, LIST_BYTES);
    name_of(scanner, name);
    rc = atl_store_begin(store, err);
    if (!rc)
        rc = atl_scan_list_get(store, scanner, list, &count, err);
    if (rc)
        goto out;
    told->number = count ? list[count - 1].number + 1 : 1;
    for (size_t i = count == ATL_SCAN_LIST_MAX; i < count; i++)
        put_line(&text, &list[i]);
    put_line(&text, told);
    rc = atl_buf_check(&text, err);
    if (!rc)
        rc = atl_store_setting_put(store, name, (const char *)text.data, err);
    if (!rc)
        rc = atl_store_commit(store, err);
out:
    atl_store_rollback(store);
    atl_buf_free(&text);
    free(list);
    return rc;
}

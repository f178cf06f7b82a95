// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/argument.h"

#include <string.h>

// How many letters at the beginning are the same.
static size_t alike(const char *a, const char *b)
{
    size_t count = 0;

    while (a[count] && a[count] == b[count])
        count++;
    return count;
}

const char *atl_argument_near(struct atl_arguments list, const char *word)
{
    const char *near = NULL;
    size_t most = 1;

    if (strncmp(word, "--", 2) != 0)
        return NULL;
    for (size_t i = 0; i < list.count; i++) {
        const size_t same = list.rows[i].name ? alike(word + 2, list.rows[i].name) : 0;

        if (same > most) {
            most = same;
            near = list.rows[i].name;
        }
    }
    return near;
}

const struct atl_argument *atl_argument_find(struct atl_arguments list, const char *word,
                                             const char **value)
{
    for (size_t i = 0; i < list.count; i++) {
        const size_t len = list.rows[i].name ? strlen(list.rows[i].name) : 0;

        if (!len || strncmp(word, "--", 2) != 0 || strncmp(word + 2, list.rows[i].name, len) != 0)
            continue;
        if (word[2 + len] == '\0' || word[2 + len] == '=') {
            *value = word[2 + len] ? word + 3 + len : NULL;
            return &list.rows[i];
        }
    }
    return NULL;
}

bool atl_argument_is_given(const struct atl_argument *row, const void *into)
{
    const char *at = (const char *)into + row->offset;
    const char *value;
    bool flag;

    if (!row->has_value) {
        memcpy(&flag, at, sizeof flag);
        return flag;
    }
    memcpy(&value, at, sizeof value);
    return value != NULL;
}

atl_code atl_argument_take(const struct atl_argument *row, const char *value, int argc, char **argv,
                           int *at, void *into, struct atl_error *err)
{
    char *place = (char *)into + row->offset;
    const bool is_set = true;

    if (!row->has_value && value)
        return atl_fail(err, ATL_E_INVALID, "--%s takes no value", row->name);
    if (row->has_value && !value)
        value = *at + 1 < argc ? argv[++*at] : NULL;
    if (row->has_value && (!value || !*value || strncmp(value, "--", 2) == 0))
        return atl_fail(err, ATL_E_INVALID, "--%s needs %s: %s", row->name, row->value, row->help);
    if (row->has_value)
        memcpy(place, &value, sizeof value);
    else
        memcpy(place, &is_set, sizeof is_set);
    return ATL_OK;
}

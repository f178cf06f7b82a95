// SPDX-License-Identifier: Apache-2.0
// The words inside the value of a property.
#include "plugin/render/template_inner.h"

#include <string.h>
#include <strings.h>

char *atl_template_next_word(char **text)
{
    char *word = *text + strspn(*text, ", \t");
    size_t len = strcspn(word, ", \t");

    if (!len)
        return NULL;
    *text = word + len + (word[len] != '\0');
    word[len] = '\0';
    return word;
}

int atl_template_choose(const char *value, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        if (strcasecmp(value, names[i]) == 0)
            return i;
    }
    return -1;
}

// SPDX-License-Identifier: Apache-2.0
// Names of acts and places as codes on the wall: U, A or P, the name's key, a check character.
// The U keeps them apart from all other codes; the check is ISO/IEC 7064 MOD 37,36.
#include "plugin/core/name.h"

#include <string.h>

static int value_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    return -1;
}

static char character_of(int value)
{
    return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[value];
}

static char check_of(const char *key, size_t len)
{
    int product = 36;

    for (size_t i = 0; i < len; i++) {
        int sum = (product + value_of(key[i])) % 36;

        product = (sum ? sum : 36) * 2 % 37;
    }
    return character_of((37 - product) % 36);
}

// Letters and digits in upper case; spaces and what stands between words is left out.
static atl_code squeeze(const char *text, size_t len, char *out, size_t cap, struct atl_error *err)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++) {
        int value = value_of(text[i]);

        if (value < 0 && text[i] && strchr(" -_./", text[i]))
            continue;
        if (value < 0)
            return atl_fail(err, ATL_E_INVALID,
                            "character %zu of the name is not A-Z, 0-9, space or -", i + 1);
        if (count + 1 >= cap)
            return atl_fail(err, ATL_E_INVALID, "the name has more than %zu letters and digits",
                            cap - 1);
        out[count++] = character_of(value);
    }
    out[count] = 0;
    return ATL_OK;
}

atl_code atl_name_key(const char *name, char out[ATL_NAME_CAP], struct atl_error *err)
{
    char key[ATL_NAME_CAP];
    atl_code rc = squeeze(name, strlen(name), key, sizeof key, err);

    if (rc)
        return rc;
    if (!key[0])
        return atl_fail(err, ATL_E_INVALID, "the name has no letter or digit");
    memcpy(out, key, sizeof key);
    return ATL_OK;
}

atl_code atl_name_code_make(char kind, const char *name, char out[ATL_NAME_CODE_CAP],
                            struct atl_error *err)
{
    char key[ATL_NAME_CAP];
    size_t len;
    atl_code rc = atl_name_key(name, key, err);

    if (rc)
        return rc;
    len = strlen(key);
    out[0] = 'U';
    out[1] = kind;
    memcpy(out + 2, key, len);
    out[2 + len] = check_of(out + 1, len + 1);
    out[3 + len] = 0;
    return ATL_OK;
}

atl_code atl_action_code_make(const char *name, char out[ATL_NAME_CODE_CAP], struct atl_error *err)
{
    return atl_name_code_make('A', name, out, err);
}

atl_code atl_place_code_make(const char *name, char out[ATL_NAME_CODE_CAP], struct atl_error *err)
{
    return atl_name_code_make('P', name, out, err);
}

enum atl_name_fit atl_name_code_read(const char *text, size_t len, char *kind,
                                     char key[ATL_NAME_CAP])
{
    char code[ATL_NAME_CODE_CAP];
    size_t count;

    if (squeeze(text, len, code, sizeof code, NULL))
        return ATL_NAME_FOREIGN;
    count = strlen(code);
    if (count < 4 || code[0] != 'U' || !strchr("APS", code[1]))
        return ATL_NAME_FOREIGN;
    if (code[count - 1] != check_of(code + 1, count - 2))
        return ATL_NAME_DAMAGED;
    *kind = code[1];
    memcpy(key, code + 2, count - 3);
    key[count - 3] = 0;
    return ATL_NAME_FITS;
}

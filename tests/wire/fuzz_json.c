// SPDX-License-Identifier: Apache-2.0
// Any bytes as a document: what the strict reader takes must print, and what is printed must be
// taken again and print the same.
#include "plugin/wire/json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static struct atl_buf print(const struct atl_json *json)
{
    struct atl_json_at root = atl_json_root(json);
    struct atl_buf out;

    atl_buf_init(&out, 16 * ATL_JSON_LIMIT_BYTES);
    atl_json_print(root.value, &out);
    must(!out.failed);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1); // exact, so that one byte too far is seen
    struct atl_json *json;
    struct atl_json *again;
    struct atl_buf first;
    struct atl_buf second;

    must(copy);
    if (size)
        memcpy(copy, data, size);
    if (atl_json_parse("fuzz", copy, size, ATL_JSON_LIMIT_BYTES, &json, NULL) == ATL_OK) {
        first = print(json);
        must(atl_json_parse("fuzz", first.data, first.len, first.limit, &again, NULL) == ATL_OK);
        second = print(again);
        must(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
        atl_buf_free(&first);
        atl_buf_free(&second);
        atl_json_free(again);
        atl_json_free(json);
    }
    free(copy);
    return 0;
}

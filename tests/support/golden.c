// SPDX-License-Identifier: Apache-2.0
#include "tests/support/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool is_update;

void golden_begin(int argc, char **argv)
{
    is_update = argc > 1 && strcmp(argv[1], "--update") == 0;
}

void golden_compare(const char *name, const struct atl_buf *text)
{
    static char golden[256 * 1024];
    char path[512];
    FILE *file;

    assert_int_equal(atl_buf_check(text, NULL), ATL_OK);
    (void)snprintf(path, sizeof path, "%s/%s.golden", ATL_TESTS_DIR, name);
    file = fopen(path, is_update ? "we" : "re");
    if (!file)
        fail_msg("%s cannot be opened; this test writes it when it is called with --update", path);
    if (is_update) {
        assert_int_equal(fwrite(text->data, 1, text->len, file), text->len);
    } else {
        const size_t len = fread(golden, 1, sizeof golden - 1, file);

        golden[len] = 0;
        assert_string_equal((const char *)text->data, golden);
    }
    assert_int_equal(fclose(file), 0);
}

void golden_dump(const struct atl_buf *bytes, const char *leads, struct atl_buf *text)
{
    bool is_quoted = false;

    for (size_t i = 0; i < bytes->len; i++) {
        const uint8_t byte = bytes->data[i];
        const bool is_letter = byte >= 0x20 && byte < 0x7f && byte != '"';
        const bool is_lead = byte && strchr(leads, byte);

        if (is_quoted && !is_letter)
            ATL_BUF_LIT(text, "\"");
        if (i && (is_lead || bytes->data[i - 1] == '\n'))
            ATL_BUF_LIT(text, "\n");
        if (is_letter && !is_quoted)
            ATL_BUF_LIT(text, " \"");
        if (is_letter)
            atl_buf_add(text, &byte, 1);
        else
            atl_buf_addf(text, " %02x", byte);
        is_quoted = is_letter;
    }
    ATL_BUF_LIT(text, "\n");
}

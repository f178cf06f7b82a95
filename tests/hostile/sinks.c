// SPDX-License-Identifier: Apache-2.0
// Says what becomes of each input of inputs.h in the sinks that are functions: "input TAB sink TAB
// what". Without words; "inputs" lists the inputs themselves: name, code of refusal, repeat, hex.
#include "plugin/core/form.h"
#include "plugin/core/text.h"
#include "plugin/render/bars.h"
#include "plugin/render/template_inner.h"
#include "tests/hostile/inputs.h"
#include "tests/support/catalogue_open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 1024 * 1024, OUT_BYTES = 64 * 1024 };

static void add_template(struct atl_buf *out, const char *text, size_t len)
{
    (void)len;
    atl_template_escape(out, text);
}

// A bar code says the text, letter for letter, or is refused.
static void add_bars(struct atl_buf *out, const char *text, size_t len)
{
    struct atl_bars_code code;
    struct atl_error err = {0};

    (void)len;
    if (atl_bars_make(ATL_BARS_CODE128, text, &code, &err))
        atl_buf_addf(out, "refused: %s", err.text);
    else
        atl_buf_addf(out, "bars of %s", code.text);
}

static const struct {
    const char *name;
    void (*add)(struct atl_buf *out, const char *text, size_t len);
} encoders[] = {
    {"html",     atl_text_add_html},
    {"csv",      atl_text_add_csv },
    {"log",      atl_text_add_log },
    {"url",      atl_text_add_url },
    {"template", add_template     },
    {"code128",  add_bars         },
};

// What is not plain stands as \xHH, so that a row is a line and shows what it holds.
static void print_bytes(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == '\\')
            printf("\\\\");
        else if (bytes[i] < 0x20 || bytes[i] >= 0x7f)
            printf("\\x%02x", bytes[i]);
        else
            putchar(bytes[i]);
    }
}

static char *whole(const struct hostile_input *input)
{
    const size_t len = strlen(input->text);
    char *text = malloc(len * input->repeat + 1);

    if (!text)
        exit(2);
    for (size_t i = 0; i < input->repeat; i++)
        memcpy(text + i * len, input->text, len);
    text[len * input->repeat] = '\0';
    return text;
}

static void print_form(const struct atl_catalogue *shop, const struct hostile_input *input)
{
    char *text = whole(input);
    const struct atl_answer answers[] = {
        {"text",   text},
        {"height", "8" }
    };
    const struct atl_form_ask ask = {.catalogue = shop,
                                     .product = atl_catalogue_product(shop, "TOTE-01"),
                                     .answers = answers,
                                     .answer_count = 2,
                                     .staff_language = "en",
                                     .guest_language = "en"};
    struct atl_form_result result = {0};
    struct atl_error err = {0};
    struct atl_arena arena;

    atl_arena_init(&arena, ARENA_BYTES);
    if (atl_form_check(&ask, &arena, &result, &err) != ATL_OK)
        exit(2);
    if (result.is_allowed) {
        printf("%s\tform\ttaken as it stands\n", input->name);
    } else {
        const struct atl_finding *first = &result.findings[0];

        printf("%s\tform\t%s: ", input->name, first->code);
        print_bytes((const uint8_t *)first->staff_text, strlen(first->staff_text));
        printf("\n%s\tform, to the guest\t", input->name);
        print_bytes((const uint8_t *)first->guest_text, strlen(first->guest_text));
        printf("\n");
    }
    atl_arena_free(&arena);
    free(text);
}

static void print_encoded(const struct hostile_input *input)
{
    for (size_t i = 0; i < sizeof encoders / sizeof encoders[0]; i++) {
        struct atl_buf out;

        atl_buf_init(&out, OUT_BYTES);
        encoders[i].add(&out, input->text, strlen(input->text));
        printf("%s\t%s\t", input->name, encoders[i].name);
        print_bytes(out.data, out.len);
        printf("\n");
        atl_buf_free(&out);
    }
}

static void print_input(const struct hostile_input *input)
{
    printf("%s\t%s\t%zu\t", input->name, input->refused ? input->refused : "", input->repeat);
    for (const char *at = input->text; *at; at++)
        printf("%02x", (unsigned)(uint8_t)*at);
    printf("\n");
}

int main(int argc, char **argv)
{
    const bool is_list = argc > 1 && strcmp(argv[1], "inputs") == 0;
    struct atl_catalogue shop;

    catalogue_open(&shop);
    for (size_t i = 0; i < HOSTILE_INPUT_COUNT; i++) {
        if (is_list) {
            print_input(&hostile_inputs[i]);
            continue;
        }
        print_form(&shop, &hostile_inputs[i]);
        print_encoded(&hostile_inputs[i]);
    }
    atl_catalogue_free(&shop);
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/data.h"
#include "plugin/render/template_fields.h"
#include "tests/support/sample_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct atl_data_field *find(const struct atl_data_group *group, const char *name)
{
    return atl_data_find(group, name, strlen(name));
}

static void what_was_set_is_found_again(void **state)
{
    struct atl_data data;
    struct atl_data_group *piece;

    (void)state;
    atl_data_init(&data);
    atl_data_text(data.root, "order_code", "K7F-2A1");
    atl_data_flag(data.root, "is_gift", true);
    atl_data_text(atl_data_group(data.root, "shop"), "name", "Maison");
    atl_data_text(atl_data_group(data.root, "shop"), "phone", "12");
    piece = atl_data_item(data.root, "pieces");
    atl_data_textf(piece, "number", "%d", 1);
    piece = atl_data_item(data.root, "pieces");
    atl_data_textf(piece, "number", "%d", 2);
    assert_int_equal(atl_data_check(&data, NULL), ATL_OK);

    assert_string_equal(find(data.root, "order_code")->text, "K7F-2A1");
    assert_true(find(data.root, "is_gift")->flag);
    assert_string_equal(find(find(data.root, "shop")->first, "phone")->text, "12");
    assert_int_equal(find(data.root, "pieces")->count, 2);
    assert_string_equal(find(find(data.root, "pieces")->first, "number")->text, "1");
    assert_string_equal(find(find(data.root, "pieces")->last, "number")->text, "2");
    assert_null(find(data.root, "order"));
    assert_null(find(data.root, "order_code_"));
    atl_data_free(&data);
}

static void setting_again_replaces_and_null_is_empty(void **state)
{
    struct atl_data data;

    (void)state;
    atl_data_init(&data);
    atl_data_text(data.root, "text", "one");
    atl_data_text(data.root, "text", "two");
    atl_data_text(data.root, "pin", NULL);
    assert_string_equal(find(data.root, "text")->text, "two");
    assert_string_equal(find(data.root, "pin")->text, "");
    assert_false(atl_data_is_true(find(data.root, "pin")));
    assert_int_equal(atl_data_check(&data, NULL), ATL_OK);
    atl_data_free(&data);
    atl_data_free(&data);
}

static void a_name_with_two_types_is_told_at_the_end(void **state)
{
    struct atl_error err = {0};
    struct atl_data data;

    (void)state;
    atl_data_init(&data);
    atl_data_text(data.root, "pieces", "one");
    atl_data_text(atl_data_item(data.root, "pieces"), "text", "lost");
    assert_int_equal(atl_data_check(&data, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "the field pieces is used for two types");
    atl_data_free(&data);
}

static void a_value_over_the_limit_fails_and_is_not_cut(void **state)
{
    static char text[ATL_DATA_TEXT_MAX_BYTES + 2];
    struct atl_error err = {0};
    struct atl_data data;

    (void)state;
    memset(text, 'a', sizeof text - 2);
    atl_data_init(&data);
    atl_data_text(data.root, "text", text);
    assert_int_equal(atl_data_check(&data, &err), ATL_OK);
    text[sizeof text - 2] = 'a';
    atl_data_text(data.root, "text", text);
    assert_int_equal(atl_data_check(&data, &err), ATL_E_INVALID);
    assert_int_equal(strlen(find(data.root, "text")->text), ATL_DATA_TEXT_MAX_BYTES);
    atl_data_free(&data);

    atl_data_init(&data);
    atl_data_textf(data.root, "text", "%s", text);
    assert_int_equal(atl_data_check(&data, &err), ATL_E_INVALID);
    atl_data_free(&data);
}

static void a_tree_over_its_limit_fails_once_and_for_all(void **state)
{
    static char text[ATL_DATA_TEXT_MAX_BYTES + 1];
    struct atl_data data;

    (void)state;
    memset(text, 'a', sizeof text - 1);
    atl_data_init(&data);
    for (int i = 0; i < ATL_DATA_ITEMS_MAX; i++)
        atl_data_text(atl_data_item(data.root, "pieces"), "text", text);
    assert_int_equal(atl_data_check(&data, NULL), ATL_E_NOMEM);
    atl_data_free(&data);

    atl_data_init(&data);
    for (int i = 0; i <= ATL_DATA_ITEMS_MAX; i++)
        (void)atl_data_item(data.root, "pieces");
    assert_int_equal(atl_data_check(&data, NULL), ATL_E_INVALID);
    atl_data_free(&data);
}

// The rows of the table: each stands below its parent, which holds fields, and no name is twice.
static void the_table_of_fields_is_a_tree(void **state)
{
    size_t count;
    const struct atl_template_field *rows = atl_template_fields(&count);

    (void)state;
    assert_true(count > 50);
    for (size_t i = 0; i < count; i++) {
        const char *dot = strrchr(rows[i].path, '.');
        bool has_parent = !dot;

        for (size_t j = 0; j < i; j++) {
            bool is_parent = dot && strlen(rows[j].path) == (size_t)(dot - rows[i].path) &&
                             strncmp(rows[j].path, rows[i].path, strlen(rows[j].path)) == 0;

            if (strcmp(rows[i].path, rows[j].path) == 0)
                assert_int_equal(rows[i].kinds & rows[j].kinds, 0);
            has_parent |= is_parent && (rows[j].kinds & rows[i].kinds) == rows[i].kinds &&
                          (rows[j].type == ATL_DATA_GROUP || rows[j].type == ATL_DATA_LIST);
        }
        if (!has_parent)
            fail_msg("%s has no parent above it", rows[i].path);
        assert_true(rows[i].help && rows[i].kinds);
    }
}

static void check_says(struct atl_data *data, enum atl_template_kind kind, const char *sentence)
{
    struct atl_error err = {0};

    assert_int_equal(atl_template_fields_check(kind, data, &err), ATL_E_INVALID);
    assert_string_equal(err.text, sentence);
    atl_data_free(data);
}

static void data_that_does_not_fit_its_paper_is_refused(void **state)
{
    struct atl_data data;

    (void)state;
    sample_data(&data, ATL_TEMPLATE_CLAIM, "en", SAMPLE_PLAIN);
    atl_data_text(atl_data_item(data.root, "pieces"), "txt", "Jo");
    check_says(&data, ATL_TEMPLATE_CLAIM,
               "claim: the field pieces.txt does not exist; did you mean text");

    sample_data(&data, ATL_TEMPLATE_CLAIM, "en", SAMPLE_PLAIN);
    atl_data_text(data.root, "url", "");
    check_says(&data, ATL_TEMPLATE_CLAIM, "claim: the field url is missing or empty");

    sample_data(&data, ATL_TEMPLATE_GIFT, "en", SAMPLE_PLAIN);
    atl_data_text(data.root, "pin", "4071");
    check_says(&data, ATL_TEMPLATE_GIFT, "gift: the field pin does not exist");

    sample_data(&data, ATL_TEMPLATE_GIFT, "en", SAMPLE_PLAIN);
    atl_data_flag(data.root, "created_text_", true);
    check_says(&data, ATL_TEMPLATE_GIFT,
               "gift: the field created_text_ does not exist; did you mean created_text");

    sample_data(&data, ATL_TEMPLATE_TAG, "en", SAMPLE_PLAIN);
    atl_data_text(data.root, "is_rush", "yes");
    check_says(&data, ATL_TEMPLATE_TAG, "tag: the field is_rush was given as another type");
}

static void the_gift_ticket_has_no_field_for_price_words_or_pin(void **state)
{
    static const char *const SECRET[] = {"pin", "pieces", "total_text", "text", "proof", "details"};

    (void)state;
    for (size_t i = 0; i < sizeof SECRET / sizeof *SECRET; i++)
        assert_null(
            atl_template_field_find(ATL_TEMPLATE_GIFT, "", 0, SECRET[i], strlen(SECRET[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_set_is_found_again),
        cmocka_unit_test(setting_again_replaces_and_null_is_empty),
        cmocka_unit_test(a_name_with_two_types_is_told_at_the_end),
        cmocka_unit_test(a_value_over_the_limit_fails_and_is_not_cut),
        cmocka_unit_test(a_tree_over_its_limit_fails_once_and_for_all),
        cmocka_unit_test(the_table_of_fields_is_a_tree),
        cmocka_unit_test(data_that_does_not_fit_its_paper_is_refused),
        cmocka_unit_test(the_gift_ticket_has_no_field_for_price_words_or_pin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

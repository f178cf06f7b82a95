// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/catalogue.h"
#include "tests/support/catalogue_open.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct atl_catalogue shop;

static int setup(void **state)
{
    (void)state;
    catalogue_open(&shop);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    atl_catalogue_free(&shop);
    atl_catalogue_free(&shop); // a second time is safe
    return 0;
}

static void the_shipped_catalogue_loads_without_a_finding(void **state)
{
    struct atl_catalogue catalogue;
    struct atl_buf report;
    struct atl_error err = {0};

    (void)state;
    atl_buf_init(&report, 65536);
    if (atl_catalogue_load_folder(ATL_SOURCE_DIR "/catalogue", &catalogue, &report, &err))
        fail_msg("%s", err.text);
    assert_int_equal(report.len, 0);
    assert_int_equal(catalogue.product_count, 4);
    assert_int_equal(catalogue.language_count, 3);
    assert_true(catalogue.products[0].is_sellable);
    assert_false(catalogue.products[0].is_returnable);
    atl_catalogue_free(&catalogue);
    atl_buf_free(&report);
}

static void each_label_exists_in_every_language(void **state)
{
    static const char *const languages[] = {"en", "fr", "ja"};

    (void)state;
    for (size_t i = 0; i < shop.product_count; i++) {
        const struct atl_product *product = &shop.products[i];

        for (size_t l = 0; l < 3; l++) {
            assert_non_null(product->name.in[l]);
            assert_ptr_equal(atl_local_in(&shop, &product->name, languages[l]),
                             product->name.in[l]);
            for (size_t f = 0; f < product->field_count; f++) {
                assert_non_null(product->fields[f].label.in[l]);
                for (size_t c = 0; c < product->fields[f].choice_count; c++)
                    assert_non_null(product->fields[f].choices[c].label.in[l]);
            }
        }
    }
}

static void a_language_is_found_by_its_parent_or_falls_back_to_the_first(void **state)
{
    const struct atl_local *name = &atl_catalogue_product(&shop, "TOTE-01")->name;

    (void)state;
    assert_string_equal(atl_local_in(&shop, name, "fr-CA"), "Sac cabas");
    assert_string_equal(atl_local_in(&shop, name, "FR"), "Sac cabas");
    assert_string_equal(atl_local_in(&shop, name, "frr"), "Tote bag");
    assert_string_equal(atl_local_in(&shop, name, "de"), "Tote bag");
    assert_string_equal(atl_local_in(&shop, name, NULL), "Tote bag");
    assert_null(atl_local_in(&shop, &(struct atl_local){0}, "fr"));
}

static void what_is_not_there_is_null(void **state)
{
    const struct atl_product *tote = atl_catalogue_product(&shop, "TOTE-01");

    (void)state;
    assert_non_null(tote);
    assert_null(atl_catalogue_product(&shop, "TOTE-02"));
    assert_null(atl_catalogue_product(&shop, NULL));
    assert_null(atl_catalogue_font(&shop, "comic"));
    assert_null(atl_catalogue_list(&shop, NULL));
    assert_null(atl_product_field(tote, "nothing"));
    assert_null(atl_product_role(tote, ATL_ROLE_SESSION));
    assert_null(atl_product_variant(tote, "pink"));
    assert_null(atl_product_session(tote, "2026-12-05-1400"));
    assert_null(atl_field_choice(atl_product_field(tote, "thread"), "purple"));
    assert_null(atl_product_value(tote, ATL_ROLE_TEXT, NULL, 0));
    assert_null(atl_product_chosen(tote, ATL_ROLE_THREAD, NULL, 0));
}

static void roles_lead_to_what_the_maker_needs(void **state)
{
    const struct atl_product *tote = atl_catalogue_product(&shop, "TOTE-01");
    const struct atl_answer answers[] = {
        {"thread", "red"  },
        {"font",   "round"},
        {"height", "25"   },
        {"text",   "Anna" }
    };
    const struct atl_choice *thread = atl_product_chosen(tote, ATL_ROLE_THREAD, answers, 4);

    (void)state;
    assert_string_equal(thread->thread, "1839");
    assert_int_equal(thread->rgb, 0xAD1D31);
    assert_string_equal(atl_product_chosen(tote, ATL_ROLE_FONT, answers, 4)->font->family,
                        "Comfortaa Bold");
    assert_int_equal(atl_product_chosen(tote, ATL_ROLE_HEIGHT, answers, 4)->height_um, 25000);
    assert_string_equal(atl_product_value(tote, ATL_ROLE_TEXT, answers, 4), "Anna");
    assert_int_equal(atl_product_units(tote, answers, 4), 120 + 4 * 22 * 25);
    assert_int_equal(atl_product_units(tote, NULL, 0), 120);
}

static void the_place_narrows_the_field(void **state)
{
    const struct atl_product *tote = atl_catalogue_product(&shop, "TOTE-01");
    const struct atl_answer corner = {"place", "corner"};
    int32_t width_um;
    int32_t height_um;

    (void)state;
    atl_product_area(tote, &corner, 1, &width_um, &height_um);
    assert_int_equal(width_um, 70000);
    assert_int_equal(height_um, 30000);
    atl_product_area(tote, NULL, 0, &width_um, &height_um);
    assert_int_equal(width_um, 150000);
    assert_int_equal(height_um, 60000);
}

static void the_fabric_is_the_variants_then_the_products_then_natural(void **state)
{
    const struct atl_product *tote = atl_catalogue_product(&shop, "TOTE-01");

    (void)state;
    assert_int_equal(atl_product_rgb(tote, "navy"), 0x26324D);
    assert_int_equal(atl_product_rgb(tote, "unheard of"), 0xEFE6D3);
    assert_int_equal(atl_product_rgb(&(struct atl_product){.has_rgb = true, .rgb = 0}, NULL), 0);
    assert_int_equal(atl_product_rgb(&(struct atl_product){0}, NULL), 0xEFE6D3);
}

static void a_field_applies_when_all_above_it_do(void **state)
{
    const struct atl_product *sneakers = atl_catalogue_product(&shop, "SNEAKER-01");
    const struct atl_field *initials = atl_product_field(sneakers, "initials");
    const struct atl_answer only = {"design", "initials"};
    const struct atl_answer wave = {"design", "wave"};

    (void)state;
    assert_true(atl_field_applies(initials, &only, 1));
    assert_false(atl_field_applies(initials, &wave, 1));
    assert_false(atl_field_applies(initials, NULL, 0));
    assert_true(atl_field_applies(&sneakers->fields[0], NULL, 0));
}

static void a_seats_choices_are_its_sessions(void **state)
{
    const struct atl_product *class = atl_catalogue_product(&shop, "CLASS-FLORAL");
    const struct atl_field *field = atl_product_role(class, ATL_ROLE_SESSION);

    (void)state;
    assert_int_equal(field->choice_count, 3);
    assert_ptr_equal(field->choices[1].session, &class->sessions[1]);
    assert_int_equal(class->sessions[0].start_ms, INT64_C(1796475600000)); // 13:00 UTC
    assert_int_equal(class->sessions[0].capacity, 8);
}

static void every_name_is_known_and_a_strange_number_is_unknown(void **state)
{
    (void)state;
    for (int i = 0; i < ATL_KIND_COUNT; i++)
        assert_string_not_equal(atl_kind_name((enum atl_kind)i), "unknown");
    for (int i = 0; i < ATL_ROLE_COUNT; i++)
        assert_string_not_equal(atl_role_name((enum atl_role)i), "unknown");
    for (int i = 0; i < ATL_CHARACTERS_COUNT; i++)
        assert_string_not_equal(atl_characters_name((enum atl_characters)i), "unknown");
    for (int i = 0; i < ATL_SIGN_OFF_COUNT; i++)
        assert_string_not_equal(atl_sign_off_name((enum atl_sign_off)i), "unknown");
    assert_string_equal(atl_kind_name(ATL_KIND_COUNT), "unknown");
    assert_string_equal(atl_role_name(ATL_ROLE_COUNT), "unknown");
    assert_string_equal(atl_field_kind_name((enum atl_field_kind)0), "unknown");
}

static void an_arena_fails_stickily_at_its_limit(void **state)
{
    struct atl_arena arena;
    struct atl_error err;
    char *text;

    (void)state;
    atl_arena_init(&arena, 10000);
    text = atl_arena_textf(&arena, "%s %d", "unit", 3);
    assert_string_equal(text, "unit 3");
    assert_string_equal(atl_arena_text(&arena, text), "unit 3");
    assert_null(atl_arena_text(&arena, NULL));
    assert_int_equal(atl_arena_check(&arena, &err), ATL_OK);
    assert_non_null(atl_arena_get(&arena, 2, 3000)); // over a block
    assert_null(atl_arena_get(&arena, SIZE_MAX, 16));
    assert_null(atl_arena_get(&arena, 1, 1));
    assert_int_equal(atl_arena_check(&arena, &err), ATL_E_NOMEM);
    assert_string_equal(text, "unit 3"); // what came out stays
    atl_arena_free(&arena);
    assert_int_equal(atl_arena_check(&arena, &err), ATL_OK);
    atl_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_catalogue_loads_without_a_finding),
        cmocka_unit_test(each_label_exists_in_every_language),
        cmocka_unit_test(a_language_is_found_by_its_parent_or_falls_back_to_the_first),
        cmocka_unit_test(what_is_not_there_is_null),
        cmocka_unit_test(roles_lead_to_what_the_maker_needs),
        cmocka_unit_test(the_place_narrows_the_field),
        cmocka_unit_test(the_fabric_is_the_variants_then_the_products_then_natural),
        cmocka_unit_test(a_field_applies_when_all_above_it_do),
        cmocka_unit_test(a_seats_choices_are_its_sessions),
        cmocka_unit_test(every_name_is_known_and_a_strange_number_is_unknown),
        cmocka_unit_test(an_arena_fails_stickily_at_its_limit),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}

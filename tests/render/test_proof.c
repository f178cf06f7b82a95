// SPDX-License-Identifier: Apache-2.0
// The proof: what is refused and why, that it measures true, and that its digest stands for the
// sewing and for nothing else. How it looks is for eyes.
#include "plugin/render/proof.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct atl_proof_request tote(void)
{
    return (struct atl_proof_request){
        .lines = {"L\u2019\u00e9t\u00e9", "d\u2019\u00c9lodie"},
        .line_count = 2,
        .align = ATL_ALIGN_CENTRE,
        .font = "Comfortaa Bold",
        .cap_um = 16000,
        .field_um = 100000,
        .field_high_um = 100000,
        .thread_rgb = 0x9d2235,
        .fabric_rgb = 0xe8dfcf,
        .thread = "Madeira 1147",
        .product = "Tote bag",
        .place = "front, centre",
        .mark = "As we will sew it",
        .decimal_mark = '.',
        .width_px = 400,
    };
}

static struct atl_proof_result measure(const struct atl_proof_request *request)
{
    struct atl_proof_result result = {0};
    struct atl_error err = {0};

    if (atl_proof_measure(request, &result, &err))
        fail_msg("%s", err.text);
    return result;
}

static void capitals_are_exactly_as_high_as_asked_for(void **state)
{
    struct atl_proof_request request = tote();
    struct atl_proof_result result;

    (void)state;
    request.lines[0] = "H";
    request.line_count = 1;
    for (int32_t cap = 5000; cap <= 80000; cap += 5000) {
        request.cap_um = cap;
        result = measure(&request);
        assert_int_equal(result.verdict, ATL_PROOF_VERDICT_READY);
        // Comfortaa rounds its stems a little beyond the line.
        assert_in_range(result.height_um, cap * 98 / 100, cap * 104 / 100);
    }
}

static void twice_the_size_is_twice_the_width(void **state)
{
    struct atl_proof_request request = tote();
    int32_t width = measure(&request).width_um;

    (void)state;
    request.cap_um *= 2;
    request.field_um = request.field_high_um = 0;
    assert_in_range(measure(&request).width_um, width * 2 - 20, width * 2 + 20);
}

static void words_that_leave_the_field_are_refused_with_their_measures(void **state)
{
    struct atl_proof_request request = tote();
    struct atl_proof_result fits = measure(&request);
    struct atl_proof_result result;

    (void)state;
    request.field_um = fits.width_um;
    request.field_high_um = fits.height_um;
    assert_int_equal(measure(&request).verdict, ATL_PROOF_VERDICT_READY);
    request.field_um = fits.width_um - 1;
    assert_int_equal(atl_proof_measure(&request, &result, NULL), ATL_OK);
    assert_int_equal(result.verdict, ATL_PROOF_VERDICT_TOO_WIDE);
    assert_string_equal(atl_proof_verdict_name(result.verdict), "too_wide");
    assert_int_equal(result.width_um, fits.width_um);
    request.field_um = fits.width_um;
    request.field_high_um = fits.height_um - 1;
    assert_int_equal(measure(&request).verdict, ATL_PROOF_VERDICT_TOO_HIGH);
}

static void a_letter_that_the_font_lacks_is_named_and_never_replaced(void **state)
{
    static const struct case_ {
        const char *text;
        uint32_t letter;
    } cases[] = {
        {"Ann \u685c",                     0x685c },
        {"\U0001f600",                     0x1f600},
        {"\u0645\u0631\u062d\u0628\u0627", 0x645  },
    };
    struct atl_proof_request request = tote();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct atl_proof_result result;

        request.lines[1] = cases[i].text;
        assert_int_equal(atl_proof_measure(&request, &result, NULL), ATL_OK);
        assert_int_equal(result.verdict, ATL_PROOF_VERDICT_NO_GLYPH);
        assert_int_equal(result.letter, cases[i].letter);
    }
}

static void a_font_that_is_not_installed_is_an_error_and_never_another_font(void **state)
{
    static const char *const fonts[] = {"No Such Font", "Comfortaa Italic", "Comfortaa Heavy"};
    struct atl_proof_request request = tote();
    struct atl_error err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof fonts / sizeof fonts[0]; i++) {
        struct atl_proof_result result = {.width_um = 7};

        request.font = fonts[i];
        assert_int_equal(atl_proof_measure(&request, &result, &err), ATL_E_NOT_FOUND);
        assert_non_null(strstr(err.text, fonts[i]));
        assert_non_null(strstr(err.text, "is not installed"));
        assert_non_null(strstr(err.text, "install its package"));
        assert_int_equal(result.width_um, 7);
    }
}

static void nothing_to_sew_is_said(void **state)
{
    static const char *const texts[] = {"", "   "};
    struct atl_proof_request request = tote();

    (void)state;
    request.line_count = 1;
    for (size_t i = 0; i < 2; i++) {
        request.lines[0] = texts[i];
        assert_int_equal(measure(&request).verdict, ATL_PROOF_VERDICT_EMPTY);
    }
    request.line_count = 0;
    assert_int_equal(measure(&request).verdict, ATL_PROOF_VERDICT_EMPTY);
    // An empty line between others is left out.
    request.lines[0] = "Jo";
    request.lines[1] = "";
    request.lines[2] = "Ann";
    request.line_count = 3;
    assert_int_equal(measure(&request).verdict, ATL_PROOF_VERDICT_READY);
}

static void requests_without_sense_are_errors(void **state)
{
    struct atl_proof_request request;
    struct atl_proof_result result;

    (void)state;
    request = tote();
    request.cap_um = 0;
    assert_int_equal(atl_proof_measure(&request, &result, NULL), ATL_E_INVALID);
    request = tote();
    request.line_count = ATL_PROOF_LINES_MAX + 1;
    assert_int_equal(atl_proof_measure(&request, &result, NULL), ATL_E_INVALID);
    request = tote();
    request.width_px = 100000;
    assert_int_equal(atl_proof_measure(&request, &result, NULL), ATL_E_INVALID);
    request = tote();
    request.lines[0] = "\xff";
    assert_int_equal(atl_proof_measure(&request, &result, NULL), ATL_E_INVALID);
    request = tote();
    request.font = "";
    assert_int_equal(atl_proof_measure(&request, &result, NULL), ATL_E_INVALID);
}

static bool is_same_digest(const struct atl_proof_request *a, const struct atl_proof_request *b)
{
    struct atl_proof_result x = measure(a);
    struct atl_proof_result y = measure(b);

    return memcmp(x.digest, y.digest, sizeof x.digest) == 0;
}

static void the_digest_changes_with_what_is_sewn_and_with_nothing_else(void **state)
{
    const struct atl_proof_request base = tote();
    struct atl_proof_request other;

    (void)state;
    other = base;
    assert_true(is_same_digest(&base, &other));
    other.width_px = 900;
    other.mark = "Maquette";
    other.product = "Sac";
    other.decimal_mark = ',';
    assert_true(is_same_digest(&base, &other));

    other = base;
    other.lines[1] = "d\u2019Elodie";
    assert_false(is_same_digest(&base, &other));
    other = base;
    other.font = "Comfortaa";
    assert_false(is_same_digest(&base, &other));
    other = base;
    other.cap_um++;
    assert_false(is_same_digest(&base, &other));
    other = base;
    other.field_um++;
    assert_false(is_same_digest(&base, &other));
    other = base;
    other.align = ATL_ALIGN_LEFT;
    assert_false(is_same_digest(&base, &other));
    other = base;
    other.thread_rgb ^= 1;
    assert_false(is_same_digest(&base, &other));
    other = base;
    other.fabric_rgb ^= 1;
    assert_false(is_same_digest(&base, &other));
    other = base;
    other.lines[0] = "L\u2019\u00e9t\u00e9d\u2019";
    other.lines[1] = "\u00c9lodie";
    assert_false(is_same_digest(&base, &other));
}

// How many pixels are near the colour.
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capitals_are_exactly_as_high_as_asked_for),
        cmocka_unit_test(twice_the_size_is_twice_the_width),
        cmocka_unit_test(words_that_leave_the_field_are_refused_with_their_measures),
        cmocka_unit_test(a_letter_that_the_font_lacks_is_named_and_never_replaced),
        cmocka_unit_test(a_font_that_is_not_installed_is_an_error_and_never_another_font),
        cmocka_unit_test(nothing_to_sew_is_said),
        cmocka_unit_test(requests_without_sense_are_errors),
        cmocka_unit_test(the_digest_changes_with_what_is_sewn_and_with_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

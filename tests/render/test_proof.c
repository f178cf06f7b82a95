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
        .mark = "Layout, not stitches",
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
    struct atl_picture picture = {.width_px = 7};

    (void)state;
    request.field_um = fits.width_um;
    request.field_high_um = fits.height_um;
    assert_int_equal(measure(&request).verdict, ATL_PROOF_VERDICT_READY);
    request.field_um = fits.width_um - 1;
    assert_int_equal(atl_proof_draw(&request, &result, &picture, NULL), ATL_OK);
    assert_int_equal(result.verdict, ATL_PROOF_VERDICT_TOO_WIDE);
    assert_string_equal(atl_proof_verdict_name(result.verdict), "too_wide");
    assert_int_equal(result.width_um, fits.width_um);
    assert_int_equal(picture.width_px, 7);
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
        struct atl_picture picture = {.width_px = 7};

        request.lines[1] = cases[i].text;
        assert_int_equal(atl_proof_draw(&request, &result, &picture, NULL), ATL_OK);
        assert_int_equal(result.verdict, ATL_PROOF_VERDICT_NO_GLYPH);
        assert_int_equal(result.letter, cases[i].letter);
        assert_int_equal(picture.width_px, 7);
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
static uint32_t near(const struct atl_picture *picture, uint32_t rgb, int distance)
{
    uint32_t count = 0;

    for (size_t i = 0; i < (size_t)picture->width_px * picture->height_px; i++) {
        const uint8_t *at = picture->pixels + i * 3;

        count += abs(at[0] - (int)(rgb >> 16 & 0xff)) + abs(at[1] - (int)(rgb >> 8 & 0xff)) +
                     abs(at[2] - (int)(rgb & 0xff)) <
                 distance;
    }
    return count;
}

static void the_picture_has_the_colours_of_thread_and_cloth_and_is_always_the_same(void **state)
{
    const struct atl_proof_request request = tote();
    struct atl_proof_result result;
    struct atl_picture picture = {0};
    struct atl_picture again = {0};
    struct atl_error err = {0};
    uint32_t pixels;

    (void)state;
    if (atl_proof_draw(&request, &result, &picture, &err))
        fail_msg("%s", err.text);
    assert_int_equal(result.verdict, ATL_PROOF_VERDICT_READY);
    assert_int_equal(picture.width_px, 400);
    pixels = picture.width_px * picture.height_px;
    assert_true(near(&picture, request.thread_rgb, 90) > pixels / 50);
    assert_true(near(&picture, request.fabric_rgb, 60) > pixels / 3);
    assert_int_equal(atl_proof_draw(&request, &result, &again, NULL), ATL_OK);
    assert_memory_equal(picture.pixels, again.pixels, (size_t)pixels * 3);
    atl_picture_free(&picture);
    atl_picture_free(&again);
}

static void the_tags_picture_is_in_true_proportion_to_the_field(void **state)
{
    struct atl_proof_request request = tote();
    struct atl_proof_result result;
    struct atl_bitmap bitmap = {0};
    uint32_t left = UINT32_MAX;
    uint32_t right = 0;

    (void)state;
    request.lines[0] = "HHHH";
    request.line_count = 1;
    assert_int_equal(atl_proof_draw_tag(&request, 508, &result, &bitmap, NULL), ATL_OK);
    assert_int_equal(bitmap.width_dots, 508);
    // Between the border's dashes, above the line of measures.
    for (uint32_t y = 10; y + 40 < bitmap.height_dots; y++) {
        for (uint32_t x = 10; x < 498; x++) {
            if (atl_bitmap_get(&bitmap, x, y)) {
                left = x < left ? x : left;
                right = x > right ? x : right;
            }
        }
    }
    // 500 dots are 100 mm.
    assert_in_range(right - left + 1, result.width_um / 200 - 3, result.width_um / 200 + 3);
    assert_in_range(left + right, 500, 516);
    atl_bitmap_free(&bitmap);
    assert_int_equal(atl_proof_draw_tag(&request, 20, &result, &bitmap, NULL), ATL_E_INVALID);
}

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
        cmocka_unit_test(the_picture_has_the_colours_of_thread_and_cloth_and_is_always_the_same),
        cmocka_unit_test(the_tags_picture_is_in_true_proportion_to_the_field),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

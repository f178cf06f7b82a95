// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/png.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct atl_buf file;

static int begin(void **state)
{
    (void)state;
    atl_buf_init(&file, 1024 * 1024);
    return 0;
}

static int end(void **state)
{
    (void)state;
    atl_buf_free(&file);
    return 0;
}

static void dots_come_back_as_black_and_white(void **state)
{
    struct atl_bitmap bitmap = {0};
    struct atl_picture picture = {0};

    (void)state;
    assert_int_equal(atl_bitmap_init(&bitmap, 13, 5, NULL), ATL_OK);
    atl_bitmap_fill(&bitmap, 3, 1, 7, 2);
    assert_int_equal(atl_png_write_bitmap(&bitmap, 203, &file, NULL), ATL_OK);
    assert_int_equal(atl_png_read("x.png", file.data, file.len, &picture, NULL), ATL_OK);
    assert_int_equal(picture.width_px, 13);
    assert_int_equal(picture.height_px, 5);
    for (uint32_t y = 0; y < 5; y++) {
        for (uint32_t x = 0; x < 13; x++)
            assert_int_equal(picture.pixels[(y * 13 + x) * 3],
                             atl_bitmap_get(&bitmap, x, y) ? 0 : 255);
    }
    atl_picture_free(&picture);
    atl_bitmap_free(&bitmap);
}

static void colours_come_back_as_they_were(void **state)
{
    struct atl_picture picture = {0};
    struct atl_picture again = {0};

    (void)state;
    assert_int_equal(atl_picture_init(&picture, 31, 17, NULL), ATL_OK);
    for (size_t i = 0; i < 31 * 17 * 3; i++)
        picture.pixels[i] = (uint8_t)(i * 37);
    assert_int_equal(atl_png_write_picture(&picture, &file, NULL), ATL_OK);
    assert_int_equal(atl_png_read("x.png", file.data, file.len, &again, NULL), ATL_OK);
    assert_memory_equal(again.pixels, picture.pixels, 31 * 17 * 3);
    atl_picture_free(&picture);
    atl_picture_free(&again);
}

static void the_same_dots_give_the_same_file(void **state)
{
    struct atl_bitmap bitmap = {0};
    size_t first;

    (void)state;
    assert_int_equal(atl_bitmap_init(&bitmap, 100, 100, NULL), ATL_OK);
    atl_bitmap_fill(&bitmap, 20, 20, 20, 20);
    assert_int_equal(atl_png_write_bitmap(&bitmap, 203, &file, NULL), ATL_OK);
    first = file.len;
    assert_int_equal(atl_png_write_bitmap(&bitmap, 203, &file, NULL), ATL_OK);
    assert_int_equal(file.len, 2 * first);
    assert_memory_equal(file.data, file.data + first, first);
    atl_bitmap_free(&bitmap);
}

static void a_file_over_the_buffers_limit_is_no_file(void **state)
{
    struct atl_bitmap bitmap = {0};
    struct atl_buf small;

    (void)state;
    assert_int_equal(atl_bitmap_init(&bitmap, 100, 100, NULL), ATL_OK);
    atl_buf_init(&small, 40);
    assert_int_equal(atl_png_write_bitmap(&bitmap, 203, &small, NULL), ATL_E_NOMEM);
    atl_buf_free(&small);
    atl_bitmap_free(&bitmap);
}

// Stores width and height into the header and mends its check sum.
static void claim_size(uint8_t *png, uint32_t width, uint32_t height)
{
    uint32_t crc = 0xffffffff;

    for (int i = 0; i < 4; i++) {
        png[16 + i] = (uint8_t)(width >> (24 - 8 * i));
        png[20 + i] = (uint8_t)(height >> (24 - 8 * i));
    }
    for (int i = 12; i < 29; i++) {
        crc ^= png[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    for (int i = 0; i < 4; i++)
        png[29 + i] = (uint8_t)(~crc >> (24 - 8 * i));
}

static void a_picture_that_claims_to_be_huge_is_refused_before_it_is_unpacked(void **state)
{
    struct atl_bitmap bitmap = {0};
    struct atl_picture picture = {.width_px = 7};
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(atl_bitmap_init(&bitmap, 8, 8, NULL), ATL_OK);
    assert_int_equal(atl_png_write_bitmap(&bitmap, 0, &file, NULL), ATL_OK);
    claim_size(file.data, 8, 8); // our own arithmetic is right: it still reads
    assert_int_equal(atl_png_read("logo.png", file.data, file.len, &picture, &err), ATL_OK);
    atl_picture_free(&picture);
    picture.width_px = 7;
    claim_size(file.data, 2000000000, 2000000000);
    assert_int_equal(atl_png_read("logo.png", file.data, file.len, &picture, &err), ATL_E_INVALID);
    assert_ptr_equal(strstr(err.text, "logo.png: "), err.text);
    claim_size(file.data, 4097, 1);
    assert_int_equal(atl_png_read("logo.png", file.data, file.len, &picture, &err), ATL_E_INVALID);
    assert_int_equal(picture.width_px, 7);
    atl_bitmap_free(&bitmap);
}

static void a_file_cut_short_or_damaged_anywhere_is_refused_or_read_and_nothing_worse(void **state)
{
    struct atl_picture picture = {0};
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(atl_picture_init(&picture, 20, 20, NULL), ATL_OK);
    assert_int_equal(atl_png_write_picture(&picture, &file, NULL), ATL_OK);
    atl_picture_free(&picture);
    for (size_t len = 0; len < file.len; len++) {
        uint8_t *part = malloc(len + 1); // exact, so that reading beyond it is seen

        assert_non_null(part);
        memcpy(part, file.data, len);
        assert_int_equal(atl_png_read("x.png", part, len, &picture, &err), ATL_E_INVALID);
        free(part);
    }
    for (size_t i = 0; i < file.len; i++) {
        file.data[i] ^= 0x55;
        if (!atl_png_read("x.png", file.data, file.len, &picture, &err))
            atl_picture_free(&picture);
        file.data[i] ^= 0x55;
    }
}

static void a_file_of_another_kind_is_named_with_the_cure(void **state)
{
    struct atl_picture picture = {0};
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(atl_png_read("logo.jpg", "\xff\xd8\xff\xe0 JFIF data", 14, &picture, &err),
                     ATL_E_INVALID);
    assert_string_equal(err.text, "logo.jpg: not a PNG file: export the picture as PNG");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(dots_come_back_as_black_and_white, begin, end),
        cmocka_unit_test_setup_teardown(colours_come_back_as_they_were, begin, end),
        cmocka_unit_test_setup_teardown(the_same_dots_give_the_same_file, begin, end),
        cmocka_unit_test_setup_teardown(a_file_over_the_buffers_limit_is_no_file, begin, end),
        cmocka_unit_test_setup_teardown(
            a_picture_that_claims_to_be_huge_is_refused_before_it_is_unpacked, begin, end),
        cmocka_unit_test_setup_teardown(
            a_file_cut_short_or_damaged_anywhere_is_refused_or_read_and_nothing_worse, begin, end),
        cmocka_unit_test_setup_teardown(a_file_of_another_kind_is_named_with_the_cure, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

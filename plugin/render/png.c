// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/png.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

enum { COMPRESSION = 3 }; // a preview in a till: half the time of the default, 5 % more bytes

// What libpng's callbacks need. The message of the first error is kept.
struct work {
    struct atl_buf *out;
    const uint8_t *in;
    size_t left;
    char why[80];
};

static void on_error(png_structp png, png_const_charp message)
{
    struct work *work = png_get_error_ptr(png);

    strncpy(work->why, message, sizeof work->why - 1);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static void on_write(png_structp png, png_bytep bytes, size_t len)
{
    struct work *work = png_get_io_ptr(png);

    atl_buf_add(work->out, bytes, len);
}

static void on_flush(png_structp png)
{
    (void)png;
}

static void on_read(png_structp png, png_bytep bytes, size_t len)
{
    struct work *work = png_get_io_ptr(png);

    if (len > work->left)
        png_error(png, "the file ends in the middle");
    memcpy(bytes, work->in, len);
    work->in += len;
    work->left -= len;
}

// What both kinds of file have in common.
struct sheet {
    uint32_t width, height, dpi;
    int depth, colour;
    const uint8_t *bytes;
    size_t row_bytes;
};

static void write_sheet(png_structp png, png_infop info, const struct sheet *sheet)
{
    png_set_compression_level(png, COMPRESSION);
    // Cloth is fine noise, which no row filter makes smaller: they would double the time.
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
    png_set_IHDR(png, info, sheet->width, sheet->height, sheet->depth, sheet->colour,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (sheet->dpi) {
        uint32_t per_metre = (uint32_t)((uint64_t)sheet->dpi * 10000 / 254);

        png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
    }
    png_write_info(png, info);
    if (sheet->depth == 1)
        png_set_invert_mono(png); // ours: 1 is black
    for (uint32_t y = 0; y < sheet->height; y++)
        png_write_row(png, sheet->bytes + y * sheet->row_bytes);
    png_write_end(png, NULL);
}

// False after an error of libpng, which comes back here with a long jump: so nothing that it needs
// lives in this function.
static bool try_write(png_structp png, png_infop info, const struct sheet *sheet)
{
    if (setjmp(png_jmpbuf(png)))
        return false;
    write_sheet(png, info, sheet);
    return true;
}

static atl_code write_file(const struct sheet *sheet, struct atl_buf *out, struct atl_error *err)
{
    struct work work = {.out = out};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &work, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    bool is_written;

    if (!info) {
        png_destroy_write_struct(&png, NULL);
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a PNG file");
    }
    png_set_write_fn(png, &work, on_write, on_flush);
    is_written = try_write(png, info, sheet);
    png_destroy_write_struct(&png, &info);
    if (!is_written)
        return atl_fail(err, ATL_E_INVALID, "PNG: %s", work.why);
    return atl_buf_check(out, err);
}

atl_code atl_png_write_bitmap(const struct atl_bitmap *bitmap, uint32_t dpi, struct atl_buf *out,
                              struct atl_error *err)
{
    const struct sheet sheet = {
        .width = bitmap->width_dots,
        .height = bitmap->height_dots,
        .dpi = dpi,
        .depth = 1,
        .colour = PNG_COLOR_TYPE_GRAY,
        .bytes = bitmap->bits,
        .row_bytes = bitmap->row_bytes,
    };

    return write_file(&sheet, out, err);
}

atl_code atl_png_write_picture(const struct atl_picture *picture, struct atl_buf *out,
                               struct atl_error *err)
{
    const struct sheet sheet = {
        .width = picture->width_px,
        .height = picture->height_px,
        .depth = 8,
        .colour = PNG_COLOR_TYPE_RGB,
        .bytes = picture->pixels,
        .row_bytes = (size_t)picture->width_px * 3,
    };

    return write_file(&sheet, out, err);
}

// Whatever the file has becomes 8 bits of red, green and blue on white.
static void ask_for_rgb(png_structp png, png_infop info)
{
    const png_color_16 white = {0, 0xff, 0xff, 0xff, 0xff};

    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_background(png, &white, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1.0);
    png_read_update_info(png, info);
}

static void read_file(png_structp png, png_infop info, struct atl_picture *made)
{
    png_bytep rows[ATL_PICTURE_SIDE_MAX];
    uint32_t width, height;

    png_set_user_limits(png, ATL_PICTURE_SIDE_MAX, ATL_PICTURE_SIDE_MAX);
    png_set_chunk_cache_max(png, 16);
    png_set_chunk_malloc_max(png, 1024 * 1024);
    png_read_info(png, info);
    width = png_get_image_width(png, info);
    height = png_get_image_height(png, info);
    ask_for_rgb(png, info);
    if (png_get_rowbytes(png, info) != (size_t)width * 3)
        png_error(png, "a kind of picture that is not known");
    if (atl_picture_init(made, width, height, NULL))
        png_error(png, "out of memory");
    for (uint32_t y = 0; y < height; y++)
        rows[y] = made->pixels + (size_t)y * width * 3;
    png_read_image(png, rows);
    png_read_end(png, NULL);
}

static bool try_read(png_structp png, png_infop info, struct atl_picture *made)
{
    if (setjmp(png_jmpbuf(png)))
        return false;
    read_file(png, info, made);
    return true;
}

atl_code atl_png_read(const char *name, const void *bytes, size_t len, struct atl_picture *out,
                      struct atl_error *err)
{
    struct work work = {.in = bytes, .left = len};
    struct atl_picture made = {0};
    png_structp png;
    png_infop info;
    bool is_read;

    if (len > ATL_PNG_BYTES_MAX)
        return atl_fail(err, ATL_E_INVALID, "%s: over %d MiB", name, ATL_PNG_BYTES_MAX >> 20);
    if (len < 8 || png_sig_cmp(bytes, 0, 8))
        return atl_fail(err, ATL_E_INVALID, "%s: not a PNG file: export the picture as PNG", name);
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &work, on_error, on_warning);
    info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_read_struct(&png, NULL, NULL);
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a PNG file");
    }
    png_set_read_fn(png, &work, on_read);
    is_read = try_read(png, info, &made);
    png_destroy_read_struct(&png, &info, NULL);
    if (!is_read) {
        atl_picture_free(&made);
        return atl_fail(err, ATL_E_INVALID, "%s: %s", name, work.why);
    }
    *out = made;
    return ATL_OK;
}

// SPDX-License-Identifier: Apache-2.0
// {file: logo.png}: read once, when the template is loaded, from the template's own folders.
#include "plugin/core/hash.h"
#include "plugin/render/bitmap.h"
#include "plugin/render/png.h"
#include "plugin/render/template_inner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PATH_CAP = 1024,
    PICTURE_BYTES_MAX = 1024 * 1024,
    PICTURE_DOTS_MAX = 1200, // wider than any paper: no dot of a logo is lost
};

// A name without a way out of the folder.
static bool is_file_name(const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; i < len; i++) {
        char c = name[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            (i == 0 || !strchr("-_.", c)))
            return false;
    }
    return len > 4 && len < 64 && strcmp(name + len - 4, ".png") == 0;
}

// ATL_E_NOT_FOUND leaves no text: the caller knows both folders.
static atl_code read_file(const char *folder, const char *name, struct atl_buf *out,
                          struct atl_error *err)
{
    char path[PATH_CAP], bytes[4096];
    FILE *file;
    size_t got;

    if (!folder || (size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path)
        return ATL_E_NOT_FOUND;
    file = fopen(path, "rbe");
    if (!file && errno == ENOENT)
        return ATL_E_NOT_FOUND;
    if (!file)
        return atl_fail(err, ATL_E_IO, "open %s: %s", path, strerror(errno));
    while ((got = fread(bytes, 1, sizeof bytes, file)) > 0)
        atl_buf_add(out, bytes, got);
    if (ferror(file)) {
        fclose(file);
        return atl_fail(err, ATL_E_IO, "read %s", path);
    }
    fclose(file);
    return atl_buf_check(out, err);
}

atl_code atl_template_bitmap_copy(struct atl_arena *arena, const struct atl_bitmap *from,
                                  const struct atl_bitmap **out, struct atl_error *err)
{
    struct atl_bitmap *copy = atl_arena_get(arena, 1, sizeof *copy);

    if (copy) {
        *copy = *from;
        copy->bits =
            (void *)atl_arena_bytes(arena, from->bits, (size_t)from->row_bytes * from->height_dots);
    }
    if (!copy || !copy->bits)
        return atl_arena_check(arena, err);
    *out = copy;
    return ATL_OK;
}

atl_code atl_template_grey_copy(struct atl_arena *arena, const struct atl_grey *from,
                                const struct atl_grey **out, struct atl_error *err)
{
    struct atl_grey *copy = atl_arena_get(arena, 1, sizeof *copy);

    if (copy) {
        *copy = *from;
        copy->pixels =
            (void *)atl_arena_bytes(arena, from->pixels, (size_t)from->width_px * from->height_px);
    }
    if (!copy || !copy->pixels)
        return atl_arena_check(arena, err);
    *out = copy;
    return ATL_OK;
}

// As the eye sees the colours (ITU-R BT.601), in place of the picture's first bytes.
static void make_grey(struct atl_picture *picture, struct atl_grey *grey)
{
    const size_t count = (size_t)picture->width_px * picture->height_px;
    struct atl_hash hash;

    for (size_t i = 0; i < count; i++) {
        const uint8_t *rgb = picture->pixels + 3 * i;

        picture->pixels[i] = (uint8_t)((rgb[0] * 299 + rgb[1] * 587 + rgb[2] * 114 + 500) / 1000);
    }
    *grey = (struct atl_grey){picture->width_px, picture->height_px, picture->pixels, {0}};
    atl_hash_init(&hash);
    atl_hash_add_number(&hash, grey->width_px);
    atl_hash_add_bytes(&hash, grey->pixels, count);
    atl_hash_end(&hash, grey->key);
}

static atl_code decode_photo(struct atl_template *tmpl, unsigned line, const char *name,
                             const struct atl_buf *bytes, const struct atl_grey **out,
                             struct atl_error *err)
{
    struct atl_picture picture = {0};
    struct atl_grey grey;
    atl_code rc = atl_png_read(name, bytes->data, bytes->len, &picture, err);

    if (!rc && (picture.width_px > PICTURE_DOTS_MAX || picture.height_px > PICTURE_DOTS_MAX))
        rc = atl_template_fail(err, tmpl, line,
                               "%s is %u x %u dots, more than paper shows: make it at most %d wide "
                               "and high",
                               name, picture.width_px, picture.height_px, PICTURE_DOTS_MAX);
    if (!rc) {
        make_grey(&picture, &grey);
        rc = atl_template_grey_copy(&tmpl->arena, &grey, out, err);
    }
    atl_picture_free(&picture);
    return rc;
}

// The arena of the template takes a copy; what libpng and the scaler made is freed here.
static atl_code decode(struct atl_template *tmpl, const char *name, const struct atl_buf *bytes,
                       const struct atl_bitmap **out, struct atl_error *err)
{
    struct atl_picture picture = {0};
    struct atl_bitmap bitmap = {0};
    atl_code rc = atl_png_read(name, bytes->data, bytes->len, &picture, err);
    uint32_t width = picture.width_px < PICTURE_DOTS_MAX ? picture.width_px : PICTURE_DOTS_MAX;

    if (!rc)
        rc = atl_bitmap_from_picture(&picture, width, ATL_TONE_THRESHOLD, &bitmap, err);
    if (!rc)
        rc = atl_template_bitmap_copy(&tmpl->arena, &bitmap, out, err);
    atl_picture_free(&picture);
    atl_bitmap_free(&bitmap);
    return rc;
}

static atl_code load(struct atl_template *tmpl, unsigned line, bool is_photo,
                     struct atl_template_file *file, struct atl_error *err)
{
    const char *name = file->name;
    struct atl_buf bytes;
    atl_code rc;

    if (!tmpl->dir_override && !tmpl->dir_shipped)
        return atl_template_fail(err, tmpl, line, "{file} needs the template to be in a folder");
    if (tmpl->file_count == ATL_TEMPLATE_FILES_MAX)
        return atl_template_fail(err, tmpl, line, "more than %d files", ATL_TEMPLATE_FILES_MAX);
    atl_buf_init(&bytes, PICTURE_BYTES_MAX);
    rc = read_file(tmpl->dir_override, name, &bytes, err);
    if (rc == ATL_E_NOT_FOUND)
        rc = read_file(tmpl->dir_shipped, name, &bytes, err);
    if (rc == ATL_E_NOT_FOUND)
        rc = atl_template_fail(err, tmpl, line, "there is no %s beside the template", name);
    else if (rc == ATL_OK && is_photo)
        rc = decode_photo(tmpl, line, name, &bytes, &file->photo, err);
    else if (rc == ATL_OK)
        rc = decode(tmpl, name, &bytes, &file->image, err);
    if (rc && rc != ATL_E_INVALID)
        rc = atl_wrap(err, rc, "%s:%u", tmpl->name, line);
    atl_buf_free(&bytes);
    return rc;
}

static atl_code find(struct atl_template_layout *layout, const char *name, bool is_photo,
                     const struct atl_template_file **out, struct atl_error *err)
{
    const struct atl_template *tmpl = layout->tmpl;
    struct atl_template *loading = layout->loading;
    struct atl_template_file file = {0};
    atl_code rc;

    for (size_t i = 0; i < tmpl->file_count; i++) {
        if (strcmp(tmpl->files[i].name, name) == 0 && is_photo == (tmpl->files[i].photo != NULL)) {
            *out = &tmpl->files[i];
            return ATL_OK;
        }
    }
    if (!is_file_name(name))
        return atl_template_fail(err, tmpl, layout->line,
                                 "{file} is the plain name of a .png beside the template");
    if (!loading)
        return atl_template_fail(err, tmpl, layout->line,
                                 "%s was not there when the template was loaded", name);
    file.name = atl_arena_text(&loading->arena, name);
    if (!file.name)
        return atl_arena_check(&loading->arena, err);
    rc = load(loading, layout->line, is_photo, &file, err);
    if (rc)
        return rc;
    loading->files[loading->file_count] = file;
    *out = &loading->files[loading->file_count++];
    return ATL_OK;
}

atl_code atl_template_picture(struct atl_template_layout *layout, const char *name,
                              const struct atl_bitmap **out, struct atl_error *err)
{
    const struct atl_template_file *file = NULL;
    atl_code rc = find(layout, name, false, &file, err);

    if (!rc)
        *out = file->image;
    return rc;
}

atl_code atl_template_photo(struct atl_template_layout *layout, const char *name,
                            const struct atl_grey **out, struct atl_error *err)
{
    const struct atl_template_file *file = NULL;
    atl_code rc = find(layout, name, true, &file, err);

    if (!rc)
        *out = file->photo;
    return rc;
}

// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/text.h"
#include "plugin/render/template_inner.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEMPLATE_LIMIT_BYTES = 4 * 1024 * 1024, PATH_CAP = 1024 };

// A page and what it points to. The page is first, so that it is found again by its address.
struct owned_page {
    struct atl_page page;
    struct atl_arena arena;
};

atl_code atl_template_fail(struct atl_error *err, const struct atl_template *tmpl, unsigned line,
                           const char *fmt, ...)
{
    char text[200];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return atl_fail(err, ATL_E_INVALID, "%s:%u: %s", tmpl->name, line, text);
}

// The source may hold line ends and tabs, and no other control: two of them are our marks.
static atl_code check_source(const struct atl_template *tmpl, const char *text, size_t len,
                             struct atl_error *err)
{
    unsigned line = 1;

    if (len > ATL_TEMPLATE_MAX_BYTES)
        return atl_template_fail(err, tmpl, 1, "the template is larger than 64 KiB");
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        if ((c < 0x20 && !strchr("\t\n\r", c)) || c == '\0' || c == 0x7F)
            return atl_template_fail(err, tmpl, line, "a control character (%02x)", c);
        line += c == '\n';
    }
    if (!atl_text_is_utf8(text, len))
        return atl_template_fail(err, tmpl, 1, "the file is not UTF-8: save it again as UTF-8");
    return ATL_OK;
}

static atl_code parse(struct atl_template *tmpl, const char *text, size_t len,
                      struct atl_error *err)
{
    static const char BOM[] = "\xEF\xBB\xBF";
    atl_code rc = check_source(tmpl, text, len, err);

    if (rc)
        return rc;
    text = atl_arena_bytes(&tmpl->arena, text, len);
    if (!text)
        return atl_arena_check(&tmpl->arena, err);
    if (strncmp(text, BOM, 3) == 0)
        text += 3, len -= 3;
    rc = atl_template_header(tmpl, text, len, err);
    if (!rc)
        rc = atl_template_parts(tmpl, err);
    if (!rc)
        rc = atl_template_check(tmpl, err);
    return rc ? rc : atl_arena_check(&tmpl->arena, err);
}

atl_code atl_template_parse(const char *name, const char *text, size_t len,
                            const struct atl_template_folders *folders, struct atl_template **out,
                            struct atl_error *err)
{
    struct atl_template *tmpl = calloc(1, sizeof *tmpl);
    atl_code rc;

    if (!tmpl)
        return atl_fail(err, ATL_E_NOMEM, "%s: out of memory", name);
    atl_arena_init(&tmpl->arena, TEMPLATE_LIMIT_BYTES);
    tmpl->name = atl_arena_text(&tmpl->arena, name);
    tmpl->dir_override = folders ? atl_arena_text(&tmpl->arena, folders->dir_override) : NULL;
    tmpl->dir_shipped = folders ? atl_arena_text(&tmpl->arena, folders->dir_shipped) : NULL;
    rc = atl_arena_check(&tmpl->arena, err);
    if (!rc)
        rc = parse(tmpl, text, len, err);
    if (rc) {
        atl_template_close(tmpl);
        return rc;
    }
    *out = tmpl;
    return ATL_OK;
}

static bool is_plain_name(const char *name)
{
    return *name && *name != '.' && !strchr(name, '/') && strlen(name) < 100;
}

// *file stays NULL when there is none in this folder.
static atl_code open_in(const char *folder, const char *name, char path[PATH_CAP], FILE **file,
                        struct atl_error *err)
{
    if (*file || !folder)
        return ATL_OK;
    if (snprintf(path, PATH_CAP, "%s/%s", folder, name) >= PATH_CAP)
        return atl_fail(err, ATL_E_INVALID, "%s: the folder's path is too long", name);
    *file = fopen(path, "rbe");
    if (!*file && errno != ENOENT)
        return atl_fail(err, ATL_E_IO, "open %s: %s", path, strerror(errno));
    return ATL_OK;
}

atl_code atl_template_load_file(const struct atl_template_folders *folders, const char *name,
                                struct atl_template **out, struct atl_error *err)
{
    char path[PATH_CAP] = "", *text;
    FILE *file = NULL;
    size_t len;
    atl_code rc;

    if (!is_plain_name(name))
        return atl_fail(err, ATL_E_INVALID, "\"%.40s\" is not the name of a template", name);
    rc = open_in(folders->dir_override, name, path, &file, err);
    if (!rc)
        rc = open_in(folders->dir_shipped, name, path, &file, err);
    if (rc)
        return rc;
    if (!file)
        return atl_fail(err, ATL_E_NOT_FOUND, "there is no template %s in %s", name,
                        folders->dir_shipped ? folders->dir_shipped : "any folder");
    text = malloc(ATL_TEMPLATE_MAX_BYTES + 1);
    len = text ? fread(text, 1, ATL_TEMPLATE_MAX_BYTES + 1, file) : 0;
    if (!text)
        rc = atl_fail(err, ATL_E_NOMEM, "%s: out of memory", path);
    else if (ferror(file))
        rc = atl_fail(err, ATL_E_IO, "read %s", path);
    else
        rc = atl_template_parse(path, text, len, folders, out, err);
    free(text);
    fclose(file);
    return rc;
}

void atl_template_close(struct atl_template *tmpl)
{
    if (!tmpl)
        return;
    atl_arena_free(&tmpl->arena);
    free(tmpl);
}

enum atl_template_kind atl_template_kind(const struct atl_template *tmpl)
{
    return tmpl->kind;
}

uint32_t atl_template_paper_um(const struct atl_template *tmpl)
{
    return tmpl->paper_um;
}

uint32_t atl_template_height_um(const struct atl_template *tmpl)
{
    return tmpl->height_um;
}

static atl_code no_word(const struct atl_template *tmpl, const struct atl_template_part *part,
                        const struct atl_words_file *words, struct atl_error *err)
{
    const char *near = atl_words_file_near(words, part->text, part->len);

    return atl_template_fail(err, tmpl, part->line, "the words of \"%s\" have no key %.*s%s%s%s",
                             words->language, (int)(part->len < 40 ? part->len : 40), part->text,
                             near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

atl_code atl_template_check_words(const struct atl_template *tmpl,
                                  const struct atl_words_file *words, struct atl_error *err)
{
    for (size_t i = 0; i < tmpl->part_count; i++) {
        const struct atl_template_part *part = &tmpl->parts[i];

        if (part->kind == ATL_PART_WORD && !atl_words_file_find(words, part->text, part->len))
            return no_word(tmpl, part, words, err);
    }
    return ATL_OK;
}

// Moves the rows into the page's arena.
static atl_code fill_page(struct owned_page *owned, struct atl_template_layout *layout,
                          const struct atl_words_file *words, struct atl_error *err)
{
    const struct atl_template *tmpl = layout->tmpl;
    struct atl_row label;
    atl_code rc;

    if (tmpl->height_um) {
        rc = atl_template_label(layout, &label, err);
        if (rc)
            return rc;
        layout->rows.len = 0;
        layout->row_count = 1;
        atl_buf_add(&layout->rows, &label, sizeof label);
    }

    owned->page = (struct atl_page){
        .width_um = tmpl->paper_um,
        .height_um = tmpl->height_um,
        .font_um = tmpl->font_um,
        .font = atl_arena_text(&owned->arena, tmpl->font),
        .language = atl_arena_text(&owned->arena, words->language),
        .rows = (void *)atl_arena_bytes(&owned->arena, layout->rows.data, layout->rows.len),
        .row_count = layout->row_count,
    };
    return atl_arena_check(&owned->arena, err);
}

atl_code atl_template_page(const struct atl_template *tmpl, const struct atl_data *data,
                           const struct atl_words_file *words, struct atl_page **out,
                           struct atl_error *err)
{
    struct atl_template_layout layout;
    struct owned_page *owned;
    atl_code rc = atl_template_fields_check(tmpl->kind, data, err);

    if (rc)
        return rc;
    owned = calloc(1, sizeof *owned);
    if (!owned)
        return atl_fail(err, ATL_E_NOMEM, "%s: out of memory", tmpl->name);
    atl_arena_init(&owned->arena, ATL_TEMPLATE_PAGE_LIMIT_BYTES);
    atl_template_layout_init(&layout, tmpl, &owned->arena);
    rc = atl_template_expand(&layout, data, words, err);
    if (!rc)
        rc = fill_page(owned, &layout, words, err);
    atl_template_layout_free(&layout);
    if (rc) {
        atl_page_free(&owned->page);
        return rc;
    }
    *out = &owned->page;
    return ATL_OK;
}

void atl_page_free(struct atl_page *page)
{
    struct owned_page *owned = (void *)page;

    if (!owned)
        return;
    atl_arena_free(&owned->arena);
    free(owned);
}

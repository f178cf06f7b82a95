// SPDX-License-Identifier: Apache-2.0
// catalogue.json itself, the files it names, and what is shared by all products.
#include "plugin/wire/catalogue_load.h"

#include "plugin/core/money.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum {
    CATALOGUE_MAX_BYTES = 32 * 1024 * 1024, // all that is kept
    FILE_MAX_BYTES = 4 * 1024 * 1024,
    NAME_MAX_BYTES = 40,
    PATH_MAX_BYTES = 200,
    LABEL_MAX_BYTES = 400,
    LINE_MAX_BYTES = 256,
};

static const char name_letters[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
static const char path_letters[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";

// ---- Shared helpers ----

// A fault that has its own place in its words already: a grammar error, a line of a word list.
static void note(struct atl_loading *loading, const struct atl_error *err)
{
    struct atl_json_reader *reader = &loading->reader;

    if (reader->fault_count++ == 0)
        reader->first = *err;
    if (reader->report)
        atl_buf_addf(reader->report, "%s\n", err->text);
}

void atl_load_check_name(struct atl_loading *loading, const struct atl_json_at *at,
                         const char *name)
{
    if (name && (strlen(name) > NAME_MAX_BYTES || name[strspn(name, name_letters)]))
        atl_json_fault(&loading->reader, at,
                       "names are at most %d letters a-z A-Z, digits, . _ or -", NAME_MAX_BYTES);
}

// Relative, plain, and never out of the folder.
static bool is_harmless(const char *path)
{
    size_t len = strlen(path);

    return len > 0 && len <= PATH_MAX_BYTES && !path[strspn(path, path_letters)] &&
           path[0] != '/' && !strstr(path, "..");
}

static bool check_path(struct atl_loading *loading, const struct atl_json_at *at, const char *path)
{
    if (path && is_harmless(path))
        return true;
    if (path)
        atl_json_fault(&loading->reader, at,
                       "must be a file inside the catalogue's folder, such as \"fonts/a.font\"");
    return false;
}

void atl_load_check_image(struct atl_loading *loading, const struct atl_json_at *at,
                          const char *path)
{
    const struct atl_catalogue_source *source = loading->source;

    if (path && check_path(loading, at, path) && source->has && !source->has(source->ctx, path))
        atl_json_fault(&loading->reader, at, "there is no picture %s", path);
}

static size_t language_index(const struct atl_catalogue *catalogue, const char *language)
{
    size_t i = 0;

    while (i < catalogue->language_count && strcmp(catalogue->languages[i], language) != 0)
        i++;
    return i;
}

// Labels become lines of a form and of paper: one line, no control characters.
static bool is_one_line(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return false;
    }
    return true;
}

void atl_load_local(struct atl_loading *loading, const struct atl_json_at *at, const char *key,
                    bool is_required, struct atl_local *out)
{
    const struct atl_catalogue *catalogue = loading->catalogue;
    struct atl_json_reader *reader = &loading->reader;
    struct atl_json_at local = atl_json_find(at, key);
    struct atl_json_at item = {0};

    if (!local.value) {
        if (is_required)
            atl_json_fault(reader, &local, "is missing");
        return;
    }
    if (!atl_json_is_object(&local)) {
        atl_json_fault(reader, &local, "must be texts by language: {\"en\": \"…\"}");
        return;
    }
    while (atl_json_next(&local, &item)) {
        size_t i = language_index(catalogue, item.key);
        const char *text = atl_json_text(reader, &item, 1, LABEL_MAX_BYTES);

        if (i == catalogue->language_count)
            atl_json_fault(reader, &item, "is no language of catalogue.json");
        else
            out->in[i] = text;
        if (text && !is_one_line(text))
            atl_json_fault(reader, &item, "must be one line");
    }
    for (size_t i = 0; i < catalogue->language_count; i++) {
        struct atl_json_at missing = atl_json_find(&local, catalogue->languages[i]);

        if (!missing.value)
            atl_json_fault(reader, &missing, "is missing: each text needs every language");
    }
}

// ---- Files ----

// The bytes of a file, the caller's to free; false and a fault at the place that names it.
static bool read_file(struct atl_loading *loading, const struct atl_json_at *at, const char *path,
                      struct atl_buf *out)
{
    struct atl_error err = {0};

    atl_buf_init(out, FILE_MAX_BYTES);
    if (!check_path(loading, at, path))
        return false;
    if (loading->source->read(loading->source->ctx, path, out, &err) || atl_buf_check(out, &err)) {
        atl_json_fault(&loading->reader, at, "%s", err.text);
        atl_buf_free(out);
        return false;
    }
    return true;
}

// ---- Languages, fonts, word lists ----

static void load_languages(struct atl_loading *loading, const struct atl_json_at *root)
{
    struct atl_catalogue *catalogue = loading->catalogue;
    struct atl_json_at list = atl_json_find(root, "languages");
    struct atl_json_at item = {0};
    size_t count = atl_json_count(&loading->reader, &list, 1, ATL_LANGUAGES_MAX);

    for (size_t i = 0; i < count && atl_json_next(&list, &item); i++) {
        const char *language = atl_json_text(&loading->reader, &item, 2, 35);

        if (!language)
            continue;
        atl_load_check_name(loading, &item, language);
        if (language_index(catalogue, language) < catalogue->language_count)
            atl_json_fault(&loading->reader, &item, "stands there twice");
        else
            catalogue->languages[catalogue->language_count++] = language;
    }
}

struct named_file {
    const char *id;
    const char *path;
    const char *qualified;
    const char *reason;
    bool may_be_overruled;
};

// Which letters of the font may be sewn at which height.
static void load_qualified(struct atl_loading *loading, const struct atl_json_at *at,
                           const char *path, struct atl_font *font)
{
    struct atl_font_sewn *sewn = atl_arena_get(&loading->catalogue->arena, 1, sizeof *sewn);
    struct atl_error err = {0};
    struct atl_buf text;

    if (!sewn || !read_file(loading, at, path, &text))
        return;
    if (atl_font_sewn_parse(path, (const char *)text.data, text.len, &loading->catalogue->arena,
                            sewn, &err))
        note(loading, &err);
    else if (font->family && strcmp(sewn->family, font->family) != 0)
        atl_json_fault(&loading->reader, at, "%s is of the font %s, the facts are of %s", path,
                       sewn->family, font->family);
    else
        font->sewn = sewn;
    atl_buf_free(&text);
}

static void load_font(struct atl_loading *loading, const struct atl_json_at *at,
                      struct atl_font *font)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct named_file, id, TEXT, 1, NAME_MAX_BYTES),
        ATL_JSON_NEED_AS("facts", struct named_file, path, TEXT, 1, PATH_MAX_BYTES),
        ATL_JSON_MAY(struct named_file, qualified, TEXT, 1, PATH_MAX_BYTES),
    };
    struct named_file file = {0};
    struct atl_error err = {0};
    struct atl_buf text;

    font->id = "";
    atl_json_read(&loading->reader, at, ATL_ROWS(rows), &file);
    atl_load_check_name(loading, at, file.id);
    if (!file.id || !read_file(loading, at, file.path, &text))
        return;
    if (atl_catalogue_font(loading->catalogue, file.id))
        atl_json_fault(&loading->reader, at, "the font %s stands there twice", file.id);
    if (atl_font_parse(file.path, (const char *)text.data, text.len, &loading->catalogue->arena,
                       font, &err))
        note(loading, &err);
    font->id = file.id;
    atl_buf_free(&text);
    if (file.qualified)
        load_qualified(loading, at, file.qualified, font);
}

static void load_fonts(struct atl_loading *loading, const struct atl_json_at *root)
{
    struct atl_catalogue *catalogue = loading->catalogue;
    struct atl_json_at list = atl_json_find(root, "fonts");
    struct atl_json_at item = {0};
    size_t count = atl_json_count(&loading->reader, &list, 0, ATL_FONTS_MAX);
    struct atl_font *fonts = atl_arena_get(&catalogue->arena, count, sizeof(*fonts));

    catalogue->fonts = fonts;
    while (fonts && catalogue->font_count < count && atl_json_next(&list, &item)) {
        load_font(loading, &item, &fonts[catalogue->font_count]);
        catalogue->font_count++;
    }
}

// A word list in the making.
struct words {
    struct atl_loading *loading;
    const struct named_file *file;
    struct atl_screen_word *words;
    const char **exceptions;
    size_t word_count;
    size_t exception_count;
    unsigned line;
};

static void fault_line(struct words *words, const char *why)
{
    struct atl_error err;

    atl_fail(&err, ATL_E_INVALID, "%s:%u: %s", words->file->path, words->line, why);
    note(words->loading, &err);
}

static void add_word(struct words *words, const char *text, bool is_substring)
{
    struct atl_screen_word *word = &words->words[words->word_count];
    struct atl_error err = {0};

    word->word = atl_arena_text(&words->loading->catalogue->arena, text);
    word->reason = words->file->reason;
    word->is_substring = is_substring;
    if (!word->word)
        return;
    if (atl_screen_word_check(word, &err))
        fault_line(words, err.text);
    else
        words->word_count++;
}

// "word TEXT", "inside TEXT", "except TEXT", comments and empty lines.
static void add_line(struct words *words, const char *line)
{
    words->line++;
    if (words->line == 1 && strcmp(line, "# atelier words 1") != 0)
        fault_line(words, "the first line must be \"# atelier words 1\"");
    if (!line[0] || line[0] == '#')
        return;
    if (strncmp(line, "word ", 5) == 0 && line[5])
        add_word(words, line + 5, false);
    else if (strncmp(line, "inside ", 7) == 0 && line[7])
        add_word(words, line + 7, true);
    else if (strncmp(line, "except ", 7) == 0 && line[7])
        words->exceptions[words->exception_count++] =
            atl_arena_text(&words->loading->catalogue->arena, line + 7);
    else
        fault_line(words, "must begin with word, inside or except, and then the word");
}

static void add_lines(struct words *words, const struct atl_buf *text)
{
    const char *at = (const char *)text->data;
    const char *end = at + text->len;

    while (at && at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop ? stop : end) - at);
        char line[LINE_MAX_BYTES];

        if (len >= sizeof(line)) {
            words->line++;
            fault_line(words, "the line is too long");
        } else {
            memcpy(line, at, len);
            line[len] = 0;
            line[strcspn(line, "\r")] = 0;
            add_line(words, line);
        }
        at += len + 1;
    }
}

static size_t count_lines(const struct atl_buf *text)
{
    size_t count = 1;

    for (size_t i = 0; i < text->len; i++)
        count += text->data[i] == '\n';
    return count;
}

static void load_list(struct atl_loading *loading, const struct atl_json_at *at,
                      struct atl_word_list *list)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct named_file, id, TEXT, 1, NAME_MAX_BYTES),
        ATL_JSON_NEED_AS("file", struct named_file, path, TEXT, 1, PATH_MAX_BYTES),
        ATL_JSON_NEED(struct named_file, reason, TEXT, 1, NAME_MAX_BYTES),
        ATL_JSON_MAY(struct named_file, may_be_overruled, BOOL, 0, 0),
    };
    struct named_file file = {0};
    struct words words = {.loading = loading, .file = &file};
    struct atl_arena *arena = &loading->catalogue->arena;
    struct atl_buf text;

    list->id = "";
    atl_json_read(&loading->reader, at, ATL_ROWS(rows), &file);
    atl_load_check_name(loading, at, file.id);
    atl_load_check_name(loading, at, file.reason);
    if (!file.id || !file.reason || !read_file(loading, at, file.path, &text))
        return;
    if (atl_catalogue_list(loading->catalogue, file.id))
        atl_json_fault(&loading->reader, at, "the list %s stands there twice", file.id);
    words.words = atl_arena_get(arena, count_lines(&text), sizeof(*words.words));
    words.exceptions = atl_arena_get(arena, count_lines(&text), sizeof(*words.exceptions));
    if (words.words && words.exceptions)
        add_lines(&words, &text);
    *list = (struct atl_word_list){
        .id = file.id,
        .may_be_overruled = file.may_be_overruled,
        .screen = {words.words, words.word_count, words.exceptions, words.exception_count},
    };
    atl_buf_free(&text);
}

static void load_lists(struct atl_loading *loading, const struct atl_json_at *root)
{
    struct atl_catalogue *catalogue = loading->catalogue;
    struct atl_json_at list = atl_json_find(root, "word_lists");
    struct atl_json_at item = {0};
    size_t count = atl_json_count(&loading->reader, &list, 0, ATL_WORD_LISTS_MAX);
    struct atl_word_list *lists = atl_arena_get(&catalogue->arena, count, sizeof(*lists));

    catalogue->lists = lists;
    while (lists && catalogue->list_count < count && atl_json_next(&list, &item)) {
        load_list(loading, &item, &lists[catalogue->list_count]);
        catalogue->list_count++;
    }
}

// ---- Products ----

static void load_product_file(struct atl_loading *loading, const struct atl_json_at *at,
                              struct atl_product *product)
{
    const char *outer = loading->reader.name;
    const char *path = atl_json_text(&loading->reader, at, 1, PATH_MAX_BYTES);
    struct atl_error err = {0};
    struct atl_json_at root;
    struct atl_json *json;
    struct atl_buf text;

    product->sku = "";
    if (!path || !read_file(loading, at, path, &text))
        return;
    if (atl_json_parse(path, text.data, text.len, ATL_JSON_LIMIT_BYTES, &json, &err)) {
        note(loading, &err);
        atl_buf_free(&text);
        return;
    }
    loading->reader.name = path;
    root = atl_json_root(json);
    atl_load_product(loading, &root, product);
    loading->reader.name = outer;
    atl_json_free(json);
    atl_buf_free(&text);
}

static void load_products(struct atl_loading *loading, const struct atl_json_at *root)
{
    struct atl_catalogue *catalogue = loading->catalogue;
    struct atl_json_at list = atl_json_find(root, "products");
    struct atl_json_at item = {0};
    size_t count = atl_json_count(&loading->reader, &list, 1, ATL_PRODUCTS_MAX);
    struct atl_product *products = atl_arena_get(&catalogue->arena, count, sizeof(*products));

    catalogue->products = products;
    while (products && catalogue->product_count < count && atl_json_next(&list, &item)) {
        struct atl_product *product = &products[catalogue->product_count];

        load_product_file(loading, &item, product);
        if (product->sku[0] && atl_catalogue_product(catalogue, product->sku))
            atl_json_fault(&loading->reader, &item, "the sku %s is sold by an earlier file",
                           product->sku);
        catalogue->product_count++;
    }
}

static void load_root(struct atl_loading *loading, const struct atl_json_at *root)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct atl_catalogue, name, TEXT, 1, 200),
        ATL_JSON_MAY(struct atl_catalogue, version, TEXT, 1, 40),
        ATL_JSON_NEED(struct atl_catalogue, currency, TEXT, 3, 3),
        ATL_JSON_KEY("languages", true),
        ATL_JSON_KEY("fonts", false),
        ATL_JSON_KEY("word_lists", false),
        ATL_JSON_KEY("products", true),
    };
    struct atl_catalogue *catalogue = loading->catalogue;

    atl_json_read(&loading->reader, root, ATL_ROWS(rows), catalogue);
    if (catalogue->currency && atl_money_exponent(catalogue->currency) < 0)
        atl_json_fault(&loading->reader, root, "currency must be one of ISO 4217, such as EUR");
    load_languages(loading, root);
    load_fonts(loading, root);
    load_lists(loading, root);
    load_products(loading, root);
}

static atl_code load_all(struct atl_loading *loading, struct atl_error *err)
{
    static const char file[] = "catalogue.json";
    struct atl_json_at root;
    struct atl_json *json;
    struct atl_buf text;
    atl_code rc;

    atl_buf_init(&text, FILE_MAX_BYTES);
    loading->reader.name = file;
    rc = loading->source->read(loading->source->ctx, file, &text, err);
    if (!rc)
        rc = atl_buf_check(&text, err);
    if (!rc)
        rc = atl_json_parse(file, text.data, text.len, ATL_JSON_LIMIT_BYTES, &json, err);
    atl_buf_free(&text);
    if (rc)
        return rc;
    root = atl_json_root(json);
    load_root(loading, &root);
    atl_json_free(json);
    return atl_json_check(&loading->reader, err);
}

atl_code atl_catalogue_load(const struct atl_catalogue_source *source, struct atl_catalogue *out,
                            struct atl_buf *report, struct atl_error *err)
{
    struct atl_catalogue catalogue = {0};
    struct atl_loading loading = {.source = source, .catalogue = &catalogue};
    atl_code rc;

    atl_arena_init(&catalogue.arena, CATALOGUE_MAX_BYTES);
    loading.reader.arena = &catalogue.arena;
    loading.reader.report = report;
    rc = load_all(&loading, err);
    if (rc) {
        if (report && !report->len && err)
            atl_buf_addf(report, "%s\n", err->text);
        atl_catalogue_free(&catalogue);
        return rc;
    }
    *out = catalogue;
    return ATL_OK;
}

// ---- A folder of this machine ----

static atl_code read_in_folder(void *ctx, const char *path, struct atl_buf *out,
                               struct atl_error *err)
{
    const char *folder = ctx;
    char whole[4096];
    uint8_t chunk[8192];
    FILE *file;
    size_t len;
    int failed;

    snprintf(whole, sizeof(whole), "%s/%s", folder, path);
    file = fopen(whole, "rbe");
    if (!file)
        return atl_fail(err, errno == ENOENT ? ATL_E_NOT_FOUND : ATL_E_IO, "cannot open %s: %s",
                        whole, strerror(errno));
    while ((len = fread(chunk, 1, sizeof(chunk), file)) > 0)
        atl_buf_add(out, chunk, len);
    failed = ferror(file);
    fclose(file);
    if (failed)
        return atl_fail(err, ATL_E_IO, "cannot read %s: is it a file?", whole);
    return ATL_OK;
}

static bool has_in_folder(void *ctx, const char *path)
{
    const char *folder = ctx;
    char whole[4096];
    FILE *file;

    snprintf(whole, sizeof(whole), "%s/%s", folder, path);
    file = fopen(whole, "rbe");
    if (!file)
        return false;
    fclose(file);
    return true;
}

atl_code atl_catalogue_load_folder(const char *folder, struct atl_catalogue *out,
                                   struct atl_buf *report, struct atl_error *err)
{
    struct atl_buf copy; // the source's context is not const
    struct atl_catalogue_source source = {.read = read_in_folder, .has = has_in_folder};
    atl_code rc;

    atl_buf_init(&copy, 4096);
    atl_buf_add(&copy, folder, strlen(folder));
    rc = atl_buf_check(&copy, err);
    if (!rc) {
        source.ctx = copy.data;
        rc = atl_catalogue_load(&source, out, report, err);
    }
    atl_buf_free(&copy);
    return rc;
}

// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/words_file.h"
#include "plugin/core/text.h"
#include "plugin/render/template_near.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_LIMIT_BYTES = 256 * 1024, PATH_CAP = 1024, NAME_CAP = 40 };

static const char OWN_PREFIX[] = "my_";

// One file while it is read.
struct reader {
    struct atl_words_file *words;
    const char *name;
    unsigned line;
    bool is_override;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct atl_words_file_row *find_row(const struct atl_words_file *words, const char *key,
                                           size_t len)
{
    struct atl_words_file_row *row = words->rows;

    while (row && (strncmp(row->key, key, len) != 0 || row->key[len]))
        row = row->next;
    return row;
}

const char *atl_words_file_find(const struct atl_words_file *words, const char *key, size_t len)
{
    const struct atl_words_file_row *row = find_row(words, key, len);

    return row ? row->words : NULL;
}

const char *atl_words_file_near(const struct atl_words_file *words, const char *key, size_t len)
{
    struct atl_template_near near = {.name = key, .len = len};

    for (const struct atl_words_file_row *row = words->rows; row; row = row->next)
        atl_template_near_offer(&near, row->key);
    return near.best;
}

static atl_code fail_key(const struct reader *reader, const char *key, size_t len,
                         struct atl_error *err)
{
    const char *near = atl_words_file_near(reader->words, key, len);

    if (near)
        return atl_fail(err, ATL_E_INVALID, "%s:%u: there is no key %.*s; did you mean %s?",
                        reader->name, reader->line, (int)(len < 40 ? len : 40), key, near);
    return atl_fail(err, ATL_E_INVALID,
                    "%s:%u: there is no key %.*s; a key of your own begins with my_", reader->name,
                    reader->line, (int)(len < 40 ? len : 40), key);
}

static atl_code add_row(struct reader *reader, const char *key, size_t key_len, const char *value,
                        size_t len, struct atl_error *err)
{
    struct atl_words_file *words = reader->words;
    struct atl_words_file_row *row = find_row(words, key, key_len);

    if (row && !reader->is_override)
        return atl_fail(err, ATL_E_INVALID, "%s:%u: the key %s stands here twice", reader->name,
                        reader->line, row->key);
    if (!row && reader->is_override && strncmp(key, OWN_PREFIX, sizeof OWN_PREFIX - 1) != 0)
        return fail_key(reader, key, key_len, err);
    if (!row && words->count == ATL_WORDS_FILE_KEYS_MAX)
        return atl_fail(err, ATL_E_INVALID, "%s:%u: more than %d keys", reader->name, reader->line,
                        ATL_WORDS_FILE_KEYS_MAX);
    if (!row) {
        row = atl_arena_get(&words->arena, 1, sizeof *row);
        if (!row || !(row->key = atl_arena_bytes(&words->arena, key, key_len)))
            return atl_arena_check(&words->arena, err);
        row->next = words->rows;
        words->rows = row;
        words->count++;
    }
    row->words = atl_arena_bytes(&words->arena, value, len);
    return atl_arena_check(&words->arena, err);
}

static size_t key_len_of(const char *at, const char *end)
{
    const char *start = at;

    while (at < end && ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '_'))
        at++;
    return (size_t)(at - start);
}

// "key = words" without its line end.
static atl_code read_line(struct reader *reader, const char *at, const char *end,
                          struct atl_error *err)
{
    const char *equals;
    size_t key_len;

    while (at < end && is_space(*at))
        at++;
    while (end > at && is_space(end[-1]))
        end--;
    if (at == end || *at == '#')
        return ATL_OK;
    key_len = key_len_of(at, end);
    for (equals = at + key_len; equals < end && is_space(*equals); equals++)
        ;
    if (!key_len || equals == end || *equals != '=')
        return atl_fail(err, ATL_E_INVALID, "%s:%u: a line is \"key = words\"", reader->name,
                        reader->line);
    for (equals++; equals < end && is_space(*equals); equals++)
        ;
    return add_row(reader, at, key_len, equals, (size_t)(end - equals), err);
}

static atl_code read_source(struct atl_words_file *words, const struct atl_words_file_source *from,
                            bool is_override, struct atl_error *err)
{
    struct reader reader = {words, from->name, 1, is_override};
    const char *at = from->text, *end = at + from->len;
    atl_code rc = ATL_OK;

    if (from->len > ATL_WORDS_FILE_MAX_BYTES)
        return atl_fail(err, ATL_E_INVALID, "%s: larger than 64 KiB", from->name);
    if (!atl_text_is_utf8(at, from->len) || memchr(at, '\0', from->len))
        return atl_fail(err, ATL_E_INVALID, "%s: not UTF-8: save it again as UTF-8", from->name);
    if (from->len >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    for (; !rc && at < end; reader.line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        rc = read_line(&reader, at, stop ? stop : end, err);
        at = stop ? stop + 1 : end;
    }
    return rc;
}

static bool is_language(const char *language)
{
    size_t len = strlen(language);

    for (size_t i = 0; i < len; i++) {
        char c = language[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && (c != '-' || !i))
            return false;
    }
    return len >= 2 && len < ATL_WORDS_FILE_LANGUAGE_CAP;
}

atl_code atl_words_file_parse(const char *language, const struct atl_words_file_source *shipped,
                              const struct atl_words_file_source *override,
                              struct atl_words_file *out, struct atl_error *err)
{
    struct atl_words_file words = {.count = 0};
    atl_code rc;

    if (!is_language(language))
        return atl_fail(err, ATL_E_INVALID, "\"%.20s\" is not the name of a language, as fr is",
                        language);
    atl_arena_init(&words.arena, FILE_LIMIT_BYTES);
    snprintf(words.language, sizeof words.language, "%s", language);
    rc = read_source(&words, shipped, false, err);
    if (!rc && override)
        rc = read_source(&words, override, true, err);
    if (rc) {
        atl_words_file_free(&words);
        return rc;
    }
    *out = words;
    return ATL_OK;
}

// ATL_E_NOT_FOUND with the path. *text is the caller's to free.
static atl_code read_file(const char *folder, const char *name, char **text, size_t *len,
                          struct atl_error *err)
{
    char path[PATH_CAP], *bytes;
    FILE *file;

    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path)
        return atl_fail(err, ATL_E_INVALID, "%s: the folder's path is too long", name);
    file = fopen(path, "rbe");
    if (!file)
        return atl_fail(err, errno == ENOENT ? ATL_E_NOT_FOUND : ATL_E_IO, "open %s: %s", path,
                        strerror(errno));
    bytes = malloc(ATL_WORDS_FILE_MAX_BYTES + 1);
    *len = bytes ? fread(bytes, 1, ATL_WORDS_FILE_MAX_BYTES + 1, file) : 0;
    if (!bytes || ferror(file)) {
        fclose(file);
        free(bytes);
        return atl_fail(err, bytes ? ATL_E_IO : ATL_E_NOMEM, "read %s", path);
    }
    fclose(file);
    *text = bytes;
    return ATL_OK;
}

atl_code atl_words_file_load(const char *dir_override, const char *dir_shipped,
                             const char *language, struct atl_words_file *out,
                             struct atl_error *err)
{
    char name[NAME_CAP], *texts[2] = {NULL, NULL};
    struct atl_words_file_source shipped = {.name = name}, own = {.name = name};
    struct atl_error missing; // of the shop's own file: it need not be there
    atl_code rc;

    if (!is_language(language))
        return atl_fail(err, ATL_E_INVALID, "\"%.20s\" is not the name of a language, as fr is",
                        language);
    snprintf(name, sizeof name, "words.%s.ini", language);
    rc = read_file(dir_shipped, name, &texts[0], &shipped.len, err);
    if (rc)
        return rc;
    shipped.text = texts[0];
    if (dir_override) {
        rc = read_file(dir_override, name, &texts[1], &own.len, &missing);
        own.text = texts[1];
    }
    if (rc && rc != ATL_E_NOT_FOUND)
        atl_fail(err, rc, "%s", missing.text);
    else
        rc = atl_words_file_parse(language, &shipped, own.text ? &own : NULL, out, err);
    free(texts[0]);
    free(texts[1]);
    return rc;
}

void atl_words_file_free(struct atl_words_file *words)
{
    atl_arena_free(&words->arena);
    *words = (struct atl_words_file){.count = 0};
}

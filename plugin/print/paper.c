// SPDX-License-Identifier: Apache-2.0
#include "plugin/print/paper.h"

#include "plugin/print/fields.h"
#include "plugin/print/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_CAP = 1024, NAME_CAP = 100, TEMPLATES_MAX = 200, LANGUAGES_MAX = 16 };

static const char SUFFIX[] = ".ticket";

// ---- words ----

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

// The languages that the shipped folder has words of, in order.
static atl_code list_languages(const struct print_options *options, char (*out)[16], size_t *count,
                               struct atl_error *err)
{
    DIR *dir = opendir(options->shipped);
    const struct dirent *entry;

    *count = 0;
    if (!dir)
        return atl_fail(err, ATL_E_NOT_FOUND,
                        "open %s: %s; name the folder of the templates with --shipped",
                        options->shipped, strerror(errno));
    while ((entry = readdir(dir)) && *count < LANGUAGES_MAX) {
        const size_t len = strlen(entry->d_name);

        if (len <= 10 || len > 20 || strncmp(entry->d_name, "words.", 6) != 0 ||
            strcmp(entry->d_name + len - 4, ".ini") != 0)
            continue;
        (void)snprintf(out[(*count)++], 16, "%.*s", (int)(len - 10), entry->d_name + 6);
    }
    closedir(dir);
    qsort(out, *count, sizeof *out, compare_names);
    if (!*count)
        return atl_fail(err, ATL_E_NOT_FOUND,
                        "%s has no words.en.ini: name the folder of the templates with --shipped",
                        options->shipped);
    return ATL_OK;
}

static atl_code check_words(const struct print_options *options, const struct atl_template *tmpl,
                            struct atl_error *err)
{
    char languages[LANGUAGES_MAX][16];
    size_t count = 0;
    atl_code rc = list_languages(options, languages, &count, err);

    for (size_t i = 0; !rc && i < count; i++) {
        struct atl_words_file words;

        rc = atl_words_file_load(options->own, options->shipped, languages[i], &words, err);
        if (rc)
            break;
        rc = atl_template_check_words(tmpl, &words, err);
        atl_words_file_free(&words);
    }
    return rc;
}

// ---- template ----

static atl_code load_path(const struct print_options *options, const char *path,
                          struct atl_template **out, struct atl_error *err)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_CAP];
    const struct atl_template_folders folders = {folder, options->shipped};
    struct atl_buf text;
    atl_code rc;

    (void)snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) : 1,
                   slash ? path : ".");
    atl_buf_init(&text, ATL_TEMPLATE_MAX_BYTES);
    rc = print_file_read(path, &text, err);
    if (!rc)
        rc = atl_template_parse(path, text.len ? (const char *)text.data : "", text.len, &folders,
                                out, err);
    atl_buf_free(&text);
    return rc;
}

static atl_code load_name(const struct print_options *options, const char *name,
                          struct atl_template **out, struct atl_error *err)
{
    const struct atl_template_folders folders = {options->own, options->shipped};
    const size_t len = strlen(name);
    const bool has_suffix =
        len > strlen(SUFFIX) && strcmp(name + len - strlen(SUFFIX), SUFFIX) == 0;
    char file[NAME_CAP];
    struct atl_error why = {0};
    atl_code rc;

    (void)snprintf(file, sizeof file, "%s%s", name, has_suffix ? "" : SUFFIX);
    rc = atl_template_load_file(&folders, file, out, &why);
    if (rc == ATL_E_NOT_FOUND)
        return atl_fail(err, rc, "%s: --templates lists them, --shipped names their folder",
                        why.text);
    return rc ? atl_fail(err, rc, "%s", why.text) : ATL_OK;
}

// A folder that was mistyped would otherwise be as good as an empty one.
static atl_code check_own(const struct print_options *options, struct atl_error *err)
{
    DIR *dir = options->own ? opendir(options->own) : NULL;

    if (options->own && !dir)
        return atl_fail(err, ATL_E_NOT_FOUND,
                        "--own %s: %s; it is the folder of the shop's own "
                        "templates",
                        options->own, strerror(errno));
    if (dir)
        closedir(dir);
    return ATL_OK;
}

atl_code print_template_load(const struct print_options *options, struct atl_template **out,
                             struct atl_error *err)
{
    struct atl_template *made = NULL;
    const char *name = options->template;
    atl_code rc = check_own(options, err);

    if (!rc)
        rc = strchr(name, '/') ? load_path(options, name, &made, err)
                               : load_name(options, name, &made, err);
    if (!rc)
        rc = check_words(options, made, err);
    if (rc)
        atl_template_close(made);
    else
        *out = made;
    return rc;
}

// ---- page ----

static atl_code fill(const struct print_options *options, const struct atl_template *tmpl,
                     const struct print_fields *fields, struct atl_page **out,
                     struct atl_error *err)
{
    const char *language = options->language ? options->language : fields->language;
    struct atl_words_file words;
    struct atl_error why = {0};
    atl_code rc;

    if (!*language)
        language = "en";
    rc = atl_words_file_load(options->own, options->shipped, language, &words, &why);
    if (rc == ATL_E_NOT_FOUND)
        return atl_fail(err, rc,
                        "--language %.16s: %s: write that file as words.en.ini is written, or take "
                        "another language",
                        language, why.text);
    if (rc)
        return atl_fail(err, rc, "%s", why.text);
    rc = atl_template_page(tmpl, &fields->data, &words, out, err);
    atl_words_file_free(&words);
    return rc;
}

// In the language that was asked for, as far as it has samples.
static void find_samples(const struct print_options *options, enum atl_template_kind kind,
                         char path[PATH_CAP])
{
    const char *name = atl_template_kind_name(kind);

    if (options->language) {
        (void)snprintf(path, PATH_CAP, "%s/samples/%s.%.16s.json", options->shipped, name,
                       options->language);
        if (access(path, R_OK) == 0)
            return;
    }
    (void)snprintf(path, PATH_CAP, "%s/samples/%s.json", options->shipped, name);
}

atl_code print_paper(const struct print_options *options, const struct atl_template *tmpl,
                     struct atl_page **out, struct atl_error *err)
{
    const enum atl_template_kind kind = atl_template_kind(tmpl);
    struct print_fields *fields = malloc(sizeof *fields);
    char samples[PATH_CAP];
    atl_code rc;

    if (!fields)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    find_samples(options, kind, samples);
    rc = print_fields_read(options->data ? options->data : samples, kind, fields, err);
    if (!rc) {
        rc = fill(options, tmpl, fields, out, err);
        print_fields_free(fields);
    }
    free(fields);
    return rc;
}

// ---- --templates ----

struct names {
    char at[TEMPLATES_MAX][NAME_CAP];
    size_t count;
};

static void add_folder(struct names *names, const char *folder)
{
    DIR *dir = folder ? opendir(folder) : NULL;
    const struct dirent *entry;

    while (dir && (entry = readdir(dir)) && names->count < TEMPLATES_MAX) {
        const size_t len = strlen(entry->d_name);
        bool is_known = false;

        if (len <= strlen(SUFFIX) || len >= NAME_CAP ||
            strcmp(entry->d_name + len - strlen(SUFFIX), SUFFIX) != 0)
            continue;
        for (size_t i = 0; i < names->count; i++)
            is_known |= strcmp(names->at[i], entry->d_name) == 0;
        if (!is_known)
            memcpy(names->at[names->count++], entry->d_name, len + 1);
    }
    if (dir)
        closedir(dir);
}

static bool is_own(const struct print_options *options, const char *name)
{
    char path[PATH_CAP];
    FILE *file;

    if (!options->own ||
        (size_t)snprintf(path, sizeof path, "%s/%s", options->own, name) >= sizeof path)
        return false;
    file = fopen(path, "rbe");
    if (file)
        fclose(file);
    return file != NULL;
}

static bool say_one(const struct print_options *options, const char *name)
{
    struct print_options one = *options;
    struct atl_template *tmpl = NULL;
    struct atl_error why = {0};
    uint32_t height;

    one.template = name;
    if (print_template_load(&one, &tmpl, &why)) {
        printf("%-20s NOT GOOD  %s\n", name, why.text);
        return false;
    }
    height = atl_template_height_um(tmpl);
    printf("%-20s %-6s %u", name, atl_template_kind_name(atl_template_kind(tmpl)),
           atl_template_paper_um(tmpl) / 1000);
    if (height)
        printf("x%u", height / 1000);
    printf(" mm%s\n", is_own(options, name) ? "  (the shop's own)" : "");
    atl_template_close(tmpl);
    return true;
}

atl_code print_templates(const struct print_options *options, struct atl_error *err)
{
    struct names *names = calloc(1, sizeof *names);
    size_t bad = 0;
    atl_code rc = check_own(options, err);

    if (!rc && !names)
        rc = atl_fail(err, ATL_E_NOMEM, "out of memory");
    if (rc) {
        free(names);
        return rc;
    }
    add_folder(names, options->own);
    add_folder(names, options->shipped);
    qsort(names->at, names->count, sizeof *names->at, compare_names);
    for (size_t i = 0; i < names->count; i++)
        bad += !say_one(options, names->at[i]);
    if (!names->count)
        rc = atl_fail(err, ATL_E_NOT_FOUND, "there are no templates in %s; see --shipped",
                      options->shipped);
    else if (bad)
        rc = atl_fail(err, ATL_E_INVALID, "%zu of %zu are not good, and are never used", bad,
                      names->count);
    free(names);
    return rc;
}

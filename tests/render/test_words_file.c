// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/words_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
#define FOLDER      ATL_SOURCE_DIR "/printer-templates"

static atl_code parse(const char *shipped, const char *own, struct atl_words_file *out,
                      struct atl_error *err)
{
    const struct atl_words_file_source first = {"words.fr.ini", shipped, strlen(shipped)};
    const struct atl_words_file_source second = {"own/words.fr.ini", own, own ? strlen(own) : 0};

    return atl_words_file_parse("fr", &first, own ? &second : NULL, out, err);
}

static const char *find(const struct atl_words_file *words, const char *key)
{
    return atl_words_file_find(words, key, strlen(key));
}

static void a_line_is_a_key_and_its_words(void **state)
{
    struct atl_words_file words;

    (void)state;
    assert_int_equal(
        parse("\xEF\xBB\xBF# a comment\n\n order =  Commande n° = 1 \r\nempty=\nlast = x", NULL,
              &words, NULL),
        ATL_OK);
    assert_string_equal(words.language, "fr");
    assert_string_equal(find(&words, "order"), "Commande n° = 1");
    assert_string_equal(find(&words, "empty"), "");
    assert_string_equal(find(&words, "last"), "x");
    assert_null(find(&words, "orde"));
    assert_null(find(&words, "order_"));
    assert_int_equal(words.count, 3);
    atl_words_file_free(&words);
    atl_words_file_free(&words);
}

static void a_shops_own_words_win_key_by_key(void **state)
{
    struct atl_words_file words;

    (void)state;
    assert_int_equal(parse("order = Commande\ntotal = Total\n",
                           "total = Somme\nmy_line = Bonjour\n", &words, NULL),
                     ATL_OK);
    assert_string_equal(find(&words, "order"), "Commande");
    assert_string_equal(find(&words, "total"), "Somme");
    assert_string_equal(find(&words, "my_line"), "Bonjour");
    atl_words_file_free(&words);
}

static void what_is_wrong_is_said_with_file_and_line(void **state)
{
    static const struct {
        const char *shipped, *own, *sentence;
    } ROWS[] = {
        {"order",        NULL,           "words.fr.ini:1: a line is \"key = words\""      },
        {"\nOrder = x",  NULL,           "words.fr.ini:2: a line is \"key = words\""      },
        {"a = 1\na = 2", NULL,           "words.fr.ini:2: the key a stands here twice"    },
        {"total = x",    "\ntotl = y",
         "own/words.fr.ini:2: there is no key totl; did you mean total?"                  },
        {"total = x",    "greeting = y",
         "own/words.fr.ini:1: there is no key greeting; a key of your own begins with my_"},
        {"a = \xFF",     NULL,           "words.fr.ini: not UTF-8: save it again as UTF-8"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct atl_words_file words = {.count = 7};
        struct atl_error err = {0};

        assert_int_equal(parse(ROWS[i].shipped, ROWS[i].own, &words, &err), ATL_E_INVALID);
        assert_string_equal(err.text, ROWS[i].sentence);
        assert_int_equal(words.count, 7);
    }
}

// A label that one language lacks would be found only by its guests.
static void every_language_has_the_same_keys(void **state)
{
    static const char *const LANGUAGES[] = {"fr", "ja"};
    struct atl_words_file english;

    (void)state;
    assert_int_equal(atl_words_file_load(NULL, FOLDER, "en", &english, NULL), ATL_OK);
    assert_true(english.count > 10);
    for (size_t i = 0; i < COUNT(LANGUAGES); i++) {
        struct atl_words_file other;

        assert_int_equal(atl_words_file_load(NULL, FOLDER, LANGUAGES[i], &other, NULL), ATL_OK);
        assert_int_equal(other.count, english.count);
        for (const struct atl_words_file_row *row = english.rows; row; row = row->next) {
            const char *words = find(&other, row->key);

            if (!words || !*words)
                fail_msg("%s has no words for %s", LANGUAGES[i], row->key);
        }
        atl_words_file_free(&other);
    }
    atl_words_file_free(&english);
}

static void an_own_file_that_is_missing_is_fine_and_a_language_is_not(void **state)
{
    struct atl_words_file words = {.count = 7};
    struct atl_error err = {0};
    FILE *file;

    (void)state;
    (void)mkdir("own", 0700);
    (void)unlink("own/words.fr.ini");
    assert_int_equal(atl_words_file_load("own", FOLDER, "xx", &words, &err), ATL_E_NOT_FOUND);
    assert_int_equal(atl_words_file_load("own", FOLDER, "../x", &words, &err), ATL_E_INVALID);
    assert_int_equal(words.count, 7);
    err = (struct atl_error){0};
    assert_int_equal(atl_words_file_load("own", FOLDER, "fr", &words, &err), ATL_OK);
    assert_int_equal(err.code, ATL_OK);
    assert_string_equal(find(&words, "order"), "Commande");
    atl_words_file_free(&words);

    file = fopen("own/words.fr.ini", "wb");
    assert_non_null(file);
    fputs("order = Ordre\n", file);
    fclose(file);
    assert_int_equal(atl_words_file_load("own", FOLDER, "fr", &words, &err), ATL_OK);
    assert_string_equal(find(&words, "order"), "Ordre");
    assert_string_equal(find(&words, "total"), "Total");
    atl_words_file_free(&words);
    (void)unlink("own/words.fr.ini");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_a_key_and_its_words),
        cmocka_unit_test(a_shops_own_words_win_key_by_key),
        cmocka_unit_test(what_is_wrong_is_said_with_file_and_line),
        cmocka_unit_test(every_language_has_the_same_keys),
        cmocka_unit_test(an_own_file_that_is_missing_is_fine_and_a_language_is_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

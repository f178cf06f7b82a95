// SPDX-License-Identifier: Apache-2.0
// Troubles as words: each bit has some, in each language, and only what matters is said.
#include "drivers/trouble.h"
#include "tests/support/sentences.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const uint32_t all_of_devices = (ATL_TROUBLE_TAKE_LABEL << 1) - 1;
static const uint32_t all_of_ways =
    ATL_TROUBLE_AWAY | ATL_TROUBLE_SILENT | ATL_TROUBLE_HELD | ATL_TROUBLE_BROKE;

static void each_trouble_has_its_own_words_in_each_language(void **state)
{
    char said[32][ATL_LANG_COUNT][200];

    (void)state;
    memset(said, 0, sizeof said);
    for (unsigned bit = 0; bit < 32; bit++) {
        if (!((all_of_devices | all_of_ways) & (1u << bit)))
            continue;
        for (int lang = 0; lang < ATL_LANG_COUNT; lang++) {
            char *words = said[bit][lang];

            atl_trouble_say(1u << bit, (enum atl_lang)lang, words, sizeof said[bit][lang]);
            assert_true(words[0] != '\0');
            for (unsigned other = 0; other < bit; other++)
                assert_string_not_equal(words, said[other][lang]);
            for (int other = 0; other < lang; other++)
                assert_string_not_equal(words, said[bit][other]);
        }
    }
}

static void several_are_joined_and_what_follows_from_a_worse_one_is_left_out(void **state)
{
    char words[400];

    (void)state;
    atl_trouble_say(ATL_TROUBLE_MEDIA_OUT | ATL_TROUBLE_COVER_OPEN | ATL_TROUBLE_OFFLINE |
                        ATL_TROUBLE_SILENT | ATL_TROUBLE_BROKE,
                    ATL_LANG_FR, words, sizeof words);
    assert_string_equal(
        words,
        "plus de papier\u00A0: mettez un rouleau neuf\u00A0; le capot est ouvert\u00A0: fermez-le");
    atl_trouble_say(ATL_TROUBLE_AWAY | ATL_TROUBLE_BROKE, ATL_LANG_EN, words, sizeof words);
    assert_string_equal(words, "it is not reached: switch it on and look at its cable");
    atl_trouble_say(ATL_TROUBLE_NONE, ATL_LANG_JA, words, sizeof words);
    assert_string_equal(words, "");
}

// Half a letter of Japanese would be no text at all.
static void what_does_not_fit_is_cut_at_a_whole_sentence(void **state)
{
    char words[400];

    (void)state;
    for (size_t size = 1; size < sizeof words; size++) {
        atl_trouble_say(all_of_devices | all_of_ways, ATL_LANG_JA, words, size);
        assert_true(strlen(words) < size);
        assert_true(!words[0] || memcmp(words + strlen(words) - 3, "い", 3) == 0 ||
                    memcmp(words + strlen(words) - 3, "す", 3) == 0);
    }
}

static void a_failure_of_the_way_is_one_of_its_troubles(void **state)
{
    (void)state;
    assert_int_equal(atl_trouble_of_code(ATL_E_AWAY), ATL_TROUBLE_AWAY);
    assert_int_equal(atl_trouble_of_code(ATL_E_IO), ATL_TROUBLE_AWAY);
    assert_int_equal(atl_trouble_of_code(ATL_E_TIMEOUT), ATL_TROUBLE_SILENT);
    assert_int_equal(atl_trouble_of_code(ATL_E_BUSY), ATL_TROUBLE_HELD);
    assert_int_equal(atl_trouble_of_code(ATL_E_INVALID), ATL_TROUBLE_NONE);
}

static void words_in_a_sentence_are_found_again(void **state)
{
    char words[400];

    (void)state;
    for (unsigned bit = 0; bit < 32; bit++) {
        char sentence[500] = "after 4096 of 6000 bytes: ";

        atl_trouble_say((all_of_devices | all_of_ways) & (1u << bit), ATL_LANG_EN, words,
                        sizeof words);
        strcat(sentence, words);
        strcat(sentence, "; DLE EOT 12");
        assert_int_equal(atl_trouble_find(sentence), (all_of_devices | all_of_ways) & (1u << bit));
    }
    atl_trouble_say(ATL_TROUBLE_JAM | ATL_TROUBLE_COVER_OPEN, ATL_LANG_EN, words, sizeof words);
    assert_int_equal(atl_trouble_find(words), ATL_TROUBLE_JAM | ATL_TROUBLE_COVER_OPEN);
}

static void what_machines_and_scanners_say_is_said_in_each_language(void **state)
{
    size_t count = 0;
    const struct atl_sentence *rows = atl_trouble_sentences(&count);

    (void)state;
    sentences_check(rows, count, atl_trouble_again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_trouble_has_its_own_words_in_each_language),
        cmocka_unit_test(several_are_joined_and_what_follows_from_a_worse_one_is_left_out),
        cmocka_unit_test(what_does_not_fit_is_cut_at_a_whole_sentence),
        cmocka_unit_test(words_in_a_sentence_are_found_again),
        cmocka_unit_test(what_machines_and_scanners_say_is_said_in_each_language),
        cmocka_unit_test(a_failure_of_the_way_is_one_of_its_troubles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

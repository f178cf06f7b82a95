// SPDX-License-Identifier: Apache-2.0
// What the cashier and the workshop read is whole in each language.
#include "plugin/agent/shop_refusals.h"
#include "plugin/agent/shop_words.h"
#include "plugin/core/order.h"
#include "tests/support/sentences.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void refusals_are_said_in_each_language(void **state)
{
    size_t count = 0;
    const struct atl_sentence *rows = atl_refusal_sentences(&count);

    (void)state;
    sentences_check(rows, count, atl_refusal_again);
    for (atl_code code = ATL_E_INVALID; code <= ATL_E_FULL; code++)
        assert_null(sentences_fault(atl_refusal_of_code(code)));
}

static size_t holes(const char *text)
{
    size_t count = 0;

    for (const char *at = text; (at = strstr(at, "{}")); at += 2)
        count++;
    return count;
}

static void sentences_of_the_till_have_the_same_values_in_each_language(void **state)
{
    (void)state;
    for (int id = 0; id < ATL_SAY_COUNT; id++) {
        const char *english = atl_say("en", (enum atl_say)id);
        const char *french = atl_say("fr", (enum atl_say)id);
        const char *japanese = atl_say("ja", (enum atl_say)id);

        assert_true(english[0] && french[0] && japanese[0]);
        assert_int_equal(holes(french), holes(english));
        assert_int_equal(holes(japanese), holes(english));
        for (const char *mark = ":;!?"; *mark; mark++) {
            const char bare[] = {' ', *mark, '\0'};

            if (strstr(french, bare))
                fail_msg("%s: could break before its %c", french, *mark);
        }
    }
}

static void acts_and_stages_have_words(void **state)
{
    (void)state;
    for (int act = 0; act < ATL_ACT_COUNT; act++)
        assert_true(atl_say_act("fr", act)[0]);
    assert_string_equal(atl_say_act("fr", ATL_ACT_START), "commencer");
    assert_string_equal(atl_say_act("en", ATL_ACT_START), atl_act_name(ATL_ACT_START));
}

static const struct {
    atl_code code;
    const char *english;
    const char *french;
} cases[] = {
    {ATL_E_NOT_FOUND, "there is no order K7F-2A1",
     "la commande K7F-2A1 n'existe pas\u00A0: vérifiez le code"                                           },
    {ATL_E_CONFLICT,  "piece K7F-2A1/2 is collected: start is not possible now",
     "la pièce K7F-2A1/2 n'en est pas à cette étape\u00A0: scannez son étiquette pour voir"            },
    {ATL_E_FULL,      "store: database or disk is full",
     "le disque est plein\u00A0: libérez de la place (store: database or disk is full)"                   },
    {ATL_E_IO,        "store: disk I/O error",
     "les données ne se lisent ou ne s'écrivent pas\u00A0: réessayez, sinon appelez "
     "l'assistance (store: disk I/O error)"                                                                },
    {ATL_E_INVALID,   "line.unit_index is 0, but the quantity is 1",
     "la caisse a demandé quelque chose qui ne va pas\u00A0: appelez l'assistance "
     "(line.unit_index is 0, but the quantity is 1)"                                                       },
    {77,              "what has no code",
     "la caisse a demandé quelque chose qui ne va pas\u00A0: appelez l'assistance (what has "
     "no code)"                                                                                            },
    {ATL_E_CONFLICT,  "Le PIN n'est pas le bon.",                                "Le PIN n'est pas le bon."},
    {ATL_E_DEVICE,    "it is write-protected: move the stick's switch",
     "la clé est protégée en écriture\u00A0: déplacez son curseur"                                    },
};

static void a_refusal_is_said_by_its_row_or_by_its_code(void **state)
{
    char words[236];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        atl_refusal_say(cases[i].code, cases[i].english, ATL_LANG_FR, words, sizeof words);
        assert_string_equal(words, cases[i].french);
        atl_refusal_say(cases[i].code, cases[i].english, ATL_LANG_EN, words, sizeof words);
        assert_string_equal(words, cases[i].english);
        atl_refusal_say(cases[i].code, cases[i].english, ATL_LANG_JA, words, sizeof words);
        assert_true(words[0] != '\0');
    }
    atl_refusal_say(ATL_E_CONFLICT, "PINが違います。", ATL_LANG_JA, words, sizeof words);
    assert_string_equal(words, "PINが違います。");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals_are_said_in_each_language),
        cmocka_unit_test(sentences_of_the_till_have_the_same_values_in_each_language),
        cmocka_unit_test(acts_and_stages_have_words),
        cmocka_unit_test(a_refusal_is_said_by_its_row_or_by_its_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

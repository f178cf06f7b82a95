// SPDX-License-Identifier: Apache-2.0
#include "plugin/plugin_words.h"

#include <stddef.h>
#include <string.h>

static const struct voice {
    const char *language; // the primary subtag
    const char *words[ATL_WORD_COUNT];
} voices[] = {
    {"en",
     {
         [ATL_WORD_AWAY] = "Atelier is not running at the moment. The sale can go on.",
         [ATL_WORD_STRANGER] = "Another program answers in place of Atelier. Please call support.",
         [ATL_WORD_NOT_TAKING] = "Atelier takes no calls at the moment. Nothing was done.",
         [ATL_WORD_TIMEOUT] = "Atelier took too long to answer. Please try again.",
         [ATL_WORD_LEFT] = "Atelier stopped before it answered. Please try again.",
         [ATL_WORD_NONSENSE] = "Atelier gave an answer that makes no sense. Please try again.",
         [ATL_WORD_VERSION] =
             "Atelier and this till are of different versions. Please call support.",
     }},
    {"fr",
     {
         [ATL_WORD_AWAY] = "Atelier ne fonctionne pas en ce moment. La vente peut continuer.",
         [ATL_WORD_STRANGER] =
             "Un autre programme répond à la place d'Atelier. Appelez l'assistance.",
         [ATL_WORD_NOT_TAKING] = "Atelier ne prend pas d'appel en ce moment. Rien n'a été fait.",
         [ATL_WORD_TIMEOUT] = "Atelier a mis trop longtemps à répondre. Veuillez réessayer.",
         [ATL_WORD_LEFT] = "Atelier s'est arrêté avant de répondre. Veuillez réessayer.",
         [ATL_WORD_NONSENSE] = "La réponse d'Atelier n'a pas de sens. Veuillez réessayer.",
         [ATL_WORD_VERSION] =
             "Atelier et cette caisse n'ont pas la même version. Appelez l'assistance.",
     }},
    {"ja",
     {
         [ATL_WORD_AWAY] = "Atelierは現在動作していません。会計は続けられます。",
         [ATL_WORD_STRANGER] =
             "別のプログラムがAtelierの代わりに応答しています。サポートに連絡してください。",
         [ATL_WORD_NOT_TAKING] = "Atelierは現在受け付けていません。何も実行されていません。",
         [ATL_WORD_TIMEOUT] = "Atelierの応答に時間がかかりすぎました。もう一度お試しください。",
         [ATL_WORD_LEFT] = "Atelierは応答の前に停止しました。もう一度お試しください。",
         [ATL_WORD_NONSENSE] = "Atelierの応答を理解できません。もう一度お試しください。",
         [ATL_WORD_VERSION] =
             "Atelierとこのレジのバージョンが異なります。サポートに連絡してください。",
     }},
};

const char *atl_plugin_word(const char *language, enum atl_word word)
{
    for (size_t i = 0; i < sizeof voices / sizeof voices[0]; i++) {
        if (strncmp(language, voices[i].language, 2) == 0 &&
            (language[2] == '\0' || language[2] == '-'))
            return voices[i].words[word];
    }
    return voices[0].words[word];
}

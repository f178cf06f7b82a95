// SPDX-License-Identifier: Apache-2.0
#include "drivers/trouble.h"

#include <stdio.h>
#include <string.h>

// The worst first. \u00A0 is a space that does not break: in French one stands before a colon.
static const struct row {
    uint32_t trouble;
    const char *in[ATL_LANG_COUNT]; // en, fr, ja
} rows[] = {
    {ATL_TROUBLE_MEDIA_OUT,
     {"paper is out: put in a new roll", "plus de papier\u00A0: mettez un rouleau neuf",
      "用紙切れです。新しいロールを入れてください"}                                             },
    {ATL_TROUBLE_COVER_OPEN,
     {"the cover is open: close it", "le capot est ouvert\u00A0: fermez-le",
      "カバーが開いています。閉めてください"}                                                      },
    {ATL_TROUBLE_JAM,
     {"the cutter is stuck: switch it off, clear the paper, switch on",
      "le couteau est bloqué\u00A0: éteignez, dégagez le papier, rallumez",
      "カッターが動きません。電源を切り、紙を取り除いて入れ直してください"}         },
    {ATL_TROUBLE_THREAD_BREAK,
     {"a thread broke: thread it again", "un fil est cassé\u00A0: enfilez-le de nouveau",
      "糸が切れました。糸を通し直してください"}                                                   },
    {ATL_TROUBLE_RIBBON_OUT,
     {"the ribbon is out: put in a new one", "plus de ruban\u00A0: mettez un ruban neuf",
      "リボン切れです。新しいリボンを入れてください"}                                          },
    {ATL_TROUBLE_PAUSED,
     {"it is paused: press its pause button",
      "elle est en pause\u00A0: appuyez sur son bouton pause",
      "一時停止中です。一時停止ボタンを押してください"}                                       },
    {ATL_TROUBLE_TAKE_LABEL,
     {"the last label is still in its mouth: take it",
      "la dernière étiquette est encore à la sortie\u00A0: prenez-la",
      "前のラベルが出口に残っています。取り出してください"}                                 },
    {ATL_TROUBLE_WRONG_MEDIA,
     {"another roll is loaded than it is set to: change the roll",
      "un autre rouleau que prévu est chargé\u00A0: changez-le",
      "設定と違うロールが入っています。交換してください"}                                    },
    {ATL_TROUBLE_HOT,
     {"its head is hot: it goes on by itself when it has cooled down",
      "sa tête est chaude\u00A0: elle reprend seule une fois refroidie",
      "ヘッドが高温です。冷えると自動で再開します"}                                             },
    {ATL_TROUBLE_OTHER,
     {"it reports an error: switch it off and on again",
      "elle signale une erreur\u00A0: éteignez-la puis rallumez-la",
      "エラーが出ています。電源を入れ直してください"}                                          },
    {ATL_TROUBLE_OFFLINE,
     {"it is offline: look at its lamps", "elle est hors ligne\u00A0: regardez ses voyants",
      "オフラインです。ランプを確認してください"}                                                },
    {ATL_TROUBLE_HELD,
     {"another program holds it: end that, or let \"atelier-agent doctor\" say which",
      "un autre programme l'occupe\u00A0: fermez-le, «\u00A0atelier-agent doctor\u00A0» dit lequel",
      "別のプログラムが使用中です。終了するか、atelier-agent doctor で確認してください"}},
    {ATL_TROUBLE_AWAY,
     {"it is not reached: switch it on and look at its cable",
      "elle est injoignable\u00A0: allumez-la et vérifiez son câble",
      "接続できません。電源とケーブルを確認してください"}                                    },
    {ATL_TROUBLE_SILENT,
     {"it does not answer: switch it off and on again",
      "elle ne répond pas\u00A0: éteignez-la puis rallumez-la",
      "応答がありません。電源を入れ直してください"}                                             },
    {ATL_TROUBLE_BROKE,
     {"it stopped in the middle: look what came out",
      "elle s'est arrêtée en plein travail\u00A0: regardez ce qui est sorti",
      "途中で止まりました。出た紙を確認してください"}                                          },
    {ATL_TROUBLE_MEDIA_LOW,
     {"paper is nearly out: have a roll ready", "bientôt plus de papier\u00A0: préparez un rouleau",
      "用紙が残りわずかです。ロールをご用意ください"}                                          },
};

static const char *const joints[ATL_LANG_COUNT] = {"; ", "\u00A0; ", "。"};

// What follows from a worse trouble is not said beside it.
static uint32_t worth_saying(uint32_t trouble)
{
    const uint32_t stops = ATL_TROUBLE_MEDIA_OUT | ATL_TROUBLE_COVER_OPEN | ATL_TROUBLE_JAM |
                           ATL_TROUBLE_THREAD_BREAK | ATL_TROUBLE_OTHER | ATL_TROUBLE_WRONG_MEDIA |
                           ATL_TROUBLE_RIBBON_OUT | ATL_TROUBLE_PAUSED | ATL_TROUBLE_TAKE_LABEL |
                           ATL_TROUBLE_HOT;
    const uint32_t of_way = ATL_TROUBLE_AWAY | ATL_TROUBLE_SILENT | ATL_TROUBLE_BROKE;

    if (trouble & stops)
        trouble &= ~((uint32_t)ATL_TROUBLE_OFFLINE | of_way);
    if (trouble & (ATL_TROUBLE_OFFLINE | ATL_TROUBLE_AWAY))
        trouble &= ~((uint32_t)ATL_TROUBLE_SILENT | ATL_TROUBLE_BROKE);
    if (trouble & ATL_TROUBLE_MEDIA_OUT)
        trouble &= ~(uint32_t)ATL_TROUBLE_MEDIA_LOW;
    return trouble;
}

uint32_t atl_trouble_of_code(atl_code code)
{
    switch (code) {
    case ATL_E_IO:
    case ATL_E_AWAY:
    case ATL_E_NOT_FOUND:
        return ATL_TROUBLE_AWAY;
    case ATL_E_TIMEOUT:
        return ATL_TROUBLE_SILENT;
    case ATL_E_BUSY:
        return ATL_TROUBLE_HELD;
    default:
        return 0;
    }
}

uint32_t atl_trouble_find(const char *sentence)
{
    uint32_t trouble = 0;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        trouble |= strstr(sentence, rows[i].in[ATL_LANG_EN]) ? rows[i].trouble : 0;
    return trouble;
}

void atl_trouble_say(uint32_t trouble, enum atl_lang lang, char *out, size_t size)
{
    size_t used = 0;

    if (!size)
        return;
    out[0] = 0;
    trouble = worth_saying(trouble);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *words = rows[i].in[lang];
        const char *joint = used ? joints[lang] : "";

        if (!(trouble & rows[i].trouble) || used + strlen(joint) + strlen(words) + 1 > size)
            continue;
        used += (size_t)snprintf(out + used, size - used, "%s%s", joint, words);
    }
}

void atl_trouble_words(uint32_t trouble, char *out, size_t size)
{
    atl_trouble_say(trouble, ATL_LANG_EN, out, size);
}

atl_code atl_trouble_fail(const struct atl_model *model, uint32_t trouble, const char *names,
                          struct atl_error *err)
{
    char words[160];

    atl_trouble_words(trouble, words, sizeof words);
    return atl_fail(err, ATL_E_DEVICE, "%s: %s%s%s%s", model->name, words, names[0] ? " (" : "",
                    names, names[0] ? ")" : "");
}

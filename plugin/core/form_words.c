// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/form_words.h"

#include "plugin/core/catalogue.h"

#include <string.h>

#define NB "\u00a0" // French does not break before : ; ! ?

// Staff read cause and cure; the guest reads what would be possible. Neither repeats a refused
// word. The Japanese needs a native reader.
static const struct atl_form_words rows[] = {
    {"unknown_field",
     {"This product does not ask that question: leave the answer out.",
      "Cet article ne pose pas cette question" NB ": retirez la réponse.",
      "この商品にない項目です。回答を外してください。"},
     {"May we go through your wishes once more?",
      "Pouvons-nous reprendre vos souhaits ensemble" NB "?", "ご希望をもう一度お聞かせください。"}               },
    {"required",
     {"{label}: nothing was entered; please ask the guest.",
      "{label}" NB ": rien n'a été saisi" NB "; demandez au client.",
      "{label}：未入力です。お客様に伺ってください。"},
     {"{label}: what would you like?", "{label}" NB ": que souhaitez-vous" NB "?",
      "{label}：ご希望をお聞かせください。"}                                                                        },
    {"not_utf8",
     {"{label}: the text arrived damaged; type it again.",
      "{label}" NB ": le texte est arrivé abîmé" NB "; saisissez-le de nouveau.",
      "{label}：文字が壊れています。入力し直してください。"},
     {"May we have the words once more?", "Pouvez-vous nous redonner le texte" NB "?",
      "もう一度文字をお聞かせください。"}                                                                         },
    {"control",
     {"{label}: a control character stands in it (character {place}); type it by hand, do not "
      "paste.",
      "{label}" NB ": un caractère de commande s'y trouve (caractère {place})" NB
      "; saisissez à la main, sans coller.",
      "{label}：{place}文字目に制御文字があります。貼り付けずに入力してください。"},
     {"May we type the words for you?", "Pouvons-nous saisir le texte pour vous" NB "?",
      "私どもで文字を入力いたします。"}                                                                            },
    {"bidi",
     {"{label}: an invisible character turns the direction of the text (character {place}); type "
      "it by hand, do not paste.",
      "{label}" NB ": un caractère invisible inverse le sens du texte (caractère {place})" NB
      "; saisissez à la main, sans coller.",
      "{label}：{place}"
      "文字目に文字の向きを変える不可視文字があります。貼り付けずに入力してください。"},
     {"May we type the words for you?", "Pouvons-nous saisir le texte pour vous" NB "?",
      "私どもで文字を入力いたします。"}                                                                            },
    {"invisible",
     {"{label}: an invisible character stands in it (character {place}); type it by hand, do not "
      "paste.",
      "{label}" NB ": un caractère invisible s'y trouve (caractère {place})" NB
      "; saisissez à la main, sans coller.",
      "{label}：{place}文字目に見えない文字があります。貼り付けずに入力してください。"},
     {"May we type the words for you?", "Pouvons-nous saisir le texte pour vous" NB "?",
      "私どもで文字を入力いたします。"}                                                                            },
    {"unassigned",
     {"{label}: character {place} is no letter of any script; leave it out.",
      "{label}" NB ": le caractère {place} n'appartient à aucune écriture" NB "; retirez-le.",
      "{label}：{place}文字目は文字として使えません。外してください。"},
     {"One of these characters we cannot make. May we choose another?",
      "L'un de ces caractères nous est impossible. En choisir un autre" NB "?",
      "お作りできない文字がございます。別の文字はいかがでしょうか。"}                               },
    {"too_many_marks",
     {"{label}: more accents on one letter than can be made (character {place}); at most two.",
      "{label}" NB ": trop d'accents sur une lettre (caractère {place})" NB "; deux au plus.",
      "{label}：{place}文字目の記号が多すぎます。2つまでです。"},
     {"So many accents on one letter we cannot make. May we write it more simply?",
      "Autant d'accents sur une lettre nous est impossible. Plus simplement" NB "?",
      "一文字に付く記号が多いため、簡単な表記ではいかがでしょうか。"}                               },
    {"too_long",
     {"{label}: longer than the {max} letters that fit; shorten it.",
      "{label}" NB ": plus long que les {max} lettres possibles" NB "; raccourcissez.",
      "{label}：{max}文字までです。短くしてください。"},
     {"We have room for {max} letters. Shall we find a shorter form together?",
      "Nous avons la place pour {max} lettres. Cherchons ensemble plus court" NB "?",
      "{max}文字まで承ります。短い表記をご一緒に考えさせてください。"}                                },
    {"too_short",
     {"{label}: at least {min} letters are needed.",
      "{label}" NB ": il faut au moins {min} lettres.", "{label}：{min}文字以上必要です。"},
     {"It needs at least {min} letters.", "Il faut au moins {min} lettres.",
      "{min}文字以上でお願いいたします。"}                                                                          },
    {"character",
     {"{label}: “{letter}” is not possible here; it takes {allowed}.",
      "{label}" NB ": «" NB "{letter}" NB "» n'est pas possible ici, mais {allowed}.",
      "{label}：「{letter}」は使えません。使えるのは{allowed}です。"},
     {"“{letter}” is not possible here; we can make {allowed}.",
      "«" NB "{letter}" NB "» n'est pas possible ici" NB "; nous réalisons {allowed}.",
      "「{letter}」はお入れできません。{allowed}を承ります。"}                                                  },
    {"number_range",
     {"{label}: must be a number from {min} to {max}.",
      "{label}" NB ": un nombre de {min} à {max}.", "{label}：{min}から{max}までの数字です。"},
     {"We have the numbers {min} to {max}. Which may it be?",
      "Nous avons les numéros {min} à {max}. Lequel" NB "?",
      "{min}から{max}までの番号をお選びください。"}                                                               },
    {"no_glyph",
     {"{label}: the lettering {font} has no “{letter}”, nor has another; write it differently.",
      "{label}" NB ": l'écriture {font} n'a pas de «" NB "{letter}" NB "», ni aucune autre" NB
      "; écrivez autrement.",
      "{label}：書体{font}にも他の書体にも「{letter}」がありません。別の表記にしてください。"},
     {"“{letter}” we cannot make in our letterings. May we write it differently?",
      "«" NB "{letter}" NB "» n'existe pas dans nos écritures. L'écrire autrement" NB "?",
      "「{letter}」は当店の書体にございません。別の表記はいかがでしょうか。"}                       },
    {"no_glyph+other",
     {"{label}: the lettering {font} has no “{letter}”, but {other} has all of it.",
      "{label}" NB ": l'écriture {font} n'a pas de «" NB "{letter}" NB "», mais {other} a tout.",
      "{label}：書体{font}に「{letter}」がありません。{other}にはすべてあります。"},
     {"This lettering has no “{letter}”. May we show you {other}?",
      "Cette écriture n'a pas de «" NB "{letter}" NB "». Pouvons-nous vous montrer {other}" NB "?",
      "この書体に「{letter}」がございません。{other}はいかがでしょうか。"}                               },
    {"unsewable",
     {"“{letter}” cannot be sewn {height} mm high in {font}; {fit} mm high it can.",
      "«" NB "{letter}" NB "» ne peut pas être brodé à {height} mm en {font}" NB
      "; à {fit} mm, c'est possible.",
      "書体{font}の{height} mmでは「{letter}」を刺繍できません。{fit} mmなら刺繍できます。"},
     {"At this size “{letter}” would not come out well. In letters of {fit} mm it does.",
      "À cette taille, «" NB "{letter}" NB "» ne serait pas net. En lettres de {fit} mm, il l'est.",
      "この大きさでは「{letter}」が美しく仕上がりません。{fit} mmでしたら美しく仕上がります。"}},
    {"unsewable+other",
     {"“{letter}” cannot be sewn {height} mm high in {font}; in {other} it can.",
      "«" NB "{letter}" NB "» ne peut pas être brodé à {height} mm en {font}" NB
      "; en {other}, c'est possible.",
      "書体{font}の{height} mmでは「{letter}」を刺繍できません。{other}なら刺繍できます。"},
     {"At this size “{letter}” would not come out well. May we show you {other}?",
      "À cette taille, «" NB "{letter}" NB
      "» ne serait pas net. Pouvons-nous vous montrer {other}" NB "?",
      "この大きさでは「{letter}」が美しく仕上がりません。{other}はいかがでしょうか。"}             },
    {"unsewable+none",
     {"“{letter}” cannot be sewn {height} mm high in {font}, nor in any lettering or height that "
      "we have; write it differently.",
      "«" NB "{letter}" NB "» ne peut pas être brodé à {height} mm en {font}, ni dans une autre "
      "écriture ou hauteur" NB "; écrivez autrement.",
      "書体{font}の{height} "
      "mmでも、他の書体や高さでも「{letter}」を刺繍できません。別の表記にしてください。"},
     {"“{letter}” would not come out well in thread. May we write it differently?",
      "«" NB "{letter}" NB "» ne serait pas net en broderie. L'écrire autrement" NB "?",
      "「{letter}」は刺繍では美しく仕上がりません。別の表記はいかがでしょうか。"}                 },
    {"too_wide",
     {"{width} mm wide at {height} mm, and {room} mm fit; {fit} mm letters would fit.",
      "{width} mm de large à {height} mm, et {room} mm possibles" NB
      "; des lettres de {fit} mm conviendraient.",
      "文字高{height} mmでは幅{width} mmとなり、{room} mmに収まりません。{fit} mmなら収まります。"},
     {"At this size it would be wider than the place for it. In letters of {fit} mm it fits.",
      "À cette taille, c'est plus large que l'emplacement. En lettres de {fit} mm, cela convient.",
      "この大きさでは収まりません。{fit} mmの文字でしたら美しく収まります。"}                       },
    {"too_wide+short",
     {"{width} mm wide at {height} mm, and {room} mm fit, at no height; about {count} letters "
      "would fit.",
      "{width} mm de large à {height} mm, et {room} mm possibles, à aucune hauteur" NB
      "; environ {count} lettres conviendraient.",
      "文字高{height} mmで幅{width} mmとなり、どの高さでも{room} "
      "mmに収まりません。約{count}文字なら収まります。"},
     {"It is wider than the place for it: about {count} letters fit. Shall we find a shorter form?",
      "C'est plus large que l'emplacement" NB
      ": environ {count} lettres y tiennent. Cherchons plus court" NB "?",
      "収まる文字数は約{count}文字です。短い表記をご一緒に考えさせてください。"}                  },
    {"too_high",
     {"Letters of {height} mm are higher than the field of {room} mm; choose a smaller height.",
      "Des lettres de {height} mm dépassent l'emplacement de {room} mm" NB
      "; choisissez plus petit.",
      "文字高{height} mmは枠{room} mmを超えます。小さい高さを選んでください。"},
     {"At this place smaller letters are possible. May we show you?",
      "À cet endroit, des lettres plus petites sont possibles. Pouvons-nous vous montrer" NB "?",
      "この場所には小さめの文字が映えます。"}                                                                   },
    {"too_high+lines",
     {"The lines are {height} mm high together, and {room} mm fit; choose a smaller height, or "
      "leave a line out.",
      "Les lignes font {height} mm de haut, et {room} mm sont possibles" NB
      "; choisissez plus petit, ou retirez une ligne.",
      "全行で高さ{height} mmとなり、{room} mmに収まりません。小さくするか、行を減らしてください。"},
     {"So many lines need smaller letters at this place. May we show you?",
      "Autant de lignes demandent ici de plus petites lettres. Pouvons-nous vous montrer" NB "?",
      "この場所では、行数に合わせて小さめの文字が映えます。"}                                           },
    {"monogram",
     {"{label}: a monogram has one to three letters; shorten it, or choose another layout.",
      "{label}" NB ": un monogramme a une à trois lettres" NB
      "; raccourcissez, ou choisissez une autre disposition.",
      "{label}：モノグラムは1～3文字です。短くするか、別の配置を選んでください。"},
     {"A monogram has up to three letters. Which may they be?",
      "Un monogramme a jusqu'à trois lettres. Lesquelles" NB "?",
      "モノグラムは3文字まで承ります。どの文字にいたしましょうか。"}                                 },
    {"unknown_choice",
     {"{label}: not among the choices; take one of: {choices}.",
      "{label}" NB ": ne fait pas partie des choix" NB "; prenez" NB ": {choices}.",
      "{label}：選択肢にありません。次から選んでください：{choices}。"},
     {"{label}: we have {choices}. Which do you like?",
      "{label}" NB ": nous avons {choices}. Lequel vous plaît" NB "?",
      "{label}：{choices}がございます。お好みをお選びください。"}                                             },
    {"unknown_variant",
     {"The till sells a variant that the catalogue does not have; it has: {choices}. Choose one, "
      "or have the catalogue corrected.",
      "La caisse vend une variante absente du catalogue, qui connaît" NB
      ": {choices}. Choisissez-en une, ou faites corriger le catalogue.",
      "カタログにない種類です。ある種類：{choices}"
      "。選び直すか、カタログの修正を依頼してください。"},
     {"May we look once more which one you chose?",
      "Pouvons-nous revoir lequel vous avez choisi" NB "?",
      "お選びの商品をもう一度確かめさせてください。"}                                                       },
    {"does_not_apply",
     {"{label}: goes only with {other}; leave it out, or change that.",
      "{label}" NB ": ne va qu'avec {other}" NB "; retirez-le, ou changez l'autre réponse.",
      "{label}：{other}の場合のみです。外すか、そちらを変更してください。"},
     {"{label} goes with {other}. Which would you like?",
      "{label} va avec {other}. Que préférez-vous" NB "?",
      "{label}は{other}の場合に承ります。いかがいたしましょうか。"}                                         },
    {"session_begun",
     {"{label}: that one has begun; choose a later one.",
      "{label}" NB ": cette séance a commencé" NB "; choisissez-en une plus tard.",
      "{label}：すでに始まっています。後の回を選んでください。"},
     {"That one has begun. May we offer you a later one?",
      "Cette séance a commencé. Une séance suivante" NB "?",
      "その回はすでに始まっております。後の回はいかがでしょうか。"}                                  },
    {"profanity",
     {"{label}: a word on the shop's list; suggest initials or a motif. A manager may allow it.",
      "{label}" NB ": un mot de la liste de la maison" NB
      "; proposez initiales ou motif. Un responsable peut l'autoriser.",
      "{label}"
      "：当店の一覧にある言葉です。イニシャルか図柄をお勧めください。責任者は許可できます。"},
     {NULL, NULL, NULL}                                                                                                           },
    {"mark",
     {"{label}: another house's mark; suggest initials or a motif of ours. A manager may allow it.",
      "{label}" NB ": la marque d'une autre maison" NB
      "; proposez initiales ou un motif à nous. Un responsable peut l'autoriser.",
      "{label}：他社の商標です。イニシャルか当店の図柄をお勧めください。責任者は許可できます。"},
     {NULL, NULL, NULL}                                                                                                           },
    {"player",
     {"{label}: a player's name that the league keeps for itself; suggest the guest's own name. A "
      "manager may allow it.",
      "{label}" NB ": un nom de joueur que la ligue se réserve" NB
      "; proposez le nom du client. Un responsable peut l'autoriser.",
      "{label}"
      "：リーグが権利を持つ選手名です。お客様のお名前をお勧めください。責任者は許可できます。"},
     {"The league keeps its players' names for itself. May we suggest your own name?",
      "La ligue se réserve les noms de ses joueurs. Votre propre nom, peut-être" NB "?",
      "選手名はリーグの権利のためお入れできません。お客様のお名前はいかがでしょうか。"}    },
    {"date",
     {"{label}: must be a date such as 2026-11-22, or with a time 2026-11-22T18:00.",
      "{label}" NB ": une date comme 2026-11-22, ou avec l'heure 2026-11-22T18:00.",
      "{label}：2026-11-22または2026-11-22T18:00の形で入力してください。"},
     {"By which day do you need it?", "Pour quel jour vous le faut-il" NB "?",
      "いつまでにご入用でしょうか。"}                                                                               },
    {"date_past",
     {"{label}: that day has passed; ask for a later one.",
      "{label}" NB ": ce jour est passé" NB "; demandez-en un autre.",
      "{label}：過ぎた日付です。後の日を伺ってください。"},
     {"By which day do you need it?", "Pour quel jour vous le faut-il" NB "?",
      "いつまでにご入用でしょうか。"}                                                                               },
    {"twice",
     {"{label}: answered twice; keep one.", "{label}" NB ": deux réponses" NB "; gardez-en une.",
      "{label}：二重に回答されています。一つにしてください。"},
     {"May we go through your wishes once more?",
      "Pouvons-nous reprendre vos souhaits ensemble" NB "?", "ご希望をもう一度お聞かせください。"}               },
    {"too_many_answers",
     {"More than {max} answers came; the till's form does not fit this product. Open it anew.",
      "Plus de {max} réponses sont arrivées" NB
      "; le formulaire de la caisse ne va pas avec cet article. Rouvrez-le.",
      "回答が{max}件を超えています。フォームを開き直してください。"},
     {"May we go through your wishes once more?",
      "Pouvons-nous reprendre vos souhaits ensemble" NB "?", "ご希望をもう一度お聞かせください。"}               },
    {"too_large",
     {"{label}: far longer than any answer can be; type it by hand, do not paste.",
      "{label}" NB ": bien plus long qu'une réponse" NB "; saisissez à la main, sans coller.",
      "{label}：長すぎます。貼り付けずに入力してください。"},
     {"That is more than we have room for. Shall we find a shorter form together?",
      "C'est plus que nous n'avons de place. Cherchons ensemble plus court" NB "?",
      "長すぎるようです。短い表記をご一緒に考えさせてください。"}                                     },
    {"not_sold",
     {"This product is not customized here; sell it as it is.",
      "Cet article n'est pas personnalisé ici" NB "; vendez-le tel quel.",
      "この商品の加工は承っていません。そのまま販売してください。"},
     {"This one we cannot make yours yet.",
      "Celui-ci, nous ne pouvons pas encore le personnaliser.",
      "こちらの商品はまだ加工を承っておりません。"}                                                          },
    {"other",
     {"{label}: on one of the shop's lists; suggest initials or a motif of ours.",
      "{label}" NB ": sur une des listes de la maison" NB
      "; proposez initiales ou un motif à nous.",
      "{label}：当店の一覧にあります。イニシャルか当店の図柄をお勧めください。"},
     {NULL, NULL, NULL}                                                                                                           },
};
enum { ROW_COUNT = sizeof(rows) / sizeof(rows)[0] };

static const char *const allowed[ATL_CHARACTERS_COUNT][ATL_LANG_COUNT] = {
    {"letters, digits and signs",   "lettres, chiffres et signes",  "文字・数字・記号"  },
    {"letters, spaces, ' - and .",  "lettres, espaces, ' - et .",   "文字・空白・' - ."   },
    {"capitals, spaces, ' - and .", "capitales, espaces, ' - et .", "大文字・空白・' - ."},
    {"digits only",                 "des chiffres seulement",       "数字のみ"              },
    {"letters and .",               "lettres et .",                 "文字と."                },
};

static const char *const yes_no[2][ATL_LANG_COUNT] = {
    {"no",  "non", "いいえ"},
    {"yes", "oui", "はい"   },
};

const struct atl_form_words *atl_form_words_find(const char *code)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (strcmp(rows[i].code, code) == 0)
            return &rows[i];
    }
    return &rows[ROW_COUNT - 1];
}

const struct atl_form_words *atl_form_words_all(size_t *count)
{
    *count = ROW_COUNT;
    return rows;
}

static const char *value_of(const struct atl_words_value *values, size_t count, const char *name,
                            size_t len)
{
    for (size_t i = 0; i < count; i++) {
        if (strncmp(values[i].name, name, len) == 0 && values[i].name[len] == 0)
            return values[i].value ? values[i].value : "…";
    }
    return "…";
}

// A value is put in as it is and never looked at for braces, so it cannot pull in another.
const char *atl_form_words_fill(struct atl_arena *arena, const char *sentence,
                                const struct atl_words_value *values, size_t count)
{
    struct atl_buf text;
    const char *copy = NULL;

    atl_buf_init(&text, 16 * 1024);
    while (*sentence) {
        size_t plain = strcspn(sentence, "{");
        size_t len;

        atl_buf_add(&text, sentence, plain);
        sentence += plain;
        if (!*sentence)
            break;
        len = strcspn(sentence + 1, "}");
        atl_buf_addf(&text, "%s", value_of(values, count, sentence + 1, len));
        sentence += len + 2;
    }
    if (!text.failed)
        copy = atl_arena_bytes(arena, text.data ? (const char *)text.data : "", text.len);
    atl_buf_free(&text);
    return copy;
}

const char *atl_form_words_allowed(int characters, enum atl_lang lang)
{
    return allowed[characters][lang];
}

const char *atl_form_words_yes(bool yes, enum atl_lang lang)
{
    return yes_no[yes][lang];
}

// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/shop_words.h"

#include "plugin/agent/shop_refusals.h"
#include "plugin/core/buf.h"
#include "plugin/core/order.h"
#include "plugin/core/stage.h"
#include "plugin/core/words.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const struct {
    enum atl_say id;
    const char *in[ATL_LANG_COUNT]; // en, fr, ja
} sentences[] = {
    {ATL_SAY_UNSIGNED,
     {"Unit {} is not signed off yet: show the proof and let the guest confirm it.",
      "L'unité {} n'est pas encore validée\u00A0: montrez l'épreuve et faites-la confirmer.",
      "{}点目はまだご確認をいただいていません。校正をお見せして、ご確認ください。"}                },
    {ATL_SAY_PROOF_PENDING,
     {"The proof of unit {} is being drawn: show it in a moment, then go on.",
      "L'épreuve de l'unité {} est en préparation\u00A0: montrez-la dans un instant, puis "
      "continuez.",
      "{}点目の校正を作成中です。少々お待ちのうえ、お見せください。"}                                     },
    {ATL_SAY_PROOF_REFUSED,
     {"Unit {} cannot be made like this: customise it again.",
      "L'unité {} ne peut pas être réalisée ainsi\u00A0: reprenez la personnalisation.",
      "{}点目はこのままではお作りできません。もう一度ご入力ください。"}                                  },
    {ATL_SAY_PROMISE_LATE,
     {"It will be ready {}, but it is needed by {}: tell the guest before payment.",
      "Ce sera prêt {}, or le client en a besoin pour {}\u00A0: prévenez-le avant le paiement.",
      "お渡しは{}の予定ですが、ご希望は{}です。お会計の前にお伝えください。"}                          },
    {ATL_SAY_STARTED,
     {"{} is being made already and can no longer be changed: ask the workshop.",
      "{} est déjà en fabrication et ne peut plus être modifié\u00A0: voyez avec l'atelier.",
      "{}はすでに製作中のため、変更できません。工房にご相談ください。"}                                  },
    {ATL_SAY_NO_FOLLOW,
     {"The details of this product cannot follow later: ask the guest for them now.",
      "Les détails de ce produit ne peuvent pas suivre\u00A0: demandez-les maintenant.",
      "この商品は後からのご指定を承れません。今お伺いください。"}                                          },
    {ATL_SAY_SCARCE_GONE,
     {"The last place was taken: choose another date.",
      "La dernière place vient d'être prise\u00A0: choisissez une autre date.",
      "満席になりました。別の日をお選びください。"}                                                               },
    {ATL_SAY_TICKETS_DOWN,
     {"Taken. The ticket is not printing: {} The QR and the code are on the receipt.",
      "Enregistré. Le ticket ne s'imprime pas\u00A0: {} Le QR et le code sont sur le reçu.",
      "承りました。お控えが印刷されていません：{} QRと番号はレシートにございます。"}                },
    {ATL_SAY_NO_PRINTER,
     {"Taken. No printer is set up for tickets: the QR and the code are on the receipt.",
      "Enregistré. Aucune imprimante n'est prévue pour les tickets\u00A0: QR et code sont sur le "
      "reçu.",
      "承りました。お控え用のプリンターがありません。QRと番号はレシートにございます。"}          },
    {ATL_SAY_HELD,
     {"{} of the pieces wait for a person at the counter.",
      "{} pièce(s) attendent une personne au comptoir.", "{}点がカウンターでの確認待ちです。"}                        },
    {ATL_SAY_LINE_GREW,
     {"The line has more units than were customised: customise {} more, or leave them plain.",
      "La ligne compte plus d'unités que de personnalisations\u00A0: encore {}, ou sans.",
      "数量が増えました。あと{}点のご指定を承るか、無地のままにしてください。"}                      },
    {ATL_SAY_VOID_ASKED,
     {"{} pieces are being made: the workshop was asked to stop and will say.",
      "{} pièce(s) sont en fabrication\u00A0: l'arrêt est demandé à l'atelier, qui répondra.",
      "{}点が製作中です。工房に中止を依頼しました。"}                                                             },
    {ATL_SAY_RETURN_LATER,
     {"{} is {}: it was not handed over. Cancel it at the counter instead of a return.",
      "{}\u00A0: {}. Il n'a pas été remis\u00A0; annulez-le au comptoir au lieu d'un retour.",
      "{}は{}です。まだお渡ししていません。返品ではなく取消をしてください。"}                          },
    {ATL_SAY_RETURN_MADE,
     {"{} was made to order: it comes back for a defect only. Ask a manager.",
      "{} a été réalisé sur commande\u00A0: retour pour défaut seulement. Voyez un responsable.",
      "{}は特注品です。不備の場合のみ返品を承ります。責任者に確認してください。"}                   },
    {ATL_SAY_COLLECT_NOT,
     {"{} is not ready to be handed over: it is {}.", "{} n'est pas prêt à être remis\u00A0: {}.",
      "{}はまだお渡しできません（{}）。"}                                                                                },
    {ATL_SAY_COLLECT_TICKET,
     {"This ticket is not the one of this order: scan the guest's ticket, or ask for code and PIN.",
      "Ce ticket n'est pas celui de la commande\u00A0: scannez celui du client, ou demandez code "
      "et "
      "PIN.",
      "この控えはご注文と一致しません。お客様の控えを読み取るか、番号とPINをお伺いください。"}},
    {ATL_SAY_COLLECT_PIN,
     {"The PIN is not right: ask again; it stands on the buyer's ticket.",
      "Le PIN n'est pas le bon\u00A0: redemandez-le\u00A0; il figure sur le ticket de l'acheteur.",
      "PINが違います。控えに記載の4桁をご確認ください。"}                                                        },
    {ATL_SAY_COLLECT_WAIT,
     {"The PIN was wrong five times: wait an hour, or look at an identity card.",
      "Cinq PIN erronés\u00A0: attendez une heure, ou vérifiez une pièce d'identité.",
      "PINを5回間違えました。1時間お待ちいただくか、身分証をご確認ください。"}                         },
    {ATL_SAY_COLLECT_BUYER,
     {"The buyer wants to collect in person: look at an identity card.",
      "L'acheteur souhaite retirer en personne\u00A0: vérifiez une pièce d'identité.",
      "ご購入者ご本人様へのお渡しです。身分証をご確認ください。"}                                          },
    {ATL_SAY_NO_ORDER,
     {"There is no order for it.", "Il n'y a pas de commande.", "ご注文が見つかりません。"}                                },
    {ATL_SAY_NO_GLYPH,
     {"This font has no letter \"{}\": choose another font or spelling.",
      "Cette police n'a pas la lettre «\u00A0{}\u00A0»\u00A0: autre police ou autre graphie.",
      "この書体には「{}」がありません。別の書体か表記をお選びください。"}                               },
    {ATL_SAY_TOO_WIDE,
     {"The text is {} mm wide and the field {} mm: take smaller letters or a shorter text.",
      "Le texte fait {} mm et le champ {} mm\u00A0: lettres plus petites ou texte plus court.",
      "文字幅{} mmに対し、枠は{} mmです。文字を小さくするか短くしてください。"}                          },
    {ATL_SAY_TOO_HIGH,
     {"The text is {} mm high and the field {} mm: take smaller letters.",
      "Le texte fait {} mm de haut et le champ {} mm\u00A0: prenez des lettres plus petites.",
      "文字の高さ{} mmに対し、枠は{} mmです。文字を小さくしてください。"}                                   },
    {ATL_SAY_EMPTY,
     {"There is nothing to make: enter the text.",
      "Il n'y a rien à réaliser\u00A0: saisissez le texte.",
      "内容がありません。文字を入力してください。"}                                                               },
    {ATL_SAY_UNSEWN,
     {"This cannot be sewn like that: take another lettering, height or layout.",
      "Ce n'est pas brodable ainsi\u00A0: prenez une autre écriture, hauteur ou disposition.",
      "この形では刺繍できません。書体・高さ・配置を変えてください。"}                                    },
    {ATL_SAY_READY_COUNT,    {"{} of {} ready", "{} sur {} prêts", "{} / {} 点 完成"}                                              },
    {ATL_SAY_RECEIPT_ORDER,  {"Your order {}", "Votre commande {}", "ご注文番号 {}"}                                              },
    {ATL_SAY_RECEIPT_READY,  {"Ready {}", "Prêt {}", "お渡し予定 {}"}                                                            },
    {ATL_SAY_RECEIPT_FOLLOW, {"Follow it:", "Suivez-la\u00A0:", "進み具合はこちら："}                                         },
    {ATL_SAY_RECEIPT_MARK,
     {"PRACTICE - NOT A SALE", "EXERCICE - PAS UNE VENTE", "練習（販売ではありません）"}                                  },
    {ATL_SAY_DUPLICATE,      {"DUPLICATE {}", "DUPLICATA {}", "再発行 {}"}                                                          },
    {ATL_SAY_REPLACES,       {"replaces tag {}", "remplace l'étiquette {}", "タグ{}の差し替え"}                                },
    {ATL_SAY_UNSIGNED_HOLD,
     {"On hold: a person at the counter must look at it first.",
      "En attente\u00A0: une personne du comptoir doit d'abord s'en occuper.",
      "保留中：まずカウンターで確認してください。"}                                                               },
    {ATL_SAY_DEVICE,         {"{}: {}.", "{}\u00A0: {}.", "{}：{}。"}                                                                },
    {ATL_SAY_DEVICE_ODD,
     {"{}: {}.", "{}\u00A0: en panne, appelez l'assistance ({}).",
      "{}：故障しています。サポートにご連絡ください（{}）。"}                                                  },
    {ATL_SAY_SCAN_PIECE,     {"{} is {}", "{}\u00A0: {}", "{}は{}です"}                                                             },
    {ATL_SAY_SCAN_AT,        {"{}, at {}", "{}, à {}", "{}（{}）"}                                                                  },
    {ATL_SAY_SCAN_NEXT,      {"{}; next: {}", "{}\u00A0; ensuite\u00A0: {}", "{}。次：{}"}                                          },
    {ATL_SAY_DEVICE_WELL,    {"{} works again.", "{} fonctionne de nouveau.", "{}が復旧しました。"}                            },
    {ATL_SAY_LANE_DEAD,
     {"{}: its process does not run; it is started again by itself, and if this stays run "
      "\"atelier-agent doctor\".",
      "{}\u00A0: son processus est arrêté\u00A0; il redémarre seul, et si cela dure lancez "
      "«\u00A0atelier-agent doctor\u00A0».",
      "{}：処理が止まっています。自動で再開しますが、続く場合は atelier-agent doctor "
      "を実行してください。"}                                                                                                },
    {ATL_SAY_DISK_FULL,
     {"The disk is nearly full: only orders are written. Make room on it.",
      "Le disque est presque plein\u00A0: seules les commandes sont écrites. Libérez de la place.",
      "ディスクがほぼ満杯です。ご注文のみ記録しています。空きを作ってください。"}                  },
    {ATL_SAY_DISK_LOW,
     {"The disk has less than 500 MB left: make room on it today.",
      "Il reste moins de 500 Mo sur le disque\u00A0: libérez de la place aujourd'hui.",
      "ディスクの空きが500 MB未満です。本日中に空きを作ってください。"}                                    },
    {ATL_SAY_CLOUD,
     {"The guests' pages wait: {}.", "Les pages des clients attendent\u00A0: {}.",
      "お客様ページを更新できません：{}。"}                                                                            },
    {ATL_SAY_TICKET_WAITS,
     {"Ticket not printed. The QR is on the receipt; the code is {}.",
      "Ticket non imprimé. Le QR est sur le reçu\u00A0; le code est {}.",
      "お控えが印刷されていません。QRはレシートに、番号は{}です。"}                                         },
    {ATL_SAY_PAPER_WAITS,
     {"{} not printed.", "{}\u00A0: pas imprimé.", "{}が印刷されていません。"}                                             },
    {ATL_SAY_PAPER_BACKUP,
     {"Print it again to have it on {}.", "Réimprimez pour l'avoir sur {}.",
      "再印刷すると{}から出ます。"}                                                                                        },
    {ATL_SAY_PAPER_UNKNOWN,
     {"{}: nobody knows whether it came out. Look at {}; if it did not, print it again.",
      "{}\u00A0: on ne sait pas si c'est sorti. Regardez {}\u00A0; sinon, réimprimez.",
      "{}が出たか分かりません。{}を確認し、出ていなければ再印刷してください。"}                       },
    {ATL_SAY_PAPER_FAILED,
     {"{} was not printed, says {}. Print it again.", "{}\u00A0: pas imprimé, dit {}. Réimprimez.",
      "{}は印刷されませんでした（{}の応答）。再印刷してください。"}                                         },
    {ATL_SAY_PAPER_HELD,
     {"{} is held until a person looks: \"atelier-agent status {}\" says why.",
      "{}\u00A0: retenu jusqu'à ce qu'une personne regarde\u00A0; «\u00A0atelier-agent status "
      "{}\u00A0» dit pourquoi.",
      "{}は保留中です。理由は atelier-agent status {} で確認してください。"}                                       },
    {ATL_SAY_PAPER_EXPIRED,
     {"{} waited too long and is not printed any more. Print it again if it is still wanted.",
      "{}\u00A0: attente trop longue, pas imprimé. Réimprimez si on le veut encore.",
      "{}は時間切れで印刷を中止しました。必要なら再印刷してください。"}                                  },
    {ATL_SAY_PAPER_AFTER,
     {"{}: printed after all.", "{}\u00A0: finalement imprimé.", "{}が印刷されました。"}                                     },
    {ATL_SAY_PAPER_SENT,
     {"{} was sent after all; {} cannot prove that it printed: look.",
      "{}\u00A0: finalement envoyé\u00A0; {} ne peut pas prouver l'impression\u00A0: regardez.",
      "{}を送信しました。{}は印刷を証明できないため、ご確認ください。"}                                   },
    {ATL_SAY_CONSENT,
     {"I have checked the spelling, and I may use these words.",
      "J'ai vérifié l'orthographe et j'ai le droit d'utiliser ces mots.",
      "文字に間違いがなく、使用の権利があることを確認しました。"}                                          },
    {ATL_SAY_CONSENT_KEPT,
     {"I have checked the spelling, I may use these words, and I know that it is made for me and "
      "cannot be taken back, unless something is not right.",
      "J'ai vérifié l'orthographe, j'ai le droit d'utiliser ces mots, et je sais que l'article, "
      "réalisé pour moi, n'est ni repris ni échangé, sauf défaut.",
      "文字に間違いがなく、使用の権利があり、特注品のため不備の場合を除き返品できないことを"
      "確認しました。"}                                                                                                         },
};

static const struct {
    enum atl_stage stage;
    const char *in[ATL_LANG_COUNT];
} stages[] = {
    {ATL_STAGE_DRAFT,            {"not paid yet", "pas encore payé", "お会計前"}                },
    {ATL_STAGE_AWAITING_DETAILS, {"waiting for details", "en attente de détails", "ご指定待ち"}},
    {ATL_STAGE_CONFIRMED,        {"waiting to be started", "à commencer", "着手待ち"}           },
    {ATL_STAGE_IN_PRODUCTION,    {"being made", "en fabrication", "製作中"}                       },
    {ATL_STAGE_QUALITY_CHECK,    {"being checked", "en contrôle", "検品中"}                      },
    {ATL_STAGE_READY,            {"ready", "prêt", "完成"}                                        },
    {ATL_STAGE_COLLECTED,        {"handed over", "remis", "お渡し済み"}                         },
    {ATL_STAGE_UNCOLLECTED,      {"not fetched", "non retiré", "未引き取り"}                   },
    {ATL_STAGE_ON_HOLD,
     {"on hold: a person must look", "en attente d'une personne", "保留（要確認）"}           },
    {ATL_STAGE_CANCEL_REQUESTED, {"asked to be cancelled", "annulation demandée", "取消依頼中"}},
    {ATL_STAGE_CANCELLED,        {"cancelled", "annulé", "取消済み"}                            },
    {ATL_STAGE_DROPPED,          {"dropped", "abandonné", "破棄"}                                 },
    {ATL_STAGE_DISPOSED,         {"disposed of", "détruit", "処分済み"}                         },
    {ATL_STAGE_RETURNED,         {"returned", "retourné", "返品済み"}                           },
    {ATL_STAGE_CHECKED_IN,       {"checked in", "arrivé", "受付済み"}                           },
    {ATL_STAGE_ATTENDED,         {"attended", "présent", "参加済み"}                            },
    {ATL_STAGE_NO_SHOW,          {"did not come", "absent", "欠席"}                                },
    {ATL_STAGE_MOVED,            {"to be rebooked", "à replacer", "日程変更待ち"}             },
};

static const struct {
    enum atl_document document;
    const char *in[ATL_LANG_COUNT];
} papers[] = {
    {ATL_DOCUMENT_CLAIM,    {"Ticket", "Ticket", "お控え"}                          },
    {ATL_DOCUMENT_GIFT,     {"Gift ticket", "Ticket cadeau", "ギフト用お控え"}  },
    {ATL_DOCUMENT_TAG,      {"Work tag", "Étiquette d'atelier", "作業タグ"}       },
    {ATL_DOCUMENT_BAG,      {"Bag label", "Étiquette de sac", "袋ラベル"}         },
    {ATL_DOCUMENT_RUN,      {"Run sheet", "Feuille de série", "連続刺繍シート"}},
    {ATL_DOCUMENT_CODES,    {"Codes for the wall", "Codes muraux", "壁用コード"}  },
    {ATL_DOCUMENT_ROLL,     {"Spare tags", "Étiquettes de réserve", "予備タグ"}  },
    {ATL_DOCUMENT_SEATS,    {"Attendance list", "Liste de présence", "出席表"}     },
    {ATL_DOCUMENT_STITCHES, {"Design", "Motif", "刺繍データ"}                     },
};

// In English by name, as the commands have them.
static const struct {
    enum atl_act act;
    const char *in[ATL_LANG_COUNT];
} acts[] = {
    {ATL_ACT_START,    {"start", "commencer", "着手"}    },
    {ATL_ACT_DONE,     {"done", "terminé", "完了"}      },
    {ATL_ACT_PASS,     {"pass", "conforme", "合格"}      },
    {ATL_ACT_CHECK_IN, {"check_in", "accueillir", "受付"}},
    {ATL_ACT_ATTEND,   {"attend", "présent", "出席"}    },
};

const char *atl_say(const char *language, enum atl_say id)
{
    const enum atl_lang lang = atl_lang_of(language);

    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        if (sentences[i].id == id)
            return sentences[i].in[lang];
    }
    assert(false && "a sentence is missing");
    return "";
}

const char *atl_say_with(struct atl_arena *arena, const char *language, enum atl_say id,
                         const char *first, const char *second)
{
    const char *const values[] = {first, second};
    const char *at = atl_say(language, id);
    struct atl_buf out;
    const char *text;
    size_t used = 0;

    atl_buf_init(&out, ATL_SAY_BYTES);
    while (*at) {
        const char *hole = strstr(at, "{}");

        atl_buf_add(&out, at, hole ? (size_t)(hole - at) : strlen(at));
        if (!hole)
            break;
        if (used < sizeof values / sizeof values[0] && values[used])
            atl_buf_add(&out, values[used], strlen(values[used]));
        used++;
        at = hole + 2;
    }
    text = out.failed || !out.len ? "" : atl_arena_text(arena, (const char *)out.data);
    atl_buf_free(&out);
    return text ? text : "";
}

const char *atl_say_again(struct atl_arena *arena, const char *language, const char *said)
{
    char words[ATL_SAY_BYTES];

    if (!atl_refusal_again(said, atl_lang_of(language), words, sizeof words))
        return NULL;
    return atl_arena_text(arena, words);
}

const char *atl_say_paper(struct atl_arena *arena, const char *language, int document,
                          const char *code)
{
    const enum atl_lang lang = atl_lang_of(language);
    const char *name = "";

    for (size_t i = 0; i < sizeof papers / sizeof papers[0]; i++) {
        if ((int)papers[i].document == document)
            name = papers[i].in[lang];
    }
    name = atl_arena_textf(arena, "%s%s%s", name, code[0] ? " " : "", code);
    return name ? name : "";
}

const char *atl_say_number(struct atl_arena *arena, const char *language, enum atl_say id,
                           int64_t number)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)number);
    return atl_say_with(arena, language, id, text, NULL);
}

const char *atl_say_act(const char *language, int act)
{
    const enum atl_lang lang = atl_lang_of(language);

    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        if ((int)acts[i].act == act)
            return acts[i].in[lang];
    }
    return atl_act_name((enum atl_act)act);
}

const char *atl_say_stage(const char *language, int stage)
{
    const enum atl_lang lang = atl_lang_of(language);

    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++) {
        if ((int)stages[i].stage == stage)
            return stages[i].in[lang];
    }
    return "?";
}

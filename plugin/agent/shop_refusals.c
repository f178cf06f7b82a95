// SPDX-License-Identifier: Apache-2.0
// Refusals, and what the cloud's lane says, again in the other languages of staff. The English is
// the format in the source, with {1} for the first value and so on: it changes together with that,
// and architecture/words says where it did not. \u00A0 is a space that does not break.
#include "plugin/agent/shop_refusals.h"

#include "drivers/trouble.h"

#include <string.h>

// A sentence a line is easier to read and to translate than any wrapping.
// clang-format off
static const struct atl_sentence rows[] = {
    // ---- the sale ----
    {{"{1} is not customised in this shop",
      "{1} ne se personnalise pas dans cette boutique\u00A0: vendez-le tel quel",
      "{1}の加工は当店で承っていません。そのまま販売してください"}},
    {{"{1} is no longer in the catalogue",
      "{1} n'est plus au catalogue\u00A0: reprenez la personnalisation avec un autre article",
      "{1}はカタログにありません。別の商品でもう一度ご入力ください"}},
    {{"nothing was captured for line {1}: customise it first",
      "rien n'est saisi pour la ligne {1}\u00A0: personnalisez-la d'abord",
      "明細{1}の内容が未入力です。先にご入力ください"}},
    {{"the proof was changed since it was shown: show the new one, then sign",
      "l'épreuve a changé depuis\u00A0: montrez la nouvelle, puis faites valider",
      "校正が変わりました。新しい校正をお見せし、ご確認をいただいてください"}},
    {{"a sale has at most {1} customised units",
      "une vente a au plus {1} articles personnalisés\u00A0: faites deux ventes",
      "加工品は1会計につき{1}点までです。会計を分けてください"}},
    {{"line.quantity is {1}: at most {2} units of a line can be customised",
      "quantité {1}, au plus {2} articles personnalisés par ligne\u00A0: faites plusieurs lignes",
      "数量{1}は多すぎます。加工は1明細{2}点までです。明細を分けてください"}},
    {{"no free order code was found: too many orders are kept",
      "plus de numéro de commande libre\u00A0: appelez l'assistance",
      "空いている注文番号がありません。サポートにご連絡ください"}},
    {{"the picture {-} cannot be read",
      "l'image est illisible\u00A0: redemandez l'épreuve, sinon appelez l'assistance",
      "画像を読めません。校正を表示し直し、続く場合はサポートにご連絡ください"}},
    {{"the picture is too large",
      "l'image est trop grande\u00A0: prenez un texte plus court ou plus petit",
      "画像が大きすぎます。文字を短くするか小さくしてください"}},
    // ---- orders, pieces, codes ----
    {{"there is no order {1}",
      "la commande {1} n'existe pas\u00A0: vérifiez le code",
      "ご注文{1}が見つかりません。番号をご確認ください"}},
    {{"there is no order of this link",
      "aucune commande ne correspond à ce ticket\u00A0: vérifiez qu'il est de cette boutique",
      "この控えのご注文が見つかりません。当店の控えかご確認ください"}},
    {{"there is no piece {1}",
      "la pièce {1} n'existe pas\u00A0: vérifiez le code",
      "{1}が見つかりません。番号をご確認ください"}},
    {{"order {1} has {2} pieces: say which one, for example {3}/1",
      "la commande {1} a {2} pièces\u00A0: dites laquelle, par exemple {3}/1",
      "ご注文{1}は{2}点あります。{3}/1のように指定してください"}},
    {{"order {1} was erased",
      "la commande {1} a été effacée\u00A0: il n'en reste rien",
      "ご注文{1}は消去済みです。記録は残っていません"}},
    {{"order {1} was erased: there is nothing to print",
      "la commande {1} a été effacée\u00A0: il n'y a rien à imprimer",
      "ご注文{1}は消去済みです。印刷するものがありません"}},
    {{"order {1}: whether it is a gift is settled at the sale; reissue the ticket",
      "commande {1}\u00A0: le cadeau se décide à la vente\u00A0; refaites le ticket",
      "ご注文{1}：贈り物の指定は会計時のみです。控えを再発行してください"}},
    {{"nothing is known of sale {-}",
      "cette vente n'a pas de commande",
      "この会計のご注文はありません"}},
    {{"piece {1} was changed meanwhile: look at it again",
      "la pièce {1} vient de changer\u00A0: regardez-la de nouveau",
      "{1}が更新されました。もう一度ご確認ください"}},
    {{"piece {1} is {-}: {-} is not possible now",
      "la pièce {1} n'en est pas à cette étape\u00A0: scannez son étiquette pour voir",
      "{1}は今その操作ができません。タグを読み取ってご確認ください"}},
    {{"piece {1} is {-}: it can no longer be changed",
      "la pièce {1} ne peut plus être changée\u00A0: voyez avec l'atelier",
      "{1}はもう変更できません。工房にご相談ください"}},
    {{"piece {1} has no answers, or they were erased",
      "le texte de la pièce {1} est effacé\u00A0: demandez-le au client",
      "{1}の内容は消去済みです。お客様にお伺いください"}},
    {{"piece {1}: nothing is left to take back",
      "pièce {1}\u00A0: il n'y a plus rien à annuler",
      "{1}：取り消す操作がありません"}},
    {{"piece {1}: {-} cannot be taken back, others rely on it",
      "pièce {1}\u00A0: cette étape ne s'annule plus, d'autres s'appuient dessus",
      "{1}：この操作は取り消せません。他の記録が基づいています"}},
    {{"the sale is order {1} already",
      "cette vente est déjà la commande {1}",
      "この会計はすでにご注文{1}です"}},
    {{"the tag hangs on piece {1} already",
      "cette étiquette est déjà sur la pièce {1}\u00A0: prenez-en une autre",
      "このタグは{1}に付いています。別のタグをお使いください"}},
    {{"not an order code: it has {-} letters and digits, as K7F-2A1",
      "ce n'est pas un code de commande\u00A0: il ressemble à K7F-2A1",
      "注文番号ではありません。K7F-2A1の形で入力してください"}},
    {{"no such order code: a letter or digit of it is wrong",
      "ce code n'existe pas\u00A0: une lettre ou un chiffre est faux",
      "その番号はありません。文字か数字が違います"}},
    {{"not a piece code: order code, '/' and a number, as K7F-2A1/2",
      "ce n'est pas un code de pièce\u00A0: il ressemble à K7F-2A1/2",
      "品番ではありません。K7F-2A1/2の形で入力してください"}},
    {{"ask for a day, a product, a colour or words",
      "cherchez par jour, article, couleur ou texte",
      "日付・商品・色・文字のいずれかで探してください"}},
    {{"a word to find is longer than {1} bytes",
      "le mot cherché est trop long ({1} au plus)\u00A0: raccourcissez-le",
      "検索語が長すぎます（{1}バイトまで）。短くしてください"}},
    {{"this ticket was replaced by a new one: ask for that, or for an identity card",
      "ce ticket a été remplacé\u00A0: demandez le nouveau, ou une pièce d'identité",
      "この控えは再発行済みです。新しい控えか身分証をご確認ください"}},
    // ---- papers ----
    {{"{1}: it is already waiting for printer {2}; see that it is on and has paper",
      "{1} attend déjà l'imprimante {2}\u00A0: vérifiez qu'elle est allumée et a du papier",
      "{1}はすでに{2}の印刷待ちです。電源と用紙をご確認ください"}},
    {{"{-} has no [printer {1}]",
      "l'imprimante {1} n'est pas installée\u00A0: choisissez-en une autre",
      "プリンター{1}は設定されていません。別のものをお選びください"}},
    {{"no printer prints it: add \"{-}\" to the documents of one in {-}, or say --printer NAME",
      "aucune imprimante n'est prévue pour ce papier\u00A0: appelez l'assistance",
      "この用紙を印刷するプリンターがありません。サポートにご連絡ください"}},
    {{"no printer prints labels of bags: add \"bag\" to the documents of one in {-}",
      "aucune imprimante n'est prévue pour les étiquettes de sac\u00A0: appelez l'assistance",
      "袋ラベル用のプリンターがありません。サポートにご連絡ください"}},
    {{"{1} is no gift: it has no ticket to give away",
      "{1} n'est pas un cadeau\u00A0: il n'y a pas de ticket à offrir",
      "{1}は贈り物ではありません。贈呈用の控えはございません"}},
    {{"{1} is a seat: it has no bag",
      "{1} est une place\u00A0: elle n'a pas de sac",
      "{1}はお席のため、袋はございません"}},
    {{"{-} of {1} is on its way to {2} this moment",
      "{1} part à l'instant vers {2}\u00A0: attendez un moment",
      "{1}を{2}へ送信中です。少々お待ちください"}},
    {{"{-} of {1} is {-}: it was not sent yet",
      "{1} attend encore d'être imprimé\u00A0: regardez l'imprimante",
      "{1}はまだ印刷待ちです。プリンターをご確認ください"}},
    {{"{1}: ask for it again; it is gathered anew",
      "{1}\u00A0: redemandez-le, il sera refait",
      "{1}：もう一度ご依頼ください。作り直します"}},
    {{"job of {1} is {-}, not held",
      "{1} n'est pas retenu\u00A0: il n'y a rien à relancer",
      "{1}は保留中ではありません"}},
    {{"job of {1} is {-}: too late to cancel it",
      "{1} est déjà parti\u00A0: trop tard pour l'annuler",
      "{1}はすでに送信済みのため、取り消せません"}},
    {{"what this sheet says is gone: ask for it again",
      "cette feuille n'existe plus\u00A0: redemandez-la",
      "このシートの内容は残っていません。もう一度ご依頼ください"}},
    // ---- what is scanned in the workshop ----
    {{"This tag was replaced by tag {1}: use that one.",
      "cette étiquette est remplacée par l'étiquette {1}\u00A0: utilisez celle-là",
      "このタグは{1}番に差し替え済みです。新しいタグをお使いください"}},
    {{"This tag does not fit what was signed: do not make it; print a new tag.",
      "cette étiquette ne correspond pas à ce qui est validé\u00A0: n'exécutez pas, réimprimez-la",
      "このタグは確認内容と一致しません。製作せず、タグを再発行してください"}},
    {{"the tag was not read well: scan it again",
      "étiquette mal lue\u00A0: scannez-la de nouveau",
      "タグを正しく読めませんでした。もう一度読み取ってください"}},
    {{"this is the guest's ticket, which opens the order at the counter; scan the work tag",
      "c'est le ticket du client, qui sert au comptoir\u00A0: scannez l'étiquette de travail",
      "お客様の控えです（カウンター用）。作業タグを読み取ってください"}},
    {{"this is a code of the wall: scan the work tag first",
      "c'est un code mural\u00A0: scannez d'abord l'étiquette de travail",
      "壁のコードです。先に作業タグを読み取ってください"}},
    {{"the code was not read well: its check symbol is wrong; scan it again",
      "code mal lu\u00A0: scannez-le de nouveau",
      "コードを正しく読めませんでした。もう一度読み取ってください"}},
    {{"this code is not one of ours: scan the work tag",
      "ce code n'est pas des nôtres\u00A0: scannez l'étiquette de travail",
      "当店のコードではありません。作業タグを読み取ってください"}},
    {{"this spare tag is of another shop: take one of ours",
      "cette étiquette de réserve vient d'une autre boutique\u00A0: prenez-en une d'ici",
      "他店の予備タグです。当店のものをお使いください"}},
    {{"this spare tag hangs on no piece yet: open the piece, then scan the tag again, or "
      "\"atelier-agent bind-tag PIECE TAG\"",
      "cette étiquette de réserve est libre\u00A0: ouvrez la pièce, puis scannez l'étiquette",
      "この予備タグは未使用です。品物を開いてから、もう一度読み取ってください"}},
    {{"this is no spare tag: take one of the roll, which \"atelier-agent preprint\" prints",
      "ce n'est pas une étiquette de réserve\u00A0: prenez-en une du rouleau",
      "予備タグではありません。ロールのタグをお使いください"}},
    {{"this ticket is of no order of this shop",
      "ce ticket n'est d'aucune commande de cette boutique",
      "当店のご注文の控えではありません"}},
    {{"the act {-} is not done by a scan: use the board, or atelier-agent",
      "ce geste ne se fait pas en scannant\u00A0: voyez un responsable",
      "この操作は読み取りではできません。責任者にご相談ください"}},
    {{"this is none of our codes, or only a part of one: scan it again, and set the scanner to "
      "press Enter after each code",
      "code inconnu ou incomplet\u00A0: scannez de nouveau\u00A0; le lecteur doit envoyer Entrée "
      "après chaque code",
      "当店のコードでないか、途中までです。もう一度読み取ってください（各コードの後にEnterを送る設定が必要です）"}},
    {{"the shop is busy: scan it again",
      "un instant\u00A0: scannez de nouveau",
      "処理中です。もう一度読み取ってください"}},
    {{"some letters were lost on the way: scan it again",
      "des lettres se sont perdues\u00A0: scannez de nouveau",
      "一部が欠けました。もう一度読み取ってください"}},
    {{"the scanner was unplugged in the middle: scan it again",
      "le lecteur a été débranché en pleine lecture\u00A0: scannez de nouveau",
      "読み取り中にスキャナーが外れました。もう一度読み取ってください"}},
    {{"this code is far too long to be one of ours: scan the work tag",
      "ce code est bien trop long pour être des nôtres\u00A0: scannez l'étiquette de travail",
      "当店のコードにしては長すぎます。作業タグを読み取ってください"}},
    {{"this code presses keys like Ctrl or F1: it is none of ours, and nothing was done",
      "ce code envoie des touches comme Ctrl ou F1\u00A0: il n'est pas des nôtres, rien n'a été "
      "fait",
      "CtrlやF1などを押すコードです。当店のものではなく、何も実行していません"}},
    {{"this scanner is set to a {-} keyboard: scan \"US keyboard\" out of its manual, or write "
      "layout = {-} in [scanner {1}], and scan again",
      "le lecteur {1} est réglé sur un autre clavier\u00A0: lisez «\u00A0US keyboard\u00A0» "
      "dans sa notice, puis scannez",
      "スキャナー{1}のキーボード設定が違います。説明書の「US keyboard」を読み取り、やり直してください"}},
    {{"the guest's ticket of order {1}: it leads nothing on; scan the work tag for that",
      "ticket client de la commande {1}\u00A0: pour avancer, scannez l'étiquette de travail",
      "ご注文{1}のお客様控えです。作業を進めるには作業タグを読み取ってください"}},
    // ---- a design to a machine ----
    {{"{1}: its design goes to {2}",
      "{1}\u00A0: son motif part vers {2}",
      "{1}：図案を{2}へ送ります"}},
    {{"{1} is no embroidery: no machine sews it",
      "{1} n'est pas une broderie\u00A0: aucune machine ne la fait",
      "{1}は刺繍ではありません。ミシンでは縫えません"}},
    {{"{1} is {-}: a design goes to a machine only while its piece is to be made",
      "{1} n'est pas à faire\u00A0: son motif ne va pas à la machine",
      "{1}は製作の段階ではないため、図案を送れません"}},
    {{"{1} was not signed off: show the guest the proof first",
      "{1} n'est pas validé\u00A0: montrez d'abord l'épreuve au client",
      "{1}は未確認です。先に校正をお客様にお見せください"}},
    {{"{1}: what is stored is not what was signed: nothing is sewn; show the guest a new proof and "
      "sign again",
      "{1}\u00A0: le contenu n'est pas ce qui a été validé\u00A0: montrez une nouvelle épreuve "
      "et revalidez",
      "{1}：内容が確認時と違います。縫わずに、新しい校正をお見せして再確認してください"}},
    {{"{1} has no hoop {2}, which {3} is sewn in: it has {4}; send it to another machine",
      "{1} n'a pas le cadre {2} pour {3}, seulement {4}\u00A0: envoyez à une autre machine",
      "{1}には{3}用の枠{2}がありません（{4}のみ）。別のミシンに送ってください"}},
    {{"{1} is not in the catalogue any more: put it back to sew {2}",
      "{1} n'est plus au catalogue\u00A0: remettez-le pour broder {2}",
      "{1}がカタログにありません。{2}を縫うには戻してください"}},
    {{"the stitches of {1} are lost: look at the proof at the till once more, which sews the same "
      "again",
      "les points de {1} sont perdus\u00A0: rouvrez l'épreuve à la caisse, elle les refait",
      "{1}の縫いデータがありません。レジで校正をもう一度開くと作り直します"}},
    {{"the stitches on the disk are not those that were signed: nothing is sewn from them; show "
      "the guest a new proof and sign again",
      "les points gardés ne sont pas ceux validés\u00A0: montrez une nouvelle épreuve et revalidez",
      "縫いデータが確認時と違います。縫わずに、新しい校正をお見せして再確認してください"}},
    {{"the kept stitches are damaged (line {-}): show the guest a new proof",
      "les points gardés sont abîmés\u00A0: montrez une nouvelle épreuve au client",
      "縫いデータが破損しています。新しい校正をお客様にお見せください"}},
    {{"{1} is at machine {2} already ({-}): two machines would sew it twice; go on there, or say "
      "--again to send it here instead",
      "{1} est déjà à la machine {2}\u00A0: continuez là-bas, sinon elle serait brodée deux fois",
      "{1}はすでにミシン{2}にあります。二重に縫わないよう、そちらで続けてください"}},
    {{"{1} was sent to {2} already ({-}): look for it on the machine, or say --again to write it "
      "once more",
      "{1} est déjà parti vers {2}\u00A0: cherchez-le sur la machine",
      "{1}はすでに{2}へ送信済みです。ミシンでお探しください"}},
    {{"{1} waits for {2} already: see that the machine is on and its volume there",
      "{1} attend déjà {2}\u00A0: vérifiez que la machine est allumée et sa clé en place",
      "{1}はすでに{2}の待ちです。ミシンの電源とUSBメモリーをご確認ください"}},
    {{"{1} is a machine: it takes designs, no {-}",
      "{1} est une machine\u00A0: elle ne prend que des motifs",
      "{1}はミシンです。図案のみ送れます"}},
    {{"no piece of {1} in {2} waits to be sewn{-}",
      "aucune pièce {1} en {2} n'attend d'être brodée",
      "{2}の{1}で刺繍待ちの品はありません"}},
    {{"run {1} was undone: make another",
      "la série {1} est défaite\u00A0: faites-en une autre",
      "シリーズ{1}は解除されました。新しく作成してください"}},
    {{"run {1} is for machine {2}, which is not configured",
      "la série {1} est pour la machine {2}, qui n'est pas installée\u00A0: appelez l'assistance",
      "シリーズ{1}のミシン{2}は設定されていません。サポートにご連絡ください"}},
    // ---- the guest's pages ----
    {{"the cloud does not answer ({-}); sales go on without it",
      "internet ou le serveur ne répond pas\u00A0: vérifiez la connexion\u00A0; les ventes "
      "continuent",
      "インターネットかサーバーの応答がありません。接続をご確認ください。販売は続けられます"}},
    {{"the cloud does not answer: {-}",
      "internet ou le serveur ne répond pas\u00A0: vérifiez la connexion\u00A0; les ventes "
      "continuent",
      "インターネットかサーバーの応答がありません。接続をご確認ください。販売は続けられます"}},
    {{"the cloud answered {-}; sales go on without it",
      "le serveur est en panne\u00A0: il reprendra seul\u00A0; les ventes continuent",
      "サーバーの不調です。自動で再開します。販売は続けられます"}},
    {{"the cloud answered {-} to what it can do",
      "le serveur est en panne\u00A0: il reprendra seul\u00A0; les ventes continuent",
      "サーバーの不調です。自動で再開します。販売は続けられます"}},
    {{"the cloud does not take the shop's key; check the key file and the clock, then run "
      "\"atelier-agent doctor\"",
      "le serveur refuse la clé\u00A0: vérifiez l'heure de cet ordinateur, puis appelez "
      "l'assistance",
      "鍵が受け付けられません。このパソコンの時刻を確認し、サポートにご連絡ください"}},
    {{"what answers at the cloud's address does not speak its language",
      "un autre serveur répond\u00A0: vérifiez la connexion, puis appelez l'assistance",
      "別のサーバーが応答しています。接続を確認し、サポートにご連絡ください"}},
    {{"the cloud refuses one event after the other; ask who runs it",
      "le serveur refuse les nouvelles\u00A0: appelez l'assistance",
      "お知らせが受け付けられません。サポートにご連絡ください"}},
    {{"{-} is the key of {1}, and this shop is {2}; correct [shop] retailer and store",
      "la clé est celle de {1}, et cette boutique est {2}\u00A0: appelez l'assistance",
      "鍵は{1}のもので、この店舗は{2}です。サポートにご連絡ください"}},
    {{"{-} may be read by others (mode {-}): chmod 600 {-}, and have the cloud make a new key if "
      "it was exposed",
      "la clé de la boutique est mal protégée\u00A0: appelez l'assistance",
      "店舗の鍵が保護されていません。サポートにご連絡ください"}},
    {{"{-} belongs to user {-}: chown it to the agent's user",
      "la clé de la boutique est mal installée\u00A0: appelez l'assistance",
      "店舗の鍵の設定に誤りがあります。サポートにご連絡ください"}},
    {{"key file {-}: {-}; \"atelier-cloud add-store\" makes one",
      "la clé de la boutique manque\u00A0: appelez l'assistance",
      "店舗の鍵がありません。サポートにご連絡ください"}},
    {{"key file {-} cannot be read",
      "la clé de la boutique est illisible\u00A0: appelez l'assistance",
      "店舗の鍵を読めません。サポートにご連絡ください"}},
    {{"key file {-} is not complete: it has the lines store, key and secret, as \"atelier-cloud "
      "add-store\" writes them",
      "la clé de la boutique est incomplète\u00A0: appelez l'assistance",
      "店舗の鍵が不完全です。サポートにご連絡ください"}},
    {{"{-} is not a file",
      "la clé de la boutique est mal installée\u00A0: appelez l'assistance",
      "店舗の鍵の設定に誤りがあります。サポートにご連絡ください"}},
    {{"this machine's clock is {1} minutes off: set it right, or promises and the shop's hours are "
      "wrong",
      "l'horloge de cet ordinateur est fausse de {1} min\u00A0: remettez-la à l'heure, les "
      "promesses en dépendent",
      "このパソコンの時計が{1}分ずれています。お渡し予定も狂うため、時刻を合わせてください"}},
};
// clang-format on

// For what no row says: a fault of the host's, of the disk, of ours. {1} is for whoever is called.
// clang-format off
static const struct atl_sentence by_code[] = {
    [ATL_E_INVALID] = {{"{1}",
      "la caisse a demandé quelque chose qui ne va pas\u00A0: appelez l'assistance ({1})",
      "レジからの依頼に誤りがあります。サポートにご連絡ください（{1}）"}},
    [ATL_E_NOMEM] = {{"{1}",
      "trop à la fois pour cet ordinateur\u00A0: réessayez, sinon appelez l'assistance ({1})",
      "処理できる量を超えました。もう一度お試しいただき、続く場合はサポートへ（{1}）"}},
    [ATL_E_IO] = {{"{1}",
      "les données ne se lisent ou ne s'écrivent pas\u00A0: réessayez, sinon appelez l'assistance "
      "({1})",
      "データの読み書きができません。もう一度お試しいただき、続く場合はサポートへ（{1}）"}},
    [ATL_E_TIMEOUT] = {{"{1}",
      "la réponse tarde trop\u00A0: réessayez ({1})",
      "応答に時間がかかりすぎました。もう一度お試しください（{1}）"}},
    [ATL_E_BUSY] = {{"{1}",
      "la boutique est occupée\u00A0: réessayez dans un instant ({1})",
      "処理中です。少し待ってもう一度お試しください（{1}）"}},
    [ATL_E_NOT_FOUND] = {{"{1}",
      "introuvable\u00A0: vérifiez le code ou l'article ({1})",
      "見つかりません。番号か商品をご確認ください（{1}）"}},
    [ATL_E_DEVICE] = {{"{1}",
      "un appareil attend quelqu'un\u00A0: allez le voir ({1})",
      "機器の確認が必要です（{1}）"}},
    [ATL_E_CORRUPT] = {{"{1}",
      "des données gardées sont abîmées\u00A0: appelez l'assistance ({1})",
      "保存データが破損しています。サポートにご連絡ください（{1}）"}},
    [ATL_E_UNSUPPORTED] = {{"{1}",
      "cette version ne sait pas le faire\u00A0: appelez l'assistance ({1})",
      "この版では対応していません。サポートにご連絡ください（{1}）"}},
    [ATL_E_AWAY] = {{"{1}",
      "Atelier ne répond pas\u00A0: la vente peut continuer ({1})",
      "Atelierが応答していません。会計は続けられます（{1}）"}},
    [ATL_E_CONFLICT] = {{"{1}",
      "ce n'est plus possible, la commande a avancé\u00A0: regardez-la de nouveau ({1})",
      "ご注文が進んだため、できません。もう一度ご確認ください（{1}）"}},
    [ATL_E_FULL] = {{"{1}",
      "le disque est plein\u00A0: libérez de la place ({1})",
      "ディスクが満杯です。空きを作ってください（{1}）"}},
};
// clang-format on

const struct atl_sentence *atl_refusal_sentences(size_t *count)
{
    *count = sizeof rows / sizeof rows[0];
    return rows;
}

const struct atl_sentence *atl_refusal_of_code(atl_code code)
{
    const size_t count = sizeof by_code / sizeof by_code[0];

    return &by_code[code > ATL_OK && (size_t)code < count ? code : ATL_E_INVALID];
}

bool atl_refusal_again(const char *said, enum atl_lang lang, char *out, size_t size)
{
    return atl_sentence_again(rows, sizeof rows / sizeof rows[0], said, lang, out, size) ||
           atl_trouble_again(said, lang, out, size);
}

// A sentence of shop_words is whole: it was said in the reader's language.
static bool is_said_to_a_person(const char *said)
{
    static const char ideographic_stop[] = "。";
    const size_t len = strlen(said), stop = sizeof ideographic_stop - 1;

    return (len && said[len - 1] == '.') ||
           (len >= stop && memcmp(said + len - stop, ideographic_stop, stop) == 0);
}

void atl_refusal_say(atl_code code, const char *said, enum atl_lang lang, char *out, size_t size)
{
    if (atl_refusal_again(said, lang, out, size))
        return;
    if (lang == ATL_LANG_EN || is_said_to_a_person(said))
        atl_sentence_copy(out, size, said);
    else
        atl_sentence_fill(atl_refusal_of_code(code)->in[lang], said, out, size);
}

// SPDX-License-Identifier: Apache-2.0
// The proof and the sign-off: what is signed is what was shown.
#include "sdk-shim/till/till.h"

#include <stdlib.h>
#include <string.h>

enum { PROOF_WAIT_MS = 5000, PROOF_LOOK_MS = 50 };

// ---- proofs ----

static bool keep_picture(struct till *till, const struct till_about *about,
                         const struct atl_pos_image *image)
{
    char path[TILL_PATH];
    FILE *file;
    bool ok;

    snprintf(path, sizeof path, "%s/proof-%lld-%s-%u.png", till->folder, till->sale.sequence,
             about->line->ref, about->unit);
    file = fopen(path, "wbe");
    ok = file && fwrite(image->png, 1, image->png_bytes, file) == image->png_bytes;
    if (file)
        ok &= fclose(file) == 0;
    till_say(till, ok ? "  proof: %s\n" : "  ! the proof cannot be written to %s: make room\n",
             path);
    if (ok)
        till_set(till, "proof", path);
    return ok;
}

// The picture was drawn and refused: now check() knows why.
static void say_why(struct till *till, const struct atl_pos_transaction *txn,
                    const struct atl_pos_line *line, const struct till_answers *answers)
{
    struct atl_pos_judgement judgement = {.size = sizeof judgement};
    const int32_t rc = till->plugin->check(till->handle, txn, line, &answers->all, &judgement);

    if (!rc && judgement.finding_count)
        till_say_findings(till, &judgement);
    else
        till_say(till, "  ! it cannot be made like this\n");
    till_say(till, "  not signed off: change it and try again\n");
}

// Asks until the picture is there.
static bool wait_proof(struct till *till, const struct till_about *about,
                       const struct till_answers *answers)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    const struct atl_pos_line line = till_pos_line(till, about->line, about->unit);
    const int64_t until_ms = till_now_ms() + PROOF_WAIT_MS;

    while (till_now_ms() < until_ms) {
        struct atl_pos_image image = {.size = sizeof image};
        const int32_t rc = till->plugin->preview(till->handle, &txn, &line, &answers->all, &image);

        if (!till_is_ok(till, "preview", rc))
            return false;
        switch (image.proof_state) {
        case ATL_POS_PROOF_READY:
            return !image.png || keep_picture(till, about, &image);
        case ATL_POS_PROOF_REFUSED:
            say_why(till, &txn, &line, answers);
            return false;
        case ATL_POS_PROOF_NONE:
            return true;
        default:
            till_wait_notice(till, PROOF_LOOK_MS);
        }
    }
    till_say(till, "  the proof is still being drawn; `sign` waits for it\n");
    return true;
}

bool till_show_proofs(struct till *till, const struct till_about *about,
                      const struct till_answers *answers)
{
    const unsigned first = about->unit ? about->unit : 1;
    const unsigned last = about->unit ? about->unit : (unsigned)about->line->quantity;
    struct till_answers *own = calloc(1, sizeof *own);
    bool ok = own != NULL;

    for (unsigned unit = first; ok && unit <= last; unit++) {
        const struct till_about one = {about->line, unit};

        if (!till_unit_is_sold(about->line, unit))
            continue;
        till_answers_of_unit(answers, unit, own);
        ok = wait_proof(till, &one, own);
    }
    free(own);
    return ok;
}

// ---- signing ----

// The number of the picture as it is now; 0 when the answers are not at hand.
static bool proof_number(struct till *till, const struct till_about *about,
                         const struct till_answers *answers, int64_t *out)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    const struct atl_pos_line line = till_pos_line(till, about->line, about->unit);
    struct atl_pos_judgement judgement = {.size = sizeof judgement};

    *out = 0;
    if (!answers)
        return true;
    if (!till_is_ok(till, "check",
                    till->plugin->check(till->handle, &txn, &line, &answers->all, &judgement)))
        return false;
    *out = judgement.proof_number;
    return true;
}

bool till_sign(struct till *till, const struct till_about *about,
               const struct till_answers *answers, int how)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    const struct atl_pos_line line = till_pos_line(till, about->line, about->unit);
    struct atl_pos_signature signature = {
        .size = sizeof signature, .how = how, .employee_ref = till->employee};
    int tries = 0;
    char key[64];
    int32_t rc;

    if (!proof_number(till, about, answers, &signature.proof_number))
        return false;
    signature.key = till_key(till, "sign", key);
    signature.at_ms = till_now_ms();
    do
        rc = till->plugin->sign(till->handle, &txn, &line, &signature);
    while (till_again(rc, &tries));
    if (!till_is_ok(till, "sign", rc))
        return false;
    for (int i = 1; i <= about->line->quantity; i++)
        about->line->units[i].is_signed |= about->unit == 0 || about->unit == (unsigned)i;
    till_say(till, "  signed off: exactly this\n");
    return till->sale.state == TILL_OPEN || till_journal_put(till, &till->sale);
}

enum till_signed till_sign_at_keyboard(struct till *till, const struct till_about *about,
                                       const struct till_form *form,
                                       const struct till_answers *answers)
{
    char answer[TILL_TEXT];

    till_form_show_texts(till, about, form, answers);
    if (form->consent[0])
        till_say(till, "   %s\n", form->consent);
    while (till_input_line(till, "   Show the guest: e = exactly this, c = change, Enter = later: ",
                           answer, sizeof answer)) {
        if (!answer[0])
            break;
        if (strchr("cC", answer[0]))
            return TILL_SIGN_CHANGE;
        if (strchr("eE", answer[0]))
            return till_sign(till, about, answers, ATL_POS_SIGN_TURNED_SCREEN) ? TILL_SIGNED
                                                                               : TILL_SIGN_LATER;
    }
    till_say(till, "  not signed off yet: `sign %s` does it\n", about->line->ref + 1);
    return TILL_SIGN_LATER;
}

// sign [LINE[.UNIT]] [screen|turned|slip|aloud]
bool till_cmd_sign(struct till *till, const char *const *words, int count)
{
    static const char *const hows[] = {"", "screen", "turned", "slip", "aloud"};
    struct till_about about = {0};
    int how = 0;

    for (int i = 1; count && i <= ATL_POS_SIGN_READ_ALOUD; i++) {
        if (strcmp(words[count - 1], hows[i]) == 0)
            how = i;
    }
    if (count == 2 && !how) {
        till_say(till, "'%s': screen, turned, slip or aloud say how it was confirmed.\n", words[1]);
        return false;
    }
    if (!till_place_read(till, count - (how > 0) > 0 ? words[0] : NULL, &about.line, &about.unit))
        return false;
    return till_sign(till, &about, NULL, how ? how : ATL_POS_SIGN_TURNED_SCREEN);
}

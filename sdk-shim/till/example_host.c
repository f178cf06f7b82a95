// SPDX-License-Identifier: Apache-2.0
// The smallest host: sells one embroidered bag.  example-host PLUGIN.so SOCKET UUID WORDS
#include "sdk-shim/atelier_pos.h"

#include <dlfcn.h>
#include <poll.h>
#include <stdio.h>

static const struct atl_pos_plugin *pos;
static atl_pos_till till;

static int fails(const char *call, int32_t code) // trouble of the shop's is never the guest's
{
    if (code)
        printf("%s: code %d: %s\n", call, (int)code, pos->error_text(till));
    return code != ATL_POS_OK;
}

static int sell(const struct atl_pos_transaction *txn, struct atl_pos_line line, const char *words)
{
    const struct atl_pos_answer answer[] = {
        {"text",   words,  0, 0},
        {"thread", "gold", 0, 0}
    };
    const struct atl_pos_answers answers = {
        sizeof answers, sizeof answer[0], answer, 2, 0, 0, 0, 0, 0};
    struct atl_pos_judgement judged = {.size = sizeof judged};
    struct atl_pos_image proof = {.size = sizeof proof};
    struct atl_pos_verdict verdict = {.size = sizeof verdict};
    struct atl_pos_receipt receipt = {.size = sizeof receipt};
    char key[3][64];
    for (int i = 0; i < 3; i++) // one for each intent; a real POS keeps them with the sale
        snprintf(key[i], sizeof key[i], "%.40s.%d", txn->uuid, i);

    if (fails("capture", pos->capture(till, key[0], txn, &line, &answers, &judged)))
        return 0; // sold without personalisation
    if (!judged.is_allowed)
        return printf("to the cashier: %s\n", judged.findings[0].staff_text), 1;
    printf("personalisation: %lld cents\n", (long long)judged.price_minor);
    while (!fails("preview", pos->preview(till, txn, &line, &answers, &proof)) &&
           proof.proof_state == ATL_POS_PROOF_PENDING)
        (void)poll(NULL, 0, 50); // drawn elsewhere; then the guest is shown proof.png
    const struct atl_pos_signature exactly_this = {
        sizeof exactly_this, ATL_POS_SIGN_TURNED_SCREEN, key[1], "E7", proof.proof_number, 0};
    (void)fails("sign", pos->sign(till, txn, &line, &exactly_this));
    if (!fails("before_tender", pos->before_tender(till, txn, &verdict)) && !verdict.is_allowed)
        return printf("not yet: %s\n", verdict.reason), 1;

    line.unit_index = 0; // take the money, write down that tendered() is due, and say it
    const struct atl_pos_tender tender = {sizeof tender, sizeof line, &line, 1, 0, key[2], "E7", 0};
    for (int tries = 0; fails("tendered", pos->tendered(till, txn, &tender, &receipt)); tries++)
        if (poll(NULL, 0, 200) || tries == 20)
            return 1; // a real POS sells on, and repeats from its journal until it is OK
    for (uint32_t i = 0; i < receipt.text_count; i++)
        printf("%s\n", receipt.texts[i]);
    return printf("%s\n", receipt.url) < 0;
}

int main(int argc, char **argv)
{
    const struct atl_pos_host host = {.size = sizeof host, .abi = ATL_POS_ABI, .language = "en"};
    void *library = argc == 5 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    atl_pos_entry_fn *entry = NULL;

    if (library)
        *(void **)&entry = dlsym(library, "atl_pos_entry");
    pos = entry ? entry(ATL_POS_ABI) : NULL;
    if (!pos || pos->open(&host, argv[2], &till, NULL, 0))
        return 2;
    const struct atl_pos_transaction txn = {sizeof txn,   0,       "R17", "1",
                                            "2026-11-22", argv[3], "EUR", 1};
    const struct atl_pos_line line = {sizeof line, 1, 1, 0, "L1", "TOTE-01", "navy", "E7", 3900};
    const int rc = sell(&txn, line, argv[4]);
    return pos->close(till) != ATL_POS_OK || rc;
}

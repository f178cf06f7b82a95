// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/design.h"

#include "plugin/agent/machine_profile.h"
#include "plugin/agent/shop_pos.h"
#include "plugin/core/signoff.h"

#include <stdio.h>
#include <string.h>

void atl_design_free(struct atl_design *design)
{
    atl_kept_plan_free(&design->kept);
    *design = (struct atl_design){0};
}

// ---- what must be so ----

static atl_code check_stage(const struct atl_piece *piece, struct atl_error *err)
{
    if (piece->kind != ATL_KIND_EMBROIDERY)
        return atl_fail(err, ATL_E_INVALID, "%s is no embroidery: no machine sews it", piece->code);
    if (atl_piece_may_be_sewn(piece))
        return ATL_OK;
    return atl_fail(err, ATL_E_CONFLICT,
                    "%s is %s: a design goes to a machine only while its piece is to be made",
                    piece->code, atl_say_stage("en", (int)piece->progress.stage));
}

// What was signed is looked at again: answers, product and the digest of the stitches.
static atl_code check_signature(struct atl_shop *shop, const struct atl_piece *piece,
                                const struct atl_product *product, struct atl_error *err)
{
    struct atl_answer_set answers;
    uint8_t hash[ATL_DIGEST_BYTES];
    atl_code rc;

    if (piece->signature.how == ATL_SIGN_NONE || piece->proof.state != ATL_PROOF_STATE_READY ||
        piece->proof.kind != ATL_PROOF_KIND_STITCHES)
        return atl_fail(err, ATL_E_CONFLICT,
                        "%s was not signed off: show the guest the proof first", piece->code);
    rc = atl_pieces_answers(shop->store, piece->id, &answers, err);
    if (!rc)
        rc = atl_shop_signed_hash(product, piece->variant, &answers, &piece->proof, hash, err);
    if (!rc && !atl_hash_equal(hash, piece->signature.hash, sizeof hash))
        rc = atl_fail(err, ATL_E_CORRUPT,
                      "%s: what is stored is not what was signed: nothing is sewn; show the guest "
                      "a new proof and sign again",
                      piece->code);
    return rc;
}

const struct atl_hoop *atl_design_hoop(const struct atl_product *product,
                                       const struct atl_machine *machine,
                                       const struct atl_plan *plan)
{
    return product->hoop ? atl_machine_hoop_like(machine, product->hoop)
                         : atl_machine_nearest(machine, plan);
}

static atl_code fail_hoop(const struct atl_product *product, const struct atl_machine *machine,
                          struct atl_error *err)
{
    char list[ATL_MACHINE_HOOPS_MAX * 18] = "";
    size_t len = 0;

    for (size_t i = 0; i < machine->hoop_count && len < sizeof list; i++)
        len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", i ? ", " : "",
                                machine->hoops[i].name);
    return atl_fail(err, ATL_E_INVALID,
                    "%s has no hoop %s, which %s is sewn in: it has %s; send it to another machine",
                    machine->name, product->hoop ? product->hoop : "large enough", product->sku,
                    list);
}

atl_code atl_design_open(struct atl_shop *shop, const struct atl_piece *piece,
                         const struct atl_machine *machine, struct atl_design *out,
                         struct atl_error *err)
{
    const struct atl_product *product = atl_catalogue_product(&shop->catalogue, piece->sku);
    struct atl_design design = {0};
    char path[ATL_PROOFS_PATH_BYTES];
    atl_code rc = check_stage(piece, err);

    if (!rc && !product)
        rc = atl_fail(err, ATL_E_INVALID,
                      "%s is not in the catalogue any more: put it back to sew %s", piece->sku,
                      piece->code);
    if (!rc)
        rc = check_signature(shop, piece, product, err);
    if (rc)
        return rc;
    atl_proofs_plan_path(shop->config, piece->proof.number, path);
    rc = atl_kept_plan_load(path, piece->proof.digest, &design.kept, err);
    if (rc == ATL_E_NOT_FOUND)
        rc = atl_fail(err, ATL_E_NOT_FOUND,
                      "the stitches of %s are lost: look at the proof at the till once more, which "
                      "sews the same again",
                      piece->code);
    if (rc)
        return rc;
    design.hoop = atl_design_hoop(product, machine, &design.kept.plan);
    rc = design.hoop ? atl_machine_check(machine, &design.kept.plan, design.hoop, err)
                     : fail_hoop(product, machine, err);
    if (rc)
        atl_design_free(&design);
    else
        *out = design; // now owned by the caller
    return rc;
}

// SPDX-License-Identifier: Apache-2.0
// What the work tag says of an embroidery: how large it is, how it is hooped, how long the machine
// runs, under which name the machine shows it; and the picture, of the stitches that were signed.
#include "plugin/agent/document_parts.h"
#include "plugin/agent/machine_lane.h"
#include "plugin/agent/sewing_picture.h"

#include <stdio.h>
#include <string.h>

enum fact { SIZE, STITCHES, TIME, HOOP, FILE_NAME, TAKE_OFF, FACTS };

static const char *const words[ATL_LANG_COUNT][FACTS] = {
    [ATL_LANG_EN] = {"Size",   "Stitches", "Machine",      "Hoop",  "File",
                     "Take the backing and hoop off before pressing."           },
    [ATL_LANG_FR] = {"Taille", "Points",   "Machine",      "Cadre", "Fichier",
                     "Retirez support et cadre avant de presser."               },
    [ATL_LANG_JA] = {"寸法", "針数",   "縫い時間", "枠",   "ファイル",
                     "プレスの前に枠と芯地を外してください。"},
};

static void put_fact(const struct atl_paper_about *about, struct atl_data_group *root,
                     enum fact fact, const char *value)
{
    struct atl_data_group *item;

    if (!value[0])
        return;
    item = atl_data_item(root, "sewing");
    atl_data_text(item, "label", words[about->lang][fact]);
    atl_data_text(item, "value", value);
}

// The names under which the shop's machines show it: mostly one, or one a language.
static void put_files(const struct atl_paper_about *about, struct atl_data_group *root)
{
    const struct atl_config *config = about->shop->config;
    char list[ATL_CONFIG_MAX_MACHINES * (ATL_MACHINE_FILE_NAME_CAP + 2)] = "";
    size_t len = 0;

    for (size_t i = 0; i < config->machine_count; i++) {
        char name[ATL_MACHINE_FILE_NAME_CAP];
        struct atl_machine profile;

        if (atl_machine_profile(config, &config->machines[i], &profile, NULL) ||
            atl_machine_file_name(&profile, about->piece->code, 0, name, NULL) ||
            strstr(list, name))
            continue;
        len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", len ? ", " : "", name);
    }
    put_fact(about, root, FILE_NAME, list);
}

static void put_measures(const struct atl_paper_about *about, const struct atl_plan *plan,
                         const struct atl_proof_wish *wish, struct atl_data_group *root)
{
    const struct atl_plan_bounds box = atl_plan_bounds(plan);
    const struct atl_plan_counts counts = atl_plan_counts(plan);
    const int32_t width_dmm = box.right_dmm - box.left_dmm;
    const int32_t height_dmm = box.top_dmm - box.bottom_dmm;
    const uint32_t run_s = atl_sewing_run_s(&wish->how, counts.stitches, counts.trims);
    const char mark = wish->look.decimal_mark;
    char text[64];

    (void)snprintf(text, sizeof text, "%d%c%d × %d%c%d mm", (int)width_dmm / 10, mark,
                   (int)width_dmm % 10, (int)height_dmm / 10, mark, (int)height_dmm % 10);
    put_fact(about, root, SIZE, text);
    (void)snprintf(text, sizeof text, "%u", counts.stitches);
    put_fact(about, root, STITCHES, text);
    (void)snprintf(text, sizeof text, about->lang == ATL_LANG_JA ? "%u分" : "%u min",
                   (run_s + 59) / 60);
    put_fact(about, root, TIME, run_s ? text : "");
}

// An order that is not signed yet, or whose stitches are lost, has a tag all the same: it says what
// is known, and shows no picture.
atl_code atl_paper_put_design(struct atl_paper_about *about, const struct atl_product *product,
                              const struct atl_answer *answers, size_t count,
                              struct atl_data_group *root, struct atl_error *err)
{
    struct atl_kept_plan kept = {0};
    struct atl_proof_wish wish;
    char path[ATL_PROOFS_PATH_BYTES];
    bool has_picture;
    atl_code rc = ATL_OK;

    atl_proofs_request(&about->shop->catalogue, product, about->piece->variant, answers, count,
                       about->language, about->arena, &wish, &has_picture);
    if (!has_picture)
        return ATL_OK;
    atl_proofs_plan_path(about->shop->config, about->piece->proof.number, path);
    if (!atl_kept_plan_load(path, about->piece->proof.digest, &kept, NULL)) {
        put_measures(about, &kept.plan, &wish, root);
        rc = atl_sewing_tag_picture(&kept.plan, &wish.look, about->width_dots, &about->proof, err);
        if (!rc)
            atl_data_image(root, "proof", &about->proof);
    }
    atl_kept_plan_free(&kept);
    put_fact(about, root, HOOP, product->hoop ? product->hoop : "");
    put_files(about, root);
    if (product->cloth.comes_off_press)
        atl_data_text(atl_data_item(root, "hints"), "line", words[about->lang][TAKE_OFF]);
    return rc;
}

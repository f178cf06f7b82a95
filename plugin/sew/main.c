// SPDX-License-Identifier: Apache-2.0
// atelier-stitch: words become a file that a machine can sew, and its proof; what is in any stitch
// file; one machine's file made into another's; which fonts, threads and machines there are.
#include "plugin/sew/proof.h"
#include "plugin/sew/qualified.h"
#include "plugin/sew/tell.h"
#include "plugin/sew/thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef ATL_VERSION
#define ATL_VERSION "?"
#endif

// File and proof are both ready beside their places; now they go there.
static atl_code put_all(struct sew_written *written, struct sew_staged *proof,
                        struct atl_error *err)
{
    atl_code rc = ATL_OK;

    if (written->staged.beside[0])
        rc = sew_file_put(&written->staged, err);
    if (!rc && proof->beside[0]) {
        rc = sew_file_put(proof, err);
        if (rc && written->has_machine)
            rc = atl_wrap(err, rc, "%s is written, its proof is not", written->staged.path);
    }
    return rc;
}

static struct sew_proof proof_of(const struct sew_written *written,
                                 const struct atl_thread *threads, size_t count,
                                 const char *subtitle)
{
    return (struct sew_proof){
        .plan = &written->file.plan,
        .threads = threads,
        .thread_count = count,
        .subtitle = subtitle,
        .run_s = written->has_machine
                     ? atl_plan_seconds(&written->file.plan, &written->machine.speed)
                     : 0,
        .field_um = written->has_machine ? written->hoop->width_dmm * 100 : 0,
        .field_high_um = written->has_machine ? written->hoop->height_dmm * 100 : 0,
    };
}

static atl_code finish(const struct sew_options *options, struct sew_written *written,
                       const struct sew_proof *proof, const struct sew_design *design,
                       struct atl_error *err)
{
    struct sew_staged staged = {0};
    atl_code rc = ATL_OK;

    if (options->proof)
        rc = sew_proof_stage(options, proof, &staged, err);
    if (!rc)
        rc = put_all(written, &staged, err);
    if (!rc && !options->is_json)
        sew_tell_written(options, written, design ? &design->thread : NULL);
    if (!rc && options->is_metrics)
        rc = sew_tell_metrics(options, written, design, err);
    sew_file_drop(&staged);
    return rc;
}

static atl_code sew_text(const struct sew_options *options, struct atl_error *err)
{
    struct sew_design *design = calloc(1, sizeof *design);
    struct sew_written *written = calloc(1, sizeof *written);
    char subtitle[128];
    atl_code rc = design && written ? sew_proof_check(options, err)
                                    : atl_fail(err, ATL_E_NOMEM, "out of memory for a design");

    if (!rc)
        rc = sew_design_make(options, design, err);
    if (!rc)
        rc = sew_stitch_write(options, &design->plan, written, err);
    if (!rc) {
        struct sew_proof proof = proof_of(written, &design->thread, 1, subtitle);

        snprintf(subtitle, sizeof subtitle, "%s, %g mm", design->font, design->height_mm);
        rc = finish(options, written, &proof, design, err);
    }
    if (written)
        sew_written_free(written);
    if (design)
        sew_design_free(design);
    free(written);
    free(design);
    return rc;
}

// The threads that the file names, or as many of the one that was asked for.
static atl_code threads_for(const struct sew_options *options, const struct sew_file *file,
                            struct atl_thread **out, struct atl_error *err)
{
    struct atl_thread thread;
    size_t count = file->plan.thread_count;
    atl_code rc;

    *out = calloc(count, sizeof **out);
    if (!*out)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for threads");
    if (file->info.has_threads && !options->thread) {
        memcpy(*out, file->plan.threads, count * sizeof **out);
        return ATL_OK;
    }
    rc = sew_thread_find(options, &thread, err);
    for (size_t i = 0; !rc && i < count; i++)
        (*out)[i] = thread;
    return rc;
}

static atl_code inspect(const struct sew_options *options, struct atl_error *err)
{
    struct sew_written *seen = calloc(1, sizeof *seen);
    struct atl_thread *threads = NULL;
    atl_code rc = seen ? sew_proof_check(options, err)
                       : atl_fail(err, ATL_E_NOMEM, "out of memory for a file");

    if (!rc)
        rc = sew_stitch_read(options->inspect, &atl_stitch_rules_default, &seen->file, err);
    if (!rc && options->is_json && !options->is_metrics)
        rc = sew_tell_file_json(options->inspect, &seen->file, err);
    else if (!rc && !options->is_json)
        sew_tell_file(options->inspect, &seen->file);
    if (!rc)
        rc = threads_for(options, &seen->file, &threads, err);
    if (!rc) {
        struct sew_proof proof =
            proof_of(seen, threads, seen->file.plan.thread_count, sew_file_name(options->inspect));

        rc = finish(options, seen, &proof, NULL, err);
    }
    free(threads);
    if (seen)
        sew_written_free(seen);
    free(seen);
    return rc;
}

static atl_code convert(const struct sew_options *options, struct atl_error *err)
{
    struct sew_written *written = calloc(1, sizeof *written);
    struct sew_file from = {0};
    struct atl_thread *threads = NULL;
    atl_code rc = written ? sew_proof_check(options, err)
                          : atl_fail(err, ATL_E_NOMEM, "out of memory for a file");

    if (!rc)
        rc = sew_stitch_read(options->convert, &atl_stitch_rules_default, &from, err);
    if (!rc) {
        atl_plan_centre(&from.plan);
        rc = sew_stitch_write(options, &from.plan, written, err);
    }
    if (!rc)
        rc = threads_for(options, &from, &threads, err);
    if (!rc) {
        struct sew_proof proof =
            proof_of(written, threads, from.plan.thread_count, sew_file_name(options->convert));

        rc = finish(options, written, &proof, NULL, err);
    }
    free(threads);
    atl_plan_free(&from.plan);
    if (written)
        sew_written_free(written);
    free(written);
    return rc;
}

static atl_code work(const struct sew_options *options, struct atl_error *err)
{
    if (options->inspect)
        return inspect(options, err);
    if (options->convert)
        return convert(options, err);
    if (options->is_fonts)
        return sew_qualified_list(options, err);
    if (options->is_threads)
        return sew_list_threads(options, err);
    if (options->is_machines)
        return sew_list_machines(options, err);
    return sew_text(options, err);
}

int main(int argc, char **argv)
{
    struct sew_options options;
    struct atl_error err = {0};

    if (sew_options_read(argc, argv, &options, &err)) {
        fprintf(stderr, "atelier-stitch: %s\n", err.text);
        return SEW_EXIT_USAGE;
    }
    if (options.is_help) {
        sew_options_help();
        return SEW_EXIT_OK;
    }
    if (options.is_version) {
        printf("atelier-stitch %s\n", ATL_VERSION);
        return SEW_EXIT_OK;
    }
    if (!work(&options, &err) && fflush(stdout) == 0)
        return SEW_EXIT_OK;
    fprintf(stderr, "atelier-stitch: %s\n", err.text[0] ? err.text : "standard output is full");
    return SEW_EXIT_REFUSED;
}

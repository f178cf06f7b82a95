// SPDX-License-Identifier: Apache-2.0
#include "plugin/sew/tell.h"

#include "plugin/wire/json.h"

#include <math.h>
#include <stdio.h>

enum { JSON_BYTES = 1 << 20 };

// A machine that nobody named sews like this.
static const struct atl_sewing_speed USUAL = {800, 10, 6};

static void print_threads(const struct sew_file *file)
{
    const struct atl_plan *plan = &file->plan;

    printf("colours    %zu%s\n", plan->thread_count,
           file->info.has_threads ? "" : " (the format names no threads)");
    for (size_t i = 0; i < plan->thread_count && file->info.has_threads; i++) {
        const struct atl_thread *thread = &plan->threads[i];

        printf("  %2zu  #%06x  %s %s %s\n", i + 1, (unsigned)thread->rgb, thread->chart,
               thread->number, thread->name);
    }
}

static void print_header(const struct atl_stitch_info *info)
{
    if (info->has_header)
        printf("header     ST %lld, CO %lld, +X %lld -X %lld +Y %lld -Y %lld: %s\n",
               (long long)info->header_st, (long long)info->header_co,
               (long long)info->header_right, (long long)info->header_left,
               (long long)info->header_top, (long long)info->header_bottom,
               info->header_agrees ? "agrees with the records" : "DIFFERS from the records");
    printf("records    %u, colour changes %u\n", (unsigned)info->records,
           (unsigned)info->colour_records);
    if (info->thumbnails)
        printf("pictures   %u\n", (unsigned)info->thumbnails);
}

static void print_plan(const struct atl_plan *plan)
{
    struct atl_plan_bounds box = atl_plan_bounds(plan);
    struct atl_plan_counts counts = atl_plan_counts(plan);
    int width = box.right_dmm - box.left_dmm;
    int height = box.top_dmm - box.bottom_dmm;
    unsigned seconds = atl_plan_seconds(plan, &USUAL);
    struct atl_error err;

    printf("size       %d.%d x %d.%d mm%s\n", width / 10, width % 10, height / 10, height % 10,
           atl_plan_is_centred(plan) ? "" : ", not centred");
    printf("stitches   %u, jumps %u, trims %u, stops %u\n", (unsigned)counts.stitches,
           (unsigned)counts.jumps, (unsigned)counts.trims, (unsigned)counts.stops);
    printf("longest    %.2f mm\n", (double)counts.longest_um / 1e3);
    printf("thread     %.2f m\n", (double)counts.thread_um / 1e6);
    printf("time       %u:%02u min at 800 stitches a minute\n", seconds / 60, seconds % 60);
    if (atl_plan_check(plan, &err))
        printf("note       %s\n", err.text);
}

void sew_tell_file(const char *path, const struct sew_file *file)
{
    printf("file       %s\nformat     %s (%s)\nlabel      %s\n", sew_file_name(path),
           file->format->title, file->info.version, file->info.label);
    print_plan(&file->plan);
    print_threads(file);
    print_header(&file->info);
}

static const struct atl_sewing_speed *speed_of(const struct sew_written *written)
{
    return written->has_machine ? &written->machine.speed : &USUAL;
}

// One line: how large, how much, how long.
static void print_measures(const struct sew_written *written, const struct atl_thread *thread)
{
    struct atl_plan_bounds box = atl_plan_bounds(&written->file.plan);
    struct atl_plan_counts counts = atl_plan_counts(&written->file.plan);
    unsigned seconds = atl_plan_seconds(&written->file.plan, speed_of(written));
    int wide = box.right_dmm - box.left_dmm, high = box.top_dmm - box.bottom_dmm;

    printf("%d.%d x %d.%d mm, %u stitches, %u trim%s, %u:%02u min", wide / 10, wide % 10, high / 10,
           high % 10, (unsigned)counts.stitches, (unsigned)counts.trims,
           counts.trims == 1 ? "" : "s", seconds / 60, seconds % 60);
    if (thread)
        printf("; thread %s %s, %s", thread->chart, thread->number, thread->name);
    printf("\n");
}

void sew_tell_written(const struct sew_options *options, const struct sew_written *written,
                      const struct atl_thread *thread)
{
    if (written->has_machine)
        printf("%s: %zu bytes for %s, hoop %s, read back and the same\n", written->staged.path,
               written->bytes, written->machine.name, written->hoop->name);
    if (written->has_machine || (options->proof && !options->inspect && !options->is_metrics))
        print_measures(written, thread);
    if (options->proof)
        printf("%s: its proof\n", options->proof);
}

static void print_metrics(const struct sew_written *written, const struct sew_design *design,
                          const struct sew_metrics *m)
{
    unsigned seconds = atl_plan_seconds(&written->file.plan, speed_of(written));

    printf("size       %.1f x %.1f mm\n", m->width_mm, m->height_mm);
    printf("stitches   %u, trims %u, jumps %u, colours %u\n", (unsigned)m->counts.stitches,
           (unsigned)m->counts.trims, (unsigned)m->counts.jumps,
           (unsigned)m->counts.colour_changes + 1);
    printf("time       %u:%02u min at %u stitches a minute\n", seconds / 60, seconds % 60,
           (unsigned)speed_of(written)->stitches_per_minute);
    printf("length     %.2f to %.2f mm, mean %.2f; %.1f %% are 0.3 to 7 mm\n", m->shortest_mm,
           m->longest_mm, m->mean_mm, 100 * m->share_good);
    printf("thread     %.2f m on %.0f mm2\n", (double)m->counts.thread_um / 1e6, m->covered_mm2);
    printf("density    %.1f mm/mm2, spread %.2f, densest 1 %% %.1f\n", m->density, m->density_cv,
           m->density_p99);
    printf("holes      %u in the worst mm2, %.1f mm %s and %.1f mm %s of the middle\n",
           m->holes_max, fabs(m->worst_x_mm), m->worst_x_mm < 0 ? "left" : "right",
           fabs(m->worst_y_mm), m->worst_y_mm < 0 ? "below" : "above");
    if (!design)
        return;
    printf("letters    %u, in %u parts of %u columns, %u parts filled in rows\n",
           (unsigned)design->report.sewn.glyphs, (unsigned)design->report.sewn.parts,
           (unsigned)design->report.sewn.columns, (unsigned)design->report.sewn.fills);
    if (design->worst[0])
        printf("worst      %s: %.1f %% of a part left open or overrun by its columns\n",
               design->worst, 100 * design->worst_miss);
    if (!design->is_judged)
        printf("note       nobody has judged the letters of this font; --fonts lists the judged\n");
}

static void put_number(struct atl_json_writer *json, const char *key, double value)
{
    char text[32];
    int len = snprintf(text, sizeof text, "%.3f", value);

    atl_json_key(json, key);
    atl_json_put_raw(json, text, (size_t)len);
}

static void put_counts(struct atl_json_writer *json, const struct atl_plan_counts *counts)
{
    atl_json_int_of(json, "stitches", counts->stitches);
    atl_json_int_of(json, "trims", counts->trims);
    atl_json_int_of(json, "jumps", counts->jumps);
    atl_json_int_of(json, "stops", counts->stops);
    atl_json_int_of(json, "colours", (int64_t)counts->colour_changes + 1);
    put_number(json, "longest_mm", counts->longest_um / 1000.0);
    put_number(json, "thread_m", (double)counts->thread_um / 1e6);
}

static void put_design(struct atl_json_writer *json, const struct sew_design *design)
{
    atl_json_text_of(json, "font", design->font);
    put_number(json, "letter_mm", design->height_mm);
    put_number(json, "smallest_letter_mm", design->report.smallest_mm);
    atl_json_bool_of(json, "is_judged", design->is_judged);
    atl_json_int_of(json, "letters", design->report.sewn.glyphs);
    atl_json_int_of(json, "parts", design->report.sewn.parts);
    atl_json_int_of(json, "columns", design->report.sewn.columns);
    atl_json_int_of(json, "fills", design->report.sewn.fills);
    atl_json_text_of(json, "worst_letter", design->worst[0] ? design->worst : NULL);
    put_number(json, "worst_miss", design->worst_miss);
    atl_json_text_of(json, "thread_chart", design->thread.chart);
    atl_json_text_of(json, "thread_number", design->thread.number);
    atl_json_text_of(json, "thread_name", design->thread.name);
}

static void put_metrics(struct atl_json_writer *json, const struct sew_written *written,
                        const struct sew_design *design, const struct sew_metrics *m)
{
    atl_json_open(json, '{');
    atl_json_text_of(json, "file", written->has_machine ? written->staged.path : NULL);
    atl_json_text_of(json, "machine", written->has_machine ? written->machine.id : NULL);
    atl_json_text_of(json, "hoop", written->has_machine ? written->hoop->name : NULL);
    put_number(json, "width_mm", m->width_mm);
    put_number(json, "height_mm", m->height_mm);
    put_counts(json, &m->counts);
    atl_json_int_of(json, "run_s", atl_plan_seconds(&written->file.plan, speed_of(written)));
    put_number(json, "shortest_mm", m->shortest_mm);
    put_number(json, "mean_mm", m->mean_mm);
    put_number(json, "share_of_03_to_7_mm", m->share_good);
    put_number(json, "covered_mm2", m->covered_mm2);
    put_number(json, "density_mm_per_mm2", m->density);
    put_number(json, "density_cv", m->density_cv);
    put_number(json, "density_p99", m->density_p99);
    atl_json_int_of(json, "holes_per_mm2_max", m->holes_max);
    put_number(json, "holes_x_mm", m->worst_x_mm);
    put_number(json, "holes_y_mm", m->worst_y_mm);
    if (design)
        put_design(json, design);
    atl_json_shut(json, '}');
}

static atl_code print_json(struct atl_buf *out, struct atl_error *err)
{
    atl_code rc = atl_buf_check(out, err);

    if (!rc)
        printf("%s\n", (const char *)out->data);
    atl_buf_free(out);
    return rc;
}

atl_code sew_tell_metrics(const struct sew_options *options, const struct sew_written *written,
                          const struct sew_design *design, struct atl_error *err)
{
    struct atl_json_writer json;
    struct sew_metrics metrics;
    struct atl_buf out;
    atl_code rc = sew_metrics_of(&written->file.plan, &metrics, err);

    if (rc)
        return rc;
    if (!options->is_json) {
        print_metrics(written, design, &metrics);
        return ATL_OK;
    }
    atl_buf_init(&out, JSON_BYTES);
    atl_json_writer_init(&json, &out);
    put_metrics(&json, written, design, &metrics);
    return print_json(&out, err);
}

static void put_threads(struct atl_json_writer *json, const struct sew_file *file)
{
    atl_json_key(json, "threads");
    atl_json_open(json, '[');
    for (size_t i = 0; i < file->plan.thread_count && file->info.has_threads; i++) {
        const struct atl_thread *thread = &file->plan.threads[i];
        char rgb[8];

        snprintf(rgb, sizeof rgb, "#%06x", (unsigned)(thread->rgb & 0xffffff));
        atl_json_open(json, '{');
        atl_json_text_of(json, "rgb", rgb);
        atl_json_text_of(json, "chart", thread->chart);
        atl_json_text_of(json, "number", thread->number);
        atl_json_text_of(json, "name", thread->name);
        atl_json_shut(json, '}');
    }
    atl_json_shut(json, ']');
}

atl_code sew_tell_file_json(const char *path, const struct sew_file *file, struct atl_error *err)
{
    struct atl_plan_bounds box = atl_plan_bounds(&file->plan);
    struct atl_plan_counts counts = atl_plan_counts(&file->plan);
    struct atl_json_writer json;
    struct atl_error why = {0};
    struct atl_buf out;

    atl_buf_init(&out, JSON_BYTES);
    atl_json_writer_init(&json, &out);
    atl_json_open(&json, '{');
    atl_json_text_of(&json, "file", sew_file_name(path));
    atl_json_text_of(&json, "format", file->format->name);
    atl_json_text_of(&json, "version", file->info.version);
    atl_json_text_of(&json, "label", file->info.label);
    put_number(&json, "width_mm", (box.right_dmm - box.left_dmm) / 10.0);
    put_number(&json, "height_mm", (box.top_dmm - box.bottom_dmm) / 10.0);
    atl_json_bool_of(&json, "is_centred", atl_plan_is_centred(&file->plan));
    put_counts(&json, &counts);
    put_threads(&json, file);
    atl_json_int_of(&json, "records", file->info.records);
    if (file->info.has_header)
        atl_json_bool_of(&json, "header_agrees", file->info.header_agrees);
    atl_json_text_of(&json, "note", atl_plan_check(&file->plan, &why) ? why.text : NULL);
    atl_json_shut(&json, '}');
    return print_json(&out, err);
}

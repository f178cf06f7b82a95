// SPDX-License-Identifier: Apache-2.0
// atelier-stitch: what is in a stitch file, which machines and threads there are, and one machine's
// file made into another's.
#include "drivers/embroidery/text_file.h"
#include "drivers/machine.h"
#include "drivers/thread_chart.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef ATL_EMBROIDERY_DATA
#define ATL_EMBROIDERY_DATA "/usr/share/atelier/embroidery"
#endif

struct wish {
    const char *inspect;
    const char *convert;
    const char *threads;
    const char *machine;
    const char *hoop;
    const char *out;
    const char *code;
    const char *nearest;
    const char *data;
    bool lists_threads;
    bool lists_machines;
};

static const char usage[] =
    "atelier-stitch --inspect FILE              what is in a stitch file (dst pes exp jef vp3)\n"
    "atelier-stitch --threads [CHART]           the charts, or the threads of one\n"
    "atelier-stitch --threads CHART --nearest RRGGBB\n"
    "atelier-stitch --machines                  the machines and their hoops\n"
    "atelier-stitch --convert FILE --machine ID [--hoop NAME] [--code CODE] [-o FILE]\n"
    "                                           write it as that machine wants it\n"
    "With --data DIR: folders threads/ and machines/ (" ATL_EMBROIDERY_DATA ").\n"
    "Ends with 0, 1 (refused, or the file is not good) or 2 (not understood).\n";

// Files -------------------------------------------------------------------------------------------

static atl_code load_plan(const char *path, const struct atl_stitch_rules *rules,
                          const struct atl_stitch_format **format, struct atl_plan *plan,
                          struct atl_stitch_info *info, struct atl_error *err)
{
    char *bytes = NULL;
    size_t len = 0;
    atl_code rc = text_file_read(path, ATL_STITCH_FILE_MAX_BYTES, &bytes, &len, err);

    if (rc)
        return rc;
    *format = atl_stitch_format_of(path, (const uint8_t *)bytes, len);
    if (!*format)
        rc = atl_fail(err, ATL_E_UNSUPPORTED, "%s is no stitch file that is known here", path);
    else
        rc = (*format)->read((const uint8_t *)bytes, len, rules, plan, info, err);
    if (rc && *format)
        rc = atl_wrap(err, rc, "%s", path);
    free(bytes);
    return rc;
}

static void print_mm(const char *what, uint64_t um)
{
    printf("%-10s %llu.%02llu mm\n", what, (unsigned long long)(um / 1000),
           (unsigned long long)(um % 1000 / 10));
}

static void print_threads(const struct atl_plan *plan, const struct atl_stitch_info *info)
{
    printf("colours    %zu%s\n", plan->thread_count,
           info->has_threads ? "" : " (the format names no threads)");
    for (size_t i = 0; i < plan->thread_count && info->has_threads; i++) {
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
    const struct atl_sewing_speed usual = {800, 10, 6};
    struct atl_plan_bounds box = atl_plan_bounds(plan);
    struct atl_plan_counts counts = atl_plan_counts(plan);
    int width = box.right_dmm - box.left_dmm;
    int height = box.top_dmm - box.bottom_dmm;
    unsigned seconds = atl_plan_seconds(plan, &usual);
    struct atl_error err;

    printf("size       %d.%d x %d.%d mm%s\n", width / 10, width % 10, height / 10, height % 10,
           atl_plan_is_centred(plan) ? "" : ", not centred");
    printf("stitches   %u, jumps %u, trims %u, stops %u\n", (unsigned)counts.stitches,
           (unsigned)counts.jumps, (unsigned)counts.trims, (unsigned)counts.stops);
    print_mm("longest", counts.longest_um);
    print_mm("thread", counts.thread_um);
    printf("time       %u:%02u min at 800 stitches a minute\n", seconds / 60, seconds % 60);
    if (atl_plan_check(plan, &err))
        printf("note       %s\n", err.text);
}

static atl_code inspect(const struct wish *wish, struct atl_error *err)
{
    const struct atl_stitch_format *format = NULL;
    struct atl_stitch_info info = {0};
    struct atl_plan plan;
    atl_code rc;

    atl_plan_init(&plan);
    rc = load_plan(wish->inspect, &atl_stitch_rules_default, &format, &plan, &info, err);
    if (rc)
        return rc;
    printf("file       %s\nformat     %s (%s)\nlabel      %s\n", text_file_name(wish->inspect),
           format->title, info.version, info.label);
    print_plan(&plan);
    print_threads(&plan, &info);
    print_header(&info);
    atl_plan_free(&plan);
    return ATL_OK;
}

// Lists -------------------------------------------------------------------------------------------

struct found {
    char names[64][NAME_MAX + 1];
    size_t count;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static atl_code find_data(const char *data, const char *folder, const char *end,
                          struct found *found, struct atl_error *err)
{
    char path[PATH_MAX];
    const struct dirent *entry;
    DIR *dir;

    snprintf(path, sizeof path, "%s/%s", data, folder);
    dir = opendir(path);
    if (!dir)
        return atl_fail(err, ATL_E_NOT_FOUND, "open %s: %s; say --data DIR", path, strerror(errno));
    found->count = 0;
    while ((entry = readdir(dir)) && found->count < 64) {
        const char *point = strrchr(entry->d_name, '.');

        if (point && point > entry->d_name && strcmp(point, end) == 0)
            snprintf(found->names[found->count++], NAME_MAX + 1, "%s", entry->d_name);
    }
    closedir(dir);
    qsort(found->names, found->count, sizeof found->names[0], by_name);
    return ATL_OK;
}

static atl_code list_machines(const char *data, struct atl_error *err)
{
    static struct found found;
    atl_code rc = find_data(data, "machines", ".machine", &found, err);

    for (size_t i = 0; !rc && i < found.count; i++) {
        struct atl_machine machine;
        char path[PATH_MAX];

        snprintf(path, sizeof path, "%s/machines/%s", data, found.names[i]);
        rc = atl_machine_load(path, &machine, err);
        if (rc)
            break;
        printf("%-20s %-28s %s %4u/min %2u needles%s  hoops", machine.id, machine.name,
               machine.format->name, (unsigned)machine.speed.stitches_per_minute,
               (unsigned)machine.needles, machine.is_tried ? "" : "  not tried");
        for (size_t k = 0; k < machine.hoop_count; k++)
            printf(" %s", machine.hoops[k].name);
        printf("\n");
        if (machine.unconfirmed[0])
            printf("%-20s unconfirmed: %s\n", "", machine.unconfirmed);
    }
    return rc;
}

static atl_code list_charts(const char *data, struct atl_error *err)
{
    static struct found found;
    atl_code rc = find_data(data, "threads", ".tsv", &found, err);

    for (size_t i = 0; !rc && i < found.count; i++) {
        struct atl_thread_chart chart = {0};
        char path[PATH_MAX];

        snprintf(path, sizeof path, "%s/threads/%s", data, found.names[i]);
        rc = atl_thread_chart_load(path, &chart, err);
        if (!rc)
            printf("%-24.*s %-24s %zu threads\n", (int)strcspn(found.names[i], "."), found.names[i],
                   chart.name, chart.count);
        atl_thread_chart_free(&chart);
    }
    return rc;
}

static void print_thread(const struct atl_thread *thread)
{
    printf("%-8s #%06x  %s\n", thread->number, (unsigned)thread->rgb, thread->name);
}

static bool is_plain_name(const char *name)
{
    return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(name);
}

static atl_code list_threads(const struct wish *wish, struct atl_error *err)
{
    struct atl_thread_chart chart = {0};
    char path[PATH_MAX];
    atl_code rc;

    if (!is_plain_name(wish->threads))
        return atl_fail(err, ATL_E_INVALID, "a chart's name is like madeira-polyneon");
    snprintf(path, sizeof path, "%s/threads/%s.tsv", wish->data, wish->threads);
    rc = atl_thread_chart_load(path, &chart, err);
    if (!rc && wish->nearest &&
        (strlen(wish->nearest) != 6 || strspn(wish->nearest, "0123456789abcdefABCDEF") != 6))
        rc = atl_fail(err, ATL_E_INVALID, "a colour is written RRGGBB");
    if (!rc && wish->nearest)
        print_thread(atl_thread_chart_nearest(&chart, (uint32_t)strtoul(wish->nearest, NULL, 16)));
    for (size_t i = 0; !rc && !wish->nearest && i < chart.count; i++)
        print_thread(&chart.threads[i]);
    atl_thread_chart_free(&chart);
    return rc;
}

// From one machine to another --------------------------------------------------------------------

static atl_code write_file(const char *path, const struct atl_buf *bytes, struct atl_error *err)
{
    FILE *file = fopen(path, "wxe");
    bool is_good;

    if (!file)
        return atl_fail(err, ATL_E_IO, "create %s: %s", path, strerror(errno));
    is_good = fwrite(bytes->data, 1, bytes->len, file) == bytes->len;
    is_good = fclose(file) == 0 && is_good;
    return is_good ? ATL_OK : atl_fail(err, ATL_E_IO, "write %s: %s", path, strerror(errno));
}

static atl_code find_hoop(const struct wish *wish, const struct atl_machine *machine,
                          const struct atl_plan *plan, const struct atl_hoop **hoop,
                          struct atl_error *err)
{
    *hoop = wish->hoop ? atl_machine_hoop(machine, wish->hoop) : NULL;
    if (wish->hoop && !*hoop)
        return atl_fail(err, ATL_E_INVALID, "%s has no hoop %s", machine->name, wish->hoop);
    if (!*hoop)
        *hoop = atl_machine_nearest(machine, plan);
    return atl_machine_check(machine, plan, *hoop, err);
}

static atl_code write_for(const struct wish *wish, const struct atl_machine *machine,
                          const struct atl_plan *plan, struct atl_error *err)
{
    const struct atl_stitch_label label = {.code = wish->code};
    const struct atl_hoop *hoop = NULL;
    char name[ATL_MACHINE_FILE_NAME_CAP] = "";
    struct atl_stitch_rules rules;
    struct atl_buf bytes;
    atl_code rc;

    atl_buf_init(&bytes, ATL_STITCH_FILE_MAX_BYTES);
    rc = find_hoop(wish, machine, plan, &hoop, err);
    if (!rc)
        rc = atl_machine_file_name(machine, wish->code, 0, name, err);
    if (!rc) {
        rules = atl_machine_rules(machine, hoop);
        rc = machine->format->write(plan, &rules, &label, &bytes, err);
    }
    if (!rc)
        rc = write_file(wish->out ? wish->out : name, &bytes, err);
    if (!rc)
        printf("%s: %zu bytes for %s, hoop %s, %u s\n", wish->out ? wish->out : name, bytes.len,
               machine->name, hoop->name, (unsigned)atl_plan_seconds(plan, &machine->speed));
    atl_buf_free(&bytes);
    return rc;
}

static atl_code convert(const struct wish *wish, struct atl_error *err)
{
    const struct atl_stitch_format *format = NULL;
    struct atl_machine machine;
    char path[PATH_MAX];
    struct atl_plan plan;
    atl_code rc;

    atl_plan_init(&plan);
    if (!wish->machine || !is_plain_name(wish->machine))
        return atl_fail(err, ATL_E_INVALID, "say --machine ID: --machines lists them");
    snprintf(path, sizeof path, "%s/machines/%s.machine", wish->data, wish->machine);
    rc = atl_machine_load(path, &machine, err);
    if (!rc)
        rc = load_plan(wish->convert, &atl_stitch_rules_default, &format, &plan, NULL, err);
    if (!rc) {
        atl_plan_centre(&plan);
        rc = write_for(wish, &machine, &plan, err);
    }
    atl_plan_free(&plan);
    return rc;
}

// The command line --------------------------------------------------------------------------------

static bool parse(int argc, char **argv, struct wish *wish)
{
    static const struct option options[] = {
        {"inspect",  required_argument, NULL, 'i'},
        {"convert",  required_argument, NULL, 'c'},
        {"threads",  no_argument,       NULL, 't'},
        {"machines", no_argument,       NULL, 'M'},
        {"machine",  required_argument, NULL, 'm'},
        {"hoop",     required_argument, NULL, 'h'},
        {"code",     required_argument, NULL, 'k'},
        {"nearest",  required_argument, NULL, 'n'},
        {"data",     required_argument, NULL, 'd'},
        {"output",   required_argument, NULL, 'o'},
        {NULL,       0,                 NULL, 0  },
    };
    int option;

    while ((option = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
        switch (option) {
        case 'i':
            wish->inspect = optarg;
            break;
        case 'c':
            wish->convert = optarg;
            break;
        case 't':
            wish->lists_threads = true;
            break;
        case 'M':
            wish->lists_machines = true;
            break;
        case 'm':
            wish->machine = optarg;
            break;
        case 'h':
            wish->hoop = optarg;
            break;
        case 'k':
            wish->code = optarg;
            break;
        case 'n':
            wish->nearest = optarg;
            break;
        case 'd':
            wish->data = optarg;
            break;
        case 'o':
            wish->out = optarg;
            break;
        default:
            return false;
        }
    }
    if (wish->lists_threads && optind < argc)
        wish->threads = argv[optind++];
    return optind == argc &&
           !!wish->inspect + !!wish->convert + wish->lists_threads + wish->lists_machines == 1;
}

int main(int argc, char **argv)
{
    struct wish wish = {.data = ATL_EMBROIDERY_DATA, .code = "ATELIER"};
    struct atl_error err = {0};
    atl_code rc;

    if (!parse(argc, argv, &wish)) {
        fputs(usage, stderr);
        return 2;
    }
    if (wish.inspect)
        rc = inspect(&wish, &err);
    else if (wish.convert)
        rc = convert(&wish, &err);
    else if (wish.lists_machines)
        rc = list_machines(wish.data, &err);
    else
        rc = wish.threads ? list_threads(&wish, &err) : list_charts(wish.data, &err);
    if (rc)
        fprintf(stderr, "atelier-stitch: %s\n", err.text);
    return rc ? 1 : 0;
}

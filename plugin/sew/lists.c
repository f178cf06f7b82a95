// SPDX-License-Identifier: Apache-2.0
#include "drivers/thread_chart.h"
#include "plugin/sew/tell.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

atl_code sew_list_machines(const struct sew_options *options, struct atl_error *err)
{
    static struct sew_list found;
    atl_code rc = sew_file_list(options->data, "machines", ".machine", &found, err);

    for (size_t i = 0; !rc && i < found.count; i++) {
        struct atl_machine machine;
        char path[PATH_MAX];

        snprintf(path, sizeof path, "%s/machines/%s.machine", options->data, found.names[i]);
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

static atl_code list_charts(const struct sew_options *options, struct atl_error *err)
{
    static struct sew_list found;
    atl_code rc = sew_file_list(options->data, "threads", ".tsv", &found, err);

    for (size_t i = 0; !rc && i < found.count; i++) {
        struct atl_thread_chart chart = {0};
        char path[PATH_MAX];

        snprintf(path, sizeof path, "%s/threads/%s.tsv", options->data, found.names[i]);
        rc = atl_thread_chart_load(path, &chart, err);
        if (!rc)
            printf("%-24s %-24s %zu threads\n", found.names[i], chart.name, chart.count);
        atl_thread_chart_free(&chart);
    }
    return rc;
}

static void print_thread(const struct atl_thread *thread)
{
    printf("%-8s #%06x  %s\n", thread->number, (unsigned)thread->rgb, thread->name);
}

static atl_code no_chart(const struct sew_options *options, const char *name, struct atl_error *err)
{
    static struct sew_list found;
    char all[120];
    atl_code rc = sew_file_list(options->data, "threads", ".tsv", &found, err);

    if (rc)
        return rc;
    sew_list_say(&found, all, sizeof all);
    return atl_fail(err, ATL_E_NOT_FOUND, "there is no thread chart %.40s: there are %s", name,
                    all);
}

atl_code sew_list_threads(const struct sew_options *options, struct atl_error *err)
{
    const char *name = options->text_count ? options->texts[0] : NULL;
    struct atl_thread_chart chart = {0};
    char path[PATH_MAX];
    uint32_t rgb = 0;
    atl_code rc;

    if (!name)
        return list_charts(options, err);
    if (!sew_is_plain(name))
        return atl_fail(err, ATL_E_INVALID,
                        "a chart's name is like madeira-polyneon; --threads lists them");
    rc = sew_rgb("nearest", options->nearest, &rgb, err);
    if (rc)
        return rc;
    snprintf(path, sizeof path, "%s/threads/%s.tsv", options->data, name);
    if (access(path, F_OK) && errno == ENOENT)
        return no_chart(options, name, err);
    rc = atl_thread_chart_load(path, &chart, err);
    if (!rc && options->nearest)
        print_thread(atl_thread_chart_nearest(&chart, rgb));
    for (size_t i = 0; !rc && !options->nearest && i < chart.count; i++)
        print_thread(&chart.threads[i]);
    atl_thread_chart_free(&chart);
    return rc;
}

// SPDX-License-Identifier: Apache-2.0
#include "plugin/sew/thread.h"

#include "drivers/thread_chart.h"
#include "plugin/sew/files.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

// Words for a colour that every chart has something for. A chart's own names come first.
static const struct {
    const char *word;
    uint32_t rgb;
} COLOURS[] = {
    {"black",  0x111111},
    {"white",  0xffffff},
    {"red",    0xc8102e},
    {"gold",   0xd4a72c},
    {"yellow", 0xfbd000},
    {"orange", 0xf47b20},
    {"pink",   0xf08fb4},
    {"rose",   0xf08fb4},
    {"purple", 0x6a2c86},
    {"blue",   0x1d4fa0},
    {"navy",   0x1b2a49},
    {"green",  0x1c7c3c},
    {"brown",  0x5c3a21},
    {"grey",   0x8a8d8f},
    {"silver", 0xc0c2c4},
    {"cream",  0xf3e9d2},
};

struct search {
    const char *what;
    struct atl_thread found;
    size_t count;   // charts that have it
    char first[64]; // the first of them
    char second[64];
};

typedef const struct atl_thread *look_fn(const struct atl_thread_chart *chart, const char *what);

static const struct atl_thread *by_number(const struct atl_thread_chart *chart, const char *what)
{
    return atl_thread_chart_find(chart, what);
}

static const struct atl_thread *by_name(const struct atl_thread_chart *chart, const char *what)
{
    for (size_t i = 0; i < chart->count; i++) {
        if (strcasecmp(chart->threads[i].name, what) == 0)
            return &chart->threads[i];
    }
    return NULL;
}

static const struct atl_thread *by_colour(const struct atl_thread_chart *chart, const char *what)
{
    uint32_t rgb = 0;

    for (size_t i = 0; i < sizeof COLOURS / sizeof *COLOURS; i++) {
        if (strcasecmp(COLOURS[i].word, what) == 0)
            return atl_thread_chart_nearest(chart, COLOURS[i].rgb);
    }
    if (strlen(what) < 6 || sew_rgb("thread", what, &rgb, NULL))
        return NULL;
    return atl_thread_chart_nearest(chart, rgb);
}

// Numbers and names must be one chart's only; for a colour the first chart is as good as any.
static const struct {
    look_fn *look;
    bool is_unique;
} WAYS[] = {
    {by_number, true },
    {by_name,   false},
    {by_colour, false},
};

static atl_code look_in(const char *data, const char *name, look_fn *look, struct search *search,
                        struct atl_error *err)
{
    struct atl_thread_chart chart = {0};
    const struct atl_thread *thread;
    char path[PATH_MAX];
    atl_code rc;

    snprintf(path, sizeof path, "%s/threads/%s.tsv", data, name);
    rc = atl_thread_chart_load(path, &chart, err);
    thread = rc ? NULL : look(&chart, search->what);
    if (thread && !search->count++) {
        search->found = *thread;
        snprintf(search->first, sizeof search->first, "%s", name);
    } else if (thread) {
        snprintf(search->second, sizeof search->second, "%s", name);
    }
    atl_thread_chart_free(&chart);
    return rc;
}

// The charts to look in: the one that is named, else all, Madeira first: its numbers are what most
// shops say.
static atl_code choose_charts(const struct sew_options *options, const char *named, size_t len,
                              struct sew_list *charts, struct atl_error *err)
{
    char all[120];
    atl_code rc = sew_file_list(options->data, "threads", ".tsv", charts, err);

    if (rc || !named)
        return rc;
    for (size_t i = 0; i < charts->count; i++) {
        if (strlen(charts->names[i]) == len && strncmp(charts->names[i], named, len) == 0) {
            memmove(charts->names[0], charts->names[i], sizeof charts->names[0]);
            charts->count = 1;
            return ATL_OK;
        }
    }
    sew_list_say(charts, all, sizeof all);
    return atl_fail(err, ATL_E_NOT_FOUND, "there is no thread chart %.*s: there are %s",
                    (int)(len > 40 ? 40 : len), named, all);
}

atl_code sew_thread_find(const struct sew_options *options, struct atl_thread *out,
                         struct atl_error *err)
{
    static struct sew_list charts;
    const char *what = options->thread ? options->thread : "black";
    const char *colon = strchr(what, ':');
    const char *named = colon ? what : options->chart;
    size_t len = colon ? (size_t)(colon - what) : named ? strlen(named) : 0;
    atl_code rc = choose_charts(options, named, len, &charts, err);

    what = colon ? colon + 1 : what;
    for (size_t way = 0; !rc && way < sizeof WAYS / sizeof *WAYS; way++) {
        struct search search = {.what = what};

        // From the last to the first, so that Madeira comes before Isacord and Brother.
        for (size_t i = charts.count; i > 0 && !rc; i--)
            rc = look_in(options->data, charts.names[i - 1], WAYS[way].look, &search, err);
        if (!rc && WAYS[way].is_unique && search.count > 1)
            return atl_fail(err, ATL_E_INVALID,
                            "several charts have a thread %.20s: say --thread %s:%.20s or %s:%.20s",
                            what, search.first, what, search.second, what);
        if (!rc && search.count) {
            *out = search.found;
            return ATL_OK;
        }
    }
    if (rc)
        return rc;
    return atl_fail(err, ATL_E_NOT_FOUND,
                    "no thread is called %.40s: say a number or name of --threads CHART, a word "
                    "like gold, navy or rose, or RRGGBB",
                    what);
}

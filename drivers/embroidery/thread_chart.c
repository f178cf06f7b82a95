// SPDX-License-Identifier: Apache-2.0
#include "drivers/thread_chart.h"

#include "drivers/embroidery/text_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The parts of a line between its tabs, each ended by NUL; how many there are.
static size_t split(char *line, char *parts[4])
{
    size_t count = 0;

    for (char *at = line; at && count < 4; count++) {
        char *tab = strchr(at, '\t');

        parts[count] = at;
        if (tab)
            *tab++ = 0;
        at = tab;
    }
    return count;
}

static bool parse_rgb(const char *text, uint32_t *out)
{
    if (strlen(text) != 6 || strspn(text, "0123456789abcdefABCDEF") != 6)
        return false;
    *out = (uint32_t)strtoul(text, NULL, 16);
    return true;
}

static atl_code add_thread(struct atl_thread_chart *chart, char *parts[4], const char *name,
                           unsigned line, struct atl_error *err)
{
    struct atl_thread *thread = &chart->threads[chart->count];

    if (chart->count == ATL_THREAD_CHART_MAX)
        return atl_fail(err, ATL_E_INVALID, "%s:%u: a chart has %d threads at most", name, line,
                        ATL_THREAD_CHART_MAX);
    *thread = (struct atl_thread){0};
    if (!*parts[0] || strlen(parts[0]) >= sizeof thread->number)
        return atl_fail(err, ATL_E_INVALID, "%s:%u: the number is missing or too long", name, line);
    if (!*parts[1] || strlen(parts[1]) >= sizeof thread->name)
        return atl_fail(err, ATL_E_INVALID, "%s:%u: the name is missing or too long", name, line);
    if (!parse_rgb(parts[2], &thread->rgb))
        return atl_fail(err, ATL_E_INVALID, "%s:%u: \"%s\" is no colour: write RRGGBB", name, line,
                        parts[2]);
    if (atl_thread_chart_find(chart, parts[0]))
        return atl_fail(err, ATL_E_INVALID, "%s:%u: the number %s is there already", name, line,
                        parts[0]);
    snprintf(thread->number, sizeof thread->number, "%s", parts[0]);
    snprintf(thread->name, sizeof thread->name, "%s", parts[1]);
    chart->count++;
    return ATL_OK;
}

static atl_code parse_line(struct atl_thread_chart *chart, char *text, const char *name,
                           unsigned line, struct atl_error *err)
{
    char *parts[4];
    size_t count = split(text, parts);

    if (count == 2 && strcmp(parts[0], "chart") == 0) {
        if (chart->name[0])
            return atl_fail(err, ATL_E_INVALID, "%s:%u: the chart has a name already", name, line);
        if (!*parts[1] || strlen(parts[1]) >= sizeof chart->name)
            return atl_fail(err, ATL_E_INVALID, "%s:%u: the chart's name is missing or too long",
                            name, line);
        snprintf(chart->name, sizeof chart->name, "%s", parts[1]);
        return ATL_OK;
    }
    if (count != 3)
        return atl_fail(err, ATL_E_INVALID,
                        "%s:%u: write number, name and colour with one tab between them", name,
                        line);
    return add_thread(chart, parts, name, line, err);
}

atl_code atl_thread_chart_parse(const char *name, const char *text, size_t len,
                                struct atl_thread_chart *out, struct atl_error *err)
{
    struct text_lines lines = {.text = text, .len = len};
    struct atl_thread_chart chart = {0};
    atl_code rc = ATL_OK;
    char line[128];

    chart.threads = calloc(ATL_THREAD_CHART_MAX, sizeof *chart.threads);
    if (!chart.threads)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for %s", name);
    while (!rc && text_line_next(&lines, name, line, sizeof line, &rc, err))
        rc = parse_line(&chart, line, name, lines.number, err);
    if (!rc && !chart.name[0])
        rc = atl_fail(err, ATL_E_INVALID, "%s: it has no line \"chart<tab>NAME\"", name);
    if (!rc && !chart.count)
        rc = atl_fail(err, ATL_E_INVALID, "%s: it has no thread", name);
    if (rc) {
        atl_thread_chart_free(&chart);
        return rc;
    }
    for (size_t i = 0; i < chart.count; i++)
        memcpy(chart.threads[i].chart, chart.name, sizeof chart.name);
    *out = chart; // now owned by the caller
    return ATL_OK;
}

atl_code atl_thread_chart_load(const char *path, struct atl_thread_chart *out,
                               struct atl_error *err)
{
    char *text = NULL;
    size_t len = 0;
    atl_code rc = text_file_read(path, ATL_THREAD_CHART_MAX_BYTES, &text, &len, err);

    if (!rc)
        rc = atl_thread_chart_parse(text_file_name(path), text, len, out, err);
    free(text);
    return rc;
}

void atl_thread_chart_free(struct atl_thread_chart *chart)
{
    free(chart->threads);
    *chart = (struct atl_thread_chart){0};
}

const struct atl_thread *atl_thread_chart_find(const struct atl_thread_chart *chart,
                                               const char *number)
{
    for (size_t i = 0; i < chart->count; i++) {
        if (strcmp(chart->threads[i].number, number) == 0)
            return &chart->threads[i];
    }
    return NULL;
}

const struct atl_thread *atl_thread_chart_nearest(const struct atl_thread_chart *chart,
                                                  uint32_t rgb)
{
    struct atl_lab wish = atl_lab_of(rgb);
    const struct atl_thread *best = NULL;
    double least = 1e9;

    for (size_t i = 0; i < chart->count; i++) {
        double distance = atl_lab_distance(wish, atl_lab_of(chart->threads[i].rgb));

        if (distance < least) {
            least = distance;
            best = &chart->threads[i];
        }
    }
    return best;
}

// SPDX-License-Identifier: Apache-2.0
// What the machine's folder holds, and which name that leaves.
#include "drivers/link/volume_parts.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(names[i], name) == 0)
            return true;
    }
    return false;
}

bool volume_is_finished(const struct atl_delivery *what, const char *name)
{
    return is_one_of(name, what->finished, what->finished_count) &&
           !is_one_of(name, what->names, what->name_count);
}

static bool ends_in(const char *name, const char *ending)
{
    const char *point = strrchr(name, '.');

    return point && strcasecmp(point + 1, ending) == 0;
}

void volume_survey_take(const struct volume_job *job, struct volume_survey *survey,
                        const char *name, const char *alias, uint64_t bytes)
{
    const struct atl_delivery *what = job->what;
    const char *other = alias && *alias ? alias : name;
    bool goes = volume_is_finished(what, name) || volume_is_finished(what, other);

    for (size_t i = 0; i < what->name_count && i < VOLUME_NAMES_MAX; i++)
        survey->is_taken[i] |=
            strcasecmp(what->names[i], name) == 0 || strcasecmp(what->names[i], other) == 0;
    if (ends_in(name, strrchr(what->names[0], '.') + 1)) {
        survey->designs++;
        survey->finished += goes;
    }
    if (goes || volume_is_working_name(name))
        survey->freed_bytes += bytes;
}

static atl_code choose_name(struct volume_job *job, const struct volume_survey *survey,
                            struct atl_error *err)
{
    const struct atl_delivery *what = job->what;
    size_t i = 0;

    while (i < what->name_count && i < VOLUME_NAMES_MAX && survey->is_taken[i] &&
           !(i == 0 && what->may_replace))
        i++;
    if (i == what->name_count || i == VOLUME_NAMES_MAX)
        return atl_fail(err, ATL_E_CONFLICT,
                        "%.80s: there is already a design %s: remove it at the machine, or take "
                        "another name",
                        job->report->where, what->names[0]);
    snprintf(job->report->name, sizeof job->report->name, "%s", what->names[i]);
    return ATL_OK;
}

static atl_code check_count(const struct volume_job *job, const struct volume_survey *survey,
                            struct atl_error *err)
{
    const struct atl_machine *machine = job->what->machine;
    uint32_t left = survey->designs - survey->finished;

    // One that is written over is counted already.
    if (survey->is_taken[0] && job->what->may_replace)
        left--;
    if (machine->files_max && left >= machine->files_max)
        return atl_fail(err, ATL_E_FULL,
                        "%.80s: it holds %u designs and %s shows %u: remove some at the machine",
                        job->report->where, (unsigned)left, machine->name,
                        (unsigned)machine->files_max);
    return ATL_OK;
}

atl_code volume_survey_judge(struct volume_job *job, const struct volume_survey *survey,
                             struct atl_error *err)
{
    atl_code rc = choose_name(job, survey, err);

    return rc ? rc : check_count(job, survey, err);
}

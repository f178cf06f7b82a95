// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/machine_lane.h"

#include "plugin/agent/design.h"
#include "plugin/agent/log.h"
#include "plugin/agent/paths.h"
#include "plugin/store/devices.h"
#include "plugin/store/pieces.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    NAMES_MAX = 10, // of one design, when others lie there
    SEWN_MAX = 200, // designs that may go
    JOBS_MAX = 64,  // of one piece
    FILE_BYTES = 4 << 20,
};

struct atl_machine_lane {
    struct atl_machine_setup setup;
    struct atl_machine profile;
    struct atl_volume_options options;
    int watch_fd; // says that something was plugged in; -1: nobody says it
    // of the job in hand
    struct atl_buf bytes;
    char names[NAMES_MAX][ATL_MACHINE_FILE_NAME_CAP];
    size_t name_count;
    bool may_replace;
    char sewn[SEWN_MAX][ATL_MACHINE_FILE_NAME_CAP];
    size_t sewn_count;
    struct atl_lane_begin *begin;
};

// ---- open and close ----

atl_code atl_machine_lane_open(const struct atl_machine_setup *setup, struct atl_machine_lane **out,
                               struct atl_error *err)
{
    struct atl_machine_lane *lane = calloc(1, sizeof *lane);
    atl_code rc;

    if (!lane)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    lane->setup = *setup;
    lane->watch_fd = atl_volume_watch(setup->machine->link);
    atl_buf_init(&lane->bytes, FILE_BYTES);
    if (setup->options)
        lane->options = *setup->options;
    rc = atl_machine_profile(setup->shop->config, setup->machine, &lane->profile, err);
    lane->options.stays_plugged = lane->profile.usb_vendor != 0; // it would not come back by itself
    if (rc)
        atl_machine_lane_close(lane);
    else
        *out = lane;
    return rc;
}

void atl_machine_lane_close(struct atl_machine_lane *lane)
{
    if (!lane)
        return;
    if (lane->watch_fd >= 0)
        close(lane->watch_fd);
    atl_buf_free(&lane->bytes);
    free(lane);
}

// ---- prepare ----

static atl_code write_design(struct atl_machine_lane *lane, const struct atl_piece *piece,
                             struct atl_error *err)
{
    const struct atl_stitch_label label = {.code = piece->code};
    struct atl_design design = {0};
    struct atl_stitch_rules rules;
    struct atl_plan again = {0};
    atl_code rc;

    rc = atl_design_open(lane->setup.shop, piece, &lane->profile, &design, err);
    if (rc)
        return rc;
    atl_buf_free(&lane->bytes);
    atl_buf_init(&lane->bytes, FILE_BYTES);
    rules = atl_machine_rules(&lane->profile, design.hoop);
    rc = lane->profile.format->write(&design.kept.plan, &rules, &label, &lane->bytes, err);
    if (!rc)
        rc = atl_buf_check(&lane->bytes, err);
    if (!rc)
        rc = lane->profile.format->read(lane->bytes.data, lane->bytes.len, &rules, &again, NULL,
                                        err);
    if (!rc && !atl_plan_sews_same(&again, &design.kept.plan))
        rc = atl_fail(err, ATL_E_CORRUPT, "the file for %s does not sew what was signed",
                      lane->profile.name);
    atl_plan_free(&again);
    atl_design_free(&design);
    return rc;
}

// The name of a file of ours that lies there for certain: it stands first in a job's evidence.
static bool name_of(const struct atl_job *job, char out[ATL_MACHINE_FILE_NAME_CAP])
{
    const size_t len = strcspn(job->evidence, ":");

    if (job->state != ATL_JOB_SENT || job->evidence[len] != ':' || !len ||
        len >= ATL_MACHINE_FILE_NAME_CAP || memchr(job->evidence, '/', len) ||
        job->evidence[0] == '.')
        return false;
    memcpy(out, job->evidence, len);
    out[len] = '\0';
    return true;
}

// The name that it had here before comes first, and is written over: it is the same design, or
// one that was amended. Interrupted is as good as written.
static atl_code choose_names(struct atl_machine_lane *lane, const struct atl_piece *piece,
                             struct atl_error *err)
{
    struct atl_job *jobs = calloc(JOBS_MAX, sizeof *jobs);
    size_t count = 0;
    atl_code rc;

    lane->name_count = 0;
    lane->may_replace = false;
    if (!jobs)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    rc = atl_jobs_of_piece(lane->setup.shop->store, piece->id, ATL_DOCUMENT_STITCHES, jobs,
                           JOBS_MAX, &count, err);
    for (size_t i = 0; !rc && i < count && i < JOBS_MAX; i++) {
        if (strcmp(jobs[i].device, lane->setup.machine->name) != 0)
            continue;
        lane->may_replace |= jobs[i].state == ATL_JOB_UNKNOWN;
        if (name_of(&jobs[i], lane->names[0])) {
            lane->name_count = 1;
            lane->may_replace = true;
        }
    }
    free(jobs);
    for (unsigned copy = 0; !rc && lane->name_count < NAMES_MAX; copy++)
        rc = atl_machine_file_name(&lane->profile, piece->code, copy,
                                   lane->names[lane->name_count++], err);
    return rc;
}

static atl_code list_sewn(struct atl_machine_lane *lane, struct atl_error *err)
{
    struct atl_job *jobs = calloc(SEWN_MAX, sizeof *jobs);
    size_t count = 0;
    atl_code rc;

    lane->sewn_count = 0;
    if (!jobs)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    rc = atl_jobs_sewn(lane->setup.shop->store, lane->setup.machine->name, jobs, SEWN_MAX, &count,
                       err);
    for (size_t i = 0; !rc && i < count && i < SEWN_MAX; i++) {
        if (name_of(&jobs[i], lane->sewn[lane->sewn_count]))
            lane->sewn_count++;
    }
    free(jobs);
    return rc;
}

static atl_code prepare(const struct atl_job *job, void *ctx, struct atl_error *err)
{
    struct atl_machine_lane *lane = ctx;
    struct atl_piece piece;
    atl_code rc;

    if (job->document != ATL_DOCUMENT_STITCHES)
        return atl_fail(err, ATL_E_UNSUPPORTED, "%s is a machine: it takes designs, no %s",
                        lane->setup.machine->name, atl_document_name(job->document));
    rc = atl_pieces_find(lane->setup.shop->store, job->piece_id, &piece, err);
    if (!rc)
        rc = write_design(lane, &piece, err);
    if (!rc)
        rc = choose_names(lane, &piece, err);
    if (!rc)
        rc = list_sewn(lane, err);
    return rc;
}

// ---- deliver ----

static enum atl_proof proof(void *ctx)
{
    (void)ctx;
    return ATL_PROOF_TAKEN; // read back from the medium; that it was sewn is what a person says
}

static atl_code begin(void *context, const char *where, const char *name, struct atl_error *err)
{
    const struct atl_machine_lane *lane = context;

    atl_log(ATL_LOG_INFO, "machine", "delivers", "device=%s name=%s where=%s",
            lane->setup.machine->name, name, atl_log_value(where).text);
    return atl_lane_begin(lane->begin, err);
}

static void waits(void *context)
{
    const struct atl_machine_lane *lane = context;

    if (lane->setup.process)
        atl_process_beat(lane->setup.process);
}

static void say_done(const struct atl_delivery_report *report, size_t bytes, struct atl_error *said)
{
    (void)atl_fail(said, ATL_OK, "%s: %zu bytes on %.100s, read back%s%.120s", report->name, bytes,
                   report->where, report->is_let_go ? "" : "; ",
                   report->is_let_go ? "" : report->let_go_why);
}

// What is not there may come. What is full, of another format or open elsewhere is for a person,
// who puts it right beside the machine: the till says so, and the design goes out then.
static atl_code code_of_medium(atl_code code)
{
    switch (code) {
    case ATL_E_NOT_FOUND:
        return ATL_E_AWAY;
    case ATL_E_FULL:
    case ATL_E_BUSY:
    case ATL_E_CONFLICT:
    case ATL_E_UNSUPPORTED:
        return ATL_E_DEVICE;
    default:
        return code;
    }
}

static enum atl_outcome deliver(const struct atl_job *job, struct atl_lane_begin *line, void *ctx,
                                struct atl_error *evidence)
{
    struct atl_machine_lane *lane = ctx;
    const char *names[NAMES_MAX];
    const char *sewn[SEWN_MAX];
    const struct atl_delivery what = {
        .machine = &lane->profile,
        .names = names,
        .name_count = lane->name_count,
        .may_replace = lane->may_replace,
        .bytes = lane->bytes.data,
        .len = lane->bytes.len,
        .finished = sewn,
        .finished_count = lane->sewn_count,
        .begin = begin,
        .waits = waits,
        .context = lane,
    };
    struct atl_delivery_report report = {0};
    atl_code rc;

    (void)job;
    for (size_t i = 0; i < lane->name_count; i++)
        names[i] = lane->names[i];
    for (size_t i = 0; i < lane->sewn_count; i++)
        sewn[i] = lane->sewn[i];
    lane->begin = line;
    rc = atl_volume_deliver(lane->setup.machine->link, &what, &lane->options, &report, evidence);
    lane->begin = NULL;
    if (report.state == ATL_DELIVERY_UNTOUCHED)
        evidence->code = code_of_medium(rc);
    if (rc)
        return ATL_OUTCOME_INTERRUPTED;
    say_done(&report, lane->bytes.len, evidence);
    return ATL_OUTCOME_PROVEN;
}

static void tell(const char *trouble, void *ctx)
{
    struct atl_machine_lane *lane = ctx;
    struct atl_error err = {0};

    if (atl_devices_report(lane->setup.shop->store, lane->setup.machine->name, 0, trouble,
                           atl_clock_now_ms(), &err))
        atl_log(ATL_LOG_WARN, "machine", "trouble not written down", "device=%s why=%s",
                lane->setup.machine->name, atl_log_value(err.text).text);
}

// ---- sleep ----

static int wake_fd(void *ctx)
{
    return ((const struct atl_machine_lane *)ctx)->watch_fd;
}

// Whoever has plugged the stick in stands beside the machine.
static void look(void *ctx)
{
    const struct atl_machine_lane *lane = ctx;
    const struct atl_config_machine *machine = lane->setup.machine;
    struct atl_error err = {0};

    if (lane->watch_fd < 0 || !atl_volume_watch_drain(machine->link, lane->watch_fd))
        return;
    if (atl_jobs_hurry(lane->setup.shop->store, machine->name, atl_clock_now_ms(), &err))
        atl_log(ATL_LOG_WARN, "machine", "what waits is not hurried", "device=%s why=%s",
                machine->name, atl_log_value(err.text).text);
}

const struct atl_lane_work atl_machine_work = {
    .prepare = prepare,
    .proof = proof,
    .deliver = deliver,
    .look = look,
    .wake_fd = wake_fd,
    .tell = tell,
};

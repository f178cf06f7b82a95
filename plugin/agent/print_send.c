// SPDX-License-Identifier: Apache-2.0
// What happens to a job behind its first byte. Nothing here sends a byte twice.
#include "plugin/agent/print_parts.h"
#include "plugin/store/jobs.h"

#include <stdio.h>
#include <string.h>

enum {
    TELL_MS = 1500,    // no progress for so long is said to the till
    STALL_MS = 30000,  // and for so long is an interruption, where nobody says what it is
    CONFIRM_MS = 8000, // for the device's word about the paper
    CURE_MS = 180000,  // for a person to put in the roll that the device asks for
    LOOK_MS = 1000,    // after so long it is asked again meanwhile
    KEEP_MS = 15000,   // for so long the job is ours without another sign of life
};

// A printer that was left in the middle of a picture would take the next job for its rest.
static void plan_resync(struct atl_print_lane *lane, uint64_t accepted)
{
    struct atl_error err = {0};

    print_forget_resync(lane);
    if (lane->driver->resync && accepted > 0 &&
        lane->driver->resync(lane->bytes.data, lane->bytes.len, accepted, &lane->resync, &err))
        print_forget_resync(lane);
}

// A printer that takes nothing more often says why at its port: then a person is needed, which is
// what the evidence's code becomes. Before a job the port is not asked: what clones say there must
// not keep a ticket from being tried.
static void say_port(const struct atl_print_lane *lane, struct atl_error *evidence)
{
    char words[ATL_NOTE_SIZE];

    if (print_port_trouble(lane->link, words, sizeof words))
        (void)atl_wrap(evidence, ATL_E_DEVICE, "%s", words);
}

static void tell_once(struct atl_print_lane *lane, const char *words)
{
    if (strcmp(lane->trouble, words[0] ? words : lane->low) != 0)
        print_tell(words, lane);
}

static int64_t cure_ms(const struct atl_print_lane *lane)
{
    return lane->setup.cure_ms ? lane->setup.cure_ms : CURE_MS;
}

// A person is on the way, and nobody else may take the job for dead.
static bool may_wait(const struct atl_print_lane *lane, const struct atl_job *job)
{
    struct atl_error err = {0};

    print_beat(lane);
    if (lane->setup.process && atl_process_is_stopping(lane->setup.process))
        return false;
    return atl_jobs_keep(lane->setup.store, job->id, lane->setup.now_ms(), KEEP_MS, &err) == ATL_OK;
}

// The device took nothing for a while. Where its port says why, a person has time to cure it, and
// the job goes on where it stopped.
static bool may_go_on(struct atl_print_lane *lane, const struct atl_job *job, int64_t since_ms,
                      const struct atl_error *why)
{
    char words[ATL_NOTE_SIZE];
    const bool is_known = print_port_trouble(lane->link, words, sizeof words);
    const int64_t limit_ms = is_known || cure_ms(lane) < STALL_MS ? cure_ms(lane) : STALL_MS;

    lane->way = atl_trouble_of_code(why->code);
    tell_once(lane, is_known ? words : why->text);
    return atl_link_now_ms(lane->link) - since_ms < limit_ms && may_wait(lane, job);
}

// All may have been handed over and not have arrived yet: then no bytes are written until it has.
static atl_code write_job(struct atl_print_lane *lane, const struct atl_job *job,
                          struct atl_error *evidence)
{
    int64_t since_ms = atl_link_now_ms(lane->link); // when something was taken last
    atl_code rc = ATL_OK;

    for (size_t at = 0; at < lane->bytes.len || rc;) {
        const uint64_t before = lane->link->accepted_bytes;
        const size_t left = lane->bytes.len - at;
        const bool has_more = left > PRINT_CHUNK_BYTES;

        rc = atl_link_write_piece(lane->link, lane->bytes.data + at,
                                  has_more ? PRINT_CHUNK_BYTES : left, has_more, TELL_MS, evidence);
        at += (size_t)(lane->link->accepted_bytes - before);
        if (lane->link->accepted_bytes != before)
            since_ms = atl_link_now_ms(lane->link);
        if (!rc)
            tell_once(lane, "");
        print_beat(lane);
        if (rc && (rc != ATL_E_TIMEOUT || !may_go_on(lane, job, since_ms, evidence)))
            return rc;
    }
    return ATL_OK;
}

// The whole job. The evidence says how far it got.
static atl_code submit(struct atl_print_lane *lane, const struct atl_job *job,
                       struct atl_error *evidence)
{
    const uint64_t before = lane->link->accepted_bytes;
    const atl_code rc = write_job(lane, job, evidence);

    if (!rc)
        return ATL_OK;
    plan_resync(lane, lane->link->accepted_bytes - before);
    say_port(lane, evidence);
    return atl_wrap(evidence, rc, "after %llu of %zu bytes",
                    (unsigned long long)(lane->link->accepted_bytes - before), lane->bytes.len);
}

// The device has all of the job and asks for a person. False: nobody came.
static bool wait_until_well(struct atl_print_lane *lane, const struct atl_job *job,
                            int64_t since_ms)
{
    struct atl_error err = {0};

    while (atl_link_now_ms(lane->link) - since_ms < cure_ms(lane) && may_wait(lane, job)) {
        atl_code rc;

        atl_link_pause(lane->link, LOOK_MS);
        rc = print_ask(lane->driver, lane->model, lane->link, lane->low, sizeof lane->low, &err);
        if (!rc || rc == ATL_E_IO) {
            tell_once(lane, rc ? err.text : "");
            return !rc;
        }
        if (rc == ATL_E_DEVICE) // some are silent while they are in trouble
            tell_once(lane, err.text);
    }
    return false;
}

// One that goes on by itself has a person's time for it: nobody asks it meanwhile, or its word
// about the paper would be lost.
static bool goes_on(struct atl_print_lane *lane, const struct atl_job *job, int64_t start_ms,
                    const struct atl_error *why, bool *has_said_so)
{
    if (why->code != ATL_E_BUSY && (why->code != ATL_E_TIMEOUT || !*has_said_so))
        return false;
    if (why->code == ATL_E_BUSY)
        tell_once(lane, why->text);
    *has_said_so = true;
    return atl_link_now_ms(lane->link) - start_ms < cure_ms(lane) && may_wait(lane, job);
}

// Waits for the device's word about the paper. Once trouble is over it has its time anew: most
// print on what they have.
static atl_code confirm(struct atl_print_lane *lane, const struct atl_job *job, char *said,
                        size_t size, struct atl_error *evidence)
{
    const int64_t patience_ms = lane->setup.confirm_ms ? lane->setup.confirm_ms : CONFIRM_MS;
    const int64_t start_ms = atl_link_now_ms(lane->link);
    int64_t since_ms = start_ms;
    bool has_said_so = false;

    for (;;) {
        const int64_t left_ms = since_ms + patience_ms - atl_link_now_ms(lane->link);
        const int64_t wait_ms = has_said_so && left_ms > LOOK_MS ? LOOK_MS : left_ms;
        const atl_code rc = lane->driver->confirm(
            lane->link, lane->model, wait_ms < 1 ? 1 : (unsigned)wait_ms, said, size, evidence);

        print_beat(lane);
        if (rc && goes_on(lane, job, start_ms, evidence, &has_said_so)) {
            since_ms = atl_link_now_ms(lane->link);
            continue;
        }
        if (rc != ATL_E_DEVICE && rc != ATL_E_TIMEOUT)
            return rc;
        lane->way = atl_trouble_of_code(rc);
        if (rc == ATL_E_TIMEOUT) // one that is full of what it cannot print takes no question
            say_port(lane, evidence);
        if (evidence->code == ATL_E_TIMEOUT &&
            atl_link_now_ms(lane->link) - since_ms >= patience_ms)
            return rc;
        tell_once(lane, evidence->text);
        if (evidence->code == ATL_E_DEVICE) {
            if (!wait_until_well(lane, job, start_ms))
                return rc;
            since_ms = atl_link_now_ms(lane->link);
        }
    }
}

enum atl_outcome print_send(const struct atl_job *job, void *ctx, struct atl_error *evidence)
{
    struct atl_print_lane *lane = ctx;
    char said[160] = "";
    atl_code rc;

    lane->is_sound = false;
    rc = submit(lane, job, evidence);
    lane->way = ATL_TROUBLE_BROKE | atl_trouble_of_code(rc);
    if (rc)
        return ATL_OUTCOME_INTERRUPTED;
    if (!lane->driver->confirm || print_proof(lane) < ATL_PROOF_IDLE) {
        (void)atl_fail(evidence, ATL_OK, "%zu bytes taken; this printer cannot prove more",
                       lane->bytes.len);
        lane->is_sound = true;
        return ATL_OUTCOME_SENT;
    }
    rc = confirm(lane, job, said, sizeof said, evidence);
    lane->way = ATL_TROUBLE_BROKE | atl_trouble_of_code(rc);
    if (rc == ATL_E_IO && print_plan_resync(lane, NULL)) // it may be in the middle of the question
        print_forget_resync(lane);
    if (rc)
        return ATL_OUTCOME_SENT; // every byte left; the promised evidence stayed away
    (void)atl_fail(evidence, ATL_OK, "%s", said);
    lane->is_sound = true;
    return ATL_OUTCOME_PROVEN;
}

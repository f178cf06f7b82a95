// SPDX-License-Identifier: Apache-2.0
// The printer between two jobs. Each look takes these steps, from HEAR until REST:
//
//   HEAR - nothing is told, and it said nothing -----------------------------> REST
//    | \-- its link broke: told at once --------------------------------------> REST
//    v    trouble is told, or it said something unasked
//   ASK -- not well, or not reached -------------------------------> TELL ----> REST
//    v    well
//   FIT -- loaded with another roll than the paper that waits -----> TELL ----> REST
//    v    fits, or nothing waits
//   CURE - what was put back may go at once -----------------------> TELL ----> REST
//
// So trouble that was told is looked at until it is over, and the till does not show what a person
// has long put right.
#include "drivers/driver.h"
#include "plugin/agent/log.h"
#include "plugin/agent/print_parts.h"
#include "plugin/store/jobs.h"

#include <string.h>

enum step { STEP_HEAR, STEP_ASK, STEP_FIT, STEP_CURE, STEP_TELL, STEP_REST };

struct look {
    struct atl_print_lane *lane;
    struct atl_error err; // what is wrong now; no text: nothing
};

static enum step hear(struct look *look)
{
    struct atl_print_lane *lane = look->lane;
    bool has_news = false;

    if (lane->watch_fd >= 0)
        (void)atl_link_watch_drain(lane->watch_fd);
    if (print_tend(lane, &has_news, &look->err)) {
        print_tell(look->err.text, lane);
        return STEP_REST;
    }
    return lane->trouble[0] || has_news ? STEP_ASK : STEP_REST;
}

static enum step ask(struct look *look)
{
    return print_open_and_ask(look->lane, &look->err) ? STEP_TELL : STEP_FIT;
}

static bool has_waiting(const struct atl_print_lane *lane)
{
    struct atl_job_counts counts = {0};

    return !atl_jobs_count(lane->setup.store, lane->setup.printer->name, &counts, NULL) &&
           counts.waiting;
}

// A printer with another roll than the waiting paper needs is well, and still has another roll.
static enum step fit(struct look *look)
{
    struct atl_print_lane *lane = look->lane;

    if (!lane->unfit || !has_waiting(lane))
        return STEP_CURE;
    lane->way = ATL_TROUBLE_WRONG_MEDIA;
    if (!lane->driver->fits(lane->link, lane->model, lane->unfit, &look->err))
        return STEP_CURE;
    print_close_link(&lane->link);
    return STEP_TELL;
}

// Whoever put in the roll waits beside it; a guest does, too.
static void hurry_jobs(const struct atl_print_lane *lane)
{
    struct atl_error err = {0};

    if (atl_jobs_hurry(lane->setup.store, lane->setup.printer->name, lane->setup.now_ms(), &err))
        atl_log(ATL_LOG_WARN, "lane", "what waits is not hurried", "device=%s why=%s",
                lane->setup.printer->name, atl_log_value(err.text).text);
}

static enum step cure(struct look *look)
{
    struct atl_print_lane *lane = look->lane;

    if (lane->trouble[0])
        hurry_jobs(lane);
    look->err.text[0] = '\0'; // of what was tried on the way
    if (!lane->link->ops->tend)
        print_close_link(&lane->link);
    return STEP_TELL;
}

static enum step tell(struct look *look)
{
    struct atl_print_lane *lane = look->lane;
    const char *words = look->err.text[0] ? look->err.text : lane->low;

    if (strcmp(words, lane->trouble) != 0)
        print_tell(look->err.text, lane);
    return STEP_REST;
}

void print_look(void *ctx)
{
    static enum step (*const steps[])(struct look *) = {
        [STEP_HEAR] = hear, [STEP_ASK] = ask,   [STEP_FIT] = fit,
        [STEP_CURE] = cure, [STEP_TELL] = tell,
    };
    struct look look = {.lane = ctx};

    for (enum step step = STEP_HEAR; step != STEP_REST;)
        step = steps[step](&look);
}

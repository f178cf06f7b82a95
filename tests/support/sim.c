// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sim.h"

#include "tests/support/sim_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PERSONA_BITS = 0xffff, STEPS_MAX = 1 << 20 };

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

// ---- The printer's power and cable ----

static void switch_on(struct sim *sim)
{
    memset(sim->self, 0, sim->persona->size);
    sim->head = sim->stream.len; // what was in the buffer is lost
    sim->busy_until_us = 0;
    sim->alarm_us = 0;
    sim->persona->switch_on(sim, sim->self);
}

static void switch_off(struct sim *sim)
{
    if (sim->persona->switch_off)
        sim->persona->switch_off(sim, sim->self);
}

static bool is_away(const struct sim *sim)
{
    return sim->conditions & (SIM_UNPLUGGED | SIM_OFF);
}

static void change(struct sim *sim, uint32_t to)
{
    const uint32_t before = sim->conditions;

    sim->conditions = to;
    if (to & ~before & SIM_OFF)
        switch_off(sim);
    if (to & ~before & (SIM_OFF | SIM_UNPLUGGED)) {
        sim->session++;
        sim->answer_count = 0;
        sim->has_moved = true;
    }
    if (before & ~to & SIM_OFF)
        switch_on(sim);
    if (before & ~to & (SIM_OFF | SIM_UNPLUGGED))
        sim->has_moved = true;
    if ((before ^ to) & PERSONA_BITS && !(to & SIM_OFF) && sim->persona->changed)
        sim->persona->changed(sim, sim->self, before);
}

// ---- The plan ----

static void begin_fault(struct sim *sim, struct sim_plan *plan)
{
    plan->is_begun = true;
    plan->ends_us = plan->fault.for_ms ? sim->now_us + plan->fault.for_ms * 1000LL : INT64_MAX;
    if (sim->look && sim->look_us == INT64_MAX)
        sim->look_us = sim->now_us + sim->look_after_us;
    change(sim, sim->conditions | plan->fault.set);
}

static void trigger(struct sim *sim, enum sim_trigger what, uint64_t count)
{
    for (size_t i = 0; i < sim->plan_count; i++) {
        struct sim_plan *plan = &sim->plan[i];

        if (!plan->is_begun && plan->fault.trigger == what && count >= plan->fault.at)
            begin_fault(sim, plan);
    }
}

static void end_faults(struct sim *sim)
{
    for (size_t i = 0; i < sim->plan_count; i++) {
        struct sim_plan *plan = &sim->plan[i];

        if (plan->is_begun && sim->now_us >= plan->ends_us) {
            plan->ends_us = INT64_MAX;
            change(sim, sim->conditions & ~plan->fault.set);
        }
    }
}

static int64_t next_of_plan(const struct sim *sim)
{
    int64_t next = sim->look ? sim->look_us : INT64_MAX;

    for (size_t i = 0; i < sim->plan_count; i++) {
        const struct sim_plan *plan = &sim->plan[i];
        int64_t at = INT64_MAX;

        if (plan->is_begun)
            at = plan->ends_us;
        else if (plan->fault.trigger == SIM_AT_MS)
            at = sim->planned_us + (int64_t)plan->fault.at * 1000;
        next = at < next ? at : next;
    }
    return next;
}

// ---- Time ----

// Lets the persona work as long as it needs no time.
static void work(struct sim *sim)
{
    for (int i = 0; i < STEPS_MAX; i++) {
        uint32_t cost_us = 0;

        if (sim->conditions & SIM_OFF || sim->now_us < sim->busy_until_us)
            return;
        if (sim->persona->step(sim, sim->self, &cost_us) != SIM_WORKED)
            return;
        sim->busy_until_us = sim->now_us + cost_us;
    }
    abort(); // the persona says that it works and never takes a byte
}

static void let_look(struct sim *sim)
{
    void (*look)(void *) = sim->look;

    if (!look || sim->now_us < sim->look_us)
        return;
    sim->look = NULL;
    look(sim->look_ctx);
}

// What is due now.
static void happen(struct sim *sim)
{
    let_look(sim);
    if (sim->plan_count) {
        trigger(sim, SIM_AT_MS, (uint64_t)(sim->now_us - sim->planned_us) / 1000);
        end_faults(sim);
    }
    if (sim->alarm_us && sim->now_us >= sim->alarm_us && !(sim->conditions & SIM_OFF)) {
        sim->alarm_us = 0;
        sim->persona->wake(sim, sim->self);
    }
    work(sim);
}

// Moves the clock to what happens next, at most to until_us. False: it is there already.
static bool tick(struct sim *sim, int64_t until_us)
{
    int64_t next = until_us;
    const int64_t plan = next_of_plan(sim);

    happen(sim);
    if (sim->now_us >= until_us)
        return false;
    if (sim->busy_until_us > sim->now_us && sim->busy_until_us < next)
        next = sim->busy_until_us;
    if (sim->alarm_us > sim->now_us && sim->alarm_us < next)
        next = sim->alarm_us;
    if (plan > sim->now_us && plan < next)
        next = plan;
    sim->now_us = next;
    happen(sim);
    return true;
}

// ---- The link ----

struct sim_link {
    struct atl_link base;
    struct sim *sim;
    unsigned session; // of the cable; another one: it was pulled meanwhile
};

static bool is_gone(const struct sim_link *link)
{
    return link->session != link->sim->session || is_away(link->sim);
}

static atl_code fail_gone(struct atl_error *err)
{
    return atl_fail(err, ATL_E_IO,
                    "the printer was unplugged or switched off: plug it in, it is found again");
}

static bool has_room(const struct sim *sim)
{
    return !(sim->conditions & SIM_DEAF) && sim_waiting(sim) < sim->persona->buffer_bytes;
}

static void accept(struct sim *sim, uint8_t byte)
{
    const uint8_t kind = 0;

    atl_buf_add(&sim->stream, &byte, 1);
    atl_buf_add(&sim->kinds, &kind, 1);
    if (sim->stream.failed || sim->kinds.failed)
        abort();
    sim->taken++;
    sim->now_us++; // a USB of 12 Mbit/s moves about one byte in that time
    if (sim->persona->arrive)
        sim->persona->arrive(sim, sim->self, byte);
    happen(sim);
}

static atl_code sim_write(struct atl_link *link, const void *bytes, size_t len, unsigned timeout_ms,
                          struct atl_error *err)
{
    struct sim_link *self = (struct sim_link *)link;
    struct sim *sim = self->sim;
    const uint8_t *at = bytes;

    for (size_t i = 0; i < len; i++) {
        const int64_t deadline_us = sim->now_us + timeout_ms * 1000LL;

        trigger(sim, SIM_AT_BYTE, sim->taken);
        while (!is_gone(self) && !has_room(sim) && tick(sim, deadline_us))
            ;
        if (is_gone(self))
            return fail_gone(err);
        if (!has_room(sim))
            return atl_fail(err, ATL_E_TIMEOUT,
                            "the printer took nothing for %u ms, %zu bytes left: look at its "
                            "paper, its cover and its lamps",
                            timeout_ms, len - i);
        accept(sim, at[i]);
        link->accepted_bytes++;
    }
    trigger(sim, SIM_AT_BYTE, sim->taken);
    return ATL_OK;
}

static atl_code sim_read(struct atl_link *link, void *bytes, size_t cap, size_t *got,
                         unsigned timeout_ms, struct atl_error *err)
{
    struct sim_link *self = (struct sim_link *)link;
    struct sim *sim = self->sim;
    const int64_t deadline_us = sim->now_us + timeout_ms * 1000LL;

    happen(sim);
    while (!is_gone(self) && !sim->answer_count && tick(sim, deadline_us))
        ;
    if (is_gone(self))
        return fail_gone(err);
    if (!sim->answer_count)
        return atl_fail(err, ATL_E_TIMEOUT, "the printer gave no answer in %u ms", timeout_ms);
    *got = cap < sim->answer_count ? cap : sim->answer_count;
    memcpy(bytes, sim->answers, *got);
    sim->answer_count -= *got;
    memmove(sim->answers, sim->answers + *got, sim->answer_count);
    return ATL_OK;
}

static void sim_close(struct atl_link *link)
{
    struct sim_link *self = (struct sim_link *)link;

    self->sim->is_open = false;
    free(self);
}

static atl_code sim_tend(struct atl_link *link, bool *has_news, struct atl_error *err)
{
    struct sim_link *self = (struct sim_link *)link;

    happen(self->sim);
    if (is_gone(self))
        return fail_gone(err);
    *has_news = self->sim->answer_count > 0;
    return ATL_OK;
}

static atl_code sim_port(struct atl_link *link, uint32_t *flags, struct atl_error *err)
{
    struct sim_link *self = (struct sim_link *)link;
    const uint32_t now = self->sim->conditions;
    const uint32_t errors =
        SIM_PAPER_OUT | SIM_COVER_OPEN | SIM_CUTTER_JAM | SIM_HOT | SIM_RIBBON_OUT;

    if (is_gone(self))
        return fail_gone(err);
    if (!self->sim->has_port)
        return atl_fail(err, ATL_E_UNSUPPORTED, "the printer says nothing about its port");
    *flags = (now & SIM_PAPER_OUT ? ATL_LINK_PORT_PAPER_OUT : 0u) |
             (now & (SIM_OFFLINE | SIM_PAUSED) ? ATL_LINK_PORT_OFFLINE : 0u) |
             (now & errors ? ATL_LINK_PORT_ERROR : 0u);
    return ATL_OK;
}

static int64_t sim_link_now_ms(const struct atl_link *link)
{
    return sim_now_ms(((const struct sim_link *)link)->sim);
}

static void sim_link_pause(struct atl_link *link, unsigned ms)
{
    sim_pass(((struct sim_link *)link)->sim, ms);
}

static const struct atl_link_ops both_ways = {
    .scheme = "sim",
    .write = sim_write,
    .read = sim_read,
    .close = sim_close,
    .tend = sim_tend,
    .port = sim_port,
    .now_ms = sim_link_now_ms,
    .pause = sim_link_pause,
};

static const struct atl_link_ops one_way = {
    .scheme = "sim",
    .write = sim_write,
    .close = sim_close,
    .tend = sim_tend,
    .port = sim_port,
    .now_ms = sim_link_now_ms,
    .pause = sim_link_pause,
};

atl_code sim_open_link(void *ctx, struct atl_link **out, struct atl_error *err)
{
    struct sim *sim = ctx;
    struct sim_link *link;

    happen(sim);
    if (is_away(sim))
        return atl_fail(err, ATL_E_NOT_FOUND,
                        "the printer is not there: plug it in and switch it on");
    if (sim->is_open)
        return atl_fail(err, ATL_E_BUSY, "somebody has the printer open already");
    link = must(calloc(1, sizeof *link));
    link->base.carries = sim->carries;
    link->base.ops = sim->carries == ATL_LINK_CARRIES_ANSWERS ? &both_ways : &one_way;
    link->sim = sim;
    link->session = sim->session;
    sim->is_open = true;
    *out = &link->base;
    return ATL_OK;
}

// ---- For tests ----

struct sim *sim_make(const struct atl_driver *driver, const struct atl_model *model,
                     const char *media)
{
    struct sim *sim = must(calloc(1, sizeof *sim));

    sim->persona = sim_persona_find(driver->name);
    if (!sim->persona)
        abort();
    sim->model = model;
    sim->carries = ATL_LINK_CARRIES_ANSWERS;
    sim->has_port = true;
    sim->self = must(calloc(1, sim->persona->size));
    (void)snprintf(sim->first_media, sizeof sim->first_media, "%s",
                   media                ? media
                   : model->media_count ? model->media[0].id
                                        : "");
    sim->conditions = SIM_OFF;
    sim_reset(sim);
    return sim;
}

static void forget_papers(struct sim *sim)
{
    for (size_t i = 0; i < sim->paper_count; i++)
        atl_buf_free(&sim->papers[i].ink);
    free(sim->papers);
    sim->papers = NULL;
    sim->paper_count = 0;
    sim->paper_cap = 0;
    sim->blank_count = 0;
}

void sim_free(struct sim *sim)
{
    if (!sim)
        return;
    if (!(sim->conditions & SIM_OFF))
        switch_off(sim);
    forget_papers(sim);
    atl_buf_free(&sim->stream);
    atl_buf_free(&sim->kinds);
    free(sim->self);
    free(sim);
}

void sim_reset(struct sim *sim)
{
    sim->plan_count = 0;
    if (!(sim->conditions & SIM_OFF))
        change(sim, SIM_OFF);
    forget_papers(sim);
    atl_buf_free(&sim->stream);
    atl_buf_free(&sim->kinds);
    atl_buf_init(&sim->stream, 64 * 1024 * 1024);
    atl_buf_init(&sim->kinds, 64 * 1024 * 1024);
    sim->head = 0;
    sim->garbage_count = 0;
    sim->garbage[0] = '\0';
    sim_load(sim, sim->first_media);
    change(sim, 0);
    sim_plan(sim, NULL, 0);
}

void sim_set(struct sim *sim, uint32_t conditions)
{
    change(sim, sim->conditions | conditions);
    happen(sim);
}

void sim_clear(struct sim *sim, uint32_t conditions)
{
    change(sim, sim->conditions & ~conditions);
    happen(sim);
}

void sim_load(struct sim *sim, const char *media)
{
    (void)snprintf(sim->media, sizeof sim->media, "%s", media);
}

uint32_t sim_conditions(const struct sim *sim)
{
    return sim->conditions;
}

void sim_plan(struct sim *sim, const struct sim_fault *faults, size_t count)
{
    if (count > SIM_FAULTS_MAX)
        abort();
    for (size_t i = 0; i < count; i++)
        sim->plan[i] = (struct sim_plan){.fault = faults[i]};
    sim->plan_count = count;
    sim->planned_us = sim->now_us;
    sim->taken = 0;
    sim->rows = 0;
    happen(sim);
}

void sim_watch(struct sim *sim, int64_t ms, bool is_after_fault, void (*look)(void *ctx), void *ctx)
{
    sim->look = look;
    sim->look_ctx = ctx;
    sim->look_after_us = ms * 1000;
    sim->look_us = is_after_fault ? INT64_MAX : sim->now_us + ms * 1000;
}

int64_t sim_now_ms(const struct sim *sim)
{
    return sim->now_us / 1000;
}

void sim_sleep(struct sim *sim, int64_t ms)
{
    const int64_t until_us = sim->now_us + ms * 1000;

    sim->has_moved = false;
    happen(sim);
    while (!sim->has_moved && !(sim->is_open && sim->answer_count) && tick(sim, until_us))
        ;
}

void sim_pass(struct sim *sim, int64_t ms)
{
    const int64_t until_us = sim->now_us + ms * 1000;

    while (tick(sim, until_us))
        ;
}

size_t sim_papers(struct sim *sim, const struct sim_paper **papers)
{
    *papers = sim->papers;
    return sim->paper_count;
}

int sim_garbage_count(const struct sim *sim)
{
    return sim->garbage_count;
}

const char *sim_garbage_why(const struct sim *sim)
{
    return sim->garbage;
}

const uint8_t *sim_stream(const struct sim *sim, size_t *len, const uint8_t **kinds)
{
    *len = sim->stream.len;
    *kinds = sim->kinds.data;
    return sim->stream.data;
}

uint64_t sim_printed_rows(const struct sim *sim)
{
    return sim->rows;
}

const char *sim_first_media(const struct sim *sim)
{
    return sim->first_media;
}

const char *sim_other_media(const struct sim *sim)
{
    for (size_t i = 0; i < sim->model->media_count; i++) {
        if (strcmp(sim->model->media[i].id, sim->first_media) != 0)
            return sim->model->media[i].id;
    }
    return "";
}

void sim_set_link(struct sim *sim, enum atl_link_carries carries, bool has_port)
{
    sim->carries = carries;
    sim->has_port = has_port;
}

void sim_row_was_printed(struct sim *sim)
{
    sim->rows++;
    trigger(sim, SIM_AT_ROW, sim->rows);
}

// SPDX-License-Identifier: Apache-2.0
// What a persona may do: read its buffer, answer, and call what it does not understand garbage.
#include "tests/support/sim_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct atl_model *sim_model(const struct sim *sim)
{
    return sim->model;
}

const char *sim_media(const struct sim *sim)
{
    return sim->media;
}

int64_t sim_now_us(const struct sim *sim)
{
    return sim->now_us;
}

void sim_wake_in(struct sim *sim, int64_t us)
{
    sim->alarm_us = sim->now_us + (us > 0 ? us : 1);
}

bool sim_next(struct sim *sim, uint8_t *byte)
{
    if (!sim_peek(sim, 0, byte))
        return false;
    sim->head++;
    return true;
}

bool sim_peek(const struct sim *sim, size_t ahead, uint8_t *byte)
{
    if (ahead >= sim_waiting(sim))
        return false;
    *byte = sim->stream.data[sim->head + ahead];
    return true;
}

size_t sim_waiting(const struct sim *sim)
{
    return sim->stream.len - sim->head;
}

void sim_forget(struct sim *sim)
{
    sim->head = sim->stream.len;
}

void sim_is_dots(struct sim *sim)
{
    if (sim->head)
        sim->kinds.data[sim->head - 1] = 1;
}

// One that is deaf still says how it is; when nobody listens the newest is lost.
void sim_answer(struct sim *sim, const void *bytes, size_t len)
{
    if (sim->conditions & (SIM_UNPLUGGED | SIM_OFF) || sim->conditions & SIM_SILENT ||
        sim->carries != ATL_LINK_CARRIES_ANSWERS || len > sizeof sim->answers - sim->answer_count)
        return;
    memcpy(sim->answers + sim->answer_count, bytes, len);
    sim->answer_count += len;
}

void sim_garbage(struct sim *sim, const char *fmt, ...)
{
    va_list args;

    if (!sim->garbage_count++) {
        const int len = snprintf(sim->garbage, sizeof sim->garbage, "byte %zu: ", sim->head);

        va_start(args, fmt);
        (void)vsnprintf(sim->garbage + len, sizeof sim->garbage - (size_t)len, fmt, args);
        va_end(args);
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "drivers/link/bulk.h"

#include <string.h>

enum {
    CBW_BYTES = 31,
    CSW_BYTES = 13,
    CBW_MAGIC = 0x43425355,
    CSW_MAGIC = 0x53425355,
    BLOCK_MAX = 16,
    ATTEMPTS = 3,
    CSW_FAILED = 1,
};

// How one attempt ended.
enum outcome { GOOD, AGAIN, SILENT, GONE };

static void put32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static enum outcome outcome_of(enum bulk_result result)
{
    switch (result) {
    case BULK_DONE:
        return GOOD;
    case BULK_LATE:
        return SILENT;
    case BULK_GONE:
        return GONE;
    case BULK_STALLED:
    case BULK_BROKEN:
        break;
    }
    return AGAIN;
}

static enum outcome send_command(struct bulk *bulk, const struct bulk_command *command)
{
    uint8_t cbw[CBW_BYTES] = {0};
    size_t done = 0;
    enum bulk_result result;

    put32(cbw, CBW_MAGIC);
    put32(cbw + 4, ++bulk->tag);
    put32(cbw + 8, (uint32_t)command->len);
    cbw[12] = command->way == BULK_IN ? 0x80 : 0;
    cbw[13] = bulk->unit;
    cbw[14] = (uint8_t)command->block_len;
    memcpy(cbw + 15, command->block,
           command->block_len < BLOCK_MAX ? command->block_len : BLOCK_MAX);
    result = bulk->transport->out(bulk->transport, cbw, sizeof cbw, bulk->timeout_ms, &done);
    return result == BULK_DONE && done != sizeof cbw ? AGAIN : outcome_of(result);
}

static enum outcome move_data(struct bulk *bulk, struct bulk_command *command)
{
    struct bulk_transport *transport = bulk->transport;
    enum bulk_result result = BULK_DONE;

    command->moved = 0;
    if (command->way == BULK_OUT)
        result = transport->out(transport, command->out, command->len, bulk->timeout_ms,
                                &command->moved);
    if (command->way == BULK_IN)
        result =
            transport->in(transport, command->in, command->len, bulk->timeout_ms, &command->moved);
    // A device that has no more, or wants no more, says so with a stall; its status says why.
    if (result == BULK_STALLED)
        result = transport->clear_halt(transport, command->way == BULK_IN);
    return outcome_of(result);
}

static enum outcome take_status(struct bulk *bulk, struct bulk_command *command)
{
    struct bulk_transport *transport = bulk->transport;
    uint8_t csw[CSW_BYTES] = {0};
    size_t done = 0;
    enum bulk_result result = transport->in(transport, csw, sizeof csw, bulk->timeout_ms, &done);

    if (result == BULK_STALLED) {
        result = transport->clear_halt(transport, true);
        if (result == BULK_DONE)
            result = transport->in(transport, csw, sizeof csw, bulk->timeout_ms, &done);
    }
    if (result != BULK_DONE)
        return outcome_of(result);
    if (done != sizeof csw || get32(csw) != CSW_MAGIC || get32(csw + 4) != bulk->tag ||
        get32(csw + 8) > command->len || csw[12] > CSW_FAILED)
        return AGAIN; // 2 is the phase error
    command->is_refused = csw[12] == CSW_FAILED;
    if (command->len - get32(csw + 8) < command->moved)
        command->moved = command->len - get32(csw + 8);
    return GOOD;
}

static enum outcome recover(struct bulk *bulk)
{
    struct bulk_transport *transport = bulk->transport;
    enum bulk_result result = transport->reset(transport);

    if (result != BULK_GONE)
        result = transport->clear_halt(transport, true);
    if (result != BULK_GONE)
        result = transport->clear_halt(transport, false);
    return result == BULK_GONE ? GONE : AGAIN;
}

static enum outcome attempt(struct bulk *bulk, struct bulk_command *command)
{
    enum outcome outcome = send_command(bulk, command);

    if (outcome == GOOD)
        outcome = move_data(bulk, command);
    if (outcome == GOOD)
        outcome = take_status(bulk, command);
    return outcome;
}

atl_code bulk_run(struct bulk *bulk, struct bulk_command *command, struct atl_error *err)
{
    enum outcome outcome = AGAIN;

    for (int i = 0; i < ATTEMPTS && outcome != GOOD && outcome != GONE; i++) {
        outcome = attempt(bulk, command);
        if (outcome == GOOD)
            return ATL_OK;
        if (outcome != GONE && recover(bulk) == GONE)
            outcome = GONE;
        // Silence has cost its whole time limit already.
        if (outcome == SILENT)
            break;
    }
    if (outcome == GONE)
        return atl_fail(err, ATL_E_IO,
                        "it vanished: plug it in again and see whether the design is there");
    if (outcome == SILENT)
        return atl_fail(err, ATL_E_TIMEOUT,
                        "it does not answer: plug it in again, else take another stick");
    return atl_fail(err, ATL_E_IO,
                    "it is confused, and a reset does not help: plug it in again, else take "
                    "another stick");
}

// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_stick.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { BLOCK = 512, CBW_BYTES = 31, CSW_BYTES = 13, IN = 1, OUT = 2 };
enum stage { IDLE, DATA_IN, DATA_OUT, STATUS };

struct fake_stick *fake_stick_new(struct fat_image *image)
{
    struct fake_stick *stick =
        mmap(NULL, sizeof *stick, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (stick == MAP_FAILED)
        abort();
    stick->image = image;
    fake_stick_reset(stick);
    return stick;
}

void fake_stick_free(struct fake_stick *stick)
{
    munmap(stick, sizeof *stick);
}

void fake_stick_reset(struct fake_stick *stick)
{
    *stick = (struct fake_stick){.image = stick->image,
                                 .fault_at = UINT32_MAX,
                                 .unplug_after = UINT64_MAX,
                                 .bad_block = UINT32_MAX};
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint32_t get_be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | (uint32_t)at[3];
}

static void put32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static void put_be32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

// How many of `len` bytes go over before the cable is out.
static size_t until_unplugged(struct fake_stick *stick, size_t len)
{
    uint64_t left =
        stick->moved_bytes < stick->unplug_after ? stick->unplug_after - stick->moved_bytes : 0;

    if (left < len)
        len = (size_t)left;
    stick->moved_bytes += len;
    return len;
}

static bool is_unplugged(const struct fake_stick *stick)
{
    return stick->moved_bytes >= stick->unplug_after;
}

static void refuse(struct fake_stick *stick, uint8_t key, uint8_t asc)
{
    stick->status = 1;
    stick->key = key;
    stick->asc = asc;
}

static bool has_fault(const struct fake_stick *stick, enum stick_fault fault)
{
    return stick->is_faulty && stick->fault == fault;
}

// The blocks that READ and WRITE mean. False: beyond the end, or broken.
static bool check_blocks(struct fake_stick *stick)
{
    uint32_t first = get_be32(stick->block + 2);
    uint32_t count = (uint32_t)stick->block[7] << 8 | stick->block[8];

    if ((uint64_t)first + count > stick->image->len / BLOCK || count * BLOCK != stick->want) {
        refuse(stick, 5, 0x21);
        return false;
    }
    if (stick->bad_block - first < count) {
        refuse(stick, 3, 0x11);
        return false;
    }
    return true;
}

static void answer(struct fake_stick *stick, const uint8_t *bytes, size_t len)
{
    memset(stick->data, 0, sizeof stick->data);
    memcpy(stick->data, bytes, len);
    stick->residue = stick->want > len ? stick->want - (uint32_t)len : 0;
}

static void do_inquiry(struct fake_stick *stick)
{
    uint8_t bytes[36] = {0, 0x80, 4, 2, 31};

    bytes[0] = stick->device_type;
    memcpy(bytes + 8, "Atelier Test stick      1.00", 28);
    answer(stick, bytes, sizeof bytes);
}

static void do_ready(struct fake_stick *stick)
{
    if (stick->has_no_medium)
        refuse(stick, 2, 0x3a);
    else if (stick->not_ready) {
        stick->not_ready--;
        refuse(stick, 2, 0x04);
    }
}

static void do_sense(struct fake_stick *stick)
{
    uint8_t bytes[18] = {0x70, 0, stick->key, 0, 0, 0, 0, 10, 0, 0, 0, 0, stick->asc};

    answer(stick, bytes, sizeof bytes);
    stick->key = stick->asc = 0;
}

static void do_capacity(struct fake_stick *stick)
{
    uint8_t bytes[8];

    put_be32(bytes, (uint32_t)(stick->image->len / BLOCK) - 1);
    put_be32(bytes + 4, BLOCK);
    answer(stick, bytes, sizeof bytes);
}

static void do_mode(struct fake_stick *stick)
{
    uint8_t bytes[4] = {3, 0, stick->is_protected ? 0x80 : 0, 0};

    if (stick->knows_no_mode_sense)
        refuse(stick, 5, 0x20);
    else
        answer(stick, bytes, sizeof bytes);
}

static void do_read(struct fake_stick *stick)
{
    (void)check_blocks(stick);
}

static void do_write(struct fake_stick *stick)
{
    if (stick->is_protected || stick->is_protected_secretly)
        refuse(stick, 7, 0x27);
    else
        (void)check_blocks(stick);
}

static void do_flush(struct fake_stick *stick)
{
    stick->flushes++;
    if (stick->knows_no_cache_command)
        refuse(stick, 5, 0x20);
}

static void do_start_stop(struct fake_stick *stick)
{
    stick->ejects += stick->block[4] == 2;
}

static const struct {
    uint8_t code;
    void (*act)(struct fake_stick *stick);
} acts[] = {
    {0x00, do_ready     },
    {0x03, do_sense     },
    {0x12, do_inquiry   },
    {0x1a, do_mode      },
    {0x1b, do_start_stop},
    {0x25, do_capacity  },
    {0x28, do_read      },
    {0x2a, do_write     },
    {0x35, do_flush     },
};

static void act(struct fake_stick *stick)
{
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        if (acts[i].code == stick->block[0]) {
            acts[i].act(stick);
            return;
        }
    }
    refuse(stick, 5, 0x20);
}

static enum bulk_result take_command(struct fake_stick *stick, const uint8_t *cbw, size_t len)
{
    bool is_in;

    if (stick->must_be_reset) {
        stick->violations++;
        return BULK_STALLED;
    }
    if (len != CBW_BYTES || get32(cbw) != 0x43425355) {
        stick->violations++;
        return BULK_STALLED;
    }
    is_in = (cbw[12] & 0x80) != 0;
    stick->tag = get32(cbw + 4);
    stick->want = get32(cbw + 8);
    stick->residue = 0;
    stick->status = 0;
    memcpy(stick->block, cbw + 15, 16);
    stick->is_faulty = stick->commands++ == stick->fault_at;
    if (has_fault(stick, STICK_STALLS_COMMAND)) {
        stick->must_be_reset = true;
        return BULK_STALLED;
    }
    if (has_fault(stick, STICK_ABORTS))
        refuse(stick, 11, 0);
    else if (has_fault(stick, STICK_WAS_RESET))
        refuse(stick, 6, 0x29);
    else
        act(stick);
    stick->stage = !stick->want ? STATUS : is_in ? DATA_IN : DATA_OUT;
    return BULK_DONE;
}

// What is refused has no data: the pipe stalls, the status says the rest.
static bool stalls_data(struct fake_stick *stick, uint8_t pipe)
{
    if (has_fault(stick, STICK_STALLS_DATA))
        refuse(stick, 11, 0);
    if (!stick->status)
        return false;
    stick->halted |= pipe;
    stick->residue = stick->want;
    stick->stage = STATUS;
    return true;
}

static void write_blocks(struct fake_stick *stick, const uint8_t *bytes, size_t len)
{
    uint64_t first = get_be32(stick->block + 2);

    for (size_t i = 0; !stick->drops_writes && i < len / BLOCK; i++)
        fat_image_poke(stick->image, first + i, bytes + i * BLOCK);
}

static enum bulk_result stick_out(struct bulk_transport *transport, const void *bytes, size_t len,
                                  unsigned timeout_ms, size_t *done)
{
    struct fake_stick *stick = transport->context;
    enum bulk_result result = BULK_DONE;

    (void)timeout_ms;
    *done = until_unplugged(stick, len);
    if (stick->stage == DATA_OUT && !stick->status && !stick->is_faulty)
        write_blocks(stick, bytes, *done);
    if (is_unplugged(stick))
        return BULK_GONE;
    if (stick->halted & OUT) {
        stick->violations++;
        return BULK_STALLED;
    }
    if (stick->stage == IDLE)
        return take_command(stick, bytes, len);
    if (stick->stage != DATA_OUT)
        return stick->violations++, BULK_STALLED;
    if (has_fault(stick, STICK_SILENT)) {
        stick->must_be_reset = true;
        return BULK_LATE;
    }
    if (stalls_data(stick, OUT)) {
        *done = 0;
        return BULK_STALLED;
    }
    if (stick->is_faulty && !has_fault(stick, STICK_SHORT_DATA))
        write_blocks(stick, bytes, len);
    if (has_fault(stick, STICK_SHORT_DATA)) {
        write_blocks(stick, bytes, len / 2);
        refuse(stick, 11, 0);
        stick->residue = (uint32_t)len / 2;
        *done = len / 2;
        stick->halted |= OUT;
        result = BULK_STALLED;
    }
    stick->stage = STATUS;
    return result;
}

static enum bulk_result give_data(struct fake_stick *stick, uint8_t *bytes, size_t len,
                                  size_t *done)
{
    size_t give = len - stick->residue;

    if (stalls_data(stick, IN))
        return BULK_STALLED;
    if (has_fault(stick, STICK_SHORT_DATA)) {
        give /= 2;
        refuse(stick, 11, 0);
        stick->residue = (uint32_t)(len - give);
    }
    *done = until_unplugged(stick, give);
    if (stick->block[0] == 0x28)
        memcpy(bytes, stick->image->bytes + (size_t)get_be32(stick->block + 2) * BLOCK, *done);
    else
        memcpy(bytes, stick->data, *done);
    stick->stage = STATUS;
    return is_unplugged(stick) ? BULK_GONE : BULK_DONE;
}

static enum bulk_result give_status(struct fake_stick *stick, uint8_t *bytes, size_t *done)
{
    uint8_t csw[CSW_BYTES];
    size_t len = has_fault(stick, STICK_SHORT_STATUS) ? 5 : CSW_BYTES;

    if (has_fault(stick, STICK_STALLS_STATUS)) {
        stick->is_faulty = false;
        stick->halted |= IN;
        return BULK_STALLED;
    }
    put32(csw, has_fault(stick, STICK_WRONG_MAGIC) ? 0x12345678 : 0x53425355);
    put32(csw + 4, stick->tag + has_fault(stick, STICK_WRONG_TAG));
    put32(csw + 8, has_fault(stick, STICK_WRONG_RESIDUE) ? stick->want + 1 : stick->residue);
    csw[12] = has_fault(stick, STICK_PHASE_ERROR) ? 2 : stick->status;
    stick->must_be_reset =
        has_fault(stick, STICK_PHASE_ERROR) || has_fault(stick, STICK_SHORT_STATUS) ||
        has_fault(stick, STICK_WRONG_TAG) || has_fault(stick, STICK_WRONG_MAGIC) ||
        has_fault(stick, STICK_WRONG_RESIDUE);
    *done = until_unplugged(stick, len);
    memcpy(bytes, csw, *done);
    stick->stage = IDLE;
    return is_unplugged(stick) ? BULK_GONE : BULK_DONE;
}

static enum bulk_result stick_in(struct bulk_transport *transport, void *bytes, size_t len,
                                 unsigned timeout_ms, size_t *done)
{
    struct fake_stick *stick = transport->context;

    (void)timeout_ms;
    *done = 0;
    if (is_unplugged(stick))
        return BULK_GONE;
    if (stick->halted & IN)
        return stick->violations++, BULK_STALLED;
    if (has_fault(stick, STICK_SILENT)) {
        stick->must_be_reset = true;
        return BULK_LATE;
    }
    if (stick->stage == DATA_IN && len == stick->want)
        return give_data(stick, bytes, len, done);
    if (stick->stage == STATUS && len == CSW_BYTES)
        return give_status(stick, bytes, done);
    return stick->violations++, BULK_STALLED;
}

static enum bulk_result stick_clear(struct bulk_transport *transport, bool is_in)
{
    struct fake_stick *stick = transport->context;

    if (is_unplugged(stick))
        return BULK_GONE;
    stick->halted &= (uint8_t) ~(is_in ? IN : OUT);
    return BULK_DONE;
}

static enum bulk_result stick_reset(struct bulk_transport *transport)
{
    struct fake_stick *stick = transport->context;

    if (is_unplugged(stick))
        return BULK_GONE;
    stick->resets++;
    stick->must_be_reset = false;
    stick->is_faulty = false;
    stick->stage = IDLE;
    stick->halted = IN | OUT; // both must be cleared, as the specification says
    return BULK_DONE;
}

struct bulk_transport fake_stick_transport(struct fake_stick *stick)
{
    return (struct bulk_transport){stick, stick_out, stick_in, stick_clear, stick_reset};
}

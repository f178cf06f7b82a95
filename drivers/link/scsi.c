// SPDX-License-Identifier: Apache-2.0
#include "drivers/link/scsi.h"

#include "drivers/link/parts.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

enum {
    TEST_UNIT_READY = 0x00,
    REQUEST_SENSE = 0x03,
    INQUIRY = 0x12,
    MODE_SENSE_6 = 0x1a,
    START_STOP_UNIT = 0x1b,
    READ_CAPACITY_10 = 0x25,
    READ_10 = 0x28,
    WRITE_10 = 0x2a,
    SYNCHRONIZE_CACHE_10 = 0x35,

    SENSE_BYTES = 18,
    INQUIRY_BYTES = 36,
    MODE_BYTES = 192, // what other systems ask for: some devices answer nothing else
    MOVE_BYTES_MAX = 64 * 1024,
    ATTEMPTS = 3,
    LOOK_EACH_MS = 50,

    KEY_NOT_READY = 2,
    KEY_MEDIUM = 3,
    KEY_HARDWARE = 4,
    KEY_ILLEGAL = 5,
    KEY_ATTENTION = 6,
    KEY_PROTECTED = 7,
    KEY_ABORTED = 11,
    ASC_ANY = -1,
    ASC_NO_MEDIUM = 0x3a,
    ASC_CHANGED = 0x28,
};

struct sense {
    unsigned key;
    unsigned asc;
};

static const struct cause {
    unsigned key;
    int asc;
    atl_code code;
    const char *words;
} causes[] = {
    {KEY_PROTECTED, ASC_ANY,       ATL_E_DEVICE,      "it is write-protected: move the stick's switch"},
    {KEY_NOT_READY, ASC_NO_MEDIUM, ATL_E_NOT_FOUND,   "no medium is in: put the stick or card in"     },
    {KEY_NOT_READY, ASC_ANY,       ATL_E_TIMEOUT,
     "it does not get ready: switch the machine to receiving, or plug it in again"                    },
    {KEY_ATTENTION, ASC_CHANGED,   ATL_E_IO,          "it was changed meanwhile: plug it in again"    },
    {KEY_MEDIUM,    ASC_ANY,       ATL_E_IO,          "it has broken places: take another stick"      },
    {KEY_HARDWARE,  ASC_ANY,       ATL_E_IO,          "it is broken: take another stick"              },
    {KEY_ILLEGAL,   ASC_ANY,       ATL_E_UNSUPPORTED,
     "it does not know a command that every stick knows: take another stick"                          },
};

static atl_code fail_sense(const struct sense *sense, struct atl_error *err)
{
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        if (causes[i].key == sense->key &&
            (causes[i].asc == ASC_ANY || causes[i].asc == (int)sense->asc))
            return atl_fail(err, causes[i].code, "%s", causes[i].words);
    }
    return atl_fail(err, ATL_E_IO, "it refuses with sense %x/%02x: plug it in again", sense->key,
                    sense->asc);
}

static void put_be32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static uint32_t get_be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | (uint32_t)at[3];
}

static atl_code ask_sense(struct scsi_disk *disk, struct sense *out, struct atl_error *err)
{
    uint8_t block[6] = {REQUEST_SENSE, 0, 0, 0, SENSE_BYTES, 0}, bytes[SENSE_BYTES] = {0};
    struct bulk_command command = {.block = block,
                                   .block_len = sizeof block,
                                   .way = BULK_IN,
                                   .in = bytes,
                                   .len = sizeof bytes};
    atl_code rc = bulk_run(&disk->bulk, &command, err);

    if (!rc)
        *out = (struct sense){command.moved >= 14 ? bytes[2] & 0x0fu : 0,
                              command.moved >= 14 ? bytes[12] : 0};
    return rc;
}

// One command. *sense has key 0 when it was taken.
static atl_code run(struct scsi_disk *disk, struct bulk_command *command, struct sense *sense,
                    struct atl_error *err)
{
    atl_code rc = bulk_run(&disk->bulk, command, err);

    *sense = (struct sense){0, 0};
    if (rc || !command->is_refused)
        return rc;
    rc = ask_sense(disk, sense, err);
    // It said no and gives no reason.
    if (!rc && !sense->key)
        sense->key = KEY_ABORTED;
    return rc;
}

// Attentions that only say "I was reset" and aborted commands are nothing; they are sent again.
static bool is_passing(const struct sense *sense)
{
    return sense->key == KEY_ABORTED || (sense->key == KEY_ATTENTION && sense->asc != ASC_CHANGED);
}

static atl_code run_to_end(struct scsi_disk *disk, struct bulk_command *command,
                           struct atl_error *err)
{
    struct sense sense = {0, 0};

    for (int i = 0; i < ATTEMPTS; i++) {
        atl_code rc = run(disk, command, &sense, err);

        if (rc || !sense.key)
            return rc;
        if (!is_passing(&sense))
            break;
    }
    return fail_sense(&sense, err);
}

static void take_words(struct scsi_disk *disk, const uint8_t *inquiry)
{
    size_t len = 0;

    for (size_t i = 8; i < 32; i++) {
        char letter = inquiry[i] > ' ' && inquiry[i] <= '~' ? (char)inquiry[i] : ' ';

        if (letter != ' ' || (len && disk->words[len - 1] != ' '))
            disk->words[len++] = letter;
    }
    while (len && disk->words[len - 1] == ' ')
        len--;
    disk->words[len] = 0;
}

static atl_code inquire(struct scsi_disk *disk, struct atl_error *err)
{
    uint8_t block[6] = {INQUIRY, 0, 0, 0, INQUIRY_BYTES, 0}, bytes[INQUIRY_BYTES] = {0};
    struct bulk_command command = {.block = block,
                                   .block_len = sizeof block,
                                   .way = BULK_IN,
                                   .in = bytes,
                                   .len = sizeof bytes};
    atl_code rc = run_to_end(disk, &command, err);

    if (rc)
        return rc;
    take_words(disk, bytes);
    if ((bytes[0] & 0x1f) != 0)
        return atl_fail(err, ATL_E_UNSUPPORTED, "it is no disk (%s): see the machine's USB mode",
                        disk->words);
    return ATL_OK;
}

static atl_code wait_ready(struct scsi_disk *disk, unsigned ready_ms, struct atl_error *err)
{
    int64_t deadline = link_now_ms() + ready_ms;
    uint8_t block[6] = {TEST_UNIT_READY};

    for (;;) {
        struct bulk_command command = {.block = block, .block_len = sizeof block};
        struct sense sense;
        atl_code rc = run(disk, &command, &sense, err);

        if (rc || !sense.key)
            return rc;
        if (sense.key != KEY_NOT_READY && sense.key != KEY_ATTENTION && sense.key != KEY_ABORTED)
            return fail_sense(&sense, err);
        if (link_now_ms() >= deadline)
            return fail_sense(&sense, err);
        poll(NULL, 0, LOOK_EACH_MS);
    }
}

static atl_code ask_capacity(struct scsi_disk *disk, struct atl_error *err)
{
    uint8_t block[10] = {READ_CAPACITY_10}, bytes[8] = {0};
    struct bulk_command command = {.block = block,
                                   .block_len = sizeof block,
                                   .way = BULK_IN,
                                   .in = bytes,
                                   .len = sizeof bytes};
    atl_code rc = run_to_end(disk, &command, err);
    uint32_t last = get_be32(bytes), size = get_be32(bytes + 4);

    if (rc)
        return rc;
    if (command.moved != sizeof bytes || size < 512 || size > 4096 || (size & (size - 1)) ||
        last == 0xffffffff)
        return atl_fail(err, ATL_E_UNSUPPORTED,
                        "it has %u blocks of %u bytes: take a stick of 32 GB or less",
                        (unsigned)last, (unsigned)size);
    disk->block_bytes = size;
    disk->block_count = (uint64_t)last + 1;
    return ATL_OK;
}

// Known before the first byte where the device tells; where it does not, the write says so.
static atl_code ask_protection(struct scsi_disk *disk, struct atl_error *err)
{
    uint8_t block[6] = {MODE_SENSE_6, 0, 0x3f, 0, MODE_BYTES, 0}, bytes[MODE_BYTES] = {0};
    struct bulk_command command = {.block = block,
                                   .block_len = sizeof block,
                                   .way = BULK_IN,
                                   .in = bytes,
                                   .len = sizeof bytes};
    struct sense sense;
    atl_code rc = run(disk, &command, &sense, err);

    if (!rc && !sense.key && command.moved >= 4)
        disk->is_write_protected = (bytes[2] & 0x80) != 0;
    return rc;
}

atl_code scsi_open(struct scsi_disk *disk, struct bulk_transport *transport, unsigned timeout_ms,
                   unsigned ready_ms, struct atl_error *err)
{
    atl_code rc;

    *disk = (struct scsi_disk){
        .bulk = {.transport = transport, .timeout_ms = timeout_ms}
    };
    rc = inquire(disk, err);
    if (!rc)
        rc = wait_ready(disk, ready_ms, err);
    if (!rc)
        rc = ask_capacity(disk, err);
    return rc ? rc : ask_protection(disk, err);
}

static atl_code move(struct scsi_disk *disk, uint64_t block, uint32_t count, void *in,
                     const void *out, struct atl_error *err)
{
    uint32_t piece = MOVE_BYTES_MAX / disk->block_bytes;

    if (block + count > disk->block_count)
        return atl_fail(err, ATL_E_CORRUPT, "it points beyond its own end: format it again");
    for (uint32_t at = 0; at < count; at += piece) {
        uint32_t part = count - at < piece ? count - at : piece;
        size_t offset = (size_t)at * disk->block_bytes;
        uint8_t bytes[10] = {in ? READ_10 : WRITE_10};
        struct bulk_command command = {.block = bytes,
                                       .block_len = sizeof bytes,
                                       .way = in ? BULK_IN : BULK_OUT,
                                       .in = in ? (uint8_t *)in + offset : NULL,
                                       .out = out ? (const uint8_t *)out + offset : NULL,
                                       .len = (size_t)part * disk->block_bytes};
        atl_code rc;

        put_be32(bytes + 2, (uint32_t)(block + at));
        bytes[7] = (uint8_t)(part >> 8);
        bytes[8] = (uint8_t)part;
        rc = run_to_end(disk, &command, err);
        if (rc)
            return rc;
        if (command.moved != command.len)
            return atl_fail(err, ATL_E_IO,
                            "it took part of a block and says that all is well: take another "
                            "stick");
    }
    return ATL_OK;
}

static atl_code disk_read(struct fat_disk *fat, uint64_t block, uint32_t count, void *out,
                          struct atl_error *err)
{
    return move(fat->context, block, count, out, NULL, err);
}

static atl_code disk_write(struct fat_disk *fat, uint64_t block, uint32_t count, const void *bytes,
                           struct atl_error *err)
{
    return move(fat->context, block, count, NULL, bytes, err);
}

static atl_code disk_flush(struct fat_disk *fat, struct atl_error *err)
{
    struct scsi_disk *disk = fat->context;
    uint8_t block[10] = {SYNCHRONIZE_CACHE_10};
    struct bulk_command command = {.block = block, .block_len = sizeof block};
    struct sense sense;
    atl_code rc;

    if (disk->has_no_cache_command)
        return ATL_OK;
    for (int i = 0; i < ATTEMPTS; i++) {
        rc = run(disk, &command, &sense, err);
        if (rc || !sense.key)
            return rc;
        if (sense.key == KEY_ILLEGAL) {
            disk->has_no_cache_command = true;
            return ATL_OK;
        }
        if (!is_passing(&sense))
            break;
    }
    return fail_sense(&sense, err);
}

struct fat_disk scsi_as_fat_disk(struct scsi_disk *disk)
{
    return (struct fat_disk){
        .block_bytes = disk->block_bytes,
        .block_count = disk->block_count,
        .context = disk,
        .read = disk_read,
        .write = disk_write,
        .flush = disk_flush,
    };
}

bool scsi_eject(struct scsi_disk *disk)
{
    uint8_t block[6] = {START_STOP_UNIT, 0, 0, 0, 2, 0}; // stop, and eject
    struct bulk_command command = {.block = block, .block_len = sizeof block};

    return !bulk_run(&disk->bulk, &command, NULL) && !command.is_refused;
}

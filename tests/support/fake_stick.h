// SPDX-License-Identifier: Apache-2.0
// A USB stick of bulk-only transport over a FAT image, strict and with faults. It lives in shared
// memory, because a delivery runs in a child: the test sees afterwards what happened there.
#ifndef ATL_TESTS_SUPPORT_FAKE_STICK_H
#define ATL_TESTS_SUPPORT_FAKE_STICK_H

#include "drivers/link/bulk.h"
#include "tests/support/fat_image.h"

enum stick_fault {
    STICK_NO_FAULT,
    STICK_STALLS_COMMAND,
    STICK_STALLS_DATA,
    STICK_STALLS_STATUS,
    STICK_SHORT_STATUS,
    STICK_WRONG_TAG,
    STICK_WRONG_MAGIC,
    STICK_PHASE_ERROR,
    STICK_WRONG_RESIDUE,
    STICK_SHORT_DATA, // half of it, and says so in the status
    STICK_ABORTS,     // status 1, sense "aborted"
    STICK_WAS_RESET,  // status 1, sense "attention, reset"
    STICK_SILENT,     // takes the command, then nothing
    STICK_FAULTS
};

struct fake_stick {
    struct fat_image *image;
    // What is wrong with it; set before a delivery.
    enum stick_fault fault;
    uint32_t fault_at;     // number of the command, from 0
    uint64_t unplug_after; // bytes over all pipes; UINT64_MAX: never
    uint32_t not_ready;    // TEST UNIT READY says no so many times
    bool has_no_medium;
    bool is_protected;           // MODE SENSE says so
    bool is_protected_secretly;  // only the write says so
    bool knows_no_cache_command; // SYNCHRONIZE CACHE is refused as illegal
    bool knows_no_mode_sense;
    uint32_t bad_block; // reading or writing it is a medium error; UINT32_MAX: none
    bool drops_writes;  // takes them, says yes, and forgets: what reading back is for
    uint8_t device_type;
    // What happened; fake_stick_reset() clears it.
    uint64_t moved_bytes;
    uint32_t commands;
    uint32_t resets;
    uint32_t flushes;
    uint32_t ejects;
    uint32_t violations; // of the protocol, by the host
    // Inside.
    int stage;
    bool must_be_reset;
    uint8_t halted; // bit 0: in, bit 1: out
    uint32_t tag;
    uint32_t want;
    uint32_t residue;
    uint8_t block[16];
    uint8_t status;
    uint8_t key, asc;
    bool is_faulty; // the present command is the one with the fault
    uint8_t data[192];
};

struct fake_stick *fake_stick_new(struct fat_image *image);
void fake_stick_free(struct fake_stick *stick);
void fake_stick_reset(struct fake_stick *stick); // sound, and nothing has happened
struct bulk_transport fake_stick_transport(struct fake_stick *stick);

#endif

// SPDX-License-Identifier: Apache-2.0
// Tills: what one open register has, and the one table of them. Of the library's globals it is the
// only one that changes, beside the flag that the agent was started once.
#ifndef ATL_PLUGIN_TILL_H
#define ATL_PLUGIN_TILL_H

#include "plugin/wire/packet.h"
#include "plugin/wire/pos.h"
#include "sdk-shim/atelier_pos.h"

#include <stdalign.h>
#include <stdbool.h>
#include <sys/un.h>

enum {
    ATL_TILL_COUNT = 16,
    ATL_TILL_NOTICES = 8,
    ATL_TILL_HELLO_BYTES = 512,
    ATL_TILL_SENTENCE_BYTES = 768, // a longer one is cut
};

// A hint of the agent's that waits for next_event().
struct atl_till_notice {
    int32_t kind;
    uint32_t unit_index;
    char transaction_uuid[ATL_POS_KEY_MAX_BYTES + 1];
    char line_ref[ATL_POS_KEY_MAX_BYTES + 1];
    char piece_code[ATL_POS_KEY_MAX_BYTES + 1];
    char sentence[ATL_TILL_SENTENCE_BYTES];
};

struct atl_till {
    struct atl_pos_host host; // our own size of it; its language is not kept, see `language`
    char language[ATL_POS_KEY_MAX_BYTES + 1];
    struct sockaddr_un agent;
    uint8_t hello[ATL_TILL_HELLO_BYTES]; // the first packet of each connection
    size_t hello_len;

    int fd;       // the socket; -1 while the agent is away
    int poll_fd;  // epoll of the socket and bell_fd, given to the host; -1 until it asks
    int bell_fd;  // eventfd: notices wait here; -1 until the host asks
    bool is_rung; // bell_fd is readable
    uint32_t last_number;
    struct atl_error err;

    // The oldest is first; when it is full the oldest goes.
    struct atl_till_notice notices[ATL_TILL_NOTICES];
    uint32_t notice_first;
    uint32_t notice_count;

    // What is handed out, until the next call.
    struct atl_packet_file picture;
    struct atl_pos_arena arena; // of memory[]

    struct atl_frame frame; // question and answer of the current call
    alignas(max_align_t) uint8_t memory[ATL_POS_ARENA_BYTES];
};

// Memory, no descriptors. NULL: out of memory.
struct atl_till *atl_till_make(void);

// Closes and gives back everything; NULL is fine.
void atl_till_free(struct atl_till *till);

// Puts the till into a free place of the table, which owns it from then on; 0: all are taken.
atl_pos_till atl_till_settle(struct atl_till *till);

// Takes the till for one call; atl_till_leave() gives it back. ATL_E_INVALID: the handle is stale,
// was never one, or belongs to the process that this one was forked from. ATL_E_BUSY: another
// call is on it. [any-thread]
ATL_MUST_USE atl_code atl_till_enter(atl_pos_till handle, struct atl_till **out);
void atl_till_leave(atl_pos_till handle);

// Takes an entered till out of the table and leaves; it is the caller's now.
void atl_till_vacate(atl_pos_till handle);

#endif

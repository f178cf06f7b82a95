// SPDX-License-Identifier: Apache-2.0
// How the calls of the ABI cross the socket. One row a call says what is asked and answered, one
// table a struct says its fields (pos_tables.c); both ends read them. libc only, no allocation:
// this file is linked into the POS.
//
// On the wire a frame is its head and then the call's parts in the order of its row. A struct is a
// group of its fields in the order of its table, without `size` and without what is reserved; an
// array is a count and one group an element. A text is its length and its bytes. A part that is
// absent (a NULL state) is an empty group.
//
// Nothing that comes in is trusted, at either end: sizes, counts, pointers, lengths and UTF-8 are
// checked, and each fault names its field. Strings and arrays that are read live in the arena,
// until the caller resets it. [any-thread] on distinct arguments.
#ifndef ATL_WIRE_POS_H
#define ATL_WIRE_POS_H

#include "plugin/wire/packet.h"
#include "sdk-shim/atelier_pos.h"

#include <stddef.h>

enum {
    ATL_POS_PARTS_MAX = 4,          // parts of a question
    ATL_POS_REPLIES_MAX = 2,        // parts of an answer
    ATL_POS_INLINE_MAX = 32 * 1024, // a longer picture goes as a sealed memory file
    // An arena of this size holds any frame that the tables let through in honest use.
    ATL_POS_ARENA_BYTES = 128 * 1024,
    ATL_POS_ANSWERS_MAX = 512,
    ATL_POS_LINES_MAX = 256,
    ATL_POS_UNITS_MAX = 256,
    ATL_POS_FIELDS_MAX = 64,
    ATL_POS_FINDINGS_MAX = 256,
    ATL_POS_OVERRIDES_MAX = 64,
    ATL_POS_TEXTS_MAX = 64,
    ATL_POS_PIECES_MAX = 256,
    ATL_POS_ORDERS_MAX = 50,
};

// Memory for what is read. The bytes are the caller's and aligned for any type; used 0 is empty.
struct atl_pos_arena {
    uint8_t *bytes;
    size_t size;
    size_t used;
};

// What a call may carry, of question and answer. A bit of atl_pos_ask.present each.
enum atl_pos_part {
    ATL_POS_PART_NONE = 0,
    ATL_POS_PART_KEY,  // const char *: capture, order_answers, line_changed
    ATL_POS_PART_TEXT, // const char *: scan
    ATL_POS_PART_HELLO,
    ATL_POS_PART_TXN,
    ATL_POS_PART_LINE,
    ATL_POS_PART_ANSWERS,
    ATL_POS_PART_SIGNATURE,
    ATL_POS_PART_EVENT,
    ATL_POS_PART_TENDER,
    ATL_POS_PART_STATE, // also an answer
    ATL_POS_PART_RETURN,
    ATL_POS_PART_COLLECT,
    ATL_POS_PART_QUERY,
    ATL_POS_PART_REPRINT,
    ATL_POS_PART_FORM, // from here on: answers
    ATL_POS_PART_JUDGEMENT,
    ATL_POS_PART_IMAGE,
    ATL_POS_PART_VERDICT,
    ATL_POS_PART_RECEIPT,
    ATL_POS_PART_ORDER,
    ATL_POS_PART_LIST,
    ATL_POS_PART_HEALTH,
    ATL_POS_PART_NOTICE,
    ATL_POS_PART_COUNT
};

// The first frame of a connection. There is no workstation in it: transactions name theirs.
struct atl_pos_hello {
    uint32_t size;
    uint32_t abi;         // of the library
    const char *version;  // of the library: "0.1.0"
    const char *language; // of the host, BCP 47; NULL: the shop's default
};

// A question as the agent sees it. `present` has a bit 1 << part for each that came; what did not
// come is zero. All pointers lead into the arena.
struct atl_pos_ask {
    uint16_t version; // of the frame; the answer is given in it
    uint16_t kind;    // enum atl_frame_kind, never NOTICE
    uint32_t number;
    uint32_t present;
    const char *key; // idempotency key, wherever the ABI has it; NULL when the call has none
    const char *text;
    struct atl_pos_hello hello;
    struct atl_pos_transaction txn;
    struct atl_pos_line line;
    struct atl_pos_answers answers;
    struct atl_pos_signature signature;
    struct atl_pos_event event;
    struct atl_pos_tender tender;
    struct atl_pos_state state;
    struct atl_pos_return units; // returned()
    struct atl_pos_collect collect;
    struct atl_pos_query query;
    struct atl_pos_reprint reprint;
};

// An answer. The call's row says which of them go: verdict for before_tender(), verdict and order
// for collect(), none for sign(). Element sizes (field_size, …) need not be set when writing.
struct atl_pos_reply {
    struct atl_pos_form form;
    struct atl_pos_judgement judgement;
    struct atl_pos_image image;
    struct atl_pos_verdict verdict;
    struct atl_pos_receipt receipt;
    struct atl_pos_order order;
    struct atl_pos_list list;
    struct atl_pos_state state;
    struct atl_pos_health health;
};

// "offer", "before_tender", …: the ABI's name of the call, for logs. Never NULL.
const char *atl_pos_call_name(uint16_t kind);

// The agent's side -------------------------------------------------------------------------------

// Reads a question from a received frame (frame->len set, nothing read). A frame of a version that
// we do not speak is ATL_E_UNSUPPORTED, one that makes no sense ATL_E_INVALID; version, kind and
// number of *ask are set then, too, as far as they could be read, so that it can be refused.
ATL_MUST_USE atl_code atl_pos_get_ask(struct atl_frame *frame, struct atl_pos_arena *arena,
                                      struct atl_pos_ask *ask, struct atl_error *err);

// Writes the answer to it. *file_fd is -1, or the memory file of a picture larger than
// ATL_POS_INLINE_MAX: hand both to atl_packet_send(), then close the file. ATL_E_NOMEM when the
// answer is longer than a frame: give less (a list has is_cut). What is pointed to is only read.
ATL_MUST_USE atl_code atl_pos_put_reply(struct atl_frame *frame, const struct atl_pos_ask *ask,
                                        const struct atl_pos_reply *reply, int *file_fd,
                                        struct atl_error *err);

// Writes a refusal: a code other than ATL_OK and its sentence for the cashier. Cannot fail.
void atl_pos_put_refusal(struct atl_frame *frame, const struct atl_pos_ask *ask, atl_code code,
                         const char *sentence);

// Writes a notice, for all connections whose host may care. It may be sent or dropped freely.
ATL_MUST_USE atl_code atl_pos_put_notice(struct atl_frame *frame,
                                         const struct atl_pos_notice *notice,
                                         struct atl_error *err);

// The plugin's side ------------------------------------------------------------------------------

// Writes a question. parts[i] is what the host handed in for the i-th part of the call's row: a
// struct of whatever version, or a text; NULL where it may be absent.
ATL_MUST_USE atl_code atl_pos_put_ask(struct atl_frame *frame, uint16_t kind, uint32_t number,
                                      const void *const parts[ATL_POS_PARTS_MAX],
                                      struct atl_error *err);

// Looks at the structs that a call is to fill, before it is made: NULL or too short a one is
// ATL_E_INVALID.
ATL_MUST_USE atl_code atl_pos_check_outs(uint16_t kind, void *const outs[ATL_POS_REPLIES_MAX],
                                         struct atl_error *err);

// Reads the answer's parts behind its head into the host's structs, whatever their version; their
// size fields stay, and on failure all of them are unchanged. file is the picture that came as a
// memory file, or NULL: the host is pointed to it, and it stays the caller's.
ATL_MUST_USE atl_code atl_pos_get_reply(struct atl_frame *frame, uint16_t kind,
                                        const struct atl_packet_file *file,
                                        struct atl_pos_arena *arena,
                                        void *const outs[ATL_POS_REPLIES_MAX],
                                        struct atl_error *err);

// Reads the sentence of a refusal behind its head, and returns head->code. One that makes no sense
// is ATL_E_IO.
ATL_MUST_USE atl_code atl_pos_get_refusal(struct atl_frame *frame,
                                          const struct atl_frame_head *head, struct atl_error *err);

ATL_MUST_USE atl_code atl_pos_get_notice(struct atl_frame *frame, struct atl_pos_arena *arena,
                                         struct atl_pos_notice *notice, struct atl_error *err);

// Copies our struct into the host's, whatever its version; the host's size field stays.
void atl_pos_export(void *theirs, const void *ours, uint32_t our_size);

// And the other way: zero where theirs ends. ATL_E_INVALID when NULL or shorter than min_size.
ATL_MUST_USE atl_code atl_pos_import(void *ours, uint32_t our_size, const void *theirs,
                                     uint32_t min_size, struct atl_error *err);

#endif

// SPDX-License-Identifier: Apache-2.0
// The nouns of the shop: draft, order, piece, event, job, as plain structs. No I/O: plugin/store
// keeps them, plugin/agent fills them.
//
// Everything is a fixed array, so a struct can be copied and needs no free. Texts are UTF-8 and
// NUL-terminated; "" means absent. Times are milliseconds since 1970-01-01 UTC (_ms), 0 means
// absent; money is in minor units of the transaction's currency. Numbers of enums are stored:
// never renumber, only append.
#ifndef ATL_CORE_ORDER_H
#define ATL_CORE_ORDER_H

#include "plugin/core/answer.h"
#include "plugin/core/error.h"
#include "plugin/core/stage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Sizes of arrays, with the NUL.
enum {
    ATL_ORDER_ID_SIZE = 27,   // ULID
    ATL_ORDER_CODE_SIZE = 8,  // "K7F-2A1"
    ATL_PIECE_CODE_SIZE = 16, // "K7F-2A1/2"
    ATL_ORDER_TOKEN_SIZE = 27,
    ATL_ORDER_PIN_SIZE = 5,
    ATL_REF_SIZE = 65, // what others made up: line, item, employee, transaction, key
    ATL_VARIANT_SIZE = 97,
    ATL_PLACE_SIZE = 33,
    ATL_DEVICE_SIZE = 24,
    ATL_WHY_SIZE = 65,
    ATL_NOTE_SIZE = 257,
    ATL_LANGUAGE_SIZE = 12,
    ATL_CONTACT_SIZE = 257,
    ATL_ANSWER_SET_BYTES = 4096, // all answers to one form, names included
    ATL_DIGEST_BYTES = 32,       // SHA-256, HMAC-SHA256, salt
};

// Answers to one form as one block that owns its bytes, in the order in which they were given: name
// NUL value NUL, repeated. This is also how they are stored. A zeroed struct is empty.
struct atl_answer_set {
    size_t len;
    char bytes[ATL_ANSWER_SET_BYTES];
};

// Appends one. ATL_E_NOMEM when all of them would be over ATL_ANSWER_SET_BYTES or
// ATL_ANSWERS_MAX; then nothing changed.
ATL_MUST_USE atl_code atl_answer_set_add(struct atl_answer_set *set, const char *name,
                                         const char *value, struct atl_error *err);

// Takes over a list in place of what was in it.
ATL_MUST_USE atl_code atl_answer_set_fill(struct atl_answer_set *set,
                                          const struct atl_answer *answers, size_t count,
                                          struct atl_error *err);

// The same as a list whose texts live as long as the set. Returns how many.
size_t atl_answer_set_list(const struct atl_answer_set *set,
                           struct atl_answer out[ATL_ANSWERS_MAX]);

// The value of the first answer of that name; NULL when there is none. Lives as long as the set.
const char *atl_answer_set_find(const struct atl_answer_set *set, const char *name);

// Takes over stored bytes. ATL_E_CORRUPT when they are not pairs.
ATL_MUST_USE atl_code atl_answer_set_parse(struct atl_answer_set *set, const void *bytes,
                                           size_t len, struct atl_error *err);

// The POS's sale.
struct atl_transaction {
    char uuid[ATL_REF_SIZE]; // what tells two sales apart
    char store[ATL_REF_SIZE];
    char workstation[ATL_REF_SIZE];
    char business_day[11]; // "2026-11-22", local
    char currency[4];
    int64_t sequence; // the number on the receipt; 0 while it has none
    bool is_training; // practice: marked everywhere, reaches nobody
};

// A range; both ends 0: no promise.
struct atl_range {
    int64_t from_ms;
    int64_t until_ms;
};

enum atl_proof_state {
    ATL_PROOF_STATE_NONE = 0, // this kind has no picture
    ATL_PROOF_STATE_PENDING = 1,
    ATL_PROOF_STATE_READY = 2,
    ATL_PROOF_STATE_REFUSED = 3,
};

// Which picture. The picture itself is kept by whoever drew it, under its digest.
struct atl_proof_ref {
    int64_t number; // what sign() refers to; 0: none
    enum atl_proof_state state;
    int32_t kind; // enum atl_proof_kind, which is core/signoff.h's and stays there
    uint8_t digest[ATL_DIGEST_BYTES];
    int32_t stitch_count; // of an embroidery whose proof is ready; 0: nobody counted
};

enum atl_sign_how { // as in the ABI
    ATL_SIGN_NONE = 0,
    ATL_SIGN_GUEST_SCREEN = 1,
    ATL_SIGN_TURNED_SCREEN = 2,
    ATL_SIGN_INITIALLED_SLIP = 3,
    ATL_SIGN_READ_ALOUD = 4,
};

// Who confirmed, how, and what: hash is core/signoff's SHA-256 of exactly that.
struct atl_signature {
    enum atl_sign_how how; // NONE: not signed
    char employee_ref[ATL_REF_SIZE];
    int64_t at_ms;
    uint8_t hash[ATL_DIGEST_BYTES];
};

// What is asked for one unit, before money was taken.
struct atl_draft {
    char transaction_uuid[ATL_REF_SIZE];
    char line_ref[ATL_REF_SIZE];
    uint32_t unit_index; // 1..quantity
    enum atl_kind kind;
    char sku[ATL_REF_SIZE];
    char variant[ATL_VARIANT_SIZE];
    struct atl_answer_set answers;
    int64_t price_minor; // proposal
    int32_t work_s;      // uncorrected, as core/promise.h computes it
    struct atl_range promise;
    struct atl_proof_ref proof;
    struct atl_signature signature;
    char overruled[ATL_NOTE_SIZE]; // codes of findings, separated by spaces
    char overruled_by[ATL_REF_SIZE];
    char slip_code[ATL_REF_SIZE]; // takes it up on any screen; "" or unique
    char scarce[ATL_REF_SIZE];    // what it holds, as the catalogue names it; "": nothing
    int64_t held_until_ms;
    bool follows;       // sold with details to follow
    bool is_dropped;    // expired or voided; a tender past that leads to on_hold
    int64_t changed_ms; // of the last put
    int64_t expires_ms; // 0: as long as the sale; of a dropped one: it left the sale
};

// What was answered once for the whole order, all of it optional.
struct atl_order_wish {
    char language[ATL_LANGUAGE_SIZE]; // BCP 47
    bool is_gift;
    bool is_buyer_only; // who holds the ticket may not collect
    int64_t needed_by_ms;
    char hand_over[ATL_REF_SIZE]; // "counter", "delivery", …, as the form has it
    char contact[ATL_CONTACT_SIZE];
};

enum atl_link_scope {
    ATL_LINK_BUYER = 1,
    ATL_LINK_GIFT = 2, // no text, no price, no picture
};

struct atl_guest_link {
    uint8_t sha256[ATL_DIGEST_BYTES]; // of the canonical token
    enum atl_link_scope scope;
    bool is_revoked; // by a reissued ticket
};

// What the guest follows. pin, tokens, salt and contact are secrets or personal: never in logs,
// never in an event.
struct atl_order {
    char id[ATL_ORDER_ID_SIZE];
    char code[ATL_ORDER_CODE_SIZE];
    struct atl_transaction transaction;
    struct atl_order_wish wish;
    char token[ATL_ORDER_TOKEN_SIZE]; // of the buyer's ticket, kept for reprints
    char gift_token[ATL_ORDER_TOKEN_SIZE];
    char pin[ATL_ORDER_PIN_SIZE];
    uint8_t salt[ATL_DIGEST_BYTES]; // of the HMACs in the chain of events
    char employee_ref[ATL_REF_SIZE];
    int64_t total_minor; // of all customizations
    int32_t piece_count;
    int32_t issue; // 1; a reissued ticket adds one
    int64_t created_ms;
    int32_t created_offset_min; // local time minus UTC then
    int64_t consent_ms;         // the guest was shown the one sentence
    int64_t erased_ms;          // 0: not erased
};

// One unit to be made, or one seat. Its answers are kept apart: atl_pieces_answers().
struct atl_piece {
    char id[ATL_ORDER_ID_SIZE];
    char order_id[ATL_ORDER_ID_SIZE];
    char code[ATL_PIECE_CODE_SIZE]; // "K7F-2A1/2"
    int32_t number;                 // the 2 of it: 1..piece_count
    char line_ref[ATL_REF_SIZE];
    uint32_t unit_index;
    enum atl_kind kind;
    struct atl_progress progress;
    int32_t version;      // +1 per change; with the attempt it guards sync
    int32_t tag_revision; // 1; +1 per amendment
    char place[ATL_PLACE_SIZE];
    char sku[ATL_REF_SIZE];
    char variant[ATL_VARIANT_SIZE];
    int64_t price_minor;
    int32_t work_s; // uncorrected, as core/promise.h computes it
    struct atl_range promise;
    struct atl_range said; // as printed on the ticket
    struct atl_proof_ref proof;
    struct atl_signature signature;
    char scarce[ATL_REF_SIZE];
    char bound_tag[ATL_REF_SIZE]; // code of a pre-printed tag; "" or unique
    bool is_late;                 // the page may say so
    int64_t told_ms;              // staff told this guest about the present promise
    int64_t stage_ms;             // in this stage since
    int64_t started_ms;           // of this attempt
    int64_t made_ms;              // of this attempt: done or, where there is no done, ready
    int64_t created_ms;
};

// Where an act came from. "Another system" can not be undone by a person of the shop.
enum atl_origin {
    ATL_ORIGIN_POS = 1,
    ATL_ORIGIN_STAFF = 2,  // a scan, a screen, a command
    ATL_ORIGIN_CLOCK = 3,  // by itself, as time went by
    ATL_ORIGIN_SYSTEM = 4, // a request of the feed
};

// Who, where, when: stands in every event. Borrowed for the call; NULL texts mean "".
struct atl_by {
    enum atl_origin origin;
    const char *employee_ref;
    const char *station; // workstation, or place in the workshop
    const char *device;
    int64_t at_ms; // our clock
    int32_t offset_min;
};

enum atl_event_kind {
    ATL_EVENT_OPENED = 1,   // the order began; no piece
    ATL_EVENT_ACT = 2,      // an arrow of stage.h
    ATL_EVENT_UNDO = 3,     // takes back the act `undoes`
    ATL_EVENT_AMENDED = 4,  // new answers, new sign-off, next tag revision
    ATL_EVENT_PLACED = 5,   // why: the place
    ATL_EVENT_PROMISED = 6, // another promise
    ATL_EVENT_TOLD = 7,     // the guest was told
    ATL_EVENT_TAG_BOUND = 8,
    ATL_EVENT_REISSUED = 9, // a new ticket, new links
    ATL_EVENT_OVERRULED = 10,
    ATL_EVENT_COPIED = 11,  // somebody asked for paper once more
    ATL_EVENT_REQUEST = 12, // a request of the feed was accepted or refused
    ATL_EVENT_ERASED = 13,
    ATL_EVENT_SALVAGED = 14, // the store was put together again from a damaged file
};

// One thing that happened; append-only, each with the hash of the one before.
struct atl_event {
    int64_t sequence;
    char id[ATL_ORDER_ID_SIZE];
    char order_id[ATL_ORDER_ID_SIZE];
    char piece_id[ATL_ORDER_ID_SIZE]; // "": of the whole order
    enum atl_event_kind kind;
    enum atl_act act;    // only of ATL_EVENT_ACT and ATL_EVENT_UNDO
    enum atl_stage from; // NONE: had none
    enum atl_stage from_back;
    enum atl_stage to;
    int32_t attempt;
    int32_t version;
    int64_t undoes; // sequence; 0: none
    enum atl_origin origin;
    char employee_ref[ATL_REF_SIZE];
    char station[ATL_REF_SIZE];
    char device[ATL_REF_SIZE];
    char why[ATL_WHY_SIZE]; // a code, a place: never the guest's words
    int64_t at_ms;
    int32_t offset_min;
    char note[ATL_NOTE_SIZE]; // words of a person; erased with the order; covered by HMAC only
    bool has_text_mac;        // text_mac covers the note, or the answers of tender and amendment
    uint8_t text_mac[ATL_DIGEST_BYTES];
    uint8_t previous[ATL_DIGEST_BYTES];
    uint8_t hash[ATL_DIGEST_BYTES];
};

enum atl_document {
    ATL_DOCUMENT_CLAIM = 1,
    ATL_DOCUMENT_GIFT = 2,
    ATL_DOCUMENT_TAG = 3, // never simply expires
    ATL_DOCUMENT_BAG = 4,
    ATL_DOCUMENT_STITCHES = 5, // a design for an embroidery machine
    // Sheets: of no order; what they say was gathered when a person asked, and lies beside the job.
    ATL_DOCUMENT_RUN = 6,   // what is sewn one after the other
    ATL_DOCUMENT_CODES = 7, // for the wall of the workshop
    ATL_DOCUMENT_ROLL = 8,  // spare tags
    ATL_DOCUMENT_SEATS = 9, // who comes to a session
    ATL_DOCUMENT_LAST = ATL_DOCUMENT_SEATS,
};

enum atl_job_state {
    ATL_JOB_QUEUED = 1,
    ATL_JOB_SENDING = 2,   // the first byte may have left
    ATL_JOB_SENT = 3,      // the link took every byte; final where the device cannot prove more
    ATL_JOB_CONFIRMED = 4, // by the device's own evidence, which is stored
    ATL_JOB_UNKNOWN = 5,   // interrupted, or promised evidence stayed away
    ATL_JOB_FAILED = 6,    // the device proved that nothing was printed or moved
    ATL_JOB_HELD = 7,      // a person must look; nothing was submitted
    ATL_JOB_EXPIRED = 8,   // a claim ticket nobody waits for any more; never a work tag
    ATL_JOB_CANCELLED = 9,
};

// One thing to do once for one device.
struct atl_job {
    int64_t id;
    enum atl_document document;
    enum atl_job_state state;
    char device[ATL_DEVICE_SIZE];
    char order_id[ATL_ORDER_ID_SIZE];
    char piece_id[ATL_ORDER_ID_SIZE]; // "": of the whole order
    char code[ATL_PIECE_CODE_SIZE];   // of piece or order, for people and logs
    int32_t revision;                 // of the tag or of the order's issue, when it was claimed
    int32_t attempt;                  // 1 on the first claim
    int32_t copy;                     // 0: the original; n: "copy n" or "DUPLICATE n"
    int64_t copy_of;                  // job of which this is a copy; 0: none
    int64_t created_ms;
    int64_t due_ms;
    int64_t expires_ms; // 0: never
    int64_t lease_ms;   // until then it belongs to who claimed it
    int64_t ended_ms;
    char why[ATL_NOTE_SIZE]; // why it waits, is held or was cancelled
    char evidence[ATL_NOTE_SIZE];
};

bool atl_document_is_sheet(enum atl_document document);

// "claim", "gift", "tag", "bag", "stitches", "run", "codes", "roll", "seats". Never NULL.
const char *atl_document_name(enum atl_document document);

// "queued", "sending", …: as in DESIGN and on staff screens. Never NULL.
const char *atl_job_state_name(enum atl_job_state state);

// Nothing will happen to the job by itself any more, and nothing needs a person.
bool atl_job_is_over(enum atl_job_state state);

// "opened", "act", "undo", …. Never NULL.
const char *atl_event_kind_name(enum atl_event_kind kind);

// "start", "done", "hand_over", …: stable, for requests and commands. Never NULL.
const char *atl_act_name(enum atl_act act);

// The act of that name; ATL_ACT_COUNT when there is none.
enum atl_act atl_act_by_name(const char *name);

// The order at a glance: "2 of 3 ready".
struct atl_order_sum {
    size_t ready_count;     // ready, or already in the guest's hands
    size_t collected_count; // in the guest's hands
    size_t open_count;      // still to be made
    size_t gone_count;      // cancelled, disposed, returned
    struct atl_range next;  // promise of the open piece that is next; zero: none
};

struct atl_order_sum atl_order_sum(const struct atl_piece *pieces, size_t count);

// Whether the piece's answers may still be changed: nothing was begun.
bool atl_piece_may_be_amended(const struct atl_piece *piece);

// Whether a machine may be given its design: an embroidery that is to be made now.
bool atl_piece_may_be_sewn(const struct atl_piece *piece);

#endif

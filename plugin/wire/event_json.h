// SPDX-License-Identifier: Apache-2.0
// What goes between a shop and the cloud, as docs/sync.md says it, for both ends: plain structs,
// and the JSON of them. Writers fail only by their buffer; parsers are strict about what is
// required and let keys pass that they do not know.
//
// The shop stores an event's data as text (atl_cloudevent_data_write) in its outbox, and puts the
// envelope around it when it is sent (atl_cloudevent_batch_add). The cloud takes a whole batch
// apart (atl_cloudevent_batch_parse), where one bad event does not hide the good ones.
//
// Cloudevent is in the names because core/order.h has atl_event, the shop's own record.
//
// Never in any of it: the guest's text, a name, an address, a price, the token, the PIN.
#ifndef ATL_WIRE_EVENT_JSON_H
#define ATL_WIRE_EVENT_JSON_H

#include "plugin/core/arena.h"
#include "plugin/core/buf.h"
#include "plugin/core/order.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ATL_CLOUDEVENTS_MAX = 500,                 // a request
    ATL_CLOUDEVENTS_MAX_BYTES = 1024 * 1024,   // a request
    ATL_CLOUDEVENT_MAX_BYTES = 64 * 1024,      // one event
    ATL_CLOUDEVENT_DATA_MAX_BYTES = 63 * 1024, // its data: the rest is for the envelope
    ATL_CLOUDEVENT_LINKS_MAX = 16,
    ATL_CLOUDEVENT_PIECES_MAX = 300, // about 200 bytes each: more do not go into one event
    ATL_CLOUDEVENT_LANGUAGES_MAX = 8,
    ATL_CLOUDEVENT_HOURS_MAX = 28,
    ATL_CLOUDEVENT_ID_BYTES = 26, // a ULID
    ATL_CLOUDEVENT_SEQUENCE_DIGITS = 20,
};

enum atl_cloudevent_type {
    ATL_CLOUDEVENT_UNKNOWN = 0,
    ATL_CLOUDEVENT_SHOP_PROFILE,
    ATL_CLOUDEVENT_ORDER_OPENED,
    ATL_CLOUDEVENT_ORDER_LINKS,
    ATL_CLOUDEVENT_PIECE_STAGE,
    ATL_CLOUDEVENT_ORDER_ERASED,
    ATL_CLOUDEVENT_REQUEST_ANSWERED,
    ATL_CLOUDEVENT_SHOP_ALIVE,
    ATL_CLOUDEVENT_TYPE_COUNT
};

// "atelier.piece.stage.v1", …; "unknown" for others. Never NULL.
const char *atl_cloudevent_type_name(enum atl_cloudevent_type type);
enum atl_cloudevent_type
atl_cloudevent_type_find(const char *name); // UNKNOWN when it is none of ours

// "order/<id>/piece/<id>", "order/<id>" or "shop", as the type wants it; size at least 80.
void atl_cloudevent_subject(enum atl_cloudevent_type type, const char *order_id,
                            const char *piece_id, char *out, size_t size);

// ---- The data of each type ----

struct atl_cloudevent_hours {
    int32_t day;       // 1 is Monday … 7
    const char *from;  // "10:00"
    const char *until; // "20:00"; "24:00" is the end of the day
};

struct atl_cloudevent_profile {
    const char *name;
    const char *phone;   // NULL: none
    const char *address; // lines separated by \n; NULL: none
    const char *zone;    // IANA name
    const char *map_url; // https only; NULL: none
    const char *languages[ATL_CLOUDEVENT_LANGUAGES_MAX];
    size_t language_count;
    const struct atl_cloudevent_hours *hours;
    size_t hours_count; // 0..ATL_CLOUDEVENT_HOURS_MAX; a day may have several
};

const char *atl_link_scope_name(enum atl_link_scope scope); // "buyer", "gift"

struct atl_cloudevent_link {
    char sha256[65]; // lower-case hexadecimal of the hash of the token's 26 characters
    enum atl_link_scope scope;
};

// The product's "what" in each language: "Embroidery", "Broderie".
struct atl_cloudevent_what {
    const char *language; // BCP 47
    const char *text;
};

struct atl_cloudevent_piece {
    const char *id; // ULID
    int32_t index;  // 1…
    enum atl_kind kind;
    struct atl_cloudevent_what what[ATL_CLOUDEVENT_LANGUAGES_MAX];
    size_t what_count;
};

struct atl_cloudevent_opened {
    const char *code;     // "K7F-2A1"
    const char *language; // BCP 47, the guest's; NULL: not said
    bool is_training;
    int64_t created_ms;
    const struct atl_cloudevent_link *links;
    size_t link_count; // 1..ATL_CLOUDEVENT_LINKS_MAX
    const struct atl_cloudevent_piece *pieces;
    size_t piece_count; // 1..ATL_CLOUDEVENT_PIECES_MAX
};

struct atl_cloudevent_links {
    const struct atl_cloudevent_link *links; // these replace all earlier ones
    size_t count;                            // 0: none opens the page any more
};

struct atl_cloudevent_range {
    int64_t from_ms;
    int64_t until_ms; // both 0: no promise, null in JSON
};

struct atl_cloudevent_stage {
    enum atl_stage stage;
    enum atl_stage back; // ATL_STAGE_NONE but for on_hold and cancel_requested
    struct atl_cloudevent_range promise;
    struct atl_cloudevent_range said; // on the ticket
    bool is_late;
    bool is_remake;
};

struct atl_cloudevent_answered {
    const char *request; // id of the feed's item
    bool is_accepted;
    const char *reason; // a sentence, or NULL
};

struct atl_cloudevent_data {
    enum atl_cloudevent_type type;
    union {
        struct atl_cloudevent_profile profile;
        struct atl_cloudevent_opened opened;
        struct atl_cloudevent_links links;
        struct atl_cloudevent_stage stage;
        struct atl_cloudevent_answered answered;
    };
};

// Appends the data object: "{…}". ATL_E_INVALID when it is over ATL_CLOUDEVENT_DATA_MAX_BYTES.
ATL_MUST_USE atl_code atl_cloudevent_data_write(const struct atl_cloudevent_data *data,
                                                struct atl_buf *out, struct atl_error *err);

// ---- The batch: POST /v1/events ----

// The envelope of one event. As sent: type by name, so that an outbox row needs no decoding.
struct atl_cloudevent_row {
    const char *id;     // ULID
    const char *source; // "urn:atelier:store:<retailer>/<store>/<epoch>"
    const char *type;
    const char *subject;
    int64_t time_ms;
    uint64_t sequence;
    int32_t attempt; // of a piece's event; 0: not one
    int32_t version;
    const char *data; // JSON text as atl_cloudevent_data_write() made it
    size_t data_len;
};

// [, event, event, ]: begin, add as many as there are, end. The buffer's limit is the request's.
void atl_cloudevent_batch_begin(struct atl_buf *out);
void atl_cloudevent_batch_add(struct atl_buf *out, const struct atl_cloudevent_row *row);
void atl_cloudevent_batch_end(struct atl_buf *out);

// One event of a batch that came. What it points to belongs to the parser's arena.
struct atl_cloudevent {
    bool is_valid;
    const char *code;   // when not: "schema", "type", "too_large"
    const char *detail; // when not: path and cause; holds no value of the event
    const char *id;     // NULL when even that could not be read
    const char *source;
    const char *retailer; // the parts of source
    const char *store;
    const char *epoch; // 16 hex digits
    int64_t time_ms;
    uint64_t sequence;
    const char *order_id; // of the subject; NULL: about the shop
    const char *piece_id; // or NULL
    int32_t attempt;
    int32_t version;
    struct atl_cloudevent_data
        data;              // type UNKNOWN and is_valid: a type of a later version, let pass
    const char *data_json; // the data object as compact JSON
};

struct atl_cloudevent_batch {
    struct atl_cloudevent *events;
    size_t count;
};

// Fails with ATL_E_INVALID only when the whole is unreadable (not a JSON list of 1..max_events):
// HTTP 400 or 422. Otherwise each event says whether it is valid.
ATL_MUST_USE atl_code atl_cloudevent_batch_parse(const void *bytes, size_t len, size_t max_events,
                                                 struct atl_arena *arena,
                                                 struct atl_cloudevent_batch *out,
                                                 struct atl_error *err);

// ---- Its answer ----

enum atl_cloudevent_status {
    ATL_CLOUDEVENT_ACCEPTED,
    ATL_CLOUDEVENT_DUPLICATE,
    ATL_CLOUDEVENT_STALE,
    ATL_CLOUDEVENT_REJECTED,
};

struct atl_cloudevent_result {
    const char *id;
    enum atl_cloudevent_status status;
    const char *code;   // REJECTED: "schema"; else NULL
    const char *detail; // or NULL
};

struct atl_cloudevent_answer {
    int32_t accepted;
    int32_t duplicate;
    const struct atl_cloudevent_result *results; // those that were not accepted
    size_t result_count;
    int64_t server_time_ms;
};

ATL_MUST_USE atl_code atl_cloudevent_answer_write(const struct atl_cloudevent_answer *answer,
                                                  struct atl_buf *out, struct atl_error *err);
ATL_MUST_USE atl_code atl_cloudevent_answer_parse(const void *bytes, size_t len,
                                                  struct atl_arena *arena,
                                                  struct atl_cloudevent_answer *out,
                                                  struct atl_error *err);

// ---- The feed: GET /v1/feed ----

enum atl_request_type {
    ATL_REQUEST_UNKNOWN = 0,
    ATL_REQUEST_CANCEL,
    ATL_REQUEST_SCAN,
    ATL_REQUEST_MESSAGE,
    ATL_REQUEST_TYPE_COUNT
};
const char *atl_request_type_name(enum atl_request_type type); // "atelier.request.cancel.v1"

// One wish of another system. Absent ones are NULL. UNKNOWN: a later version's; to be refused.
struct atl_request {
    const char *id;
    enum atl_request_type type;
    const char *type_name; // as it came
    int64_t time_ms;
    const char *order;  // CANCEL, MESSAGE
    const char *piece;  // CANCEL; or NULL: all of the order
    const char *reason; // CANCEL, or NULL
    const char *code;   // SCAN
    const char *act;    // SCAN: "done"
    const char *device; // SCAN, or NULL
    const char *scan;   // SCAN: ULID of the scan itself
    const char *choice; // MESSAGE
};

struct atl_feed {
    const struct atl_request *requests;
    size_t count;
    const char *next; // cursor
    bool more;
};

// A request alone, as POST /v1/requests takes it: {"type":"…","data":{…}}, id and time optional.
ATL_MUST_USE atl_code atl_request_write(const struct atl_request *request, struct atl_buf *out,
                                        struct atl_error *err);
ATL_MUST_USE atl_code atl_request_parse(const void *bytes, size_t len, struct atl_arena *arena,
                                        struct atl_request *out, struct atl_error *err);

// The answer of the feed. items[i] are requests as JSON text (as atl_request_write() made them).
void atl_feed_write(const char *const *items, size_t count, const char *next, bool more,
                    struct atl_buf *out);
ATL_MUST_USE atl_code atl_feed_parse(const void *bytes, size_t len, struct atl_arena *arena,
                                     struct atl_feed *out, struct atl_error *err);

// ---- GET /v1/capabilities ----

struct atl_capabilities {
    int32_t max_events;
    int32_t max_bytes;
    int32_t wait_max;       // seconds
    int64_t server_time_ms; // 0: not said
};
void atl_capabilities_write(const struct atl_capabilities *capabilities, struct atl_buf *out);
ATL_MUST_USE atl_code atl_capabilities_parse(const void *bytes, size_t len,
                                             struct atl_capabilities *out, struct atl_error *err);

#endif

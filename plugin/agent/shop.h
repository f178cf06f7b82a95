// SPDX-License-Identifier: Apache-2.0
// What the shop can do: one function a use-case, the same for serve and for the commands of the
// staff. Each change is one transaction of the store: the piece, its event, its papers and what
// the cloud is told, all or nothing; the doorbells ring after the commit.
//
//   shop.c          what they all need: catalogue, hours, store, clock
//   shop_line.c     a line of the sale: may it be customized, are the answers good
//   shop_draft.c    what is captured before money was taken
//   shop_tender.c   the sale becomes an order
//   shop_after.c    amend, void, return, hand over
//   shop_piece.c    the acts of the workshop
//   shop_spare.c    tags that are printed before there is a piece
//   shop_view.c     what staff may see of an order
//   shop_promise.c  when it will be ready
//   shop_outbox.c   what the cloud is told of an order; of a piece: tell.h
//
// Structs of the ABI are filled where the POS asks; their texts live in the arena handed in.
// Everything is [one-thread].
#ifndef ATL_AGENT_SHOP_H
#define ATL_AGENT_SHOP_H

#include "plugin/agent/config.h"
#include "plugin/core/arena.h"
#include "plugin/core/catalogue.h"
#include "plugin/core/code.h"
#include "plugin/core/form.h"
#include "plugin/core/order.h"
#include "plugin/core/promise.h"
#include "plugin/store/store.h"

enum {
    ATL_SHOP_PIECES_MAX = 200,              // in one order
    ATL_SHOP_ARENA_BYTES = 8 * 1024 * 1024, // enough for any one call
};

struct atl_proofs;
struct atl_sewn;

struct atl_shop {
    const struct atl_config *config; // borrowed
    struct atl_catalogue catalogue;
    struct atl_zone zone;
    struct atl_store *store;
    struct atl_proofs *proofs; // who draws pictures; borrowed, NULL: nobody, they stay pending
    int64_t (*now_ms)(void);   // a field, so that a test can turn the clock
};

// Loads catalogue and zone and opens the store. The shop is the caller's to close. An
// error names the file at fault and what helps. Large: keep it static or on the heap.
ATL_MUST_USE atl_code atl_shop_open(const struct atl_config *config, enum atl_store_mode mode,
                                    struct atl_shop *shop, struct atl_error *err);
void atl_shop_close(struct atl_shop *shop); // safe on a zeroed one

// The same without a store, for whoever has one open already and puts it there.
ATL_MUST_USE atl_code atl_shop_load(const struct atl_config *config, struct atl_shop *shop,
                                    struct atl_error *err);

// Who did it. Borrows the texts.
struct atl_by atl_shop_by(const struct atl_shop *shop, enum atl_origin origin,
                          const char *employee_ref, const char *station);

// Commits, and rings whoever has something to do now.
ATL_MUST_USE atl_code atl_shop_commit(struct atl_shop *shop, struct atl_error *err);

// A new secret for a guest's link.
ATL_MUST_USE atl_code atl_shop_new_token(char token[ATL_TOKEN_CAP], struct atl_error *err);

// ---- shop_promise.c ----

// The workshop as it is now, with its lever.
ATL_MUST_USE atl_code atl_shop_workshop(struct atl_shop *shop, struct atl_workshop *out,
                                        struct atl_error *err);

// Uncorrected seconds for one unit with these answers: of the stitches that were counted, or, with
// NULL or none of them, by an estimate from its letters.
int32_t atl_shop_work_s(const struct atl_product *product, const struct atl_answer *answers,
                        size_t count, const struct atl_sewn *sewn);

// The promise of a unit of work_s seconds that is ordered now, behind extra_s more seconds of work.
// A shop without opening hours gives none: both ends 0, which is no failure.
ATL_MUST_USE atl_code atl_shop_promise(struct atl_shop *shop, const struct atl_product *product,
                                       const struct atl_answer *answers, size_t count,
                                       int64_t work_s, int64_t extra_s, struct atl_range *out,
                                       struct atl_error *err);

// The workshop's lever, as settings of the store; see `atelier-agent workshop`.
#define ATL_SHOP_SETTING_OUT    "workshop.machines_out"
#define ATL_SHOP_SETTING_SLOWER "workshop.slower_percent"
#define ATL_SHOP_SETTING_FULL   "workshop.full_on" // a local date
enum { ATL_SHOP_OUT_MAX = 1000, ATL_SHOP_SLOWER_MAX = 900 };

// ---- shop_outbox.c: [in a transaction] ----

ATL_MUST_USE atl_code atl_shop_tell_opened(struct atl_shop *shop, const struct atl_order *order,
                                           const struct atl_piece *pieces, size_t count,
                                           struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_tell_links(struct atl_shop *shop, const struct atl_order *order,
                                          struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_tell_answered(struct atl_shop *shop, const char *order_id,
                                             const char *request_id, bool is_accepted,
                                             const char *reason, struct atl_error *err);

// ---- shop_piece.c: what staff do to a piece ----

// A piece by what was scanned or typed: piece code, tag code, bound tag, or an order code of a
// single piece. For a tag: *warning says when it was replaced, damaged or is not ours; "" is fine.
// Opens, never advances.
ATL_MUST_USE atl_code atl_shop_open_piece(struct atl_shop *shop, const char *text,
                                          struct atl_piece *out, char *warning, size_t warning_size,
                                          struct atl_error *err);

struct atl_shop_act {
    enum atl_act act;
    const char *why;   // code
    const char *note;  // a person's words
    const char *place; // put there, too; NULL: it stays where it is
};

// One arrow of stage.h. The same act upon the same piece within 3 seconds counts once: ATL_OK,
// and *is_repeat. A remake prints a new tag.
ATL_MUST_USE atl_code atl_shop_act(struct atl_shop *shop, const char *piece_id,
                                   const struct atl_shop_act *what, const struct atl_by *by,
                                   struct atl_piece *after, bool *is_repeat, struct atl_error *err);

// The act that leads a piece on along its way: start, done, pass. COUNT: there is none, a person
// has to say what.
enum atl_act atl_shop_next_act(const struct atl_piece *piece);

ATL_MUST_USE atl_code atl_shop_undo(struct atl_shop *shop, const char *piece_id,
                                    const struct atl_by *by, struct atl_piece *after,
                                    struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_place(struct atl_shop *shop, const char *piece_id, const char *place,
                                     const struct atl_by *by, struct atl_piece *after,
                                     struct atl_error *err);

// ---- shop_spare.c: tags that are printed before there is a piece ----

// The piece that the tag was tied to. ATL_E_NOT_FOUND: of another shop, or it hangs on none yet.
ATL_MUST_USE atl_code atl_shop_open_spare(struct atl_shop *shop, const struct atl_scan *scan,
                                          struct atl_piece *out, struct atl_error *err);

// The tag stands for the piece from now on, in place of one that was tied before; work tags that
// still wait are not printed any more. ATL_E_INVALID: it is no spare tag of this shop.
// ATL_E_CONFLICT: it hangs on another piece. [own transaction]
ATL_MUST_USE atl_code atl_shop_bind_tag(struct atl_shop *shop, const char *piece_id,
                                        const char *tag, const struct atl_by *by,
                                        struct atl_piece *after, struct atl_error *err);

// Numbers for `count` new spare tags: *first and those behind it. [own transaction]
ATL_MUST_USE atl_code atl_shop_spare_numbers(struct atl_shop *shop, int count, int64_t *first,
                                             struct atl_error *err);

// A person wants a paper once more; piece_id NULL: the guest's ticket, which is reissued with a
// new link, so that the lost one opens nothing any more, when is_lost.
ATL_MUST_USE atl_code atl_shop_reprint(struct atl_shop *shop, const char *order_id,
                                       const char *piece_id, bool is_lost, const struct atl_by *by,
                                       struct atl_error *err);

// The words leave the store's log, too, unless somebody reads just then; sync empties it when it
// is idle. Not for serve, which never checkpoints. [own transaction]
ATL_MUST_USE atl_code atl_shop_erase(struct atl_shop *shop, const char *order_id, bool is_forced,
                                     const struct atl_by *by, struct atl_error *err);

// Queues the papers of an order or a piece on the printers that the configuration names. A paper
// without a printer is queued for "none", where it is seen. [in a transaction]
ATL_MUST_USE atl_code atl_shop_print_order(struct atl_shop *shop, const struct atl_order *order,
                                           struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_print_tag(struct atl_shop *shop, const struct atl_piece *piece,
                                         struct atl_error *err);
// The label of a finished bag, where a printer prints them. It never expires.
ATL_MUST_USE atl_code atl_shop_print_bag(struct atl_shop *shop, const struct atl_piece *piece,
                                         struct atl_error *err);

// A person wants a sheet: `json` is what it says, `name` what people call it ("R12", "17-36");
// printer NULL: the first that prints such. ATL_E_INVALID: none does. Sheets expire as tickets do.
// [own transaction]
ATL_MUST_USE atl_code atl_shop_print_sheet(struct atl_shop *shop, enum atl_document document,
                                           const char *name, const char *printer, const void *json,
                                           size_t len, const char **device, struct atl_error *err);

// A person moves what waits for one printer to another: all, from 50 to 50. `from` may be a printer
// that the configuration has no longer, or "none". *count: how many. [own transactions]
ATL_MUST_USE atl_code atl_shop_move_papers(struct atl_shop *shop, const char *from, const char *to,
                                           int *count, struct atl_error *err);

// A person put a printer right: what waits for it is due at once, what is held is tried again.
// [own transactions]
ATL_MUST_USE atl_code atl_shop_resume_printer(struct atl_shop *shop, const char *printer,
                                              int *count, struct atl_error *err);

// A person wants the label: the first one or a copy. ATL_E_INVALID: no printer prints any.
// [own transaction]
ATL_MUST_USE atl_code atl_shop_label(struct atl_shop *shop, const struct atl_piece *piece,
                                     const struct atl_by *by, struct atl_error *err);

#endif

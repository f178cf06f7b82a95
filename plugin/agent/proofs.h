// SPDX-License-Identifier: Apache-2.0
// Proofs: what guests sign, as serve sees it. It sews and draws none itself: a worker does, in a
// process without store and network, and what came back is kept in data/proofs: the picture, and
// the stitches that it was drawn from, which are what a machine is given later.
//
//   asked --kept already--> ready | refused
//         --else----------> pending --a worker drew it--> ready | refused
//                                   --the worker died twice over it--> refused
//
// A proof's number is made from what is asked for, so the same words in the same thread have the
// same number on every till and after every restart; another letter, and it is another number.
#ifndef ATL_AGENT_PROOFS_H
#define ATL_AGENT_PROOFS_H

#include "plugin/agent/config.h"
#include "plugin/agent/sewing.h"
#include "plugin/core/catalogue.h"
#include "plugin/core/order.h"

#include <poll.h>

enum {
    ATL_PROOFS_WORKERS_MAX = 4,
    ATL_PROOFS_FDS_MAX = ATL_PROOFS_WORKERS_MAX + 1,
    ATL_PROOFS_WAITING_MAX = 256,
    ATL_PROOFS_PATH_BYTES = ATL_CONFIG_PATH_BYTES + 64,
};

// How one proof is. ref.kind and digest are set when it is ready.
struct atl_proof_view {
    struct atl_proof_ref ref;
    enum atl_proof_verdict verdict; // REFUSED: why
    uint32_t letter;                // NO_GLYPH
    int32_t width_um;
    int32_t height_um;
    struct atl_sewn sewn;
    char picture[ATL_PROOFS_PATH_BYTES]; // READY: the PNG; "" otherwise
};

struct atl_proofs;

// Opens the folder, and with listen the socket where workers ask for work; the caller closes
// *out. Without listen what is not there yet is drawn at once, in this process: for commands.
ATL_MUST_USE atl_code atl_proofs_open(const struct atl_config *config, bool listen,
                                      struct atl_proofs **out, struct atl_error *err);
void atl_proofs_close(struct atl_proofs *proofs); // NULL is fine

// What a product with these answers looks like; *has_picture false: this kind has none. Texts are
// borrowed from the catalogue, the answers and the arena.
void atl_proofs_request(const struct atl_catalogue *catalogue, const struct atl_product *product,
                        const char *variant, const struct atl_answer *answers, size_t count,
                        const char *language, struct atl_arena *arena, struct atl_proof_wish *out,
                        bool *has_picture);

// Looks, and asks for it when it is not there. proofs NULL: pending for ever.
void atl_proofs_look(struct atl_proofs *proofs, const struct atl_proof_wish *wish,
                     struct atl_proof_view *out);

// For the loop of serve: what to wait for, and what to do when poll() came back. `changed` is
// called for each proof that is decided now.
size_t atl_proofs_fds(const struct atl_proofs *proofs, struct pollfd *fds, size_t max);
void atl_proofs_serve(struct atl_proofs *proofs, const struct pollfd *fds, size_t count,
                      void (*changed)(void *ctx, int64_t number), void *ctx);

// Where the stitches of a proof are kept: kept_plan.h.
void atl_proofs_plan_path(const struct atl_config *config, int64_t number,
                          char out[ATL_PROOFS_PATH_BYTES]);

#endif

// SPDX-License-Identifier: Apache-2.0
// An embroidery for real: the words become a plan, the plan a stitch file, and what is read back
// from that file is measured and drawn. So a guest signs what will be sewn.
#ifndef ATL_AGENT_SEWING_H
#define ATL_AGENT_SEWING_H

#include "plugin/agent/kept_plan.h"
#include "plugin/core/catalogue.h"
#include "plugin/render/proof.h"

struct atl_cache;

// How it is sewn, beside what its picture shows. Texts are borrowed and never NULL.
struct atl_sewing {
    const char *fabric; // "canvas"
    enum atl_arrangement arrangement;
    enum atl_border border;
    int32_t arc_um;
    bool is_centre_out;
    int32_t hoop_um; // width and height of the product's hoop; 0: no limit known
    int32_t hoop_high_um;
    const char *chart; // of the thread: "Madeira Polyneon 40", "1643"
    const char *number;
    int32_t stitches_per_minute; // of the product; 0: not known
    int32_t trim_s;
    const char *language;      // of the picture's words, BCP 47
    struct atl_cache *letters; // digitised before, the caller's; NULL: none. The same stitches
};

// What is asked for: the picture, and how it is sewn.
struct atl_proof_wish {
    struct atl_proof_request look;
    struct atl_sewing how;
};

// What came of it, beside the verdict; all 0 without stitches.
struct atl_sewn {
    uint32_t stitches;
    uint32_t trims;
    uint32_t colours; // blocks of colour
    uint32_t run_s;   // on the product's machine
};

// Sews `look` and judges it: result->verdict, its size by needle points, and with READY the digest,
// the file that is kept (appended to `file`) and the picture, the caller's to free. The same wish
// gives the same bytes. ATL_E_NOT_FOUND: the font is not installed. [one-thread]
ATL_MUST_USE atl_code atl_sewing_proof(const struct atl_proof_request *look,
                                       const struct atl_sewing *how,
                                       struct atl_proof_result *result, struct atl_sewn *sewn,
                                       struct atl_buf *file, struct atl_picture *picture,
                                       struct atl_error *err);

// Letters digitised before, in memory only: words that a script joins are kept as they are, and
// what is erased for a guest must not stay in a folder. NULL, which is fine, when there is no
// memory.
struct atl_cache *atl_sewing_letters_open(void);
void atl_sewing_letters_close(struct atl_cache *letters); // NULL is fine

// The seconds that a machine runs for so many stitches and trims.
uint32_t atl_sewing_run_s(const struct atl_sewing *how, uint32_t stitches, uint32_t trims);

#endif

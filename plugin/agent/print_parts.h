// SPDX-License-Identifier: Apache-2.0
// What the files of the print lane share; nobody else includes it. print_lane.c opens, asks and
// tells; print_look.c is what happens between jobs, print_send.c behind the first byte.
#ifndef ATL_AGENT_PRINT_PARTS_H
#define ATL_AGENT_PRINT_PARTS_H

#include "drivers/trouble.h"
#include "plugin/agent/print_lane.h"
#include "plugin/render/raster.h"

enum { PRINT_BYTES_MAX = 8 * 1024 * 1024, PRINT_CHUNK_BYTES = 4096 };

struct atl_print_lane {
    struct atl_print_setup setup;
    const struct atl_driver *driver;
    const struct atl_model *model;
    struct atl_model loaded; // the model with the one media that the configuration names
    struct atl_raster *raster;
    struct atl_link *link;        // open from prepare to settle; longer where it can be tended
    int watch_fd;                 // says that devices come and go; -1: nobody says it
    bool is_sound;                // no call on the link went wrong since it was opened
    const struct atl_page *page;  // of the job in hand; the document's
    const struct atl_page *unfit; // of the last job, when the printer is loaded with another roll
    struct atl_buf bytes;         // of the job in hand
    struct atl_buf resync;        // what must go before anything else, after an interruption
    size_t resync_at;             // so much of it was taken already
    uint32_t way;                // ATL_TROUBLE_* of the failure met last, where its words have none
    char trouble[ATL_NOTE_SIZE]; // as last told
    char low[ATL_NOTE_SIZE];     // paper runs low: told, and no reason to stop
};

void print_beat(const struct atl_print_lane *lane);

// In words for staff, "" when all is well: the device's row in the store, and the till.
void print_tell(const char *trouble, void *lane);

// What the port says, which needs no language. False: nothing is wrong there, or it says nothing.
bool print_port_trouble(struct atl_link *link, char *words, size_t size);

// Asks the device how it is. ATL_E_DEVICE: not well, in words. Paper that runs low is put into
// `low`, and still prints.
ATL_MUST_USE atl_code print_ask(const struct atl_driver *driver, const struct atl_model *model,
                                struct atl_link *link, char *low, size_t low_size,
                                struct atl_error *err);

void print_close_link(struct atl_link **link); // one that is not open is fine

// Opens the link where it is not, writes what must go before anything else, asks. The link is open
// when it went well, and closed when not.
ATL_MUST_USE atl_code print_open_and_ask(struct atl_print_lane *lane, struct atl_error *err);

// A printer that is kept open is heard between jobs, so that it does not choke on what it says
// unasked, and so that a pulled cable is known before the next guest pays. On failure the link is
// closed.
ATL_MUST_USE atl_code print_tend(struct atl_print_lane *lane, bool *has_news,
                                 struct atl_error *err);

// What must go before anything else: nothing; or what ends a job that nobody knows the state of.
void print_forget_resync(struct atl_print_lane *lane);
ATL_MUST_USE atl_code print_plan_resync(struct atl_print_lane *lane, struct atl_error *err);

// As in struct atl_lane_work; ctx is the lane.
enum atl_proof print_proof(void *ctx);
void print_look(void *ctx);
enum atl_outcome print_send(const struct atl_job *job, void *ctx, struct atl_error *evidence);

#endif

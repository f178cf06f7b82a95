// SPDX-License-Identifier: Apache-2.0
// What tills are told without having asked: a piece moved by another hand, a paper did not print or
// did after all, a device is in trouble or well again. Everything is found in the store and told
// once; what happened while nobody listened is in status and health.
#ifndef ATL_AGENT_SERVE_NEWS_H
#define ATL_AGENT_SERVE_NEWS_H

#include "plugin/agent/shop_pos.h"
#include "plugin/agent/shop_trouble.h"

// What is to be said of a paper.
enum atl_paper_news {
    ATL_PAPER_QUIET, // it waits for its turn, or is on its way
    ATL_PAPER_WAITS, // put back: the device is in trouble
    ATL_PAPER_HELD,
    ATL_PAPER_UNKNOWN,
    ATL_PAPER_FAILED,
    ATL_PAPER_EXPIRED,
    ATL_PAPER_PRINTED, // proven
    ATL_PAPER_SENT,    // and no proof is to be had
    ATL_PAPER_GONE,    // cancelled
};

// `is_stopped`: its device is in trouble, so what is being sent does not come out either.
enum atl_paper_news atl_paper_news(const struct atl_job *job, bool is_stopped);

// One thing to tell. Borrowed for the call of atl_news_fn.
struct atl_news_item {
    struct atl_pos_notice notice;         // without its sentence
    const char *workstation;              // tell only this one; NULL: all
    const char *but_not;                  // this one was just told of it; NULL: nobody was
    const struct atl_job *job;            // of a paper
    enum atl_paper_news what;             // of a paper
    const struct atl_shop_device *device; // of a device, and of a paper that waits for one
    struct atl_shop_health health;        // of that device
};

// In the reader's language; NULL: there is nothing to say beside the notice. Of the arena.
const char *atl_news_say(const struct atl_shop *shop, const struct atl_news_item *item,
                         const char *language, struct atl_arena *arena);

typedef void (*atl_news_fn)(void *ctx, const struct atl_news_item *item);

struct atl_news;

// Begins with what is so now, and tells nothing of that. *out is the caller's to close.
ATL_MUST_USE atl_code atl_news_open(struct atl_shop *shop, struct atl_news **out,
                                    struct atl_error *err);
void atl_news_close(struct atl_news *news); // NULL is fine

// Looks, and tells what is new. A process that does nothing is told at the second look that finds
// it so, at the earliest after two seconds: what starts anew at once is nobody's business. Looks
// into the store only: it never waits.
void atl_news_look(struct atl_news *news, atl_news_fn tell, void *ctx);

#endif

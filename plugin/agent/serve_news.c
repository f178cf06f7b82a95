// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/serve_news.h"

#include "plugin/store/events.h"
#include "plugin/store/jobs.h"
#include "plugin/store/orders.h"
#include "plugin/store/pieces.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    EVENTS_MAX = 32,
    PAPERS_MAX = 64,      // in trouble at the same time; more are seen in status
    BACK_MS = 20 * 1000,  // a lane takes its time between the end of a job and its commit
    CAUSE_MS = 500,       // for the cause of a paper that waits
    DEAD_AFTER_MS = 2000, // a process that starts anew is not dead
};

struct known_paper {
    int64_t id; // of the job; 0: the place is free
    enum atl_paper_news told;
    int64_t seen_ms; // waiting, on the boot clock; 0: not yet
};

struct known_device {
    struct atl_shop_device device;
    struct atl_device said;         // as tills know it
    bool is_dead;                   // and that they know
    int64_t dead_since_ms;          // 0: it runs
    bool is_everybody_told;         // of a paper that waits for it, at this look
    char workstation[ATL_REF_SIZE]; // or only this one was
};

struct atl_news {
    struct atl_shop *shop;
    int64_t event; // sequence of the last one that tills were told of
    struct known_paper papers[PAPERS_MAX];
    struct known_device devices[ATL_SHOP_DEVICES_MAX];
    size_t device_count;
    struct atl_job found[PAPERS_MAX];
    bool is_first; // look: nothing is news yet
};

// ---- pieces ----

// When a piece moved by another hand than a till's.
static void tell_event(struct atl_news *news, const struct atl_event *event, atl_news_fn tell,
                       void *ctx)
{
    struct atl_news_item item = {
        .notice = {.size = sizeof item.notice, .kind = ATL_POS_NOTICE_STAGE}
    };
    struct atl_store *store = news->shop->store;
    struct atl_order order;
    struct atl_piece piece;

    if ((event->kind != ATL_EVENT_ACT && event->kind != ATL_EVENT_UNDO) ||
        event->origin == ATL_ORIGIN_POS || !event->piece_id[0] ||
        atl_pieces_find(store, event->piece_id, &piece, NULL) != ATL_OK ||
        atl_orders_find(store, piece.order_id, &order, NULL) != ATL_OK)
        return;
    item.notice.transaction_uuid = order.transaction.uuid;
    item.notice.line_ref = piece.line_ref;
    item.notice.piece_code = piece.code;
    item.notice.unit_index = piece.unit_index;
    tell(ctx, &item);
}

// Many at once are hints too many: the newest ones do.
static void look_at_pieces(struct atl_news *news, atl_news_fn tell, void *ctx)
{
    struct atl_event events[EVENTS_MAX];
    int64_t last = 0;
    size_t count = 0;

    if (atl_events_last(news->shop->store, &last, NULL) != ATL_OK)
        return;
    if (last - news->event > EVENTS_MAX)
        news->event = last - EVENTS_MAX;
    if (last == news->event || atl_events_since(news->shop->store, news->event, events, EVENTS_MAX,
                                                &count, NULL) != ATL_OK)
        return;
    for (size_t i = 0; i < count; i++)
        tell_event(news, &events[i], tell, ctx);
    news->event = last;
}

// ---- papers ----

enum atl_paper_news atl_paper_news(const struct atl_job *job, bool is_stopped)
{
    switch (job->state) {
    case ATL_JOB_QUEUED:
        return job->why[0] ? ATL_PAPER_WAITS : ATL_PAPER_QUIET;
    case ATL_JOB_SENDING:
        return is_stopped ? ATL_PAPER_WAITS : ATL_PAPER_QUIET;
    case ATL_JOB_SENT:
        return ATL_PAPER_SENT;
    case ATL_JOB_CONFIRMED:
        return ATL_PAPER_PRINTED;
    case ATL_JOB_UNKNOWN:
        return ATL_PAPER_UNKNOWN;
    case ATL_JOB_FAILED:
        return ATL_PAPER_FAILED;
    case ATL_JOB_HELD:
        return ATL_PAPER_HELD;
    case ATL_JOB_EXPIRED:
        return ATL_PAPER_EXPIRED;
    case ATL_JOB_CANCELLED:
        break;
    }
    return ATL_PAPER_GONE;
}

static struct known_device *find_device(struct atl_news *news, const char *name)
{
    for (size_t i = 0; i < news->device_count; i++) {
        if (strcmp(news->devices[i].device.name, name) == 0 &&
            strcmp(news->devices[i].device.kind, "print") == 0)
            return &news->devices[i];
    }
    return NULL;
}

// The guest's papers matter where the guest stands; the others to everybody.
static void tell_paper(struct atl_news *news, const struct atl_job *job, enum atl_paper_news what,
                       atl_news_fn tell, void *ctx)
{
    struct atl_news_item item = {
        .notice = {.size = sizeof item.notice, .kind = ATL_POS_NOTICE_PAPER},
        .job = job,
        .what = what
    };
    struct known_device *known = find_device(news, job->device);
    struct atl_order order = {0};
    struct atl_piece piece = {0};

    if (job->order_id[0] &&
        atl_orders_find(news->shop->store, job->order_id, &order, NULL) == ATL_OK)
        item.notice.transaction_uuid = order.transaction.uuid;
    if (job->piece_id[0] &&
        atl_pieces_find(news->shop->store, job->piece_id, &piece, NULL) == ATL_OK) {
        item.notice.line_ref = piece.line_ref;
        item.notice.piece_code = piece.code;
        item.notice.unit_index = piece.unit_index;
    }
    if ((job->document == ATL_DOCUMENT_CLAIM || job->document == ATL_DOCUMENT_GIFT) &&
        order.transaction.workstation[0])
        item.workstation = order.transaction.workstation;
    if (known) {
        item.device = &known->device;
        item.health = atl_shop_device_health(news->shop, &known->device);
        item.health.is_dead = known->is_dead; // one that starts anew just now is not
        known->is_everybody_told = known->is_everybody_told || !item.workstation;
        (void)snprintf(known->workstation, sizeof known->workstation, "%s",
                       item.workstation ? item.workstation : "");
    }
    tell(ctx, &item);
}

// Whether a change of what is known of a paper is worth a sentence.
static bool is_worth(enum atl_paper_news told, enum atl_paper_news what)
{
    const bool is_end = what == ATL_PAPER_PRINTED || what == ATL_PAPER_SENT;

    if (what == told || what == ATL_PAPER_QUIET || what == ATL_PAPER_GONE)
        return false;
    return !is_end || told == ATL_PAPER_WAITS || told == ATL_PAPER_HELD;
}

static bool is_over(enum atl_paper_news what)
{
    return what > ATL_PAPER_HELD;
}

// The lane writes down that the paper waits, and then why. Who looks in between comes again.
static bool is_cause_to_come(struct atl_news *news, struct known_paper *paper,
                             const struct atl_job *job)
{
    const struct known_device *known = find_device(news, job->device);
    const int64_t now_ms = atl_clock_boot_ms();
    struct atl_shop_health health;

    if (!known)
        return false;
    health = atl_shop_device_health(news->shop, &known->device);
    if (health.device.trouble[0])
        return false;
    if (!paper->seen_ms)
        paper->seen_ms = now_ms;
    return now_ms - paper->seen_ms < CAUSE_MS;
}

static bool is_stopped(struct atl_news *news, const struct atl_job *job)
{
    const struct known_device *known = find_device(news, job->device);
    struct atl_shop_health health;

    if (job->state != ATL_JOB_SENDING || !known)
        return false;
    health = atl_shop_device_health(news->shop, &known->device);
    health.is_dead = known->is_dead;
    return atl_shop_health_stops(&health);
}

static void note_paper(struct atl_news *news, struct known_paper *paper, const struct atl_job *job,
                       atl_news_fn tell, void *ctx)
{
    const enum atl_paper_news what = atl_paper_news(job, is_stopped(news, job));
    const int64_t old_ms = news->shop->now_ms() - 2 * BACK_MS;

    if (what == ATL_PAPER_WAITS && paper->told != what && !news->is_first &&
        is_cause_to_come(news, paper, job))
        return;
    if (!news->is_first && is_worth(paper->told, what))
        tell_paper(news, job, what, tell, ctx);
    if (what != ATL_PAPER_QUIET)
        paper->told = what;
    if (is_over(what) && job->ended_ms < old_ms)
        paper->id = 0;
}

// Those that tills know of: how did it go on?
static void look_again(struct atl_news *news, atl_news_fn tell, void *ctx)
{
    struct atl_job job;

    for (size_t i = 0; i < PAPERS_MAX; i++) {
        struct known_paper *paper = &news->papers[i];

        if (!paper->id)
            continue;
        if (atl_jobs_find(news->shop->store, paper->id, &job, NULL) == ATL_OK)
            note_paper(news, paper, &job, tell, ctx);
        else
            paper->id = 0; // erased
    }
}

static struct known_paper *place_for(struct atl_news *news, int64_t id)
{
    struct known_paper *place = NULL;

    for (size_t i = 0; i < PAPERS_MAX; i++) {
        if (news->papers[i].id == id)
            return NULL; // known already
        if (!news->papers[i].id && !place)
            place = &news->papers[i];
    }
    return place;
}

static void look_at_papers(struct atl_news *news, atl_news_fn tell, void *ctx)
{
    size_t count = 0;

    look_again(news, tell, ctx);
    if (atl_jobs_troubled(news->shop->store, news->shop->now_ms() - BACK_MS, news->found,
                          PAPERS_MAX, &count, NULL) != ATL_OK)
        return;
    for (size_t i = 0; i < count && i < PAPERS_MAX; i++) {
        struct known_paper *place = place_for(news, news->found[i].id);

        if (!place)
            continue;
        if (atl_paper_news(&news->found[i], is_stopped(news, &news->found[i])) == ATL_PAPER_QUIET)
            continue;
        *place = (struct known_paper){.id = news->found[i].id};
        note_paper(news, place, &news->found[i], tell, ctx);
    }
}

// ---- devices ----

static bool is_same(const struct atl_device *a, const struct atl_device *b)
{
    return a->bits == b->bits && strcmp(a->trouble, b->trouble) == 0;
}

static void look_at_device(struct atl_news *news, struct known_device *known, atl_news_fn tell,
                           void *ctx)
{
    struct atl_news_item item = {
        .notice = {.size = sizeof item.notice, .kind = ATL_POS_NOTICE_HEALTH},
        .device = &known->device,
        .health = atl_shop_device_health(news->shop, &known->device)
    };
    const int64_t now_ms = atl_clock_boot_ms();

    if (!item.health.is_dead)
        known->dead_since_ms = 0;
    else if (!known->dead_since_ms)
        known->dead_since_ms = now_ms;
    item.health.is_dead =
        item.health.is_dead && (known->is_dead || now_ms - known->dead_since_ms >= DEAD_AFTER_MS);
    if (item.health.is_dead == known->is_dead && is_same(&item.health.device, &known->said))
        return;
    known->is_dead = item.health.is_dead;
    known->said = item.health.device;
    item.but_not = known->workstation[0] ? known->workstation : NULL;
    if (!news->is_first && !known->is_everybody_told)
        tell(ctx, &item);
}

static void look_at_devices(struct atl_news *news, atl_news_fn tell, void *ctx)
{
    for (size_t i = 0; i < news->device_count; i++) {
        look_at_device(news, &news->devices[i], tell, ctx);
        news->devices[i].is_everybody_told = false;
        news->devices[i].workstation[0] = '\0';
    }
}

// ---- words ----

static const char *say_paper(const struct atl_shop *shop, const struct atl_news_item *item,
                             const char *language, struct atl_arena *arena)
{
    static const enum atl_say says[] = {
        [ATL_PAPER_WAITS] = ATL_SAY_PAPER_WAITS,     [ATL_PAPER_HELD] = ATL_SAY_PAPER_HELD,
        [ATL_PAPER_UNKNOWN] = ATL_SAY_PAPER_UNKNOWN, [ATL_PAPER_FAILED] = ATL_SAY_PAPER_FAILED,
        [ATL_PAPER_EXPIRED] = ATL_SAY_PAPER_EXPIRED, [ATL_PAPER_PRINTED] = ATL_SAY_PAPER_AFTER,
        [ATL_PAPER_SENT] = ATL_SAY_PAPER_SENT,
    };
    const struct atl_job *job = item->job;
    const char *paper = atl_say_paper(arena, language, (int)job->document, job->code);
    const char *device = item->device ? item->device->name : job->device;
    const struct atl_config_printer *printer = atl_config_printer_find(shop->config, job->device);
    const char *cause = NULL, *first, *other = "";

    if (item->what != ATL_PAPER_WAITS)
        return atl_say_with(arena, language, says[item->what], paper,
                            item->what == ATL_PAPER_HELD ? job->code : device);
    first = job->document == ATL_DOCUMENT_CLAIM
                ? atl_say_with(arena, language, ATL_SAY_TICKET_WAITS, job->code, NULL)
                : atl_say_with(arena, language, ATL_SAY_PAPER_WAITS, paper, NULL);
    if (item->device)
        cause = atl_shop_health_say(&item->health, item->device, language, arena);
    if (printer && printer->backup[0])
        other = atl_say_with(arena, language, ATL_SAY_PAPER_BACKUP, printer->backup, NULL);
    return atl_arena_textf(arena, "%s%s%s%s%s", first, cause ? " " : "", cause ? cause : "",
                           other[0] ? " " : "", other);
}

const char *atl_news_say(const struct atl_shop *shop, const struct atl_news_item *item,
                         const char *language, struct atl_arena *arena)
{
    const char *said;

    if (item->job)
        return say_paper(shop, item, language, arena);
    if (!item->device)
        return NULL;
    said = atl_shop_health_say(&item->health, item->device, language, arena);
    return said ? said
                : atl_say_with(arena, language, ATL_SAY_DEVICE_WELL, item->device->name, NULL);
}

// ---- open and close ----

static void say_nothing(void *ctx, const struct atl_news_item *item)
{
    (void)ctx;
    (void)item;
}

atl_code atl_news_open(struct atl_shop *shop, struct atl_news **out, struct atl_error *err)
{
    struct atl_shop_device devices[ATL_SHOP_DEVICES_MAX];
    struct atl_news *news = calloc(1, sizeof *news);
    atl_code rc;

    if (!news)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    news->shop = shop;
    news->device_count = atl_shop_devices(shop->config, devices);
    for (size_t i = 0; i < news->device_count; i++)
        news->devices[i].device = devices[i];
    rc = atl_events_last(shop->store, &news->event, err);
    if (rc) {
        free(news);
        return rc;
    }
    news->is_first = true;
    atl_news_look(news, say_nothing, NULL);
    news->is_first = false;
    *out = news;
    return ATL_OK;
}

void atl_news_close(struct atl_news *news)
{
    free(news);
}

void atl_news_look(struct atl_news *news, atl_news_fn tell, void *ctx)
{
    look_at_pieces(news, tell, ctx);
    look_at_papers(news, tell, ctx);
    look_at_devices(news, tell, ctx);
}

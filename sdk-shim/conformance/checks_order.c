// SPDX-License-Identifier: Apache-2.0
// Calls in a wrong order, and what is handed out.
#include "sdk-shim/conformance/check.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TILLS_MAX = 1024 };

static void expect_closed(const struct lab *lab, atl_pos_till till, const char *what)
{
    for (size_t i = 0; i < call_count; i++) {
        const int32_t rc = call_plain(lab, &calls[i], till);

        if (rc != ATL_POS_E_INVALID)
            fail("%s() on %s gives code %d, not ATL_POS_E_INVALID", calls[i].name, what, rc);
    }
    if (till && lab->plugin->close(till) != ATL_POS_E_INVALID)
        fail("close() takes %s", what);
    if (lab->plugin->event_fd(till) != -1)
        fail("event_fd() gives a descriptor for %s", what);
    if (!lab->plugin->error_text(till))
        fail("error_text() is NULL for %s", what);
}

static void check_never_opened(struct lab *lab)
{
    static const atl_pos_till tills[] = {0, 1, (atl_pos_till)1 << 32, UINT32_MAX, UINT64_MAX};

    lab_load(lab);
    for (size_t i = 0; i < sizeof tills / sizeof tills[0]; i++)
        expect_closed(lab, tills[i], "a till that was never opened");
}

static void check_stale(struct lab *lab)
{
    const atl_pos_till old = lab_open(lab);
    atl_pos_till successor;

    if (lab->plugin->close(old) != ATL_POS_OK)
        fail("an open till cannot be closed");
    expect_closed(lab, old, "a till that was closed");
    successor = lab_open(lab);
    if (successor == old)
        fail("a new till has the handle of a closed one");
    expect_closed(lab, old, "a closed till whose place another has taken");
    if (lab->plugin->close(successor) != ATL_POS_OK)
        fail("closing the old till closed its successor");
}

static void check_many_tills(struct lab *lab)
{
    static atl_pos_till tills[TILLS_MAX];
    const struct atl_pos_host host = {.size = sizeof host, .abi = ATL_POS_ABI};
    char text[64] = "";
    int32_t rc = ATL_POS_OK;
    size_t count = 0;

    lab_load(lab);
    while (count < TILLS_MAX && !rc) {
        rc = lab->plugin->open(&host, lab->socket, &tills[count], text, sizeof text);
        for (size_t i = 0; !rc && i < count; i++) {
            if (tills[i] == tills[count])
                fail("two tills have one handle");
        }
        count += rc == ATL_POS_OK;
    }
    if (rc && (rc != ATL_POS_E_FULL || tills[count] || !text[0]))
        fail("after %zu tills open() gives code %d, till %llu, \"%s\"", count, rc,
             (unsigned long long)tills[count], text);
    for (size_t i = 0; i < count; i++) {
        if (lab->plugin->close(tills[i]))
            fail("a till cannot be closed");
    }
    lab_open(lab);
}

static void check_unasked_start(struct lab *lab)
{
    struct aspect_text before, after;
    char difference[256];

    lab_load(lab);
    aspect_read(ASPECT_CHILDREN, &before);
    lab_open(lab);
    aspect_read(ASPECT_CHILDREN, &after);
    aspect_difference(&before, &after, difference, sizeof difference);
    if (difference[0])
        fail("%s", difference);
}

// What open() was given is unmapped at once, and used nowhere later.
static void check_copies_in(struct lab *lab)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *lent = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct atl_pos_host *host = (void *)lent;
    atl_pos_till till = 0;

    lab_load(lab);
    if (lent == MAP_FAILED)
        fail("the check's own memory cannot be had");
    snprintf(lent + 512, 16, "%s", "fr");
    snprintf(lent + 1024, 256, "%s", lab->socket);
    *host = (struct atl_pos_host){.size = sizeof *host, .abi = ATL_POS_ABI, .language = lent + 512};
    if (lab->plugin->open(host, lent + 1024, &till, NULL, 0))
        fail("open() does not work");
    munmap(lent, page);
    for (size_t i = 0; i < call_count; i++)
        (void)call_plain(lab, &calls[i], till);
    if (lab->plugin->close(till))
        fail("close() does not work");
}

// Writes over what a careless plugin left on the stack and on the heap.
static void churn(void)
{
    volatile char stack[16384];
    char *heap[64];

    for (size_t i = 0; i < sizeof stack; i++)
        stack[i] = 'S';
    for (size_t i = 0; i < 64; i++) {
        heap[i] = malloc((size_t)16 << i % 12);
        if (heap[i])
            memset(heap[i], 'H', (size_t)16 << i % 12);
    }
    for (size_t i = 0; i < 64; i++)
        free(heap[i]);
}

static void expect_same(const char *text, const char *copy, const char *what)
{
    if (strcmp(text, copy) != 0)
        fail("%s changed before the till's next call", what);
}

// A text that was handed out stays until the next call on that till, whatever else happens.
static void check_handed_out(struct lab *lab)
{
    const atl_pos_till till = lab_open(lab), other = lab_open(lab);
    struct atl_pos_health health = {.size = sizeof health};
    char sentence[512] = "", error[512] = "";
    const char *text;

    (void)call_plain(lab, &calls[0], till);
    text = lab->plugin->error_text(till);
    snprintf(error, sizeof error, "%s", text);
    if (!error[0])
        fail("error_text() is empty after a call that failed");
    churn();
    (void)call_plain(lab, &calls[1], other);
    expect_same(text, error, "the text of error_text()");
    if (lab->plugin->health(till, &health) || !health.sentence || !health.sentence[0])
        fail("health() does not say that the agent is away");
    snprintf(sentence, sizeof sentence, "%s", health.sentence);
    churn();
    for (size_t i = 0; i < call_count; i++)
        (void)call_plain(lab, &calls[i], other);
    expect_same(health.sentence, sentence, "the sentence of health()");
    (void)lab->plugin->error_text(till);
    expect_same(health.sentence, sentence, "the sentence of health() by error_text()");
}

struct callback_log {
    struct lab *lab;
    atl_pos_till till;
    bool is_in_call;
    int lines;
    int32_t nested;
};

static void on_log(void *ctx, int32_t level, const char *line)
{
    struct callback_log *log = ctx;
    struct kit kit;

    if (!log->is_in_call)
        fail("the log is called while no call runs");
    if (level < ATL_POS_LOG_DEBUG || level > ATL_POS_LOG_ERROR)
        fail("the log is given the level %d", level);
    if (!line || !line[0] || strchr(line, '\n'))
        fail("the log is given no line, or more than one");
    log->lines++;
    kit_fill(&kit);
    if (log->till)
        log->nested =
            log->lab->plugin->before_tender(log->till, kit.at[PART_TXN], kit.at[PART_VERDICT]);
}

static void check_callbacks(struct lab *lab)
{
    struct callback_log log = {.lab = lab, .is_in_call = true, .nested = ATL_POS_E_BUSY};
    const struct atl_pos_host host = {
        .size = sizeof host, .abi = ATL_POS_ABI, .log = on_log, .ctx = &log};
    atl_pos_till till = 0;

    lab_load(lab);
    if (lab->plugin->open(&host, lab->socket, &till, NULL, 0))
        fail("open() does not work");
    log.till = till;
    for (size_t i = 0; i < call_count; i++) {
        log.is_in_call = true;
        (void)call_plain(lab, &calls[i], till);
        log.is_in_call = false;
        if (log.nested != ATL_POS_E_BUSY)
            fail("a call from within the log gives code %d, not ATL_POS_E_BUSY", log.nested);
    }
    (void)poll(NULL, 0, 20);
    log.is_in_call = true;
    if (lab->plugin->close(till))
        fail("close() does not work");
}

static const struct check rows[] = {
    {"never_opened",  "a till that was never opened is ATL_POS_E_INVALID in every call",
     check_never_opened                                                                                                    },
    {"stale",         "a closed till is ATL_POS_E_INVALID in every call, also when its place is taken",
     check_stale                                                                                                           },
    {"many_tills",    "tills are distinct, and one too many is ATL_POS_E_FULL",                         check_many_tills   },
    {"unasked_start", "no process is started unless the host asks for it",                              check_unasked_start},
    {"copies_in",     "what is handed in is not used after the call",                                   check_copies_in    },
    {"handed_out",    "what is handed out lives until the next call on the till",                       check_handed_out   },
    {"callbacks",     "the log is called inside a call only, a line at a time, and may not call back",
     check_callbacks                                                                                                       },
};

const struct check_group checks_order = {rows, sizeof rows / sizeof rows[0]};

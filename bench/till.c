// SPDX-License-Identifier: Apache-2.0
#include "bench/till.h"

#include <dlfcn.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 2, PATIENCE_MS = 30000, LATE_TIMES = 40, NAMES = 24 };

int64_t bench_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t wall_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// A machine that is slow on purpose is late: then a POS asks once more, with the same key.
static bool is_late(int32_t rc, int *times)
{
    return (rc == ATL_POS_E_TIMEOUT || rc == ATL_POS_E_BUSY) && ++*times < LATE_TIMES;
}

static void insist(const struct bench_till *till, const char *call, int32_t rc, bool is_allowed)
{
    if (rc == ATL_POS_OK && is_allowed)
        return;
    fprintf(stderr, "bench: %s: code %d: %s\n", call, (int)rc,
            rc ? till->plugin->error_text(till->handle) : "it said no");
    exit(1);
}

void bench_till_open(struct bench_till *till, const char *plugin, const char *socket)
{
    const struct atl_pos_host host = {.size = sizeof host, .abi = ATL_POS_ABI, .language = "fr"};
    void *library = dlopen(plugin, RTLD_NOW | RTLD_LOCAL);
    atl_pos_entry_fn *entry = NULL;
    char why[200] = "";

    *till = (struct bench_till){0};
    if (!library) {
        fprintf(stderr, "bench: %s\n", dlerror());
        exit(1);
    }
    *(void **)&entry = dlsym(library, "atl_pos_entry");
    till->plugin = entry ? entry(ATL_POS_ABI) : NULL;
    if (!till->plugin || till->plugin->open(&host, socket, &till->handle, why, sizeof why)) {
        fprintf(stderr, "bench: the plugin does not open: %s\n", why);
        exit(1);
    }
    snprintf(till->run, sizeof till->run, "%08x", (unsigned)(bench_now_ns() ^ getpid()));
}

// ---- a sale ----

void bench_sale_begin(const struct bench_till *till, int number, struct bench_sale *sale)
{
    static const char *const names[] = {"\u00c9lodie", "L\u00e9a", "Zo\u00e9", "Ana\u00efs"};
    const int kinds = till->names ? till->names : NAMES;

    *sale = (struct bench_sale){.number = number,
                                .units = till->units ? till->units : 1 + number % BENCH_UNITS};
    snprintf(sale->uuid, sizeof sale->uuid, "%s-0000-4000-8000-%012d", till->run, number);
    snprintf(sale->name, sizeof sale->name, "%s %d", names[number % 4 % kinds], number % kinds);
}

static struct atl_pos_transaction transaction(const struct bench_sale *sale)
{
    return (struct atl_pos_transaction){.size = sizeof(struct atl_pos_transaction),
                                        .store = "paris-1",
                                        .workstation = "bench",
                                        .business_day = "2026-11-22",
                                        .uuid = sale->uuid,
                                        .currency = "EUR",
                                        .sequence = sale->number};
}

static struct atl_pos_line line_of(const struct bench_sale *sale, unsigned unit)
{
    return (struct atl_pos_line){.size = sizeof(struct atl_pos_line),
                                 .quantity = sale->units,
                                 .unit_index = unit,
                                 .line_ref = "L1",
                                 .sku = "TOTE-01",
                                 .variant = "navy",
                                 .employee_ref = "E1",
                                 .price_minor = 3900};
}

enum { ANSWERS = 5 };

static struct atl_pos_answers answers_of(const char *text, struct atl_pos_answer list[ANSWERS])
{
    list[0] = (struct atl_pos_answer){.name = "text", .value = text};
    list[1] = (struct atl_pos_answer){.name = "font", .value = "round"};
    list[2] = (struct atl_pos_answer){.name = "height", .value = "8"};
    list[3] = (struct atl_pos_answer){.name = "thread", .value = "gold"};
    list[4] = (struct atl_pos_answer){.name = "place", .value = "front"};
    return (struct atl_pos_answers){.size = sizeof(struct atl_pos_answers),
                                    .answer_size = sizeof *list,
                                    .answers = list,
                                    .answer_count = ANSWERS};
}

static void wait_notice(const struct bench_till *till)
{
    struct pollfd ready = {.fd = till->plugin->event_fd(till->handle), .events = POLLIN};
    struct atl_pos_notice notice = {.size = sizeof notice};

    (void)poll(&ready, ready.fd >= 0, LOOK_MS);
    while (till->plugin->next_event(till->handle, &notice) == ATL_POS_OK)
        notice = (struct atl_pos_notice){.size = sizeof notice};
}

static void wait_picture(const struct bench_till *till, const struct bench_sale *sale,
                         unsigned unit, const struct atl_pos_answers *answers)
{
    const struct atl_pos_transaction txn = transaction(sale);
    const struct atl_pos_line line = line_of(sale, unit);
    const int64_t end = bench_now_ns() + (int64_t)PATIENCE_MS * 1000000;
    int late = 0;

    while (bench_now_ns() < end) {
        struct atl_pos_image image = {.size = sizeof image};
        const int32_t rc = till->plugin->preview(till->handle, &txn, &line, answers, &image);

        if (is_late(rc, &late))
            continue;
        insist(till, "preview", rc, image.proof_state != ATL_POS_PROOF_REFUSED);
        if (image.proof_state != ATL_POS_PROOF_PENDING)
            return;
        wait_notice(till);
    }
    fprintf(stderr, "bench: a picture was never drawn\n");
    exit(1);
}

static void customise_unit(const struct bench_till *till, const struct bench_sale *sale,
                           unsigned unit)
{
    const struct atl_pos_transaction txn = transaction(sale);
    const struct atl_pos_line line = line_of(sale, unit);
    struct atl_pos_answer list[ANSWERS];
    const struct atl_pos_answers answers = answers_of(sale->name, list);
    struct atl_pos_judgement judgement = {.size = sizeof judgement};
    struct atl_pos_signature signature = {.size = sizeof signature,
                                          .how = ATL_POS_SIGN_TURNED_SCREEN,
                                          .employee_ref = "E1",
                                          .at_ms = wall_ms()};
    char key[64];
    int late = 0;
    int32_t rc;

    wait_picture(till, sale, unit, &answers);
    snprintf(key, sizeof key, "%s.c%u", sale->uuid, unit);
    do
        rc = till->plugin->capture(till->handle, key, &txn, &line, &answers, &judgement);
    while (is_late(rc, &late));
    insist(till, "capture", rc, judgement.is_allowed);
    signature.proof_number = judgement.proof_number;
    snprintf(key, sizeof key, "%s.s%u", sale->uuid, unit);
    signature.key = key;
    do
        rc = till->plugin->sign(till->handle, &txn, &line, &signature);
    while (is_late(rc, &late));
    insist(till, "sign", rc, true);
}

void bench_sale_customise(const struct bench_till *till, const struct bench_sale *sale)
{
    const struct atl_pos_transaction txn = transaction(sale);
    struct atl_pos_verdict verdict = {.size = sizeof verdict};
    int late = 0;
    int32_t rc;

    for (unsigned unit = 1; unit <= (unsigned)sale->units; unit++)
        customise_unit(till, sale, unit);
    do
        rc = till->plugin->before_tender(till->handle, &txn, &verdict);
    while (is_late(rc, &late));
    insist(till, "before_tender", rc, verdict.is_allowed);
}

int bench_sale_tender(const struct bench_till *till, const struct bench_sale *sale,
                      char code[BENCH_CODE_BYTES])
{
    const struct atl_pos_transaction txn = transaction(sale);
    const struct atl_pos_line line = line_of(sale, 0);
    struct atl_pos_receipt receipt = {.size = sizeof receipt};
    struct atl_pos_tender tender = {.size = sizeof tender,
                                    .line_size = sizeof line,
                                    .lines = &line,
                                    .line_count = 1,
                                    .employee_ref = "E1",
                                    .at_ms = wall_ms()};
    int repeated = 0;
    char key[64];
    int32_t rc;

    snprintf(key, sizeof key, "%s.t", sale->uuid);
    tender.key = key;
    while ((rc = till->plugin->tendered(till->handle, &txn, &tender, &receipt)) == ATL_POS_E_BUSY ||
           rc == ATL_POS_E_TIMEOUT)
        repeated++;
    insist(till, "tendered", rc, receipt.code && !receipt.held_count);
    if (code)
        snprintf(code, BENCH_CODE_BYTES, "%s", receipt.code);
    return repeated;
}

void bench_preview(const struct bench_till *till, int number)
{
    struct bench_sale sale;
    struct atl_pos_answer list[ANSWERS];
    struct atl_pos_answers answers;

    bench_sale_begin(till, number, &sale);
    snprintf(sale.name, sizeof sale.name, "%.4s %d", till->run, number);
    answers = answers_of(sale.name, list);
    wait_picture(till, &sale, 1, &answers);
}

void bench_wait_printed(const struct bench_till *till)
{
    const int64_t end = bench_now_ns() + (int64_t)PATIENCE_MS * 1000000;
    int late = 0;

    while (bench_now_ns() < end) {
        struct atl_pos_health health = {.size = sizeof health};
        const int32_t rc = till->plugin->health(till->handle, &health);

        if (is_late(health.is_agent_up ? rc : ATL_POS_E_TIMEOUT, &late))
            continue;
        insist(till, "health", rc, health.is_agent_up);
        if (!health.waiting_count)
            return;
        wait_notice(till);
    }
    fprintf(stderr, "bench: papers were never printed\n");
    exit(1);
}

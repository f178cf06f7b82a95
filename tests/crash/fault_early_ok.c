// SPDX-License-Identifier: Apache-2.0
// The positive control of the crash tests: an agent whose serve answers OK first and commits when
// it has nothing else to do, or has to write again. One that is killed in between has lost an order
// that a till believes in.
#include "plugin/agent/process.h"
#include "plugin/agent/shop.h"

#include <string.h>

enum { IDLE_MS = 100 };

static struct atl_shop *waiting; // whose transaction is still open
static int64_t since_ms;

// The linker puts these in the place of the real ones (--wrap).
atl_code __real_atl_shop_commit(struct atl_shop *shop, struct atl_error *err);
atl_code __wrap_atl_shop_commit(struct atl_shop *shop, struct atl_error *err);
atl_code __real_atl_store_begin(struct atl_store *store, struct atl_error *err);
atl_code __wrap_atl_store_begin(struct atl_store *store, struct atl_error *err);
void __real_atl_store_rollback(struct atl_store *store);
void __wrap_atl_store_rollback(struct atl_store *store);
void __real_atl_process_beat(struct atl_process *process);
void __wrap_atl_process_beat(struct atl_process *process);

static bool is_serve;

// Staff's commands end at once, so they go on being honest. glibc gives the words to constructors.
__attribute__((constructor)) static void note_words(int count, char **words)
{
    is_serve = count > 1 && strcmp(words[1], "serve") == 0;
}

atl_code __wrap_atl_shop_commit(struct atl_shop *shop, struct atl_error *err)
{
    if (!is_serve)
        return __real_atl_shop_commit(shop, err);
    waiting = shop;
    since_ms = atl_clock_boot_ms();
    return ATL_OK;
}

static void commit_at_last(void)
{
    struct atl_shop *shop = waiting;

    waiting = NULL;
    if (shop)
        (void)__real_atl_shop_commit(shop, NULL);
}

atl_code __wrap_atl_store_begin(struct atl_store *store, struct atl_error *err)
{
    commit_at_last();
    return __real_atl_store_begin(store, err);
}

void __wrap_atl_store_rollback(struct atl_store *store)
{
    if (!waiting)
        __real_atl_store_rollback(store);
}

void __wrap_atl_process_beat(struct atl_process *process)
{
    if (atl_clock_boot_ms() - since_ms > IDLE_MS)
        commit_at_last();
    __real_atl_process_beat(process);
}

// SPDX-License-Identifier: Apache-2.0
#include "sdk-shim/till/till.h"

#include <dlfcn.h>
#include <poll.h>
#include <string.h>
#include <time.h>

static const struct {
    int32_t code;
    const char *name;
    const char *cure;
} codes[] = {
    {ATL_POS_OK,            "OK",          ""                                                    },
    {ATL_POS_E_INVALID,     "INVALID",     "What was sent is wrong; repeating cannot help."      },
    {ATL_POS_E_NOMEM,       "NOMEM",       "Too much at once: use fewer or shorter answers."     },
    {ATL_POS_E_IO,          "IO",          "It may have been done; `status` or `show` tells."    },
    {ATL_POS_E_TIMEOUT,     "TIMEOUT",     "It may have been done; do it once more."             },
    {ATL_POS_E_BUSY,        "BUSY",        "Nothing was done; do it once more."                  },
    {ATL_POS_E_NOT_FOUND,   "NOT_FOUND",   "Check the code, or look with `find`."                },
    {ATL_POS_E_DEVICE,      "DEVICE",      "See to the device, then do it once more."            },
    {ATL_POS_E_CORRUPT,     "CORRUPT",     "Call support; do not repeat it."                     },
    {ATL_POS_E_UNSUPPORTED, "UNSUPPORTED", "This version of the plugin cannot do it."            },
    {ATL_POS_E_AWAY,        "AWAY",
     "Personalisation is away; the sale goes on without it. "
     "`health` tells when it is back."                                                           },
    {ATL_POS_E_CONFLICT,    "CONFLICT",    "Something else was done meanwhile; look at it again."},
    {ATL_POS_E_FULL,        "FULL",
     "A person makes room in the shop's agent, then do it "
     "once more."                                                                                },
};

int64_t till_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool till_plugin_load(struct till *till)
{
    const struct atl_pos_host host = {.size = sizeof host,
                                      .abi = ATL_POS_ABI,
                                      .start_agent = till->start_agent,
                                      .language = till->language};
    atl_pos_entry_fn *entry = NULL;
    char why[240] = "";
    void *library = dlopen(till->plugin_path, RTLD_NOW | RTLD_LOCAL);

    if (!library) {
        till_say(till, "The plugin cannot be loaded: %s. Check --plugin.\n", dlerror());
        return false;
    }
    *(void **)&entry = dlsym(library, "atl_pos_entry");
    till->plugin = entry ? entry(ATL_POS_ABI) : NULL;
    if (!till->plugin) {
        till_say(till, "%s does not speak ABI %u.%u: install a plugin of this version.\n",
                 till->plugin_path, ATL_POS_ABI_MAJOR, ATL_POS_ABI_MINOR);
        return false;
    }
    if (till->plugin->size < offsetof(struct atl_pos_plugin, error_text) + sizeof(void *)) {
        till_say(till, "%s is older than this till: install a plugin of ABI %u.%u.\n",
                 till->plugin_path, ATL_POS_ABI_MAJOR, ATL_POS_ABI_MINOR);
        till->plugin = NULL;
        return false;
    }
    if (till->plugin->open(&host, till->socket_path, &till->handle, why, sizeof why)) {
        till_say(till, "The plugin does not open: %s. Check --socket.\n", why);
        return false;
    }
    return true;
}

void till_plugin_close(struct till *till)
{
    if (till->plugin && till->handle)
        till->plugin->close(till->handle);
    till->handle = 0;
}

struct atl_pos_transaction till_transaction_of(const struct till *till,
                                               const struct till_sale *sale)
{
    return (struct atl_pos_transaction){
        .size = sizeof(struct atl_pos_transaction),
        .is_training = sale->is_training,
        .store = till->store,
        .workstation = till->workstation,
        .business_day = sale->business_day,
        .uuid = sale->uuid,
        .currency = "EUR",
        .sequence = sale->sequence,
    };
}

struct atl_pos_transaction till_transaction(const struct till *till)
{
    return till_transaction_of(till, &till->sale);
}

struct atl_pos_line till_pos_line(const struct till *till, const struct till_line *line,
                                  unsigned unit)
{
    return (struct atl_pos_line){
        .size = sizeof(struct atl_pos_line),
        .quantity = line->quantity,
        .unit_index = unit,
        .line_ref = line->ref,
        .sku = line->sku,
        .variant = line->variant[0] ? line->variant : NULL,
        .employee_ref = till->employee,
        .price_minor = line->price_minor,
    };
}

// One key for each intent; the uuid makes it unique among tills.
const char *till_key(struct till *till, const char *what, char out[64])
{
    snprintf(out, 64, "%.36s.%.12s.%llx", till->sale.uuid, what,
             (unsigned long long)till_now_ms() << 8 |
                 (unsigned long long)(++till->key_count & 255));
    return out;
}

struct atl_pos_event till_event(struct till *till, const char *what, char key[64])
{
    return (struct atl_pos_event){.size = sizeof(struct atl_pos_event),
                                  .key = till_key(till, what, key),
                                  .employee_ref = till->employee,
                                  .at_ms = till_now_ms()};
}

bool till_is_ok(struct till *till, const char *call, int32_t code)
{
    const char *name = "a code of the future";
    const char *cure = "Call support.";
    const char *text;

    if (code == ATL_POS_OK)
        return true;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i].code == code) {
            name = codes[i].name;
            cure = codes[i].cure;
        }
    }
    text = till->plugin->error_text(till->handle);
    till_say(till, "! %s: %s%s%s\n", call, name, text[0] ? ": " : "", text);
    till_say(till, "  %s\n", cure);
    return false;
}

bool till_may_help(int32_t code)
{
    return code == ATL_POS_E_TIMEOUT || code == ATL_POS_E_IO || code == ATL_POS_E_BUSY ||
           code == ATL_POS_E_AWAY;
}

bool till_again(int32_t code, int *tries)
{
    enum { TRIES_MAX = 4, WAIT_MS = 15 };

    if (!till_may_help(code) || code == ATL_POS_E_AWAY || ++*tries == TRIES_MAX)
        return false;
    (void)poll(NULL, 0, WAIT_MS * *tries);
    return true;
}

// ---- notices ----

static void put_notice(struct till *till, const struct atl_pos_notice *notice)
{
    const char *piece = notice->piece_code ? notice->piece_code : "";
    char *out;

    if (notice->kind == ATL_POS_NOTICE_PROOF || till->notice_count == TILL_NOTICES_MAX)
        return; // pictures are waited for where they are shown
    out = till->notices[till->notice_count];
    switch (notice->kind) {
    case ATL_POS_NOTICE_STAGE:
        if (!piece[0] && (!till->sale.code[0] || till->sale.state == TILL_OPEN))
            return; // something moved somewhere; nobody asked about it
        if (piece[0])
            snprintf(out, TILL_NOTICE_BYTES, "%.40s moved; `scan %.40s` tells where it is", piece,
                     piece);
        else
            snprintf(out, TILL_NOTICE_BYTES, "news of order %s: `status` tells", till->sale.code);
        break;
    case ATL_POS_NOTICE_CAPTURED:
        snprintf(out, TILL_NOTICE_BYTES, "the guest finished on the page: line %.16s",
                 notice->line_ref ? notice->line_ref : "?");
        break;
    case ATL_POS_NOTICE_HEALTH:
        snprintf(out, TILL_NOTICE_BYTES, "%s",
                 notice->sentence ? notice->sentence
                                  : "something stopped or works again; `health` tells");
        break;
    case ATL_POS_NOTICE_PAPER:
        if (!notice->sentence)
            return;
        snprintf(out, TILL_NOTICE_BYTES, "%s", notice->sentence);
        break;
    default:
        return; // what we do not know
    }
    for (int i = 0; i < till->notice_count; i++) {
        if (strcmp(till->notices[i], out) == 0)
            return; // said already
    }
    till->notice_count++;
}

void till_take_notices(struct till *till)
{
    struct atl_pos_notice notice = {.size = sizeof notice};

    while (till->plugin->next_event(till->handle, &notice) == ATL_POS_OK) {
        put_notice(till, &notice);
        notice = (struct atl_pos_notice){.size = sizeof notice};
    }
}

void till_wait_notice(struct till *till, int timeout_ms)
{
    struct pollfd ready = {.fd = till->plugin->event_fd(till->handle), .events = POLLIN};

    (void)poll(&ready, ready.fd >= 0, timeout_ms);
    till_take_notices(till);
}

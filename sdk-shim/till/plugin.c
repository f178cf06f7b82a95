// SPDX-License-Identifier: Apache-2.0
#include "sdk-shim/till/till.h"

#include <dlfcn.h>
#include <poll.h>
#include <string.h>
#include <time.h>

static const struct {
    int32_t code;
    const char *name;
} codes[] = {
    {ATL_POS_OK,            "OK"         },
    {ATL_POS_E_INVALID,     "INVALID"    },
    {ATL_POS_E_NOMEM,       "NOMEM"      },
    {ATL_POS_E_IO,          "IO"         },
    {ATL_POS_E_TIMEOUT,     "TIMEOUT"    },
    {ATL_POS_E_BUSY,        "BUSY"       },
    {ATL_POS_E_NOT_FOUND,   "NOT_FOUND"  },
    {ATL_POS_E_DEVICE,      "DEVICE"     },
    {ATL_POS_E_CORRUPT,     "CORRUPT"    },
    {ATL_POS_E_UNSUPPORTED, "UNSUPPORTED"},
    {ATL_POS_E_AWAY,        "AWAY"       },
    {ATL_POS_E_CONFLICT,    "CONFLICT"   },
    {ATL_POS_E_FULL,        "FULL"       },
};

const char *till_code_name(int32_t code)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i].code == code)
            return codes[i].name;
    }
    return "?";
}

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
    if (till->plugin->open(&host, till->socket_path, &till->handle, why, sizeof why)) {
        till_say(till, "The plugin does not open: %s\n", why);
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

struct atl_pos_transaction till_transaction(const struct till *till)
{
    return (struct atl_pos_transaction){
        .size = sizeof(struct atl_pos_transaction),
        .is_training = till->sale.is_training,
        .store = till->store,
        .workstation = till->workstation,
        .business_day = till->sale.business_day,
        .uuid = till->sale.uuid,
        .currency = "EUR",
        .sequence = till->sale.sequence,
    };
}

struct atl_pos_line till_pos_line(const struct till_line *line, unsigned unit)
{
    return (struct atl_pos_line){
        .size = sizeof(struct atl_pos_line),
        .quantity = line->quantity,
        .unit_index = unit,
        .line_ref = line->ref,
        .sku = line->sku,
        .variant = line->variant[0] ? line->variant : NULL,
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

bool till_is_ok(struct till *till, const char *call, int32_t code)
{
    const char *text;

    if (code == ATL_POS_OK)
        return true;
    text = till->plugin->error_text(till->handle);
    till_say(till, "! %s: %s%s%s\n", call, till_code_name(code), text[0] ? ": " : "", text);
    if (code == ATL_POS_E_AWAY)
        till_say(till, "  Personalisation is away; the sale goes on without it.\n");
    return false;
}

void till_wait_notice(struct till *till, int timeout_ms)
{
    struct pollfd ready = {.fd = till->plugin->event_fd(till->handle), .events = POLLIN};
    struct atl_pos_notice notice = {.size = sizeof notice};

    if (ready.fd >= 0)
        (void)poll(&ready, 1, timeout_ms);
    else
        (void)poll(NULL, 0, timeout_ms);
    while (till->plugin->next_event(till->handle, &notice) == ATL_POS_OK)
        continue;
}

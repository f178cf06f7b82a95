// SPDX-License-Identifier: Apache-2.0
// The functions of the ABI behind one shape, and good arguments for each.
#include "sdk-shim/conformance/check.h"

#include <string.h>

enum { PATTERN = 0x5a };

static const struct atl_pos_transaction txn = {.size = sizeof txn,
                                               .store = "R17",
                                               .workstation = "2",
                                               .business_day = "2026-11-22",
                                               .uuid = "2f1c0f9e-8d2b-4f7e-9a55-0d1f6a3c7b11",
                                               .currency = "EUR",
                                               .sequence = 4711};
static const struct atl_pos_line line = {.size = sizeof line,
                                         .quantity = 3,
                                         .unit_index = 2,
                                         .line_ref = "L-1",
                                         .sku = "tote",
                                         .variant = "natural",
                                         .employee_ref = "E7",
                                         .price_minor = 12500};
static const struct atl_pos_answer answer_list[] = {
    {.name = "text",   .value = "L'été d'Élodie"},
    {.name = "thread", .value = "navy"             }
};
static const struct atl_pos_answers answers = {.size = sizeof answers,
                                               .answer_size = sizeof answer_list[0],
                                               .answers = answer_list,
                                               .answer_count = 2};
static const struct atl_pos_signature signature = {.size = sizeof signature,
                                                   .how = ATL_POS_SIGN_GUEST_SCREEN,
                                                   .key = "key-sign",
                                                   .employee_ref = "E7",
                                                   .proof_number = 5,
                                                   .at_ms = 1795312345000};
static const struct atl_pos_event event = {
    .size = sizeof event, .key = "key-event", .line_ref = "L-1", .employee_ref = "E7"};
static const struct atl_pos_tender tender = {.size = sizeof tender,
                                             .line_size = sizeof line,
                                             .lines = &line,
                                             .line_count = 1,
                                             .key = "key-tender"};
static const struct atl_pos_state state = {
    .size = sizeof state, .byte_count = 4, .bytes = (const uint8_t *)"\1\2\3\4"};
static const struct atl_pos_unit unit = {.line_ref = "L-1", .unit_index = 1};
static const struct atl_pos_return units = {.size = sizeof units,
                                            .unit_size = sizeof unit,
                                            .units = &unit,
                                            .unit_count = 1,
                                            .key = "key-return"};
static const struct atl_pos_collect collect = {.size = sizeof collect,
                                               .how = ATL_POS_COLLECT_TICKET,
                                               .key = "key-collect",
                                               .piece_code = "K7F-2A1/2",
                                               .proof = "HTTPS://SHOP.EXAMPLE/O/0"};
static const struct atl_pos_query query = {.size = sizeof query, .initials = "EL"};
static const struct atl_pos_reprint reprint = {
    .size = sizeof reprint, .paper = ATL_POS_PAPER_CLAIM, .key = "key-reprint", .code = "K7F-2A1"};

static const struct {
    const char *name;
    uint32_t size;
    const void *good; // NULL: to be filled
} parts[PART_COUNT] = {
    [PART_KEY] = {"key",           0,                                "key-1"   },
    [PART_TEXT] = {"text",          0,                                "K7F-2A1" },
    [PART_TXN] = {"transaction",   sizeof txn,                       &txn      },
    [PART_LINE] = {"line",          sizeof line,                      &line     },
    [PART_ANSWERS] = {"answers",       sizeof answers,                   &answers  },
    [PART_SIGNATURE] = {"signature",     sizeof signature,                 &signature},
    [PART_EVENT] = {"event",         sizeof event,                     &event    },
    [PART_TENDER] = {"tender",        sizeof tender,                    &tender   },
    [PART_STATE] = {"state",         sizeof state,                     &state    },
    [PART_RETURN] = {"return",        sizeof units,                     &units    },
    [PART_COLLECT] = {"collect",       sizeof collect,                   &collect  },
    [PART_QUERY] = {"query",         sizeof query,                     &query    },
    [PART_REPRINT] = {"reprint",       sizeof reprint,                   &reprint  },
    [PART_FORM] = {"form",          sizeof(struct atl_pos_form),      NULL      },
    [PART_JUDGEMENT] = {"judgement",     sizeof(struct atl_pos_judgement), NULL      },
    [PART_IMAGE] = {"image",         sizeof(struct atl_pos_image),     NULL      },
    [PART_VERDICT] = {"verdict",       sizeof(struct atl_pos_verdict),   NULL      },
    [PART_RECEIPT] = {"receipt",       sizeof(struct atl_pos_receipt),   NULL      },
    [PART_ORDER] = {"order",         sizeof(struct atl_pos_order),     NULL      },
    [PART_LIST] = {"list",          sizeof(struct atl_pos_list),      NULL      },
    [PART_STATE_OUT] = {"state to fill", sizeof(struct atl_pos_state),     NULL      },
    [PART_HEALTH] = {"health",        sizeof(struct atl_pos_health),    NULL      },
    [PART_NOTICE] = {"notice",        sizeof(struct atl_pos_notice),    NULL      },
};

uint32_t part_size(enum part part)
{
    return parts[part].size;
}

bool part_is_out(enum part part)
{
    return !parts[part].good;
}

const char *part_name(enum part part)
{
    return parts[part].name;
}

void kit_fill(struct kit *kit)
{
    for (unsigned part = 0; part < PART_COUNT; part++) {
        const uint32_t size = parts[part].size;
        uint8_t *bytes = kit->bytes[part];

        kit->at[part] = bytes;
        if (!parts[part].good) {
            memset(bytes, PATTERN, PART_MAX_BYTES);
            memcpy(bytes, &size, sizeof size);
        } else {
            memset(bytes, 0, PART_MAX_BYTES);
            memcpy(bytes, parts[part].good, size ? size : strlen(parts[part].good) + 1);
        }
    }
}

bool kit_outs_are_untouched(const struct kit *kit)
{
    struct kit fresh;

    kit_fill(&fresh);
    for (unsigned part = PART_FORM; part < PART_COUNT; part++) {
        if (memcmp(kit->bytes[part], fresh.bytes[part], PART_MAX_BYTES) != 0)
            return false;
    }
    return true;
}

#define MAKE(name, ...)                                                                            \
    static int32_t make_##name(const struct atl_pos_plugin *p, atl_pos_till t, void *const at[])   \
    {                                                                                              \
        return p->name(t, __VA_ARGS__);                                                            \
    }

MAKE(offer, at[PART_TXN], at[PART_LINE], at[PART_FORM])
MAKE(check, at[PART_TXN], at[PART_LINE], at[PART_ANSWERS], at[PART_JUDGEMENT])
MAKE(preview, at[PART_TXN], at[PART_LINE], at[PART_ANSWERS], at[PART_IMAGE])
MAKE(sign, at[PART_TXN], at[PART_LINE], at[PART_SIGNATURE])
MAKE(capture, at[PART_KEY], at[PART_TXN], at[PART_LINE], at[PART_ANSWERS], at[PART_JUDGEMENT])
MAKE(order_offer, at[PART_TXN], at[PART_FORM])
MAKE(order_answers, at[PART_KEY], at[PART_TXN], at[PART_ANSWERS], at[PART_VERDICT])
MAKE(line_changed, at[PART_KEY], at[PART_TXN], at[PART_LINE], at[PART_VERDICT])
MAKE(line_voided, at[PART_TXN], at[PART_EVENT])
MAKE(before_tender, at[PART_TXN], at[PART_VERDICT])
MAKE(tendered, at[PART_TXN], at[PART_TENDER], at[PART_RECEIPT])
MAKE(suspended, at[PART_TXN], at[PART_EVENT])
MAKE(resumed, at[PART_TXN], at[PART_EVENT], at[PART_STATE])
MAKE(voided, at[PART_TXN], at[PART_EVENT], at[PART_VERDICT])
MAKE(returned, at[PART_TXN], at[PART_RETURN], at[PART_VERDICT])
MAKE(collect, at[PART_COLLECT], at[PART_VERDICT], at[PART_ORDER])
MAKE(scan, at[PART_TEXT], at[PART_ORDER])
MAKE(find, at[PART_QUERY], at[PART_LIST])
MAKE(status, at[PART_TXN], at[PART_ORDER])
MAKE(reprint, at[PART_REPRINT])
MAKE(state, at[PART_TXN], at[PART_STATE_OUT])
MAKE(health, at[PART_HEALTH])
MAKE(next_event, at[PART_NOTICE])

#define BIT(part) (1u << PART_##part)
#define SALE      (BIT(TXN) | BIT(LINE))
#define USUAL     ATL_POS_CALL_BUDGET_MS

const struct call calls[] = {
    {"offer",         SALE | BIT(FORM),                                  0,          USUAL,                     make_offer        },
    {"check",         SALE | BIT(ANSWERS) | BIT(JUDGEMENT),              0,          USUAL,                     make_check        },
    {"preview",       SALE | BIT(ANSWERS) | BIT(IMAGE),                  0,          ATL_POS_PREVIEW_BUDGET_MS, make_preview      },
    {"sign",          SALE | BIT(SIGNATURE),                             0,          USUAL,                     make_sign         },
    {"capture",       SALE | BIT(KEY) | BIT(ANSWERS) | BIT(JUDGEMENT),   0,          USUAL,                     make_capture      },
    {"order_offer",   BIT(TXN) | BIT(FORM),                              0,          USUAL,                     make_order_offer  },
    {"order_answers", BIT(KEY) | BIT(TXN) | BIT(ANSWERS) | BIT(VERDICT), 0,          USUAL,
     make_order_answers                                                                                                           },
    {"line_changed",  SALE | BIT(KEY) | BIT(VERDICT),                    0,          USUAL,                     make_line_changed },
    {"line_voided",   BIT(TXN) | BIT(EVENT),                             0,          USUAL,                     make_line_voided  },
    {"before_tender", BIT(TXN) | BIT(VERDICT),                           0,          USUAL,                     make_before_tender},
    {"tendered",      BIT(TXN) | BIT(TENDER) | BIT(RECEIPT),             0,          USUAL,                     make_tendered     },
    {"suspended",     BIT(TXN) | BIT(EVENT),                             0,          USUAL,                     make_suspended    },
    {"resumed",       BIT(TXN) | BIT(EVENT) | BIT(STATE),                BIT(STATE), USUAL,                     make_resumed      },
    {"voided",        BIT(TXN) | BIT(EVENT) | BIT(VERDICT),              0,          USUAL,                     make_voided       },
    {"returned",      BIT(TXN) | BIT(RETURN) | BIT(VERDICT),             0,          USUAL,                     make_returned     },
    {"collect",       BIT(COLLECT) | BIT(VERDICT) | BIT(ORDER),          0,          USUAL,                     make_collect      },
    {"scan",          BIT(TEXT) | BIT(ORDER),                            0,          USUAL,                     make_scan         },
    {"find",          BIT(QUERY) | BIT(LIST),                            0,          USUAL,                     make_find         },
    {"status",        BIT(TXN) | BIT(ORDER),                             0,          USUAL,                     make_status       },
    {"reprint",       BIT(REPRINT),                                      0,          USUAL,                     make_reprint      },
    {"state",         BIT(TXN) | BIT(STATE_OUT),                         0,          USUAL,                     make_state        },
    {"health",        BIT(HEALTH),                                       0,          USUAL,                     make_health       },
    {"next_event",    BIT(NOTICE),                                       0,          0,                         make_next_event   },
};
const size_t call_count = sizeof calls / sizeof calls[0];

int32_t call_plain(const struct lab *lab, const struct call *call, atl_pos_till till)
{
    struct kit kit;

    kit_fill(&kit);
    return call->make(lab->plugin, till, kit.at);
}

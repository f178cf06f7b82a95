// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/template_fields.h"
#include "plugin/render/template_near.h"

#include <string.h>

enum {
    C = 1 << ATL_TEMPLATE_CLAIM,
    G = 1 << ATL_TEMPLATE_GIFT,
    T = 1 << ATL_TEMPLATE_TAG,
    B = 1 << ATL_TEMPLATE_BAG,
    W = 1 << ATL_TEMPLATE_CODES,
    R = 1 << ATL_TEMPLATE_ROLL,
    S = 1 << ATL_TEMPLATE_SEATS,
    N = 1 << ATL_TEMPLATE_RUN,
    ALL = C | G | T | B | W | R | S | N,
};

// A parent stands above its fields.
static const struct atl_template_field FIELDS[] = {
  // On every paper.
    {ALL,           true,  ATL_DATA_GROUP, "shop",                 "the shop"                                      },
    {ALL,           true,  ATL_DATA_TEXT,  "shop.name",            "its name"                                      },
    {ALL,           false, ATL_DATA_LIST,  "shop.address",         "its address, a line an element"                },
    {ALL,           false, ATL_DATA_TEXT,  "shop.address.line",    "one line of it"                                },
    {ALL,           false, ATL_DATA_TEXT,  "shop.phone",           "its telephone, as written"                     },
    {ALL,           false, ATL_DATA_LIST,  "shop.hours",           "opening hours, a line an element"              },
    {ALL,           false, ATL_DATA_TEXT,  "shop.hours.line",      "one line of them"                              },
    {ALL,           false, ATL_DATA_IMAGE, "logo",                 "the shop's mark, black and white"              },
    {ALL,           false, ATL_DATA_TEXT,  "language",             "language of the paper: en, fr, ja"             },
    {ALL,           false, ATL_DATA_FLAG,  "is_training",          "made in training; nothing is owed"             },
    {C | G | T | B, false, ATL_DATA_TEXT,  "copy_text",            "empty on the original"                         },
    {C | G | T | B, true,  ATL_DATA_TEXT,  "order_code",           "what people say and read: K7F-2A1"             },

 // Papers for guests.
    {C | G,         true,  ATL_DATA_TEXT,  "url",                  "address of the guest's page, for the QR code"  },
    {C | G,         true,  ATL_DATA_TEXT,  "key_line",             "the main sentence, in the guest's language"    },
    {C | G,         false, ATL_DATA_TEXT,  "key_line_shop",        "the same in the shop's; empty when equal"      },
    {C | G,         false, ATL_DATA_TEXT,  "promise_label",        "what stands before the promise"                },
    {C | G,         false, ATL_DATA_TEXT,  "promise_text",         "when it is ready; empty when unknown"          },
    {C | G,         false, ATL_DATA_TEXT,  "created_text",         "when it was ordered"                           },
    {C | G,         false, ATL_DATA_TEXT,  "collect_text",         "how it is handed over"                         },
    {C | G,         false, ATL_DATA_TEXT,  "follow_text",          "what the QR code is for"                       },
    {C | G,         false, ATL_DATA_TEXT,  "thanks_text",          "the last words"                                },

 // The buyer's.
    {C,             false, ATL_DATA_TEXT,  "pin",                  "four digits; with the code they collect, too"  },
    {C,             false, ATL_DATA_TEXT,  "pin_text",             "what the PIN is for"                           },
    {C,             false, ATL_DATA_TEXT,  "hold_text",            "a sentence when something waits for the guest" },
    {C,             false, ATL_DATA_TEXT,  "made_to_order_text",   "that it cannot be taken back"                  },
    {C,             false, ATL_DATA_TEXT,  "total_text",           "what was paid for all of it, with its currency"},
    {C,             false, ATL_DATA_FLAG,  "is_gift",              "a gift ticket goes with it"                    },
    {C,             false, ATL_DATA_FLAG,  "is_many",              "the order has more than one piece"             },
    {C,             false, ATL_DATA_LIST,  "pieces",               "what was ordered"                              },
    {C,             false, ATL_DATA_TEXT,  "pieces.number",        "1, 2, 3"                                       },
    {C,             false, ATL_DATA_TEXT,  "pieces.code",          "K7F-2A1/2"                                     },
    {C,             false, ATL_DATA_TEXT,  "pieces.product",       "the thing: Tote bag"                           },
    {C,             false, ATL_DATA_TEXT,  "pieces.variant",       "which of them: natural, large"                 },
    {C,             false, ATL_DATA_TEXT,  "pieces.what",          "what is done to it: Embroidery"                },
    {C,             false, ATL_DATA_TEXT,  "pieces.text",          "the guest's words, letter for letter"          },
    {C,             false, ATL_DATA_LIST,  "pieces.details",       "the other answers"                             },
    {C,             false, ATL_DATA_TEXT,  "pieces.details.label", "Thread"                                        },
    {C,             false, ATL_DATA_TEXT,  "pieces.details.value", "Burgundy"                                      },
    {C,             false, ATL_DATA_TEXT,  "pieces.promise_text",  "its own promise; empty when all agree"         },
    {C,             false, ATL_DATA_TEXT,  "pieces.price_text",    "its price, with its currency"                  },
    {C,             false, ATL_DATA_TEXT,  "pieces.hold_text",     "a sentence when it waits for the guest"        },

 // The receiver's.
    {G,             false, ATL_DATA_LIST,  "what",                 "what is given, without price and words"        },
    {G,             false, ATL_DATA_TEXT,  "what.line",            "one line of it"                                },

 // The workshop's.
    {T | B,         true,  ATL_DATA_TEXT,  "piece_code",           "K7F-2A1/2"                                     },
    {T,             true,  ATL_DATA_TEXT,  "tag_code",             "what the scanner reads"                        },
    {T,             true,  ATL_DATA_TEXT,  "tag_revision",         "1; one more after each change"                 },
    {T,             false, ATL_DATA_TEXT,  "replaces_text",        "replaces tag 1; empty on the first"            },
    {T | B,         false, ATL_DATA_TEXT,  "duplicate_text",       "DUPLICATE 2; empty on the original"            },
    {T | B,         false, ATL_DATA_TEXT,  "unit_of",              "2 / 3; empty when there is only one"           },
    {T | B | N,     true,  ATL_DATA_TEXT,  "product",              "the blank to fetch"                            },
    {T | B,         false, ATL_DATA_TEXT,  "variant",              "which of them"                                 },
    {T | B,         false, ATL_DATA_TEXT,  "text",                 "the words to make, letter for letter"          },
    {T,             false, ATL_DATA_LIST,  "details",              "font, height, thread with number, place"       },
    {T,             false, ATL_DATA_TEXT,  "details.label",        "Thread"                                        },
    {T,             false, ATL_DATA_TEXT,  "details.value",        "Burgundy 1784"                                 },
    {T,             false, ATL_DATA_LIST,  "sewing",               "size, stitches, time, hoop and file"           },
    {T,             false, ATL_DATA_TEXT,  "sewing.label",         "Hoop"                                          },
    {T,             false, ATL_DATA_TEXT,  "sewing.value",         "180x130"                                       },
    {T,             false, ATL_DATA_IMAGE, "proof",                "the picture that was signed off"               },
    {T,             false, ATL_DATA_TEXT,  "promise_text",         "when the guest was told it is ready"           },
    {T,             false, ATL_DATA_TEXT,  "needed_by_text",       "when the guest needs it, if they said"         },
    {T,             false, ATL_DATA_TEXT,  "language_text",        "the guest's language, if not the shop's"       },
    {T | B,         false, ATL_DATA_FLAG,  "is_gift",              "pack it blind"                                 },
    {T,             false, ATL_DATA_FLAG,  "is_rush",              "before the others"                             },
    {T,             false, ATL_DATA_FLAG,  "is_remake",            "made again"                                    },
    {T,             false, ATL_DATA_TEXT,  "remake_text",          "why it is made again"                          },
    {T,             false, ATL_DATA_TEXT,  "attempt",              "2 on the first remake"                         },
    {T,             false, ATL_DATA_TEXT,  "hold_text",            "do not start: what it waits for"               },
    {T,             false, ATL_DATA_TEXT,  "customer_note",        "what the guest asked for besides"              },
    {T,             false, ATL_DATA_LIST,  "hints",                "what the stations need to know"                },
    {T,             false, ATL_DATA_TEXT,  "hints.line",           "one line of it"                                },

 // On the finished bag.
    {B,             false, ATL_DATA_TEXT,  "place_text",           "where it waits: shelf B4"                      },
    {B,             false, ATL_DATA_LIST,  "care",                 "how it is washed and kept"                     },
    {B,             false, ATL_DATA_TEXT,  "care.line",            "one line of it"                                },

 // On the wall of the workshop.
    {W | S | N,     true,  ATL_DATA_TEXT,  "title",                "what stands above the list"                    },
    {W,             true,  ATL_DATA_LIST,  "codes",                "what can be scanned"                           },
    {W,             true,  ATL_DATA_TEXT,  "codes.name",           "in words, large: Quality check"                },
    {W,             true,  ATL_DATA_TEXT,  "codes.code",           "what the scanner reads, for the QR code"       },
    {W,             false, ATL_DATA_TEXT,  "codes.kind_text",      "Act, Place"                                    },
    {W,             false, ATL_DATA_TEXT,  "codes.hint",           "what the scan does"                            },

 // Tags before there is a piece.
    {R,             true,  ATL_DATA_LIST,  "tags",                 "one tag an element"                            },
    {R,             true,  ATL_DATA_TEXT,  "tags.code",            "what the scanner reads"                        },
    {R,             false, ATL_DATA_TEXT,  "tags.number",          "how people tell them apart: 017"               },

 // Who comes to a session.
    {S,             false, ATL_DATA_TEXT,  "session_text",         "when it is"                                    },
    {S,             false, ATL_DATA_TEXT,  "place_name",           "where it is"                                   },
    {S,             false, ATL_DATA_TEXT,  "count_text",           "7 of 12 seats taken"                           },
    {S,             false, ATL_DATA_LIST,  "seats",                "those who come"                                },
    {S,             true,  ATL_DATA_TEXT,  "seats.code",           "K7F-2A1/1"                                     },
    {S,             false, ATL_DATA_TEXT,  "seats.number",         "1, 2, 3"                                       },
    {S,             false, ATL_DATA_TEXT,  "seats.name",           "as the guest wrote it"                         },
    {S,             false, ATL_DATA_TEXT,  "seats.note",           "what they asked for besides"                   },
    {S,             false, ATL_DATA_TEXT,  "seats.stage_text",     "Checked in"                                    },

 // What is sewn together.
    {N,             false, ATL_DATA_TEXT,  "thread_text",          "the thread to put on: Navy 1643"               },
    {N,             false, ATL_DATA_TEXT,  "hoop_text",            "the hoop: 180x130"                             },
    {N,             true,  ATL_DATA_LIST,  "run",                  "the pieces, in the order of sewing"            },
    {N,             true,  ATL_DATA_TEXT,  "run.code",             "K7F-2A1/2"                                     },
    {N,             false, ATL_DATA_TEXT,  "run.position",         "1, 2, 3"                                       },
    {N,             false, ATL_DATA_TEXT,  "run.text",             "its words"                                     },
    {N,             false, ATL_DATA_TEXT,  "run.variant",          "which of the blanks"                           },
    {N,             false, ATL_DATA_TEXT,  "run.file",             "its name on the machine: K7F2A1_2.PES"         },
};

enum { FIELD_COUNT = sizeof FIELDS / sizeof *FIELDS };

const char *atl_template_kind_name(enum atl_template_kind kind)
{
    switch (kind) {
    case ATL_TEMPLATE_CLAIM:
        return "claim";
    case ATL_TEMPLATE_GIFT:
        return "gift";
    case ATL_TEMPLATE_TAG:
        return "tag";
    case ATL_TEMPLATE_BAG:
        return "bag";
    case ATL_TEMPLATE_CODES:
        return "codes";
    case ATL_TEMPLATE_ROLL:
        return "roll";
    case ATL_TEMPLATE_SEATS:
        return "seats";
    case ATL_TEMPLATE_RUN:
        return "run";
    case ATL_TEMPLATE_KIND_COUNT:
        break;
    }
    return "unknown";
}

bool atl_template_kind_find(const char *name, enum atl_template_kind *out)
{
    for (int kind = 0; kind < ATL_TEMPLATE_KIND_COUNT; kind++) {
        if (strcmp(name, atl_template_kind_name((enum atl_template_kind)kind)) == 0) {
            *out = (enum atl_template_kind)kind;
            return true;
        }
    }
    return false;
}

const struct atl_template_field *atl_template_fields(size_t *count)
{
    *count = FIELD_COUNT;
    return FIELDS;
}

// The last part of the path when the row stands directly in `parent`, or NULL.
static const char *name_in(const struct atl_template_field *field, enum atl_template_kind kind,
                           const char *parent, size_t parent_len)
{
    const char *name = field->path;

    if (!(field->kinds & (1u << kind)))
        return NULL;
    if (parent_len) {
        if (strncmp(name, parent, parent_len) != 0 || name[parent_len] != '.')
            return NULL;
        name += parent_len + 1;
    }
    return strchr(name, '.') ? NULL : name;
}

const struct atl_template_field *atl_template_field_find(enum atl_template_kind kind,
                                                         const char *parent, size_t parent_len,
                                                         const char *name, size_t name_len)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const char *own = name_in(&FIELDS[i], kind, parent, parent_len);

        if (own && strncmp(own, name, name_len) == 0 && !own[name_len])
            return &FIELDS[i];
    }
    return NULL;
}

const char *atl_template_field_near(enum atl_template_kind kind, const char *parent,
                                    size_t parent_len, const char *name, size_t name_len)
{
    struct atl_template_near near = {.name = name, .len = name_len};

    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const char *own = name_in(&FIELDS[i], kind, parent, parent_len);

        if (own)
            atl_template_near_offer(&near, own);
    }
    return near.best;
}

// One group of the data and the path of its fields, on the way through the tree.
struct place {
    const struct atl_data_group *group;
    const char *path;
};

static atl_code unknown(enum atl_template_kind kind, const char *path, const char *name,
                        struct atl_error *err)
{
    const char *near = atl_template_field_near(kind, path, strlen(path), name, strlen(name));

    return atl_fail(err, ATL_E_INVALID, "%s: the field %s%s%.40s does not exist%s%s",
                    atl_template_kind_name(kind), path, *path ? "." : "", name,
                    near ? "; did you mean " : "", near ? near : "");
}

static atl_code check_required(enum atl_template_kind kind, const struct place *place,
                               struct atl_error *err)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const char *own = name_in(&FIELDS[i], kind, place->path, strlen(place->path));

        if (own && FIELDS[i].is_required &&
            !atl_data_is_true(atl_data_find(place->group, own, strlen(own))))
            return atl_fail(err, ATL_E_INVALID, "%s: the field %s is missing or empty",
                            atl_template_kind_name(kind), FIELDS[i].path);
    }
    return ATL_OK;
}

// The depth is that of the table, not of the input: what is not in the table is not entered.
static atl_code check_group(enum atl_template_kind kind, const struct place *place,
                            struct atl_error *err)
{
    const struct atl_data_field *field;
    const struct atl_template_field *known;
    atl_code rc = check_required(kind, place, err);

    for (field = place->group->fields; !rc && field; field = field->next) {
        known = atl_template_field_find(kind, place->path, strlen(place->path), field->name,
                                        strlen(field->name));
        if (!known)
            return unknown(kind, place->path, field->name, err);
        if (known->type != field->type)
            return atl_fail(err, ATL_E_INVALID, "%s: the field %s was given as another type",
                            atl_template_kind_name(kind), known->path);
        for (const struct atl_data_group *in = field->first; !rc && in; in = in->next)
            rc = check_group(kind, &(struct place){in, known->path}, err);
    }
    return rc;
}

atl_code atl_template_fields_check(enum atl_template_kind kind, const struct atl_data *data,
                                   struct atl_error *err)
{
    atl_code rc = atl_data_check(data, err);

    if (rc)
        return rc;
    return check_group(kind, &(struct place){data->root, ""}, err);
}

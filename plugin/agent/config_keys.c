// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/config_keys.h"

#include "plugin/core/order.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct key;
typedef const char *(*set_fn)(const struct key *key, void *field, const char *value);

struct key {
    const char *section;
    const char *name;
    set_fn set;
    size_t offset;
    size_t size;       // of a text
    unsigned min, max; // of a number; min is the weekday of opening hours
    bool is_needed;
};

static bool is_made_of(const char *text, const char *letters)
{
    return text[strspn(text, letters)] == '\0';
}

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static const char *set_text(const struct key *key, void *field, const char *value)
{
    for (const char *at = value; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            return "it has a control character in it; remove it";
    if (strlen(value) >= key->size)
        return "it is too long; shorten it";
    (void)snprintf(field, key->size, "%s", value);
    return NULL;
}

static const char *set_word(const struct key *key, void *field, const char *value)
{
    if (!value[0] || !is_made_of(value, LOWER UPPER DIGITS "_-"))
        return "it is made of letters, digits, - and _; no spaces";
    return set_text(key, field, value);
}

static const char *set_path(const struct key *key, void *field, const char *value)
{
    if (value[0] && value[0] != '/')
        return "a path begins with /; write it in full";
    if (strlen(value) > 1 && value[strlen(value) - 1] == '/')
        return "it ends with /; take that away";
    return set_text(key, field, value);
}

static const char *set_zone(const struct key *key, void *field, const char *value)
{
    if (!value[0] || value[0] == '/' || strstr(value, "..") ||
        !is_made_of(value, LOWER UPPER DIGITS "/_+-"))
        return "it is no name of a time zone; for instance Europe/Paris";
    return set_text(key, field, value);
}

static const char *set_language(const struct key *key, void *field, const char *value)
{
    if (strlen(value) < 2 || !is_made_of(value, LOWER UPPER DIGITS "-"))
        return "it is no language; for instance en, fr or ja";
    return set_text(key, field, value);
}

static const char *set_currency(const struct key *key, void *field, const char *value)
{
    if (strlen(value) != 3 || !is_made_of(value, UPPER))
        return "a currency is three capital letters; for instance EUR";
    return set_text(key, field, value);
}

static const char *set_number(const struct key *key, void *field, const char *value)
{
    static const char not_so[] = "it is no number, or out of its range; see packaging/atelier.ini";
    unsigned long number;

    if (!value[0] || strlen(value) > 6 || !is_made_of(value, DIGITS))
        return not_so;
    number = strtoul(value, NULL, 10);
    if (number < key->min || number > key->max)
        return not_so;
    *(unsigned *)field = (unsigned)number;
    return NULL;
}

// In the QR: capitals, so that the code stays small (alphanumeric mode).
static const char *set_page_base(const struct key *key, void *field, const char *value)
{
    char text[64];
    size_t len = strlen(value);

    if (len >= sizeof text)
        return "it is longer than 63 characters, and the QR would grow; take a shorter one";
    for (size_t i = 0; i <= len; i++)
        text[i] = (char)(value[i] >= 'a' && value[i] <= 'z' ? value[i] - 'a' + 'A' : value[i]);
    if (strncmp(text, "HTTPS://", 8) != 0 && strncmp(text, "HTTP://127.0.0.1", 16) != 0 &&
        strncmp(text, "HTTP://LOCALHOST", 16) != 0)
        return "it must begin with HTTPS://; guests' phones warn of anything else";
    if (text[len - 1] == '/')
        return "it ends with /; take that away";
    if (!is_made_of(text, UPPER DIGITS "$%*+-./:"))
        return "a QR's small letters are A-Z 0-9 $ % * + - . / : only; take another address";
    return set_text(key, field, text);
}

// Splits at spaces and commas; the next part is in *part, cut out of *rest.
static bool next_part(char **rest, char **part)
{
    *rest += strspn(*rest, " ,\t");
    if (!**rest)
        return false;
    *part = *rest;
    *rest += strcspn(*rest, " ,\t");
    if (**rest)
        *(*rest)++ = '\0';
    return true;
}

static const char *set_languages(const struct key *key, void *field, const char *value)
{
    const struct key one = {.size = sizeof((struct atl_config *)0)->guest_languages[0]};
    struct atl_config *config = field; // offset 0: it fills two fields
    char copy[256], *rest = copy, *part;
    size_t count = 0;

    (void)key;
    (void)snprintf(copy, sizeof copy, "%s", value);
    while (next_part(&rest, &part)) {
        const char *cause;

        if (count == ATL_CONFIG_MAX_LANGUAGES)
            return "there are at most 8 languages";
        cause = set_language(&one, config->guest_languages[count], part);
        if (cause)
            return cause;
        count++;
    }
    if (!count)
        return "name at least one language; for instance \"fr en ja\"";
    config->guest_language_count = count;
    return NULL;
}

// "10:00-19:30" into the weekday's hours.
static bool add_span(struct atl_hours *hours, int32_t weekday, const char *text)
{
    const char *dash = strchr(text, '-');
    int32_t from, until;

    return dash && !atl_minutes_parse(text, (size_t)(dash - text), &from, NULL) &&
           !atl_minutes_parse(dash + 1, strlen(dash + 1), &until, NULL) &&
           !atl_hours_add(hours, weekday, from, until, NULL);
}

static const char *set_hours(const struct key *key, void *field, const char *value)
{
    static const char not_so[] = "these are no opening hours; for instance \"10:00-19:30\", "
                                 "\"10:00-12:30 14:00-19:00\" or \"closed\"";
    char copy[128], *rest = copy, *part;

    (void)snprintf(copy, sizeof copy, "%s", value);
    if (!value[0])
        return not_so;
    if (strcmp(value, "closed") == 0)
        return NULL;
    while (next_part(&rest, &part))
        if (!add_span(field, (int32_t)key->min, part))
            return not_so;
    return NULL;
}

static const char *set_closed(const struct key *key, void *field, const char *value)
{
    static const char not_so[] = "these are no days, or more than 64; for instance "
                                 "\"2026-12-25 2027-01-01\"";
    const struct atl_open_day closed = {0};
    char copy[256], *rest = copy, *part;
    int64_t days;

    (void)key;
    (void)snprintf(copy, sizeof copy, "%s", value);
    while (next_part(&rest, &part))
        if (atl_date_parse(part, strlen(part), &days, NULL) ||
            atl_hours_except(field, days, &closed, NULL))
            return not_so;
    return NULL;
}

static const char *set_link(const struct key *key, void *field, const char *value)
{
    if (!strchr(value, ':') || value[0] == ':')
        return "it is no link; for instance tcp:192.168.1.50:9100 or file:/tmp/paper.bin";
    return set_text(key, field, value);
}

static const char *set_delivery(const struct key *key, void *field, const char *value)
{
    if (strncmp(value, "dir:/", 5) != 0 && strncmp(value, "volume:", 7) != 0 &&
        strncmp(value, "usb-storage:", 12) != 0)
        return "it is no way to a machine; for instance volume:auto, volume:LABEL or "
               "dir:/srv/designs";
    return set_text(key, field, value);
}

static const char *set_profile(const struct key *key, void *field, const char *value)
{
    if (!value[0] || (value[0] != '/' && !is_made_of(value, LOWER DIGITS "-")))
        return "it is no profile; see \"atelier-stitch --machines\", for instance brother-pr1055x";
    return set_text(key, field, value);
}

static const char *set_scanner(const struct key *key, void *field, const char *value)
{
    if (strncmp(value, "usb:", 4) != 0)
        return "it is no scanner; \"atelier-agent scans --devices\" shows what can be written here";
    return set_text(key, field, value);
}

// An act that needs no reason and no second thought: the codes of the wall, and a seat's.
static const char *set_step(const struct key *key, void *field, const char *value)
{
    static const enum atl_act steps[] = {ATL_ACT_START, ATL_ACT_DONE, ATL_ACT_PASS,
                                         ATL_ACT_CHECK_IN, ATL_ACT_ATTEND};
    const enum atl_act act = atl_act_by_name(value);

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i] == act)
            return set_text(key, field, value);
    return "it is no step of a piece; there are start, done, pass, check_in and attend";
}

static const char *set_papers(const struct key *key, void *field, const char *value)
{
    static const struct {
        const char *name;
        uint32_t bit;
    } papers[] = {
        {"claim", ATL_PAPER_CLAIM},
        {"gift",  ATL_PAPER_GIFT },
        {"tag",   ATL_PAPER_TAG  },
        {"bag",   ATL_PAPER_BAG  },
        {"run",   ATL_PAPER_RUN  },
        {"codes", ATL_PAPER_CODES},
        {"roll",  ATL_PAPER_ROLL },
        {"seats", ATL_PAPER_SEATS},
    };
    char copy[128], *rest = copy, *part;
    uint32_t bits = 0;

    (void)key;
    (void)snprintf(copy, sizeof copy, "%s", value);
    while (next_part(&rest, &part)) {
        uint32_t bit = 0;

        for (size_t i = 0; i < sizeof papers / sizeof papers[0]; i++)
            if (strcmp(part, papers[i].name) == 0)
                bit = papers[i].bit;
        if (!bit)
            return "there is no such paper; there are claim, gift, tag, bag, run, codes, roll and "
                   "seats";
        bits |= bit;
    }
    if (!bits)
        return "name at least one of claim, gift, tag, bag, run, codes, roll and seats";
    *(uint32_t *)field = bits;
    return NULL;
}

#define FIELD(type, member) offsetof(struct type, member), sizeof(((struct type *)0)->member)
#define SHOP(member)        FIELD(atl_config, member)
#define PRINTER(member)     FIELD(atl_config_printer, member)
#define MACHINE(member)     FIELD(atl_config_machine, member)
#define SCANNER(member)     FIELD(atl_config_scanner, member)

// clang-format off: its columns are lost on macros that stand for two.
static const struct key keys[] = {
    {"shop", "retailer",        set_word,      SHOP(retailer),       0,                             0,      true       },
    {"shop", "store",           set_word,      SHOP(store),          0,                             0,      true       },
    {"shop", "name",            set_text,      SHOP(name),           0,                             0,      true       },
    {"shop", "address",         set_text,      SHOP(address),        0,                             0,      false      },
    {"shop", "phone",           set_text,      SHOP(phone),          0,                             0,      false      },
    {"shop", "map_url",         set_text,      SHOP(map_url),        0,                             0,      false      },
    {"shop", "zone",            set_zone,      SHOP(zone),           0,                             0,      true       },
    {"shop", "language",        set_language,  SHOP(language),       0,                             0,      false      },
    {"shop", "guest_languages", set_languages, 0,                    0,                             0,      0,           false},
    {"shop",      "currency",                  set_currency,                SHOP(currency),       0,       0,      true         },
    {"shop",      "day_start_hour",                  set_number,          SHOP(day_start_hour),   0,   12,      false   },
    {"shop",      "hours.mon",                  set_hours,               SHOP(hours),         1,             0,          false    },
    {"shop",      "hours.tue",                  set_hours,               SHOP(hours),         2,             0,          false   },
    {"shop",      "hours.wed",                  set_hours,               SHOP(hours),         3,             0,          false    },
    {"shop",      "hours.thu",                  set_hours,               SHOP(hours),         4,             0,          false   },
    {"shop",      "hours.fri",                  set_hours,               SHOP(hours),         5,             0,          false    },
    {"shop",      "hours.sat",                  set_hours,               SHOP(hours),         6,             0,          false   },
    {"shop",      "hours.sun",                  set_hours,               SHOP(hours),         7,             0,          false    },
    {"shop",      "hours.closed",                  set_closed,            SHOP(hours),     0,            0,             false       },
    {"paths",      "data",                 set_path,                   SHOP(data),               0,                0,       false},
    {"paths",      "run",                 set_path,                    SHOP(run),                0,                 0,       false      },
    {"paths",      "catalogue",                 set_path,              SHOP(catalogue),          0,           0,       false},
    {"paths",      "templates",                 set_path,              SHOP(templates),          0,           0,       false      },
    {"paths",      "own_templates",                 set_path,          SHOP(own_templates),      0,       0,       false    },
    {"paths",      "zoneinfo",                 set_path,               SHOP(zoneinfo),           0,            0,       false },
    {"paths", "machines", set_path, SHOP(machines_folder), 0, 0, false},
    {"paths",      "log",                 set_path,                    SHOP(log),                0,                 0,       false},
    {"cloud",      "url",                 set_text,                    SHOP(cloud_url),                0,           0, false },
    {"cloud",      "key_file",                 set_path,               SHOP(cloud_key_file),           0,      0, false    },
    {"cloud",      "ca_file",                 set_path,                SHOP(cloud_ca_file),            0,       0, false},
    {"cloud",      "page_base",                 set_page_base,              SHOP(page_base),     0,      0,       false           },
    {"workshop",      "stations",              set_number,            SHOP(stations),         1,             99,          false},
    {"workshop",      "late_minutes",              set_number,        SHOP(late_minutes),     5,         1440,          false             },
    {"keep",      "claim_minutes",                  set_number,           SHOP(claim_minutes),    1,    10080,      false},
    {"keep",      "draft_hours",                  set_number,             SHOP(draft_hours),      1,      2160,      false            },
    {"keep",      "uncollected_days",                  set_number,        SHOP(uncollected_days), 1, 365,      false },
    {"keep",      "order_days",                  set_number,              SHOP(order_days),       1,       3650,      false     },
    {"keep",      "backup_count",                  set_number,            SHOP(backup_count),     1,     90,      false     },
    {"printer",      "driver",               set_word,               PRINTER(driver),             0,             0,      false},
    {"printer",      "model",               set_word,                PRINTER(model),              0,              0,      false    },
    {"printer", "media", set_text, PRINTER(media), 0, 0, false},
    {"printer",      "link",               set_link,                 PRINTER(link),               0,               0,      true},
    {"printer",      "documents",               set_papers,            PRINTER(papers),        0,           0,         false           },
    {"printer",      "previews",               set_path,             PRINTER(previews),           0,           0,      false},
    {"printer",      "backup",               set_word,               PRINTER(backup),             0,             0,      false         },
    {"printer",      "templates",               set_word,            PRINTER(templates),          0,          0,      false},
    {"machine", "profile", set_profile, MACHINE(profile), 0, 0, true},
    {"machine", "link", set_delivery, MACHINE(link), 0, 0, true},
    {"scanner", "link", set_scanner, SCANNER(link), 0, 0, true},
    {"scanner", "layout", set_word, SCANNER(layout), 0, 0, false},
    {"scanner", "step", set_step, SCANNER(step), 0, 0, false},
    {"scanner", "place", set_text, SCANNER(place), 0, 0, false},
};
// clang-format on

static const int key_count = sizeof keys / sizeof keys[0];

void atl_config_set_defaults(struct atl_config *config)
{
    *config = (struct atl_config){
        .language = "en",
        .guest_languages = {"en"},
        .guest_language_count = 1,
        .day_start_hour = 4,
        .data = "/var/lib/atelier",
        .run = "/run/atelier",
        .catalogue = "/usr/share/atelier/catalogue",
        .templates = "/usr/share/atelier/printer-templates",
        .zoneinfo = "/usr/share/zoneinfo",
        .machines_folder = "/usr/share/atelier/embroidery/machines",
        .cloud_key_file = "/etc/atelier/shop.key",
        .stations = 1,
        .late_minutes = 60,
        .claim_minutes = 30,
        .draft_hours = 72,
        .uncollected_days = 30,
        .order_days = 90,
        .backup_count = 7,
    };
}

struct atl_config_printer atl_config_new_printer(void)
{
    return (struct atl_config_printer){
        .driver = "escpos",
        .papers = ATL_PAPER_CLAIM | ATL_PAPER_GIFT | ATL_PAPER_TAG,
    };
}

size_t atl_config_sections(const char **names, size_t max)
{
    size_t count = 0;

    for (int row = 0; row < key_count && count < max; row++)
        if (row == 0 || strcmp(keys[row].section, keys[row - 1].section) != 0)
            names[count++] = keys[row].section;
    return count;
}

bool atl_config_has_section(const char *kind)
{
    for (int row = 0; row < key_count; row++)
        if (strcmp(keys[row].section, kind) == 0)
            return true;
    return false;
}

int atl_config_key_find(const char *kind, const char *key)
{
    for (int row = 0; row < key_count; row++)
        if (strcmp(keys[row].section, kind) == 0 && strcmp(keys[row].name, key) == 0)
            return row;
    return -1;
}

int atl_config_key_count(void)
{
    return key_count;
}

const char *atl_config_key_name(int row)
{
    return keys[row].name;
}

size_t atl_config_key_names(const char *kind, const char **names, size_t max)
{
    size_t count = 0;

    for (int row = 0; row < key_count && count < max; row++)
        if (strcmp(keys[row].section, kind) == 0)
            names[count++] = keys[row].name;
    return count;
}

bool atl_config_key_is_needed(int row, const char **section)
{
    *section = keys[row].section;
    return keys[row].is_needed;
}

const char *atl_config_key_set(int row, void *base, const char *value)
{
    return keys[row].set(&keys[row], (char *)base + keys[row].offset, value);
}

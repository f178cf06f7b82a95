// SPDX-License-Identifier: Apache-2.0
#include "cloud/options.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const char atl_options_help[] =
    "atelier-cloud: the endpoint of Atelier: takes events from shops, shows guests their page.\n"
    "\n"
    "  atelier-cloud --data FOLDER --keys FILE [--listen ADDRESS:PORT] [option ...]\n"
    "  atelier-cloud add-store RETAILER/STORE --keys FILE [--out SHOP.key] [--another]\n"
    "\n"
    "  --listen A:P       where to listen (127.0.0.1:8480); port 0 takes any and prints it;\n"
    "                     fd:N takes a listening socket that was inherited as descriptor N\n"
    "  --data FOLDER      the ledger; made when it does not exist\n"
    "  --keys FILE        the keys of the shops, mode 0600; read again when it changes\n"
    "  --base-url URL     what guests see; https:// switches Strict-Transport-Security on\n"
    "  --connections N    at most so many at once (10000)\n"
    "  --per-address N    at most so many from one address (0: no limit; a proxy counts better)\n"
    "  --request-seconds N  a request must have come and be answered in this time (30)\n"
    "  --pages N          pages kept ready, about 10 KB each (1024)\n"
    "  --log-requests     a line a request to standard error; of a token it holds 6 characters\n"
    "  --out FILE         add-store: the shop's copy, made with mode 0600 (else it is printed)\n"
    "  --another          add-store: beside the key that the shop has already\n"
    "  --help, --version\n"
    "\n"
    "It speaks HTTP: put a proxy with TLS in front (cloud/README.md). SIGTERM ends it cleanly.\n";

enum kind { KIND_TEXT, KIND_NUMBER, KIND_FLAG };

static const struct option {
    const char *name;
    enum kind kind;
    size_t offset;
    unsigned max;
} options[] = {
    {"--listen",          KIND_TEXT,   offsetof(struct atl_options, listen),        0      },
    {"--data",            KIND_TEXT,   offsetof(struct atl_options, data),          0      },
    {"--keys",            KIND_TEXT,   offsetof(struct atl_options, keys),          0      },
    {"--base-url",        KIND_TEXT,   offsetof(struct atl_options, base_url),      0      },
    {"--out",             KIND_TEXT,   offsetof(struct atl_options, out),           0      },
    {"--connections",     KIND_NUMBER, offsetof(struct atl_options, connections),   1000000},
    {"--per-address",     KIND_NUMBER, offsetof(struct atl_options, per_address),   1000000},
    {"--request-seconds", KIND_NUMBER, offsetof(struct atl_options, request_s),     3600   },
    {"--pages",           KIND_NUMBER, offsetof(struct atl_options, slots),         1000000},
    {"--another",         KIND_FLAG,   offsetof(struct atl_options, is_another),    0      },
    {"--log-requests",    KIND_FLAG,   offsetof(struct atl_options, logs_requests), 0      },
};

static const struct option *find(const char *name)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

static atl_code set(const struct option *option, const char *value, struct atl_options *out,
                    struct atl_error *err)
{
    char *at = (char *)out + option->offset;
    if (option->kind == KIND_FLAG) {
        memcpy(at, &(bool){true}, sizeof(bool));
        return ATL_OK;
    }
    if (option->kind == KIND_TEXT) {
        memcpy(at, &value, sizeof value);
        return ATL_OK;
    }
    char *end;
    unsigned long number = strtoul(value, &end, 10);
    if (*value < '0' || *value > '9' || *end || number > option->max)
        return atl_fail(err, ATL_E_INVALID, "%s %s: must be a number up to %u", option->name, value,
                        option->max);
    memcpy(at, &(unsigned){(unsigned)number}, sizeof(unsigned));
    return ATL_OK;
}

static atl_code check(const struct atl_options *options_, struct atl_error *err)
{
    if (options_->command != ATL_COMMAND_SERVE && options_->command != ATL_COMMAND_ADD_STORE)
        return ATL_OK;
    if (!options_->keys)
        return atl_fail(err, ATL_E_INVALID, "--keys FILE is missing: where the shops' keys are");
    if (options_->command == ATL_COMMAND_ADD_STORE && !options_->store)
        return atl_fail(err, ATL_E_INVALID, "add-store needs RETAILER/STORE, e.g. maison/paris-1");
    if (options_->command == ATL_COMMAND_SERVE && !options_->data)
        return atl_fail(err, ATL_E_INVALID, "--data FOLDER is missing: where the ledger lives");
    if (options_->connections < 1 || options_->slots < 1)
        return atl_fail(err, ATL_E_INVALID, "--connections and --pages must be 1 or more");
    return ATL_OK;
}

// A word that is no option.
static atl_code take_word(const char *word, struct atl_options *out, struct atl_error *err)
{
    if (strcmp(word, "--help") == 0)
        out->command = ATL_COMMAND_HELP;
    else if (strcmp(word, "--version") == 0)
        out->command = ATL_COMMAND_VERSION;
    else if (strcmp(word, "add-store") == 0)
        out->command = ATL_COMMAND_ADD_STORE;
    else if (out->command == ATL_COMMAND_ADD_STORE && !out->store && word[0] != '-')
        out->store = word;
    else
        return atl_fail(err, ATL_E_INVALID, "'%s' is not known here: see atelier-cloud --help",
                        word);
    return ATL_OK;
}

atl_code atl_options_parse(int argc, char **argv, struct atl_options *out, struct atl_error *err)
{
    struct atl_options all = {
        .listen = "127.0.0.1:8480", .connections = 10000, .request_s = 30, .slots = 1024};
    for (int i = 1; i < argc; i++) {
        const struct option *option = find(argv[i]);
        const char *value = NULL;
        if (option && option->kind != KIND_FLAG && !(value = argv[++i]))
            return atl_fail(err, ATL_E_INVALID, "%s needs a value", option->name);
        atl_code rc = option ? set(option, value, &all, err) : take_word(argv[i], &all, err);
        if (rc)
            return rc;
    }
    atl_code rc = check(&all, err);
    if (!rc)
        *out = all;
    return rc;
}

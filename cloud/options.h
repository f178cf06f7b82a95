// SPDX-License-Identifier: Apache-2.0
// The command line of atelier-cloud.
#ifndef ATL_CLOUD_OPTIONS_H
#define ATL_CLOUD_OPTIONS_H

#include "plugin/core/error.h"

#include <stdbool.h>

enum atl_command {
    ATL_COMMAND_SERVE,
    ATL_COMMAND_ADD_STORE,
    ATL_COMMAND_HELP,
    ATL_COMMAND_VERSION
};

// Strings are borrowed from argv.
struct atl_options {
    enum atl_command command;
    const char *listen;   // "ADDRESS:PORT" or "fd:N"
    const char *data;     // folder
    const char *keys;     // file
    const char *base_url; // NULL, or what guests see; https switches HSTS on
    const char *store;    // add-store
    const char *out;      // add-store: the shop's file; NULL: standard output
    bool is_another;      // add-store: beside the key that the shop has
    bool logs_requests;
    unsigned connections, per_address, slots, request_s;
};

extern const char atl_options_help[];

// ATL_E_INVALID with the sentence for the person at the keyboard.
ATL_MUST_USE atl_code atl_options_parse(int argc, char **argv, struct atl_options *out,
                                        struct atl_error *err);

#endif

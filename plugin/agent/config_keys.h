// SPDX-License-Identifier: Apache-2.0
// The keys of atelier.ini as a table: section, name, how a value is read, where it goes. A new
// key is a row in config_keys.c, a field in config.h and a paragraph in packaging/atelier.ini.
#ifndef ATL_AGENT_CONFIG_KEYS_H
#define ATL_AGENT_CONFIG_KEYS_H

#include "plugin/agent/config.h"

void atl_config_set_defaults(struct atl_config *config);
struct atl_config_printer atl_config_new_printer(void);

// Sections by kind: "shop", …, "printer".
bool atl_config_has_section(const char *kind);
size_t atl_config_sections(const char **names, size_t max);

// Rows are numbered from 0; -1: there is none.
int atl_config_key_find(const char *kind, const char *key);
int atl_config_key_count(void);
const char *atl_config_key_name(int row);
size_t atl_config_key_names(const char *kind, const char **names, size_t max);

// Whether the file must have it; *section is its section.
bool atl_config_key_is_needed(int row, const char **section);

// Reads the value into its place below base: the config, or a printer of it. NULL when that is
// done, else "cause; cure", which is a constant.
const char *atl_config_key_set(int row, void *base, const char *value);

#endif

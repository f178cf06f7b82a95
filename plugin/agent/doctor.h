// SPDX-License-Identifier: Apache-2.0
// The doctor: what is wrong with this machine, in words, with the cure. A list of checks; each
// looks at one thing, changes nothing, and says one line.
#ifndef ATL_AGENT_DOCTOR_H
#define ATL_AGENT_DOCTOR_H

#include "plugin/agent/config.h"

#include <stdbool.h>
#include <stddef.h>

enum atl_finding {
    ATL_FINDING_OK,
    ATL_FINDING_NOTE,  // works, and a person may want to know
    ATL_FINDING_WRONG, // does not work
    ATL_FINDING_NONE,  // does not apply to this shop: nothing is said
};

enum { ATL_FINDING_BYTES = 400 };

struct atl_check {
    const char *name; // "the store"
    // Writes what it found into text, with the cure when it is not OK.
    enum atl_finding (*look)(const struct atl_config *config, char *text, size_t size);
};

// In the order in which they are said; ends with a row without a name.
extern const struct atl_check atl_doctor_machine[];   // folders, disk, zone, templates, key
extern const struct atl_check atl_doctor_catalogue[]; // catalogue, fonts, sessions
extern const struct atl_check atl_doctor_sewing[];    // machines, letterings
extern const struct atl_check atl_doctor_scanners[];
extern const struct atl_check atl_doctor_running[]; // printers, agent, store, cloud

// Looks, says a line for each, and sums up; returns the exit code.
int atl_doctor_say(const struct atl_check *checks, const struct atl_config *config);

// For the checks: writes the text and gives the finding back.
enum atl_finding atl_find(enum atl_finding finding, char *text, size_t size, const char *fmt, ...)
    ATL_PRINTF(4, 5);

#endif

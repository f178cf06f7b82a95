// SPDX-License-Identifier: Apache-2.0
// The configuration of one shop: atelier.ini, read once by each process at its start. A copy of
// packaging/atelier.ini with every key explained is what a shop begins with.
//
// Everything is a fixed array, so the struct can be copied and needs no free. Every key has a
// default but shop.retailer, store, name, zone, currency and hours; what the file may not say is
// an error that names file, line, key and the nearest key there is.
#ifndef ATL_AGENT_CONFIG_H
#define ATL_AGENT_CONFIG_H

#include "plugin/core/hours.h"

#include <stdbool.h>
#include <stddef.h>

#define ATL_CONFIG_DEFAULT_FILE "/etc/atelier/atelier.ini"

enum {
    ATL_CONFIG_MAX_PRINTERS = 8,
    ATL_CONFIG_MAX_MACHINES = 8,
    ATL_CONFIG_MAX_SCANNERS = 8,
    ATL_CONFIG_MAX_LANGUAGES = 8,
    ATL_CONFIG_PATH_BYTES = 256,
    ATL_CONFIG_RUN_BYTES = 64, // a socket below it must fit into sun_path
};

// Which papers a printer prints; bits, as in [printer NAME] documents.
enum atl_paper {
    ATL_PAPER_CLAIM = 1u << 0,
    ATL_PAPER_GIFT = 1u << 1,
    ATL_PAPER_TAG = 1u << 2,
    ATL_PAPER_BAG = 1u << 3,
    ATL_PAPER_RUN = 1u << 4, // sheets, which a person asks for
    ATL_PAPER_CODES = 1u << 5,
    ATL_PAPER_ROLL = 1u << 6,
    ATL_PAPER_SEATS = 1u << 7,
};

struct atl_config_printer {
    char name[24]; // [a-z0-9-]; its lane is print@NAME
    char driver[16];
    char model[24];                       // "": the driver's first
    char media[24];                       // what it is loaded with: "62x29"; "": see the driver
    char link[ATL_CONFIG_PATH_BYTES];     // "file:/…", "tcp:HOST:PORT"
    char previews[ATL_CONFIG_PATH_BYTES]; // folder for a PNG of each paper; "": none
    char backup[24];                      // printer that takes over when a person says so; "": none
    char templates[24];                   // suffix of the templates: "58" takes claim-58; "": claim
    uint32_t papers;                      // ATL_PAPER_* bits
};

struct atl_config_machine {
    char name[24];                       // [a-z0-9-]; its lane is machine@NAME
    char profile[ATL_CONFIG_PATH_BYTES]; // name of a file in [paths] machines, or a path
    char link[ATL_CONFIG_PATH_BYTES];    // as drivers/link/volume.h: "volume:auto", "dir:/…"
};

struct atl_config_scanner {
    char name[24];                    // [a-z0-9-]; its lane is scan@NAME
    char link[ATL_CONFIG_PATH_BYTES]; // as drivers/scanner.h: "usb:0c2e:0b6a:SERIAL"
    char layout[8];                   // the country that the scanner is set to; "": us
    char step[16];                    // an act: what is scanned here is led on by it; "": none
    char place[33];                   // what is scanned here is put there; "": stays where it is
};

struct atl_config {
    char file[ATL_CONFIG_PATH_BYTES]; // where it was read, for messages

    // [shop]
    char retailer[24]; // [A-Za-z0-9_-]; with store the shop's name in the cloud
    char store[24];
    char name[96];
    char address[256]; // lines separated by " | "
    char phone[40];
    char map_url[200];
    char zone[48];                                      // IANA: "Europe/Paris"
    char language[12];                                  // of the staff
    char guest_languages[ATL_CONFIG_MAX_LANGUAGES][12]; // the first is the shop's own
    size_t guest_language_count;
    char currency[4];
    struct atl_hours hours;
    unsigned day_start_hour; // a business day begins at this hour

    // [paths]
    char data[ATL_CONFIG_PATH_BYTES];      // the store and what must survive
    char run[ATL_CONFIG_RUN_BYTES];        // sockets, doorbells, heartbeats: gone after a reboot
    char catalogue[ATL_CONFIG_PATH_BYTES]; // folder of catalogue.json
    char templates[ATL_CONFIG_PATH_BYTES]; // as shipped
    char own_templates[ATL_CONFIG_PATH_BYTES]; // the shop's own, which win; "": none
    char zoneinfo[ATL_CONFIG_PATH_BYTES];
    char machines_folder[ATL_CONFIG_PATH_BYTES]; // profiles of embroidery machines
    char log[ATL_CONFIG_PATH_BYTES]; // of `start`; "": data/agent.log. `run` writes to standard
                                     // error

    // [cloud]
    char cloud_url[200]; // "": this shop has no cloud
    char cloud_key_file[ATL_CONFIG_PATH_BYTES];
    char cloud_ca_file[ATL_CONFIG_PATH_BYTES]; // "": the system's
    char page_base[64];                        // in front of /O/TOKEN in the QR

    // [workshop]
    unsigned stations;     // open at the same time, when nobody said otherwise
    unsigned late_minutes; // a promise this near to breaking is on the list "tell these guests"

    // [keep]
    unsigned claim_minutes;    // a claim ticket not printed by then expires
    unsigned draft_hours;      // a draft that was never tendered is dropped
    unsigned uncollected_days; // ready and not fetched for so long is `uncollected`
    unsigned order_days;       // so long after its end an order is erased: text, contact, tokens
    unsigned backup_count;     // nightly copies kept

    struct atl_config_printer printers[ATL_CONFIG_MAX_PRINTERS];
    size_t printer_count;
    struct atl_config_machine machines[ATL_CONFIG_MAX_MACHINES];
    size_t machine_count;
    struct atl_config_scanner scanners[ATL_CONFIG_MAX_SCANNERS];
    size_t scanner_count;
};

// Reads a file. The error is "FILE:LINE: [section] key: cause; cure". *out is unchanged on
// failure.
ATL_MUST_USE atl_code atl_config_read(const char *file, struct atl_config *out,
                                      struct atl_error *err);

// The file that counts: the one given, else $ATELIER_CONFIG, else ATL_CONFIG_DEFAULT_FILE.
const char *atl_config_file(const char *given);

// The shop's zone, from [paths] zoneinfo and [shop] zone. *out is unchanged on failure.
ATL_MUST_USE atl_code atl_config_zone(const struct atl_config *config, struct atl_zone *out,
                                      struct atl_error *err);

// "front" -> its printer; NULL when there is none.
const struct atl_config_printer *atl_config_printer_find(const struct atl_config *config,
                                                         const char *name);

const struct atl_config_machine *atl_config_machine_find(const struct atl_config *config,
                                                         const char *name);

const struct atl_config_scanner *atl_config_scanner_find(const struct atl_config *config,
                                                         const char *name);

// The first printer that prints this paper; NULL when none does.
const struct atl_config_printer *atl_config_printer_for(const struct atl_config *config,
                                                        enum atl_paper paper);

#endif

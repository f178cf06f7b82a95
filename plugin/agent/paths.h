// SPDX-License-Identifier: Apache-2.0
// Where things lie below the two folders of the configuration. Nobody else puts a path together.
//
//   data/atelier.db          the store (and -wal, -shm, ballast beside it)
//   data/fonts/              facts about the fonts, written by a render worker
//   data/proofs/             pictures that guests signed, by digest
//   data/backups/            nightly copies
//   run/agent.lock           held by the supervisor
//   run/pos.sock             serve: tills
//   run/render.sock          serve -> render workers
//   run/NAME.bell            doorbell of a process
//   run/NAME.beat            heartbeat of a process, and its lock
//   run/status               what the supervisor knows, one line a process
#ifndef ATL_AGENT_PATHS_H
#define ATL_AGENT_PATHS_H

#include "plugin/agent/config.h"

enum { ATL_PATH_BYTES = ATL_CONFIG_PATH_BYTES + 64 };

struct atl_path {
    char text[ATL_PATH_BYTES]; // NUL-terminated; never cut short, config.c limits the folders
};

struct atl_path atl_path_data(const struct atl_config *config, const char *name);
struct atl_path atl_path_run(const struct atl_config *config, const char *name);

struct atl_path atl_path_store(const struct atl_config *config);
struct atl_path atl_path_pos_socket(const struct atl_config *config);
struct atl_path atl_path_render_socket(const struct atl_config *config);

// Makes data, its folders and run, with mode 0700 (run 0755, so that tills reach the socket),
// where they are not there yet. A folder that belongs to somebody else is an error with its cure.
ATL_MUST_USE atl_code atl_paths_make(const struct atl_config *config, struct atl_error *err);

#endif

// SPDX-License-Identifier: Apache-2.0
// What the parts of a delivery share; nobody else includes it.
#ifndef ATL_DRIVERS_LINK_VOLUME_PARTS_H
#define ATL_DRIVERS_LINK_VOLUME_PARTS_H

#include "drivers/link/volume.h"

// One delivery under way. It runs in the child; every step is told to the parent at once, so that
// the report is right whenever the child is lost.
struct volume_job {
    const struct atl_delivery *what;
    const struct atl_volume_options *options; // complete: no field is 0
    struct atl_delivery_report *report;
    int parent; // the socket
};

// The journal's line: asks the parent, which calls begin(). On ATL_OK the report says DOUBT.
atl_code volume_begin(struct volume_job *job, struct atl_error *err);
// The parent learns the report as it stands, and that something moves.
void volume_tell(struct volume_job *job);

// One row a way of delivery; `rest` is the URI behind its scheme.
typedef atl_code (*volume_fn)(struct volume_job *job, const char *rest, struct atl_error *err);

// Runs `deliver` in a child with the time limits of the options.
atl_code volume_run_guarded(volume_fn deliver, const char *rest, struct volume_job *job,
                            struct atl_error *err);

// A removable volume, behind "volume:".
atl_code volume_deliver_removable(struct volume_job *job, const char *rest, struct atl_error *err);

// A folder that is there, by path.
atl_code dir_deliver(struct volume_job *job, const char *path, struct atl_error *err);
// The machine's folder below `root`, a path that report->where stands for. A removable volume has
// no other programs beside us: a missing name is then the stick that was pulled out.
atl_code dir_deliver_below(struct volume_job *job, const char *root, struct atl_error *err);

// Reads the file through a door that does not lead through the page cache, and compares.
atl_code dir_compare(int folder, const char *name, const void *bytes, size_t len,
                     struct atl_error *err);

// The file's working name while it is written: "ATL_3F2C.TMP", always of that pattern, so that a
// leftover is known to be ours whatever design it was.
enum { VOLUME_WORKING_NAME_CAP = 13 };
void volume_working_name(const char *name, char out[VOLUME_WORKING_NAME_CAP]);
bool volume_is_working_name(const char *name);

// A design of ours that is sewn and may go: a name that is to be taken now is not.
bool volume_is_finished(const struct atl_delivery *what, const char *name);

// What is in the machine's folder, name by name.
enum { VOLUME_NAMES_MAX = 128 };
struct volume_survey {
    bool is_taken[VOLUME_NAMES_MAX]; // of what->names
    uint32_t designs;                // with the machine's ending
    uint32_t finished;               // of these, the ones that go
    uint64_t freed_bytes;            // by what goes
};
// alias: the file's other name, or NULL.
void volume_survey_take(const struct volume_job *job, struct volume_survey *survey,
                        const char *name, const char *alias, uint64_t bytes);
// Chooses the name, and counts.
atl_code volume_survey_judge(struct volume_job *job, const struct volume_survey *survey,
                             struct atl_error *err);

// A design onto a FAT volume that nobody has mounted.
struct fat_volume;
atl_code volume_deliver_fat(struct volume_job *job, struct fat_volume *volume,
                            struct atl_error *err);
// … that is behind a device of USB mass storage.
struct bulk_transport;
atl_code volume_deliver_bulk(struct volume_job *job, struct bulk_transport *transport,
                             struct atl_error *err);
// … which libusb has found, behind "usb-storage:".
atl_code volume_deliver_usb(struct volume_job *job, const char *rest, struct atl_error *err);

#endif

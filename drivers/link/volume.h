// SPDX-License-Identifier: Apache-2.0
// Puts one design where a machine reads it: a folder, a removable volume, or a stick that is
// spoken to directly over USB because it must not be mounted.
//
//     dir:/path                      a folder that is there: a network share, a test
//     volume:auto                    the volume that the machine's profile names (label or usb)
//     volume:LABEL                   the volume with that label; label=… when it looks like the
//     rest volume:1A2B-3C4D               … with that serial number of its file system (uuid=…)
//     volume:04f9:2100[:SERIAL]      … on that USB device (usb=…)
//     usb-storage:04f9:2100[:SERIAL] that USB device by libusb; usb-storage:auto by the profile
//
// The steps, and where a delivery stands when it ends early:
//
//     look, check, choose a name      UNTOUCHED   no file of the volume was changed
//     begin() ------------------------------------ the journal's line: it commits "sending"
//     remove finished, write, rename  DOUBT       the name is missing or the whole file; a
//                                                 leftover has another name and goes next time
//     read back past the cache        DOUBT       until the last byte was the same
//     unmount, eject                  WHOLE       is_let_go says whether it can be pulled out
//
// Nothing is tried again by itself after begin(). The work is done in a child process, so that a
// stick that hangs in the kernel costs the caller its time limit and not the process.
#ifndef ATL_DRIVERS_LINK_VOLUME_H
#define ATL_DRIVERS_LINK_VOLUME_H

#include "drivers/machine.h"
#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ATL_DELIVERY_WHERE_CAP = 160,
    ATL_DELIVERY_MAX_BYTES = 16 * 1024 * 1024,
};

enum atl_delivery_state {
    ATL_DELIVERY_UNTOUCHED,
    ATL_DELIVERY_DOUBT,
    ATL_DELIVERY_WHOLE,
};

struct atl_delivery {
    const struct atl_machine *machine; // its folder, name rule, label and usb ids
    // Names to take, the best one first, each made by atl_machine_file_name(): the first that
    // nothing has yet is used. All taken: ATL_E_CONFLICT, untouched.
    const char *const *names;
    size_t name_count;
    bool may_replace; // names[0] is ours from an earlier try: write over it
    const void *bytes;
    size_t len; // 1..ATL_DELIVERY_MAX_BYTES
    // What the bytes sew, as they were read back from the file; it is held against the machine and
    // the hoop (NULL: any of its hoops) before the volume is even looked for. NULL: the caller has
    // asked atl_machine_check() already.
    const struct atl_plan *plan;
    const struct atl_hoop *hoop;
    // Designs of ours that are sewn: they are removed, when they are there, after begin() and
    // before the write. A name that is also in `names` is not.
    const char *const *finished;
    size_t finished_count;
    // Called once, in the caller's process, when everything that can be known before is in order
    // and nothing was changed. What it returns but ATL_OK ends the delivery, untouched. NULL: none.
    atl_code (*begin)(void *context, const char *where, const char *name, struct atl_error *err);
    // Called in the caller's process about once a second while it takes its time, so that whoever
    // watches the caller knows that it lives. NULL: none.
    void (*waits)(void *context);
    void *context;
};

// How a volume is mounted that nobody has mounted.
enum atl_volume_mount {
    ATL_VOLUME_MOUNT_AUTO,   // directly when this is root, else by udisks2
    ATL_VOLUME_MOUNT_DIRECT, // mount(2): a kiosk without a desktop
    ATL_VOLUME_MOUNT_UDISKS, // udisksctl: the rights are those of the session
    ATL_VOLUME_MOUNT_NEVER,  // only what is mounted already, which is left mounted
};

// NULL or 0 in a field: its default, as said beside it. The paths are for tests.
struct atl_volume_options {
    unsigned appear_ms; // how long a volume may take to appear: 30 s, half a minute is common
    unsigned slow_ms;   // longest wait for one step of a delivery: 60 s
    enum atl_volume_mount mount;
    bool stays_plugged;         // a machine on its cable: unmount, but do not eject
    const char *sys_path;       // /sys
    const char *dev_path;       // /dev
    const char *udev_path;      // /run/udev/data: what udev knows about file systems
    const char *mountinfo_path; // /proc/self/mountinfo
    const char *mount_path;     // where a volume is mounted directly: /run/atelier/volume
    const char *udisksctl;      // udisksctl, looked for in PATH
};

struct atl_delivery_report {
    enum atl_delivery_state state;
    char where[ATL_DELIVERY_WHERE_CAP];   // for people: "BROTHER (sdb1, usb 04f9:2100)"
    char name[ATL_MACHINE_FILE_NAME_CAP]; // the one that was chosen
    unsigned removed;                     // finished designs that are gone
    uint64_t free_bytes;                  // afterwards, 0 when that is not known
    bool is_let_go;                       // it can be pulled out
    bool is_ejected;                      // and the device was told so
    char let_go_why[128];                 // why it cannot, a sentence with the cure
};

// *report is filled on failure too: it is where the journal looks. ATL_OK with !is_let_go: the
// design is there, and a person reads let_go_why before pulling the stick out.
//   ATL_E_INVALID      the URI, the name or the length is wrong, or the design fits no such hoop
//   ATL_E_NOT_FOUND    no such volume, or the machine's folder is not on it
//   ATL_E_CONFLICT     more than one volume fits, or every name is taken
//   ATL_E_FULL         no room, or as many files as the machine shows
//   ATL_E_DEVICE       write-protected: a person moves the switch
//   ATL_E_UNSUPPORTED  not FAT, or a FAT that has to be repaired first
//   ATL_E_BUSY         somebody else writes there
//   ATL_E_TIMEOUT      it is too slow, or hangs
//   ATL_E_IO           it vanished, or reads back something else
ATL_MUST_USE atl_code atl_volume_deliver(const char *uri, const struct atl_delivery *what,
                                         const struct atl_volume_options *options,
                                         struct atl_delivery_report *report, struct atl_error *err);

// A descriptor that is readable when what `uri` names may have been plugged in; the caller's to
// close. -1: nobody tells it here, or it is a folder.
int atl_volume_watch(const char *uri);

// Empties it. True: it is worth looking for the volume now. What a delivery does itself to a device
// is no news.
bool atl_volume_watch_drain(const char *uri, int fd);

#endif

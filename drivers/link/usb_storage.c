// SPDX-License-Identifier: Apache-2.0
// The bulk-only transport over libusb, for machines that must not be mounted. While the interface
// is ours the kernel's usb-storage has no disk; it gets it back in the end.
#include "drivers/link/bulk.h"
#include "drivers/link/parts.h"
#include "drivers/link/usb_find.h"
#include "drivers/link/volume_mount.h"
#include "drivers/link/volume_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <libusb.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    CLASS_STORAGE = 8,
    SUBCLASS_SCSI = 6,
    PROTOCOL_BULK_ONLY = 0x50,
    TO_INTERFACE = 0x21,
    STORAGE_RESET = 0xff,
    REQUEST_MS = 5000,
    LOOK_EACH_MS = 250,
    PIECE_BYTES = 16 * 1024, // what usbfs takes at once on every kernel
};

struct storage {
    struct usb_seen seen;
    int fd;
    libusb_context *context;
    libusb_device_handle *handle;
    int interface;
    uint8_t out;
    uint8_t in;
    bool is_claimed;
    bool has_taken_from_kernel;
};

static enum bulk_result result_of(int rc)
{
    switch (rc) {
    case LIBUSB_SUCCESS:
        return BULK_DONE;
    case LIBUSB_ERROR_PIPE:
        return BULK_STALLED;
    case LIBUSB_ERROR_TIMEOUT:
        return BULK_LATE;
    case LIBUSB_ERROR_NO_DEVICE:
        return BULK_GONE;
    default:
        return BULK_BROKEN;
    }
}

// An unplugged device's last transfer may end as any error: whether it is there is asked of /sys.
static enum bulk_result look_again(const struct storage *storage, enum bulk_result result)
{
    if (result != BULK_BROKEN)
        return result;
    poll(NULL, 0, 100);
    return usb_is_there(&storage->seen) ? BULK_BROKEN : BULK_GONE;
}

static enum bulk_result move(struct storage *storage, uint8_t endpoint, uint8_t *bytes, size_t len,
                             unsigned timeout_ms, size_t *done)
{
    *done = 0;
    while (*done < len) {
        int want = len - *done < PIECE_BYTES ? (int)(len - *done) : PIECE_BYTES, got = 0;
        int rc =
            libusb_bulk_transfer(storage->handle, endpoint, bytes + *done, want, &got, timeout_ms);

        *done += (size_t)got;
        if (rc)
            return look_again(storage, result_of(rc));
        if (got < want)
            break; // a short packet is the end
    }
    return BULK_DONE;
}

static enum bulk_result storage_out(struct bulk_transport *transport, const void *bytes, size_t len,
                                    unsigned timeout_ms, size_t *done)
{
    struct storage *storage = transport->context;
    // libusb takes a pointer that it could write to, and does not for this direction.
    union {
        const void *given;
        uint8_t *taken;
    } same = {.given = bytes};

    return move(storage, storage->out, same.taken, len, timeout_ms, done);
}

static enum bulk_result storage_in(struct bulk_transport *transport, void *bytes, size_t len,
                                   unsigned timeout_ms, size_t *done)
{
    struct storage *storage = transport->context;

    return move(storage, storage->in, bytes, len, timeout_ms, done);
}

static enum bulk_result storage_clear(struct bulk_transport *transport, bool is_in)
{
    struct storage *storage = transport->context;

    return result_of(libusb_clear_halt(storage->handle, is_in ? storage->in : storage->out));
}

static enum bulk_result storage_reset(struct bulk_transport *transport)
{
    struct storage *storage = transport->context;
    int rc = libusb_control_transfer(storage->handle, TO_INTERFACE, STORAGE_RESET, 0,
                                     (uint16_t)storage->interface, NULL, 0, REQUEST_MS);

    return result_of(rc < 0 ? rc : 0);
}

static bool take_endpoints(struct storage *storage, const struct libusb_interface_descriptor *row)
{
    storage->out = storage->in = 0;
    for (int i = 0; i < row->bNumEndpoints; i++) {
        const struct libusb_endpoint_descriptor *endpoint = &row->endpoint[i];

        if ((endpoint->bmAttributes & 3) != LIBUSB_TRANSFER_TYPE_BULK)
            continue;
        if (endpoint->bEndpointAddress & LIBUSB_ENDPOINT_IN)
            storage->in = endpoint->bEndpointAddress;
        else
            storage->out = endpoint->bEndpointAddress;
    }
    return storage->out && storage->in;
}

// Alternate setting 0 only: what has another one there speaks UAS, and bulk-only beside it.
static bool find_interface(struct storage *storage, const struct libusb_config_descriptor *config)
{
    for (int i = 0; i < config->bNumInterfaces; i++) {
        const struct libusb_interface *interface = &config->interface[i];
        const struct libusb_interface_descriptor *row = interface->altsetting;

        if (interface->num_altsetting < 1 || row->bInterfaceClass != CLASS_STORAGE ||
            row->bInterfaceSubClass != SUBCLASS_SCSI ||
            row->bInterfaceProtocol != PROTOCOL_BULK_ONLY || !take_endpoints(storage, row))
            continue;
        storage->interface = row->bInterfaceNumber;
        return true;
    }
    return false;
}

static int claim(struct storage *storage)
{
    int rc;

    if (libusb_kernel_driver_active(storage->handle, storage->interface) == 1) {
        rc = libusb_detach_kernel_driver(storage->handle, storage->interface);
        if (rc && rc != LIBUSB_ERROR_NOT_FOUND)
            return rc;
        storage->has_taken_from_kernel = true;
    }
    rc = libusb_claim_interface(storage->handle, storage->interface);
    storage->is_claimed = rc == 0;
    return rc;
}

static atl_code fail_to_use(const struct storage *storage, int why, struct atl_error *err)
{
    if (why == LIBUSB_ERROR_NO_DEVICE)
        return atl_fail(err, ATL_E_NOT_FOUND, "it was unplugged just now: plug it in again");
    if (why == LIBUSB_ERROR_BUSY)
        return atl_fail(err, ATL_E_BUSY, "another program has it: end that one");
    if (why == LIBUSB_ERROR_NOT_SUPPORTED)
        return atl_fail(err, ATL_E_UNSUPPORTED,
                        "%s is no USB drive: switch the machine to its USB mode",
                        storage->seen.words);
    return atl_fail(err, ATL_E_IO, "it cannot be used (%s): plug it in again",
                    libusb_error_name(why));
}

static int wrap(struct storage *storage)
{
    struct libusb_config_descriptor *config = NULL;
    int rc;

    (void)libusb_set_option(NULL, LIBUSB_OPTION_NO_DEVICE_DISCOVERY);
    rc = libusb_init(&storage->context);
    if (!rc)
        rc = libusb_wrap_sys_device(storage->context, (intptr_t)storage->fd, &storage->handle);
    if (!rc)
        rc = libusb_get_active_config_descriptor(libusb_get_device(storage->handle), &config);
    if (!rc && !find_interface(storage, config))
        rc = LIBUSB_ERROR_NOT_SUPPORTED;
    libusb_free_config_descriptor(config);
    return rc ? rc : claim(storage);
}

static void close_storage(struct storage *storage)
{
    if (storage->is_claimed)
        (void)libusb_release_interface(storage->handle, storage->interface);
    if (storage->has_taken_from_kernel)
        (void)libusb_attach_kernel_driver(storage->handle, storage->interface);
    if (storage->handle)
        libusb_close(storage->handle);
    if (storage->context)
        libusb_exit(storage->context);
    if (storage->fd >= 0)
        close(storage->fd);
}

static atl_code open_storage(struct storage *storage, struct atl_error *err)
{
    char node[USB_NODE_CAP];
    int rc;

    usb_node_path(&storage->seen, node);
    storage->fd = open(node, O_RDWR | O_CLOEXEC);
    if (storage->fd < 0 && (errno == EACCES || errno == EPERM))
        return atl_fail(err, ATL_E_IO, "no right to %s: add the agent's user to its group", node);
    if (storage->fd < 0)
        return atl_fail(err, ATL_E_NOT_FOUND, "%s: %s: plug it in again", node, strerror(errno));
    rc = wrap(storage);
    return rc ? fail_to_use(storage, rc, err) : ATL_OK;
}

// Taking the device from under a mounted file system would lose what it has not written yet.
static atl_code check_unmounted(const struct atl_volume_options *options,
                                const struct usb_seen *seen, struct atl_error *err)
{
    struct volume_seen list[VOLUMES_MAX];
    size_t count = volume_list(options, list, VOLUMES_MAX);

    for (size_t i = 0; i < count; i++) {
        struct volume_mounted mounted;

        if (list[i].usb_vendor == seen->ids.vendor && list[i].usb_product == seen->ids.product &&
            (!seen->serial[0] || strcmp(list[i].serial, seen->serial) == 0) &&
            volume_mounted_find(options, &list[i], &mounted))
            return atl_fail(err, ATL_E_BUSY,
                            "it is mounted at %.80s: eject it there, or deliver to volume: instead",
                            mounted.path);
    }
    return ATL_OK;
}

static atl_code parse(const char *rest, const struct atl_machine *machine, struct usb_name *out,
                      struct atl_error *err)
{
    char ids[16];

    if (strcmp(rest, "auto") != 0)
        return usb_name_parse(rest, out, err);
    if (!machine->usb_vendor)
        return atl_fail(err, ATL_E_INVALID,
                        "the profile of %s has no USB id: write usb-storage:VENDOR:PRODUCT, or "
                        "give the profile a line usb",
                        machine->name);
    snprintf(ids, sizeof ids, "%04x:%04x", machine->usb_vendor, machine->usb_product);
    return usb_name_parse(ids, out, err);
}

static atl_code find(const struct atl_volume_options *options, const struct usb_name *name,
                     struct usb_seen *out, struct atl_error *err)
{
    int64_t deadline = link_now_ms() + options->appear_ms;

    for (;;) {
        atl_code rc = usb_find(name, false, out, err);

        if (rc != ATL_E_NOT_FOUND || link_now_ms() >= deadline)
            return rc;
        poll(NULL, 0, LOOK_EACH_MS);
    }
}

atl_code volume_deliver_usb(struct volume_job *job, const char *rest, struct atl_error *err)
{
    struct storage storage = {.fd = -1};
    struct bulk_transport transport = {&storage, storage_out, storage_in, storage_clear,
                                       storage_reset};
    struct usb_name name;
    atl_code rc = parse(rest, job->what->machine, &name, err);

    if (!rc)
        rc = find(job->options, &name, &storage.seen, err);
    if (rc)
        return rc;
    snprintf(job->report->where, sizeof job->report->where, "%s, usb %04x:%04x", storage.seen.words,
             storage.seen.ids.vendor, storage.seen.ids.product);
    volume_tell(job);
    rc = check_unmounted(job->options, &storage.seen, err);
    if (!rc)
        rc = open_storage(&storage, err);
    if (!rc)
        rc = volume_deliver_bulk(job, &transport, err);
    close_storage(&storage);
    return rc;
}

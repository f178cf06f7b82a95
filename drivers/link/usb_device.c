// SPDX-License-Identifier: Apache-2.0
#include "drivers/link/usb_device.h"

#include "drivers/link/usb_holder.h"
#include "drivers/link/usb_list.h"
#include "drivers/link/usb_quirks.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

// Universal Serial Bus Device Class Definition for Printing Devices 1.1, section 4.2. The third
// was sent to "other" in version 1.0, and printers of that time still want it so.
enum {
    REQUEST_MS = 1000,
    FROM_INTERFACE = 0xa1,
    TO_INTERFACE = 0x21,
    TO_OTHER = 0x23,
    GET_DEVICE_ID = 0,
    GET_PORT_STATUS = 1,
    SOFT_RESET = 2,
};

static atl_code fail_to_open(const struct usb_seen *seen, const char *node, int why,
                             struct atl_error *err)
{
    if (why == EACCES || why == EPERM)
        return atl_fail(err, ATL_E_DEVICE,
                        "no right to %s (%s): install " ATL_USB_RULES_FILE
                        ", add the agent's user to the group " ATL_USB_RULES_GROUP
                        " and plug the printer in anew",
                        node, seen->words);
    if (why == ENOENT || why == ENODEV || why == ENXIO)
        return atl_fail(err, ATL_E_NOT_FOUND,
                        "%s on port %s was unplugged just now, or %s is not let into this "
                        "container",
                        seen->words, seen->port, node);
    return atl_fail(err, ATL_E_IO, "%s (%s): %s", node, seen->words, strerror(why));
}

static atl_code fail_to_use(const struct usb_seen *seen, int why, struct atl_error *err)
{
    if (why == LIBUSB_ERROR_NO_DEVICE)
        return atl_fail(err, ATL_E_NOT_FOUND, "%s on port %s was unplugged just now", seen->words,
                        seen->port);
    return atl_fail(err, ATL_E_IO,
                    "%s on port %s cannot be used (%s): switch it off and on, or plug it in anew",
                    seen->words, seen->port, libusb_error_name(why));
}

// libusb knows the device by its open node only.
static int wrap(struct usb_device *device)
{
    int rc;

    (void)libusb_set_option(NULL, LIBUSB_OPTION_NO_DEVICE_DISCOVERY);
    rc = libusb_init(&device->context);
    if (rc)
        return rc;
    return libusb_wrap_sys_device(device->context, (intptr_t)device->fd, &device->handle);
}

// usblp sits on every printer that is plugged in. It is asked away before anything else, because a
// claim beside it fails.
static int claim(struct usb_device *device)
{
    const struct usb_printer *printer = &device->seen.printer;
    int rc;

    if (libusb_kernel_driver_active(device->handle, printer->interface) == 1) {
        rc = libusb_detach_kernel_driver(device->handle, printer->interface);
        if (rc && rc != LIBUSB_ERROR_NOT_FOUND)
            return rc;
        device->has_taken_from_kernel = true;
    }
    rc = libusb_claim_interface(device->handle, printer->interface);
    if (rc)
        return rc;
    device->is_claimed = true;
    if (!printer->alternate)
        return 0;
    return libusb_set_interface_alt_setting(device->handle, printer->interface, printer->alternate);
}

atl_code usb_device_open(const struct usb_seen *seen, struct usb_device *out, struct atl_error *err)
{
    struct usb_device device = {.seen = *seen, .quirks = usb_quirks_of(&seen->ids)};
    char node[USB_NODE_CAP];
    int rc;

    usb_node_path(seen, node);
    device.fd = open(node, O_RDWR | O_CLOEXEC);
    if (device.fd < 0)
        return fail_to_open(seen, node, errno, err);
    rc = wrap(&device);
    if (!rc)
        rc = claim(&device);
    if (!rc) {
        *out = device;
        return ATL_OK;
    }
    usb_device_close(&device);
    if (rc == LIBUSB_ERROR_BUSY)
        return usb_holder_fail(seen, err);
    return fail_to_use(seen, rc, err);
}

void usb_device_close(struct usb_device *device)
{
    const int interface = device->seen.printer.interface;

    if (device->is_claimed)
        (void)libusb_release_interface(device->handle, interface);
    if (device->has_taken_from_kernel && !(device->quirks & USB_QUIRK_NO_REATTACH))
        (void)libusb_attach_kernel_driver(device->handle, interface);
    if (device->handle)
        libusb_close(device->handle);
    if (device->context)
        libusb_exit(device->context);
    if (device->fd >= 0)
        close(device->fd);
    *device = (struct usb_device){.seen = device->seen, .quirks = device->quirks, .fd = -1};
}

int usb_device_claim_again(struct usb_device *device)
{
    (void)libusb_release_interface(device->handle, device->seen.printer.interface);
    device->is_claimed = false;
    return claim(device);
}

// ---- Requests of the class ----

int usb_device_id(struct usb_device *device, uint8_t *out, size_t size)
{
    const struct usb_printer *printer = &device->seen.printer;

    return libusb_control_transfer(device->handle, FROM_INTERFACE, GET_DEVICE_ID,
                                   printer->configuration_index,
                                   (uint16_t)(printer->interface << 8 | printer->alternate), out,
                                   (uint16_t)(size < UINT16_MAX ? size : UINT16_MAX), REQUEST_MS);
}

int usb_device_port_status(struct usb_device *device, uint8_t *out)
{
    return libusb_control_transfer(device->handle, FROM_INTERFACE, GET_PORT_STATUS, 0,
                                   device->seen.printer.interface, out, 1, REQUEST_MS);
}

int usb_device_soft_reset(struct usb_device *device)
{
    int rc = libusb_control_transfer(device->handle, TO_INTERFACE, SOFT_RESET, 0,
                                     device->seen.printer.interface, NULL, 0, REQUEST_MS);

    if (rc == LIBUSB_ERROR_PIPE)
        rc = libusb_control_transfer(device->handle, TO_OTHER, SOFT_RESET, 0,
                                     device->seen.printer.interface, NULL, 0, REQUEST_MS);
    return rc;
}

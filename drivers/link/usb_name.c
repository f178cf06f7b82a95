// SPDX-License-Identifier: Apache-2.0
#include "drivers/link/usb_name.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool usb_port_is_valid(const char *port)
{
    size_t len = strlen(port);
    bool has_dash = false;

    if (!len || len >= USB_PORT_CAP)
        return false;
    for (size_t i = 0; i < len; i++) {
        const bool is_separator = port[i] == '.' || port[i] == '-';

        if (!is_separator && !isdigit((unsigned char)port[i]))
            return false;
        if (is_separator && (i == 0 || !isdigit((unsigned char)port[i - 1]) || i + 1 == len))
            return false;
        if (port[i] == '.' ? !has_dash : port[i] == '-' && has_dash)
            return false;
        has_dash = has_dash || port[i] == '-';
    }
    return has_dash;
}

// Exactly four hexadecimal digits.
static bool take_id(const char **at, uint16_t *out)
{
    unsigned value = 0;

    for (int i = 0; i < 4; i++) {
        const char letter = (*at)[i];

        if (!isxdigit((unsigned char)letter))
            return false;
        value = value << 4 | (unsigned)(isdigit((unsigned char)letter)
                                            ? letter - '0'
                                            : tolower((unsigned char)letter) - 'a' + 10);
    }
    *at += 4;
    *out = (uint16_t)value;
    return true;
}

static bool take_port(const char *port, struct usb_name *name)
{
    if (!usb_port_is_valid(port))
        return false;
    memcpy(name->port, port, strlen(port) + 1);
    return true;
}

static bool take_serial(const char *serial, struct usb_name *name)
{
    size_t len = strlen(serial);

    if (!len || len >= sizeof name->serial)
        return false;
    memcpy(name->serial, serial, len + 1);
    return true;
}

static bool take(const char *rest, struct usb_name *name)
{
    const char *at = rest;

    if (strncmp(rest, "port=", 5) == 0)
        return take_port(rest + 5, name);
    name->has_ids = true;
    if (!take_id(&at, &name->ids.vendor) || *at++ != ':' || !take_id(&at, &name->ids.product))
        return false;
    switch (*at) {
    case '\0':
        return true;
    case '@':
        return take_port(at + 1, name);
    case ':':
        return take_serial(at + 1, name);
    default:
        return false;
    }
}

atl_code usb_name_parse(const char *rest, struct usb_name *out, struct atl_error *err)
{
    struct usb_name name = {0};

    if (!take(rest, &name))
        return atl_fail(err, ATL_E_INVALID,
                        "usb:%.60s names no device: write usb:VID:PID:SERIAL, usb:VID:PID or "
                        "usb:VID:PID@PORT as \"atelier-print --list\" shows it",
                        rest);
    *out = name;
    return ATL_OK;
}

bool usb_name_fits(const struct usb_name *name, const struct usb_ids *ids, const char *serial,
                   const char *port)
{
    if (name->has_ids && (name->ids.vendor != ids->vendor || name->ids.product != ids->product))
        return false;
    if (name->serial[0] && strcmp(name->serial, serial) != 0)
        return false;
    return !name->port[0] || strcmp(name->port, port) == 0;
}

void usb_name_write(const struct usb_ids *ids, const char *serial, const char *port,
                    char out[USB_URI_CAP])
{
    (void)snprintf(out, USB_URI_CAP, "usb:%04x:%04x%s%.63s", ids->vendor, ids->product,
                   serial[0] ? ":" : "@", serial[0] ? serial : port);
}

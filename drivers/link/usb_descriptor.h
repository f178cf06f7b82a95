// SPDX-License-Identifier: Apache-2.0
// Reads raw USB descriptors, as a device wrote them: whatever bytes come, no length in them is
// believed. Pure.
#ifndef ATL_DRIVERS_LINK_USB_DESCRIPTOR_H
#define ATL_DRIVERS_LINK_USB_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct usb_ids {
    uint16_t vendor;
    uint16_t product;
};

// Where in a device its printer is, and how to reach it.
struct usb_printer {
    uint8_t configuration;       // bConfigurationValue
    uint8_t configuration_index; // from 0; GET_DEVICE_ID wants it
    uint8_t interface;
    uint8_t alternate;
    uint8_t class_code; // 7, or 0xff for makers that have a class of their own
    uint8_t protocol;   // 1 one way, 2 both ways, 3 packets of IEEE 1284.4
    uint8_t out;        // endpoint address
    uint8_t in;         // endpoint address; 0: it never answers
    uint16_t out_packet_bytes;
    uint16_t in_packet_bytes;
};

// The first 18 bytes. False: these are no device's descriptors.
bool usb_descriptors_ids(const uint8_t *bytes, size_t len, struct usb_ids *out);

// The best printer among the interfaces of one configuration (0: the first one): class 7, or the
// class ff where the caller knows that such a device is a printer; a bulk endpoint out it must
// have, and both ways is preferred. *out is unchanged when there is none.
bool usb_descriptors_printer(const uint8_t *bytes, size_t len, uint8_t configuration,
                             bool may_be_vendor_class, struct usb_printer *out);

#endif

// SPDX-License-Identifier: Apache-2.0
// CUPS switches the answers of all Star and Zebra printers off ("unidir"), because it opens and
// closes the device around each job. This link claims once and keeps, and their answers are the
// only proof that there is paper: so these rows leave that out, on purpose.
#include "drivers/link/usb_quirks.h"

#define CUPS "CUPS 2.4, org.cups.usb-quirks"

const struct usb_quirk_row usb_quirk_rows[] = {
    {0x04b8, 0x0202, USB_QUIRK_VENDOR_CLASS,                                               CUPS ": Epson's receipt printers by memory switch"},
    {0x0519, 0x0001, USB_QUIRK_CLOSE_LATE,                                                 CUPS ": Star TSP743, Apple #5443"                 },
    {0x0a5f, 0,      USB_QUIRK_NO_REATTACH,                                                CUPS ": all Zebra, Apple #5395"                   },
    {0x2730, 0x2008, USB_QUIRK_ONE_WAY | USB_QUIRK_CLOSE_LATE,
     CUPS ": Citizen CT-S4000, Apple #5823"                                                                                                  },
    {0x067b, 0x2305, USB_QUIRK_ONE_WAY | USB_QUIRK_NO_REATTACH | USB_QUIRK_NO_PORT_STATUS,
     CUPS ": Prolific's adapter to parallel printers, Launchpad #987485; what it says of the port "
          "is the adapter's and not the printer's"                                                                                           },
    {0x0525, 0xa4a8, USB_QUIRK_ZERO_PACKET,                                                "measured: the printer gadget of Linux 6.1"       },
    {0,      0,      0,                                                                    NULL                                              },
};

uint32_t usb_quirks_of(const struct usb_ids *ids)
{
    uint32_t quirks = 0;

    for (const struct usb_quirk_row *row = usb_quirk_rows; row->vendor; row++)
        if (row->vendor == ids->vendor && (!row->product || row->product == ids->product))
            quirks |= row->quirks;
    return quirks;
}

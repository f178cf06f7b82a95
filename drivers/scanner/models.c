// SPDX-License-Identifier: Apache-2.0
// What is known of scanners, by the public list of USB ids. Whatever has no row is read as well.
#include "drivers/scanner.h"

#define SERIAL_MODE                                                                                \
    "it is set to be a serial port: scan \"USB HID keyboard\", or better \"USB HID POS\", out of " \
    "its manual"
#define IBM_MODE                                                                                   \
    "it is set to a cash register's language (IBM): scan \"USB HID POS\" or \"USB HID "            \
    "keyboard\" out of its manual"

// The longest row of a maker first: the first that fits counts.
static const struct atl_scanner_model models[] = {
    {0x05e0, 0x1300, "Zebra (Symbol) scanner",                 IBM_MODE,    0},
    {0x05e0, 0x1400, "Zebra (Symbol) scanner",                 IBM_MODE,    0},
    {0x05e0, 0x1701, "Zebra (Symbol) scanner",                 SERIAL_MODE, 0},
    {0x05e0, 0,      "Zebra (Symbol) scanner",                 NULL,        0},
    {0x0c2e, 0x0007, "Honeywell (Metrologic) scanner",         IBM_MODE,    0},
    {0x0c2e, 0x0700, "Honeywell (Metrologic) scanner",         SERIAL_MODE, 0},
    {0x0c2e, 0x0720, "Honeywell (Metrologic) scanner",         SERIAL_MODE, 0},
    {0x0c2e, 0,      "Honeywell (Metrologic) scanner",         NULL,        0},
    {0x0536, 0,      "Honeywell (Hand Held Products) scanner", NULL,        0},
    {0x067e, 0x0803, "Honeywell (Intermec) scanner",           SERIAL_MODE, 0},
    {0x067e, 0,      "Honeywell (Intermec) scanner",           NULL,        0},
    {0x05f9, 0,      "Datalogic (PSC) scanner",                NULL,        0},
    {0x080c, 0,      "Datalogic scanner",                      NULL,        0},
    {0x1eab, 0,      "Newland scanner",                        NULL,        0},
    {0x065a, 0,      "Opticon scanner",                        NULL,        0},
};

const struct atl_scanner_model *atl_scanner_model_at(size_t index)
{
    return index < sizeof models / sizeof models[0] ? &models[index] : NULL;
}

const struct atl_scanner_model *atl_scanner_model_find(uint16_t vendor, uint16_t product)
{
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        if (models[i].vendor == vendor && (!models[i].product || models[i].product == product))
            return &models[i];
    }
    return NULL;
}

// SPDX-License-Identifier: Apache-2.0
// Any bytes as a device's descriptors and as its IEEE 1284 id: nothing is read outside, what is
// found is whole, and every text can be shown to a person.
#include "drivers/link/usb_1284.h"
#include "drivers/link/usb_descriptor.h"

#include <stdlib.h>
#include <string.h>

static void must_be_printable(const char *text, size_t size)
{
    const size_t len = strnlen(text, size);

    if (len == size)
        abort();
    for (size_t i = 0; i < len; i++) {
        if (text[i] < ' ' || text[i] > '~')
            abort();
    }
}

// The first byte is the configuration that is asked for, and whether a maker's class will do.
static void look_for_printer(const uint8_t *bytes, size_t len, uint8_t how)
{
    struct usb_printer printer = {0};
    struct usb_ids ids = {0};

    (void)usb_descriptors_ids(bytes, len, &ids);
    if (!usb_descriptors_printer(bytes, len, how & 0x7f, how & 0x80, &printer))
        return;
    if (printer.out & 0x80 || !(printer.out & 0x0f) || (printer.in && !(printer.in & 0x80)) ||
        !printer.out_packet_bytes || (printer.in && !printer.in_packet_bytes))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct usb_1284 said;
    uint8_t *exact;

    if (!size)
        return 0;
    exact = malloc(size); // its end is the end that the sanitizer sees
    if (!exact)
        return 0;
    memcpy(exact, data, size);
    look_for_printer(exact + 1, size - 1, exact[0]);
    usb_1284_parse(exact, size, &said);
    must_be_printable(said.maker, sizeof said.maker);
    must_be_printable(said.model, sizeof said.model);
    must_be_printable(said.commands, sizeof said.commands);
    must_be_printable(said.serial, sizeof said.serial);
    must_be_printable(said.text, sizeof said.text);
    free(exact);
    return 0;
}

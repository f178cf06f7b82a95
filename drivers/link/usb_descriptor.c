// SPDX-License-Identifier: Apache-2.0
// USB 2.0, chapter 9.6: each descriptor begins with its length and its type.
#include "drivers/link/usb_descriptor.h"

enum {
    DEVICE_BYTES = 18,
    CONFIGURATION_BYTES = 9,
    INTERFACE_BYTES = 9,
    ENDPOINT_BYTES = 7,

    TYPE_DEVICE = 1,
    TYPE_CONFIGURATION = 2,
    TYPE_INTERFACE = 4,
    TYPE_ENDPOINT = 5,

    CLASS_PRINTER = 7,
    CLASS_OF_MAKER = 0xff,
    PROTOCOL_IPP = 4, // pages of IPP over HTTP, no bytes of a language

    KIND_MASK = 3,
    KIND_BULK = 2,
    IN = 0x80,
    NUMBER_MASK = 0x0f,
    PACKET_MASK = 0x07ff,
    PACKET_MAX = 1024,
};

struct walk {
    struct usb_printer now; // the interface at hand
    bool is_candidate;      // it is a printer as far as its class says
    int configurations;     // seen so far
    bool is_wanted;         // this configuration is the one that was asked for
    struct usb_printer best;
    int best_score;
};

static uint16_t two_bytes(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

bool usb_descriptors_ids(const uint8_t *bytes, size_t len, struct usb_ids *out)
{
    if (len < DEVICE_BYTES || bytes[0] < DEVICE_BYTES || bytes[1] != TYPE_DEVICE)
        return false;
    *out = (struct usb_ids){.vendor = two_bytes(bytes + 8), .product = two_bytes(bytes + 10)};
    return true;
}

static int score(const struct usb_printer *printer)
{
    int points = 1;

    if (!printer->out)
        return 0;
    if (printer->in)
        points += 4;
    if (printer->class_code == CLASS_PRINTER)
        points += 2;
    if (printer->class_code == CLASS_PRINTER && printer->protocol == 2)
        points += 8;
    if (printer->class_code == CLASS_PRINTER && printer->protocol == 3)
        points -= 2;
    return points;
}

static void end_interface(struct walk *walk)
{
    const int points = walk->is_candidate ? score(&walk->now) : 0;

    if (points > walk->best_score) { // of equals the first
        walk->best = walk->now;
        walk->best_score = points;
    }
    walk->is_candidate = false;
}

static void begin_configuration(struct walk *walk, const uint8_t *at, uint8_t wanted)
{
    end_interface(walk);
    walk->now = (struct usb_printer){.configuration = at[5],
                                     .configuration_index = (uint8_t)walk->configurations};
    walk->is_wanted = wanted ? at[5] == wanted : walk->configurations == 0;
    if (walk->configurations < UINT8_MAX)
        walk->configurations++;
}

static void begin_interface(struct walk *walk, const uint8_t *at, bool may_be_vendor_class)
{
    const struct usb_printer before = walk->now;

    end_interface(walk);
    walk->now = (struct usb_printer){.configuration = before.configuration,
                                     .configuration_index = before.configuration_index,
                                     .interface = at[2],
                                     .alternate = at[3],
                                     .class_code = at[5],
                                     .protocol = at[7]};
    walk->is_candidate = walk->is_wanted && ((at[5] == CLASS_PRINTER && at[7] != PROTOCOL_IPP) ||
                                             (at[5] == CLASS_OF_MAKER && may_be_vendor_class));
}

// A packet size of nothing, or more than USB knows, is an endpoint that cannot be used.
static void take_endpoint(struct usb_printer *now, const uint8_t *at)
{
    const uint8_t address = at[2];
    const uint16_t packet_bytes = two_bytes(at + 4) & PACKET_MASK;

    if ((at[3] & KIND_MASK) != KIND_BULK || !(address & NUMBER_MASK) || !packet_bytes ||
        packet_bytes > PACKET_MAX)
        return;
    if (!(address & IN) && !now->out) {
        now->out = address & NUMBER_MASK;
        now->out_packet_bytes = packet_bytes;
    } else if ((address & IN) && !now->in) {
        now->in = address & (IN | NUMBER_MASK);
        now->in_packet_bytes = packet_bytes;
    }
}

bool usb_descriptors_printer(const uint8_t *bytes, size_t len, uint8_t configuration,
                             bool may_be_vendor_class, struct usb_printer *out)
{
    struct walk walk = {0};

    for (size_t at = 0; len - at >= 2;) {
        const uint8_t *here = bytes + at;
        const size_t size = here[0];

        if (size < 2 || size > len - at)
            break;
        if (here[1] == TYPE_CONFIGURATION && size >= CONFIGURATION_BYTES)
            begin_configuration(&walk, here, configuration);
        else if (here[1] == TYPE_INTERFACE && size >= INTERFACE_BYTES)
            begin_interface(&walk, here, may_be_vendor_class);
        else if (here[1] == TYPE_ENDPOINT && size >= ENDPOINT_BYTES)
            take_endpoint(&walk.now, here);
        at += size;
    }
    end_interface(&walk);
    if (!walk.best_score)
        return false;
    *out = walk.best;
    return true;
}

// SPDX-License-Identifier: Apache-2.0
// Troubles as words for staff, in each language that staff read. Drivers and lanes keep bits; what
// a person reads is made of them here, and nowhere else.
#ifndef ATL_DRIVERS_TROUBLE_H
#define ATL_DRIVERS_TROUBLE_H

#include "drivers/driver.h"
#include "plugin/core/sentence.h"

// What is wrong on the way to the device, beside the enum atl_trouble that it says itself.
enum atl_link_trouble {
    ATL_TROUBLE_AWAY = 1u << 24,   // not reached: off, unplugged, another address
    ATL_TROUBLE_SILENT = 1u << 25, // reached, and it does not answer or takes nothing
    ATL_TROUBLE_HELD = 1u << 26,   // another program has it
    ATL_TROUBLE_BROKE = 1u << 27,  // a job was interrupted; what came out is not known
};

// The trouble of the way that a failure of a link amounts to; 0: its words are all there is.
uint32_t atl_trouble_of_code(atl_code code);

// The bits whose words of atl_trouble_words() stand in a sentence: what a driver wrote into its
// evidence is said again in another language.
uint32_t atl_trouble_find(const char *sentence);

// As atl_trouble_words(), in the language asked for, with the bits of the way, too.
void atl_trouble_say(uint32_t trouble, enum atl_lang lang, char *out, size_t size);

// What a link to a machine or a scanner said in English, in the language asked for; see
// atl_sentence_again(). False: it is none of theirs.
bool atl_trouble_again(const char *said, enum atl_lang lang, char *out, size_t size);
const struct atl_sentence *atl_trouble_sentences(size_t *count); // for the test of the table

#endif

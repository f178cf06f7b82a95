// SPDX-License-Identifier: Apache-2.0
// Why something was refused, in the language of whoever stands at the till or in the workshop. What
// fails says so in English, for the log and for the command line; here it is said again.
#ifndef ATL_AGENT_SHOP_REFUSALS_H
#define ATL_AGENT_SHOP_REFUSALS_H

#include "plugin/core/sentence.h"

// A refusal, a machine's or a scanner's trouble, or the cloud's; see atl_sentence_again().
bool atl_refusal_again(const char *said, enum atl_lang lang, char *out, size_t size);

// The same; what no table has is said by its code, with the English behind it. What was said in the
// reader's language already (atl_say) stays.
void atl_refusal_say(atl_code code, const char *said, enum atl_lang lang, char *out, size_t size);

// For the test of the tables.
const struct atl_sentence *atl_refusal_sentences(size_t *count);
const struct atl_sentence *atl_refusal_of_code(atl_code code);

#endif

// SPDX-License-Identifier: Apache-2.0
// The few sentences that the library itself says to a cashier, when there is no agent to say them.
#ifndef ATL_PLUGIN_WORDS_H
#define ATL_PLUGIN_WORDS_H

#define ATL_PLUGIN_VERSION "0.1.0"

enum atl_word {
    ATL_WORD_AWAY,       // nobody listens at the address
    ATL_WORD_STRANGER,   // somebody does, who is not the agent
    ATL_WORD_NOT_TAKING, // it does not read; nothing was done
    ATL_WORD_TIMEOUT,    // no answer in time
    ATL_WORD_LEFT,       // it ended after the question had left
    ATL_WORD_NONSENSE,   // its answer is none
    ATL_WORD_VERSION,    // it does not speak this library's version
    ATL_WORD_COUNT
};

// In the language of a BCP 47 tag; English where we have no other. Never NULL, lives for ever.
const char *atl_plugin_word(const char *language, enum atl_word word);

#endif

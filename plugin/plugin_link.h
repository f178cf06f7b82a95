// SPDX-License-Identifier: Apache-2.0
// The till's connection to the store agent. One deadline a call. What could not be sent was not
// done (AWAY); once a question has left, only "it may have been done" is honest (TIMEOUT, IO).
#ifndef ATL_PLUGIN_LINK_H
#define ATL_PLUGIN_LINK_H

#include "plugin/plugin_till.h"

// Sets the agent's address and the words of the first packet. ATL_E_INVALID: the path or the
// language is too long, or not UTF-8.
ATL_MUST_USE atl_code atl_link_init(struct atl_till *till, const char *socket_path,
                                    const char *language, struct atl_error *err);

// Connects when that is needed; never waits. ATL_E_AWAY, also when somebody else sits at the
// address: the agent must be root, ourselves, or the owner of the socket's folder.
atl_code atl_link_connect(struct atl_till *till);

void atl_link_disconnect(struct atl_till *till);

// Sends till->frame, whose number is till->last_number, and receives the answer into it, to be
// read from behind its head. What came along as a file is till->picture. A refusal returns its
// code, with its sentence in till->err.
ATL_MUST_USE atl_code atl_link_ask(struct atl_till *till, uint16_t kind, int budget_ms);

// The answer could not be read: ends the connection, and is ATL_E_IO with its sentence.
ATL_MUST_USE atl_code atl_link_nonsense(struct atl_till *till);

// Takes the next notice, from the queue or the socket; never waits. ATL_E_NOT_FOUND, ATL_E_AWAY.
ATL_MUST_USE atl_code atl_link_next_notice(struct atl_till *till, struct atl_till_notice *out);

// The descriptor for the host to poll, made at the first time; -1: none can be had.
int atl_link_event_fd(struct atl_till *till);

// Makes event_fd readable while notices wait, and only then. Once at the end of each call.
void atl_link_ring(struct atl_till *till);

int64_t atl_link_now_ms(void); // monotonic

#endif

// SPDX-License-Identifier: Apache-2.0
// A store agent of a few lines, in a child process: each test writes its own, of these steps. A
// step that goes wrong ends the child, and the test sees a till without an answer.
#ifndef ATL_TESTS_FAKE_AGENT_H
#define ATL_TESTS_FAKE_AGENT_H

#include "plugin/wire/pos.h"

#include <sys/types.h>

// Binds and listens at the path, replacing what is there.
int fake_listen(const char *path);

// Runs `play` in a child of this process, which dies with it.
pid_t fake_start(int listener, void (*play)(int listener));
void fake_stop(pid_t child);

// Steps of the child.
int fake_accept(int listener); // a till, after its hello
int fake_accept_hello(int listener, char *language, size_t size);
void fake_receive(int fd, struct atl_pos_ask *ask); // its next question
void fake_reply(int fd, const struct atl_pos_ask *ask, const struct atl_pos_reply *reply);
void fake_refuse(int fd, const struct atl_pos_ask *ask, atl_code code, const char *sentence);
void fake_tell(int fd, const char *piece_code);     // a notice
void fake_tell_words(int fd, const char *sentence); // one of a paper
void fake_send_raw(int fd, const void *bytes, size_t len);
void fake_wait(void); // until it is stopped

#endif

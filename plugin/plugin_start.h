// SPDX-License-Identifier: Apache-2.0
// The one program that the library may start: `atelier-agent start`.
#ifndef ATL_PLUGIN_START_H
#define ATL_PLUGIN_START_H

#include <stdbool.h>
#include <stdint.h>

// Starts it, the first time in this process, and waits for its end: it puts the agent into the
// background and goes. False: it was tried before, cannot be started, or said that it failed. One
// that is not done by the deadline is killed, which does not touch the agent. In any case its pid
// is collected, unless the host's own handler was quicker.
bool atl_plugin_start_agent(int64_t deadline_ms);

#endif

// SPDX-License-Identifier: Apache-2.0
// atelier-check: what a plugin promises its host, as checks that a vendor may run on any plugin.
//
// Each check runs in a process of its own, in a process group of its own, with a watchdog: a plugin
// that crashes, hangs or leaves things behind fails one check and spoils no other. A check that
// finds something calls fail(), which ends its process; one that returns is passed.
#ifndef ATL_CONFORMANCE_CHECK_H
#define ATL_CONFORMANCE_CHECK_H

#include "sdk-shim/atelier_pos.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum {
    AT_ONCE_MS = 200, // what "at once" may take on a busy machine
    SLACK_MS = 200,   // over a budget, for the same reason
    LATE_MS = 100,    // so long after the budget answers AGENT_LATE
};

// What a check works with.
struct lab {
    const char *library; // path of the plugin
    const char *socket;  // where fake agents listen; nothing is there at first
    void *handle;        // of dlopen(); NULL until lab_load()
    const struct atl_pos_plugin *plugin;
};

struct check {
    const char *name;     // for --only
    const char *sentence; // what is promised
    void (*run)(struct lab *lab);
};

struct check_group {
    const struct check *checks;
    size_t count;
};

extern const struct check_group checks_loading, checks_arguments, checks_order, checks_threads,
    checks_agent, checks_host, checks_memory;

// ---- ends of a check ----

#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

_Noreturn void fail(const char *fmt, ...) PRINTF(1, 2);
_Noreturn void skip(const char *why);
void skip_when_sanitized(void); // its own memory would be measured

// ---- the plugin ----

void lab_load(struct lab *lab);
void lab_unload(struct lab *lab);
atl_pos_till lab_open(struct lab *lab); // fails the check when it does not open
int64_t lab_now_ms(void);

// ---- the calls of the ABI, all with one shape ----

// What a call takes, in any order: each at its place, a pointer or NULL.
enum part {
    PART_KEY,
    PART_TEXT,
    PART_TXN,
    PART_LINE,
    PART_ANSWERS,
    PART_SIGNATURE,
    PART_EVENT,
    PART_TENDER,
    PART_STATE,
    PART_RETURN,
    PART_COLLECT,
    PART_QUERY,
    PART_REPRINT,
    PART_FORM, // from here on: to be filled
    PART_JUDGEMENT,
    PART_IMAGE,
    PART_VERDICT,
    PART_RECEIPT,
    PART_ORDER,
    PART_LIST,
    PART_STATE_OUT,
    PART_HEALTH,
    PART_NOTICE,
    PART_COUNT
};

enum { PART_MAX_BYTES = 512 };

struct kit {
    _Alignas(16) uint8_t bytes[PART_COUNT][PART_MAX_BYTES];
    void *at[PART_COUNT]; // what is handed in; points into bytes at first
};

// Good values in everything; what is to be filled holds a pattern behind its size.
void kit_fill(struct kit *kit);
uint32_t part_size(enum part part); // 0: a text
bool part_is_out(enum part part);
const char *part_name(enum part part);
bool kit_outs_are_untouched(const struct kit *kit);

struct call {
    const char *name;
    uint32_t uses;     // bit 1 << part
    uint32_t optional; // of these, what may be NULL
    int budget_ms;
    int32_t (*make)(const struct atl_pos_plugin *plugin, atl_pos_till till, void *const at[]);
};

extern const struct call calls[]; // all functions but open, close, event_fd and error_text
extern const size_t call_count;

// The call, with good arguments.
int32_t call_plain(const struct lab *lab, const struct call *call, atl_pos_till till);

// ---- agents ----

enum manner {
    AGENT_HUNG,   // listens, and never takes a connection
    AGENT_DEAF,   // reads, and never answers
    AGENT_POLITE, // answers each question as docs/abi.md says
    AGENT_LATE,   // polite, but for the first question, which it answers after the budget
    AGENT_NONSENSE,
    AGENT_DYING, // reads a question and hangs up
};

// Listens at lab->socket in a child process, which ends with the check.
pid_t agent_start(const struct lab *lab, enum manner manner);
void agent_stop(const struct lab *lab, pid_t agent);

// ---- the host ----

enum aspect {
    ASPECT_SIGNALS,
    ASPECT_LOCALE,
    ASPECT_FOLDER,
    ASPECT_UMASK,
    ASPECT_ENVIRONMENT,
    ASPECT_DESCRIPTORS,
    ASPECT_THREADS,
    ASPECT_LIMITS,
    ASPECT_FLOATING_POINT,
    ASPECT_CHILDREN,
    ASPECT_PROCESS, // name, priority, timers, dumpable
    ASPECT_COUNT
};

// One aspect as text; two are compared.
struct aspect_text {
    char text[16384];
};

void aspect_read(enum aspect aspect, struct aspect_text *out);

// The first line of one that the other lacks; "" when they are the same.
void aspect_difference(const struct aspect_text *one, const struct aspect_text *two, char *out,
                       size_t size);

// Memory of the process that no file stands behind; and what is in memory of the library's file.
long resident_bytes(void);
long library_bytes(const char *library); // 0: it is not mapped

#endif

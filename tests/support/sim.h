// SPDX-License-Identifier: Apache-2.0
// A printer without hardware: what stands on the desk, its cable, and a clock that nobody waits
// for. The link that it gives is as the one of usb.c: the same failures, kept open between jobs.
//
//     lane, driver --> link --> buffer --> persona: a strict reader of one family's language
//                       ^                     |          that prints, and says how it is
//                       '------ answers <-----'
//                                             '--> papers, garbage
//
// Time is virtual: a write or read that has to wait moves the clock to what happens next, or to its
// deadline. A test plans faults (paper runs out at byte, row or millisecond N), lets the real code
// work, and counts the papers that came out.
//
// A family is a struct sim_persona in sim_<family>.c and one row of sim_families.c. It is written
// from the maker's reference, apart from the encoder: what the driver cannot have meant is garbage.
#ifndef ATL_TESTS_SUPPORT_SIM_H
#define ATL_TESTS_SUPPORT_SIM_H

#include "drivers/driver.h"

struct sim;

// How the printer is: bits, several at once.
enum sim_condition {
    SIM_PAPER_OUT = 1u << 0,
    SIM_PAPER_LOW = 1u << 1,
    SIM_COVER_OPEN = 1u << 2,
    SIM_CUTTER_JAM = 1u << 3,
    SIM_HOT = 1u << 4,        // the head; it goes on when it is cool
    SIM_OFFLINE = 1u << 5,    // by a person, at its button
    SIM_RIBBON_OUT = 1u << 6, // thermal transfer
    SIM_PAUSED = 1u << 7,
    SIM_LABEL_IN_MOUTH = 1u << 8, // the last label waits to be taken
    // The frame's own; personas need not look at them.
    SIM_DEAF = 1u << 16,      // takes no byte
    SIM_SILENT = 1u << 17,    // never answers
    SIM_UNPLUGGED = 1u << 18, // the cable; the printer itself stays on and keeps its buffer
    SIM_OFF = 1u << 19,       // its switch; buffer and state are lost
};

enum sim_trigger {
    SIM_AT_BYTE, // that many were taken since sim_plan() or sim_reset(): the next one is not
    SIM_AT_ROW,  // that many rows of dots or lines of text were printed since then
    SIM_AT_MS,   // so long after sim_plan()
};

struct sim_fault {
    enum sim_trigger trigger;
    uint64_t at;
    uint32_t set;    // conditions that begin
    uint32_t for_ms; // and end after so long; 0: until the test ends them
};

enum { SIM_WHY_BYTES = 200, SIM_FAULTS_MAX = 8, SIM_MEDIA_BYTES = 32 };

// What came out, canonical: black dots and letters in their order. White is left out at both ends,
// so that two papers are equal when a person would call them so.
struct sim_paper {
    struct atl_buf ink;
    bool is_whole; // it was cut, or the label is at its end
    int64_t at_ms;
};

// The same paper.
bool sim_is_same(const struct sim_paper *a, const struct sim_paper *b);
// The beginning of that paper, ended anywhere, and nothing else.
bool sim_is_part(const struct sim_paper *part, const struct sim_paper *whole);
// A beginning of `first`, which may be empty, and below it all of `then`: two jobs on one strip.
bool sim_is_part_and_whole(const struct sim_paper *strip, const struct sim_paper *first,
                           const struct sim_paper *then);

// ---- For tests ----

// A printer of that driver and model, switched on and plugged in. The driver must have a persona.
// media: what it is loaded with, as in the configuration; NULL: the first of the model.
struct sim *sim_make(const struct atl_driver *driver, const struct atl_model *model,
                     const char *media);
void sim_free(struct sim *sim); // NULL is fine; its links must be closed

// Another printer of the same kind in its place: new, well, plugged in, no papers, no plan. The
// clock goes on.
void sim_reset(struct sim *sim);

// For struct atl_print_setup: opens the link. ctx is the sim. ATL_E_NOT_FOUND: unplugged or off.
atl_code sim_open_link(void *ctx, struct atl_link **out, struct atl_error *err);

void sim_set(struct sim *sim, uint32_t conditions);
void sim_clear(struct sim *sim, uint32_t conditions); // SIM_OFF: it is switched on again
void sim_load(struct sim *sim, const char *media);    // another roll
uint32_t sim_conditions(const struct sim *sim);

// These happen from now on, counted from now; the plan before is forgotten. At most SIM_FAULTS_MAX.
void sim_plan(struct sim *sim, const struct sim_fault *faults, size_t count);

// Calls look(ctx) once, in the middle of whatever is being done: so long after now, or after the
// first fault of the plan that begins. NULL: forget it.
void sim_watch(struct sim *sim, int64_t ms, bool is_after_fault, void (*look)(void *ctx),
               void *ctx);

int64_t sim_now_ms(const struct sim *sim); // from 0
// Lets time pass. Returns at once when an open link hears something, or the cable comes or goes:
// what would wake a lane.
void sim_sleep(struct sim *sim, int64_t ms);
void sim_pass(struct sim *sim, int64_t ms); // all of it

// Papers since sim_reset(); the last one may be half: what is in the printer's mouth.
size_t sim_papers(struct sim *sim, const struct sim_paper **papers);
// How often the persona met what is not its language, and the first one in words.
int sim_garbage_count(const struct sim *sim);
const char *sim_garbage_why(const struct sim *sim);

// All bytes since sim_reset(), and for each whether it was the dots of a picture (1), or a command,
// a letter or not looked at (0).
const uint8_t *sim_stream(const struct sim *sim, size_t *len, const uint8_t **kinds);
uint64_t sim_printed_rows(const struct sim *sim); // since sim_plan() or sim_reset()

// What it came loaded with, and another roll that its model can have; "" when there is none.
const char *sim_first_media(const struct sim *sim);
const char *sim_other_media(const struct sim *sim);

// How the link is, from the next opening on: for printers that answer nothing at all, and ports
// without a status.
void sim_set_link(struct sim *sim, enum atl_link_carries carries, bool has_port);

// ---- For personas ----

enum sim_step {
    SIM_HUNGRY,  // it needs bytes that are not there yet
    SIM_BLOCKED, // it needs a person, or time: called again when a condition changed
    SIM_WORKED,  // it did something that took cost_us, and may be called again then
};

struct sim_persona {
    const char *driver;    // the name in drivers/registry.c
    size_t size;           // of its own state
    uint32_t buffer_bytes; // what it takes ahead of its work

    // self is zeroed before. Conditions are well or not; not to be forgotten by switching.
    void (*switch_on)(struct sim *sim, void *self);
    void (*switch_off)(struct sim *sim, void *self); // frees what self holds; NULL: nothing

    // A byte arrives, before it is buffered: for what is executed at once, even in the middle of
    // dots or without paper. It goes into the buffer as well. NULL: there is no such thing.
    void (*arrive)(struct sim *sim, void *self, uint8_t byte);

    // Does the next bit of work: takes bytes with sim_next(), or prints one row of what it has.
    enum sim_step (*step)(struct sim *sim, void *self, uint32_t *cost_us);

    // Conditions changed (now sim_conditions()), for those that say so unasked. NULL: it does not.
    void (*changed)(struct sim *sim, void *self, uint32_t before);

    // What sim_wake_in() asked for. NULL: it never asks.
    void (*wake)(struct sim *sim, void *self);
};

// NULL: no persona of that driver yet. At: in order, NULL behind the last.
const struct sim_persona *sim_persona_find(const char *driver);
const struct sim_persona *sim_persona_at(size_t index);

const struct atl_model *sim_model(const struct sim *sim);
const char *sim_media(const struct sim *sim);
int64_t sim_now_us(const struct sim *sim);
void sim_wake_in(struct sim *sim, int64_t us); // one alarm; a new one replaces it

bool sim_next(struct sim *sim, uint8_t *byte);                     // false: none is there
bool sim_peek(const struct sim *sim, size_t ahead, uint8_t *byte); // 0: as sim_next(), not taken
size_t sim_waiting(const struct sim *sim);                         // bytes in the buffer
void sim_forget(struct sim *sim);                                  // the buffer is emptied
void sim_is_dots(struct sim *sim); // the byte taken last was dots, not a command

void sim_answer(struct sim *sim, const void *bytes, size_t len); // now

// A row of dots, 1 is black (NULL: white), and a line of the printer's own letters, with the
// persona's marks where their style changes ("": empty). Any of them may be planned to be the last
// one: look at sim_conditions() before the next.
void sim_print_dots(struct sim *sim, const uint8_t *row, size_t len);
void sim_print_text(struct sim *sim, const char *letters);
void sim_paper_ends(struct sim *sim, bool is_whole);

// What no driver may send. The persona goes on as its printer would.
void sim_garbage(struct sim *sim, const char *fmt, ...) ATL_PRINTF(2, 3);

#endif

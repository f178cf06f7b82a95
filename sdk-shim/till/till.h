// SPDX-License-Identifier: Apache-2.0
// The reference till: a small real POS for the terminal. It knows nothing of the plugin but
// atelier_pos.h, owns the money, and keeps a journal of its own.
//
//   main.c      options
//   input.c     the keyboard, and what the plugin tells meanwhile; or a script
//   command.c   a line of words becomes a call of one function
//   sale.c      products, the sale and its lines
//   journal.c   what must survive a crash of the till; which till has which sale
//   record.c    a sale as a line of text, and back
//   plugin.c    the shared object: loading, keys, repeating, and what is said when it cannot
//   answers.c   what was typed, as the plugin wants it
//   form.c      the plugin's form, asked at the keyboard
//   cmd_*.c     the commands
//   view.c      money, times, QR, large letters
#ifndef ATL_TILL_TILL_H
#define ATL_TILL_TILL_H

#include "sdk-shim/atelier_pos.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

enum {
    TILL_LINES_MAX = 40,
    TILL_UNITS_MAX = 60,
    TILL_PRODUCTS_MAX = 64,
    TILL_WORDS_MAX = 48,
    TILL_TEXT = 200,
    TILL_NOTICE_BYTES = 768,
    TILL_PATH = 512,
    TILL_LINE_BYTES = 16384,
    TILL_VARIABLES_MAX = 32,
    TILL_OUTPUT_BYTES = 1 << 20,
    TILL_SALES_MAX = 200,
    TILL_ANSWERS_MAX = 160,
    TILL_FIELDS_MAX = 32,
    TILL_NOTICES_MAX = 16,
    TILL_RECORD_BYTES = 1 << 17,
};

struct till_product {
    char sku[64];
    char name[96];
    char variants[256]; // separated by '|'; the first is taken when none is said
    long long price_minor;
};

struct till_unit {
    bool is_customised;
    bool is_signed;
    bool is_voided;
    bool is_returned;
    long long service_minor; // the plugin's proposal, taken over as a service line of ours
};

struct till_line {
    char ref[16]; // "L3"; never given twice within a sale
    char sku[64];
    char name[96];
    char variant[96];
    int quantity;
    long long price_minor;
    bool is_voided;
    struct till_unit units[TILL_UNITS_MAX + 1]; // [1..quantity]
};

enum till_state {
    TILL_OPEN = 0,
    TILL_SUSPENDED = 1,
    TILL_PAID = 2, // money was taken, the plugin has not said OK yet
    TILL_DONE = 3,
    TILL_VOID = 4,
};

struct till_sale {
    char uuid[40];
    char business_day[12];
    long long sequence;
    bool is_training;
    enum till_state state;
    char code[16];     // of the order, when it has one
    char employee[32]; // who took the money
    long long paid_ms;
    long long paid_minor; // what was taken, with the differences since
    int last_ref;
    int line_count;
    struct till_line lines[TILL_LINES_MAX];
    uint32_t kept_bytes; // of the plugin's own, for resumed()
    uint8_t kept[ATL_POS_STATE_MAX_BYTES];
};

struct till_variable {
    char name[32];
    char value[TILL_TEXT];
};

struct till_input {
    char bytes[TILL_LINE_BYTES];
    size_t len;
    bool is_over;
};

struct till {
    const struct atl_pos_plugin *plugin;
    atl_pos_till handle;
    const char *plugin_path;
    const char *socket_path; // NULL: the installed default
    const char *language;
    const char *store;
    const char *workstation;
    const char *employee;
    const char *folder;
    bool start_agent;
    bool is_script;
    bool is_training;
    bool is_over;
    long long key_count;
    struct till_product products[TILL_PRODUCTS_MAX];
    int product_count;
    struct till_sale sale;  // the one at hand
    struct till_sale *past; // TILL_SALES_MAX of them, the newest last
    int past_count;
    long long last_sequence;
    struct till_variable variables[TILL_VARIABLES_MAX];
    int variable_count;
    char *output; // what the last command said, for `expect`
    size_t output_len;
    int journal_fd;
    off_t journal_read; // so far
    int journal_lines;
    int64_t told_ms; // when waiting sales were last told
    struct till_input input;
    char notices[TILL_NOTICES_MAX][TILL_NOTICE_BYTES]; // heard and not shown yet
    int notice_count;
};

// What the cashier reads: to the screen, and kept for `expect`. Adds no newline.
void till_say(struct till *till, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

// ---- view.c ----
void till_say_money(struct till *till, long long minor);
void till_say_promise(struct till *till, int64_t from_ms, int64_t until_ms);
void till_say_large(struct till *till, const char *text);
void till_say_qr(struct till *till, const uint8_t *modules, uint32_t width);
void till_say_order(struct till *till, const struct atl_pos_order *order);
void till_say_sale(struct till *till);

// ---- plugin.c ----
// False, after saying why. While the agent is away the till sells on.
bool till_plugin_load(struct till *till);
void till_plugin_close(struct till *till);
struct atl_pos_transaction till_transaction_of(const struct till *till,
                                               const struct till_sale *sale);
struct atl_pos_transaction till_transaction(const struct till *till);
struct atl_pos_line till_pos_line(const struct till *till, const struct till_line *line,
                                  unsigned unit);
const char *till_key(struct till *till, const char *what, char out[64]);
struct atl_pos_event till_event(struct till *till, const char *what, char key[64]);
// Says the code, the plugin's sentence and what helps; true for ATL_POS_OK.
bool till_is_ok(struct till *till, const char *call, int32_t code);
// Whether a call that changes something is made again at once, with the same key: waits a little
// and is true a few times for TIMEOUT, IO and BUSY. *tries begins at 0.
bool till_again(int32_t code, int *tries);
// Whether repeating can help at all, by and by.
bool till_may_help(int32_t code);
int64_t till_now_ms(void);
// Waits at most so long for a notice of the plugin, and keeps those that came.
void till_wait_notice(struct till *till, int timeout_ms);
void till_take_notices(struct till *till);

// ---- sale.c ----
bool till_products_load(struct till *till, const char *path);
// By its number; or by how it begins, when only one does.
const struct till_product *till_product_find(const struct till *till, const char *sku);
void till_sale_begin(struct till *till);
// A free place for a line, with a reference that this sale never had. NULL: the sale is full.
struct till_line *till_line_add(struct till *till);
bool till_has_lines(const struct till_sale *sale);
// "2", "L2", "2.3": line and unit (0: all); NULL: the last line. False, after saying what is wrong.
bool till_place_read(struct till *till, const char *word, struct till_line **line, unsigned *unit);
bool till_unit_is_sold(const struct till_line *line, unsigned unit);
long long till_unit_price(const struct till_line *line, unsigned unit);
long long till_sale_total(const struct till_sale *sale);

// ---- record.c ----
// A sale as one line of text without newline, with a checksum. Its length; 0: too long.
size_t till_record_write(const struct till_sale *sale, char *out, size_t room);
// False: this is no such line, or it was damaged. Writes into the text.
bool till_record_read(char *text, struct till_sale *sale);

// ---- journal.c ----
// Opens it and takes up what an earlier run left: paid sales are told to the plugin again.
bool till_journal_open(struct till *till);
// Writes the sale as it is now, and makes it durable. False: it could not be written, and money
// must not be taken.
bool till_journal_put(struct till *till, const struct till_sale *sale);
// Reads what other tills of this folder wrote meanwhile.
void till_journal_refresh(struct till *till);
// One till at a time has a sale; a till that dies has none. False: another one has it.
bool till_sale_claim(struct till *till, long long sequence);
void till_sale_release(struct till *till, long long sequence);
void till_journal_close(struct till *till);

// ---- answers.c ----
struct till_answers {
    struct atl_pos_answer items[TILL_ANSWERS_MAX];
    struct atl_pos_override overrides[8];
    struct atl_pos_answers all;
    char pool[1 << 16]; // the texts
    size_t pool_used;
};
// In place of an earlier answer to the same name and unit. False: no room, which was said.
bool till_answers_set(struct till *till, struct till_answers *answers, const char *name,
                      unsigned unit, const char *value);
bool till_answers_allow(struct till *till, struct till_answers *answers, const char *code,
                        const char *manager);
// "text=Jill" for all units, "2.text=Kelly" for the second one, "allow=mark:M17" by a manager.
bool till_answers_word(struct till *till, struct till_answers *answers, const char *word);
// A unit's own answer, or the common one; NULL: none.
const char *till_answers_find(const struct till_answers *answers, const char *name, unsigned unit);
// What one unit alone is asked with. The texts stay those of `from`.
void till_answers_of_unit(const struct till_answers *from, unsigned unit, struct till_answers *out);

// ---- form.c ----
struct till_field {
    const char *name;
    const char *label;
    const char *choices;
    const char *preset; // or ""
    int kind;
    bool is_required;
};
// A copy, because what the plugin hands out lives until the next call.
struct till_form {
    struct till_field fields[TILL_FIELDS_MAX];
    int count;
    const char *title;
    const char *consent;
    long long price_minor;
    int64_t promise_from_ms;
    int64_t promise_until_ms;
    bool may_follow;
    char pool[1 << 16];
    size_t pool_used;
};
// What the questions are about.
struct till_about {
    struct till_line *line; // NULL: the whole order
    unsigned unit;          // 0: all units of the line
};
bool till_form_get(struct till *till, const struct till_about *about, struct till_form *form);
void till_form_say(struct till *till, const struct till_form *form);
// Asks at the keyboard: what is needed first, then everything in a few lines that Enter accepts.
// False: given up.
bool till_form_ask(struct till *till, const struct till_about *about, const struct till_form *form,
                   struct till_answers *answers);
// Asks only for the field at fault; what else was typed stays. False: given up.
bool till_form_repair(struct till *till, const struct till_about *about,
                      const struct till_form *form, const char *field, unsigned unit,
                      struct till_answers *answers);
// The texts that will be made, in large letters; of a list with their numbers.
void till_form_show_texts(struct till *till, const struct till_about *about,
                          const struct till_form *form, const struct till_answers *answers);
void till_say_findings(struct till *till, const struct atl_pos_judgement *judgement);

// ---- cmd_tender.c ----
// tendered() until it is OK, at most `tries` times. The sale as it is afterwards is in the journal.
// False: it waits there.
bool till_tell_tendered(struct till *till, struct till_sale *sale, int tries);
// Every sale that is paid and that the plugin has not confirmed, unless another till has it.
void till_tell_waiting(struct till *till, int tries);

// ---- input.c ----
// A line from the keyboard, after the prompt; what the plugin tells meanwhile is shown above it.
// False: there are no more.
bool till_input_line(struct till *till, const char *prompt, char *out, size_t size);
int till_run_script(struct till *till, const char *path);
void till_run_keyboard(struct till *till);

// ---- command.c ----
// Runs one line of words. False: unknown, wrong, or not as expected; it was said.
bool till_run_line(struct till *till, const char *text);
bool till_run_words(struct till *till, const char *const *words, int count);
void till_set(struct till *till, const char *name, const char *value);
void till_unset(struct till *till, const char *name);
const char *till_get(const struct till *till, const char *name);

// A command: the words after its name, count of them.
typedef bool till_command_fn(struct till *till, const char *const *words, int count);

// cmd_sell.c
till_command_fn till_cmd_sell, till_cmd_quantity, till_cmd_void, till_cmd_show, till_cmd_training,
    till_cmd_products, till_cmd_new;
// cmd_aside.c
till_command_fn till_cmd_suspend, till_cmd_resume, till_cmd_recall, till_cmd_sales;
// cmd_customise.c
till_command_fn till_cmd_customise, till_cmd_follow, till_cmd_order, till_cmd_preview,
    till_cmd_form, till_cmd_amend;
// cmd_sign.c
till_command_fn till_cmd_sign;
// cmd_tender.c
till_command_fn till_cmd_tender, till_cmd_before, till_cmd_tell;
// cmd_after.c
till_command_fn till_cmd_return, till_cmd_collect, till_cmd_find, till_cmd_reprint, till_cmd_status,
    till_cmd_scan, till_cmd_health, till_cmd_notices;
// script.c
till_command_fn till_cmd_expect, till_cmd_expect_not, till_cmd_set, till_cmd_save, till_cmd_load,
    till_cmd_echo, till_cmd_wait, till_cmd_quit, till_cmd_crash, till_cmd_fails;

// cmd_sign.c, for the commands that sign at once.
enum till_signed {
    TILL_SIGNED,
    TILL_SIGN_LATER,
    TILL_SIGN_CHANGE,
};
// Asks until the pictures are there, and says where they are.
bool till_show_proofs(struct till *till, const struct till_about *about,
                      const struct till_answers *answers);
bool till_sign(struct till *till, const struct till_about *about,
               const struct till_answers *answers, int how);
enum till_signed till_sign_at_keyboard(struct till *till, const struct till_about *about,
                                       const struct till_form *form,
                                       const struct till_answers *answers);

#endif

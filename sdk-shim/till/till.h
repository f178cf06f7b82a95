// SPDX-License-Identifier: Apache-2.0
// The reference till: a small real POS for the terminal. It knows nothing of the plugin but
// atelier_pos.h, owns the money, and keeps a journal of its own.
//
//   main.c      options; keyboard or script
//   command.c   a line of words becomes a call of one function
//   sale.c      the sale and its lines
//   journal.c   what must survive a crash of the till
//   plugin.c    the shared object, and what is said when it cannot
//   cmd_*.c     the commands
//   view.c      money, times, QR, large letters
#ifndef ATL_TILL_TILL_H
#define ATL_TILL_TILL_H

#include "sdk-shim/atelier_pos.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
    TILL_LINES_MAX = 40,
    TILL_UNITS_MAX = 60,
    TILL_PRODUCTS_MAX = 64,
    TILL_WORDS_MAX = 48,
    TILL_TEXT = 200,
    TILL_PATH = 512,
    TILL_LINE_BYTES = 16384,
    TILL_VARIABLES_MAX = 32,
    TILL_OUTPUT_BYTES = 1 << 20,
    TILL_SALES_MAX = 200,
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
    char ref[16]; // "L1"
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
    char code[16]; // of the order, when it has one
    int line_count;
    struct till_line lines[TILL_LINES_MAX];
};

struct till_variable {
    char name[32];
    char value[TILL_TEXT];
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
struct atl_pos_transaction till_transaction(const struct till *till);
struct atl_pos_line till_pos_line(const struct till_line *line, unsigned unit);
const char *till_key(struct till *till, const char *what, char out[64]);
// Says the code and the plugin's sentence; true for ATL_POS_OK.
bool till_is_ok(struct till *till, const char *call, int32_t code);
const char *till_code_name(int32_t code);
int64_t till_now_ms(void);
// Waits at most so long for a notice of the plugin, through its descriptor.
void till_wait_notice(struct till *till, int timeout_ms);

// ---- sale.c ----
bool till_products_load(struct till *till, const char *path);
const struct till_product *till_product_find(const struct till *till, const char *sku);
void till_sale_begin(struct till *till);
struct till_line *till_line_find(struct till *till, const char *ref);
// "2", "L2", "2.3": line and unit (0: all). False, after saying what is wrong.
bool till_place_read(struct till *till, const char *word, struct till_line **line, unsigned *unit);
long long till_sale_total(const struct till_sale *sale);

// ---- journal.c ----
// Opens it and takes up what an earlier run left: paid sales are told to the plugin again.
bool till_journal_open(struct till *till);
// Writes the sale as it is now, and makes it durable. False: it could not be written, and money
// must not be taken.
bool till_journal_put(struct till *till, const struct till_sale *sale);
void till_journal_close(struct till *till);

// ---- cmd_tender.c ----
// tendered() until it is OK, at most `tries` times. False: it waits in the journal.
bool till_tell_tendered(struct till *till, struct till_sale *sale, int tries);

// ---- command.c ----
// Runs one line of words. False: unknown, wrong, or not as expected; it was said.
bool till_run_line(struct till *till, const char *text);
void till_set(struct till *till, const char *name, const char *value);
const char *till_get(const struct till *till, const char *name);

// A command: the words after its name, count of them.
typedef bool till_command_fn(struct till *till, const char *const *words, int count);

// cmd_sell.c
till_command_fn till_cmd_sell, till_cmd_quantity, till_cmd_void, till_cmd_show, till_cmd_suspend,
    till_cmd_resume, till_cmd_training, till_cmd_products, till_cmd_new;
// cmd_customise.c
till_command_fn till_cmd_customise, till_cmd_follow, till_cmd_sign, till_cmd_order,
    till_cmd_preview, till_cmd_form, till_cmd_amend;
// cmd_tender.c
till_command_fn till_cmd_tender, till_cmd_before;
// cmd_after.c
till_command_fn till_cmd_return, till_cmd_collect, till_cmd_find, till_cmd_reprint, till_cmd_status,
    till_cmd_scan, till_cmd_health, till_cmd_notices, till_cmd_recall, till_cmd_sales;
// script.c
till_command_fn till_cmd_expect, till_cmd_expect_not, till_cmd_set, till_cmd_save, till_cmd_load, till_cmd_echo,
    till_cmd_wait, till_cmd_quit, till_cmd_crash, till_cmd_fails;

#endif

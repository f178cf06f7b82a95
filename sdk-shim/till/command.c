// SPDX-License-Identifier: Apache-2.0
#include "sdk-shim/till/till.h"

#include <string.h>

// Of which sale a command is.
enum when {
    ANY,
    OPEN, // not of one that is paid
    PAID, // only of one that is paid
};

struct command {
    const char *name;
    const char *words; // as shown in the help
    int least;
    int most;
    enum when when;
    till_command_fn *run;
    const char *help;
};

static till_command_fn help;

// Those from "expect" on are for scripts.
static const struct command commands[] = {
    {"products",   "",                                 0, 0,              ANY,  till_cmd_products,   "what there is to sell"                   },
    {"sell",       "SKU [VARIANT] [xN]",               1, 3,              ANY,  till_cmd_sell,
     "a line of the sale; `sell tote` will do"                                                                                                 },
    {"quantity",   "LINE N",                           2, 2,              OPEN, till_cmd_quantity,   "so many of them"                         },
    {"form",       "[LINE]",                           0, 1,              ANY,  till_cmd_form,       "what can be personalised"                },
    {"customise",  "[LINE[.UNIT]] [NAME=VALUE…]",    0, TILL_WORDS_MAX, OPEN, till_cmd_customise,
     "personalise; without answers it asks"                                                                                                    },
    {"follow",     "[LINE[.UNIT]]",                    0, 1,              OPEN, till_cmd_follow,     "sold now; the details follow"            },
    {"preview",    "LINE[.UNIT] NAME=VALUE…",        1, TILL_WORDS_MAX, ANY,  till_cmd_preview,
     "the picture, without taking it"                                                                                                          },
    {"sign",       "[LINE[.UNIT]] [HOW]",              0, 2,              ANY,  till_cmd_sign,
     "exactly this: screen, turned, slip, aloud"                                                                                               },
    {"order",      "[NAME=VALUE…]",                  0, TILL_WORDS_MAX, ANY,  till_cmd_order,
     "language, gift, needed_by, …; or it asks"                                                                                              },
    {"show",       "",                                 0, 0,              ANY,  till_cmd_show,       "the sale"                                },
    {"void",       "LINE[.UNIT] | sale",               1, 1,              ANY,  till_cmd_void,       "takes it out again"                      },
    {"suspend",    "",                                 0, 0,              OPEN, till_cmd_suspend,    "puts the sale aside"                     },
    {"resume",     "[NUMBER]",                         0, 1,              ANY,  till_cmd_resume,     "takes it up again, at any till"          },
    {"before",     "",                                 0, 0,              OPEN, till_cmd_before,     "may money be taken?"                     },
    {"tender",     "[cash|card] [anyway]",             0, 2,              OPEN, till_cmd_tender,     "takes the money"                         },
    {"new",        "",                                 0, 0,              ANY,  till_cmd_new,        "the next sale"                           },
    {"sales",      "",                                 0, 0,              ANY,  till_cmd_sales,      "earlier sales"                           },
    {"recall",     "[NUMBER|CODE|last]",               0, 1,              ANY,  till_cmd_recall,
     "makes a paid sale the one at hand"                                                                                                       },
    {"amend",      "[LINE[.UNIT]] [NAME=VALUE…]",    0, TILL_WORDS_MAX, PAID, till_cmd_amend,
     "other answers after payment"                                                                                                             },
    {"return",     "LINE.UNIT… [defect|goodwill]",   1, TILL_WORDS_MAX, PAID, till_cmd_return,
     "units come back"                                                                                                                         },
    {"collect",    "PIECE ticket TEXT|pin N|identity", 2, 3,              ANY,  till_cmd_collect,
     "hands a piece over"                                                                                                                      },
    {"find",       "words=… initials=… day=…",   1, 5,              ANY,  till_cmd_find,       "by what a guest remembers"               },
    {"reprint",    "claim|gift|tag CODE [lost]",       2, 3,              ANY,  till_cmd_reprint,    "a paper once more"                       },
    {"status",     "",                                 0, 0,              ANY,  till_cmd_status,     "how the order is"                        },
    {"scan",       "TEXT",                             1, 1,              ANY,  till_cmd_scan,       "opens what a code means"                 },
    {"health",     "",                                 0, 0,              ANY,  till_cmd_health,     "how the shop's side is"                  },
    {"notices",    "",                                 0, 0,              ANY,  till_cmd_notices,    "what was heard meanwhile"                },
    {"tell",       "",                                 0, 0,              ANY,  till_cmd_tell,       "tells the plugin of sales that wait"     },
    {"training",   "on|off",                           1, 1,              ANY,  till_cmd_training,   "practice: nothing is a sale"             },
    {"help",       "[all]",                            0, 1,              ANY,  help,                "this list; `all` with what scripts need" },
    {"quit",       "",                                 0, 0,              ANY,  till_cmd_quit,       "ends the till; an open sale is put aside"},
    {"expect",     "TEXT",                             1, 1,              ANY,  till_cmd_expect,     "the last command said it"                },
    {"expect-not", "TEXT",                             1, 1,              ANY,  till_cmd_expect_not, "it did not say it"                       },
    {"fails",      "COMMAND…",                       1, TILL_WORDS_MAX, ANY,  till_cmd_fails,      "the command must say no"                 },
    {"set",        "NAME VALUE",                       2, 2,              ANY,  till_cmd_set,        "$NAME from now on"                       },
    {"save",       "VALUE FILE",                       2, 2,              ANY,  till_cmd_save,       "writes it into a file"                   },
    {"load",       "NAME FILE",                        2, 2,              ANY,  till_cmd_load,       "$NAME from a saved file"                 },
    {"echo",       "TEXT…",                          0, TILL_WORDS_MAX, ANY,  till_cmd_echo,       "says it"                                 },
    {"wait",       "MS",                               1, 1,              ANY,  till_cmd_wait,       "until a notice, or so long"              },
    {"crash",      "",                                 0, 0,              ANY,  till_cmd_crash,      "ends as a power cut would"               },
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static bool is_for_scripts(const struct command *command)
{
    const struct command *first = commands;

    while (strcmp(first->name, "expect") != 0)
        first++;
    return command >= first;
}

static bool help(struct till *till, const char *const *words, int count)
{
    const bool is_all = count && strcmp(words[0], "all") == 0;

    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (is_all || !is_for_scripts(&commands[i]))
            till_say(till, "  %-10s %-34s %s\n", commands[i].name, commands[i].words,
                     commands[i].help);
    }
    if (!till->is_script)
        till_say(till, "  The beginning of a name will do. Without LINE the last line is meant.\n");
    return true;
}

// ---- a line becomes words ----

// $name. False: there is none.
static bool put_variable(struct till *till, const char **at, char **out, const char *end)
{
    const size_t len = strspn(*at, "abcdefghijklmnopqrstuvwxyz_0123456789");
    const char *value;
    char name[32];
    int done;

    snprintf(name, sizeof name, "%.*s", (int)len, *at);
    value = len ? till_get(till, name) : NULL;
    if (!value && (!len || !till->is_script)) {
        *(*out)++ = '$'; // a person types what is meant
        return true;
    }
    if (!value) {
        till_say(till,
                 "There is no $%s: `set`, `load` or --set makes it, `tender` $code and $url. "
                 "A PIN stands on the buyer's ticket only.\n",
                 name);
        return false;
    }
    *at += len;
    done = snprintf(*out, (size_t)(end - *out), "%s", value);
    *out += done < end - *out ? done : end - *out;
    return true;
}

// Words are parted by spaces; "…" keeps them together; $name is put in; \ takes the next as it is.
// -1: it cannot be, which was said.
static int split(struct till *till, const char *at, char *out, size_t room,
                 const char *words[TILL_WORDS_MAX])
{
    char *const end = out + room - 1;
    int count = 0;

    for (;;) {
        bool is_quoted = false;

        at += strspn(at, " \t");
        if (!*at || *at == '#')
            return count;
        if (count == TILL_WORDS_MAX)
            break;
        words[count++] = out;
        while (*at && (is_quoted || (*at != ' ' && *at != '\t')) && out < end) {
            const char c = *at++;

            if (c == '"')
                is_quoted = !is_quoted;
            else if (c == '$' && !put_variable(till, &at, &out, end))
                return -1;
            else if (c == '\\' && *at)
                *out++ = *at++;
            else if (c != '$')
                *out++ = c;
        }
        if (is_quoted) {
            till_say(till, "A \" is open: close it, or write \\\".\n");
            return -1;
        }
        if (out >= end)
            break;
        *out++ = '\0';
    }
    till_say(till, "The line is too long.\n");
    return -1;
}

// ---- the words become a call ----

// By its name; at the keyboard also by how it begins, when only one does.
static const struct command *find_command(struct till *till, const char *name)
{
    const struct command *found = NULL;
    int count = 0;

    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
        if (!till->is_script && !is_for_scripts(&commands[i]) &&
            strncmp(commands[i].name, name, strlen(name)) == 0) {
            found = &commands[i];
            count++;
        }
    }
    if (count == 1)
        return found;
    if (!count)
        till_say(till, "There is no command '%s'; `help` lists them.\n", name);
    for (size_t i = 0; count && i < COMMAND_COUNT; i++) {
        if (!is_for_scripts(&commands[i]) && strncmp(commands[i].name, name, strlen(name)) == 0)
            till_say(till, "%s%s", commands[i].name, --count ? " or " : "?\n");
    }
    return NULL;
}

static bool is_time_for(struct till *till, const struct command *command)
{
    const bool is_paid = till->sale.state == TILL_PAID || till->sale.state == TILL_DONE;

    if (command->run == till_cmd_sell && till->sale.state != TILL_OPEN)
        till_sale_begin(till); // the guest that was looked up is served
    else if (command->when == OPEN && is_paid)
        till_say(till,
                 "Sale %lld is paid: `amend`, `return` and `status` are for it; `new` begins "
                 "the next.\n",
                 till->sale.sequence);
    else if (command->when == PAID && !is_paid)
        till_say(till, "This sale is not paid: `recall` an earlier one.\n");
    else
        return true;
    return command->run == till_cmd_sell;
}

bool till_run_words(struct till *till, const char *const *words, int count)
{
    const struct command *command;

    command = find_command(till, words[0]);
    if (!command)
        return false;
    if (count - 1 < command->least || count - 1 > command->most) {
        till_say(till, "usage: %s %s\n", command->name, command->words);
        return false;
    }
    return is_time_for(till, command) && command->run(till, words + 1, count - 1);
}

// The first word decides whether what was said before is kept for it.
static bool keeps_output(const char *word)
{
    static const char *const keep[] = {"expect", "expect-not", "set", "save", "load", "echo"};

    for (size_t i = 0; i < sizeof keep / sizeof keep[0]; i++) {
        if (strcmp(word, keep[i]) == 0)
            return true;
    }
    return false;
}

bool till_run_line(struct till *till, const char *text)
{
    const char *words[TILL_WORDS_MAX];
    char bytes[TILL_LINE_BYTES];
    char first[16];

    text += strspn(text, " \t");
    snprintf(first, sizeof first, "%.*s", (int)strcspn(text, " \t"), text);
    if (!keeps_output(first)) {
        till->output_len = 0;
        till->output[0] = '\0';
    }
    {
        const int count = split(till, text, bytes, sizeof bytes, words);

        return count == 0 || (count > 0 && till_run_words(till, words, count));
    }
}

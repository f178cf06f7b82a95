// SPDX-License-Identifier: Apache-2.0
#include "sdk-shim/till/till.h"

#include <string.h>

struct command {
    const char *name;
    const char *words; // as shown in the help
    int least;
    int most;
    till_command_fn *run;
    const char *help;
};

static till_command_fn help;

static const struct command commands[] = {
    {"products",   "",                                 0, 0,              till_cmd_products,   "what there is to sell"                    },
    {"sell",       "SKU [VARIANT] [xN]",               1, 3,              till_cmd_sell,       "a line of the sale"                       },
    {"quantity",   "LINE N",                           2, 2,              till_cmd_quantity,   "so many of them"                          },
    {"form",       "LINE",                             1, 1,              till_cmd_form,       "what can be personalised"                 },
    {"customise",  "LINE[.UNIT] [NAME=VALUE…]",      1, TILL_WORDS_MAX, till_cmd_customise,
     "personalise; without answers it asks"                                                                                               },
    {"follow",     "LINE[.UNIT]",                      1, 1,              till_cmd_follow,     "the details follow later"                 },
    {"preview",    "LINE.UNIT NAME=VALUE…",          1, TILL_WORDS_MAX, till_cmd_preview,
     "the picture, without taking it"                                                                                                     },
    {"sign",       "LINE[.UNIT] [HOW]",                1, 2,              till_cmd_sign,       "exactly this: screen, turned, slip, aloud"},
    {"order",      "[NAME=VALUE…]",                  0, TILL_WORDS_MAX, till_cmd_order,      "language, gift, needed_by, …"           },
    {"show",       "",                                 0, 0,              till_cmd_show,       "the sale"                                 },
    {"void",       "LINE[.UNIT] | sale",               1, 1,              till_cmd_void,       "takes it out again"                       },
    {"suspend",    "",                                 0, 0,              till_cmd_suspend,    "puts the sale aside"                      },
    {"resume",     "[NUMBER]",                         0, 1,              till_cmd_resume,     "takes it up again"                        },
    {"before",     "",                                 0, 0,              till_cmd_before,     "may money be taken?"                      },
    {"tender",     "[cash|card] [anyway]",             0, 2,              till_cmd_tender,     "takes the money"                          },
    {"new",        "",                                 0, 0,              till_cmd_new,        "the next sale"                            },
    {"sales",      "",                                 0, 0,              till_cmd_sales,      "earlier sales of this till"               },
    {"recall",     "NUMBER|CODE|last",                 0, 1,              till_cmd_recall,     "makes an earlier sale the one at hand"    },
    {"amend",      "LINE.UNIT NAME=VALUE…",          2, TILL_WORDS_MAX, till_cmd_amend,
     "other answers after payment"                                                                                                        },
    {"return",     "LINE.UNIT… [defect|goodwill]",   1, TILL_WORDS_MAX, till_cmd_return,
     "units come back"                                                                                                                    },
    {"collect",    "PIECE ticket TEXT|pin N|identity", 2, 3,              till_cmd_collect,    "hands a piece over"                       },
    {"find",       "words=… initials=… day=…",   1, 5,              till_cmd_find,       "by what a guest remembers"                },
    {"reprint",    "claim|gift|tag CODE [lost]",       2, 3,              till_cmd_reprint,    "a paper once more"                        },
    {"status",     "",                                 0, 0,              till_cmd_status,     "how the order is"                         },
    {"scan",       "TEXT",                             1, 1,              till_cmd_scan,       "opens what a code means"                  },
    {"health",     "",                                 0, 0,              till_cmd_health,     "how the shop's side is"                   },
    {"notices",    "",                                 0, 0,              till_cmd_notices,    "what was heard meanwhile"                 },
    {"training",   "on|off",                           1, 1,              till_cmd_training,   "practice: nothing is a sale"              },
    {"expect",     "TEXT",                             1, 1,              till_cmd_expect,     "scripts: the last command said it"        },
    {"expect-not", "TEXT",                             1, 1,              till_cmd_expect_not, "scripts: it did not say it"               },
    {"fails",      "COMMAND…",                       1, TILL_WORDS_MAX, till_cmd_fails,      "scripts: the command must say no"         },
    {"set",        "NAME VALUE",                       2, 2,              till_cmd_set,        "scripts: $NAME from now on"               },
    {"save",       "VALUE FILE",                       2, 2,              till_cmd_save,       "scripts: writes it into a file"           },
    {"load",        "NAME FILE",                       2, 2,              till_cmd_load,       "scripts: $NAME from a saved file"         },
    {"echo",       "TEXT…",                          0, TILL_WORDS_MAX, till_cmd_echo,       "says it"                                  },
    {"wait",       "MS",                               1, 1,              till_cmd_wait,       "scripts: until a notice, or so long"      },
    {"crash",      "",                                 0, 0,              till_cmd_crash,      "scripts: ends as a power cut would"       },
    {"help",       "",                                 0, 0,              help,                "this list"                                },
    {"quit",       "",                                 0, 0,              till_cmd_quit,       "ends the till"                            },
};

static bool help(struct till *till, const char *const *words, int count)
{
    (void)words;
    (void)count;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        till_say(till, "  %-10s %-34s %s\n", commands[i].name, commands[i].words, commands[i].help);
    return true;
}

// ---- a line becomes words ----

static size_t put_variable(const struct till *till, const char **at, char *out, size_t room)
{
    char name[32];
    size_t len = strspn(*at, "abcdefghijklmnopqrstuvwxyz_0123456789");
    const char *value;
    int done;

    snprintf(name, sizeof name, "%.*s", (int)len, *at);
    value = till_get(till, name);
    if (!value) {
        *out = '$';
        return 1;
    }
    *at += len;
    done = snprintf(out, room, "%s", value);
    return done < 0 ? 0 : (size_t)done < room ? (size_t)done : room - 1;
}

// Words are parted by spaces; "…" keeps them together; $name is put in; \ takes the next as it is.
static int split(const struct till *till, const char *at, char *out, size_t room,
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
            return -1;
        words[count++] = out;
        while (*at && (is_quoted || (*at != ' ' && *at != '\t')) && out < end) {
            const char c = *at++;

            if (c == '"')
                is_quoted = !is_quoted;
            else if (c == '$')
                out += put_variable(till, &at, out, (size_t)(end - out));
            else if (c == '\\' && *at)
                *out++ = *at++;
            else
                *out++ = c;
        }
        if (out >= end)
            return -1;
        *out++ = '\0';
    }
}

bool till_run_line(struct till *till, const char *text)
{
    static const char *const keep[] = {"expect", "expect-not", "set", "save", "load", "echo"};
    const char *words[TILL_WORDS_MAX];
    char bytes[TILL_LINE_BYTES];
    const int count = split(till, text, bytes, sizeof bytes, words);
    bool keeps = false;

    if (count == 0)
        return true;
    if (count < 0) {
        till_say(till, "The line is too long.\n");
        return false;
    }
    for (size_t i = 0; i < sizeof keep / sizeof keep[0]; i++)
        keeps |= strcmp(words[0], keep[i]) == 0;
    if (!keeps) {
        till->output_len = 0;
        till->output[0] = '\0';
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        const struct command *command = &commands[i];

        if (strcmp(words[0], command->name) != 0)
            continue;
        if (count - 1 < command->least || count - 1 > command->most) {
            till_say(till, "usage: %s %s\n", command->name, command->words);
            return false;
        }
        return command->run(till, words + 1, count - 1);
    }
    till_say(till, "There is no command '%s'; `help` lists them.\n", words[0]);
    return false;
}

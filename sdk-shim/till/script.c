// SPDX-License-Identifier: Apache-2.0
// What only scripts need: variables, expectations, a crash.
#include "sdk-shim/till/till.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void till_set(struct till *till, const char *name, const char *value)
{
    for (int i = 0; i < till->variable_count; i++) {
        if (strcmp(till->variables[i].name, name) == 0) {
            snprintf(till->variables[i].value, TILL_TEXT, "%s", value);
            return;
        }
    }
    if (till->variable_count == TILL_VARIABLES_MAX)
        return;
    snprintf(till->variables[till->variable_count].name, 32, "%s", name);
    snprintf(till->variables[till->variable_count++].value, TILL_TEXT, "%s", value);
}

void till_unset(struct till *till, const char *name)
{
    for (int i = 0; i < till->variable_count; i++) {
        if (strcmp(till->variables[i].name, name) == 0) {
            till->variables[i] = till->variables[--till->variable_count];
            return;
        }
    }
}

const char *till_get(const struct till *till, const char *name)
{
    for (int i = 0; i < till->variable_count; i++) {
        if (strcmp(till->variables[i].name, name) == 0)
            return till->variables[i].value;
    }
    return NULL;
}

// expect TEXT: the last command said it
bool till_cmd_expect(struct till *till, const char *const *words, int count)
{
    (void)count;
    if (strstr(till->output, words[0]))
        return true;
    fprintf(stderr, "expected \"%s\" in:\n%s", words[0], till->output);
    return false;
}

bool till_cmd_expect_not(struct till *till, const char *const *words, int count)
{
    (void)count;
    if (!strstr(till->output, words[0]))
        return true;
    fprintf(stderr, "did not expect \"%s\" in:\n%s", words[0], till->output);
    return false;
}

// set NAME VALUE
bool till_cmd_set(struct till *till, const char *const *words, int count)
{
    (void)count;
    till_set(till, words[0], words[1]);
    return true;
}

// save VALUE FILE: for those who run the script
bool till_cmd_save(struct till *till, const char *const *words, int count)
{
    FILE *file = fopen(words[1], "we");

    (void)count;
    if (!file) {
        till_say(till, "%s: %s\n", words[1], strerror(errno));
        return false;
    }
    fprintf(file, "%s\n", words[0]);
    return fclose(file) == 0;
}

// load NAME FILE: what an earlier script saved, its first line
bool till_cmd_load(struct till *till, const char *const *words, int count)
{
    char text[TILL_TEXT];
    FILE *file = fopen(words[1], "re");

    (void)count;
    if (!file || !fgets(text, sizeof text, file)) {
        till_say(till, "%s: %s. Run the script that saves it first.\n", words[1],
                 file ? "it is empty" : strerror(errno));
        if (file)
            fclose(file);
        return false;
    }
    fclose(file);
    text[strcspn(text, "\r\n")] = '\0';
    till_set(till, words[0], text);
    return true;
}

bool till_cmd_echo(struct till *till, const char *const *words, int count)
{
    for (int i = 0; i < count; i++)
        till_say(till, "%s%s", i ? " " : "", words[i]);
    till_say(till, "\n");
    return true;
}

// wait MILLISECONDS: or until a notice comes
bool till_cmd_wait(struct till *till, const char *const *words, int count)
{
    (void)count;
    till_wait_notice(till, (int)strtol(words[0], NULL, 10));
    return true;
}

// fails COMMAND…: the command must say no
bool till_cmd_fails(struct till *till, const char *const *words, int count)
{
    if (!till_run_words(till, words, count))
        return true;
    fprintf(stderr, "this was to fail, and did not: %s\n", words[0]);
    return false;
}

bool till_cmd_quit(struct till *till, const char *const *words, int count)
{
    (void)words;
    (void)count;
    till->is_over = true;
    return true;
}

// crash: ends at once, as a power cut would; for tests of the journal
bool till_cmd_crash(struct till *till, const char *const *words, int count)
{
    (void)till;
    (void)words;
    (void)count;
    _exit(137);
}

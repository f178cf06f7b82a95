// SPDX-License-Identifier: Apache-2.0
// Where lines come from: the keyboard, beside which the plugin is listened to, or a script.
#include "sdk-shim/till/till.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TELL_EVERY_MS = 5000 };

// A line that came already. False: none is whole yet.
static bool take_line(struct till_input *input, char *out, size_t size)
{
    char *end = memchr(input->bytes, '\n', input->len);
    size_t len;

    if (!end && input->len == sizeof input->bytes)
        end = input->bytes + input->len - 1; // longer than anybody types
    if (!end && (!input->is_over || !input->len))
        return false;
    len = end ? (size_t)(end - input->bytes) + 1 : input->len;
    snprintf(out, size, "%.*s", (int)strcspn(input->bytes, "\r\n"), input->bytes);
    input->len -= len;
    memmove(input->bytes, input->bytes + len, input->len);
    input->bytes[input->len] = '\0';
    return true;
}

static void show_notices(struct till *till, const char *prompt)
{
    till_take_notices(till);
    if (!till->notice_count || prompt[0] == ' ')
        return; // in the middle of a question they would only disturb
    printf("\r\033[K");
    for (int i = 0; i < till->notice_count; i++)
        printf("* %s\n", till->notices[i]);
    till->notice_count = 0;
    printf("%s", prompt);
    fflush(stdout);
}

// Sales that wait are told from time to time, while nobody types.
static int patience(const struct till *till)
{
    for (int i = 0; i < till->past_count; i++) {
        if (till->past[i].state == TILL_PAID)
            return TELL_EVERY_MS;
    }
    return -1;
}

static void read_some(struct till_input *input)
{
    const size_t room = sizeof input->bytes - 1 - input->len;
    const ssize_t got = read(STDIN_FILENO, input->bytes + input->len, room);

    if (got > 0)
        input->len += (size_t)got;
    else if (got == 0 || errno != EINTR)
        input->is_over = true;
    input->bytes[input->len] = '\0';
}

bool till_input_line(struct till *till, const char *prompt, char *out, size_t size)
{
    struct till_input *input = &till->input;

    printf("%s", prompt);
    fflush(stdout);
    show_notices(till, prompt); // those that came in the middle of questions
    while (!take_line(input, out, size)) {
        struct pollfd ready[] = {
            {.fd = STDIN_FILENO,                         .events = POLLIN},
            {.fd = till->plugin->event_fd(till->handle), .events = POLLIN},
        };

        if (input->is_over) {
            till->is_over = true;
            return false;
        }
        if (poll(ready, 2, patience(till)) == 0)
            till_tell_waiting(till, 1);
        if (ready[0].revents)
            read_some(input);
        if (ready[1].revents)
            show_notices(till, prompt);
    }
    return true;
}

// "sale 12, 54.00> "
static void make_prompt(const struct till *till, char *out, size_t size)
{
    const struct till_sale *sale = &till->sale;
    const long long total = till_sale_total(sale);

    snprintf(out, size, "%ssale %lld%s, %lld.%02lld> ", sale->is_training ? "PRACTICE " : "",
             sale->sequence, sale->state == TILL_PAID || sale->state == TILL_DONE ? " (paid)" : "",
             total / 100, total % 100);
}

void till_run_keyboard(struct till *till)
{
    char text[TILL_LINE_BYTES];
    char prompt[80];

    printf("Atelier reference till. `products` lists what there is, `help` the commands.\n");
    while (!till->is_over) {
        make_prompt(till, prompt, sizeof prompt);
        if (till_input_line(till, prompt, text, sizeof text))
            (void)till_run_line(till, text);
    }
    if (till->sale.state == TILL_OPEN && till_has_lines(&till->sale))
        (void)till_run_line(till, "suspend");
    printf("\n");
}

int till_run_script(struct till *till, const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    char *text = NULL;
    size_t room = 0;
    int number = 0;
    bool ok = true;

    if (!file) {
        fprintf(stderr, "atelier-till: %s: %s. Check --script.\n", path, strerror(errno));
        return 2;
    }
    while (ok && !till->is_over && getline(&text, &room, file) > 0) {
        number++;
        text[strcspn(text, "\r\n")] = '\0';
        if (text[0] && text[0] != '#' && strncmp(text, "expect", 6) != 0)
            printf("> %s\n", text);
        fflush(stdout);
        ok = till_run_line(till, text);
    }
    if (!ok)
        fprintf(stderr, "%s:%d: this did not go as the script wants: %s\n", path, number, text);
    free(text);
    if (file != stdin)
        fclose(file);
    return ok ? 0 : 1;
}

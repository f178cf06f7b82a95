// SPDX-License-Identifier: Apache-2.0
#include "plugin/print/options.h"

#include "plugin/core/argument.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#ifndef ATL_PRINT_TEMPLATES
#define ATL_PRINT_TEMPLATES "/usr/share/atelier/printer-templates"
#endif

#define VALUE(member) offsetof(struct print_options, member), true
#define FLAG(member)  offsetof(struct print_options, member), false

// clang-format off
static const struct atl_argument ROWS[] = {
    {"template", VALUE(template), "NAME",
     "claim, bag-62x29 …, or the path of a file; alone: it is checked"},
    {"data", VALUE(data), "FILE", "the fields as JSON, - for standard input; without it: samples"},
    {"language", VALUE(language), "LANG", "of the words: en, fr or ja; else as the data say"},
    {"preview", VALUE(preview), "PNG", "draws the paper"},
    {"to", VALUE(to), "WHERE",
     "prints: tcp:HOST:9100, usb:…, file:/…, a file, - for standard output"},
    {"driver", VALUE(driver), "NAME", "the printer's language; see --list (the model's, else escpos)"},
    {"model", VALUE(model), "ID", "which of them; see --list"},
    {"media", VALUE(media), "ID", "what a printer of labels is loaded with: 62x29"},
    {"own", VALUE(own), "DIR", "the shop's own templates, which win"},
    {"shipped", VALUE(shipped), "DIR", "the shipped ones (" ATL_PRINT_TEMPLATES ")"},
    {"test-page", FLAG(is_test_page), NULL, "learns what a printer can do, with your help"},
    {"profile", VALUE(profile), "FILE", "where --test-page writes it (standard output)"},
    {"status", FLAG(is_status), NULL, "asks the printer how it is"},
    {"list", FLAG(is_list), NULL, "what is plugged in over USB; the drivers and models"},
    {"templates", FLAG(is_templates), NULL, "the templates, and whether they are good"},
    {"help", FLAG(is_help), NULL, "this"},
    {"version", FLAG(is_version), NULL, "which version this is"},
};
// clang-format on

static const struct atl_arguments ARGUMENTS = {ROWS, sizeof ROWS / sizeof *ROWS};

void print_options_help(void)
{
    printf("atelier-print: fills a template, shows it, prints it; learns what a printer can do\n\n"
           "  atelier-print --template claim --data order.json --preview claim.png\n"
           "  atelier-print --template claim --data order.json --to tcp:192.168.1.40:9100 "
           "--model tm-t20\n"
           "  atelier-print --test-page --to tcp:192.168.1.40:9100 --profile printer.ini\n\n");
    for (size_t i = 0; i < ARGUMENTS.count; i++) {
        char shown[32];

        snprintf(shown, sizeof shown, "--%s%s%s", ROWS[i].name, ROWS[i].value ? " " : "",
                 ROWS[i].value ? ROWS[i].value : "");
        printf("  %-18s %s\n", shown, ROWS[i].help);
    }
    printf("\nExit codes: 0 done, 1 not done (the last line says why), 2 called wrongly, 3 the "
           "printer has\ntrouble or did not confirm.\n");
}

static atl_code refuse(const char *word, struct atl_error *err)
{
    const char *near = atl_argument_near(ARGUMENTS, word);

    if (strncmp(word, "-", 1) != 0)
        return atl_fail(err, ATL_E_INVALID, "\"%.60s\" belongs to no option; see --help", word);
    return atl_fail(err, ATL_E_INVALID, "there is no option %.40s%s%s%s", word,
                    near ? "; did you mean --" : "; see --help", near ? near : "", near ? "?" : "");
}

// "-" is standard output.
static bool is_png(const char *path)
{
    const size_t len = strlen(path);

    return strcmp(path, "-") == 0 || (len > 4 && strcasecmp(path + len - 4, ".png") == 0);
}

static atl_code check(const struct print_options *options, struct atl_error *err)
{
    const int others = options->is_status + options->is_list + options->is_templates +
                       options->is_test_page + (options->template != NULL);

    if (options->is_help || options->is_version)
        return ATL_OK;
    if (!others)
        return atl_fail(err, ATL_E_INVALID,
                        "nothing to do: name a --template, or ask for --list, --templates, "
                        "--status or --test-page");
    if (others > 1)
        return atl_fail(err, ATL_E_INVALID,
                        "one at a time: --template, --list, --templates, --status or --test-page");
    if ((options->is_status || options->is_test_page) && !options->to)
        return atl_fail(err, ATL_E_INVALID,
                        "which printer? Name it with --to, as in "
                        "--to tcp:192.168.1.40:9100");
    if (options->to && options->template && !options->data)
        return atl_fail(err, ATL_E_INVALID,
                        "--to prints data: name them with --data; samples are only drawn "
                        "(--preview)");
    if (options->preview && !is_png(options->preview))
        return atl_fail(err, ATL_E_INVALID, "--preview %.200s: let it end in .png",
                        options->preview);
    if (options->profile && !options->is_test_page)
        return atl_fail(err, ATL_E_INVALID, "--profile is what --test-page writes");
    return ATL_OK;
}

atl_code print_options_read(int argc, char **argv, struct print_options *out, struct atl_error *err)
{
    struct print_options made = {.shipped = ATL_PRINT_TEMPLATES};

    for (int i = 1; i < argc; i++) {
        const char *value = NULL;
        const struct atl_argument *row = atl_argument_find(ARGUMENTS, argv[i], &value);

        if (!row)
            return refuse(argv[i], err);
        if (atl_argument_take(row, value, argc, argv, &i, &made, err))
            return ATL_E_INVALID;
    }
    if (check(&made, err))
        return ATL_E_INVALID;
    *out = made;
    return ATL_OK;
}

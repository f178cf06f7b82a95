// SPDX-License-Identifier: Apache-2.0
#include "sdk-shim/till/till.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char usage[] =
    "usage: atelier-till --plugin FILE.so --products FILE --dir FOLDER [options]\n"
    "  --socket PATH       of the agent; otherwise the installed one\n"
    "  --script FILE       runs its commands and ends; - is standard input\n"
    "  --language TAG      of the cashier: en, fr, ja\n"
    "  --store NUMBER --workstation NUMBER --employee REF\n"
    "  --start-agent       the plugin may start the agent\n"
    "  --set NAME=VALUE    $NAME in the script\n"
    "  --training          practice: nothing is a sale\n";

static const struct option options[] = {
    {"plugin",      required_argument, NULL, 'p'},
    {"products",    required_argument, NULL, 'f'},
    {"dir",         required_argument, NULL, 'd'},
    {"socket",      required_argument, NULL, 's'},
    {"script",      required_argument, NULL, 'x'},
    {"language",    required_argument, NULL, 'l'},
    {"store",       required_argument, NULL, 'r'},
    {"workstation", required_argument, NULL, 'w'},
    {"employee",    required_argument, NULL, 'e'},
    {"start-agent", no_argument,       NULL, 'a'},
    {"set",         required_argument, NULL, 'v'},
    {"training",    no_argument,       NULL, 't'},
    {"help",        no_argument,       NULL, 'h'},
    {NULL,          0,                 NULL, 0  },
};

// --set NAME=VALUE
static bool set_option(struct till *till, const char *text)
{
    const char *equals = strchr(text, '=');
    char name[32];

    if (!equals || equals == text || equals - text >= (int)sizeof name) {
        fprintf(stderr, "atelier-till: --set %s: write NAME=VALUE\n", text);
        return false;
    }
    snprintf(name, sizeof name, "%.*s", (int)(equals - text), text);
    till_set(till, name, equals + 1);
    return true;
}

static bool read_options(struct till *till, int argc, char **argv, const char **products,
                         const char **script)
{
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'p':
            till->plugin_path = optarg;
            break;
        case 'f':
            *products = optarg;
            break;
        case 'd':
            till->folder = optarg;
            break;
        case 's':
            till->socket_path = optarg;
            break;
        case 'x':
            *script = optarg;
            break;
        case 'l':
            till->language = optarg;
            break;
        case 'r':
            till->store = optarg;
            break;
        case 'w':
            till->workstation = optarg;
            break;
        case 'e':
            till->employee = optarg;
            break;
        case 'a':
            till->start_agent = true;
            break;
        case 't':
            till->is_training = true;
            break;
        case 'v':
            if (!set_option(till, optarg))
                return false;
            break;
        default:
            fputs(usage, option == 'h' ? stdout : stderr);
            return false;
        }
    }
    if (till->plugin_path && *products && till->folder && optind == argc)
        return true;
    fputs(usage, stderr);
    return false;
}

static bool has_folder(const struct till *till)
{
    if (mkdir(till->folder, 0700) == 0 || errno == EEXIST)
        return true;
    fprintf(stderr, "atelier-till: %s cannot be made: %s. Check --dir.\n", till->folder,
            strerror(errno));
    return false;
}

int main(int argc, char **argv)
{
    struct till *till = calloc(1, sizeof *till);
    const char *products = NULL;
    const char *script = NULL;
    int rc = 2;

    if (!till || !(till->output = calloc(1, TILL_OUTPUT_BYTES)))
        return 2;
    till->journal_fd = -1;
    till->store = "R17";
    till->workstation = "1";
    till->employee = "E1";
    if (read_options(till, argc, argv, &products, &script)) {
        till->is_script = script != NULL;
        if (has_folder(till) && till_products_load(till, products) && till_plugin_load(till) &&
            till_journal_open(till)) {
            till_sale_begin(till);
            rc = 0;
            if (script)
                rc = till_run_script(till, script);
            else
                till_run_keyboard(till);
        }
    }
    till_plugin_close(till);
    till_journal_close(till);
    free(till->output);
    free(till);
    return rc;
}

// SPDX-License-Identifier: Apache-2.0
#include "plugin/sew/options.h"

#include "plugin/core/argument.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef ATL_SEW_DATA
#define ATL_SEW_DATA "/usr/share/atelier/embroidery"
#endif
#ifndef ATL_SEW_CATALOGUE
#define ATL_SEW_CATALOGUE "/usr/share/atelier/catalogue"
#endif

#define VALUE(member) offsetof(struct sew_options, member), true
#define FLAG(member)  offsetof(struct sew_options, member), false

// clang-format off
static const struct atl_argument ROWS[] = {
    {NULL, 0, false, NULL, "The design"},
    {"font", VALUE(font), "NAME", "an installed font: \"Comfortaa Bold\"; see --fonts"},
    {"font-file", VALUE(font_file), "FILE[:N]", "or a font file, and which face of a collection"},
    {"height", VALUE(height), "MM", "of the capitals, 3 to 150 (15)"},
    {"fabric", VALUE(fabric), "NAME", "canvas, jersey, fleece, leather (canvas)"},
    {"align", VALUE(align), "SIDE", "of several lines: centre, left, right (centre)"},
    {"pitch", VALUE(pitch), "MM", "from line to line; else what the letters need"},
    {"arc", VALUE(arc), "RADIUS", "on a circle of so many mm; below it with a minus"},
    {"monogram", VALUE(monogram), "STYLE", "one to three letters: traditional, block"},
    {"frame", VALUE(frame), "SHAPE", "around a monogram: circle, oval, diamond, square"},
    {"centre-out", FLAG(is_centre_out), NULL, "from the middle outwards, for caps"},
    {"unqualified", FLAG(is_unqualified), NULL,
     "also letters that were judged badly at this height"},
    {"thread", VALUE(thread), "WHICH",
     "1771, isacord:1902, gold, \"Christmas Red\", D4A72C (black)"},
    {"chart", VALUE(chart), "NAME", "looks for the thread in this chart only"},
    {NULL, 0, false, NULL, "The file"},
    {"machine", VALUE(machine), "ID", "for which machine; see --machines"},
    {"hoop", VALUE(hoop), "NAME", "in which of its hoops; else the smallest that fits"},
    {"output", VALUE(output), "FILE", "also -o FILE; else the machine's name for --code"},
    {"code", VALUE(code), "CODE", "what the machine's screen shows (ATELIER)"},
    {"force", FLAG(is_forced), NULL, "replaces files that exist"},
    {NULL, 0, false, NULL, "What it looks like, and how good it is"},
    {"proof", VALUE(proof), "FILE", "a picture of the stitches in the file: .png or .svg"},
    {"width", VALUE(width), "PX", "of the picture, 240 to 4096 (900)"},
    {"cloth", VALUE(cloth), "RRGGBB", "colour of the fabric"},
    {"product", VALUE(product), "PNG", "picture of the product, instead of cloth"},
    {"place", VALUE(place), "X,Y,N", "the design's middle in that picture, and pixels a mm"},
    {"title", VALUE(title), "TEXT", "what the picture shows: \"Tote bag\""},
    {"language", VALUE(language), "LANG", "of the picture's words: en, fr, ja (en)"},
    {"metrics", FLAG(is_metrics), NULL, "stitches, density, holes, worst letter …"},
    {"json", FLAG(is_json), NULL, "figures as JSON, with --metrics or --inspect"},
    {NULL, 0, false, NULL, "Other files, and lists"},
    {"inspect", VALUE(inspect), "FILE", "what is in a stitch file: dst pes exp jef vp3"},
    {"convert", VALUE(convert), "FILE", "writes it as --machine wants it"},
    {"fonts", FLAG(is_fonts), NULL, "the judged fonts, and at which heights they are good"},
    {"threads", FLAG(is_threads), NULL, "the charts; --threads CHART: its threads"},
    {"nearest", VALUE(nearest), "RRGGBB", "with --threads CHART: the thread most like it"},
    {"machines", FLAG(is_machines), NULL, "the machines and their hoops"},
    {"data", VALUE(data), "DIR", "folders machines/ and threads/ (" ATL_SEW_DATA ")"},
    {"catalogue", VALUE(catalogue), "DIR", "folder fonts/ (" ATL_SEW_CATALOGUE ")"},
    {"help", FLAG(is_help), NULL, "this"},
    {"version", FLAG(is_version), NULL, "which version this is"},
};
// clang-format on

static const struct atl_arguments ARGUMENTS = {ROWS, sizeof ROWS / sizeof *ROWS};

void sew_options_help(void)
{
    printf(
        "atelier-stitch: lettering that a machine can sew, its proof, and what is in any "
        "stitch file\n\n"
        "  atelier-stitch \"L'été d'Élodie\" --font \"Comfortaa Bold\" --height 15 --thread gold "
        "\\\n"
        "      --machine brother-pr1055x -o ELODIE.PES --proof elodie.png\n"
        "  atelier-stitch \"ATELIER\\nPARIS\" --font \"DejaVu Sans\" --align left --metrics\n"
        "  atelier-stitch --inspect ELODIE.PES\n");
    for (size_t i = 0; i < ARGUMENTS.count; i++) {
        char shown[40];

        if (!ROWS[i].name) {
            printf("\n%s\n", ROWS[i].help);
            continue;
        }
        snprintf(shown, sizeof shown, "--%s%s%s", ROWS[i].name, ROWS[i].value ? " " : "",
                 ROWS[i].value ? ROWS[i].value : "");
        printf("  %-21s %s\n", shown, ROWS[i].help);
    }
    printf(
        "\nSeveral texts are several lines, and so is a text with \\n in it; behind -- every word "
        "is text.\nA file is written beside its place, read back, compared stitch by stitch, and "
        "only then put in\nplace. A design that the hoop or the machine cannot hold is refused "
        "before that.\n\n"
        "Exit codes: 0 done; 1 refused or not done, the last line says why; 2 called wrongly.\n");
}

static atl_code refuse(const char *word, struct atl_error *err)
{
    const char *near = atl_argument_near(ARGUMENTS, word);

    return atl_fail(err, ATL_E_INVALID, "there is no option %.40s%s%s%s", word,
                    near ? "; did you mean --"
                         : "; see --help, and write -- before a text that begins so",
                    near ? near : "", near ? "?" : "");
}

static const struct atl_argument *find(const char *word, const char **value)
{
    return atl_argument_find(ARGUMENTS, strcmp(word, "-o") == 0 ? "--output" : word, value);
}

static atl_code add_text(struct sew_options *out, const char *text, struct atl_error *err)
{
    if (out->text_count == SEW_TEXTS_MAX)
        return atl_fail(err, ATL_E_INVALID,
                        "a design has at most %d lines; a text with blanks is written in quotes",
                        SEW_TEXTS_MAX);
    out->texts[out->text_count++] = text;
    return ATL_OK;
}

// Options that mean something only together with another one.
static const struct {
    const char *option, *other, * or ;
} NEEDS[] = {
    {"frame",    "monogram", NULL     },
    {"place",    "product",  NULL     },
    {"product",  "place",    NULL     },
    {"product",  "proof",    NULL     },
    {"width",    "proof",    NULL     },
    {"cloth",    "proof",    NULL     },
    {"title",    "proof",    NULL     },
    {"language", "proof",    NULL     },
    {"hoop",     "machine",  NULL     },
    {"output",   "machine",  NULL     },
    {"convert",  "machine",  NULL     },
    {"json",     "metrics",  "inspect"},
    {"nearest",  "threads",  NULL     },
};

static bool is_named(const struct sew_options *options, const char *name)
{
    for (size_t i = 0; i < ARGUMENTS.count && name; i++) {
        if (ROWS[i].name && strcmp(ROWS[i].name, name) == 0)
            return atl_argument_is_given(&ROWS[i], options);
    }
    return false;
}

static atl_code check_needs(const struct sew_options *options, struct atl_error *err)
{
    for (size_t i = 0; i < sizeof NEEDS / sizeof *NEEDS; i++) {
        if (is_named(options, NEEDS[i].option) && !is_named(options, NEEDS[i].other) &&
            !is_named(options, NEEDS[i].or))
            return atl_fail(err, ATL_E_INVALID, "--%s goes with --%s%s%s", NEEDS[i].option,
                            NEEDS[i].other, NEEDS[i].or ? " or --" : "",
                            NEEDS[i].or ? NEEDS[i].or : "");
    }
    return ATL_OK;
}

static atl_code check_text(const struct sew_options *options, struct atl_error *err)
{
    if (!options->font && !options->font_file)
        return atl_fail(err, ATL_E_INVALID,
                        "in which font? Say --font \"Comfortaa Bold\"; --fonts lists the judged "
                        "ones");
    if (options->font && options->font_file)
        return atl_fail(err, ATL_E_INVALID, "--font and --font-file: one of them");
    if (options->arc && options->monogram)
        return atl_fail(err, ATL_E_INVALID, "--arc and --monogram: one of them");
    if ((options->arc || options->monogram) && (options->align || options->pitch))
        return atl_fail(err, ATL_E_INVALID,
                        "--align and --pitch are for lines, not for --arc or "
                        "--monogram");
    if (!options->machine && !options->proof && !options->is_metrics)
        return atl_fail(err, ATL_E_INVALID,
                        "what shall become of it? Say --machine ID (--machines lists them), "
                        "--proof FILE or --metrics");
    return ATL_OK;
}

static atl_code check(const struct sew_options *options, struct atl_error *err)
{
    bool is_text = options->text_count && !options->is_threads;
    int jobs = !!options->inspect + !!options->convert + options->is_fonts + options->is_threads +
               options->is_machines + is_text;

    if (options->is_help || options->is_version)
        return ATL_OK;
    if (check_needs(options, err))
        return ATL_E_INVALID;
    if (!jobs)
        return atl_fail(err, ATL_E_INVALID,
                        "nothing to do: say a text, --inspect FILE, --convert FILE, --fonts, "
                        "--threads or --machines; see --help");
    if (jobs > 1)
        return atl_fail(err, ATL_E_INVALID,
                        "one at a time: a text, --inspect, --convert, --fonts, --threads or "
                        "--machines");
    if (options->is_threads && options->text_count > 1)
        return atl_fail(err, ATL_E_INVALID, "--threads shows one chart at a time");
    if (options->nearest && !options->text_count)
        return atl_fail(err, ATL_E_INVALID, "--nearest: in which chart? Say --threads CHART");
    return is_text ? check_text(options, err) : ATL_OK;
}

atl_code sew_options_read(int argc, char **argv, struct sew_options *out, struct atl_error *err)
{
    struct sew_options made = {0};
    bool is_text = false;

    for (int i = 1; i < argc; i++) {
        const char *value = NULL;
        const struct atl_argument *row = is_text ? NULL : find(argv[i], &value);

        if (!is_text && strcmp(argv[i], "--") == 0) {
            is_text = true;
            continue;
        }
        if (!row && (is_text || argv[i][0] != '-')) {
            if (add_text(&made, argv[i], err))
                return ATL_E_INVALID;
            continue;
        }
        if (!row)
            return refuse(argv[i], err);
        if (atl_argument_is_given(row, &made))
            return atl_fail(err, ATL_E_INVALID, "--%s is said twice", row->name);
        if (atl_argument_take(row, value, argc, argv, &i, &made, err))
            return ATL_E_INVALID;
    }
    if (check(&made, err))
        return ATL_E_INVALID;
    made.data = made.data ? made.data : ATL_SEW_DATA;
    made.catalogue = made.catalogue ? made.catalogue : ATL_SEW_CATALOGUE;
    *out = made;
    return ATL_OK;
}

atl_code sew_number(const char *option, const char *text, double low, double high, double *out,
                    struct atl_error *err)
{
    char *end = NULL;
    double number;

    if (!text)
        return ATL_OK;
    number = strtod(text, &end);
    if (end == text || *end || !isfinite(number))
        return atl_fail(err, ATL_E_INVALID, "--%s %.30s is no number: it is %g to %g", option, text,
                        low, high);
    if (number < low || number > high)
        return atl_fail(err, ATL_E_INVALID, "--%s %.30s: it is %g to %g", option, text, low, high);
    *out = number;
    return ATL_OK;
}

atl_code sew_word(const char *option, const char *text, const char *const *words, int *out,
                  struct atl_error *err)
{
    char all[160] = "";
    size_t used = 0;

    if (!text)
        return ATL_OK;
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], text) == 0) {
            *out = i;
            return ATL_OK;
        }
        if (used < sizeof all)
            used +=
                (size_t)snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", words[i]);
    }
    return atl_fail(err, ATL_E_INVALID, "--%s %.30s is not known: it is one of %s", option, text,
                    all);
}

atl_code sew_rgb(const char *option, const char *text, uint32_t *out, struct atl_error *err)
{
    if (!text)
        return ATL_OK;
    text += *text == '#';
    if (strlen(text) != 6 || strspn(text, "0123456789abcdefABCDEF") != 6)
        return atl_fail(err, ATL_E_INVALID, "--%s %.30s: a colour is written RRGGBB", option, text);
    *out = (uint32_t)strtoul(text, NULL, 16);
    return ATL_OK;
}

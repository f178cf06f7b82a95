// SPDX-License-Identifier: Apache-2.0
// Which model comes nearest to what a person saw. A table of letters that the model would use and
// that came out wrong weighs most: wrong letters on paper are worse than drawn ones.
#include "plugin/print/learn_parts.h"

#include "plugin/print/files.h"

#include <stdio.h>
#include <string.h>

enum { PROFILE_BYTES_MAX = 8192, WEIGHT_LETTERS = 10, WEIGHT_WIDTH = 6, NARROW_DOTS = 420 };

static bool is_right(const struct lesson *lesson, const struct atl_code_page *page)
{
    for (size_t i = 0; i < lesson->table_count; i++) {
        if (lesson->tables[i].slot == page->slot && strcmp(lesson->tables[i].name, page->name) == 0)
            return lesson->right_tables & 1u << i;
    }
    return false;
}

static size_t wrong_tables(const struct lesson *lesson, const struct atl_model *model)
{
    size_t wrong = 0;

    for (size_t i = 0; i < model->code_page_count; i++)
        wrong += !is_right(lesson, &model->code_pages[i]);
    return wrong;
}

// Letters that came out right and that the model would draw all the same.
static bool has_more_letters(const struct lesson *lesson, const struct atl_model *model)
{
    size_t right = 0;

    for (size_t i = 0; i < lesson->table_count; i++)
        right += (lesson->right_tables & 1u << i) != 0;
    return right > model->code_page_count - wrong_tables(lesson, model);
}

// How far the model is from what was seen; tables that it could use more of weigh little.
static size_t distance(const struct lesson *lesson, const struct atl_model *model)
{
    const bool is_silent = model->quirks & ATL_QUIRK_NO_STATUS;
    const bool cannot_cut = model->quirks & ATL_QUIRK_NO_CUTTER;
    size_t sum = wrong_tables(lesson, model) * WEIGHT_LETTERS;

    if (lesson->width_dots && model->width_dots != lesson->width_dots)
        sum += WEIGHT_WIDTH;
    if (model->width_dots > lesson->width_dots && lesson->width_dots)
        sum += WEIGHT_WIDTH; // its right end would be lost
    if (!is_silent && !lesson->answers && lesson->could_answer)
        sum += WEIGHT_LETTERS; // it would be asked before every paper, in vain
    sum += is_silent && lesson->answers;
    sum += has_more_letters(lesson, model);
    sum += cannot_cut == lesson->has_cutter;
    sum += (size_t)(!is_silent && model->quirks & ATL_QUIRK_NAMES_JOBS); // not seen: not claimed
    return sum;
}

static const struct atl_model *nearest(const struct lesson *lesson)
{
    const struct atl_driver *driver = lesson->device.driver;
    const struct atl_model *best = &driver->models[0];

    for (size_t i = 1; i < driver->model_count; i++) {
        const struct atl_model *model = &driver->models[i];
        const size_t now = distance(lesson, model), least = distance(lesson, best);

        if (now < least || (now == least && model->code_page_count > best->code_page_count))
            best = model;
    }
    return best;
}

static void add_seen(const struct lesson *lesson, struct atl_buf *out)
{
    bool has_one = false;

    atl_buf_addf(out, "# Seen:");
    if (lesson->width_dots)
        atl_buf_addf(out, " %u dots wide;", lesson->width_dots);
    atl_buf_addf(out, " %s; %s", lesson->has_cutter ? "cuts" : "does not cut",
                 !lesson->could_answer
                     ? "was not asked, because no answer comes back over this link"
                 : !lesson->answers   ? "does not answer"
                 : lesson->says_cover ? "answers, and says that its cover is open"
                                      : "answers, but says nothing of its cover");
    for (size_t i = 0; i < lesson->table_count; i++) {
        if (!(lesson->right_tables & 1u << i))
            continue;
        atl_buf_addf(out, "%s%s at %u",
                     has_one ? ", " : "\n# Letters that are right: ", lesson->tables[i].name,
                     lesson->tables[i].slot);
        has_one = true;
    }
    ATL_BUF_LIT(out, "\n");
}

static void add_doubts(const struct lesson *lesson, const struct atl_model *model,
                       struct atl_buf *out)
{
    if (lesson->width_dots && model->width_dots != lesson->width_dots)
        atl_buf_addf(out, "# It differs: the model prints %u dots, this printer %u.\n",
                     model->width_dots, lesson->width_dots);
    for (size_t i = 0; i < model->code_page_count; i++) {
        if (!is_right(lesson, &model->code_pages[i]))
            atl_buf_addf(out, "# It differs: the model has %s at %u, and that came out wrong.\n",
                         model->code_pages[i].name, model->code_pages[i].slot);
    }
    if (lesson->has_cutter == (bool)(model->quirks & ATL_QUIRK_NO_CUTTER))
        atl_buf_addf(out, "# It differs: the model %s.\n",
                     lesson->has_cutter ? "never cuts" : "cuts");
    if (lesson->could_answer && lesson->answers == (bool)(model->quirks & ATL_QUIRK_NO_STATUS))
        atl_buf_addf(out, "# It differs: the model %s.\n",
                     lesson->answers ? "is never asked how it is" : "is asked how it is");
}

atl_code print_lesson_write(const struct lesson *lesson, const struct print_options *options,
                            struct atl_error *err)
{
    const struct atl_model *model = nearest(lesson);
    struct atl_buf out;
    atl_code rc;

    atl_buf_init(&out, PROFILE_BYTES_MAX);
    atl_buf_addf(&out, "# Learned by atelier-print --test-page; for atelier.ini.\n");
    add_seen(lesson, &out);
    atl_buf_addf(&out, "# The nearest model: %s.\n", model->name);
    add_doubts(lesson, model, &out);
    atl_buf_addf(&out,
                 "[printer till]\ndriver = %s\nmodel = %s\nlink = %s\ndocuments = claim gift "
                 "tag\n",
                 lesson->device.driver->name, model->id, options->to);
    if (model->width_dots < NARROW_DOTS && lesson->device.driver->duty == ATL_DUTY_TICKET)
        ATL_BUF_LIT(&out, "templates = 58\n");
    rc = atl_buf_check(&out, err);
    if (!rc)
        rc = print_file_write(options->profile ? options->profile : "-", &out, err);
    if (!rc)
        fprintf(stderr, "The nearest model is %s (%s).\n", model->name, model->id);
    atl_buf_free(&out);
    return rc;
}

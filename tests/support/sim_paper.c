// SPDX-License-Identifier: Apache-2.0
// The papers that came out of a simulated printer, and how they are compared. A row of dots is 'D',
// its bytes without the white at the right, and a line feed; a line of text is 'T', its letters,
// and a line feed; a white row is a line feed.
#include "tests/support/sim_parts.h"

#include <stdlib.h>
#include <string.h>

enum { INK_MAX_BYTES = 16 * 1024 * 1024 };

static struct sim_paper *in_mouth(struct sim *sim)
{
    if (sim->paper_count && !sim->papers[sim->paper_count - 1].is_whole)
        return &sim->papers[sim->paper_count - 1];
    if (sim->paper_count == sim->paper_cap) {
        sim->paper_cap = sim->paper_cap ? sim->paper_cap * 2 : 8;
        sim->papers = realloc(sim->papers, sim->paper_cap * sizeof *sim->papers);
        if (!sim->papers)
            abort();
    }
    sim->papers[sim->paper_count] = (struct sim_paper){.at_ms = sim_now_ms(sim)};
    atl_buf_init(&sim->papers[sim->paper_count].ink, INK_MAX_BYTES);
    return &sim->papers[sim->paper_count++];
}

static void add_ink(struct sim *sim, const char *kind, const void *bytes, size_t len)
{
    struct sim_paper *paper = in_mouth(sim);

    for (; paper->ink.len && sim->blank_count; sim->blank_count--)
        ATL_BUF_LIT(&paper->ink, "\n");
    sim->blank_count = 0;
    atl_buf_add(&paper->ink, kind, 1);
    atl_buf_add(&paper->ink, bytes, len);
    ATL_BUF_LIT(&paper->ink, "\n");
    if (paper->ink.failed)
        abort();
}

void sim_print_dots(struct sim *sim, const uint8_t *row, size_t len)
{
    while (row && len && !row[len - 1])
        len--;
    if (row && len)
        add_ink(sim, "D", row, len);
    else
        sim->blank_count++;
    sim_row_was_printed(sim);
}

void sim_print_text(struct sim *sim, const char *letters)
{
    if (*letters)
        add_ink(sim, "T", letters, strlen(letters));
    else
        sim->blank_count++;
    sim_row_was_printed(sim);
}

// Empty paper that is cut off is no paper of anybody.
void sim_paper_ends(struct sim *sim, bool is_whole)
{
    struct sim_paper *paper;

    sim->blank_count = 0;
    if (!sim->paper_count || sim->papers[sim->paper_count - 1].is_whole)
        return;
    paper = &sim->papers[sim->paper_count - 1];
    paper->is_whole = is_whole;
    paper->at_ms = sim_now_ms(sim);
}

// ---- Comparing ----

static size_t without_line_feeds(const uint8_t *ink, size_t len)
{
    while (len && ink[len - 1] == '\n')
        len--;
    return len;
}

bool sim_is_same(const struct sim_paper *a, const struct sim_paper *b)
{
    return a->ink.len == b->ink.len && memcmp(a->ink.data, b->ink.data, a->ink.len) == 0;
}

static bool is_beginning(const uint8_t *ink, size_t len, const struct sim_paper *whole)
{
    len = without_line_feeds(ink, len);
    if (!len || len > whole->ink.len)
        return !len;
    // A row of dots may be broken off inside its last byte.
    return memcmp(ink, whole->ink.data, len - 1) == 0 &&
           (ink[len - 1] & whole->ink.data[len - 1]) == ink[len - 1];
}

bool sim_is_part(const struct sim_paper *part, const struct sim_paper *whole)
{
    return is_beginning(part->ink.data, part->ink.len, whole);
}

bool sim_is_part_and_whole(const struct sim_paper *strip, const struct sim_paper *first,
                           const struct sim_paper *then)
{
    const size_t len = then->ink.len;

    if (strip->ink.len < len)
        return false;
    return memcmp(strip->ink.data + strip->ink.len - len, then->ink.data, len) == 0 &&
           is_beginning(strip->ink.data, strip->ink.len - len, first);
}

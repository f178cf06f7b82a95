// SPDX-License-Identifier: Apache-2.0
// dymo-dots FILE: what stands on the label of a LabelWriter's stream, as PBM (P4), for programs
// that compare. The strict reader of the tests reads it; ends with 1 where that refuses.
#include "tests/support/dymo_lexer.h"

#include <stdio.h>
#include <stdlib.h>

enum { BYTES_MAX = 4 * 1024 * 1024 };

int main(int argc, char **argv)
{
    static uint8_t bytes[BYTES_MAX];
    static const struct dymo_head head = {.bytes = 156, .has_two_rolls = true};
    FILE *file = argc == 2 ? fopen(argv[1], "rbe") : NULL;
    struct dymo_label label;
    char why[DYMO_WHY_BYTES];
    size_t len;

    if (!file) {
        fprintf(stderr, "usage: dymo-dots FILE\n");
        return 2;
    }
    len = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    if (!dymo_lex(bytes, len, &head, &label, why)) {
        fprintf(stderr, "dymo-dots: %s\n", why);
        return 1;
    }
    printf("P4\n%u %u\n", label.dots.width_dots, label.dots.height_dots);
    fwrite(label.dots.bits, label.dots.row_bytes, label.dots.height_dots, stdout);
    free(label.dots.bits);
    return 0;
}

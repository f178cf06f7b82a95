// SPDX-License-Identifier: Apache-2.0
// The templates that are shipped: they load, in every language, and say what they have to say.
#include "plugin/render/template.h"
#include "tests/support/page_dump.h"
#include "tests/support/sample_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
#define FOLDER      ATL_SOURCE_DIR "/printer-templates"

static const struct atl_template_folders SHIPPED = {NULL, FOLDER};
static const char *const LANGUAGES[] = {"en", "fr", "ja"};

static const struct {
    const char *name;
    enum atl_template_kind kind;
    uint32_t paper_um;
    uint32_t height_um;
} TEMPLATES[] = {
    {"claim.ticket",      ATL_TEMPLATE_CLAIM, 80000,  0    },
    {"claim-58.ticket",   ATL_TEMPLATE_CLAIM, 58000,  0    },
    {"gift.ticket",       ATL_TEMPLATE_GIFT,  80000,  0    },
    {"gift-58.ticket",    ATL_TEMPLATE_GIFT,  58000,  0    },
    {"tag.ticket",        ATL_TEMPLATE_TAG,   80000,  0    },
    {"tag-58.ticket",     ATL_TEMPLATE_TAG,   58000,  0    },
    {"bag.ticket",        ATL_TEMPLATE_BAG,   80000,  0    },
    {"bag-58.ticket",     ATL_TEMPLATE_BAG,   58000,  0    },
    {"tag-62.ticket",     ATL_TEMPLATE_TAG,   62000,  0    },
    {"tag-60x12.ticket",  ATL_TEMPLATE_TAG,   60000,  12000},
    {"tag-70x24.ticket",  ATL_TEMPLATE_TAG,   70000,  24000},
    {"bag-62.ticket",     ATL_TEMPLATE_BAG,   62000,  0    },
    {"bag-62x29.ticket",  ATL_TEMPLATE_BAG,   62000,  29000},
    {"bag-102x51.ticket", ATL_TEMPLATE_BAG,   102000, 51000},
    {"codes.ticket",      ATL_TEMPLATE_CODES, 80000,  0    },
    {"codes-58.ticket",   ATL_TEMPLATE_CODES, 58000,  0    },
    {"roll.ticket",       ATL_TEMPLATE_ROLL,  80000,  0    },
    {"roll-58.ticket",    ATL_TEMPLATE_ROLL,  58000,  0    },
    {"seats.ticket",      ATL_TEMPLATE_SEATS, 80000,  0    },
    {"seats-58.ticket",   ATL_TEMPLATE_SEATS, 58000,  0    },
    {"run.ticket",        ATL_TEMPLATE_RUN,   80000,  0    },
    {"run-58.ticket",     ATL_TEMPLATE_RUN,   58000,  0    },
};

static struct atl_template *load(const struct atl_template_folders *folders, const char *name)
{
    struct atl_template *tmpl = NULL;
    struct atl_error err = {0};

    if (atl_template_load_file(folders, name, &tmpl, &err))
        fail_msg("%s", err.text);
    return tmpl;
}

static struct atl_words_file words_of(const char *language)
{
    struct atl_words_file words;
    struct atl_error err = {0};

    if (atl_words_file_load(NULL, FOLDER, language, &words, &err))
        fail_msg("%s", err.text);
    return words;
}

// The paper as text; the caller frees out.
static void print(const char *name, const char *language, enum sample_data_case which,
                  struct atl_buf *out)
{
    struct atl_template *tmpl = load(&SHIPPED, name);
    struct atl_words_file words = words_of(language);
    struct atl_page *page = NULL;
    struct atl_error err = {0};
    struct atl_data data;

    sample_data(&data, atl_template_kind(tmpl), language, which);
    if (atl_template_check_words(tmpl, &words, &err) ||
        atl_template_page(tmpl, &data, &words, &page, &err))
        fail_msg("%s", err.text);
    atl_buf_init(out, 1 << 20);
    page_dump(page, out);
    assert_int_equal(atl_buf_check(out, NULL), ATL_OK);
    atl_page_free(page);
    atl_template_close(tmpl);
    atl_words_file_free(&words);
    atl_data_free(&data);
}

static void check_has(const struct atl_buf *paper, const char *what)
{
    if (!strstr((const char *)paper->data, what))
        fail_msg("%s is not on the paper:\n%s", what, (const char *)paper->data);
}

static void check_lacks(const struct atl_buf *paper, const char *what)
{
    if (strstr((const char *)paper->data, what))
        fail_msg("%s is on the paper:\n%s", what, (const char *)paper->data);
}

static void every_template_is_what_its_name_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(TEMPLATES); i++) {
        struct atl_template *tmpl = load(&SHIPPED, TEMPLATES[i].name);

        assert_int_equal(atl_template_kind(tmpl), TEMPLATES[i].kind);
        assert_int_equal(atl_template_paper_um(tmpl), TEMPLATES[i].paper_um);
        assert_int_equal(atl_template_height_um(tmpl), TEMPLATES[i].height_um);
        atl_template_close(tmpl);
    }
}

static void every_template_speaks_every_language_and_ends_with_a_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(TEMPLATES); i++) {
        for (size_t j = 0; j < COUNT(LANGUAGES); j++) {
            for (int which = SAMPLE_PLAIN; which <= SAMPLE_FULL; which++) {
                struct atl_buf paper;

                print(TEMPLATES[i].name, LANGUAGES[j], (enum sample_data_case)which, &paper);
                if (TEMPLATES[i].kind <= ATL_TEMPLATE_BAG)
                    check_has(&paper, "K7F-2A1");
                if (TEMPLATES[i].kind < ATL_TEMPLATE_SEATS)
                    check_has(&paper, "qr =");
                if (TEMPLATES[i].height_um)
                    check_has(&paper, "boxes ");
                else
                    assert_string_equal((const char *)paper.data + paper.len - 12, "cut partial\n");
                atl_buf_free(&paper);
            }
        }
    }
}

static void the_claim_ticket_alone_suffices(void **state)
{
    static const char *const FULL[] = {
        "L'été d'Élodie",
        "\"Jo\"",
        "Bartholomew of Canterbury",
        "4071",
        "HTTPS://AT.EXAMPLE/O/4QWERTY7UIOPASDFGHJKLZXCV2",
        "C'est noté.",
        "We have your order.",
        "+33 1 23 45 67 89",
        "75002 Paris",
        "10:00–20:00",
        "52,00",
        "26,00",
        "Burgundy",
        "Passez nous voir au comptoir.",
        "Copie n°",
        "Formation",
        "Réalisé pour vous",
        "Un ticket cadeau",
        "Merci.",
        "mardi 24 novembre",
        "K7F-2A1/3",
        "image =",
    };
    struct atl_buf paper;

    (void)state;
    for (int narrow = 0; narrow < 2; narrow++) {
        print(narrow ? "claim-58.ticket" : "claim.ticket", "fr", SAMPLE_FULL, &paper);
        for (size_t i = 0; i < COUNT(FULL); i++)
            check_has(&paper, FULL[i]);
        atl_buf_free(&paper);
    }
    print("claim.ticket", "en", SAMPLE_PLAIN, &paper);
    check_has(&paper, "text [= ^3x3 \"L'été d'Élodie\"]\n");
    check_has(&paper, "text [= ^2x2 * \"today 15:00–16:30\"]\n");
    check_lacks(&paper, "Training");
    check_lacks(&paper, "Copy");
    check_lacks(&paper, "K7F-2A1/"); // one piece has no number
    atl_buf_free(&paper);
}

static void the_gift_ticket_keeps_its_secrets(void **state)
{
    static const char *const SECRETS[] = {"Élodie", "4071", "PIN", "€", "Jo", "Burgundy"};
    struct atl_buf paper;

    (void)state;
    print("gift.ticket", "fr", SAMPLE_FULL, &paper);
    for (size_t i = 0; i < COUNT(SECRETS); i++)
        check_lacks(&paper, SECRETS[i]);
    check_has(&paper, "Un cadeau se prépare pour vous.");
    check_has(&paper, "Tote bag");
    atl_buf_free(&paper);
}

static void the_label_of_a_gifts_bag_is_blind_and_says_how_to_care_for_it(void **state)
{
    static const char *const NAMES[] = {"bag.ticket", "bag-58.ticket", "bag-62x29.ticket",
                                        "bag-102x51.ticket"};
    static const char *const SECRETS[] = {"Élodie", "€", "Tote bag", "natural"};
    struct atl_buf paper;

    (void)state;
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        print(NAMES[i], "fr", SAMPLE_FULL, &paper);
        for (size_t k = 0; k < COUNT(SECRETS); k++)
            check_lacks(&paper, SECRETS[k]);
        check_has(&paper, "Lavez à l'envers");
        check_has(&paper, "2 / 3");
        check_has(&paper, "B4");
        atl_buf_free(&paper);
        print(NAMES[i], "fr", SAMPLE_PLAIN, &paper); // no gift: the control
        check_has(&paper, "Tote bag");
        check_has(&paper, "Lavez à l'envers");
        atl_buf_free(&paper);
    }
}

static void an_attendance_list_has_everybody_and_says_when_nobody_comes(void **state)
{
    struct atl_buf paper;

    (void)state;
    print("seats.ticket", "en", SAMPLE_FULL, &paper);
    check_has(&paper, "\"山田 花子\"");
    check_has(&paper, "Bartholomew-Christophe of Canterbury and Lower Saxony");
    check_has(&paper, "No lilies, please");
    check_has(&paper, "Checked in");
    check_lacks(&paper, "No seat is taken yet.");
    atl_buf_free(&paper);
    print("seats.ticket", "en", SAMPLE_PLAIN, &paper);
    check_has(&paper, "No seat is taken yet.");
    atl_buf_free(&paper);
}

static void the_work_tag_says_all_that_the_workshop_needs(void **state)
{
    static const char *const FULL[] = {
        "K7F-2A1/2",
        "AT1K7F2A1020HK4P9XW2",
        "replaces tag 1",
        "DUPLICATE 2",
        "2 / 3",
        "Tote bag",
        "natural, large",
        "L'été d'Élodie",
        "Burgundy 1784",
        "25 mm",
        "front, centre",
        "today 15:00–16:30",
        "Wednesday 12:00",
        "Français",
        "GIFT",
        "RUSH",
        "AGAIN",
        "thread break",
        "Attempt",
        "DO NOT START",
        "see the colour first",
        "as near to the handle",
        "no steam",
        "image =",
        "Training",
    };
    struct atl_buf paper;

    (void)state;
    for (int narrow = 0; narrow < 2; narrow++) {
        print(narrow ? "tag-58.ticket" : "tag.ticket", "en", SAMPLE_FULL, &paper);
        for (size_t i = 0; i < COUNT(FULL); i++)
            check_has(&paper, FULL[i]);
        atl_buf_free(&paper);
    }
    print("tag.ticket", "en", SAMPLE_PLAIN, &paper);
    for (size_t i = 18; i < 22; i++)
        check_lacks(&paper, FULL[i]);
    check_lacks(&paper, "DUPLICATE");
    atl_buf_free(&paper);
}

// printer-templates/README.md names every field of the table in backquotes.
static void the_readme_lists_every_field(void **state)
{
    static char readme[1 << 16];
    FILE *file = fopen(FOLDER "/README.md", "rb");
    size_t count, len;
    const struct atl_template_field *fields = atl_template_fields(&count);

    (void)state;
    assert_non_null(file);
    len = fread(readme, 1, sizeof readme - 1, file);
    assert_true(len > 0 && len < sizeof readme - 1);
    fclose(file);
    for (size_t i = 0; i < count; i++) {
        char name[64];

        snprintf(name, sizeof name, "`%s`", fields[i].path);
        if (!strstr(readme, name))
            fail_msg("README.md does not say what %s is", name);
    }
}

static void write_file(const char *path, const void *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void a_shops_own_template_wins_and_an_error_names_its_path(void **state)
{
    static const struct atl_template_folders OWN = {"own", FOLDER};
    static const char BAD[] = "# kind: gift\n# paper: 80mm\n{{pin}}\n";
    struct atl_template *tmpl = NULL;
    struct atl_error err = {0};

    (void)state;
    (void)mkdir("own", 0700);
    (void)unlink("own/gift.ticket");
    atl_template_close(load(&OWN, "gift.ticket"));
    write_file("own/gift.ticket", BAD, sizeof BAD - 1);
    assert_int_equal(atl_template_load_file(&OWN, "gift.ticket", &tmpl, &err), ATL_E_INVALID);
    assert_string_equal(err.text,
                        "own/gift.ticket:3: a gift has no field pin here; README.md lists the "
                        "fields");
    assert_int_equal(atl_template_load_file(&OWN, "nothing.ticket", &tmpl, &err), ATL_E_NOT_FOUND);
    assert_int_equal(atl_template_load_file(&OWN, "../claim.ticket", &tmpl, &err), ATL_E_INVALID);
    assert_null(tmpl);
    (void)unlink("own/gift.ticket");
}

static void a_picture_of_the_shops_own_is_read_once_when_loading(void **state)
{
    // A black dot, made with libpng: 1 x 1, one bit.
    static const uint8_t PNG[] = {
        0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
        0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x01, 0x00, 0x00, 0x00,
        0x00, 0x37, 0x6e, 0xf9, 0x24, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78,
        0x9c, 0x63, 0x60, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01, 0x48, 0xaf, 0xa4, 0x71, 0x00,
        0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};
    static const struct atl_template_folders OWN = {"own", FOLDER};
    static const char TEXT[] = "# kind: claim\n# paper: 80mm\n{file: seal.png; width: 20mm}\n";
    struct atl_words_file words = words_of("en");
    struct atl_template *tmpl = NULL;
    struct atl_page *page = NULL;
    struct atl_error err = {0};
    struct atl_data data;

    (void)state;
    (void)mkdir("own", 0700);
    (void)unlink("own/seal.png");
    assert_int_equal(atl_template_parse("t", TEXT, sizeof TEXT - 1, &OWN, &tmpl, &err),
                     ATL_E_INVALID);
    assert_string_equal(err.text, "t:3: there is no seal.png beside the template");
    write_file("own/seal.png", PNG, 20);
    assert_int_not_equal(atl_template_parse("t", TEXT, sizeof TEXT - 1, &OWN, &tmpl, &err), ATL_OK);
    write_file("own/seal.png", PNG, sizeof PNG);
    if (atl_template_parse("t", TEXT, sizeof TEXT - 1, &OWN, &tmpl, &err))
        fail_msg("%s", err.text);
    assert_int_equal(unlink("own/seal.png"), 0);
    sample_data(&data, ATL_TEMPLATE_CLAIM, "en", SAMPLE_PLAIN);
    assert_int_equal(atl_template_page(tmpl, &data, &words, &page, &err), ATL_OK);
    atl_template_close(tmpl); // the page has its own copy
    assert_int_equal(page->row_count, 1);
    assert_int_equal(page->rows[0].kind, ATL_ROW_IMAGE);
    assert_int_equal(page->rows[0].image_width_um, 20000);
    assert_int_equal(page->rows[0].image->width_dots, 1);
    assert_int_equal(page->rows[0].image->bits[0], 0x80);
    atl_page_free(page);
    atl_data_free(&data);
    atl_words_file_free(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_template_is_what_its_name_says),
        cmocka_unit_test(every_template_speaks_every_language_and_ends_with_a_cut),
        cmocka_unit_test(the_claim_ticket_alone_suffices),
        cmocka_unit_test(the_gift_ticket_keeps_its_secrets),
        cmocka_unit_test(the_label_of_a_gifts_bag_is_blind_and_says_how_to_care_for_it),
        cmocka_unit_test(an_attendance_list_has_everybody_and_says_when_nobody_comes),
        cmocka_unit_test(the_work_tag_says_all_that_the_workshop_needs),
        cmocka_unit_test(the_readme_lists_every_field),
        cmocka_unit_test(a_shops_own_template_wins_and_an_error_names_its_path),
        cmocka_unit_test(a_picture_of_the_shops_own_is_read_once_when_loading),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

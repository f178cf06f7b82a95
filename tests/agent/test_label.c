// SPDX-License-Identifier: Apache-2.0
// The label of the finished bag: when it is queued, and what the shop writes on it.
#include "plugin/agent/document.h"
#include "plugin/store/orders.h"
#include "tests/agent/shop_fixture.h"
#include "tests/support/page_dump.h"

#include <stdio.h>
#include <string.h>

static void add_label_printer(void)
{
    config.printers[0] = (struct atl_config_printer){
        .name = "labels", .driver = "escpos", .templates = "62x29", .papers = ATL_PAPER_BAG};
    config.printer_count = 1;
    snprintf(config.templates, sizeof config.templates, "%s", ATL_SOURCE_DIR "/printer-templates");
}

static void a_ready_piece_gets_its_label_where_a_printer_prints_them(void **state)
{
    (void)state;
    add_label_printer();
    sell("Jill");
    assert_int_equal(papers(ATL_DOCUMENT_BAG, ATL_JOB_QUEUED), 0);
    make_ready();
    assert_int_equal(papers(ATL_DOCUMENT_BAG, ATL_JOB_QUEUED), 1);
}

static void a_shop_without_such_a_printer_misses_nothing(void **state)
{
    const struct atl_by by = atl_shop_by(&shop, ATL_ORIGIN_STAFF, NULL, NULL);
    struct atl_piece piece;

    (void)state;
    sell("Jill");
    make_ready();
    assert_int_equal(papers(ATL_DOCUMENT_BAG, ATL_JOB_QUEUED), 0);
    piece = piece_of(1);
    assert_int_equal(atl_shop_label(&shop, &piece, &by, &fixture_error), ATL_E_INVALID);
    assert_non_null(strstr(fixture_error.text, "add \"bag\" to the documents"));
}

static void a_person_gets_a_label_before_it_is_ready_and_no_second_one_that_waits(void **state)
{
    const struct atl_by by = atl_shop_by(&shop, ATL_ORIGIN_STAFF, NULL, NULL);
    struct atl_piece piece;

    (void)state;
    add_label_printer();
    sell("Jill");
    piece = piece_of(1);
    OK(atl_shop_label(&shop, &piece, &by, &fixture_error));
    assert_int_equal(papers(ATL_DOCUMENT_BAG, ATL_JOB_QUEUED), 1);
    assert_int_equal(atl_shop_label(&shop, &piece, &by, &fixture_error), ATL_E_CONFLICT);
    assert_non_null(strstr(fixture_error.text, "it is already waiting for printer labels"));
}

// The page of the first piece's label, as text; the caller frees out.
static void draw(struct atl_buf *out)
{
    struct atl_job job = {.document = ATL_DOCUMENT_BAG};
    const struct atl_model model = {.dpi = 203, .width_dots = 576, .columns = 48};
    const struct atl_page *page = NULL;
    struct atl_documents *documents = NULL;
    struct atl_piece piece = piece_of(1);

    snprintf(job.order_id, sizeof job.order_id, "%s", piece.order_id);
    snprintf(job.piece_id, sizeof job.piece_id, "%s", piece.id);
    OK(atl_documents_open(&config, &config.printers[0], &documents, &fixture_error));
    OK(atl_documents_page(documents, shop.store, &job, &model, &page, &fixture_error));
    assert_int_equal(page->height_um, 29000);
    atl_buf_init(out, 1 << 16);
    page_dump(page, out);
    assert_int_equal(atl_buf_check(out, NULL), ATL_OK);
    atl_documents_close(documents);
}

static void the_label_says_what_it_is_where_it_waits_and_how_to_care_for_it(void **state)
{
    struct atl_buf page;
    struct atl_piece piece;

    (void)state;
    add_label_printer();
    sell("Jill");
    piece = piece_of(1);
    IN_TRANSACTION(atl_pieces_place(shop.store, piece.id, "B4",
                                    &(struct atl_by){.at_ms = now_ms, .origin = ATL_ORIGIN_STAFF},
                                    NULL, &fixture_error));
    draw(&page);
    assert_non_null(strstr((const char *)page.data, piece.code));
    assert_non_null(strstr((const char *)page.data, "B4"));
    assert_non_null(strstr((const char *)page.data, "Tote bag"));
    assert_non_null(strstr((const char *)page.data, "Do not iron the embroidery."));
    atl_buf_free(&page);
}

static void the_label_of_a_gift_says_nothing_of_what_is_in_it(void **state)
{
    struct atl_buf page;

    (void)state;
    add_label_printer();
    assert_true(wish("gift", "yes").is_allowed);
    sell("Jill");
    assert_true(the_order().wish.is_gift);
    draw(&page);
    assert_null(strstr((const char *)page.data, "Jill"));
    assert_null(strstr((const char *)page.data, "Tote bag"));
    assert_non_null(strstr((const char *)page.data, "Do not iron the embroidery."));
    atl_buf_free(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_ready_piece_gets_its_label_where_a_printer_prints_them),
        TEST(a_shop_without_such_a_printer_misses_nothing),
        TEST(a_person_gets_a_label_before_it_is_ready_and_no_second_one_that_waits),
        TEST(the_label_says_what_it_is_where_it_waits_and_how_to_care_for_it),
        TEST(the_label_of_a_gift_says_nothing_of_what_is_in_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

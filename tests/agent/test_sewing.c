// SPDX-License-Identifier: Apache-2.0
// What is signed are stitches: sewn, written, read back, kept.
#include "plugin/agent/proof_wire.h"
#include "plugin/agent/sewing.h"
#include "plugin/core/signoff.h"
#include "tests/agent/shop_fixture.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static struct atl_proof_wish wish_of(const char *text)
{
    return (struct atl_proof_wish){
        .look = {.lines = {text},
                 .line_count = 1,
                 .align = ATL_ALIGN_CENTRE,
                 .font = "Comfortaa Bold",
                 .cap_um = 15000,
                 .field_um = 150000,
                 .field_high_um = 60000,
                 .thread_rgb = 0x2D3541,
                 .fabric_rgb = 0xEFE6D3,
                 .thread = "Navy",
                 .product = "Tote bag",
                 .place = "Front",
                 .mark = "As it will be sewn",
                 .decimal_mark = '.',
                 .width_px = 300},
        .how = {.fabric = "canvas",
                 .hoop_um = 180000,
                 .hoop_high_um = 130000,
                 .chart = "Madeira Polyneon 40",
                 .number = "1643",
                 .stitches_per_minute = 600,
                 .trim_s = 6,
                 .language = "en"}
    };
}

struct proof {
    struct atl_proof_result result;
    struct atl_sewn sewn;
    struct atl_buf file;
};

static void make(const struct atl_proof_wish *wish, struct proof *out)
{
    struct atl_picture picture = {0};

    memset(out, 0, sizeof *out);
    atl_buf_init(&out->file, ATL_KEPT_PLAN_MAX_BYTES);
    OK(atl_sewing_proof(&wish->look, &wish->how, &out->result, &out->sewn, &out->file, &picture,
                        &fixture_error));
    assert_int_equal(picture.pixels != NULL, out->result.verdict == ATL_PROOF_VERDICT_READY);
    atl_picture_free(&picture);
}

static void the_same_wish_gives_the_same_stitches_and_another_others(void **state)
{
    struct atl_proof_wish wish = wish_of("L'\xC3\xA9t\xC3\xA9 d'\xC3\x89lodie");
    struct proof one, same, other;

    (void)state;
    make(&wish, &one);
    make(&wish, &same);
    assert_int_equal(one.result.verdict, ATL_PROOF_VERDICT_READY);
    assert_int_equal(one.file.len, same.file.len);
    assert_memory_equal(one.file.data, same.file.data, one.file.len);
    assert_memory_equal(one.result.digest, same.result.digest, ATL_HASH_BYTES);
    assert_in_range(one.sewn.stitches, 1000, 10000);
    assert_int_equal(one.sewn.run_s, one.sewn.stitches * 60 / 600 + one.sewn.trims * 6);
    wish.how.number = "1800";
    make(&wish, &other);
    assert_memory_not_equal(one.result.digest, other.result.digest, ATL_HASH_BYTES);
    atl_buf_free(&one.file);
    atl_buf_free(&same.file);
    atl_buf_free(&other.file);
}

static void each_thing_that_is_sewn_otherwise_has_another_number(void **state)
{
    const struct atl_proof_wish plain = wish_of("Anna");
    struct atl_proof_wish others[6];

    (void)state;
    for (size_t i = 0; i < 6; i++)
        others[i] = plain;
    others[0].how.fabric = "fleece";
    others[1].how.arrangement = ATL_ARRANGEMENT_ARC;
    others[2].how.border = ATL_BORDER_CIRCLE;
    others[3].how.arc_um = 60000;
    others[4].how.is_centre_out = true;
    others[5].how.number = "1800";
    for (size_t i = 0; i < 6; i++)
        assert_int_not_equal(atl_proof_number(&plain), atl_proof_number(&others[i]));
}

static void a_wish_and_its_answer_cross_the_socket_whole(void **state)
{
    const struct atl_proof_wish wish = wish_of("Anna");
    struct atl_proof_made made =
                              {
                                  .sewn = {1, 2, 3, 4},
                                    .png_bytes = 5
    },
                          back;
    struct atl_proof_texts texts;
    static struct atl_frame frame;
    struct atl_proof_wish read;
    int64_t number = 0;
    atl_code code = ATL_E_IO;

    (void)state;
    atl_proof_put_request(&frame, 7, &wish);
    OK(atl_proof_get_request(&frame, &number, &read, &texts, &fixture_error));
    assert_int_equal(number, 7);
    assert_int_equal(atl_proof_number(&read), atl_proof_number(&wish));
    atl_proof_put_result(&frame, 7, ATL_OK, &made);
    OK(atl_proof_get_result(&frame, &number, &code, &back, &fixture_error));
    assert_int_equal(code, ATL_OK);
    assert_memory_equal(&back.sewn, &made.sewn, sizeof back.sewn);
    assert_int_equal(back.png_bytes, 5);
}

static void what_does_not_fit_by_its_stitches_is_refused(void **state)
{
    struct atl_proof_wish wish = wish_of("Anna");
    struct proof fits, proof;
    const struct {
        int32_t field_um, field_high_um, hoop_um, hoop_high_um;
        enum atl_proof_verdict verdict;
    } rows[] = {
        {0,  0,  0,  0,  ATL_PROOF_VERDICT_READY   },
        {-1, 0,  0,  0,  ATL_PROOF_VERDICT_TOO_WIDE},
        {0,  -1, 0,  0,  ATL_PROOF_VERDICT_TOO_HIGH},
        {0,  0,  -1, 0,  ATL_PROOF_VERDICT_TOO_WIDE},
        {0,  0,  0,  -1, ATL_PROOF_VERDICT_TOO_HIGH},
    };

    (void)state;
    make(&wish, &fits);
    atl_buf_free(&fits.file);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        wish.look.field_um = fits.result.width_um + rows[i].field_um;
        wish.look.field_high_um = fits.result.height_um + rows[i].field_high_um;
        wish.how.hoop_um = fits.result.width_um + rows[i].hoop_um;
        wish.how.hoop_high_um = fits.result.height_um + rows[i].hoop_high_um;
        make(&wish, &proof);
        assert_int_equal(proof.result.verdict, rows[i].verdict);
        assert_int_equal(proof.file.len != 0, rows[i].verdict == ATL_PROOF_VERDICT_READY);
        atl_buf_free(&proof.file);
    }
}

static void what_no_needle_can_follow_is_a_verdict_and_no_failure(void **state)
{
    struct atl_proof_wish wish = wish_of("Anna");
    struct atl_picture picture = {0};
    struct proof proof;

    (void)state;
    wish.look.cap_um = 1500;
    make(&wish, &proof);
    assert_int_equal(proof.result.verdict, ATL_PROOF_VERDICT_UNSEWN);
    atl_buf_free(&proof.file);
    wish = wish_of("\xE6\x84\x9B");
    make(&wish, &proof);
    assert_int_equal(proof.result.verdict, ATL_PROOF_VERDICT_NO_GLYPH);
    assert_int_equal(proof.result.letter, 0x611B);
    wish = wish_of("Anna");
    wish.how.fabric = "cheese";
    assert_int_equal(atl_sewing_proof(&wish.look, &wish.how, &proof.result, &proof.sewn,
                                      &proof.file, &picture, &fixture_error),
                     ATL_E_INVALID);
    assert_non_null(strstr(fixture_error.text, "cheese"));
    atl_buf_free(&proof.file);
}

// ---- the kept file ----

static void a_kept_plan_is_read_back_as_it_was_and_no_damage_passes(void **state)
{
    const struct atl_proof_wish wish = wish_of("Al");
    struct atl_kept_plan kept = {0}, damaged = {0};
    struct proof proof;
    struct atl_buf again;

    (void)state;
    make(&wish, &proof);
    atl_buf_init(&again, ATL_KEPT_PLAN_MAX_BYTES);
    OK(atl_kept_plan_read(proof.file.data, proof.file.len, &kept, &fixture_error));
    assert_string_equal(kept.fabric, "canvas");
    assert_string_equal(kept.plan.threads[0].number, "1643");
    assert_string_equal(kept.plan.threads[0].chart, "Madeira Polyneon 40");
    OK(atl_kept_plan_write(&kept, &again, &fixture_error));
    assert_int_equal(again.len, proof.file.len);
    assert_memory_equal(again.data, proof.file.data, again.len);
    for (size_t len = 0; len < proof.file.len; len += 1 + len / 16)
        assert_int_equal(atl_kept_plan_read(proof.file.data, len, &damaged, &fixture_error),
                         ATL_E_CORRUPT);
    for (size_t i = 0; i < proof.file.len; i++) {
        const uint8_t was = proof.file.data[i];

        proof.file.data[i] = was ^ 0x10; // another letter, digit or line end
        if (atl_kept_plan_read(proof.file.data, proof.file.len, &damaged, NULL) == ATL_OK) {
            atl_buf_free(&again); // still a plan, then one that writes exactly these bytes
            atl_buf_init(&again, ATL_KEPT_PLAN_MAX_BYTES);
            OK(atl_kept_plan_write(&damaged, &again, &fixture_error));
            assert_memory_equal(again.data, proof.file.data, proof.file.len);
            atl_kept_plan_free(&damaged);
        }
        proof.file.data[i] = was;
    }
    atl_kept_plan_free(&kept);
    atl_buf_free(&again);
    atl_buf_free(&proof.file);
}

// ---- through the shop ----

static void plan_path(const struct atl_piece *piece, char out[ATL_PROOFS_PATH_BYTES])
{
    atl_proofs_plan_path(&config, piece->proof.number, out);
}

static void the_stitches_that_were_signed_lie_beside_the_picture(void **state)
{
    char path[ATL_PROOFS_PATH_BYTES];
    struct atl_kept_plan kept = {0};
    struct atl_piece piece;

    (void)state;
    sell("L'\xC3\xA9t\xC3\xA9 d'\xC3\x89lodie");
    piece = piece_of(1);
    assert_int_equal(piece.proof.kind, ATL_PROOF_KIND_STITCHES);
    plan_path(&piece, path);
    OK(atl_kept_plan_load(path, piece.proof.digest, &kept, &fixture_error));
    assert_int_equal(atl_plan_counts(&kept.plan).stitches, piece.proof.stitch_count);
    atl_kept_plan_free(&kept);
}

static void other_stitches_than_the_signed_ones_are_refused(void **state)
{
    char path[ATL_PROOFS_PATH_BYTES];
    struct atl_kept_plan kept = {0};
    struct atl_piece piece;
    int fd;

    (void)state;
    sell("Jill");
    piece = piece_of(1);
    plan_path(&piece, path);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, "A", 1, 21), 1); // a digit of the cloth's colour
    close(fd);
    assert_int_equal(atl_kept_plan_load(path, piece.proof.digest, &kept, &fixture_error),
                     ATL_E_CORRUPT);
    assert_non_null(strstr(fixture_error.text, "not those that were signed"));
    OK(atl_kept_plan_load(path, NULL, &kept, &fixture_error)); // it is a plan all the same
    atl_kept_plan_free(&kept);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(atl_kept_plan_load(path, piece.proof.digest, &kept, &fixture_error),
                     ATL_E_NOT_FOUND);
}

static void lost_stitches_are_sewn_anew_and_are_the_same_again(void **state)
{
    char path[ATL_PROOFS_PATH_BYTES];
    struct atl_piece piece;

    (void)state;
    sell("Jill");
    piece = piece_of(1);
    plan_path(&piece, path);
    assert_int_equal(unlink(path), 0);
    capture(1, 1, "Jill"); // the same words are looked at once more
    OK(atl_kept_plan_check(path, piece.proof.digest, &fixture_error));
}

static void the_promise_is_made_of_stitches_once_they_are_counted(void **state)
{
    const struct atl_product *tote = atl_catalogue_product(&shop.catalogue, "TOTE-01");
    struct atl_proofs *drawer = shop.proofs;
    struct atl_piece piece;
    int32_t estimate_s;
    struct atl_draft draft;

    (void)state;
    shop.proofs = NULL; // nobody draws yet
    capture(1, 1, "Jill");
    OK(atl_drafts_find(shop.store, txn.uuid, "L1", 1, &draft, &fixture_error));
    assert_int_equal(draft.proof.stitch_count, 0);
    // 4 letters of 8 mm and 22 stitches a mm; 4 trims of 6 s
    estimate_s = 240 + (120 + 4 * 22 * 8) * 60 / 650 + 60 + 120 + 120 + 4 * 6;
    assert_in_range(draft.work_s, estimate_s - 1, estimate_s + 1);
    shop.proofs = drawer;
    OK(try_sign(1, 1, 0));
    tender(1);
    piece = piece_of(1);
    assert_true(piece.proof.stitch_count > 100);
    assert_int_not_equal(piece.work_s, draft.work_s);
    assert_in_range(piece.work_s, 540 + piece.proof.stitch_count * 60 / 650,
                    540 + piece.proof.stitch_count * 60 / 650 + 40 * tote->cloth.trim_s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_wish_gives_the_same_stitches_and_another_others),
        cmocka_unit_test(each_thing_that_is_sewn_otherwise_has_another_number),
        cmocka_unit_test(a_wish_and_its_answer_cross_the_socket_whole),
        cmocka_unit_test(what_does_not_fit_by_its_stitches_is_refused),
        cmocka_unit_test(what_no_needle_can_follow_is_a_verdict_and_no_failure),
        cmocka_unit_test(a_kept_plan_is_read_back_as_it_was_and_no_damage_passes),
        TEST(the_stitches_that_were_signed_lie_beside_the_picture),
        TEST(other_stitches_than_the_signed_ones_are_refused),
        TEST(lost_stitches_are_sewn_anew_and_are_the_same_again),
        TEST(the_promise_is_made_of_stitches_once_they_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

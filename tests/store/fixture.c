// SPDX-License-Identifier: Apache-2.0
#include "tests/store/fixture.h"

#include "plugin/core/hash.h"
#include "plugin/core/id.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct atl_error fixture_error;

const struct atl_by fixture_by = {
    .origin = ATL_ORIGIN_STAFF,
    .employee_ref = "anna",
    .station = "bench 1",
    .device = "scan@1",
    .at_ms = FIXTURE_NOW_MS,
    .offset_min = 60,
};

void fixture_ok(atl_code rc, const struct atl_error *err, const char *what, const char *file,
                int line)
{
    if (rc == ATL_OK)
        return;
    print_error("%s: %s: %s\n", what, atl_code_name(rc), err->code == rc ? err->text : "?");
    _fail(file, line);
}

void fixture_remove(const char *name)
{
    static const char *const suffixes[] = {"",         "-wal",     "-shm",     ".epoch",
                                           ".ballast", ".new",     ".new-wal", ".new-shm",
                                           ".part",    ".journal", "-journal", ".ballast.new"};

    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s%s", name, suffixes[i]);
        unlink(path);
    }
}

struct atl_store *fixture_create(const char *name)
{
    struct atl_store *store = NULL;

    fixture_remove(name);
    OK(atl_store_create(name, &fixture_error));
    OK(atl_store_open(name, ATL_STORE_WORKER, &store, &fixture_error));
    return store;
}

void fixture_copy(const char *from, const char *to)
{
    const int in = open(from, O_RDONLY);
    const int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    char block[65536];
    ssize_t len;

    assert_true(in >= 0 && out >= 0);
    while ((len = read(in, block, sizeof block)) > 0)
        assert_int_equal(write(out, block, (size_t)len), len);
    assert_int_equal(len, 0);
    close(in);
    close(out);
}

// Making a store costs several writes through to the disk; copies of one that was made do not.
struct atl_store *fixture_make(const char *name)
{
    static const char template[] = "template.db";
    static bool is_made;
    struct atl_store *store = NULL;

    if (!is_made)
        atl_store_close(fixture_create(template));
    is_made = true;
    fixture_remove(name);
    fixture_copy(template, name);
    OK(atl_store_open(name, ATL_STORE_WORKER, &store, &fixture_error));
    return store;
}

void fixture_end(struct atl_store *store, const char *name)
{
    atl_store_close(store);
    fixture_remove(name);
}

// Ids, tokens, salts that follow from a number, so that two processes can agree on them.
static void id_of(int n, int part, char out[ATL_ORDER_ID_SIZE])
{
    uint8_t seed[ATL_HASH_BYTES];
    const int numbers[] = {n, part};

    atl_hash_sha256(numbers, sizeof numbers, seed);
    atl_id_make(FIXTURE_NOW_MS + n, seed, out);
}

static void fill_order(struct atl_order *order, int n)
{
    const unsigned number = (unsigned)n;

    snprintf(order->code, sizeof order->code, "%03u-%03u", number / 1000 % 1000, number % 1000);
    id_of(n, 0, order->id);
    id_of(n, 100, order->token);
    snprintf(order->pin, sizeof order->pin, "%04u", number % 10000);
    snprintf(order->transaction.uuid, sizeof order->transaction.uuid, "sale-%d", n);
    snprintf(order->transaction.store, sizeof order->transaction.store, "paris-1");
    snprintf(order->transaction.workstation, sizeof order->transaction.workstation, "till-2");
    snprintf(order->transaction.business_day, sizeof order->transaction.business_day,
             "2026-11-%02u", 1 + number % 28);
    snprintf(order->transaction.currency, sizeof order->transaction.currency, "EUR");
    order->transaction.sequence = n;
    snprintf(order->wish.language, sizeof order->wish.language, "fr");
    snprintf(order->wish.contact, sizeof order->wish.contact, "guest-%d@example.org", n);
    atl_hash_sha256(order->id, sizeof order->id, order->salt);
    snprintf(order->employee_ref, sizeof order->employee_ref, "anna");
    order->total_minor = 3 * 1500;
    order->piece_count = FIXTURE_UNITS;
    order->created_ms = FIXTURE_NOW_MS;
    order->created_offset_min = 60;
    order->consent_ms = FIXTURE_NOW_MS;
}

static void fill_piece(struct atl_piece *piece, const struct atl_order *order, int n, int number)
{
    id_of(n, number, piece->id);
    memcpy(piece->order_id, order->id, sizeof piece->order_id);
    snprintf(piece->code, sizeof piece->code, "%s/%d", order->code, number);
    piece->number = number;
    snprintf(piece->line_ref, sizeof piece->line_ref, "line-1");
    piece->unit_index = (uint32_t)number;
    piece->kind = ATL_KIND_EMBROIDERY;
    snprintf(piece->sku, sizeof piece->sku, n % 2 ? "TOTE" : "SCARF");
    snprintf(piece->variant, sizeof piece->variant, "Navy / 40 x 35");
    piece->price_minor = 1500;
    piece->work_s = 600;
    piece->promise.from_ms = FIXTURE_NOW_MS + 3600000;
    piece->promise.until_ms = FIXTURE_NOW_MS + 7200000 + number * 60000;
    piece->proof.number = n * 10 + number;
    piece->proof.state = ATL_PROOF_STATE_READY;
    piece->proof.kind = 1;
    memset(piece->proof.digest, number, sizeof piece->proof.digest);
    piece->signature.how = ATL_SIGN_GUEST_SCREEN;
    snprintf(piece->signature.employee_ref, sizeof piece->signature.employee_ref, "anna");
    piece->signature.at_ms = FIXTURE_NOW_MS;
    memset(piece->signature.hash, 0x5a, sizeof piece->signature.hash);
}

void fixture_fill(struct fixture_sale *sale, int n)
{
    memset(sale, 0, sizeof *sale);
    fill_order(&sale->order, n);
    snprintf(sale->key, sizeof sale->key, "key-%d", n);
    for (int i = 0; i < FIXTURE_UNITS; i++) {
        char text[64];
        fill_piece(&sale->pieces[i], &sale->order, n, i + 1);
        snprintf(text, sizeof text, "L'été d'Élodie %d.%d", n, i + 1);
        OK(atl_answer_set_add(&sale->answers[i], "text", text, &fixture_error));
        OK(atl_answer_set_add(&sale->answers[i], "thread", "1924", &fixture_error));
    }
}

static atl_code add_job(struct atl_store *store, const struct atl_order *order,
                        const struct atl_piece *piece, struct atl_error *err)
{
    struct atl_job job = {.document = piece ? ATL_DOCUMENT_TAG : ATL_DOCUMENT_CLAIM,
                          .device = "front",
                          .created_ms = FIXTURE_NOW_MS,
                          .expires_ms = piece ? 0 : FIXTURE_NOW_MS + 1800000};

    memcpy(job.order_id, order->id, sizeof job.order_id);
    if (piece)
        memcpy(job.piece_id, piece->id, sizeof job.piece_id);
    snprintf(job.code, sizeof job.code, "%s", piece ? piece->code : order->code);
    return atl_jobs_add(store, &job, NULL, err);
}

static atl_code add_outbox(struct atl_store *store, const struct atl_order *order,
                           const struct atl_piece *piece, struct atl_error *err)
{
    struct atl_outbox_row row = {.at_ms = FIXTURE_NOW_MS};

    snprintf(row.type, sizeof row.type,
             piece ? "atelier.piece.stage.v1" : "atelier.order.opened.v1");
    if (piece)
        snprintf(row.subject, sizeof row.subject, "order/%s/piece/%s", order->id, piece->id);
    else
        snprintf(row.subject, sizeof row.subject, "order/%s", order->id);
    return atl_outbox_add(store, &row, "{\"stage\":\"confirmed\"}", NULL, err);
}

static atl_code add_unit(struct atl_store *store, struct fixture_sale *sale, int i,
                         struct atl_error *err)
{
    struct atl_piece *piece = &sale->pieces[i];
    const struct atl_piece_birth birth = {
        .answers = &sale->answers[i],
        .find = {.words = "l'ete d'elodie", .initials = "lde"},
        .act = ATL_ACT_TENDER,
    };
    atl_code rc;

    rc = atl_pieces_add(store, piece, &birth, &fixture_by, err);
    if (!rc)
        rc = add_job(store, &sale->order, piece, err);
    if (!rc)
        rc = add_outbox(store, &sale->order, piece, err);
    return rc;
}

static atl_code write_sale(struct atl_store *store, struct fixture_sale *sale,
                           const struct atl_idem *idem, struct atl_error *err)
{
    atl_code rc;

    rc = atl_orders_add(store, &sale->order, &fixture_by, err);
    if (!rc)
        rc = add_job(store, &sale->order, NULL, err);
    if (!rc)
        rc = add_outbox(store, &sale->order, NULL, err);
    for (int i = 0; i < FIXTURE_UNITS && !rc; i++)
        rc = add_unit(store, sale, i, err);
    if (!rc)
        rc = atl_idem_put(store, idem, sale->order.id, "answer", 6, FIXTURE_NOW_MS, err);
    if (!rc)
        rc = atl_drafts_remove(store, sale->order.transaction.uuid, err);
    return rc;
}

atl_code fixture_tender(struct atl_store *store, struct fixture_sale *sale, struct atl_error *err)
{
    uint8_t request[ATL_HASH_BYTES] = {7};
    const struct atl_idem idem = {sale->key, "tendered", request};
    atl_code rc;

    rc = atl_store_begin(store, err);
    if (rc)
        return rc;
    rc = write_sale(store, sale, &idem, err);
    if (!rc)
        return atl_store_commit(store, err);
    atl_store_rollback(store);
    return rc;
}

void fixture_sell(struct atl_store *store, int n, struct fixture_sale *sale)
{
    fixture_fill(sale, n);
    OK(fixture_tender(store, sale, &fixture_error));
}

void fixture_act(struct atl_store *store, struct atl_piece *piece, enum atl_act act)
{
    const struct atl_piece_act what = {.piece_id = piece->id, .act = act};

    OK(atl_store_begin(store, &fixture_error));
    OK(atl_pieces_act(store, &what, &fixture_by, piece, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
}

int64_t fixture_add_tag(struct atl_store *store, const struct fixture_sale *sale,
                        const char *device, const char *code)
{
    struct atl_job job = {.document = ATL_DOCUMENT_TAG, .created_ms = FIXTURE_NOW_MS};
    int64_t id = 0;

    memcpy(job.order_id, sale->order.id, sizeof job.order_id);
    memcpy(job.piece_id, sale->pieces[1].id, sizeof job.piece_id);
    (void)snprintf(job.device, sizeof job.device, "%s", device);
    (void)snprintf(job.code, sizeof job.code, "%s", code);
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_jobs_add(store, &job, &id, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    return id;
}

struct atl_job fixture_job(struct atl_store *store, int64_t id)
{
    struct atl_job job;

    OK(atl_jobs_find(store, id, &job, &fixture_error));
    return job;
}

void fixture_sql(const char *name, const char *sql)
{
    char *error = NULL;
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(name, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK) {
        print_error("%s: %s\n", sql, error);
        fail();
    }
    sqlite3_close(db);
}

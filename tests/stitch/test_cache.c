// SPDX-License-Identifier: Apache-2.0
// A cache saves time and changes nothing: not one stitch, whatever lies in its folder.
#include "plugin/stitch/cache.h"
#include "plugin/stitch/cache_code.h"
#include "plugin/stitch/cache_disk.h"
#include "plugin/stitch/layout.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
#define COMFORTAA   "/usr/share/fonts/truetype/comfortaa/Comfortaa-Bold.ttf"
#define SCRIPT      "/usr/share/fonts/opentype/dancingscript/DancingScript-Regular.otf"
#define NAME_CAP    300

static struct atl_face *face;
static char folder[64];

static int open_all(void **state)
{
    struct atl_error err = {0};

    (void)state;
    return atl_face_open(COMFORTAA, 0, &face, &err);
}

static int close_all(void **state)
{
    (void)state;
    atl_face_close(face);
    return 0;
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "cache-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

// Calls back for each file that is no "." or "..".
static size_t each_file(void (*visit)(const char *path))
{
    DIR *dir = opendir(folder);
    const struct dirent *row;
    size_t count = 0;

    assert_non_null(dir);
    while ((row = readdir(dir))) {
        char path[NAME_CAP + sizeof folder];

        if (row->d_name[0] == '.' && (!row->d_name[1] || row->d_name[1] == '.'))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, row->d_name);
        count++;
        if (visit)
            visit(path);
    }
    closedir(dir);
    return count;
}

static void drop(const char *path)
{
    if (unlink(path))
        rmdir(path);
}

static int drop_folder(void **state)
{
    (void)state;
    each_file(drop);
    return rmdir(folder);
}

static struct atl_cache *open_cache(const char *path)
{
    struct atl_cache *cache = NULL;
    struct atl_error err = {0};

    if (atl_cache_open(path, NULL, &cache, &err))
        fail_msg("%s", err.text);
    return cache;
}

static void sew(struct atl_cache *cache, const char *text, double height, const char *fabric,
                struct atl_plan *plan)
{
    struct atl_layout wish = {.lines = {text},
                              .line_count = 1,
                              .height_mm = height,
                              .fabric = atl_fabric_find(fabric),
                              .cache = cache};
    struct atl_error err = {0};

    atl_plan_init(plan);
    if (atl_layout_sew(face, &wish, plan, NULL, &err))
        fail_msg("%s", err.text);
}

// Bit for bit: every act, not only what is sewn.
static bool is_same(const struct atl_plan *a, const struct atl_plan *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (a->acts[i].x_dmm != b->acts[i].x_dmm || a->acts[i].y_dmm != b->acts[i].y_dmm ||
            a->acts[i].act != b->acts[i].act)
            return false;
    }
    return true;
}

static void check_same(struct atl_cache *cache, const char *text, double height, const char *fabric)
{
    struct atl_plan plain, cached;

    sew(NULL, text, height, fabric, &plain);
    sew(cache, text, height, fabric, &cached);
    if (!is_same(&plain, &cached))
        fail_msg("\"%s\" at %g mm on %s is sewn differently with a cache", text, height, fabric);
    atl_plan_free(&plain);
    atl_plan_free(&cached);
}

// Sewn anew, from memory and from the folder, at heights and on cloths that have nothing in common.
static void a_plan_is_the_same_with_and_without_a_cache(void **state)
{
    static const char *const texts[] = {"Élodie 10", "8&@%Wgæ.,'"};
    static const double heights[] = {6, 15};

    (void)state;
    for (int round = 0; round < 2; round++) {
        struct atl_cache *cache = open_cache(folder); // the second one has only the folder

        for (size_t t = 0; t < COUNT(texts); t++) {
            for (size_t h = 0; h < COUNT(heights); h++) {
                for (unsigned f = 0; atl_fabric_at(f); f++) {
                    check_same(cache, texts[t], heights[h], atl_fabric_at(f)->name);
                    check_same(cache, texts[t], heights[h], atl_fabric_at(f)->name);
                }
            }
        }
        assert_int_equal(atl_cache_counts(cache).damaged, 0);
        assert_int_equal(atl_cache_counts(cache).unwritten, 0);
        if (round) {
            assert_int_equal(atl_cache_counts(cache).made, 0);
            assert_true(atl_cache_counts(cache).from_disk > 50);
        }
        assert_true(atl_cache_counts(cache).from_memory > 50);
        atl_cache_close(cache);
    }
}

static void a_letter_is_made_once_however_often_it_stands_there(void **state)
{
    struct atl_cache *cache = open_cache(NULL);
    struct atl_plan plan;

    (void)state;
    sew(cache, "ANNANNA", 15, "canvas", &plan);
    assert_int_equal(atl_cache_counts(cache).made, 2);
    assert_int_equal(atl_cache_counts(cache).from_memory, 5);
    atl_plan_free(&plan);
    sew(cache, "ANNA", 15.1, "canvas", &plan); // another height is another letter
    assert_int_equal(atl_cache_counts(cache).made, 4);
    atl_plan_free(&plan);
    sew(cache, "ANNA", 15, "fleece", &plan); // and so is another cloth
    assert_int_equal(atl_cache_counts(cache).made, 6);
    atl_plan_free(&plan);
    atl_cache_close(cache);
}

// On an arc the letters are turned after they are digitised.
static void letters_on_an_arc_come_from_the_same_cache(void **state)
{
    struct atl_cache *cache = open_cache(NULL);
    struct atl_layout wish = {.kind = ATL_LAYOUT_ARC,
                              .lines = {"ANNA"},
                              .line_count = 1,
                              .height_mm = 15,
                              .arc_radius_mm = 60,
                              .cache = cache};
    struct atl_plan plans[2];
    struct atl_error err = {0};

    (void)state;
    sew(cache, "ANNA", 15, "canvas", &plans[0]);
    atl_plan_free(&plans[0]);
    for (int i = 0; i < 2; i++) {
        atl_plan_init(&plans[i]);
        assert_int_equal(atl_layout_sew(face, &wish, &plans[i], NULL, &err), ATL_OK);
        wish.cache = NULL;
    }
    assert_true(is_same(&plans[0], &plans[1]));
    assert_int_equal(atl_cache_counts(cache).made, 2);
    atl_plan_free(&plans[0]);
    atl_plan_free(&plans[1]);
    atl_cache_close(cache);
}

// A word that a script joins is one thing, and is found again wherever it stands.
static void a_joined_word_is_kept_as_a_whole(void **state)
{
    struct atl_face *sans = face;
    struct atl_cache *cache = open_cache(NULL);
    struct atl_error err = {0};
    struct atl_plan plan;
    uint32_t made;

    (void)state;
    if (access(SCRIPT, R_OK)) {
        print_message("SKIP: fonts-dancingscript is not installed\n");
        atl_cache_close(cache);
        skip();
    }
    assert_int_equal(atl_face_open(SCRIPT, 0, &face, &err), ATL_OK);
    check_same(cache, "amour", 20, "canvas");
    made = atl_cache_counts(cache).made;
    assert_in_range(made, 1, 4);
    check_same(cache, "I amour", 20, "canvas");
    assert_int_equal(atl_cache_counts(cache).made, made + 1);
    sew(cache, "amour", 20, "canvas", &plan);
    assert_int_equal(atl_cache_counts(cache).made, made + 1);
    atl_plan_free(&plan);
    atl_face_close(face);
    face = sans;
    atl_cache_close(cache);
}

// ---- Files that must not be believed ----

static void flip_middle(const char *path)
{
    int fd = open(path, O_RDWR);
    struct stat info;
    char byte;

    assert_true(fd >= 0 && !fstat(fd, &info));
    assert_int_equal(pread(fd, &byte, 1, info.st_size / 2), 1);
    byte ^= 0x10;
    assert_int_equal(pwrite(fd, &byte, 1, info.st_size / 2), 1);
    close(fd);
}

static void flip_build(const char *path)
{
    int fd = open(path, O_RDWR);
    char byte;

    assert_int_equal(pread(fd, &byte, 1, 50), 1); // in the header: build of the program
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, 50), 1);
    close(fd);
}

static void cut_short(const char *path)
{
    struct stat info;

    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(truncate(path, info.st_size - 8), 0);
}

static void empty(const char *path)
{
    assert_int_equal(truncate(path, 0), 0);
}

static void lengthen(const char *path)
{
    struct stat info;

    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(truncate(path, info.st_size + 8), 0);
}

static void replace_by_folder(const char *path)
{
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void replace_by_link(const char *path)
{
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/dev/zero", path), 0);
}

// Everything of one letter is put under the name of another.
static char first_path[2 * NAME_CAP];

static void copy_first(const char *path)
{
    char bytes[1 << 16];
    ssize_t len;
    int fd;

    if (!first_path[0]) {
        snprintf(first_path, sizeof first_path, "%s", path);
        return;
    }
    fd = open(first_path, O_RDONLY);
    len = read(fd, bytes, sizeof bytes);
    assert_true(len > 0);
    close(fd);
    fd = open(path, O_WRONLY | O_TRUNC);
    assert_int_equal(write(fd, bytes, (size_t)len), len);
    close(fd);
}

static void a_file_that_is_not_right_is_made_anew(void **state)
{
    static const struct {
        void (*spoil)(const char *path);
        uint32_t damaged;
        uint32_t made;
        bool heals;
    } rows[] = {
        {NULL,              0, 0, true }, // the control: an untouched folder makes nothing
        {flip_middle,       3, 3, true },
        {flip_build,        3, 3, true },
        {cut_short,         3, 3, true },
        {empty,             3, 3, true },
        {lengthen,          3, 3, true },
        {copy_first,        2, 2, true },
        {replace_by_link,   0, 3, true }, // never followed, and replaced
        {replace_by_folder, 0, 3, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct atl_cache *cache = open_cache(folder);
        struct atl_cache_counts counts;

        each_file(drop);
        first_path[0] = 0;
        check_same(cache, "Zoé", 15, "canvas");
        atl_cache_close(cache);
        assert_int_equal(each_file(rows[i].spoil), 3);
        cache = open_cache(folder);
        check_same(cache, "Zoé", 15, "canvas");
        counts = atl_cache_counts(cache);
        if (counts.damaged != rows[i].damaged || counts.made != rows[i].made)
            fail_msg("row %zu: %u damaged, %u made", i, counts.damaged, counts.made);
        atl_cache_close(cache);
        cache = open_cache(folder); // what was damaged has been written over
        check_same(cache, "Zoé", 15, "canvas");
        assert_int_equal(atl_cache_counts(cache).made, rows[i].heals ? 0 : 3);
        atl_cache_close(cache);
    }
}

// The control of the comparison: a letter that was believed though it is another one is seen.
static void a_wrong_letter_would_be_seen(void **state)
{
    struct atl_plan zoe, zoo;

    (void)state;
    sew(NULL, "Zoé", 15, "canvas", &zoe);
    sew(NULL, "Zoè", 15, "canvas", &zoo);
    assert_false(is_same(&zoe, &zoo));
    atl_plan_free(&zoe);
    atl_plan_free(&zoo);
}

// ---- The folder ----

static void check_private(const char *path)
{
    struct stat info;

    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
}

static void files_are_private_whatever_the_umask_says(void **state)
{
    struct atl_cache *cache = open_cache(folder);
    mode_t old = umask(0);
    struct atl_plan plan;

    (void)state;
    sew(cache, "Zoé", 15, "canvas", &plan);
    umask(old);
    atl_plan_free(&plan);
    assert_int_equal(each_file(check_private), 3);
    atl_cache_close(cache);
}

static size_t total;

static void add_size(const char *path)
{
    struct stat info;

    assert_int_equal(stat(path, &info), 0);
    total += (size_t)info.st_size;
}

static void the_folder_stays_under_its_limit_and_foreign_files_stay(void **state)
{
    static const struct atl_cache_limits limits = {.disk_bytes = 200000, .memory_bytes = 100000};
    struct atl_cache *cache = NULL;
    struct atl_error err = {0};
    struct atl_plan plan;
    char mine[128];
    FILE *file;

    (void)state;
    snprintf(mine, sizeof mine, "%s/letters to my aunt.txt", folder);
    file = fopen(mine, "w");
    assert_true(file && fputs("dear aunt", file) > 0 && !fclose(file));
    assert_int_equal(atl_cache_open(folder, &limits, &cache, &err), ATL_OK);
    for (double height = 8; height < 16; height += 2) {
        sew(cache, "ABCDEFGHI", height, "canvas", &plan);
        atl_plan_free(&plan);
        total = 0;
        each_file(add_size);
        assert_true(total <= limits.disk_bytes + 9);
    }
    assert_true(total > limits.disk_bytes / 2);
    assert_true(atl_cache_counts(cache).written > 30);
    assert_int_equal(access(mine, R_OK), 0);
    check_same(cache, "ABCDEFGHI", 15, "canvas");
    atl_cache_close(cache);
}

static void a_folder_that_cannot_be_used_is_said_and_a_full_one_costs_only_time(void **state)
{
    struct atl_cache *cache = NULL;
    struct atl_error err = {0};
    static const struct atl_cache_limits limits = {.disk_bytes = 100};

    (void)state;
    assert_int_equal(atl_cache_open("/proc/nowhere/letters", NULL, &cache, &err), ATL_E_IO);
    assert_non_null(strstr(err.text, "/proc/nowhere/letters for digitised letters cannot be made"));
    assert_null(cache);
    assert_int_equal(atl_cache_open(COMFORTAA, NULL, &cache, &err), ATL_E_IO);
    assert_non_null(strstr(err.text, "cannot be opened"));
    assert_int_equal(atl_cache_open(folder, &limits, &cache, &err), ATL_OK);
    check_same(cache, "Zoé", 15, "canvas");
    assert_int_equal(atl_cache_counts(cache).unwritten, 3);
    assert_int_equal(each_file(NULL), 0);
    atl_cache_close(cache);
}

// Four processes sew the same words into a folder that is too small for them, over and over.
static void processes_share_a_folder(void **state)
{
    static const struct atl_cache_limits limits = {.disk_bytes = 300000};
    pid_t pids[4];

    (void)state;
    for (size_t p = 0; p < COUNT(pids); p++) {
        pids[p] = fork();
        if (!pids[p]) {
            for (int round = 0; round < 4; round++) {
                struct atl_cache *cache = NULL;
                struct atl_error err = {0};

                if (atl_cache_open(folder, &limits, &cache, &err))
                    _exit(1);
                check_same(cache, round % 2 ? "CHLOÉ" : "Élodie", 10 + (double)(p % 2), "canvas");
                if (atl_cache_counts(cache).damaged)
                    _exit(2);
                atl_cache_close(cache);
            }
            _exit(0);
        }
    }
    for (size_t p = 0; p < COUNT(pids); p++) {
        int status;

        assert_int_equal(waitpid(pids[p], &status, 0), pids[p]);
        assert_int_equal(status, 0);
    }
}

// ---- Bytes ----

// What is added to these structs is added to cache_code.c, or a kept letter lacks it.
static void the_bytes_have_all_fields(void **state)
{
    (void)state;
    assert_int_equal(sizeof(struct atl_rung), 40);
    assert_int_equal(sizeof(struct atl_end), 24);
    assert_int_equal(sizeof(struct atl_column), 152);
}

static void any_byte_that_is_wrong_is_no_letter_or_another_one(void **state)
{
    struct atl_vec box[] = {
        {0, 0},
        {4, 0},
        {4, 1},
        {0, 1}
    };
    struct atl_contours contours = {0};
    struct atl_letter letter = {0};
    struct atl_arena arena;
    struct atl_error err = {0};
    struct atl_fabric fabric = *atl_fabric_find("canvas");
    struct atl_buf bytes;

    (void)state;
    atl_arena_init(&arena, 1 << 26);
    atl_contours_begin(&contours);
    for (size_t i = 0; i < COUNT(box); i++)
        atl_contours_add(&contours, box[i]);
    assert_int_equal(atl_letter_make(&contours, 10, &fabric, &arena, &letter, &err), ATL_OK);
    atl_buf_init(&bytes, 1 << 24);
    atl_cache_encode(&letter, &bytes);
    for (size_t i = 0; i < bytes.len; i += i < 200 ? 1 : 7) {
        struct atl_arena work;
        struct atl_letter back = {0};
        struct atl_buf again;

        atl_arena_init(&work, 1 << 26);
        atl_buf_init(&again, 1 << 24);
        assert_false(atl_cache_decode(bytes.data, i, &work, &back));
        bytes.data[i] ^= 0x81;
        if (atl_cache_decode(bytes.data, bytes.len, &work, &back)) {
            atl_cache_encode(&back, &again);
            assert_int_equal(again.len, bytes.len);
            assert_memory_equal(again.data, bytes.data, bytes.len);
        }
        bytes.data[i] ^= 0x81;
        atl_buf_free(&again);
        atl_arena_free(&work);
    }
    atl_buf_free(&bytes);
    atl_contours_free(&contours);
    atl_arena_free(&arena);
}

int main(void)
{
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, drop_folder)
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_plan_is_the_same_with_and_without_a_cache),
        cmocka_unit_test(a_letter_is_made_once_however_often_it_stands_there),
        cmocka_unit_test(letters_on_an_arc_come_from_the_same_cache),
        cmocka_unit_test(a_joined_word_is_kept_as_a_whole),
        WITH_FOLDER(a_file_that_is_not_right_is_made_anew),
        cmocka_unit_test(a_wrong_letter_would_be_seen),
        WITH_FOLDER(files_are_private_whatever_the_umask_says),
        WITH_FOLDER(the_folder_stays_under_its_limit_and_foreign_files_stay),
        WITH_FOLDER(a_folder_that_cannot_be_used_is_said_and_a_full_one_costs_only_time),
        WITH_FOLDER(processes_share_a_folder),
        cmocka_unit_test(the_bytes_have_all_fields),
        cmocka_unit_test(any_byte_that_is_wrong_is_no_letter_or_another_one),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}

// SPDX-License-Identifier: Apache-2.0
// What a till's POS feels: how long tendered() takes, beside a bare write and fdatasync of as many
// bytes on the same disk, one after the other. Or, as a second till: previews without end. Or what
// the plugin costs its host in memory. Prints KEY VALUE lines for bench/run; judges nothing.
#include "bench/till.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    COUNT_MAX = 5000,
    FIRST_BYTES = 64 * 1024,
    BYTES_MAX = 1 << 20,
    WARM_UP = 20,
    QUIET_FILES = 4
};

struct options {
    const char *plugin;
    const char *socket;
    const char *store;  // its -wal tells how much a commit writes
    const char *bare;   // the file of the bare loop
    const char *stamps; // a file for when each tendered() began, how long it took, in ns, and its
                        // order's code; or NULL
    const char *what;   // tender, preview, memory
    int count;
    const char *quiet[QUIET_FILES]; // files that nobody may be writing to before the next sale
    int quiet_count;
    int names; // see bench_till, as of units
    int units;
    int serve_pid;
    int first;       // number of the first sale
    bool is_hurried; // does not wait until the shop is idle
};

struct times {
    int64_t ns[COUNT_MAX];
    int count;
};

static int by_value(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static double us_at(struct times *times, int percent)
{
    qsort(times->ns, (size_t)times->count, sizeof *times->ns, by_value);
    return (double)times->ns[(times->count - 1) * percent / 100] / 1e3;
}

static void say(const char *name, struct times *times)
{
    printf("%s_p50_us %.1f\n%s_p99_us %.1f\n%s_max_us %.1f\n", name, us_at(times, 50), name,
           us_at(times, 99), name, us_at(times, 100));
}

// Of a process, as the scheduler counts it: on a core, and ready for one without having it.
struct sched {
    int64_t cpu_ns;
    int64_t delay_ns;
};

static struct sched sched_of(int pid)
{
    char path[64];
    long long cpu = 0;
    long long delay = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/schedstat", pid);
    file = fopen(path, "re");
    if (file && fscanf(file, "%lld %lld", &cpu, &delay) != 2)
        cpu = delay = 0;
    if (file)
        (void)fclose(file);
    return (struct sched){cpu, delay};
}

static int64_t size_of(const char *store)
{
    char path[256];
    struct stat stat_;

    snprintf(path, sizeof path, "%s-wal", store);
    return stat(path, &stat_) ? 0 : (int64_t)stat_.st_size;
}

// ---- the bare loop ----

struct bare {
    int fd;
    uint8_t *bytes;
    size_t len;
};

// It writes over the same bytes, as a WAL does that was checkpointed.
static void bare_open(struct bare *bare, const char *path)
{
    *bare = (struct bare){.fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600),
                          .bytes = calloc(1, BYTES_MAX),
                          .len = FIRST_BYTES};
    if (bare->fd < 0 || !bare->bytes || write(bare->fd, bare->bytes, BYTES_MAX) != BYTES_MAX ||
        fsync(bare->fd)) {
        perror(path);
        exit(1);
    }
}

static int64_t bare_once(struct bare *bare)
{
    const int64_t began = bench_now_ns();

    bare->bytes[0]++;
    if (pwrite(bare->fd, bare->bytes, bare->len, 0) != (ssize_t)bare->len || fdatasync(bare->fd)) {
        perror("bare loop");
        exit(1);
    }
    return bench_now_ns() - began;
}

static void bare_close(struct bare *bare)
{
    close(bare->fd);
    free(bare->bytes);
}

// How much there is of what must not grow.
static int64_t all_sizes(const struct options *options)
{
    int64_t sum = size_of(options->store);
    struct stat stat_;

    for (int i = 0; i < options->quiet_count; i++)
        sum += stat(options->quiet[i], &stat_) ? 0 : (int64_t)stat_.st_size;
    return sum;
}

// Printed is not yet written down: idle is when nobody has written for a while.
static void wait_idle(const struct bench_till *till, const struct options *options)
{
    enum { QUIET_MS = 5, LOOKS = 4000 };
    // A network may keep a last byte for 40 ms; a printer may be slow to take a ticket.
    const int enough = options->quiet_count ? 60 : options->stamps ? 20 : 2;
    int64_t size = -1;
    int quiet = 0;

    bench_wait_printed(till);
    for (int i = 0; i < LOOKS && quiet < enough; i++) {
        const int64_t now = all_sizes(options);

        quiet = now == size ? quiet + 1 : 0;
        size = now;
        (void)poll(NULL, 0, QUIET_MS);
    }
}

// ---- what is measured ----

static void wait_for_go(void)
{
    char line[16];

    puts("prepared");
    fflush(stdout);
    if (!fgets(line, sizeof line, stdin))
        exit(1);
}

// All sales are ready for payment before the first is paid: what is counted then is tendered().
static void prepare(const struct bench_till *till, const struct options *options,
                    struct bench_sale *sales)
{
    for (int i = 0; i < options->count; i++) {
        bench_sale_begin(till, options->first + i, &sales[i]);
        bench_sale_customise(till, &sales[i]);
    }
    if (!options->is_hurried)
        wait_idle(till, options);
}

struct all_times {
    struct times tendered; // as the POS feels it
    struct times granted;  // the same without what we and serve waited for a core
    struct times bare;
    struct times cpu; // of serve
    struct times bytes;
    FILE *stamps;
    int repeated;
};

static void add(struct times *times, int64_t ns)
{
    times->ns[times->count++] = ns;
}

static void tender_once(const struct bench_till *till, const struct options *options,
                        const struct bench_sale *sale, struct bare *bare, struct all_times *all)
{
    const int64_t size = size_of(options->store);
    const struct sched us = sched_of(getpid());
    const struct sched serve = sched_of(options->serve_pid);
    const int64_t began = bench_now_ns();
    char code[BENCH_CODE_BYTES] = "";
    struct sched us_after;
    struct sched serve_after;
    int64_t took;
    int64_t grown;

    all->repeated += bench_sale_tender(till, sale, code);
    took = bench_now_ns() - began;
    if (all->stamps)
        fprintf(all->stamps, "%lld %lld %s\n", (long long)began, (long long)took, code);
    us_after = sched_of(getpid());
    serve_after = sched_of(options->serve_pid);
    grown = size_of(options->store) - size;
    if (grown > 0 && grown < BYTES_MAX) {
        add(&all->bytes, grown * 1000);
        bare->len = (size_t)grown;
    }
    if (!options->is_hurried)
        wait_idle(till, options);
    if (sale->number < options->first + WARM_UP)
        return;
    add(&all->tendered, took);
    add(&all->granted,
        took - (us_after.delay_ns - us.delay_ns) - (serve_after.delay_ns - serve.delay_ns));
    add(&all->cpu, serve_after.cpu_ns - serve.cpu_ns);
    add(&all->bare, bare_once(bare));
}

static void tender(const struct bench_till *till, const struct options *options)
{
    static struct bench_sale sales[COUNT_MAX];
    static struct all_times all;
    struct bare bare;

    prepare(till, options, sales);
    bare_open(&bare, options->bare);
    all.stamps = options->stamps ? fopen(options->stamps, "we") : NULL;
    wait_for_go();
    for (int i = 0; i < options->count; i++)
        tender_once(till, options, &sales[i], &bare, &all);
    if (all.stamps)
        (void)fclose(all.stamps);
    say("tendered", &all.tendered);
    say("granted", &all.granted);
    say("bare", &all.bare);
    say("serve_cpu", &all.cpu);
    printf("repeated %d\n", all.repeated);
    if (all.bytes.count)
        printf("commit_bytes %.0f\n", us_at(&all.bytes, 50));
    bare_close(&bare);
}

static void preview(const struct bench_till *till)
{
    for (int i = 0; i < 1000000; i++) {
        bench_preview(till, i);
        if (i == 0) {
            puts("previewing");
            fflush(stdout);
        }
    }
}

// ---- memory ----

// KiB of a field of smaps_rollup; with a library's name, of its mappings alone.
static long memory_kib(const char *field, const char *library)
{
    FILE *file = fopen(library ? "/proc/self/smaps" : "/proc/self/smaps_rollup", "re");
    bool is_its = !library;
    char line[512];
    long sum = 0;

    while (file && fgets(line, sizeof line, file)) {
        const size_t len = strlen(field);

        if (library && strchr(line, '-') && strchr(line, '-') < strchr(line, ' '))
            is_its = strstr(line, library) != NULL;
        else if (is_its && strncmp(line, field, len) == 0 && line[len] == ':')
            sum += strtol(line + len + 1, NULL, 10);
    }
    if (file)
        (void)fclose(file);
    return sum;
}

static void memory(const struct options *options)
{
    const long rss = memory_kib("Rss", NULL);
    const long private_kib = memory_kib("Private_Dirty", NULL);
    const char *slash = strrchr(options->plugin, '/');
    struct bench_till till;
    struct bench_sale sale;

    bench_till_open(&till, options->plugin, options->socket);
    bench_sale_begin(&till, options->first, &sale);
    bench_sale_customise(&till, &sale);
    (void)bench_sale_tender(&till, &sale, NULL);
    printf("host_rss_kib %ld\nhost_dirty_kib %ld\n", memory_kib("Rss", NULL) - rss,
           memory_kib("Private_Dirty", NULL) - private_kib);
    printf("library_rss_kib %ld\nlibrary_pss_kib %ld\n",
           memory_kib("Rss", slash ? slash : options->plugin),
           memory_kib("Pss", slash ? slash : options->plugin));
    till.plugin->close(till.handle);
}

// ---- the command line ----

static bool take(struct options *options, const char *name, const char *value)
{
    if (strcmp(name, "--plugin") == 0)
        options->plugin = value;
    else if (strcmp(name, "--socket") == 0)
        options->socket = value;
    else if (strcmp(name, "--store") == 0)
        options->store = value;
    else if (strcmp(name, "--bare") == 0)
        options->bare = value;
    else if (strcmp(name, "--stamps") == 0)
        options->stamps = value;
    else if (strcmp(name, "--count") == 0)
        options->count = (int)strtol(value, NULL, 10);
    else if (strcmp(name, "--quiet") == 0 && options->quiet_count < QUIET_FILES)
        options->quiet[options->quiet_count++] = value;
    else if (strcmp(name, "--units") == 0)
        options->units = (int)strtol(value, NULL, 10);
    else if (strcmp(name, "--names") == 0)
        options->names = (int)strtol(value, NULL, 10);
    else if (strcmp(name, "--first") == 0)
        options->first = (int)strtol(value, NULL, 10);
    else if (strcmp(name, "--serve-pid") == 0)
        options->serve_pid = (int)strtol(value, NULL, 10);
    else if (strcmp(name, "--hurried") == 0)
        options->is_hurried = strtol(value, NULL, 10) != 0;
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    struct options options = {.what = argc > 1 ? argv[1] : "", .count = 500, .store = ""};
    struct bench_till till;
    bool ok = true;

    for (int i = 2; i + 1 < argc; i += 2)
        ok &= take(&options, argv[i], argv[i + 1]);
    if (!ok || !options.plugin || !options.socket || options.count <= WARM_UP ||
        options.count > COUNT_MAX) {
        fprintf(stderr, "usage: bench-tender tender|preview|memory --plugin P --socket S "
                        "[--store DB --bare FILE --count N --first N --serve-pid PID "
                        "--hurried 0|1 --names N --units N --quiet FILE --stamps FILE]\n");
        return 2;
    }
    if (strcmp(options.what, "memory") == 0) {
        memory(&options);
        return 0;
    }
    bench_till_open(&till, options.plugin, options.socket);
    till.names = options.names;
    till.units = options.units < BENCH_UNITS ? options.units : BENCH_UNITS;
    if (strcmp(options.what, "preview") == 0)
        preview(&till);
    else if (options.bare)
        tender(&till, &options);
    till.plugin->close(till.handle);
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
// A disk between SQLite and the files: it counts and remembers what is written and flushed, may be
// full or fail, and can say what would be left after a power cut.
#ifndef ATL_TESTS_STORE_RECORDER_H
#define ATL_TESTS_STORE_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum recorder_what { RECORDER_WRITE, RECORDER_SYNC, RECORDER_TRUNCATE, RECORDER_ACK };
enum recorder_file { RECORDER_DB, RECORDER_WAL, RECORDER_OTHER };

struct recorder_entry {
    enum recorder_what what;
    enum recorder_file file;
    int64_t at; // offset; new size of a truncation; number of an ack
    size_t len;
    uint8_t *bytes;
};

struct recorder {
    bool is_recording;
    struct recorder_entry *entries;
    size_t count;
    size_t cap;
    int64_t syncs;         // flushes of database and log
    int64_t full_after;    // writes until the disk is full; -1: never
    int64_t sync_fails_at; // this flush fails; 0: none
};

extern struct recorder recorder;

// Becomes SQLite's default disk; once a process.
void recorder_install(void);
void recorder_clear(void);
void recorder_ack(int64_t number); // "now the caller was told OK"

// A file in memory.
struct recorder_image {
    uint8_t *bytes;
    size_t len;
    size_t cap;
};
void recorder_load(struct recorder_image *image, const char *path); // absent: empty
void recorder_save(const struct recorder_image *image, const char *path);
void recorder_free(struct recorder_image *image);

// What the disk may hold when the power goes before entry `cut`: all that was flushed, and of the
// rest a random part, torn at 512 bytes. Images hold the files as they were when recording began.
void recorder_cut(size_t cut, uint64_t seed, struct recorder_image images[2]);

#endif

// SPDX-License-Identifier: Apache-2.0
// https://docs.kernel.org/userspace-api/landlock.html and seccomp_filter.html; Debian 12 has no
// functions for the first, and the second needs seven rows.
#include "plugin/agent/sandbox.h"

#include "plugin/agent/log.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PATHS_MAX = 32 };

// Since ABI 3; headers of Debian 12 end before.
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

#define READ_FILES  (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE)
#define WRITE_FILES (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE)
#define READ_ALL    (READ_FILES | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE_ALL                                                                                  \
    (WRITE_FILES | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |                \
     LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK)
#define NOBODY                                                                                     \
    (LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | \
     LANDLOCK_ACCESS_FS_MAKE_SYM)

// The leak checker of a test build looks at its own threads.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_LEAK_CHECKER 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HAS_LEAK_CHECKER 1
#endif
#ifdef HAS_LEAK_CHECKER
#define OF_TEST_BUILDS "/proc"
#else
#define OF_TEST_BUILDS ""
#endif

// What this kernel can hold back; 0: nothing.
static uint64_t known_rights(void)
{
    const long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

    if (abi < 1)
        return 0;
    return (READ_ALL | WRITE_ALL | NOBODY) &
           (abi >= 3 ? ~0ULL : ~(uint64_t)LANDLOCK_ACCESS_FS_TRUNCATE);
}

static bool add_path(int rules, const struct atl_sandbox_path *path, uint64_t known)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = READ_ALL};
    struct stat is;
    bool is_added;

    if (!path->path[0])
        return true;
    rule.parent_fd = open(path->path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return true; // what is not there needs no way to it
    if (path->may_write)
        rule.allowed_access |= WRITE_ALL;
    if (fstat(rule.parent_fd, &is) == 0 && !S_ISDIR(is.st_mode))
        rule.allowed_access &= READ_FILES | WRITE_FILES;
    rule.allowed_access &= known;
    is_added = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    close(rule.parent_fd);
    return is_added;
}

bool atl_sandbox_enter(const struct atl_sandbox_path *paths, size_t count)
{
    const uint64_t known = known_rights();
    const struct landlock_ruleset_attr attributes = {.handled_access_fs = known};
    bool is_good = known != 0;
    int rules;

    (void)prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
    if (!is_good)
        return false;
    rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (rules < 0)
        return false;
    for (size_t i = 0; is_good && i < count; i++)
        is_good = add_path(rules, &paths[i], known);
    is_good = is_good && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return is_good;
}

static void enter_or_say(const struct atl_sandbox_path *paths, size_t count)
{
    if (!atl_sandbox_enter(paths, count))
        atl_log(ATL_LOG_INFO, "sandbox", "this kernel cannot hold files back", "landlock=no");
}

void atl_sandbox_enter_shop(const struct atl_config *config, const struct atl_sandbox_path *more,
                            size_t more_count)
{
    struct atl_sandbox_path paths[PATHS_MAX] = {
        {"/usr",                  false},
        {"/lib",                  false},
        {"/lib64",                false},
        {"/etc",                  false},
        {"/var/cache/fontconfig", false},
        {"/run/systemd/resolve",  false},
        {"/dev/null",             true },
        {"/dev/urandom",          false},
        {OF_TEST_BUILDS,          false},
        {config->file,            false},
        {config->catalogue,       false},
        {config->templates,       false},
        {config->own_templates,   false},
        {config->zoneinfo,        false},
        {config->machines_folder, false},
        {config->cloud_key_file,  false},
        {config->cloud_ca_file,   false},
        {config->data,            true },
        {config->run,             true },
    };
    size_t count = 19;

    for (size_t i = 0; i < more_count && count < PATHS_MAX; i++)
        paths[count++] = more[i];
    enter_or_say(paths, count);
}

// ---- no network ----

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef OUR_ARCH
// A call of another machine's table is refused as a whole: there are others with the same numbers.
// So are rings of calls, which pass by this filter.
static bool refuse_network(void)
{
    enum { LOWEST_OF_X32 = 0x40000000 };
    struct sock_filter rows[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 0, 6),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, LOWEST_OF_X32, 4, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 3, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {.len = sizeof rows / sizeof rows[0], .filter = rows};

    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0L, 0L) == 0;
}
#else
static bool refuse_network(void)
{
    return false;
}
#endif

void atl_sandbox_refuse_network(void)
{
    if (!refuse_network())
        atl_log(ATL_LOG_INFO, "sandbox", "this kernel cannot hold the network back", "seccomp=no");
}

void atl_sandbox_enter_drawing(void)
{
    static const struct atl_sandbox_path paths[] = {
        {"/usr",                  false},
        {"/lib",                  false},
        {"/lib64",                false},
        {"/etc",                  false},
        {"/var/cache/fontconfig", false},
        {"/dev/null",             true },
        {"/dev/urandom",          false},
        {OF_TEST_BUILDS,          false},
    };

    enter_or_say(paths, sizeof paths / sizeof paths[0]);
    atl_sandbox_refuse_network();
}

// SPDX-License-Identifier: Apache-2.0
// The file, its entry, its table.
#include "sdk-shim/conformance/check.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// The file as it lies on the disk; the check's process ends with it mapped.
struct file {
    const uint8_t *bytes;
    size_t len;
    const Elf64_Shdr *sections;
    size_t section_count;
};

static void map_file(const struct lab *lab, struct file *out)
{
    const int fd = open(lab->library, O_RDONLY | O_CLOEXEC);
    struct stat about = {0};
    const Elf64_Ehdr *head;

    if (fd < 0 || fstat(fd, &about) != 0 || about.st_size < (off_t)sizeof *head)
        fail("the file cannot be read");
    out->len = (size_t)about.st_size;
    out->bytes = mmap(NULL, out->len, PROT_READ, MAP_PRIVATE, fd, 0);
    if (out->bytes == MAP_FAILED)
        fail("the file cannot be mapped");
    head = (const void *)out->bytes;
    if (memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 || head->e_ident[EI_CLASS] != ELFCLASS64)
        skip("it is no 64-bit ELF file, which is all this check reads");
    if (head->e_shoff > out->len ||
        head->e_shnum > (out->len - head->e_shoff) / sizeof *out->sections)
        fail("its sections lie outside the file");
    out->sections = (const void *)(out->bytes + head->e_shoff);
    out->section_count = head->e_shnum;
}

// The section of that type and the strings that belong to it; NULL: none.
static const Elf64_Shdr *find_section(const struct file *file, uint32_t type, const char **strings)
{
    for (size_t i = 0; i < file->section_count; i++) {
        const Elf64_Shdr *section = &file->sections[i];

        if (section->sh_type != type)
            continue;
        if (section->sh_link >= file->section_count || section->sh_offset > file->len ||
            section->sh_size > file->len - section->sh_offset ||
            file->sections[section->sh_link].sh_offset >= file->len)
            fail("a section lies outside the file");
        *strings = (const char *)file->bytes + file->sections[section->sh_link].sh_offset;
        return section;
    }
    return NULL;
}

static void check_exports(struct lab *lab)
{
    struct file file = {0};
    const char *names = "";
    const Elf64_Shdr *section;
    const Elf64_Sym *symbols;
    bool has_entry = false;

    map_file(lab, &file);
    section = find_section(&file, SHT_DYNSYM, &names);
    if (!section)
        fail("it exports nothing");
    symbols = (const void *)(file.bytes + section->sh_offset);
    for (size_t i = 1; i < section->sh_size / sizeof *symbols; i++) {
        const char *name = names + symbols[i].st_name;

        if (symbols[i].st_shndx == SHN_UNDEF || symbols[i].st_shndx == SHN_ABS ||
            ELF64_ST_BIND(symbols[i].st_info) == STB_LOCAL)
            continue;
        if (strcmp(name, "atl_pos_entry") != 0)
            fail("it exports %s, which may take the place of the host's own", name);
        has_entry = true;
    }
    if (!has_entry)
        fail("it does not export atl_pos_entry");
}

static void check_libraries(struct lab *lab)
{
    static const char *const usual[] = {"libc.so", "ld-linux", "libasan.so", "libubsan.so"};
    struct file file = {0};
    const char *names = "";
    const Elf64_Shdr *section;
    const Elf64_Dyn *rows;

    map_file(lab, &file);
    section = find_section(&file, SHT_DYNAMIC, &names);
    if (!section)
        fail("it is not a shared object");
    rows = (const void *)(file.bytes + section->sh_offset);
    for (size_t i = 0; i < section->sh_size / sizeof *rows && rows[i].d_tag != DT_NULL; i++) {
        const char *name = names + rows[i].d_un.d_val;
        bool is_usual = rows[i].d_tag != DT_NEEDED;

        for (size_t k = 0; !is_usual && k < sizeof usual / sizeof usual[0]; k++)
            is_usual = strncmp(name, usual[k], strlen(usual[k])) == 0;
        if (!is_usual)
            fail("it brings %s along, of which the host may have another version", name);
        if (rows[i].d_tag == DT_TEXTREL)
            fail("its code must be written to before it can run");
    }
}

static void check_major(struct lab *lab)
{
    atl_pos_entry_fn *entry;
    void *symbol;

    lab_load(lab);
    symbol = dlsym(lab->handle, "atl_pos_entry");
    memcpy(&entry, &symbol, sizeof entry);
    if (entry((ATL_POS_ABI_MAJOR + 1) << 16) || entry(0) || entry(UINT32_MAX))
        fail("it gives a table to a host of another major version");
    if (entry(ATL_POS_ABI | 0xffff) != lab->plugin)
        fail("a newer minor version of the host is refused");
}

static void check_functions(struct lab *lab)
{
    const void *function;
    const char *bytes;

    lab_load(lab);
    if (lab->plugin->size < sizeof *lab->plugin)
        fail("the table has %u bytes, and version 1.0 has %zu", lab->plugin->size,
             sizeof *lab->plugin);
    if (lab->plugin->abi >> 16 != ATL_POS_ABI_MAJOR)
        fail("the table is of version %#x", lab->plugin->abi);
    if (!lab->plugin->version || !lab->plugin->version[0])
        fail("it does not say its version");
    bytes = (const char *)lab->plugin;
    for (size_t at = offsetof(struct atl_pos_plugin, open); at < sizeof *lab->plugin;
         at += sizeof function) {
        memcpy(&function, bytes + at, sizeof function);
        if (!function)
            fail("function %zu of the table is NULL",
                 (at - offsetof(struct atl_pos_plugin, open)) / sizeof function + 1);
    }
}

static const struct check rows[] = {
    {"exports",   "the library exports atl_pos_entry and nothing else",                 check_exports  },
    {"libraries", "it needs no library but that of C",                                  check_libraries},
    {"major",     "it refuses a host of another major version, and no newer minor one", check_major    },
    {"functions", "its table has its size and version, and no function is NULL",        check_functions},
};

const struct check_group checks_loading = {rows, sizeof rows / sizeof rows[0]};

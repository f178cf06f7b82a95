// Runs a fuzzer's function once over each file of its corpus, where there is no libFuzzer.
#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
    enum { MOST_BYTES = 1 << 22 };
    FILE *file = fopen(path, "rb");
    uint8_t *data;
    size_t size;

    if (!file)
        return 0; // a folder
    data = malloc(MOST_BYTES);
    size = data ? fread(data, 1, MOST_BYTES, file) : 0;
    fclose(file);
    if (data) {
        // An exact copy, so that a sanitizer sees the first byte read past the end.
        uint8_t *exact = malloc(size + !size);

        for (size_t i = 0; exact && i < size; i++)
            exact[i] = data[i];
        if (exact)
            (void)LLVMFuzzerTestOneInput(exact, size);
        free(exact);
    }
    free(data);
    return 1;
}

int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    const struct dirent *entry;
    char path[PATH_MAX];
    int count = 0;

    if (!folder) {
        fprintf(stderr, "no corpus: name a folder of files\n");
        return 1;
    }
    while ((entry = readdir(folder))) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        count += replay(path);
    }
    closedir(folder);
    printf("%d inputs of the corpus\n", count);
    return count == 0;
}

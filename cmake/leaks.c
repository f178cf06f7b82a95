// SPDX-License-Identifier: Apache-2.0
// In every program that is built with the address sanitizer: which libraries keep what they have
// read until the process ends. Nothing of ours. In the program and not in an environment variable,
// because a journey's till starts an agent that starts render workers.
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
__attribute__((visibility("default"))) const char *__lsan_default_options(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig.so\n";
}

const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}

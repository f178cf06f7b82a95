#!/usr/bin/env python3
"""Fails when an object of core refers to a symbol of time, files, sockets, randomness or environment.

    check_pure.py LIBRARY: what its objects may refer to is a list, so that a new name is noticed.
"""
import re, subprocess, sys

PURE = set("""_GLOBAL_OFFSET_TABLE_ __stack_chk_fail __assert_fail abs
calloc free malloc realloc
bcmp memchr memcmp memcpy memmove memrchr memset
bsearch qsort snprintf strtol strtoll strtoul strtoull vsnprintf
strcasecmp strchr strcmp strcspn strlen strncasecmp strncmp strncpy strnlen strpbrk strrchr strspn strstr""".split())
# Fortified sisters of the above, and the two libraries that core may use, without their randomness.
PATTERNS = re.compile(r"atl_\w+|__\w+_chk|__isoc\d+_strto\w+|utf8proc_\w+|crypto_(hash|auth|generichash|stream|secretbox"
                      r"|aead)_\w+|sodium_(memcmp|memzero|bin2hex|hex2bin|bin2base64|base642bin|increment|init)"
                      r"|__gcov_\w+|__llvm_\w+")
NEVER = re.compile(r"crypto_\w+_keygen|randombytes\w*")

objects, current, bad = 0, "", []
listing = subprocess.run(["nm", "-u", sys.argv[1]], check=True, capture_output=True, text=True).stdout
for line in listing.splitlines():
    if line.endswith(":"):
        current = line[:-1]
        objects += 1
    elif line.strip():
        symbol = line.split()[-1].split("@")[0]
        if NEVER.fullmatch(symbol) or symbol not in PURE and not PATTERNS.fullmatch(symbol):
            bad.append(f"{current}: refers to {symbol}: what depends on the world is a parameter of core")
if objects < 3:
    bad.append("no object was found: the check would be green for nothing")
print("\n".join(bad) or f"{objects} objects refer to nothing outside themselves but memory and text")
sys.exit(bool(bad))

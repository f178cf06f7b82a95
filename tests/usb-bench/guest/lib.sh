# What the suites share. A check is a sentence and a command that decides.
S=${S:-guest}
pass() { echo "PASS $S: $*"; }
fail() { echo "FAIL $S: $*"; RC=1; }
RC=0

check() {
    sentence=$1
    shift
    if "$@" >/tmp/check.out 2>&1; then pass "$sentence"; else
        fail "$sentence"
        sed "s/^/    $S: /" /tmp/check.out | tail -n 15
    fi
}
refused() { ! "$@"; }

# within SECONDS COMMAND…: asks until it is true. The clock is the machine's below, which may be busy
# with other things: a limit says when to give up, never how fast something is.
uptime_s() { cut -d . -f 1 /proc/uptime; }
within() {
    deadline=$(($(uptime_s) + $1))
    shift
    until "$@" >/tmp/within.out 2>&1; do
        [ "$(uptime_s)" -lt "$deadline" ] || { cat /tmp/within.out; return 1; }
        usleep 50000
    done
}

# A number below $1, from a seed that each run can be given.
dice_state=${BENCH_SEED:-1}
dice() {
    dice_state=$(((dice_state * 1103515245 + 12345) % 2147483648))
    DICE=$(((dice_state / 65536) % $1))
}

# printer NAME MODEL SERIAL: its papers go to /out/SHOP/NAME.
printer() {
    mkdir -p "/out/$SHOP"
    usb-printer run "$1" "$2" "$3" "/out/$SHOP/$1" &
    within 5 usb-printer ask "$1" papers
}
tell() { usb-printer tell "$@"; }
ask() { usb-printer ask "$@"; }

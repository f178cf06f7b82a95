# Designs are delivered to a stick that a machine will read: mounted by the kernel, and directly.
S=storage
. /bench/lib.sh
. /bench/lib_stick.sh
OUT=/out/storage
MACHINE=/atelier/machines/brother-pe800.machine
COUNTS="2 9"
[ "${BENCH_LONG:-0}" = 0 ] || COUNTS="1 2 3 4 5 6 8 10 12 14 16 18 20 24 28 32 40 48"
mkdir -p $OUT

# delivered URI NAME: what it says is in /tmp/said, and the code in CODE.
delivered() {
    deliver "$1" $MACHINE $OUT/flower "$2" appear=5000 >/tmp/said 2>&1
    CODE=$?
    cat /tmp/said
    return $CODE
}
# 1: nothing was written; 3: something may have been.
says_no() { { [ "$CODE" = 1 ] || [ "$CODE" = 3 ]; } && grep -qi -- "$1" /tmp/said || { echo "$CODE: $(cat /tmp/said)"; false; }; }
head -c 77000 /dev/urandom >$OUT/flower
head -c 5000 /dev/urandom >$OUT/older

for route in volume:ATELIER usb-storage:0781:5567:S1; do
    way=${route%%:*}
    nameless= # what is not FAT has no label to be found by
    [ $way != volume ] || nameless=0781:5567:S1
    blank /tmp/s.img 4096 $OUT/older
    stick one /tmp/s.img S1
    plug one dummy_udc.0
    within 5 is_seen
    check "$way: a design is delivered" delivered $route K7F2A1_1.PES
    away one
    check "$way: the machine reads it, byte for byte" holds /tmp/s.img K7F2A1_1.PES $OUT/flower
    check "$way: and what was there before" holds /tmp/s.img OLDER.PES $OUT/older
    cp /tmp/s.img $OUT/whole-$way.img

    blank /tmp/s.img 4096 $OUT/older
    mount -o loop /tmp/s.img /mnt
    dd if=/dev/zero of=/mnt/FILLER.PES bs=1k 2>/dev/null
    umount /mnt
    stick one /tmp/s.img S1
    plug one dummy_udc.0
    within 5 is_seen
    delivered $route K7F2A1_1.PES >/dev/null
    check "$way: a full stick is said in words" says_no "full\|room\|free"
    away one
    cp /tmp/s.img $OUT/full-$way.img

    blank /tmp/s.img 2048 $OUT/older
    stick one /tmp/s.img S1 ro
    plug one dummy_udc.0
    within 5 is_seen
    delivered $route K7F2A1_1.PES >/dev/null
    check "$way: a write-protected stick is said in words" says_no "write-protected\|read-only\|switch"
    away one
    cp /tmp/s.img $OUT/protected-$way.img

    dd if=/dev/zero of=/tmp/s.img bs=1k count=2048 2>/dev/null
    stick one /tmp/s.img S1
    plug one dummy_udc.0
    within 5 is_seen
    delivered "${route%%ATELIER}$nameless" K7F2A1_1.PES >/dev/null
    check "$way: what is not FAT is said in words" says_no FAT
    away one

    cut_short=0
    for count in $COUNTS; do
        blank /tmp/s.img 2048 $OUT/older
        stick one /tmp/s.img S1
        plug one dummy_udc.0
        within 5 is_seen
        usb-pull /tmp/s.img one $count >/tmp/pull &
        puller=$!
        within 2 grep -q watching /tmp/pull
        delivered $route K7F2A1_1.PES >/dev/null
        if kill $puller 2>/dev/null; then
            echo "INFO storage: $way: not so many as $count writes"
        else
            cut_short=$((cut_short + 1))
            check "$way: pulled out after $count writes is said in words" says_no "vanished\|gone\|pulled\|unplugged\|removed"
        fi
        away one
        cp /tmp/s.img $OUT/pulled-$way-$count.img
    done
    check "$way: a stick was pulled out while it was written to" test $cut_short -gt 0
    # The last of them again: the next delivery finds its way.
    stick one /tmp/s.img S1
    plug one dummy_udc.1
    within 5 is_seen
    check "$way: plugged in again, the design is delivered" delivered $route K7F2A1_2.PES
    away one
    check "$way: and read, byte for byte" holds /tmp/s.img K7F2A1_2.PES $OUT/flower
    cp /tmp/s.img $OUT/again-$way.img
done
exit $RC

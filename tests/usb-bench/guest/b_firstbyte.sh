# `run --bench` only, and no test: the time from the till's tendered() until the first byte of that
# ticket is read by its printer, all by one clock. The till is bench-tender, the agent, the plugin and
# libusb are the real ones. Beside it, what the guest itself costs: bare libusb to the same printer,
# a bare write and fdatasync on the store's disk (by bench-tender), and a piece of work.
S=bench
. /bench/lib_shop.sh
COUNT=56 # of which the first 5 warm up

# measure NAME MODEL VID:PID QUESTIONS
measure() {
    shop_begin "$1"
    shop_printer front "$2" TM1 "usb:$3" "claim gift"
    shop_printer workshop tm-t88v TM2 usb:04b8:0202:TM2 tag
    tell front plug dummy_udc.0
    tell workshop plug dummy_udc.1
    within 15 usb-printer await front enabled 1 0
    within 15 usb-printer await workshop enabled 1 0
    mkdir -p "$HOUSE/data"
    mkfs.vfat -n STORE /dev/vdb >/dev/null
    check "the store of $1 is on a disk" mount -t vfat -o quiet,umask=077 /dev/vdb "$HOUSE/data"
    shop_open
    tell front moments now
    echo go | bench-tender tender --plugin /atelier/atelier.so --socket "$HOUSE/run/pos.sock" \
        --store "$HOUSE/data/atelier.db" --bare "$HOUSE/data/bare" --count $COUNT --first 1 --names 1 --units 1 \
        --stamps "/out/$SHOP/stamps" --quiet "/out/$SHOP/front/received" --quiet "/out/$SHOP/workshop/received" --serve-pid "$(sed -n 's/^serve running \([0-9]*\) .*/\1/p' "$HOUSE/run/status")" \
        >"/out/$SHOP/tender" 2>"/out/$SHOP/why"
    code=$?
    check "a till sold $COUNT times with $1" test $code = 0
    cat "/out/$SHOP/why"
    check "every paper of $1 has come to its end" within 60 at_rest
    kill $SUPERVISOR
    wait $SUPERVISOR
    tell front quit now
    tell workshop quit now
    rm -f "$HOUSE/data/bare"
    cp -r "$HOUSE/data" "$HOUSE/atelier.ini" "$HOUSE/agent.log" "/out/$SHOP/"
    umount "$HOUSE/data"

    # Of a ticket as much as the lane writes in one go.
    head -c 4096 "$(ls "/out/$SHOP/front/"*.whole | head -n 40 | tail -n 1)" >/tmp/bytes
    SHOP=bare-$1 # another folder, so that nobody takes its papers for tickets
    printer front "$2" TM1
    tell front moments now plug dummy_udc.0
    within 15 usb-printer await front enabled 1 0
    check "a program that has bare libusb writes to $1" \
        sh -c "usb-time write $3 /tmp/bytes 50 $4 >/out/$SHOP/stamps"
    tell front quit now
}
usb-time work >/out/work
measure mute generic-80 0416:5011 0
measure asked tm-t20 04b8:0e03 1
exit $RC

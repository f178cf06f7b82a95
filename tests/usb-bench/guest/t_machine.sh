# From a sale to the machine: the real agent delivers what was signed to the stick in the machine's
# port, when a person has scanned the piece and then the machine.
S=machine
. /bench/lib_shop.sh
. /bench/lib_stick.sh

names() { staff status "$CODE" | grep '	stitches	' | grep -i -- "$1" || { staff status "$CODE"; false; }; }
# The newest of its deliveries.
is_design() { [ "$(state_of "$CODE" stitches | tail -n 1)" = "$1" ] || { staff status "$CODE"; false; }; }
send() { staff send "$CODE/1" "$@" >/tmp/sent 2>&1 || { cat /tmp/sent; false; }; }
file_of() { echo "$1" | sed 's/-//; s/$/_1.PES/'; }
# lies IMAGE CODE: under its final name.
lies() { mount -o loop,ro "$1" /mnt && ls /mnt >/tmp/lies && umount /mnt && grep -qi "^$(file_of "$2")$" /tmp/lies || { cat /tmp/lies; false; }; }
lies_not() { ! lies "$@"; }
keep() { cp /tmp/m.img "/out/$SHOP/$1.img"; }

shop_begin designs
shop_machine left brother-pr1055x volume:ATELIER
shop_machine right brother-pr1055x usb-storage:0781:5567:M1
shop_printer front tm-t20 TM1 usb:04b8:0e03:TM1 "claim gift"
shop_printer workshop tm-t88v TM2 usb:04b8:0202:TM2 tag
tell front plug dummy_udc.1
tell workshop plug dummy_udc.3
shop_open

[ "${BENCH_LONG:-0}" = 0 ] && machines=left || machines="left right"
for machine in $machines; do
    blank /tmp/m.img 4096
    sell "Anna"
    first=$CODE
    check "$machine: a design is sent by a person" send $machine
    check "$machine: without its stick it waits, and says for what" within 30 names "not there\|no .*stick\|plug"
    check "$machine: and nothing is lost" is_design queued
    stick one /tmp/m.img M1
    plug one dummy_udc.0
    check "$machine: when the stick comes, the design is delivered" within 60 is_design sent
    refused send $machine
    check "$machine: sent once, the next time asks" grep -q already /tmp/sent
    away one
    keep first-$machine
    check "$machine: the file has the piece's name" lies /tmp/m.img "$first"

    # The cable is pulled while it is written.
    sell "Zoe"
    second=$CODE
    stick one /tmp/m.img M1
    usb-pull /tmp/m.img one 4 >/tmp/pull &
    puller=$!
    within 2 grep -q watching /tmp/pull
    plug one dummy_udc.0
    within 5 is_seen
    send $machine
    check "$machine: pulled out in the middle: nobody knows" within 60 is_design unknown
    kill $puller 2>/dev/null
    away one
    keep pulled-$machine
    stick one /tmp/m.img M1
    plug one dummy_udc.2
    within 5 is_seen
    staff advance "$first/1" >/dev/null # into production
    staff advance "$first/1" >/dev/null # and out of the machine
    check "$machine: it is not written again by itself" is_design unknown
    check "$machine: a person sends it again" send $machine --again
    check "$machine: and it is delivered" within 60 is_design sent
    away one
    keep second-$machine
    check "$machine: the second is there" lies /tmp/m.img "$second"
    check "$machine: and the first, which was sewn, is gone" lies_not /tmp/m.img "$first"
done
shop_close front workshop
exit $RC

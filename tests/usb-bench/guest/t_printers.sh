# The printers of the bench are printers: the kernel's own driver finds them, and each answers in
# its language. Nothing of ours is in this but the printers.
S=printers
. /bench/lib.sh
SHOP=printers

# The node of usblp for the printer with that serial number.
node() {
    for one in /sys/class/usbmisc/lp*; do
        [ "$(cat "$one/device/../serial" 2>/dev/null)" = "$1" ] && NODE=/dev/usb/${one##*/} && [ -c "$NODE" ] && return
    done
    return 1
}
# answer NODE BYTES COUNT: asks, and shows the answer as hexadecimal digits.
answer() {
    exec 5<>"$1"
    printf "$2" >&5
    dd bs=512 count=1 <&5 2>/dev/null | head -c "$3" | od -An -tx1 -v | tr -d ' \n'
    exec 5>&-
}
says() {
    said=$(answer "$NODE" "$1" "$2")
    echo "$said"
    [ "$said" = "$3" ]
}
# works_on NAME BYTES: so many more than when this was asked last.
printed=0
works_on() {
    printed=$((printed + $2))
    usb-printer await "$1" printed $printed 3000 && [ "$(ask "$1" printed)" = $printed ]
}

printer tm tm-t20 TM1
tell tm plug dummy_udc.0
check "a receipt printer is found by the kernel's own driver" within 15 node TM1
check "and gives the whole of its device id" grep -q 'MDL:TM-T20;.*DES:EPSON TM-T20;$' "/sys/class/usbmisc/${NODE##*/}/device/ieee1284_id"
check "it says in real time that it is well" says '\020\004\001' 1 12
tell tm paper-out 1
check "the question is no paper" works_on tm 3
check "it says that paper is out" says '\020\004\004' 1 7e
printf 'x\035r\001' >"$NODE"
check "without paper nothing is printed" works_on tm 0
tell tm paper-out 0
check "with paper it goes on by itself" works_on tm 7
printf 'hello\n\035VA\000' >"$NODE"
check "a cut ends a paper" usb-printer await tm papers 1 2000
check "with what was sent on it" grep -q hello /out/printers/tm/0001.whole
check "of each byte once" works_on tm 10
tell tm cover-open 1
head -c 9000 /dev/zero >"$NODE" &
sender=$!
usb-printer await tm buffered 4032 3000
usleep 200000
check "its buffer fills and then it takes no more" test "$(ask tm buffered)" = 4096
check "the sender waits meanwhile" kill -0 $sender
tell tm cover-open 0
wait $sender
check "and all arrives when the cover is closed" works_on tm 9000
tell tm unplug now
check "the node goes with the cable" within 15 refused node TM1
tell tm plug dummy_udc.2
check "and comes back in another port" within 15 node TM1
tell tm quit now

printer zd zd420 ZD1
tell zd plug dummy_udc.1
within 15 node ZD1
check "a label printer answers with three lines" sh -c ". /bench/lib.sh; exec 5<>$NODE; printf '~HS' >&5; dd bs=512 count=1 <&5 2>/dev/null | grep -c . | grep -q 3"
tell zd quit now

printer ql ql-820nwb QL1
tell ql plug dummy_udc.1
within 15 node QL1
check "a Brother answers with 32 bytes and its roll" says '\033iS' 32 802042344130000000003e0a$(printf %040d 0)
tell ql quit now
wait
exit $RC

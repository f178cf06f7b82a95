# Scanners of HID, as keyboard and as HID-POS: what they read reaches the shop and nobody else.
S=scanner
. /bench/lib_shop.sh
. /bench/lib_scanner.sh

# told PATTERN [COUNT]: what the shop says about its scans since next().
told() {
    awk 'NR > from' from=$LINES /tmp/scans >/tmp/told
    [ "$(grep -c -- "$1" /tmp/told)" = "${2:-1}" ] || { cat /tmp/told; false; }
}
next() { LINES=$(wc -l </tmp/scans); }
doctor_says() { staff doctor >/tmp/doctor; grep scanners: /tmp/doctor | grep "$1" || { cat /tmp/doctor; false; }; }
is_taken() { [ "$(grep -c 'scan: scanner is there: scanner=bench' "$HOUSE/agent.log")" = "$1" ]; }
has_seen() { grep -q "$2" "$1" || { cat "$1"; false; }; }
sees_nothing() { [ "$(wc -l <"$1")" = "$2" ] || { cat "$1"; false; }; }

shop_begin scanners
shop_scanner bench usb:0c2e:0b6a:S1
scanner keys keyboard 0x0c2e 0x0b6a S1
keys=$NODE
cable keys dummy_udc.0
within 5 find_event
check "udev lets a group to a raw node, which is root's alone else" within 3 sh -c "ls -l /dev/hidraw0 | grep '^crw-rw----'"

devices() { staff scans --devices >/tmp/devices; grep "^usb:0c2e:0b6a:S1	Maker Scanner keyboard on port .*, as a keyboard" /tmp/devices || { cat /tmp/devices; false; }; }
check "it is shown as the configuration wants it" devices

# The control: without us everybody sees what it types.
usb-scanner spy $EVENT >/tmp/spy &
spy=$!
(cat /dev/tty1 >/tmp/console) &
console=$!
within 5 has_seen /tmp/spy listening
usb-scanner type $keys us K7F2A1
check "control: without a grab another program sees the keys of a scanner" within 5 has_seen /tmp/spy "key 28 0"
check "control: and so does the console" within 5 has_seen /tmp/console K7F2A1
spied=$(wc -l </tmp/spy)
shown=$(wc -l </tmp/console)

# Somebody else has it grabbed.
usb-scanner grab $EVENT >/tmp/grab &
grab=$!
within 5 has_seen /tmp/grab listening
shop_open
sell "Anna"
tag=$(usb-scanner tag "$HOUSE/data/atelier.db" "$CODE")
start=$(usb-scanner wall start)
done=$(usb-scanner wall done)
: >/tmp/scans
staff scans --follow >/tmp/scans &
follow=$!
check "a scanner that another program has grabbed: the doctor names the program" doctor_says "usb-scanner (pid $grab)"
kill $grab
wait $grab 2>/dev/null
check "let go, it is taken" within 10 is_taken 1

next
usb-scanner type $keys us "$tag"
check "a scanned tag opens the piece" within 10 told "opened	tag	$CODE/1	confirmed"
check "and nothing else happens" told "" 1
usb-scanner type $keys us "$start"
check "the second act advances it" within 10 told "advanced	action	$CODE/1	in_production"
next
usb-scanner type $keys us "^o" 4006381333931
usb-scanner type $keys fr "$tag"
check "a code that presses Ctrl, a product, and keys of France are refused" within 10 told "refused	foreign" 3
check "and each is told why" grep -q "Ctrl" /tmp/told
check "and what to set" grep -q "French (AZERTY)" /tmp/told

# The cable.
next
usb-scanner type $keys us "${tag%???????}" -
pull keys
check "pulled in mid-code: no code, and it is said" within 10 told "refused	foreign"
check "an unplugged scanner is told at the till" within 10 till_says "scanner .*unplugged\|scanner is not plugged in"
cable keys dummy_udc.2
within 5 find_event
check "in another socket it is found" within 10 is_taken 2
usb-scanner spy $EVENT >/tmp/spy2 & # the first one's node is gone
spy2=$!
within 5 has_seen /tmp/spy2 listening
next
usb-scanner type $keys us "$CODE/1" # another code, so that the tag is not the same one twice below
check "and read" within 10 told "opened	piece	$CODE/1	in_production"
pull keys

# The same scanner, set to HID-POS.
scanner pos hidpos 0x0c2e 0x0b6a S1
pos=$NODE
cable pos dummy_udc.1
check "set to HID-POS it is found as well" within 10 is_taken 3
usb-scanner hear $pos >/tmp/heard &
hear=$!
next
usb-scanner say $pos "$tag" "$tag" "$tag" "$done"
check "HID-POS: a tag opens the piece, and the second act advances it" within 10 told "advanced	action	$CODE/1	quality_check"
check "a tag that was read three times counts once" told "" 2
next
usb-scanner say $pos "HTTPS://EVIL.EXAMPLE/A/VERY/LONG/ADDRESS/THAT/COMES/IN/SEVERAL/REPORTS/OF/ITS/SCANNER/';DROP TABLE piece;--"
check "a foreign code in two parts is refused once" within 10 told "refused	foreign"
check "and the scanner beeps" within 5 has_seen /tmp/heard "04 20"

# What nobody else has seen of all this.
check "no word of what was refused is in the list or the log" refused grep -qE "EVIL|4006381333931|$tag" /tmp/scans "$HOUSE/agent.log"
check "no other program saw a key" sees_nothing /tmp/spy $spied
check "nor did one that came with it to the other socket" sees_nothing /tmp/spy2 1
check "nor did the console" sees_nothing /tmp/console $shown
kill $follow $hear $spy $spy2 $console 2>/dev/null
kill $SUPERVISOR
wait $SUPERVISOR
scanner_end keys
scanner_end pos
exit $RC

# The real agent prints over USB, and says what happened to each paper.
S=agent
. /bench/lib_shop.sh

evidence_of() { staff status "$1" | awk -F '\t' -v document="$2" '$1 == "paper" && $3 == document { print $7 }'; }
names() { evidence_of "$CODE" "$1" | grep -i -- "$2" || { evidence_of "$CODE" "$1"; false; }; }
doctor_says() { staff doctor >/tmp/doctor; grep "$1" /tmp/doctor || { cat /tmp/doctor; false; }; }
is_confirmed() {
    staff status "$CODE" | grep '^paper' >/tmp/papers
    [ "$(grep -c '	confirmed	' /tmp/papers)" = 2 ] || { cat /tmp/papers; false; }
}

shop_begin agent
shop_printer front tm-t20 TM1 usb:04b8:0e03:TM1 "claim gift"
shop_printer workshop tm-t88v TM2 usb:04b8:0202:TM2 tag
tell front plug dummy_udc.0
tell workshop plug dummy_udc.1
within 15 usb-printer await front enabled 1 0
within 15 usb-printer await workshop enabled 1 0

# Somebody else has it.
usb-hold TM1 >/tmp/held &
holder=$!
within 15 grep -q held /tmp/held
shop_open
sell "Anna"
check "a printer that another program has: the message says so" within 30 names claim "another program has"
check "and the doctor names the program" doctor_says "usb-hold"
check "and the paper waits" is_state "$CODE" claim queued
check "the other printer goes on meanwhile" within 30 is_state "$CODE" tag confirmed
kill $holder
check "when it is let go, the paper comes out by itself" within 40 is_confirmed

lane=$(lane_pid front)
sell "Zoe"
check "a ticket and a tag are printed, and confirmed by their printers" within 40 is_confirmed

# No paper before.
tell front paper-out 1
sell "Zoe"
check "without paper a ticket waits" within 15 is_state "$CODE" claim queued
check "and it is said why, with the cure" within 15 names claim "paper is out: "
check "the workshop's printer goes on" within 30 is_state "$CODE" tag confirmed
check "and the till shows it" within 15 till_says "paper is out"
tell front paper-out 0
check "with paper it comes out by itself" within 40 is_confirmed

# The roll ends in the middle: the printer keeps what it has, and the lane waits for the new roll.
tell front paper-left 700
sell "Zoe"
check "a roll that ends in mid-ticket is said at the till" within 15 till_says "paper is out"
check "and the ticket is neither done nor lost" is_state "$CODE" claim sending
tell front paper-out 0
check "after the new roll it goes on and is confirmed" within 40 is_confirmed
sell "Zoe"
check "so is the next ticket" within 40 is_confirmed

# The lane asks less and less often: what a person waits for who puts the roll in late.
if [ "${BENCH_LONG:-0}" = 1 ]; then
    tell front paper-out 1
    sell "Zoe"
    late=$(($(uptime_s) + 15))
    while [ "$(uptime_s)" -lt $late ]; do usleep 200000; done
    tell front paper-out 0
    since=$(uptime_s)
    check "a roll that comes late is found by itself" within 90 is_confirmed
    echo "INFO agent: the ticket came $(($(uptime_s) - since)) s after the roll, which was out for 15 s"
fi

# The cover.
tell front cover-open 1
sell "Zoe"
check "an open cover is said in words" within 15 names claim "cover"
tell front cover-open 0
check "closed, it prints" within 40 is_confirmed

# It answers nothing.
tell front silent 1
sell "Zoe"
check "a printer that does not answer is given nothing" within 30 is_state "$CODE" claim queued
check "and that is said" within 15 names claim "no answer"
tell front silent 0
check "when it answers again, it prints" within 40 is_confirmed

# It takes no more: full, or its firmware stands.
tell front held 1
sell "Zoe"
within 30 refused is_state "$CODE" claim sending
tell front held 0
check "a printer that stands for a while does not lose or double a ticket" within 30 have_ended "$CODE"

# Halted endpoints, of a cheap one that knows no requests of its class.
tell front stalls-requests 1
tell front halt in
sell "Zoe"
check "a halted way back is cleared, also where requests are refused" within 30 is_confirmed
tell front halt out
sell "Zoe"
check "so is a halted way there" within 30 is_confirmed

# The cable, in mid-ticket and into another port.
tell front unplug-in 5000
sell "Zoe"
check "the cable pulled in mid-ticket: nobody knows" within 40 is_state "$CODE" claim unknown
check "the tag beside it is confirmed" within 30 is_state "$CODE" tag confirmed
tell front tear-off now
tell front plug dummy_udc.3
sell "Zoe"
check "in another port the next ticket is confirmed" within 30 is_confirmed

# Its power, in mid-ticket.
tell front bytes-a-ms 4 unplug-in 8000
sell "Zoe"
check "the power gone in mid-ticket: nobody knows" within 40 is_state "$CODE" claim unknown
tell front power-cycle now
tell front bytes-a-ms 0 plug dummy_udc.0
sell "Zoe"
check "with power the next ticket is confirmed" within 30 is_confirmed
check "all this by one and the same process" is_lane front "$lane"

# A lane that has nothing to do sleeps, and its printer wakes it.
ticks() { cut -d ' ' -f 14,15 "/proc/$lane/stat" | { read -r user system; echo $((user + system)); }; }
since=$(uptime_s)
tell front unplug now
check "a cable pulled while nothing prints is told at the till" within 15 till_says "cable"
echo "INFO agent: it was told after $(($(uptime_s) - since)) s"
tell front plug dummy_udc.3
since=$(uptime_s)
check "plugged in elsewhere, the till shows no trouble any more" within 15 till_says_not "cable"
echo "INFO agent: it was found after $(($(uptime_s) - since)) s"
before=$(ticks)
usleep 2000000
used=$(($(ticks) - before))
sleeps() { is_lane front "$lane" && [ $used -lt 70 ]; }
check "and a lane that keeps its printer open sleeps ($used of 200 ticks)" sleeps
shop_close front workshop
exit $RC

# unplug_many COUNT: so many sales, in each of which the ticket printer's cable is pulled at a byte
# or a moment that the dice choose, and put into the next port. Used by the suites unplug and control.
unplug_many() {
    number=0
    port=0
    stuck=0
    pulled=0
    while [ $number -lt "$1" ]; do
        number=$((number + 1))
        dice 3
        case $DICE in
        0) dice 300; tell front bytes-a-ms 0 unplug-in-ms $DICE ;;  # as fast as it takes them
        1) dice 600; tell front bytes-a-ms 40 unplug-in-ms $DICE ;; # with a mechanism
        *) dice 12300; tell front bytes-a-ms 0 unplug-in $DICE ;;
        esac
        sell "cable"
        within 12 have_ended_or_pulled "$CODE"
        usb-printer await front pulled 1 1000 2>/dev/null || tell front unplug now
        pulled=$((pulled + 1))
        within 2 usb-printer await front buffered 0 0
        tell front tear-off now
        tell front unplug-in -1 bytes-a-ms 0
        port=$(((port + 2) % 3))
        tell front plug dummy_udc.$port
        within 30 have_ended "$CODE" || stuck=$((stuck + 1))
    done
}
have_ended_or_pulled() { [ "$(ask front pulled)" = 1 ] || have_ended "$1"; }

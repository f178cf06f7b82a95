# Scanners: the kernel's own HID function, and a hand that presses its keys or says its reports.
READERS=/sys/kernel/config/usb_gadget

# scanner NAME keyboard|hidpos VID PID SERIAL: plugged in nowhere yet. Its node is in NODE.
scanner() {
    g=$READERS/$1
    mkdir $g $g/strings/0x409 $g/configs/c.1 $g/functions/hid.0
    echo $3 >$g/idVendor
    echo $4 >$g/idProduct
    echo Maker >$g/strings/0x409/manufacturer
    echo "Scanner $2" >$g/strings/0x409/product
    echo $5 >$g/strings/0x409/serialnumber
    if [ $2 = keyboard ]; then
        echo 1 >$g/functions/hid.0/protocol
        echo 1 >$g/functions/hid.0/subclass
        echo 8 >$g/functions/hid.0/report_length
    else
        echo 64 >$g/functions/hid.0/report_length
    fi
    usb-scanner describe $2 >$g/functions/hid.0/report_desc
    ln -s $g/functions/hid.0 $g/configs/c.1/
    NODE=/dev/hidg$(cut -d : -f 2 $g/functions/hid.0/dev)
}
cable() { echo "$2" >$READERS/$1/UDC; }
pull() { echo >$READERS/$1/UDC; }
scanner_end() {
    g=$READERS/$1
    echo >$g/UDC 2>/dev/null
    rm $g/configs/c.1/hid.0
    rmdir $g/configs/c.1 $g/functions/hid.0 $g/strings/0x409 $g
}
# The node of the keyboard, as soon as there is one.
find_event() { EVENT=$(ls /sys/class/input | grep '^event' | while read -r e; do grep -q "Scanner keyboard" /sys/class/input/$e/device/name && echo /dev/input/$e; done) && [ -c "$EVENT" ]; }

# shop_scanner NAME LINK
shop_scanner() {
    SCANNERS=$((SCANNERS + 1))
    printf '[scanner %s]\nlink = %s\n' "$1" "$2" >>"$HOUSE/atelier.ini"
}

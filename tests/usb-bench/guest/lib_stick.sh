# Sticks: what a machine has in its port, made by the kernel's own mass storage function.
STICKS=/sys/kernel/config/usb_gadget

# blank IMAGE SIZE-KB [OLDER]: an empty stick, or with one older design on it.
blank() {
    dd if=/dev/zero of="$1" bs=1k count="$2" 2>/dev/null
    mkfs.vfat -n ATELIER "$1" >/dev/null
    [ -z "$3" ] || { mount -o loop "$1" /mnt && cp "$3" /mnt/OLDER.PES && umount /mnt; }
}
# stick NAME IMAGE SERIAL [ro]: plugged in nowhere yet.
stick() {
    g=$STICKS/$1
    mkdir $g $g/strings/0x409 $g/configs/c.1 $g/functions/mass_storage.0
    echo 0x0781 >$g/idVendor
    echo 0x5567 >$g/idProduct
    echo SanDisk >$g/strings/0x409/manufacturer
    echo "Cruzer Blade" >$g/strings/0x409/product
    echo "$3" >$g/strings/0x409/serialnumber
    echo 1 >$g/functions/mass_storage.0/lun.0/removable
    [ -z "$4" ] || echo 1 >$g/functions/mass_storage.0/lun.0/ro
    echo "$2" >$g/functions/mass_storage.0/lun.0/file
    ln -s $g/functions/mass_storage.0 $g/configs/c.1/
}
plug() { echo "$2" >$STICKS/$1/UDC; }
is_seen() { ls /sys/block | grep -q '^sd' && [ "$(cat /sys/block/sd*/size | head -n 1)" -gt 0 ]; }
is_gone() { ! ls /sys/block | grep -q '^sd'; }
away() {
    g=$STICKS/$1
    echo >$g/UDC 2>/dev/null
    rm $g/configs/c.1/mass_storage.0
    rmdir $g/configs/c.1 $g/functions/mass_storage.0 $g/strings/0x409 $g
    within 5 is_gone
    umount /run/atelier/volume 2>/dev/null
}
# holds IMAGE NAME FILE: the machine's own view.
holds() {
    mount -o loop,ro "$1" /mnt || return 1
    cmp "$3" "/mnt/$2"
    same=$?
    umount /mnt
    return $same
}

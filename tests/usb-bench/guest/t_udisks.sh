# Designs are delivered by somebody who may not mount: the agent under systemd, through udisks2 and
# its permission (packaging/60-atelier-volumes.rules).
S=udisks
[ -n "$BENCH_ONLY" ] || [ "${BENCH_LONG:-0}" != 0 ] || exit 0
. /bench/lib_shop.sh
. /bench/lib_stick.sh
OUT=/out/udisks
MACHINE=/atelier/machines/brother-pe800.machine
RULES=/usr/share/polkit-1/rules.d/60-atelier-volumes.rules
[ -x /usr/libexec/udisks2/udisksd ] || {
    echo "SKIP udisks: udisks2 and polkitd are not installed: packaging/install-packages long"
    exit 0
}
PATH=$PATH:/usr/bin
mkdir -p $OUT /run/dbus /var/lib/udisks2 /run/udisks2 /etc/polkit-1/rules.d /var/lib/polkit-1 /media /var/lib/dbus
mount -t tmpfs media /media
ln -s /run /var/run
[ -s /etc/machine-id ] || echo 0123456789abcdef0123456789abcdef >/etc/machine-id
udevadm control --reload

serve_volumes() {
    /usr/bin/dbus-daemon --system --nofork --nopidfile >/tmp/dbus.log 2>&1 &
    within 10 [ -S /run/dbus/system_bus_socket ]
    /usr/lib/polkit-1/polkitd >/tmp/polkit.log 2>&1 &
    /usr/libexec/udisks2/udisksd >/tmp/udisks.log 2>&1 &
    within 30 udisksctl status
}
agent_may() { su atelier -s /bin/sh -c "PATH=$PATH; $*"; }
delivered() {
    agent_may deliver "$1" $MACHINE $OUT/flower "$2" appear=5000 >/tmp/said 2>&1
    CODE=$?
    cat /tmp/said
    return $CODE
}
says_no() { { [ "$CODE" = 1 ] || [ "$CODE" = 3 ]; } && grep -qi -- "$1" /tmp/said || { echo "$CODE: $(cat /tmp/said)"; false; }; }
new_stick() {
    blank /tmp/u.img 4096
    stick one /tmp/u.img U1 $1
    plug one dummy_udc.0
    within 5 is_seen
    within 10 udisksctl info -b /dev/sda >/dev/null
}

doctor_says() { agent_may atelier-agent doctor --config $HOUSE/atelier.ini >/tmp/doctor; grep "volumes: $1" /tmp/doctor || { cat /tmp/doctor; false; }; }
shop_begin udisks
shop_machine left brother-pr1055x volume:ATELIER
head -c 77000 /dev/urandom >$OUT/flower
chmod 644 $OUT/flower
mv $RULES /tmp/
said() { tail -n 15 /tmp/dbus.log /tmp/polkit.log /tmp/udisks.log; }
check "dbus, polkit and udisks2 run in the guest" serve_volumes
[ $RC = 0 ] || { said; exit 1; }
check "the doctor says which permission is missing" doctor_says "udisks2 lets only .*60-atelier-volumes.rules"
new_stick
delivered volume:ATELIER K7F2A1_1.PES >/dev/null
check "without the permission it is said which is missing" says_no "polkit"
away one
check "and nothing was written" refused holds /tmp/u.img K7F2A1_1.PES $OUT/flower

mv /tmp/${RULES##*/} $RULES
killall polkitd
/usr/lib/polkit-1/polkitd >>/tmp/polkit.log 2>&1 &
check "the doctor is content with the permission" doctor_says "sticks are mounted by udisks2"
new_stick
check "with it a design is delivered" within 15 delivered volume:ATELIER K7F2A1_1.PES
check "and the stick is let go" refused grep -q " /media/" /proc/mounts
away one
check "the machine reads it, byte for byte" holds /tmp/u.img K7F2A1_1.PES $OUT/flower
losetup /dev/loop7 /tmp/u.img
agent_may udisksctl mount -b /dev/loop7 --no-user-interaction >/tmp/fixed 2>&1
check "a disk that cannot be unplugged is not the agent's" grep NotAuthorized /tmp/fixed
losetup -d /dev/loop7
new_stick ro
delivered volume:ATELIER K7F2A1_1.PES >/dev/null
check "a write-protected stick is said in words" says_no "write-protected\|read-only\|switch"
away one
new_stick
usb-pull /tmp/u.img one 4 >/tmp/pull &
puller=$!
within 2 grep -q watching /tmp/pull
delivered volume:ATELIER K7F2A1_1.PES >/dev/null
check "pulled out in the middle is said in words" says_no "vanished\|gone\|pulled\|unplugged\|removed"
kill $puller 2>/dev/null
away one
new_stick
check "and the next stick is written" delivered volume:ATELIER K7F2A1_2.PES
away one
check "and read, byte for byte" holds /tmp/u.img K7F2A1_2.PES $OUT/flower
killall udisksd polkitd dbus-daemon
[ $RC = 0 ] || said
exit $RC

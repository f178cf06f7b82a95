# The cable is pulled at any moment: never a second paper that does not say so, never a stuck lane.
S=unplug
. /bench/lib_shop.sh
. /bench/unplug_many.sh

shop_begin unplug
shop_printer front tm-t20 TM1 usb:04b8:0e03:TM1 "claim gift"
shop_printer workshop tm-t88v TM2 usb:04b8:0202:TM2 tag
tell front plug dummy_udc.0
tell workshop plug dummy_udc.3
shop_open
sell cable
within 40 have_ended "$CODE"
lane=$(lane_pid front)
unplug_many "${BENCH_UNPLUGS:-6}"
echo "INFO unplug: $pulled unplugs with seed ${BENCH_SEED:-1}"
check "no lane is stuck after any of them" test $stuck = 0
sell cable
check "afterwards a ticket is printed and confirmed" within 30 is_state "$CODE" claim confirmed
check "by the process that was there at the beginning" is_lane front "$lane"
shop_close front workshop
exit $RC

# The positive control of t_unplug.sh: an agent whose lane takes an interruption for a reason to
# try again. The judge must find its second papers, or it finds nothing.
S=control
AGENT=agent-resend
. /bench/lib_shop.sh

shop_begin control
shop_printer front tm-t20 TM1 usb:04b8:0e03:TM1 "claim gift"
shop_printer workshop tm-t88v TM2 usb:04b8:0202:TM2 tag
tell front plug dummy_udc.0
tell workshop plug dummy_udc.3
shop_open
for port in 1 2; do
    tell front unplug-in 6000
    sell "again"
    usb-printer await front pulled 1 20000
    tell front tear-off now
    tell front plug dummy_udc.$port
    within 40 have_ended "$CODE"
done
shop_close front workshop
exit $RC
